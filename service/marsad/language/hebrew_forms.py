"""The paradigm of a Hebrew noun or adjective, from its last letters and a short list of irregular plurals.

What is joined before a word is taken off the token (`hebrew_clitics`); here are the endings. All is folded:
final letters are plain ones, and doubled ו and י single ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from marsad.language.fold import fold
from marsad.language.wordlists import sections

_FILE: Final = "he_words.txt"
_FINAL: Final = str.maketrans("םןץףך", "מנצפכ")

_OF_ONE: Final = ("י", "כ", "ו", "ה", "נו", "כמ", "כנ", "מ", "נ")
"""Pronouns on a singular: ממשלתו."""
_OF_MANY: Final = ("", "ו", "ה", "כ", "נו", "כמ", "כנ", "המ", "הנ")
"""… and on a plural, after its י: חבריו. The first is the construct."""


class Ending(NamedTuple):
    """One form, with what it is."""

    key: str
    reason: str = ""
    bare: bool = False
    """No article stands before it: a word in the construct or with a pronoun has none."""


@cache
def irregular_plurals() -> dict[str, tuple[str, ...]]:
    found = {}
    for entry in sections(_FILE)["irregular plurals"]:
        singular, *plurals = entry.split("=")
        found[fold_hebrew(singular)] = tuple(map(fold_hebrew, plurals))
    return found


@cache
def _singulars() -> dict[str, str]:
    return {plural: singular for singular, plurals in irregular_plurals().items() for plural in plurals}


@cache
def _spellings() -> dict[str, tuple[str, ...]]:
    groups = [tuple(map(fold_hebrew, entry.split("="))) for entry in sections(_FILE)["one word"]]
    return {word: group for group in groups for word in group}


def fold_hebrew(word: str) -> str:
    """Return the normal form of *word*: no niqqud, no final letters, ו and י once where they are doubled."""
    folded = fold(word).translate(_FINAL)
    while "וו" in folded or "יי" in folded:
        folded = folded.replace("וו", "ו").replace("יי", "י")
    return folded


def spellings_of(key: str) -> tuple[str, ...]:
    """Return *key* and its other spellings, if it is known to have any: תוכנית, תכנית."""
    return tuple(dict.fromkeys((key, *_spellings().get(key, ()))))


def paradigm(key: str) -> Iterator[Ending]:
    """Yield the forms of the noun *key*, itself first."""
    yield Ending(key)
    for spelled in spellings_of(key):
        if spelled != key:
            yield Ending(spelled, f"{spelled}: another spelling of {key}")
        for ending in _forms(spelled):
            yield ending._replace(key=fold_hebrew(ending.key))


def _forms(key: str) -> Iterator[Ending]:
    plurals = irregular_plurals().get(key, ())
    for plural in plurals:
        yield Ending(plural, f"plural of {key}")
        yield from _with_pronouns(key, plural)
    singular = _singulars().get(key)
    if singular is not None:
        yield Ending(singular, f"singular of {key}")
        yield from _forms(singular)
    if len(key) < 3 or (len(key) == 3 and key[-1] == "ו"):
        return
    if '"' in key:
        yield from _acronym(key)
        return
    yield from _regular(key)
    stem = _stem_of_plural(key)
    if stem is not None and singular is None:
        told = f"singular of {key}"
        yield from (Ending(single, told) for single in stem)
        yield from (ending for single in stem[:1] for ending in _regular(single))


def _stem_of_plural(key: str) -> tuple[str, ...] | None:
    """Return what a term typed in the plural may be the plural of."""
    stem = key[:-2]
    if len(stem) < 3:
        return None
    if key.endswith("ימ"):
        return (stem, stem + "ה")
    if key.endswith("יות") or not key.endswith("ות"):
        return None
    return (stem + "ה", stem + "ת") if len(stem) > 3 else None


def _regular(key: str) -> Iterator[Ending]:
    stem, last = key[:-1], key[-1]
    plural = f"plural of {key}"
    if last == "ה":
        yield Ending(stem + "ת", f"construct of {key}", bare=True)
        yield from _pronouns(key, stem + "ת")
        for ending in ("ות", "אות"):
            yield Ending(stem + ending, plural)
            yield from _with_pronouns(key, stem + ending)
        return
    yield from _pronouns(key, key)
    if last == "ת":
        if key.endswith("ית"):
            plurals: tuple[str, ...] = (key[:-2] + "יות",)
        elif key.endswith("ות"):
            plurals = (key[:-2] + "ויות",)
        else:
            plurals = (stem + "ות", key + "ות", key + "ימ")
    else:
        plurals = (key + "ימ", key + "ות")
        feminine = f"feminine of {key}"
        if last == "נ":
            # שחקן: שחקנית, שחקניות
            yield Ending(key + "ית", feminine)
            yield Ending(key + "יות", feminine)
        yield Ending(key + "ת", feminine)
        if last != "י" and len(key) > 3:
            yield Ending(key + "ה", feminine)
    for form in plurals:
        yield Ending(form, plural)
        yield from _with_pronouns(key, form)


def _acronym(key: str) -> Iterator[Ending]:
    # מנכ"ל: מנכ"לים, מנכ"לית. Its last letter is not written as a final one.
    for ending in ("ימ", "ות", "ית", "י"):
        yield Ending(key + ending, f"a form of {key}", bare=ending == "י")


def _pronouns(key: str, stem: str) -> Iterator[Ending]:
    told = f"{key} with a pronoun"
    for pronoun in _OF_ONE:
        # חובה is a duty, and no debt of hers.
        if pronoun != "ה" or len(stem) > 3:
            yield Ending(stem + pronoun, told, bare=True)


def _with_pronouns(key: str, plural: str) -> Iterator[Ending]:
    """Yield the construct of *plural*, and what pronouns make of it: ספרי, ספריו; תורות, תורותיו."""
    if plural.endswith("ימ"):
        stem = plural[:-2]
    elif plural.endswith("ות"):
        stem = plural
    else:
        return
    for pronoun in _OF_MANY:
        if pronoun or stem is not plural:
            told = f"plural of {key}, with a pronoun" if pronoun else f"plural of {key}, construct"
            yield Ending(f"{stem}י{pronoun}", told, bare=True)
    if stem is plural:
        yield Ending(stem + "מ", f"plural of {key}, with a pronoun", bare=True)
