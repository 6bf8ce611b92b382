"""Words that speak of the same thing as a term: adjectives and nationals of a country, titles of either sex.

They are no forms of the term, and are looked for only where a query says `related:`. Common Russian and
English nouns have no list of their derivations here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from marsad.language.arabic_fold import skeleton
from marsad.language.countries import Country, countries
from marsad.language.names import fold_name
from marsad.language.registry import primary
from marsad.language.wordlists import sections

_ARTICLE: Final = "ال"


def related(language: str, term: str) -> tuple[str, ...]:
    """Return words of *language*, as they are listed, that are related to *term*; without itself."""
    language = primary(language)
    folded = fold_name(language, term)
    found = [
        *_of_countries(language, folded),
        *_titles(language).get(folded, ()),
        *(_relation(term) if language == "ar" else ()),
    ]
    return tuple(dict.fromkeys(word for word in found if fold_name(language, word) != folded))


def _of_countries(language: str, folded: str) -> Iterator[str]:
    for country in _countries_called(language).get(folded, ()):
        for words in (country.names, country.adjectives, country.nationals):
            # российско- is no word, but the beginning of one.
            yield from (word for word in words.get(language, ()) if not word.endswith("-"))


@cache
def _countries_called(language: str) -> dict[str, list[Country]]:
    """Return the countries by their names, adjectives and nationals, folded."""
    found: dict[str, list[Country]] = {}
    for country in countries().values():
        own = {
            fold_name(language, word)
            for words in (country.names, country.adjectives, country.nationals)
            for word in words.get(language, ())
        }
        for word in own:
            found.setdefault(word, []).append(country)
    return found


@cache
def _titles(language: str) -> dict[str, tuple[str, ...]]:
    groups = [tuple(group.split("/")) for group in sections("titles.txt").get(language, ())]
    return {fold_name(language, word): group for group in groups for word in group}


def _relation(term: str) -> Iterator[str]:
    """Yield the adjective of relation of one Arabic noun: قاهرة, قاهري."""
    noun = skeleton(term)
    if " " in noun or len(noun) < 3:
        return
    noun = noun.removeprefix(_ARTICLE) if len(noun) > 4 else noun
    if noun.endswith("ي") or noun.endswith("ية"):
        return
    for ending in ("يا", "ا", "ة", "ى"):
        if noun.endswith(ending) and len(noun) > len(ending) + 1:
            noun = noun.removesuffix(ending)
            break
    yield f"{noun}ي"
