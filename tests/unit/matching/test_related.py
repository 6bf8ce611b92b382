"""Words that are related to a term, and words inside compounds."""

from __future__ import annotations

import pytest

from marsad.language.related import related
from tests.unit.matching.world import explained, found, item, mistakes, watch


@pytest.mark.parametrize(
    ("language", "term", "some"),
    [
        ("en", "Russia", {"Russian"}),
        ("en", "Russian", {"Russia"}),
        ("ru", "Россия", {"российский", "РФ"}),
        ("ar", "روسيا", {"روسي"}),
        ("ar", "غزة", {"غزي"}),
        ("ar", "القاهرة", {"قاهري"}),
        ("ar", "سوريا", {"سوري"}),
        ("ar", "وزير", {"وزيرة"}),
        ("ru", "учитель", {"учительница"}),
        ("en", "chairwoman", {"chairman", "chairperson"}),
    ],
)
def test_what_is_related(language, term, some):
    listed = related(language, term)
    assert some <= set(listed)
    assert term not in listed


@pytest.mark.parametrize(
    ("language", "term"), [("en", "table"), ("ru", "стол"), ("de", "Russland"), ("ar", "عربي")]
)
def test_where_nothing_is_known(language, term):
    assert related(language, term) == ()


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("related:Russia", "Russians in Russia's Russian schools", ["Russians", "Russia's", "Russian"]),
        ("related:Россия", "россияне и российская сторона в России", ["россияне", "российская", "России"]),
        ("related:روسيا", "السفير الروسي لدى روسيا والروس", ["الروسي", "روسيا", "والروس"]),
        ("Russia", "Russians and Russian schools", None),
        ("related:Russia NEAR/2 envoy", "the Russian envoy", ["Russian", "envoy"]),
        ("title:related:Russia OR visit", "Russian visit", ["visit"]),
    ],
)
def test_related_words_are_found_in_their_forms(query, text, expected):
    assert found(query, text) == expected


def test_a_hit_names_the_related_word():
    (hit,) = explained("related:Россия", "с россиянами").hits
    assert hit.hit.term == "россиянин"


@pytest.mark.parametrize(
    ("query", "language", "text", "expected"),
    [
        ("compound:Bank", "de", "Die Zentralbank, Zentralbanken und die Bankkonten der Bank", 4),
        ("compound:Bank", "de", "Die Banane und der Banker", 0),
        ("compound:Krise", "de", "Klimakrisen und Krisenstab", 2),
        ("compound:pankki", "fi", "keskuspankki ja pankkitili", 2),
        ("compound:válság", "hu", "a gazdasági világválság idején", 1),
        ("compound:은행", "ko", "중앙은행은 은행장을", 2),
        ("compound:Bank", "en", "a Bankholiday", None),
    ],
)
def test_words_in_compounds(query, language, text, expected):
    if expected is None:
        (told,) = mistakes(watch(query, languages=(language,)))
        assert "no language of the watch writes compounds with Bank as one word (name the one" in told
        return
    hits = found(query, item(text, language=language), languages=(language,))
    assert len(hits or ()) == expected, hits


def test_a_compound_says_so():
    (hit,) = explained("compound:Krise", item("Klimakrisen", language="de"), languages=("de",)).hits
    assert (hit.hit.text, hit.hit.reason) == ("Klimakrisen", "a compound with Krise")


def test_what_is_related_to_nothing_is_a_mistake():
    (told,) = mistakes(watch("visit OR related:table"))
    assert "column 10: nothing is known to be related to table (write the words with OR)" in told
