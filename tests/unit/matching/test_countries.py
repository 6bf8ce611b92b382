"""Every word of the tables of countries is found in its forms, and belongs to one country."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import UTC, datetime
from functools import cache

import pytest

from marsad.language.countries import LANGUAGES, countries
from marsad.language.names import fold_name
from marsad.matching.document import Source
from marsad.matching.matcher import WatchSet
from marsad.matching.packs import COUNTRIES
from marsad.matching.watchset import compile_watch_set
from marsad.model import EntityDefinition, Revision, WatchDefinition
from tests.shared_data import shared
from tests.unit.matching.country_lines import framed, lines, name_forms

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)

CONGOS = {"democratic-republic-of-the-congo", "republic-of-the-congo"}
SHARED: dict[tuple[str, str], set[str]] = {
    ("ar", "الكونغو"): CONGOS,
    ("ar", "الكونجو"): CONGOS,
    ("ar", "كونغولي"): CONGOS,
    ("ru", "Конго"): CONGOS,
    ("ru", "конголезский"): CONGOS,
    ("ru", "конголезец"): CONGOS,
    ("ru", "конголезка"): CONGOS,
    ("en", "Congo"): CONGOS,
    ("en", "Congolese"): CONGOS,
}
"""(language, word) that several countries claim, each only in company."""


@cache
def every_country() -> WatchSet:
    watches = [
        WatchDefinition(id=country.id, name=code, label=code, query=f"@{code}")
        for code, country in countries().items()
    ]
    compilation = compile_watch_set(watches, packs=[COUNTRIES])
    assert [str(it) for it in (*compilation.mistakes, *compilation.warnings)] == []
    return compilation.watch_set


def revision(text: str, language: str) -> Revision:
    return Revision(
        title="", summary="", content=text, author="", language=language, link=None, published=None, hash="0"
    )


def spans(text: str, language: str) -> dict[str, list[tuple[int, int]]]:
    result = every_country().match(revision(text, language), Source(feed_id="a"), now=NOW)
    assert result.failed == ()
    return {match.watch_id: [(hit.start, hit.end) for hit in match.hits] for match in result.matches}


def missed_and_foreign(code: str, language: str) -> tuple[list[str], dict[str, list[str]]]:
    """Return the lines in which the country is not found, and those in which another is."""
    country = countries()[code]
    told = [(word, line) for its, word, line in lines(country) if its == language]
    text = "\n".join(line for _, line in told)
    found = spans(text, language)
    missed: list[str] = []
    foreign: dict[str, list[str]] = defaultdict(list)
    start = 0
    for word, line in told:
        end = start + len(line)
        if not any(start <= first and last <= end for first, last in found.get(country.id, ())):
            missed.append(line)
        for other, places in found.items():
            shared = other == country.id or other in SHARED.get((language, word), set())
            if not shared and any(start <= first and last <= end for first, last in places):
                foreign[other].append(line)
        start = end + 1
    return missed, dict(foreign)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_tables_is_found_in_its_forms_as_its_own_country_alone(language: str) -> None:
    reports = {code: missed_and_foreign(code, language) for code in countries()}
    assert {code: missed for code, (missed, _) in reports.items() if missed} == {}
    assert {code: foreign for code, (_, foreign) in reports.items() if foreign} == {}


WORDS = {"بنوك", "وبنوك", "بديلي", "وبديلي"}
"""Banks, and substitutes: not Nuuk and Dili behind a preposition."""


def test_capitals_and_seats_of_power_are_found_where_they_act() -> None:
    entities = [
        EntityDefinition(id=country.id, kind="place", name=country.name, country=code, capital=True)
        for code, country in countries().items()
    ]
    watches = [WatchDefinition(id=it.id, name=it.id, label=it.id, query=f"@{it.id}") for it in entities]
    compilation = compile_watch_set(watches, entities)
    assert [str(it) for it in (*compilation.mistakes, *compilation.warnings)] == []
    missed = []
    for country in countries().values():
        for words in (country.capital, country.actors):
            for language, listed in words.items():
                for form in (form for word in listed for form in name_forms(language, word)):
                    item = revision(framed(language, form), language)
                    result = compilation.watch_set.match(item, Source(feed_id="a"), now=NOW)
                    if country.id not in {match.watch_id for match in result.matches} and form not in WORDS:
                        missed.append((country.id, form))
    assert missed == []


def test_no_word_of_the_tables_belongs_to_two_countries_unless_it_is_listed() -> None:
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for country in countries().values():
        for language, word, _ in country.words():
            owners[language, fold_name(language, word)].add(country.id)
    shared = {(language, fold_name(language, word)): ids for (language, word), ids in SHARED.items()}
    assert {key: ids for key, ids in owners.items() if len(ids) > 1} == shared


OWN_ARTICLE = """موسكو ترد على أسئلة السفراء
قال سفير روسيا الاتحادية إن الجانب الروسي شرح موقفه، وإن المواطنين الروس غادروا.
ونفت الصحف الروسية والمتحدثة باسم الخارجية الروسية توجيه أي اتهام لروسيا.
"""


def test_a_country_is_found_in_an_article_by_its_names_adjectives_and_nationals() -> None:
    found = [OWN_ARTICLE[start:end] for start, end in spans(OWN_ARTICLE, "ar")["russia"]]
    assert found == ["روسيا الاتحادية", "الروسي", "الروس", "الروسية", "الروسية", "لروسيا"]


def test_russia_in_the_article_that_defines_the_service() -> None:
    (path,) = shared("data/seed").glob("*.txt")
    text = path.read_text(encoding="utf-8")
    found = [text[start:end] for start, end in spans(text, "ar")["russia"]]
    assert found[0] == "روسيا الاتحادية"
    assert [it.split()[0] for it in found] == re.findall(r"\w*روس\w*", text)
