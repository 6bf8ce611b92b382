"""Korean: a noun with what hangs on it, never a longer noun."""

from __future__ import annotations

import unicodedata

import pytest

from marsad.language.base import Kind
from marsad.language.korean import Korean
from marsad.language.korean_chains import chains, ending_of
from marsad.language.tokens import tokenize
from marsad.matching import find
from marsad.matching.terms import find_term


def hits(term: str, text: str) -> list[str]:
    return [text[start:end] for start, end in find("ko", term, text)]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("러시아", "러시아의 러시아는 러시아에서도", ["러시아의", "러시아는", "러시아에서도"]),
        ("미국", "미국으로부터 미국로 미국은", ["미국으로부터", "미국은"]),
        ("서울", "서울로 서울으로 서울에서는", ["서울로", "서울에서는"]),
        ("대통령", "대통령님께서는 대통령들에게만", ["대통령님께서는", "대통령들에게만"]),
        ("김영삼", "김영삼씨에 김영삼과 김영삼의", ["김영삼씨에", "김영삼과", "김영삼의"]),
        ("문제", "문제다. 문제였지만 문제은", ["문제다", "문제였지만"]),
        ("제재", "제재했다고 제재를 제재된 제재받은", ["제재했다고", "제재를", "제재된", "제재받은"]),
        ("정치", "정치적인 정치인이 정치권", ["정치적인"]),
        ("한국", "한국은행 한국인들 한국어 한국", ["한국"]),
        ("북한 외무성", "북한의 외무성은, 북한외무성이", ["북한의 외무성은", "북한외무성이"]),
        ("정상 회담", "정상회담에서", ["정상회담에서"]),
        ("정상회담", "정상 회담에서", []),
        ("NATO", "NATO는 나토", ["NATO"]),
        ("COP31", "COP31에서", ["COP31"]),
        ("반도체", "AI반도체를", ["반도체를"]),
        ("대선", "美대선이", ["대선이"]),
        ("美대선", "美대선이", ["美대선이"]),
        ("北韓", "北韓의", ["北韓"]),
        ("년대", "90년대", []),
        ("경기", "경기도 경기가", ["경기가"]),
        ("사회", "사회이다 사회다 사회였다", ["사회이다", "사회다", "사회였다"]),
        ("폭력", "폭력적이어서 폭력이라기보다는", ["폭력적이어서", "폭력이라기보다는"]),
        ("핵", "핵을 핵로 핵무기", ["핵을"]),
        ("미", "미로 미만", []),
    ],
)
def test_where_a_term_stands(term, text, expected):
    assert hits(term, text) == expected


def test_a_known_name_is_never_a_word_and_its_particle():
    # 파나마 is Panama.
    assert hits("파나", "파나마") == []
    forms = Korean().expand("쿠웨", Kind.KEYWORD)
    assert find_term(forms, tokenize("쿠웨이트")) == []


def test_a_title_may_follow_the_name_of_a_person_only():
    text = "김영삼대통령은 김영삼 대통령이"
    assert [text[a:b] for a, b in find("ko", "김영삼", text, "person")] == ["김영삼대통령은", "김영삼"]
    assert hits("김영삼", text) == ["김영삼"]


def test_jamo_that_are_not_composed_are_the_same_letters():
    apart = unicodedata.normalize("NFD", "러시아의")
    assert hits("러시아", apart) == [apart]


def test_the_reason_names_what_hangs_on_the_noun():
    [hit] = find_term(Korean().expand("미국", Kind.KEYWORD), tokenize("미국으로부터"))
    assert hit.reason == "미국 + 으로부터"


@pytest.mark.parametrize(
    ("chain", "after"),
    [
        ("는", "v"),
        ("은", "cr"),
        ("로", "rv"),
        ("으로", "c"),
        ("에서는", "crv"),
        ("들이", "crv"),
        ("들가", None),
        ("과의", "cr"),
        ("와의", "v"),
        ("인", None),
    ],
)
def test_what_may_follow_a_noun(chain, after):
    assert chains().get(chain) == after


def test_what_a_word_ends_in():
    assert [ending_of(it) for it in ("국", "아", "울", "A", "ㄱ")] == ["c", "v", "r", "", ""]


def test_whoever_watches_one_syllable_is_told():
    assert "one syllable" in Korean().expand("핵", Kind.KEYWORD).hints[0]
    assert Korean().expand("핵무기", Kind.KEYWORD).hints == ()
