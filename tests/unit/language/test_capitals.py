"""Whether a text is all in capitals, or has none: quickly, and as if every character were asked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from marsad.language.capitals import are_all_capitals, has_capitals
from marsad.language.tokens import tokenize

ALPHABET = "ABCDEFGHabcАБВГДЕабвبتجحخد文字ßǅϒℂ𝐁𝐑𝐄𝐀𝐊𐐀 12.,"
TEXTS = st.one_of(st.text(ALPHABET, max_size=60), st.text("ABCDЕЖЗИ ", max_size=60), st.text(max_size=20))


@given(TEXTS)
def test_the_verdict_is_that_of_every_character(text):
    words = tokenize(text).words
    capitals, small = sum(map(str.isupper, text)), sum(map(str.islower, text))
    told = sum(len(it) for it in words if it.islower() and it.isalpha())
    expected = capitals >= 8 and small * 20 <= capitals and told * 20 <= len(text)
    assert are_all_capitals(text, words) == expected
    assert has_capitals(text) == any(map(str.isupper, text))


def test_a_headline_in_capitals():
    headline = "PRESIDENT VISITS ЕГИПЕТ"
    assert are_all_capitals(headline, headline.split())
    assert not are_all_capitals(headline + " on Monday", headline.split())
