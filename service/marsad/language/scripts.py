"""Scripts whose words are not told by spaces: their characters, as the bodies of regex classes.

A text in them is cut where no word is ever cut: at each ideograph and hiragana, around a run of katakana or
Hangul, at each syllable of Thai, Lao, Khmer and Burmese. What is cut there is a token; a word is several.
"""

from __future__ import annotations

import re
from typing import Final

IDEOGRAPHS: Final = (
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c"  # iteration marks, numerals of Suzhou
    "\u3041-\u3096\u309d-\u309f\u3105-\u312f\u31a0-\u31bf"  # hiragana, bopomofo
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
)
"""Han, hiragana and bopomofo: each a token."""
HAN: Final = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
HIRAGANA: Final = "\u3041-\u3096\u309d-\u309f"
KATAKANA: Final = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
"""A run is a token; half-width ones too."""
HANGUL: Final = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb\uffa0-\uffdc"
"""A run is a token; Korean has spaces, but no border with the letters and digits of others."""


def _letters(first: int, last: int) -> str:
    """Return the letters from *first* to *last*, as marks and digits are classes of their own."""
    return "".join(it for it in map(chr, range(first, last + 1)) if it.isalnum() and not it.isdecimal())


SYLLABLES: Final = (
    _letters(0x0E00, 0x0EFF)
    + _letters(0x1000, 0x109F)
    + _letters(0x1780, 0x17FF)
    + _letters(0xA9E0, 0xA9FF)
    + _letters(0xAA60, 0xAA7F)
)
"""Thai, Lao, Burmese, Khmer and what others write with Burmese letters."""

_THAI_BEFORE: Final = "\u0e40-\u0e44\u0ec0-\u0ec4"
"""Vowels written before the consonant they follow in speech."""
_THAI_AFTER: Final = "\u0e30\u0e32\u0e33\u0e45\u0eb0\u0eb2\u0eb3\u0ebd"
_THAI_CONSONANTS: Final = "\u0e01-\u0e2e\u0e81-\u0eae\u0edc-\u0edf"
_STACKED: Final = "\u1000-\u102a\u103f\u1780-\u17b3"


def syllable(marks: str) -> str:
    """Return the regex (verbose) for what follows the first letter of a syllable; *marks* is a class's body.

    With the marks go the vowels before and after a Thai or Lao consonant, a consonant that is silent (จันทร์)
    or that a Burmese virama kills (မြန်), and those that Burmese and Khmer write below another. The last
    consonant of a Thai syllable is a token of its own, as nothing tells it from the first of the next.
    """
    return rf"""
        (?: (?<= [{_THAI_BEFORE}] ) [{_THAI_BEFORE}]*+ [{_THAI_CONSONANTS}]?+ )?+
        (?: [{marks}{_THAI_AFTER}]
          | (?<= [\u1039\u17d2] ) [{_STACKED}]
          | [\u1000-\u1021] (?= \u1037?+ \u103a )
          | [\u0e01-\u0e2e] (?= [\u0e34\u0e38]?+ \u0e4c )
        )*+
    """


_PART_OF_A_WORD: Final = re.compile(f"[{IDEOGRAPHS}{SYLLABLES}]")
UNSPACED_CHARACTER: Final = re.compile(f"[{IDEOGRAPHS}{KATAKANA}{SYLLABLES}]")
"""A character of a script without spaces."""
_OPEN: Final = re.compile(f"[{IDEOGRAPHS}{KATAKANA}{SYLLABLES}{HANGUL}]")


def divides(before: str, after: str) -> bool:
    """Tell whether a word may end between two tokens that touch, by a character of each: 在 and iPhone.

    Not between letters and digits (F16), nor between a number and the Hangul that counts (90년대).
    """
    if _OPEN.match(after) is None:
        return _OPEN.match(before) is not None
    return not (before.isdecimal() and is_hangul(after))


def is_hangul(character: str) -> bool:
    """Tell whether *character* is a syllable or a letter of Hangul."""
    return "\uac00" <= character <= "\ud7a3" or "\u1100" <= character <= "\u11ff"


def is_part_of_a_word(word: str) -> bool:
    """Tell whether *word*, a token, is but a part of one: an ideograph, a syllable; no run of katakana."""
    # The comparisons spare most tokens the regex.
    return "\u3400" <= word < "\ua000" or (word >= "\u0e01" and _PART_OF_A_WORD.match(word) is not None)
