"""Tokens of scripts without spaces: what no word is cut in, and borders with the letters of others."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.language.scripts import divides, is_part_of_a_word
from marsad.language.tokens import Break, runs_on, tokenize

UNSPACED = "中国人大多数俄羅斯はがきロシアﾛｼｱー・ประเทศไทยในกำลังจันทร์ພາສາລາວភាសាខ្មែរမြန်မာနိုင်ငံ"
MIXED = st.text(alphabet=UNSPACED + "aZя한국의 12。、\u3099\u200b\ufe00,-'", max_size=60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("俄罗斯外交部", ["俄", "罗", "斯", "外", "交", "部"]),
        ("ロシア外務省は", ["ロシア", "外", "務", "省", "は"]),
        ("ﾛｼｱのｶﾞｽ", ["ﾛｼｱ", "の", "ｶﾞｽ"]),
        ("ジョー・バイデン", ["ジョー", "バイデン"]),
        ("NHKニュース7は2026年", ["NHK", "ニュース", "7", "は", "2026", "年"]),
        ("か\u3099く", ["か\u3099", "く"]),
        ("辻\U000e0100さん", ["辻\U000e0100", "さ", "ん"]),
        ("KBS는 COP31에서", ["KBS", "는", "COP", "31", "에서"]),
        ("ประเทศ", ["ป", "ระ", "เท", "ศ"]),
        ("ไคโรมีเรากำลัง", ["ไค", "โร", "มี", "เรา", "กำ", "ลั", "ง"]),
        ("จันทร์ สิทธิ์", ["จั", "น", "ทร์", "สิ", "ทธิ์"]),
        ("ພາສາລາວ", ["ພາ", "ສາ", "ລາ", "ວ"]),
        ("ភាសាខ្មែរ", ["ភា", "សា", "ខ្មែ", "រ"]),
        ("မြန်မာနိုင်ငံ", ["မြန်", "မာ", "နိုင်", "ငံ"]),
    ],
)
def test_words(text, expected):
    found = tokenize(text)
    assert found.words == expected
    assert "".join(found.words) == "".join(it for it in text if it not in " ・")


def test_full_stops_end_sentences_after_a_single_character_too():
    assert [
        token.before for token in tokenize("他来自北京. 她来自东京。我").tokens if token.text in "她我"
    ] == [
        Break.SENTENCE,
        Break.SENTENCE,
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("在", "i", True),
        ("S", "在", True),
        ("A", "반", True),
        ("국", "F", True),
        ("1", "에", False),
        ("1", "日", True),
        ("F", "1", False),
        ("1", "F", False),
    ],
)
def test_where_a_word_may_end_between_characters_that_touch(before, after, expected):
    assert divides(before, after) is expected


def test_a_word_runs_on_where_nothing_divides_it():
    tokens = tokenize("在F16上 a-1").tokens
    assert [token.text for index, token in enumerate(tokens) if runs_on(tokens, index)] == ["16"]


def test_words_of_spaced_scripts_are_told_apart():
    assert not tokenize("Russia России روسيا 한국").unspaced
    text = tokenize("NATO和 한국 в 中国 ไท ロシア")
    assert text.unspaced
    parts = ["和", "中", "国", "ไท"]
    assert [word for word in text.words if is_part_of_a_word(word)] == parts


@given(MIXED)
def test_no_letter_is_lost_and_no_letter_parted_from_its_marks(text):
    found = tokenize(text)
    kept = "".join(found.words)
    assert [it for it in text if it.isalnum()] == [it for it in kept if it.isalnum()]
    for token in found.tokens:
        after = text[token.end : token.end + 1]
        assert not after or unicodedata.category(after)[0] != "M"
        assert token.text == text[token.start : token.end]


@pytest.mark.parametrize("piece", ["ก", "เ", "ก์", "中", "ア", "한", "က္", "ច្", "\u3099", "က်"])
def test_hostile_repetition_takes_linear_time(piece):
    began = time.perf_counter()
    tokenize(piece * 100_000).tokens  # noqa: B018 (worked out when asked for)
    assert time.perf_counter() - began < 5
