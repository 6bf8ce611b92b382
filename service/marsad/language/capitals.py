"""Whether a text is all in capitals, or has none: each is asked of a text for the first term that cares.

To ask every character took 20 to 50 µs of 600 in a script without capitals, as much as to find all else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

_LEAST_CAPITALS: Final = 8
"""A text with fewer does not tell."""
_SMALL_OF: Final = 20
"""One small letter among so many, at most, stands in a text that is all in capitals."""


def are_all_capitals(original: str, words: Sequence[str]) -> bool:
    """Tell whether *original*, whose words are *words*, is a headline in capitals."""
    if not _may_have_capitals(original):
        return False
    small = 0
    # Most texts have small letters enough in the first words that are all small.
    for word in words:
        if word.islower() and word.isalpha():
            small += len(word)
            if small * _SMALL_OF > len(original):
                return False
    capitals = sum(map(str.isupper, original))
    return capitals >= _LEAST_CAPITALS and sum(map(str.islower, original)) * _SMALL_OF <= capitals


def has_capitals(original: str) -> bool:
    return _may_have_capitals(original) and any(map(str.isupper, original))


def _may_have_capitals(original: str) -> bool:
    return _capital().search(original) is not None


@cache
def _capital() -> re.Pattern[str]:
    """Match every capital, and what lies beyond U+FFFF, which a class of `re` has no table for."""
    codes = "".join(re.escape(chr(code)) for code in range(0x41, 0x10000) if chr(code).isupper())
    return re.compile(f"[{codes}\U00010000-\U0001ffff]")
