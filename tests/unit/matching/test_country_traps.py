"""Names of countries that are words, persons or parts of other names too, in sentences of our own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from marsad.matching.document import Source
from marsad.matching.packs import BODIES, COUNTRIES
from marsad.matching.watchset import compile_watch_set
from marsad.model import EntityDefinition, Revision, WatchDefinition

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


def revision(text: str, language: str) -> Revision:
    return Revision(
        title="", summary="", content=text, author="", language=language, link=None, published=None, hash="0"
    )


def hits(query: str, text: str, language: str, *own: EntityDefinition) -> list[str]:
    watch = WatchDefinition(id="w", name="w", label="w", query=query)
    compilation = compile_watch_set([watch], own, packs=[COUNTRIES])
    assert [str(it) for it in (*compilation.mistakes, *compilation.warnings)] == []
    result = compilation.watch_set.match(revision(text, language), Source(feed_id="a"), now=NOW)
    return [hit.text for match in result.matches for hit in match.hits]


@pytest.mark.parametrize(
    ("query", "language", "text", "expected"),
    [
        ("@russia", "ar", "قالت روسيا البيضاء إنها تدعم روسيا", ["روسيا"]),
        ("@belarus", "ar", "قالت روسيا البيضاء إنها تدعم روسيا", ["روسيا البيضاء"]),
        ("@russia", "ru", "Российско-белорусские учения в России начались", ["Российско", "России"]),
        ("@georgia", "en", "Georgia Tech beat the team from Georgia in Atlanta", []),
        ("@georgia", "en", "Georgia and Armenia sign a deal on transit", ["Georgia"]),
        ("@georgia", "en", "Protesters in Tbilisi say that Georgians want Europe", ["Georgians"]),
        ("@georgia", "ar", "وصلت جورجيا ميلوني إلى الرياض", []),
        ("@georgia", "ar", "وصل رئيس جورجيا إلى الرياض", ["جورجيا"]),
        ("@jordan", "en", "Michael Jordan watched as Jordan scored again", []),
        ("@jordan", "en", "Jim Jordan chairs the committee", []),
        ("@jordan", "en", "Jordan condemns strikes on Gaza", ["Jordan"]),
        ("@jordan", "en", "King Abdullah of Jordan left for Berlin", ["Jordan"]),
        ("@oman", "ar", "عقد الاجتماع في عمان بحضور ملك الأردن", []),
        ("@oman", "ar", "دعت سلطنة عمان إلى وقف النار، وقال وزير من عمان", ["سلطنة عمان", "عمان"]),
        ("@oman", "ar", "قال مسؤول من عُمان إن الحوار مستمر في عُمان", ["عُمان", "عُمان"]),
        ("@turkey", "en", "The recipe calls for a turkey; Turkey exports them", ["Turkey"]),
        ("@turkey", "ar", "التقى تركي الفيصل وزير الخارجية التركي", ["التركي"]),
        ("@hungary", "ar", "تغير مجرى الأحداث في المجر", ["المجر"]),
        ("@yemen", "ar", "أصيب في يده اليمنى خلال معارك اليمن", ["اليمن"]),
        ("@israel", "ru", "Израильтяне и израильско-палестинский диалог", ["Израильтяне", "израильско"]),
        ("@germany", "ru", "Немцов и немцы: немецкий взгляд", ["немцы", "немецкий"]),
        ("@czech-republic", "ru", "Чехов писал, а чехи читали чешский перевод", ["чехи", "чешский"]),
        ("@czech-republic", "ru", "Дети купили чешки для танцев", []),
        ("@bulgaria", "ru", "Рабочий резал металл болгаркой", []),
        ("@bulgaria", "ru", "Болгария ждёт: болгарка вышла в финал", ["Болгария", "болгарка"]),
        ("@finland", "ru", "Финский залив замёрз, финская граница закрыта", ["финская"]),
        ("@ireland", "en", "Northern Ireland and Ireland agree; Northern Irish parties do not", ["Ireland"]),
        ("@poland", "en", "He reached the North Pole; the Poles in Poland cheered", ["Poles", "Poland"]),
        ("@united-kingdom", "en", "British Columbia has no British troops", ["British"]),
        ("@morocco", "ar", "أقيمت صلاة المغرب قبل مباراة المغرب", ["المغرب"]),
        ("@united-arab-emirates", "en", "An Emirates flight to Lagos was late", []),
    ],
)  # fmt: skip
def test_a_country_is_not_its_namesake(query: str, language: str, text: str, expected: list[str]) -> None:
    assert hits(query, text, language) == expected


def test_the_capital_acts_only_where_it_was_asked_for() -> None:
    russia = EntityDefinition(id="r", kind="place", name="Russia", country="RU")
    text = "Москва и Кремль: россияне и российский МИД о России"
    assert hits("@r", text, "ru", russia) == ["россияне", "российский", "России"]
    with_capital = ["Москва", "Кремль", "россияне", "российский", "России"]
    assert hits("@r", text, "ru", replace(russia, capital=True)) == with_capital
    assert hits("@r", text, "ru", replace(russia, demonyms=False)) == ["России"]


def test_names_beyond_the_tables_come_from_cldr() -> None:
    entity = EntityDefinition(id="egypt", kind="place", name="Egypt", country="EG")
    watch = WatchDefinition(id="w", name="w", label="w", query="@egypt", languages=("de", "ja"))
    compilation = compile_watch_set([watch], [entity])
    assert compilation.mistakes == ()
    item = revision("Ägypten und Aegypten", "de")
    result = compilation.watch_set.match(item, Source(feed_id="a"), now=NOW)
    assert [hit.text for match in result.matches for hit in match.hits][:1] == ["Ägypten"]


def test_an_entity_of_the_configuration_replaces_that_of_the_pack_under_both_its_ids() -> None:
    own = EntityDefinition(id="russia", kind="place", name="Rossija", names=(("en", ("Rossija",)),))
    for query in ("@russia", "@RU"):
        assert hits(query, "Rossija, not Russia", "en", own) == ["Rossija"]


def test_a_pack_costs_nothing_while_no_query_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(name: str) -> None:
        raise AssertionError(f"{name} was read")

    monkeypatch.setattr("marsad.matching.packs.pack", never)
    watch = WatchDefinition(id="w", name="w", label="w", query="Moscow OR @own")
    own = EntityDefinition(id="own", kind="other", name="Acme", names=(("en", ("Acme",)),))
    assert compile_watch_set([watch], [own]).mistakes == ()


def test_a_name_that_no_pack_has_is_told_with_those_that_are_near() -> None:
    watch = WatchDefinition(id="w", name="w", label="w", query="@rusia")
    (mistake,) = compile_watch_set([watch], packs=[COUNTRIES, BODIES]).mistakes
    assert "russia" in mistake.hint
