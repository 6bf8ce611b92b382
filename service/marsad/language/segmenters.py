"""Segmenters that may be installed beside Marsad: which words a text without spaces is made of.

Optional extras: Sudachi with its core dictionary for Japanese (`marsad[ja]`), the word list and the newmm
algorithm of PyThaiNLP for Thai (`marsad[th]`). Where one is installed a language asks it about short terms,
which stand inside other words by chance; where none is, or it does not load, the language's own rule decides.
"""

from __future__ import annotations

import logging
import os
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from operator import attrgetter
from threading import Lock
from typing import Final, NamedTuple, Protocol

log = logging.getLogger(__name__)

REACH: Final = 64
"""Characters to either side of a term in which the end of what is segmented is looked for."""
_MARGIN: Final = 16
"""Characters more where there is none, so that a word cut there is far from the term."""


class Word(NamedTuple):
    start: int
    end: int
    known: bool
    """False for what the segmenter only guesses: names that are new, foreign words."""


_START: Final = attrgetter("start")


class Segmenter(Protocol):
    """One segmenter with its dictionary. Safe to share between threads."""

    def words(self, text: str) -> Sequence[Word]:
        """Return the shortest words *text* is made of, in order, without gaps."""
        ...

    def knows(self, word: str) -> bool:
        """Tell whether the dictionary has *word* as one word."""
        ...


# ── what words say of a term: pure ──────────────────────────────────────────────────────────────────


def touched(words: Sequence[Word], start: int, end: int) -> tuple[int, int]:
    """Return which words, from one up to another, have characters of the term from *start* to *end*."""
    first = max(0, bisect_right(words, start, key=_START) - 1)
    return first, bisect_left(words, end, lo=first, key=_START)


def crossing(words: Iterable[Word], start: int, end: int) -> bool:
    """Tell whether a known one of *words* lies across an edge of the term from *start* to *end*.

    So does 東京 in 東[京都]; a word that holds the whole term does not.
    """
    return any(
        known and (first < start < last < end or start < first < end < last) for first, last, known in words
    )


def holding(words: Iterable[Word], start: int, end: int) -> bool:
    """Tell whether a known one of *words* is longer than the term from *start* to *end* and holds it."""
    return any(
        known and first <= start and end <= last and last - first > end - start
        for first, last, known in words
    )


class Piece:
    """What is segmented for a term: the run of characters of words around it, as far as it is looked at."""

    def __init__(self, characters: str) -> None:
        """*characters* are those of words, as the body of a regex class."""
        self._run = re.compile(f"[{characters}]*+")
        self._up_to_run = re.compile(f"(?s:.*)[^{characters}]")

    def around(self, text: str, start: int, end: int) -> tuple[int, int]:
        """Return where the piece for the term from *start* to *end* of *text* begins and ends.

        Of a long run it is a part, the same for all terms in the neighbourhood, so that what is segmented is
        bounded by the length of the text.
        """
        first = self._begin(text, max(0, start - REACH), start)
        if first == start - REACH > 0:
            first = self._begin(text, max(0, start // REACH * REACH - _MARGIN), start)
        last = self._end(text, end, end + REACH)
        if last == end + REACH < len(text):
            last = self._end(text, end, (end // REACH + 1) * REACH + _MARGIN)
        return first, last

    def _begin(self, text: str, least: int, start: int) -> int:
        found = self._up_to_run.match(text, least, start)
        return found.end() if found is not None else least

    def _end(self, text: str, end: int, most: int) -> int:
        found = self._run.match(text, end, most)
        return found.end() if found is not None else end


# ── the packages ────────────────────────────────────────────────────────────────────────────────────


class Sudachi:
    """Japanese: Sudachi's shortest units (mode A): 東京 都, 国会 議員."""

    def __init__(self) -> None:
        from sudachipy import Dictionary, SplitMode

        self._tokenizer = Dictionary().tokenizer(mode=SplitMode.A)
        self._whole = SplitMode.C
        self._lock = Lock()  # a tokenizer is used by one thread at a time

    def words(self, text: str) -> Sequence[Word]:
        with self._lock:
            return [Word(it.begin(), it.end(), not it.is_oov()) for it in self._tokenizer.tokenize(text)]

    def knows(self, word: str) -> bool:
        with self._lock:
            found = self._tokenizer.tokenize(word, self._whole)
            return len(found) == 1 and not found[0].is_oov()


class NewMm:
    """Thai: the way with the fewest words of PyThaiNLP's list."""

    def __init__(self) -> None:
        # Without it the import makes a folder in the user's home, for downloads that nobody asks for.
        if "PYTHAINLP_READ_MODE" not in os.environ:
            os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")
        from pythainlp.corpus import thai_words
        from pythainlp.tokenize.newmm import segment

        self._segment = segment
        self._list = thai_words()
        self._segment("ไทย")  # reads the list now: what fails, fails here

    def words(self, text: str) -> Sequence[Word]:
        found, start = [], 0
        for word in self._segment(text):
            found.append(Word(start, start + len(word), word in self._list))
            start += len(word)
        return found

    def knows(self, word: str) -> bool:
        return word in self._list


_PACKAGES: Final[dict[str, tuple[type[Segmenter], tuple[str, ...]]]] = {
    "ja": (Sudachi, ("sudachipy", "sudachidict_core")),
    "th": (NewMm, ("pythainlp",)),
}


class Lazy:
    """A segmenter that loads when first asked, as only terms that are short need it; remembers answers.

    One that does not load says so once in the log, and then knows no word, as for names that are new: its
    language's own rule decides.
    """

    def __init__(self, load: Callable[[], Segmenter]) -> None:
        self._load = load
        self._loaded: Segmenter | None = None
        self._failed = False
        self._lock = Lock()
        self.words = lru_cache(maxsize=1 << 10)(self._words)
        self.knows = lru_cache(maxsize=1 << 12)(self._knows)

    def _words(self, text: str) -> tuple[Word, ...]:
        segmenter = self._segmenter()
        return tuple(segmenter.words(text)) if segmenter is not None else ()

    def _knows(self, word: str) -> bool:
        segmenter = self._segmenter()
        return segmenter is not None and segmenter.knows(word)

    def _segmenter(self) -> Segmenter | None:
        with self._lock:
            if self._loaded is None and not self._failed:
                try:
                    self._loaded = self._load()
                except Exception as error:  # whatever the package raises where it is broken or half installed
                    self._failed = True
                    log.warning(
                        "segmenter not usable", extra={"segmenter": self._load.__name__, "detail": str(error)}
                    )
            return self._loaded


def installed(language: str) -> Segmenter | None:
    """Return the segmenter of *language* that is installed, None where there is none. Loads nothing yet."""
    segmenter, packages = _PACKAGES[language]
    return Lazy(segmenter) if all(map(find_spec, packages)) else None
