"""Forms of Persian, Urdu and Hindi terms. Hits are told as the words found."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.language.base import Kind
from marsad.language.hindi import Hindi, fold_hindi
from marsad.language.names import fold_name, known_names
from marsad.language.persian import Persian, fold_persian
from marsad.language.tokens import tokenize
from marsad.language.urdu import Urdu, fold_urdu
from marsad.matching import find
from marsad.matching.terms import find_term


def found(language: str, term: str, text: str, kind: str = "keyword") -> list[str]:
    return [text[start:end] for start, end in find(language, term, text, kind)]


@pytest.mark.parametrize(
    "ending",
    ["", "ها", "های", "هایی", "هایش", "هایمان", "ی", "ان", "انی", "م", "ت", "ش", "مان", "تان", "شان"],
)
@pytest.mark.parametrize("joiner", ["", "\u200c"])
def test_a_persian_keyword_takes_plurals_and_pronouns_with_a_joiner_or_without(ending, joiner):
    assert found("fa", "گزارشگر", f"گزارشگر{joiner}{ending}") == [f"گزارشگر{joiner}{ending}".rstrip("\u200c")]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("روزنامه", "روزنامه‌ای روزنامه‌اش روزنامهٔ روزنامه‌ها", None),
        ("فرشته", "فرشتگان", None),
        ("گدا", "گدایان گدای گداها", None),
        ("بازی", "بازی‌ام بازیم", ["بازی‌ام"]),
        ("بزرگ‌تر", "بزرگ‌ترین", []),
        ("وزیر", "وزرا وزرای وزراء", None),
        ("علامت", "علائم علایم علامات", None),
        ("تصویر", "تصاویر تصاویری", None),
        ("مطلب", "مطالب مطالبی", None),
        ("مرد", "مردان مردم", ["مردان"]),
        ("زن", "زنان زنش", ["زنان"]),
        ("آرزو", "ارزو آرزوها ارزوی", None),
        ("ارز", "آرز", []),
        ("آلمان", "آلمانی", []),
        ("دول", "دولت", []),
        ("روزه", "روزه‌ای روزهای روز‌های", ["روزه‌ای"]),
        ("مهاجر", "مهاجرت مهاجرین", ["مهاجرین"]),
        ("عملی", "عملیات", []),
        ("کمپ", "کمپین", []),
        ("دوی", "دویست", []),
        ("اروپا", "اروپاست", ["اروپاست"]),
        ("سنگ", "سنگین سنگ‌ها", ["سنگ‌ها"]),
    ],
)
def test_persian_forms(term, text, expected):
    kind = "name" if term == "آلمان" else "keyword"
    assert found("fa", term, text, kind) == (text.split() if expected is None else expected)


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("رئيس جمهور", "رئیس جمهور و رئیس‌جمهور و رئیسجمهور", ["رئیس جمهور", "رئیس‌جمهور", "رئیسجمهور"]),
        ("رئیس‌جمهور", "رئیس جمهور و رئیس‌جمهورها", ["رئیس جمهور", "رئیس‌جمهورها"]),
        ("رئیس جمهور", "رئیس. جمهور، رئیس جمهوری", ["رئیس جمهوری"]),
        ("کیك", "كيک", ["كيک"]),
        ("مسئول", "مسؤول", ["مسؤول"]),
    ],
)
def test_persian_spellings_that_are_one(term, text, expected):
    assert found("fa", term, text) == expected


def test_a_persian_form_that_is_another_word_is_left_out_and_named():
    assert found("fa", "دول", "دولت ایران") == []
    assert any("دولت" in hint for hint in Persian().expand("دول", Kind.KEYWORD).hints)


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("لڑکا", "لڑکے لڑکوں لڑکی", None),
        ("کرسی", "کرسیاں کرسیوں", None),
        ("میز", "میزوں", None),
        ("کوشش", "کوششیں کوششوں", None),
        ("محلہ", "محلے محلوں محلات", None),
        ("دوا", "دوائیں", None),
        ("آلو", "آلووں آلوؤں", None),
        ("ملک", "ممالک ملکوں", None),
        ("مسئلہ", "مسائل مسئلے", None),
        ("تقریر", "تقاریر تقریریں", None),
        ("نتیجہ", "نتائج نتیجے", None),
        ("سفیر", "سفراء سفرا", None),
        ("کھانا", "کہانا", []),
        ("بات", "باتیں باپ", ["باتیں"]),
        ("رنگ", "رنگین رنگوں", ["رنگوں"]),
        ("میز", "میزان", []),
        ("مہاجر", "مہاجرین", ["مہاجرین"]),
        ("سیاسی", "سیاسیات", []),
    ],
)
def test_urdu_forms(term, text, expected):
    assert found("ur", term, text) == (text.split() if expected is None else expected)


def test_an_urdu_name_has_an_oblique_case_and_no_plural():
    assert found("ur", "ڈھاکہ", "ڈھاکے میں ڈھاکوں", "name") == ["ڈھاکے"]
    assert found("ur", "ایران", "ایرانی ایرانوں", "name") == []


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("लड़का", "लड़के लड़कों लड़की लडका", None),
        ("कुर्सी", "कुर्सियाँ कुर्सियां कुर्सियों", None),
        ("मेज़", "मेजें मेज़ों", None),
        ("कविता", "कविताएँ कविताओं कवितायें", None),
        ("आलू", "आलुओं", None),
        ("साधु", "साधुओं", None),
        ("दवाई", "दवाइयां दवाइयों", None),
        ("कुआँ", "कुएं कुओं", ["कुएं", "कुओं"]),
        ("रुपया", "रुपये रुपए रुपयों", None),
        ("बन्दर", "बंदर बंदरों", None),
        ("डॉक्टर", "डाक्टर डोक्टर", ["डोक्टर"]),
        ("मुख्य", "मुख्यों मुख", ["मुख्यों"]),
        ("काम", "कामना", []),
    ],
)
def test_hindi_forms(term, text, expected):
    assert found("hi", term, text) == (text.split() if expected is None else expected)


def test_a_hindi_name_takes_no_endings():
    assert found("hi", "पटना", "पटने पटना पटनों", "name") == ["पटना"]


@pytest.mark.parametrize(
    ("language", "term", "token"), [("fa", "عم", "عمان"), ("ur", "لبن", "لبنان"), ("hi", "टोगा", "टोगो")]
)
def test_a_known_name_is_no_form_of_another_word(language, term, token):
    assert fold_name(language, token) in known_names(language)
    assert found(language, term, f"x {token} x") == []


def test_a_latin_acronym_keeps_its_capital_in_hindi():
    assert found("hi", "NATO", "NATO और nato") == ["NATO"]


_PERSIAN = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیآأإؤئةۀيكىےہھۃ\u200c\u0654 "
_HINDI = "अआइईउऊएऐओऔकखगघचछजझटठडढणतथदधनपफबभमयरलवशसहािीुूेैोौंँ़्ॉ"


@given(st.text(alphabet=_PERSIAN, max_size=16))
@settings(max_examples=200, deadline=None)
def test_folding_persian_and_urdu_is_idempotent(word):
    assert fold_persian(fold_persian(word)) == fold_persian(word)
    assert fold_urdu(fold_urdu(word)) == fold_urdu(word)


@given(st.text(alphabet=_HINDI, max_size=16))
@settings(max_examples=200, deadline=None)
def test_folding_hindi_is_idempotent(word):
    assert fold_hindi(fold_hindi(word)) == fold_hindi(word)


@given(st.text(alphabet=_PERSIAN + _HINDI, max_size=20), st.sampled_from(Kind))
@settings(max_examples=200, deadline=None)
def test_no_term_raises_and_no_hit_lies_outside(term, kind):
    text = f"x {term} x"
    for language in (Persian(), Urdu(), Hindi()):
        for hit in find_term(language.expand(term, kind), tokenize(text)):
            assert 0 <= hit.start < hit.end <= len(text)
