"""What stands for a Hebrew term, and what only looks like it. Hits are told as the words found."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.language.base import Kind
from marsad.language.hebrew import Hebrew
from marsad.language.hebrew_forms import fold_hebrew
from marsad.language.names import known_names
from marsad.language.tokens import tokenize
from marsad.matching import find
from marsad.matching.terms import find_term


def found(term: str, text: str, kind: str = "keyword") -> list[str]:
    return [text[start:end] for start, end in find("he", term, text, kind)]


@pytest.mark.parametrize(
    "prefix",
    ["", "ו", "ש", "כש", "לכש", "מש", "ב", "כ", "ל", "מ", "ה", "מה", "וש", "שה", "וכשה", "ומה", "ושב", "ול"],
)
def test_particles_are_taken_off_together(prefix):
    assert found("חרושת", f"אמר {prefix}חרושת") == [f"{prefix}חרושת"]


@pytest.mark.parametrize("word", ["יחרושת", "בבחרושת", "הוחרושת", "לשחרושת", "נחרושת"])
def test_nothing_else_is_taken_off(word):
    assert found("חרושת", f"אמר {word}") == []


def test_the_reason_shows_what_was_taken_off():
    (hit,) = find_term(Hebrew().expand("צפון", Kind.KEYWORD), tokenize("ושבצפון"))
    assert hit.reason == "ו + ש + ב + צפונ"


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("דרישה", "דרישות ודרישת ודרישתו ודרישותיהם", None),
        ("הפגנה", "ההפגנות וההפגנה, ההפגנת", ["ההפגנות", "וההפגנה"]),
        ("עיתונאי", "עיתונאים ועיתונאית ועיתונאיות ועיתונאי", None),
        ("רצינות", "ברצינותו, רציניות", ["ברצינותו"]),
        ("תקנה", "תקנותיו, תקנים", ["תקנותיו"]),
        ("זמר", "זמרה וזמרת וזמרים וזמרי", ["וזמרת", "וזמרים", "וזמרי"]),
        ("חטוף", "חטופה", ["חטופה"]),
        ("חוב", "חובה קדושה, חובו", ["חובו"]),
        ("מטרה", "מטרים, מטרות", ["מטרות"]),
        ("טבע", "טבעי", []),
        ("אויבים", "אויב ואויבי ואויבים", None),
        ("דרישות", "דרישה", ["דרישה"]),
        ("עיר", "ערים וערי", ["ערים", "וערי"]),
        ("שרים", "שר", ["שר"]),
    ],
)
def test_a_keyword_stands_for_its_paradigm(term, text, expected):
    assert found(term, text) == (text.split() if expected is None else expected)


def test_a_name_takes_particles_alone():
    assert found("לבנוני", "לבנוני ולבנונים", "name") == ["לבנוני"]
    assert found("פוטין", "פוטין שלפוטין פוטינה", "name") == ["פוטין", "שלפוטין"]


@pytest.mark.parametrize(
    ("term", "token"),
    [
        ("עלות", "מעלות"),
        ("שפט", "משפט"),
        ("דינה", "מדינה"),
        ("דינה", "מדינות"),
        ("קום", "מקום"),
        ("חירות", "בחירות"),
        ("יטה", "שיטה"),
        ("וחם", "לוחם"),
        ("תיבה", "כתיבה"),
        ("ילנה", "וילנה"),
    ],
)
def test_a_common_word_is_not_split(term, token):
    found_there = found(term, f"אמר {token} אתמול")
    assert found_there == ([] if token != "וילנה" else ["וילנה"])


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("כנסת", "הכנסת", ["הכנסת"]),
        ("כנסת", "שהכנסת ובכנסת", ["שהכנסת", "ובכנסת"]),
        ("מדינה", "והמדינה ובמדינות", ["והמדינה", "ובמדינות"]),
    ],
)
def test_a_split_stays_where_the_rest_is_the_word(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("הממשל", "הממשל בממשל ולממשל, ממשל אחר", ["הממשל", "בממשל", "ולממשל"]),
        ("החלטה", "החלטה בהחלטה, בחלטה", ["החלטה", "בהחלטה"]),
        ("המשטר", "המשטרים והמשטרה", ["המשטרים"]),
    ],
)
def test_a_typed_article_is_required_but_hides_after_some_letters(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("ועדה", "הוועדה הועדה וועדה", None),
        ("שָׁלוֹם", "שלום וְשָׁלוֹם", None),
        ('צה"ל', "צה״ל לצה“ל", None),
        ("ז'אן", "ז׳אן", None),
        ("תוכנית", "התכנית", None),
        ("ארגון", "ארגונים ארגון", None),
    ],
)
def test_spellings_that_are_one(term, text, expected):
    kind = "keyword" if term != "ז'אן" else "name"
    assert found(term, text, kind) == (text.split() if expected is None else expected)


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("שר", "השר ושר והשר שרים", None),
        ("שר", "בשר לשר מבשר", []),
        ("ים", "הים שמים", ["הים"]),
    ],
)
def test_a_term_of_two_letters_takes_the_article_and_and(term, text, expected):
    assert found(term, text) == (text.split() if expected is None else expected)


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("שר הביטחון", "שר הביטחון ולשר הביטחון", ["שר הביטחון", "ולשר הביטחון"]),
        ("שר הביטחון", "שר בביטחון, שר ולביטחון", []),
        ("הסכם שלום", "הסכם השלום", ["הסכם השלום"]),
        ("ראש עיר", "ראשי ערים", ["ראשי ערים"]),
    ],
)
def test_inside_a_phrase_only_the_article_is_joined(term, text, expected):
    assert found(term, text) == expected


def test_a_known_name_is_no_prefixed_form():
    assert fold_hebrew("בחריין") in known_names("he")
    assert found("חריין", "בחריין", "name") == []
    assert found("ברזיל", "בברזיל", "name") == ["בברזיל"]


def test_a_form_that_is_another_word_is_left_out_and_named():
    forms = Hebrew().expand("כול", Kind.KEYWORD)
    assert any("left out" in hint for hint in forms.hints)
    assert find_term(forms, tokenize("כולם באו")) == []


_LETTERS = "אבגדהוזחטיכלמנסעפצקרשתםןץףך"


@given(st.text(alphabet=_LETTERS + "\u05b8\u05bc'\"״", max_size=16))
@settings(max_examples=200, deadline=None)
def test_folding_is_idempotent(word):
    assert fold_hebrew(fold_hebrew(word)) == fold_hebrew(word)


@given(st.text(alphabet=_LETTERS, min_size=1, max_size=10), st.sampled_from(Kind))
@settings(max_examples=200, deadline=None)
def test_a_typed_word_finds_itself(word, kind):
    assert find_term(Hebrew().expand(word, kind), tokenize(f"אמר {word}."))


@given(st.text(alphabet=_LETTERS + " \"'-", max_size=20), st.sampled_from(Kind))
@settings(max_examples=200, deadline=None)
def test_no_term_raises_and_no_hit_lies_outside(term, kind):
    text = f"אמר {term} ו{term}"
    for hit in find_term(Hebrew().expand(term, kind), tokenize(text)):
        assert 0 <= hit.start < hit.end <= len(text)
