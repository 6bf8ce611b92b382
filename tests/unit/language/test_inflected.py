"""What holds in every language with a dictionary, whatever is typed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.language.base import Kind
from marsad.language.inflected import InflectedLanguage
from marsad.language.registry import _RULES, language_for
from marsad.language.tokens import tokenize
from marsad.matching.terms import find_term

LANGUAGES = sorted(code for code in _RULES if isinstance(language_for(code), InflectedLanguage))
LETTERS = {
    "Latn": "aeiouyáéíóúãõâêôçñäöüßłńśżąęěščřžůăţışğİåøabcdklmnprst",
    "Cyrl": "абвгдежзийклмнопрстуфхцчшщьюяёєіїґљњћђџ",
    "Grek": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώΐ",
    "Hans": "中国國俄羅罗斯台臺灣乾干后後",
    "Jpan": "国國沢澤渡邊辺がのアヴァィーｶﾞサバ・々",
    "Kore": "러시아한국는은의에서로미가나도들美",
}


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_term_and_no_text_raises_and_a_term_finds_itself(code):
    language = language_for(code)
    letters = LETTERS[language.script]
    words = st.one_of(
        st.text(letters + letters.upper() + " -'.’", min_size=1, max_size=14), st.text(max_size=6)
    )

    @settings(max_examples=25)
    @given(words, st.sampled_from(list(Kind)), words)
    def check(term: str, kind: Kind, text: str) -> None:
        forms = language.expand(term, kind)
        for sequence in forms.sequences:
            for word in sequence:
                keys = [form.key for form in word]
                assert len(keys) == len(set(keys))
        for original in (text, f"{text} {term} {text}"):
            for hit in find_term(forms, tokenize(original)):
                assert 0 <= hit.start < hit.end <= len(original)

    check()


@pytest.mark.parametrize("code", LANGUAGES)
def test_folding_twice_changes_nothing(code):
    language = language_for(code)
    letters = LETTERS[language.script]

    @settings(max_examples=50)
    @given(st.one_of(st.text(letters + letters.upper(), max_size=8), st.text(max_size=6)))
    def check(word: str) -> None:
        assert language.fold(language.fold(word)) == language.fold(word)

    check()


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_word_is_found_as_it_was_typed(code):
    language = language_for(code)
    for term in ("Abcdefgh", "qwrtz", "Αβγδ", "абвгд"):
        forms = language.expand(term, Kind.KEYWORD)
        assert [hit.reason for hit in find_term(forms, tokenize(f"… {term}, …"))] == ["as typed"]
