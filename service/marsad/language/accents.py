"""Accents where they count: in French, Spanish, Portuguese, Italian a missing one is a habit or another word.

Writers leave them out in capitals (ETATS-UNIS, PERU) and on an initial capital (Etats-Unis); elsewhere marche
is not marché.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from marsad.language.fold import fold


@lru_cache(maxsize=8192)
def letters(word: str) -> tuple[tuple[str, str], ...]:
    """Return the letters of *word*, folded, each with its accents."""
    found: list[tuple[str, str]] = []
    for character in unicodedata.normalize("NFD", fold(word).replace("œ", "oe").replace("æ", "ae")):
        if unicodedata.combining(character) and found:
            letter, marks = found[-1]
            found[-1] = (letter, marks + character)
        else:
            found.append((character, ""))
    return tuple(found)


def has_accents(word: str) -> bool:
    return any(marks for _, marks in letters(word))


def fits(wanted: str, token: str) -> bool:
    """Tell whether *token* may be *wanted* written with fewer accents, as its capitals allow.

    *wanted* may be the beginning of a word. Both are known to have the same letters.
    """
    capitals = len(token) > 1 and token.isupper()
    first = token[:1].isupper()
    for index, ((_, own), (_, its)) in enumerate(zip(letters(wanted), letters(token), strict=False)):
        if own != its and (its or not (capitals or (first and index == 0))):
            return False
    return True
