"""Thai: where PyThaiNLP is installed, it tells whether a short term is a word where it stands (`segmenters`).

Thai makes words of words (สถานีรถไฟ, a railway station), which a term is found in; what it is not found in is
a word whose rest is none: หนัง in หนังสือ, ภาพ in สภาพ.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from marsad.language.base import BEGINS, Form, Text
from marsad.language.segmenters import (
    Piece,
    Segmenter,
    Word,
    crossing,
    holding,
    installed,
    touched,
)
from marsad.language.unspaced import Unspaced

_PIECE: Final = Piece("\u0e01-\u0e3a\u0e40-\u0e4e")
_SHORT: Final = 4
"""Tokens of the longest term that is asked about: two closed syllables."""
_LEAST: Final = 2
"""Characters of the shortest word: the list has letters alone."""


class Thai(Unspaced):
    """As any language without spaces, with a word list where one is installed."""

    def __init__(self, segmenter: Segmenter | None = None) -> None:
        super().__init__("th", "Thai")
        self._segmenter = segmenter
        if segmenter is not None:
            self.rules = f"{self.rules}+newmm"

    def is_word(self, form: Form, text: Text, folded: Sequence[str], first: int, last: int) -> bool:
        if self._segmenter is None or last - first >= _SHORT:
            return True
        start, end = text.tokens[first].start, text.tokens[last].end
        # A name the list does not know is found as without it: its words would be cut out of the name.
        if not self._segmenter.knows(text.original[start:end]):
            return True
        return _stands(self._segmenter, text.original, start, end, begins=BEGINS in form.marks)


def _stands(segmenter: Segmenter, text: str, start: int, end: int, *, begins: bool) -> bool:
    """Tell whether the term from *start* to *end* may be a word, or a part that words are made of, there.

    Where the segmenter cut otherwise, the words around are cut again with the term as one: if more is left
    that is no word, the term stood there by chance; so it did if words across its edges became more of them.
    Of a term that *begins* a word the end is free.
    """
    first, last = _PIECE.around(text, start, end)
    words = segmenter.words(text[first:last])
    start, end = start - first, end - first
    low, high = touched(words, start, end)
    if begins:
        return not (words[low].known and words[low].start < start)
    crossed = crossing(words[low:high], start, end)
    if not crossed and not holding(words[low:high], start, end):
        return True
    # One word more to either side, as its border may have been drawn wrong, too: จา|กราก for จาก|ราก.
    around = words[max(0, low - 1) : high + 1]
    before = text[first + around[0].start : first + start]
    after = text[first + end : first + around[-1].end]
    with_term = [*segmenter.words(before), *segmenter.words(after)]
    if _left_over(with_term) > _left_over(around):
        return False
    return not crossed or len(with_term) + 1 <= len(around)


def _left_over(words: Sequence[Word]) -> int:
    """Return the characters that are in no word."""
    sizes = ((word.end - word.start, word.known) for word in words)
    return sum(size for size, known in sizes if not known or size < _LEAST)


def thai() -> Thai:
    """Return Thai with the segmenter that is installed, if any."""
    return Thai(installed("th"))
