"""What was worked out about words, remembered within bounds, as real news repeats words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

K = TypeVar("K")
T = TypeVar("T")

LONGEST_WORD: Final = 128
"""Code points: what is longer is no word of any language, meets nothing, and is not worth remembering."""


class Remembered(dict[K, T]):
    """Gives what *work* makes of a word (never None), and remembers it for the last *limit* words or more.

    When it is full, what was not asked for since it was last full is forgotten: it holds twice *limit* at
    most. Safe to share between threads: what is forgotten, or worked out twice, is the same.
    """

    def __init__(self, work: Callable[[K], T], limit: int) -> None:
        super().__init__()
        self._work = work
        self._limit = limit
        self._former: dict[K, T] = {}

    def __missing__(self, word: K) -> T:
        found = self._former.get(word)
        if found is None:
            found = self._work(word)
        if len(self) >= self._limit:
            self._former = dict(self)
            self.clear()
        self[word] = found
        return found
