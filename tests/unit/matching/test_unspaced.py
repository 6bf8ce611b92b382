"""Watches on texts without spaces: phrases, nearness, sentences, leads, mixed scripts; and Korean."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.errors import WatchSyntaxError
from marsad.language.base import Kind, TermForms
from marsad.language.registry import language_for
from marsad.language.tokens import tokenize
from marsad.matching.document import Document
from marsad.matching.grammar import parse_query
from marsad.matching.terms import TermIndex
from marsad.model import Prominence
from tests.unit.matching.world import SOURCE, compiled, entity, explained, found, item, match, watch

CHINESE = item(
    "俄罗斯外交部发言人：将对欧盟制裁作出回应",
    "俄罗斯外交部发言人扎哈罗娃周三在莫斯科表示，俄方将回应。中国代表团同日抵达。\n发展中国家的代表没有出席。",
    language="zh",
)
JAPANESE = item(
    "ロシア外務省、NATOの東方拡大を批判",
    "ロシア外務省のザハロワ報道官は記者会見で、NATOの東方拡大を批判した。東京都の小池知事は出席しなかった。",
    language="ja",
)


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("俄罗斯", ["俄罗斯", "俄罗斯"]),
        ("俄羅斯", ["俄罗斯", "俄罗斯"]),
        ('"俄罗斯 外交部"', ["俄罗斯外交部", "俄罗斯外交部"]),
        ('"外交部 俄罗斯"', None),
        ("俄罗斯 NEAR/0 外交部", ["俄罗斯", "外交部"] * 2),
        ("外交部 ONEAR/0 俄罗斯", None),
        # Five characters stand between: two words.
        ("title:(外交部 NEAR/1 欧盟)", None),
        ("title:(外交部 NEAR/2 欧盟)", ["外交部", "欧盟"]),
        ('"外交部 欧盟"~2', ["外交部", "欧盟"]),
        ('"外交部 欧盟"~1', None),
        ("莫斯科 SENT 扎哈罗娃", ["扎哈罗娃", "莫斯科"]),
        ("莫斯科 SENT 代表团", None),
        ("content:(莫斯科 PARA 代表团)", ["莫斯科", "代表团"]),
        ("莫斯科 PARA 发展中国家", None),
        ("中国", ["中国"]),
        ("中国 NOT NEAR/2 代表团", None),
        ("国家 EXCEPT 发展中国家", None),
        ("发言*", ["发言", "发言"]),
        ("代表*", ["代表", "代表"]),
        ("外交*", ["外交", "外交"]),
        ("中国*", ["中国"]),
        ("展中*", None),
        ('"外交* 发言人"', None),
        ('="外交部"', ["外交部", "外交部"]),
        ('="俄羅斯"', None),
        ("NOT 日本 俄罗斯", ["俄罗斯", "俄罗斯"]),
        ("title:中国", None),
    ],
)
def test_a_chinese_item(query, texts):
    assert found(query, CHINESE, languages=("zh",)) == texts
    assert found(query, CHINESE) == texts


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("ﾛｼｱ NEAR/3 NATO", ["ロシア", "NATO"]),
        ("ロシア SENT 批判", ["ロシア", "批判", "ロシア", "批判"]),
        ("ロシア外務省", ["ロシア外務省", "ロシア外務省"]),
        ("ザハロ*", ["ザハロワ"]),
        ("京都", None),
        ("小池*", ["小池"]),
        ("NATO", ["NATO", "NATO"]),
        ("東方拡大 SENT 小池", None),
    ],
)
def test_a_japanese_item(query, texts):
    assert found(query, JAPANESE, languages=("ja",)) == texts


def test_words_of_the_lead_are_counted_by_two_characters():
    # 118 characters and 外交 are 60 words; with two more characters 外交 begins the 61st.
    for filling, prominence in ((118, Prominence.LEAD), (120, Prominence.BODY)):
        text = item("", "好" * filling + "外交", language="zh")
        [mention] = match(compiled([watch("外交", languages=("zh",))]), text).matches
        assert mention.prominence is prominence
        assert (found("lead:外交", text) is not None) is (prominence is Prominence.LEAD)
    text = item("", "ああ" * 70 + "外交部", language="ja")
    assert "word 71 of the content, of which the first 60 count" in explained("lead:外交部", text).why_not


def test_a_chinese_name_stands_in_items_of_any_language():
    names = {"en": ["Xi Jinping", "习近平"], "ru": ["Си Цзиньпин"]}
    xi = entity("xi", "person", names=names)
    text = item("China’s Xi (習近平) in Moscow", "Председатель 习近平 прибыл", language="en")
    [mention] = match(compiled([watch("@xi")], [xi]), text).matches
    assert [hit.text for hit in mention.hits] == ["習近平", "习近平"]
    assert found("习近平", text, languages=("en",)) == ["習近平", "习近平"]


@pytest.mark.parametrize("language", ["zh", "ja", None])
def test_ideographs_of_an_unsure_language_are_tried_in_all_that_are_watched(language):
    text = item("國會議員", language=language)
    assert found("国会", text, languages=("zh", "ja")) == ["國會"]
    assert found("会議", text, languages=("zh", "ja")) is None


def test_a_term_of_one_language_is_not_applied_in_the_other():
    assert found("外務省", item("ロシア外務省の発表", language="ja"), languages=("zh",)) is None
    assert found("俄罗斯", item("俄罗斯外交部", language="zh"), languages=("ja",)) is None


def test_korean_particles_and_phrases():
    text = item("북한의 외무성은", "북한외무성이 NATO는 美대선을", language="ko")
    assert found('"북한 외무성"', text) == ["북한의 외무성은", "북한외무성이"]
    assert found("북한 NEAR/0 외무성", text) == ["북한의", "외무성은"]
    assert found("NATO NEAR/2 대선", text) == ["NATO", "대선을"]
    assert found("핵", "핵의 위협", languages=("ko",)) == ["핵의"]


def test_one_character_may_be_a_name_and_one_letter_may_not():
    us = entity("us", "place", names={"en": ["United States"], "zh": ["美"], "ko": ["미"]})
    watch_set = compiled([watch("@us")], [us])
    [mention] = match(watch_set, item("美前总统抵达北京，风景美丽", language="zh")).matches
    assert [hit.text for hit in mention.hits] == ["美"]
    with pytest.raises(WatchSyntaxError, match="one letter"):
        parse_query("の")


def test_why_not_tells_which_other_word_it_is_a_part_of():
    explanation = explained("人大", item("中国人大多喜欢喝茶", language="zh"))
    assert '"中国人大多喜欢" holds it' in explanation.why_not


TERMS = (
    *("俄罗斯", "中国", "国会", "中", "人大", "ロシア", "外務省", "京都", "รัสเซีย", "ตา", "โจ ไบเดน"),
    *(
        "NATO",
        "iPhone手机",
        "2026",
        "북한",
        "대선",
        "မြန်မာ",
        "Russia",
        "Россия",
        "ジョー・バイデン",
        "霞が関",
    ),
)
LANGUAGES = ("zh", "ja", "th", "my", "ko", "en", "ru")
BESIDE = ("会議", "에서", *"国都ター・าเ의6s的が，。「-")
PIECES = st.lists(
    st.sampled_from((*TERMS, *BESIDE, "俄羅斯", "ﾛｼｱ", " ", "　", ". ", "\n", "\u200b", "\u3099", "\ufe00")),
    max_size=16,
).map("".join)


def _forms(language: str, term: str) -> TermForms:
    return language_for(language).expand(term, Kind.KEYWORD)


@given(PIECES, st.lists(st.sampled_from(TERMS), unique=True, min_size=1))
def test_an_index_of_many_finds_what_each_term_finds_alone(text, terms):
    read = tokenize(text)
    every = [((code, term), _forms(code, term)) for code in LANGUAGES for term in terms]
    together = TermIndex(every).positions(read)
    for identity, forms in every:
        assert together.get(identity, []) == TermIndex([(identity, forms)]).positions(read).get(identity, [])
    for hits in together.values():
        for hit in hits:
            assert (read.tokens[hit.first].start, hit.start <= hit.end) == (hit.start, True)


@settings(max_examples=60, deadline=None)
@given(
    PIECES,
    PIECES,
    st.lists(st.sampled_from(TERMS), min_size=2, max_size=2, unique=True),
    st.sampled_from(["NEAR/0", "NEAR/2", "ONEAR/1", "SENT", "PARA", "AND", "OR", "NOT", "NOT NEAR/1"]),
    st.sampled_from([None, "zh", "ja", "th", "ko", "en"]),
)
def test_the_index_hides_no_mention(title, content, terms, operator, language):
    query = f'"{terms[0]}" {operator} "{terms[1]}"'
    text = item(title, content, language=language)
    match(compiled([watch(query, languages=LANGUAGES), watch(query, "v")], []), text, SOURCE)


@given(PIECES, st.integers(0, 8))
def test_as_many_tokens_are_looked_at_as_so_many_words_may_have(text, words):
    document = Document(item(content=text), SOURCE)
    count = len(document.text(2).words)
    for last in range(count):
        for first in range(last + 1, count):
            between = document.words_between(2, last, first)
            assert 0 <= between <= first - last - 1
            if between <= words:
                assert first - last - 1 <= document.most_tokens(2, words)
