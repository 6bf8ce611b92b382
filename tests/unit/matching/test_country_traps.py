"""Names of countries that are words, persons or parts of other names too, in sentences of our own."""

from __future__ import annotations

import subprocess
import sys
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
        ("@spain", "en", "Port of Spain is far from Spain", ["Spain"]),
        ("@guinea", "en", "Guinea-Bissau, Equatorial Guinea, Papua New Guinea and Guinea", ["Guinea"]),
        ("@guinea", "ar", "غينيا بيساو وغينيا الاستوائية وغينيا", ["وغينيا"]),
        ("@guinea", "ru", "Гвинея-Бисау, Экваториальная Гвинея, Папуа — Новая Гвинея, Гвинея", ["Гвинея"]),
        ("@guinea-bissau", "ru", "в Гвинее-Бисау и Гвинее", ["Гвинее-Бисау"]),
        ("@niger", "en", "Nigeria and the Niger Delta, not Niger", ["Niger"]),
        ("@nigeria", "en", "Nigeria and Niger: Nigerians and Nigeriens", ["Nigeria", "Nigerians"]),
        ("@niger", "ru", "Нигерия и Нигер: нигерийский посол в Нигере", ["Нигер", "Нигере"]),
        ("@CD", "en", "DR Congo said the Congolese army left", ["DR Congo", "Congolese"]),
        ("@CG", "en", "DR Congo said the Congolese army left", []),
        ("@CG", "en", "In Brazzaville, the Congolese president spoke of Congo", ["Congolese", "Congo"]),
        ("@CG", "en", "The Republic of the Congo is not the Democratic Republic of the Congo",
         ["Republic of the Congo"]),
        ("@CD", "en", "The Republic of the Congo is not the Democratic Republic of the Congo",
         ["Democratic Republic of the Congo"]),
        ("@south-korea", "en", "North Korea fires missiles; South Korea and Koreans watch",
         ["South Korea", "Koreans"]),
        ("@north-korea", "en", "North Korea fires missiles; South Korea and Koreans watch", ["North Korea"]),
        ("@south-korea", "ru", "Северная Корея и северокорейские ракеты", []),
        ("@south-korea", "ar", "أطلقت كوريا الشمالية صاروخا وردت كوريا الجنوبية", ["كوريا الجنوبية"]),
        ("@north-korea", "ar", "الجيش الكوري الشمالي والكوري الجنوبي", ["الكوري الشمالي"]),
        ("@sudan", "ar", "السودان وجنوب السودان والسودانيون", ["السودان", "والسودانيون"]),
        ("@sudan", "ru", "Южный Судан и южносуданские лидеры о Судане", ["Судане"]),
        ("@dominica", "en", "The Dominican Republic is larger than Dominica", ["Dominica"]),
        ("@dominican-republic", "en", "Dominica is smaller than the Dominican Republic; Dominicans say so",
         ["Dominican Republic", "Dominicans"]),
        ("@mali", "ru", "В Мали мало воды", ["Мали"]),
        ("@mali", "ar", "قدم الوزير دعما ماليا وتحدث عن إصلاح مالي", []),
        ("@mali", "ar", "أعلن رئيس مالي في باماكو وقف النار", ["مالي"]),
        ("@togo", "ru", "Того, кто ждёт, найдут. Кроме того, ничего того", []),
        ("@togo", "ru", "Президент прибыл в Того из Ломе", ["Того"]),
        ("@chad", "en", "Chad Smith met Chad at a party", []),
        ("@chad", "en", "Chad closes its border with Sudan", ["Chad"]),
        ("@chad", "ru", "Чад от костра шёл в дом", []),
        ("@chad", "ru", "Власти Чада закрыли границу с Суданом", ["Чада"]),
        ("@chile", "ru", "В Чили и Перу чилийцы и перуанцы", ["Чили", "чилийцы"]),
        ("@peru", "ru", "Роман принадлежит перу поэта; он уехал в Перу", ["Перу"]),
        ("@cuba", "ru", "Парк в Кубинке открыт; кубинцы на Кубе", ["кубинцы", "Кубе"]),
        ("@cuba", "ar", "بطولة كوبا أمريكا في كوبا", ["كوبا"]),
        ("@united-states", "en", "Give us time, US envoys and the U.S. say; South America agrees",
         ["US", "U.S."]),
        ("@united-states", "ar", "أمريكا اللاتينية وأميركا والأمريكيون", ["وأميركا", "والأمريكيون"]),
        ("@united-states", "ru", "Южная Америка и США: американо-китайский спор американцев",
         ["США", "американо", "американцев"]),
        ("@mexico", "en", "New Mexico borders Mexico on no Gulf of Mexico", ["Mexico"]),
        ("@india", "en", "An Indian ship in the Indian Ocean", ["Indian"]),
        ("@china", "ar", "بحر الصين الجنوبي والصين", ["والصين"]),
        ("@china", "en", "The set of china came from China; South China Sea is near", ["China"]),
        ("@taiwan", "en", "Chinese Taipei and Taiwanese flags", ["Chinese Taipei", "Taiwanese"]),
        ("@china", "en", "Chinese Taipei and Chinese flags", ["Chinese"]),
        ("@samoa", "en", "American Samoa and Samoa", ["Samoa"]),
        ("@benin", "ar", "افتتحت مدرسة بنين جديدة، وكان عنده بنين وبنات", []),
        ("@thailand", "ru", "Тайская кухня и таец", ["Тайская", "таец"]),
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


READS = """
from marsad.language.countries import countries
from marsad.matching.packs import BODIES, COUNTRIES, pack
from marsad.matching.watchset import compile_watch_set
from marsad.model import EntityDefinition, WatchDefinition

own = EntityDefinition(id="own", kind="other", name="Acme", names=(("en", ("Acme",)),))
for query in ("Moscow OR @own", "@RU"):
    watch = WatchDefinition(id="w", name="w", label="w", query=query)
    assert compile_watch_set([watch], [own], packs=[COUNTRIES, BODIES]).mistakes == ()
    print(countries.cache_info().currsize + pack.cache_info().currsize)
"""


def test_a_pack_costs_nothing_while_no_query_names_it() -> None:
    done = subprocess.run([sys.executable, "-c", READS], capture_output=True, text=True, check=True)
    without, with_one = map(int, done.stdout.split())
    assert without == 0 < with_one


def test_a_name_that_no_pack_has_is_told_with_those_that_are_near() -> None:
    watch = WatchDefinition(id="w", name="w", label="w", query="@rusia")
    (mistake,) = compile_watch_set([watch], packs=[COUNTRIES, BODIES]).mistakes
    assert "russia" in mistake.hint


def test_a_pack_that_is_not_used_is_named_to_whoever_asks_for_what_it_has() -> None:
    watch = WatchDefinition(id="w", name="w", label="w", query="@russia OR @nato")
    hints = [it.hint for it in compile_watch_set([watch]).mistakes]
    assert hints == [f'add use = "{name}" at the top of entities.toml' for name in (COUNTRIES, BODIES)]


def test_the_reason_of_a_compound_tells_its_part() -> None:
    watch = WatchDefinition(id="w", name="w", label="w", query="@US")
    watch_set = compile_watch_set([watch], packs=[COUNTRIES]).watch_set
    item = revision("Американо-китайский спор", "ru")
    ((hit,),) = (match.hits for match in watch_set.match(item, Source(feed_id="a"), now=NOW).matches)
    assert (hit.text, hit.reason) == ("Американо", "американо- as the first part of a compound")
