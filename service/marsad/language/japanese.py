"""Japanese: old characters are the new ones, and words have several spellings in kanji and kana.

Where Sudachi is installed, it tells whether a short term is a word where it stands (`segmenters`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from marsad.language import han
from marsad.language.base import BEGINS, Form, Text
from marsad.language.scripts import HAN, HIRAGANA, IDEOGRAPHS, KATAKANA
from marsad.language.segmenters import Piece, Segmenter, crossing, holding, installed, touched
from marsad.language.unspaced import Unspaced
from marsad.language.wordlists import sections

_V: Final = re.compile("ヴ([ァィェォュ]?)")
_AS_B: Final = {"ァ": "バ", "ィ": "ビ", "ェ": "ベ", "ォ": "ボ", "ュ": "ビュ", "": "ブ"}
"""The sound v is written as it is or as b: ヴィクトリア, ビクトリア."""
_KA: Final = re.compile(f"(?<=[{HAN}])[ヶケがヵカ](?=[{HAN}])")
"""霞が関, 霞ヶ関, 霞ケ関."""
_ENDINGS: Final = "いえきぎけげしせちてにねびべみめりれわ"
_VERBAL: Final = re.compile(f"([{HAN}])([{_ENDINGS}]{{0,2}})([{HAN}])([{_ENDINGS}]{{1,2}})")
"""A noun made of two verbs, whose endings may be left out: 取り組み, 取組み, 取組."""
_AFTER_A_NOUN: Final = re.compile("[がのをにへとでもはや]|から|より|まで|など|だけ|のみ")
"""Particles; any other hiragana after one ideograph makes a verb or an adjective of it: 食べる, 高い."""
_HAN: Final = re.compile(f"[{HAN}]")
_HIRAGANA: Final = re.compile(f"[{HIRAGANA}]")
_SHORT: Final = re.compile(f"[{HAN}]{{1,2}}|[{HIRAGANA}]{{1,4}}")
"""Terms that stand inside other words by chance."""
_PIECE: Final = Piece(IDEOGRAPHS + KATAKANA)
_LONG: Final = 4
"""Characters from which on the last ー of a word in katakana may be left out: サーバー, サーバ."""


class Japanese(Unspaced):
    """As any language without spaces, with the ways in which one Japanese word is written."""

    def __init__(self, segmenter: Segmenter | None = None) -> None:
        super().__init__("ja", "Hans")
        self._segmenter = segmenter
        if segmenter is not None:
            self.rules = f"{self.rules}+sudachi"

    def shapes(self) -> Mapping[int, str]:
        return han.shinjitai()

    def simplified(self) -> Mapping[int, str]:
        return han.simplified_from_japanese()

    def fold(self, word: str) -> str:
        folded = super().fold(word)
        if "ヴ" in folded:
            folded = _V.sub(lambda found: _AS_B[found[1]], folded)
        while folded.endswith("ー") and len(folded) >= _LONG:
            folded = folded[:-1]
        return folded

    def written(self, term: str) -> Iterator[tuple[str, str]]:
        told = f"{term} written otherwise"
        around = _KA.split(term)
        if len(around) > 1:
            yield from ((between.join(around), told) for between in "ヶケが")
        yield from ((other, told) for other in _alike().get(term, ()))
        if noun := _VERBAL.fullmatch(term):
            first, ending, second, last = noun.groups()
            for shorter in (first + second + last, first + ending + second, first + second):
                if shorter != term:
                    yield shorter, told

    def hints(self, term: str) -> Iterator[str]:
        yield from super().hints(term)
        if self._segmenter is None and len(term) < 3 and all(map(_HIRAGANA.match, term)):
            yield f'"{term}" is short and in hiragana: it is found inside other words, too'

    def is_word(self, form: Form, text: Text, folded: Sequence[str], first: int, last: int) -> bool:
        start, end = text.tokens[first].start, text.tokens[last].end
        term = text.original[start:end]
        if self._segmenter is not None and _SHORT.fullmatch(term) and self._segmenter.knows(term):
            return _stands(self._segmenter, text.original, start, end, begins=BEGINS in form.marks)
        of_one = first == last and _HAN.match(folded[first])
        if of_one and _HIRAGANA.match(text.original, end) and not _AFTER_A_NOUN.match(text.original, end):
            return False
        return super().is_word(form, text, folded, first, last)


def _stands(segmenter: Segmenter, text: str, start: int, end: int, *, begins: bool) -> bool:
    """Tell whether the term from *start* to *end* is cut by no word, as 京都 is in 東京都.

    A longer word that holds two ideographs whole says nothing against them, but does against one, and against
    hiragana. Of a term that *begins* a word the end is free.
    """
    first, last = _PIECE.around(text, start, end)
    words = segmenter.words(text[first:last])
    start, end = start - first, end - first
    low, high = touched(words, start, end)
    if begins:
        return not (words[low].known and words[low].start < start)
    around = words[low:high]
    if crossing(around, start, end):
        return False
    of_two = end - start == 2 and _HAN.match(text, first + start) is not None
    return of_two or not holding(around, start, end)


def japanese() -> Japanese:
    """Return Japanese with the segmenter that is installed, if any."""
    return Japanese(installed("ja"))


@cache
def _alike() -> dict[str, tuple[str, ...]]:
    """Return the other ways to write a word, by each."""
    found: dict[str, tuple[str, ...]] = {}
    for line in sections("ja_spellings.txt")["spellings"]:
        ways = line.split("=")
        for way in ways:
            found[way] = (*found.get(way, ()), *(other for other in ways if other != way))
    return found
