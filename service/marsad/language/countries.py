"""What newsrooms call the countries of the world: names, adjectives, nationals, capitals, seats of power.

Arabic, Russian and English stand in data/countries/*.toml, for people to read and to correct; the names in
other languages come from CLDR.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

from babel import Locale, UnknownLocaleError

from marsad.language.names import fold_name
from marsad.language.registry import primary

LANGUAGES: Final = ("ar", "ru", "en")
"""Of the tables."""

Words = Mapping[str, tuple[str, ...]]
"""By language."""


@dataclass(frozen=True, kw_only=True)
class Country:
    """One row of the tables. Everything but *code* is as an entity's keys of the same names."""

    code: str
    """ISO 3166, two capitals; XK is Kosovo."""
    id: str
    """Its short English name in small letters: `ivory-coast`."""
    name: str
    names: Words
    """Official, short and colloquial names, and abbreviations."""
    adjectives: Words = field(default_factory=dict)
    """A trailing hyphen marks the first part of compounds: американо-."""
    nationals: Words = field(default_factory=dict)
    """What the adjectives do not bring: a word for a person, a broken plural."""
    capital: Words = field(default_factory=dict)
    actors: Words = field(default_factory=dict)
    """Seats of power that stand for the government: the Kremlin."""
    weak: Words = field(default_factory=dict)
    """Names that are words, persons or other places too."""
    weak_adjectives: Words = field(default_factory=dict)
    """Adjectives and nationals of that kind."""
    not_names: tuple[str, ...] = ()
    with_query: str | None = None
    """What makes weak words count."""

    def words(self) -> Iterator[tuple[str, str, bool]]:
        """Yield (language, word, whether it is a name) for all that may stand for it."""
        for words in (self.names, self.weak, self.capital, self.actors):
            yield from ((language, word, True) for language in words for word in words[language])
        for words in (self.adjectives, self.nationals, self.weak_adjectives):
            yield from ((language, word, False) for language in words for word in words[language])


@cache
def countries() -> Mapping[str, Country]:
    """Return all countries of the tables, by code."""
    found: dict[str, Country] = {}
    folder = files("marsad.language") / "data" / "countries"
    for path in sorted(folder.iterdir(), key=lambda it: it.name):
        if path.name.endswith(".toml"):
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
            for code, table in tables.items():
                if code in found:
                    raise ValueError(f"{path.name}: {code} stands in another table too")
                found[code] = _country(code, table)
    return found


_KEYS: Final = ("names", "adjectives", "nationals", "capital", "actors", "weak", "weak_adjectives")


def _country(code: str, table: Mapping[str, Any]) -> Country:
    words = {
        key: {language: tuple(listed) for language, listed in table.get(key, {}).items()} for key in _KEYS
    }
    unknown = set(table) - {*_KEYS, "id", "name", "not", "with"}
    if unknown:
        raise ValueError(f"{code}: unknown key {sorted(unknown)[0]}")
    return Country(
        code=code,
        id=table["id"],
        name=table["name"],
        not_names=tuple(table.get("not", ())),
        with_query=table.get("with"),
        **words,
    )


def listed_country(code: str, languages: Iterable[str] = ()) -> Country:
    """Return the country of an ISO 3166 *code*, with names in *languages* from CLDR where ours are none.

    KeyError where CLDR does not know *code* either.
    """
    own = countries().get(code)
    names = dict(own.names) if own is not None else {}
    for language in map(primary, (*LANGUAGES, *languages)):
        if language not in names and (own is None or language not in LANGUAGES):
            names.update(_from_cldr(code, language))
    if own is None:
        name = names["en"][0]
        return Country(code=code, id=name.lower().replace(" ", "-"), name=name, names=names)
    return Country(**{**vars(own), "names": names})


def _from_cldr(code: str, language: str) -> dict[str, tuple[str, ...]]:
    try:
        name = Locale.parse(language).territories.get(code)
    except (UnknownLocaleError, ValueError):
        return {}
    return {language: (name,)} if name else {}


@dataclass(frozen=True, kw_only=True)
class Longer:
    """What other countries are called in which a country's own name is a part: Guinea-Bissau holds Guinea."""

    names: tuple[tuple[str, str], ...]
    """(language, name)."""
    adjectives: tuple[tuple[str, str], ...]


@cache
def longer_names(code: str) -> Longer:
    """Return the names and adjectives of other countries that hold one of this country's."""
    country = countries().get(code)
    if country is None:
        return Longer(names=(), adjectives=())
    own = {(language, _folded(language, word)) for language, word, _ in country.words()}
    names: dict[tuple[str, str], None] = {}
    adjectives: dict[tuple[str, str], None] = {}
    for language, words in own:
        for phrase, word, is_name, owner in _phrases().get((language, words[0]), ()) if words else ():
            if owner != code and (language, phrase) not in own and _holds(phrase, words):
                (names if is_name else adjectives)[language, word] = None
    return Longer(names=tuple(sorted(names)), adjectives=tuple(sorted(adjectives)))


def _folded(language: str, word: str) -> tuple[str, ...]:
    return tuple(fold_name(language, word).split())


@cache
def _phrases() -> Mapping[tuple[str, str], list[tuple[tuple[str, ...], str, bool, str]]]:
    """Return all names of several words by language and each of their words."""
    found: dict[tuple[str, str], list[tuple[tuple[str, ...], str, bool, str]]] = {}
    for country in countries().values():
        for language, word, is_name in country.words():
            if word.rstrip("-").isalpha():
                continue
            phrase = _folded(language, word)
            if len(phrase) > 1:
                for each in dict.fromkeys(phrase):
                    found.setdefault((language, each), []).append((phrase, word, is_name, country.code))
    return found


def _holds(phrase: tuple[str, ...], words: tuple[str, ...]) -> bool:
    size = len(words)
    return any(phrase[at : at + size] == words for at in range(len(phrase) - size + 1))
