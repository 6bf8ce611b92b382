"""Steps of folding that languages share. Folding makes spellings that are one word equal; it is per token.

What a language adds (hamza, ё, dotless i) stands in its own module.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from marsad.language.tokens import APOSTROPHES, GERSHAYIM, HYPHENS, IGNORABLE

_DROPPED: Final = re.compile(f"[{IGNORABLE}.{re.escape(HYPHENS)}]+")
"""The dots of an acronym go too (U.S. = US); a hyphen is inside no token, but may be inside a typed word."""

ARABIC_MARKS: Final = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff"
_MARKS: Final = re.compile(f"[{ARABIC_MARKS}\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]+")
"""Arabic vowels and niqqud: written or left out, the word is one."""

_TATWEEL: Final = "\u0640"
"""The one ignorable that counts as a letter."""
_STRESS: Final = re.compile("(?<=[\u0400-\u052f])[\u0300\u0301]+")

_ONE_EACH: Final = str.maketrans(
    {character: "'" for character in APOSTROPHES if character != "'"}
    | {character: '"' for character in GERSHAYIM if character != '"'}
)

_LATIN_LETTERS: Final = str.maketrans(
    dict(
        zip("łøđıþðħŧŋəɓɗƙ", ("l", "o", "d", "i", "th", "d", "h", "t", "n", "e", "b", "d", "k"), strict=True)
    )
    | {"æ": "ae", "œ": "oe", "ʻ": "'", "ʼ": "'", "ʾ": "'", "ʿ": "'"}
)
"""Letters that no decomposition takes apart."""


def fold(word: str) -> str:
    """Return the normal form of *word* that holds in every language: idempotent.

    In this order: ignorables and dots dropped, NFKC, vowel marks dropped, casefold, one apostrophe, one
    geresh, one gershayim, decimal digits in ASCII.
    """
    if word.isascii():
        return word.lower().replace(".", "").replace("-", "").replace("`", "'")
    if word.isalpha() and _TATWEEL not in word and unicodedata.is_normalized("NFKC", word):
        # Most words: letters alone, in a fifth of the time.
        folded = word.casefold()
        if folded.isalpha() and unicodedata.is_normalized("NFKC", folded):
            return folded
    folded = _once(word)
    # Dropping and casefolding may bring together what NFKC composes: rare, and settled in one more round.
    while (again := _once(folded)) != folded:
        folded = again
    return folded


def _once(word: str) -> str:
    word = unicodedata.normalize("NFKC", _DROPPED.sub("", word))
    word = _STRESS.sub("", _MARKS.sub("", _DROPPED.sub("", word)))
    word = unicodedata.normalize("NFKC", word.casefold()).translate(_ONE_EACH)
    return "".join(map(_ascii_digit, word)) if any(map(str.isdecimal, word)) else word


def _ascii_digit(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def without_accents(word: str) -> str:
    """Return *word*, folded, with every Latin, Greek or Cyrillic letter bare of its accents: ğ = g, ł = l."""
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFD", word)
    bare = "".join(character for character in apart if not unicodedata.combining(character))
    return unicodedata.normalize("NFC", bare).translate(_LATIN_LETTERS)
