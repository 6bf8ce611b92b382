"""Japanese: katakana of any width, characters of any age, and the spellings of one word."""

from __future__ import annotations

import pytest

from marsad.language.base import Kind
from marsad.language.japanese import Japanese
from marsad.matching import find


def hits(term: str, text: str) -> list[str]:
    return [text[start:end] for start, end in find("ja", term, text)]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("ロシア", "ﾛｼｱ外務省とロシア", ["ﾛｼｱ", "ロシア"]),
        ("ロシア", "ベラルーシとロシアンティー", []),
        ("ガス", "ｶﾞｽ管とガス、バイオガス", ["ｶﾞｽ", "ガス"]),
        ("ジョー・バイデン", "ジョー・バイデン氏、ジョーバイデン氏、ジョー バイデン", None),
        ("岸田文雄", "岸田文雄首相（岸田 文雄、岸田　文雄）", None),
        ("NHK", "NHKニュース、ＮＨＫは", ["NHK", "ＮＨＫ"]),
        ("Tシャツ", "新作Ｔシャツ", ["Ｔシャツ"]),
        ("渡辺", "渡邊氏と渡辺氏", ["渡邊", "渡辺"]),
        ("國學院", "国学院大学", ["国学院"]),
        ("ビクトリア", "ヴィクトリア女王", ["ヴィクトリア"]),
        ("ヴェネツィア", "ベネツィア映画祭", ["ベネツィア"]),
        ("サーバー", "サーバの障害、サーバーの障害", ["サーバ", "サーバー"]),
        ("ルビー", "ルビの指輪", []),
        ("霞が関", "霞ヶ関、霞ケ関、霞が関", ["霞ヶ関", "霞ケ関", "霞が関"]),
        ("取り組み", "取組と取組みと取り組み", ["取組", "取組み", "取り組み"]),
        ("手続き", "行政手続の", ["手続"]),
        ("生き物", "生物学", []),
        ("拉致", "ら致問題と拉致問題", ["ら致", "拉致"]),
        ("りんご", "林檎とリンゴ", ["林檎", "リンゴ"]),
        ("首相", "首相、\n首相", ["首相", "首相"]),
        ("日本銀行", "日本\n銀行", []),
    ],
)
def test_where_a_term_stands(term, text, expected):
    found = hits(term, text)
    if expected is None:
        assert len(found) == 3
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("term", "text", "stands"),
    [
        ("京都", "東京都知事選", False),
        ("京都", "京都市で", True),
        ("会議", "国会議員が", False),
        ("国会", "国会議員が", True),
        ("国会", "米中国会談", False),
        ("本人", "日本人選手", False),
        ("日本", "日本人選手", True),
        ("民主", "国民主権の", False),
        ("国内", "中国内戦の", False),
        ("防衛", "防衛省幹部", True),
        ("高市", "高市首相は", True),
    ],
)
def test_two_characters_are_a_word_where_they_stand(term, text, stands):
    assert bool(hits(term, text)) is stands


@pytest.mark.parametrize(
    ("term", "text", "stands"),
    [
        ("米", "米の輸出、", True),
        ("米", "米議会", True),
        ("米", "米などに", True),
        ("政", "政治家", False),
        ("核", "核の傘", True),
        ("食", "食べる人", False),
        ("高", "高い壁", False),
    ],
)
def test_one_character_is_a_word_by_itself_and_no_stem_of_a_verb(term, text, stands):
    assert bool(hits(term, text)) is stands


@pytest.mark.parametrize(
    ("term", "text", "stands"),
    [
        ("ギニア", "赤道ギニアの", False),
        ("ギニア", "ギニアの", True),
        ("スーダン", "南スーダン情勢", False),
        ("アメリカ", "アメリカ合衆国は", True),
        ("アフリカ", "南アフリカは", True),
        ("朝鮮", "北朝鮮は", True),
    ],
)
def test_a_territory_whose_name_is_longer_is_another_one(term, text, stands):
    assert bool(hits(term, text)) is stands


def test_what_a_person_should_know_of_short_terms():
    assert "hiragana" in Japanese().expand("いか", Kind.KEYWORD).hints[0]
    assert "one character" in Japanese().expand("米", Kind.KEYWORD).hints[0]
    assert Japanese().expand("首相", Kind.KEYWORD).hints == ()
