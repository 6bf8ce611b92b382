"""Thai, Lao, Khmer and Burmese, and what holds for every language without spaces."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.language.base import Kind
from marsad.language.registry import language_for, language_of
from marsad.language.tokens import tokenize
from marsad.language.unspaced import Unspaced
from marsad.matching import find
from marsad.matching.unspaced import MOST_TRIES, UnspacedTerms


def hits(language: str, term: str, text: str) -> list[str]:
    return [text[start:end] for start, end in find(language, term, text)]


@pytest.mark.parametrize(
    ("language", "term", "text", "expected"),
    [
        ("th", "รัสเซีย", "กระทรวงการต่างประเทศรัสเซียแถลงว่า", ["รัสเซีย"]),
        ("th", "โรม", "ที่ไคโรมีคน และที่โรมก็มี", ["โรม"]),
        ("th", "ราก", "เรากำลังดูราก", ["ราก"]),
        ("th", "คา", "มอนติคาร์โล", []),
        ("th", "ไบเดน", "โจ ไบเดน โจไบเดน", ["ไบเดน", "ไบเดน"]),
        ("th", "โจ ไบเดน", "โจ ไบเดน โจไบเดน", ["โจ ไบเดน", "โจไบเดน"]),
        ("th", "ซูดาน", "ซูดานใต้และซูดาน", ["ซูดาน"]),
        ("th", "โควิด-19", "โควิด 19 โควิด19 โควิด-19", ["โควิด 19", "โควิด19", "โควิด-19"]),
        ("th", "iPhone", "ในiPhoneใหม่", ["iPhone"]),
        ("lo", "ລາວ", "ປະເທດລາວ", ["ລາວ"]),
        ("km", "កម្ពុជា", "ព្រះរាជាណាចក្រកម្ពុជា", ["កម្ពុជា"]),
        ("my", "မြန်မာ", "မြန်မာနိုင်ငံ", ["မြန်မာ"]),
        ("my", "မြ", "မြန်မာနိုင်ငံ", []),
    ],
)
def test_where_a_term_stands(language, term, text, expected):
    assert hits(language, term, text) == expected


@pytest.mark.parametrize(
    ("language", "term", "expected"),
    [
        ("en", "Xi", "en"),
        ("en", "习近平", "zh"),
        ("ko", "習近平", "zh"),
        ("ko", "美대선", "ko"),
        ("en", "북한", "ko"),
        ("fr", "Élysée", "fr"),
        ("ja", "習近平", "ja"),
        ("ar", "ロシアの熊", "ja"),
        ("", "ไทย", "th"),
        ("ru", "မြန်မာ", "my"),
    ],
)
def test_by_whose_rules_a_term_is_found(language, term, expected):
    assert language_of(language, term) == expected


LANGUAGES = st.sampled_from(["zh", "ja", "th", "lo", "km", "my", "ko", "en", ""])
TEXTS = st.text(
    alphabet="中国人大多数俄羅斯㍿はがきロシアヴﾛｼｱｶﾞー・ประเทศไทยเรากำลังจันทร์"
    "ລາວໄທខ្មែរမြန်မာ한국의 aZя12。、\u3099\u200b\ufe00,-'\n",
    max_size=40,
)


@given(LANGUAGES, TEXTS, TEXTS, st.sampled_from(list(Kind)))
def test_spans_lie_in_the_text_and_cut_no_letter_from_its_marks(language, term, text, kind):
    end = 0
    for start, stop in find(language, term, text, kind):
        assert end <= start < stop <= len(text)
        assert stop == len(text) or unicodedata.category(text[stop])[0] != "M"
        assert unicodedata.category(text[start])[0] != "M"
        end = stop


@given(LANGUAGES.filter(lambda it: it != "en"), TEXTS, st.sampled_from(list(Kind)))
def test_forms_survive_their_file_and_have_no_empty_word(language, term, kind):
    forms = language_for(language_of(language, term)).expand(term, kind)
    for sequence in forms.sequences:
        assert sequence
        for word in sequence:
            assert len({form.key for form in word}) == len(word) > 0
            assert all(form.key for form in word)


@given(
    st.sampled_from(["zh", "ja", "th", "my"]),
    st.lists(
        st.sampled_from(["俄罗斯", "外交部", "ロシア", "รัสเซีย", "NATO", "2026", "မြန်မာ", "はがき"]),
        min_size=1,
        max_size=3,
    ).map(" ".join),
)
def test_a_term_finds_itself(language, term):
    text = f"— {term} —"
    assert find(language, term, text) == [(2, 2 + len(term))]


def test_a_text_that_repeats_a_term_without_end_is_judged_a_bounded_number_of_times():
    thai = Unspaced("th", "Thai")
    terms = UnspacedTerms(thai)
    (((form,),),) = thai.expand("โรม", Kind.KEYWORD).sequences
    terms.add(0, form)
    assert len(list(terms.hits(tokenize("โรม " * 10_000)))) == MOST_TRIES
