"""An entity stands where one of its names does: weak ones in company, none that are another's."""

from __future__ import annotations

import pytest

from marsad.matching.watchset import compile_watch_set
from tests.unit.matching.world import ENTITIES, compiled, entity, expand, found, item, match, watch

TURKEY = entity("turkey", "place", names={"en": ["Turkey", "Türkiye"], "ar": ["تركيا"], "ru": ["Турция"]})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Мария Захарова приехала", ["Мария Захарова"]),
        ("о Марии Захаровой и Захаровой", ["Марии Захаровой", "Захаровой"]),
        ("Захарова приехала", None),
        ("Захарова из МИДа", ["Захарова"]),
        ("Захарова, foreign ministry", ["Захарова"]),
        ("Zakharova of the foreign ministry", ["Zakharova"]),
        ("قالت زاخاروفا إن الخارجية ردت", ["زاخاروفا"]),
        ("قالت زاخاروفا", None),
        ("قالت ماريا زاخاروفا. وأضافت زاخاروفا", ["ماريا زاخاروفا", "زاخاروفا"]),
        ("Мария Захарова и Екатерина Захарова", ["Мария Захарова"]),
        ("Екатерина Захарова из МИД", None),
        ("Екатерина Захарова из МИД, а Захарова молчит", ["Захарова"]),
        ("Захаров из МИД", None),
        ("Захаровы из МИД", None),
    ],
)
def test_weak_names_company_and_namesakes(text, expected):
    assert found("@zakharova", text) == expected


def test_company_may_stand_in_another_field():
    assert found("@zakharova", item("Захарова ответила", "Так сообщил МИД")) == ["Захарова"]
    assert found("@zakharova", item("Захарова ответила", summary="Мария Захарова")) == [
        "Захарова",
        "Мария Захарова",
    ]


def test_an_author_is_no_company():
    assert found("@zakharova", item("Захарова ответила", author="Мария Захарова")) is None


def test_in_a_field_only_the_names_there_count_but_company_does_from_anywhere():
    text = item("Захарова ответила", "Мария Захарова")
    assert found("title:@zakharova", text) == ["Захарова"]
    assert found("content:@zakharova", text) == ["Мария Захарова"]
    assert found("summary:@zakharova", text) is None


def test_the_longest_of_overlapping_names_counts_once():
    assert found("@hamas", "قالت حركة المقاومة الإسلامية حماس") == ["حركة المقاومة الإسلامية", "حماس"]
    nested = entity("un", names={"en": ["United Nations", "United Nations Security Council"]})
    watches = compiled([watch("@un")], [nested])
    (mention,) = match(watches, item("The United Nations Security Council and the United Nations")).matches
    assert [hit.text for hit in mention.hits] == ["United Nations Security Council", "United Nations"]


def test_a_hit_says_which_name_of_which_entity_in_which_language():
    (mention,) = match(compiled("@hamas"), item("Делегация ХАМАСа")).matches
    (hit,) = mention.hits
    assert (hit.entity, hit.term, hit.language, hit.text) == ("hamas", "ХАМАС", "ru", "ХАМАСа")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Turkey’s envoy in Türkiye", ["Turkey’s", "Türkiye"]),
        ("a turkey for dinner", None),
        ("السفير لتركيا وبتركيا", ["لتركيا", "وبتركيا"]),
        ("посол Турции в Турцию", ["Турции", "Турцию"]),
        ("Turkish policy, турецкий, تركي", None),
    ],
)
def test_names_are_matched_by_the_rules_of_their_language(text, expected):
    (mention,) = match(compiled([watch("@turkey")], [TURKEY]), item(content=text)).matches or [None]
    assert (mention and [hit.text for hit in mention.hits]) == expected


def test_a_name_written_in_another_script_is_found_in_any_item():
    assert found("@hamas", item("وفد Hamas في القاهرة", language="ar")) == ["Hamas"]
    assert found("@hamas", item("وفد Hamas في القاهرة", language="fa")) == ["Hamas"]


def test_an_alias_vetoes_look_alikes_of_other_terms():
    kean = entity("kean", "person", names={"ar": ["بكين"]})
    watches = compiled([watch("كين", "kin"), watch("@kean", "kean")], [kean])
    (mention,) = match(watches, item("زيارة بكين", language="ar")).matches
    assert mention.watch_id == "kean"


def test_entities_in_every_operator():
    text = "Moscow received Hamas, Maria Zakharova said"
    assert found("@moscow NEAR/3 @hamas", text) == ["Moscow", "Hamas"]
    assert found("(@moscow OR @zakharova) ONEAR/3 @hamas", text) == ["Moscow", "Hamas"]
    assert found("@hamas NOT @zakharova", text) is None
    assert found("lead:@hamas AND content:@moscow", text) == ["Moscow", "Hamas"]
    assert found("@moscow NOT NEAR/1 @hamas", text) is None
    assert found("@zakharova EXCEPT Zakharova", text) == ["Maria Zakharova"]


def test_conditions_may_name_entities_but_not_in_a_circle():
    first = entity("first", weak={"en": ["Smith"]}, names={"en": ["John Smith"]}, with_query="@moscow")
    watches = compiled([watch("@first")], [first, *ENTITIES])
    assert match(watches, item("Smith in Moscow")).matches
    assert not match(watches, item("Smith in Rome")).matches
    one = entity("one", weak={"en": ["One1"]}, with_query="@two")
    two = entity("two", weak={"en": ["Two2"]}, with_query="@one")
    compilation = compile_watch_set([watch("@one")], [one, two], expand=expand)
    told = [str(mistake) for mistake in compilation.mistakes]
    assert 'entity "one": with: comes back to itself: @one → @two → @one (break the circle)' in told[0]
    assert len(compilation.watch_set) == 0


def test_the_version_of_a_watch_changes_with_its_entity():
    def version(*known):
        return compiled([watch("@who OR visit")], known).versions()["w"]

    first = entity("who", names={"en": ["John Smith"]})
    assert version(first) == version(first, entity("other", names={"en": ["Jane Doe"]}))
    assert version(first) != version(entity("who", names={"en": ["John Smith", "J. Smith"]}))
