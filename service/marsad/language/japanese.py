"""Japanese: old characters are the new ones, and words have several spellings in kanji and kana."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from marsad.language import han
from marsad.language.base import Form, Text
from marsad.language.scripts import HAN, HIRAGANA
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
_LONG: Final = 4
"""Characters from which on the last ー of a word in katakana may be left out: サーバー, サーバ."""


class Japanese(Unspaced):
    """As any language without spaces, with the ways in which one Japanese word is written."""

    def __init__(self) -> None:
        super().__init__("ja", "Hans")

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
        if len(term) < 3 and all(map(_HIRAGANA.match, term)):
            yield f'"{term}" is short and in hiragana: it is found inside other words, too'

    def stands(self, form: Form, text: Text, folded: Sequence[str], first: int, last: int) -> bool:
        if first == last and _HAN.match(folded[first]):
            end = text.tokens[last].end
            if _HIRAGANA.match(text.original, end) and not _AFTER_A_NOUN.match(text.original, end):
                return False
        return super().stands(form, text, folded, first, last)


@cache
def _alike() -> dict[str, tuple[str, ...]]:
    """Return the other ways to write a word, by each."""
    found: dict[str, tuple[str, ...]] = {}
    for line in sections("ja_spellings.txt")["spellings"]:
        ways = line.split("=")
        for way in ways:
            found[way] = (*found.get(way, ()), *(other for other in ways if other != way))
    return found
