"""What stands joined before a Hebrew word, and the words that only look as if something did.

ו, then כש לכש מש ש, then ב כ ל מ ה or מה, taken off the folded token. A split is not offered where what is
left so far is a common word of its own: מעלות is not מ + עלות, though ומעלות is ו + מעלות.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from marsad.language.base import Reading
from marsad.language.hebrew_forms import fold_hebrew, irregular_plurals
from marsad.language.wordlists import sections

_FILE: Final = "he_words.txt"
_AND: Final = ("ו",)
_THAT: Final = ("לכש", "כש", "מש", "ש")
_BEFORE: Final = ("מה", "ב", "כ", "ל", "מ", "ה")
ARTICLE: Final = "ה"
HIDES_ARTICLE: Final = frozenset("בכל")
"""The article is not written after these: בבית is in a house, and in the house."""
_JOIN: Final = " + "
_LEAST: Final = 2
"""Letters that must be left."""
_ENDINGS: Final = ("ימ", "ות", "יות", "ית", "י", "ת", "ה", "ו", "תו", "תה", "ינ", "יה", "יו", "מ")


def readings(word: str) -> tuple[Reading, ...]:
    """Return the ways to read a token: as it is, and without what may be joined before it."""
    key = fold_hebrew(word)
    found = {"": Reading(key)}
    for parts, rest in _splits(key, (_AND, _THAT, _BEFORE)):
        prefix = _JOIN.join(parts)
        found.setdefault(prefix, Reading(rest, prefix))
    return tuple(found.values())


def parts_of(reading: Reading) -> list[str]:
    """Return what was taken off, each with its own letters."""
    return reading.prefix.split(_JOIN) if reading.prefix else []


def _splits(
    key: str, groups: tuple[tuple[str, ...], ...], taken: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str]]:
    if len(key) <= _LEAST or is_own_word(key):
        return
    for index, group in enumerate(groups):
        for letters in group:
            rest = key[len(letters) :]
            if not key.startswith(letters) or len(rest) < _LEAST or not rest[0].isalpha():
                continue
            here = (*taken, letters)
            yield here, rest
            yield from _splits(rest, groups[index + 1 :], here)


def is_own_word(key: str) -> bool:
    """Tell whether *key* is a common word, or a form of one, that begins with a letter like a joined one."""
    own = _own_words()
    if key in own:
        return True
    if key[0] == ARTICLE:
        # The article stands before every second noun: הכנסת is rather ה + כנסת than a form of הכנסה.
        return False
    for ending in _ENDINGS:
        stem = key[: -len(ending)]
        if len(stem) > 2 and key.endswith(ending) and (stem in own or stem + "ה" in own):
            return True
    return False


@cache
def _own_words() -> frozenset[str]:
    listed = set(map(fold_hebrew, sections(_FILE)["words of their own"]))
    for singular, plurals in irregular_plurals().items():
        listed.update(word for word in (singular, *plurals) if word[0] in "וכשמהבל")
    return frozenset(listed)


def is_of_another(form: str, key: str) -> bool:
    """Tell whether *form* is a form of a common word that is not *key*.

    A feminine in -ה keeps its forms all the same: ממשלת is of ממשלה, though ממשל is a word.
    """
    if key.endswith("ה"):
        return False
    own = _own_words()
    return any(form.endswith(ending) and form[: -len(ending)] in own - {key} for ending in _ENDINGS)


@cache
def look_alikes() -> frozenset[str]:
    """Return words, folded, that look like a form of another and hardly ever are one."""
    return _own_words().union(map(fold_hebrew, sections(_FILE)["look like forms"]))
