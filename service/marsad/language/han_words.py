"""Whether one or two ideographs are a word where they stand: 中国 is none in 发展中国家, 京都 none in 東京都.

A word list with frequencies decides (jieba's, MIT, by the package rjieba): the best way to cut the ideographs
around them into words, with a cut at both their ends, is compared with the best way there is. The list is in
simplified Chinese; Japanese words of Han letters are mostly Chinese ones, so that it serves both.
"""

from __future__ import annotations

from functools import lru_cache
from math import log
from typing import Final

CONTEXT: Final = 4
"""Ideographs to either side that are looked at."""
_LONGEST: Final = 5
"""Ideographs of the longest word that is tried."""
_UNKNOWN: Final = 0.5
"""The frequency of an ideograph that is no word of the list."""
_ASSERTED: Final = 100
"""The least frequency of the term itself: who watches it says that it is a word."""
_CLEARLY: Final = 0.5
"""By how much (log-probability) the term must be the better reading where words cross both its ends."""
_TOTAL: Final = log(60_101_967)
"""Words counted for the list, in which its frequencies are given."""


@lru_cache(maxsize=1 << 15)
def stands_alone(around: str, start: int, end: int) -> bool:
    """Tell whether `around[start:end]`, one or two ideographs, is a word in *around*, all simplified.

    A longer word that holds two ideographs whole is no reason against them (中国 in 中国队), but is against
    one (美 in 美丽).
    """
    single = end == start + 1
    at_start = any(
        _frequency(around[first:last])
        for first in range(max(0, start - _LONGEST), start)
        for last in range(start + 1, end + single)
    )
    at_end = any(
        _frequency(around[first:last])
        for first in range(start + 1 - single, end)
        for last in range(end + 1, min(len(around), end + _LONGEST) + 1)
    )
    if not at_start and not at_end:
        return True
    needed = _CLEARLY if at_start and at_end else 0.0
    return _best(around, start, end, with_term=True) >= _best(around, start, end, with_term=False) + needed


def _best(around: str, start: int, end: int, *, with_term: bool) -> float:
    """Return the log-probability of the best cut with the term as a word, or of the best without."""
    size = len(around)
    best = [0.0] + [-1e9] * size
    for first in range(size):
        for last in range(first + 1, min(size, first + _LONGEST) + 1):
            if with_term:
                refused = first < start < last or first < end < last
            else:
                refused = first <= start and end <= last and (end > start + 1 or last == first + 1)
            if refused:
                continue
            frequency = _frequency(around[first:last])
            if (first, last) == (start, end):
                frequency = max(frequency, _ASSERTED)
            elif not frequency:
                if last > first + 1:
                    continue
                frequency = _UNKNOWN
            best[last] = max(best[last], best[first] + log(frequency) - _TOTAL)
    return best[size]


@lru_cache(maxsize=1 << 16)
def _frequency(word: str) -> float:
    """Return how often *word* was counted; 0 where it is no word of the list."""
    # Imported when first needed: the list takes some 35 MB.
    import rjieba

    return rjieba.suggest_freq(word) if rjieba.has_word(word) else 0
