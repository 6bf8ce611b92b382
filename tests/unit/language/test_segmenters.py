"""Segmenters beside Marsad: what their words say of a short term, with a small one of our own.

The packages themselves are optional: the last tests ask them where they are installed.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence

import pytest

from marsad.language import segmenters
from marsad.language.base import Kind
from marsad.language.japanese import Japanese
from marsad.language.registry import language_for
from marsad.language.segmenters import Lazy, Piece, Segmenter, Word, crossing, holding, touched
from marsad.language.thai import Thai
from marsad.language.tokens import tokenize
from marsad.language.unspaced import Unspaced
from marsad.matching.unspaced import UnspacedTerms


class Longest:
    """A segmenter: the longest word of a list that fits, from left to right; a character else."""

    def __init__(self, words: str, wholes: str = "") -> None:
        self._words = frozenset(words.split())
        self._wholes = frozenset(wholes.split())
        self.asked: list[str] = []

    def words(self, text: str) -> Sequence[Word]:
        self.asked.append(text)
        return tuple(self._cut(text))

    def _cut(self, text: str) -> Iterator[Word]:
        start = 0
        while start < len(text):
            sizes = range(min(12, len(text) - start), 0, -1)
            size = next((it for it in sizes if text[start : start + it] in self._words), 0)
            yield Word(start, start + max(size, 1), size > 0)
            start += max(size, 1)

    def knows(self, word: str) -> bool:
        return word in self._words or word in self._wholes


def hits(language: Unspaced, term: str, text: str, *, begins: bool = False) -> list[str]:
    terms = UnspacedTerms(language)
    forms = language.beginning(term) if begins else language.expand(term, Kind.KEYWORD)
    for (form,), *_ in forms.sequences:
        terms.add(0, form)
    read = tokenize(text)
    tokens = read.tokens
    # With one character before, so that two places are not taken for one.
    return [
        text[max(0, tokens[hit.first_token].start - 1) : tokens[hit.last_token].end]
        for hit in terms.hits(read)
    ]


JAPANESE = (
    "東京 京都 都 国会 議員 会議 の で が を に は 人 米 中 米国 食べ 食事 西光寺 西光 もちろん ろん"
    " ない か 大統領 首脳"
)


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("京都", "東京都の京都で", ["の京都"]),
        ("会議", "国会議員が会議を", ["が会議"]),
        ("国会", "の国会議員", ["の国会"]),
        ("西光", "西光寺", ["西光"]),  # whole in a longer name
        ("米", "は米大統領が米国の米中首脳", ["は米", "の米"]),
        ("食", "は食べの食事", []),
        ("ろん", "もちろん、ろんが", ["、ろん"]),
        ("いか", "ないかの", []),
    ],
)
def test_a_short_japanese_term_stands_where_no_word_cuts_it(term, text, expected):
    assert hits(Japanese(Longest(JAPANESE, "食 いか")), term, text) == expected


def test_a_japanese_name_that_is_new_to_the_segmenter_is_judged_as_without_one():
    words = Longest("氏 恩氏 正 は")
    assert hits(Japanese(words), "正恩", "は正恩氏") == hits(Japanese(), "正恩", "は正恩氏") == ["は正恩"]
    assert words.asked == []


def test_longer_terms_are_not_asked_about():
    words = Longest(JAPANESE + " 議員が")
    assert hits(Japanese(words), "国会議員", "の国会議員が") == ["の国会議員"]
    assert words.asked == []


def test_what_begins_a_word_may_end_anywhere():
    japanese = Japanese(Longest("国会議員 中国 の と", "国 国会"))
    assert hits(japanese, "国会", "の国会議員", begins=True) == ["の国会"]
    assert hits(japanese, "国", "の国会議員と中国", begins=True) == ["の国"]


THAI = (
    "ใน ไคโร โรม สถานี รถไฟ สถานีรถไฟ หนัง หนังสือ สภาพ ภาพ ดู จาก ราก กราก จา คำ นี้ มี ยาส มาริน มาตาก มา ตา ลม กลม"
)


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("หนัง", "ดูหนังในหนังสือ", ["ูหนัง"]),
        ("ภาพ", "ดูภาพในสภาพ", ["ูภาพ"]),
        ("รถไฟ", "ในสถานีรถไฟ", ["ีรถไฟ"]),  # a word of words
        ("ราก", "จากรากคำนี้", ["กราก"]),  # as many words either way
        ("ยาส", "ในยาสมาริน", ["นยาส"]),
        ("กลม", "ดูมาตากลม กลม", [" กลม"]),  # มา|ตา|กลม is one word more than มาตาก|ลม
        ("ปลา", "ในปลา", ["นปลา"]),  # unknown to the list
    ],
)
def test_a_short_thai_term_stands_where_the_rest_are_words(term, text, expected):
    assert hits(Thai(Longest(THAI)), term, text) == expected


def test_without_a_segmenter_everything_is_as_before():
    assert hits(Thai(), "หนัง", "ดูหนังในหนังสือ") == ["ูหนัง", "นหนัง"]
    assert hits(Thai(), "ตา", "เขาตามมา") == ["าตา"]
    assert Thai().rules == Unspaced("th", "Thai").rules
    assert Japanese().rules == Unspaced("ja", "Hans").rules
    assert "hiragana" in Japanese().expand("いか", Kind.KEYWORD).hints[0]


def test_a_segmenter_changes_the_version_of_the_rules_and_takes_the_hint_away():
    words = Longest(JAPANESE)
    assert Japanese(words).rules == f"{Japanese().rules}+sudachi"
    assert Thai(words).rules == f"{Thai().rules}+newmm"
    assert Japanese(words).expand("いか", Kind.KEYWORD).hints == ()


@pytest.mark.parametrize(
    ("start", "end", "crossed", "held"),
    [
        (0, 2, False, False),
        (1, 3, True, False),
        (2, 3, False, False),
        (3, 4, False, True),
        (5, 6, False, False),
    ],
)
def test_words_across_an_edge_and_words_around(start, end, crossed, held):
    words = [Word(0, 2, True), Word(2, 3, True), Word(3, 5, True), Word(5, 8, False)]
    low, high = touched(words, start, end)
    assert (low, high) == (
        next(i for i, it in enumerate(words) if it.end > start),
        next(len(words) - i for i, it in enumerate(reversed(words)) if it.start < end),
    )
    assert crossing(words[low:high], start, end) is crossing(words, start, end) is crossed
    assert holding(words[low:high], start, end) is holding(words, start, end) is held


def test_what_is_segmented_ends_at_what_is_no_word_and_is_bounded():
    piece = Piece("あ-ん")
    assert piece.around("。ああい、", 2, 3) == (1, 4)
    assert piece.around("ああ", 0, 2) == (0, 2)
    long = "あ" * 10_000
    pieces = {piece.around(long, at, at + 1) for at in range(len(long))}
    assert sum(end - start for start, end in pieces) < 5 * len(long)
    assert max(end - start for start, end in pieces) < 200
    for at in range(0, len(long), 7):
        first, last = piece.around(long, at, at + 1)
        assert first <= max(0, at - 16)
        assert last >= min(len(long), at + 17)


def test_a_text_without_end_is_segmented_once_a_neighbourhood():
    words = Longest("京都 東京 都")
    lazy = Lazy(lambda: words)
    assert hits(Japanese(lazy), "京都", "東京都" * 400) == []
    assert sum(map(len, words.asked)) < 8 * 1200


def broken() -> Segmenter:
    raise OSError("no dictionary")


def test_a_segmenter_that_does_not_load_says_so_once_and_the_rule_without_it_decides(caplog):
    lazy = Lazy(broken)
    with caplog.at_level(logging.WARNING):
        found = [hits(Japanese(lazy), "中国", "发展中国家 の中国は") for _ in range(2)]
        assert hits(Thai(lazy), "หนัง", "ในหนังสือ") == ["นหนัง"]
    assert found == [hits(Japanese(), "中国", "发展中国家 の中国は")] * 2
    assert [record.message for record in caplog.records] == ["segmenter not usable"]


def test_a_segmenter_loads_once_for_all_threads():
    loaded = []

    def load() -> Segmenter:
        loaded.append(1)
        return Longest(JAPANESE)

    lazy = Lazy(load)
    assert loaded == []
    threads = [threading.Thread(target=lazy.words, args=("東京" * size,)) for size in range(1, 8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loaded == [1]


def test_none_is_installed_where_a_package_is_missing(monkeypatch):
    monkeypatch.setitem(segmenters._PACKAGES, "ja", (segmenters.Sudachi, ("marsad_has_no_such_package",)))
    assert segmenters.installed("ja") is None


def test_each_installed_segmenter_improves_its_language():
    examples = {
        "ja": [("京都", "東京都の京都"), ("会議", "国会議員の会議"), ("米", "海の米")],
        "th": [("หนัง", "ดูหนังสือและดูหนัง"), ("ภาพ", "ดูสภาพและภาพ"), ("ตา", "เขาตามมา ตา")],
    }
    for code, rows in examples.items():
        language = language_for(code)
        assert isinstance(language, Japanese | Thai)
        assert ("+" in str(language.rules)) is (segmenters.installed(code) is not None)
        if segmenters.installed(code) is not None:
            for term, text in rows:
                assert hits(language, term, text) == [text[text.rindex(term) - 1 :]]
