"""Lines in which a country's words stand as news inflects them, by rules simpler than those under test."""

from __future__ import annotations

import re
from collections.abc import Iterator

from marsad.language.countries import Country

RUSSIAN_ADJECTIVE = ("ого", "ому", "им", "ом", "ая", "ой", "ую", "ое", "ие", "их", "ими")
RUSSIAN_NAMES = {
    "ия": ("ии", "ию", "ией"),
    "ея": ("еи", "ее", "ею", "еей"),
    "ика": ("ики", "ике", "ику", "икой"),
    "да": ("ды", "де", "ду", "дой"),
    "на": ("ны", "не", "ну", "ной"),
    "ан": ("ана", "ану", "аном", "ане"),
    "стан": ("стана", "стану", "станом", "стане"),
}
"""By the longest ending that fits; what none fits stands as typed alone."""


def lines(country: Country) -> Iterator[tuple[str, str, str]]:
    """Yield (language, word of the table, line) for every form that must be found."""
    for words, inflect in (
        (country.names, name_forms),
        (country.weak, name_forms),
        (country.adjectives, word_forms),
        (country.nationals, word_forms),
        (country.weak_adjectives, word_forms),
    ):
        for language, listed in words.items():
            for word in listed:
                for form in inflect(language, word):
                    if form not in country.not_names:
                        yield language, word, framed(language, form)


def framed(language: str, form: str) -> str:
    return {"ar": f"قيل {form} هنا", "ru": f"сказано: {form} здесь", "en": f"as said, {form} here"}[language]


def name_forms(language: str, name: str) -> Iterator[str]:
    yield name
    if language == "ar":
        yield from clitics(name)
    elif language == "en":
        yield f"{name}'s"
    elif name.isalpha() and not name.isupper():
        for ending in sorted(RUSSIAN_NAMES, key=len, reverse=True):
            if name.endswith(ending):
                yield from (name[: -len(ending)] + other for other in RUSSIAN_NAMES[ending])
                break


def clitics(name: str) -> Iterator[str]:
    if name.startswith("ال"):
        yield from (f"لل{name[2:]}", f"بال{name[2:]}", f"وال{name[2:]}", f"ولل{name[2:]}")
    else:
        yield from (f"{before}{name}" for before in ("ل", "ب", "و", "ول", "وب"))


def word_forms(language: str, word: str) -> Iterator[str]:
    if word.endswith("-"):
        yield f"{word}азиатский"
        yield f"{word[:1].upper()}{word[1:]}азиатский"
        return
    yield word
    if language == "ar":
        words = word.split()
        yield " ".join(f"ال{it}" for it in words)
        yield "لل" + " ال".join(words)
        if word.endswith("ي"):
            for before, ending in (("ال", "ة"), ("", "ين"), ("ال", "ون")):
                yield " ".join(before + it + (ending if it.endswith("ي") else "") for it in words)
    elif language == "ru":
        yield word.capitalize()
        if word.endswith("кий"):
            yield from (word[:-2] + ending for ending in RUSSIAN_ADJECTIVE)
        elif word.endswith("анин"):
            yield from (word[:-2] + ending for ending in ("ина", "ину", "ином", "е", "ам", "ами"))
        elif re.search("[иауея]ец$", word):
            yield from (f"{word[:-2]}йц{ending}" for ending in ("а", "у", "ем", "ы", "ев", "ам"))
        elif word.endswith("ец"):
            soft = "ь" if word.endswith("лец") else ""
            yield from (f"{word[:-2]}{soft}ц{ending}" for ending in ("а", "у", "ем", "ы", "ев", "ам"))
        elif word.endswith("ка"):
            yield from (word[:-1] + ending for ending in ("и", "е", "у", "ой", "ам", "ами"))
    elif language == "en":
        yield f"{word}'s"
        if word.endswith(("ian", "ean")):
            yield f"{word}s"
