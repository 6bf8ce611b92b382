"""A query is tried on texts at hand: plain ones, pages and feeds; without a configuration, or with one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad import config
from marsad.matching.document import Source
from marsad.operations.trials import (
    TriedText,
    compile_query,
    texts_of,
    trial_object,
    try_query,
    unwrapped,
)
from tests.unit.config_folder import write
from tests.unit.matching.world import NOW

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>A</title><language>ar</language>
<item><title>وصول وفد حماس</title><description>&lt;p&gt;إلى موسكو&lt;/p&gt;</description><guid>1</guid></item>
<item><title>Weather</title><guid>2</guid></item>
</channel></rss>"""
LONG = "a line that is so long that it was broken only to fit the width of a page"


def texts(data: str | bytes, **keys) -> list[TriedText]:
    body = data if isinstance(data, bytes) else data.encode()
    return list(texts_of("a.txt", body, **{"language": None, **keys}))


def test_a_plain_text_is_the_content_and_keeps_its_offsets():
    (text,) = texts("First line\n\nSecond – line…")
    assert (text.name, text.revision.title, text.in_feed) == ("a.txt", "", False)
    assert text.revision.content == "First line\n\nSecond – line…"


def test_a_headline_is_the_title():
    (text,) = texts("Visit of the\nminister\n", headline=True, language="en")
    assert (text.revision.title, text.revision.content) == ("Visit of the minister", "")
    assert text.revision.language == "en"


def test_the_items_of_a_feed_are_tried_each():
    first, second = texts(FEED, language="ru")
    assert (first.name, first.revision.title) == ("a.txt, item 1", "وصول وفد حماس")
    assert first.revision.summary == "إلى موسكو"
    assert first.revision.language == "ar"
    assert second.in_feed


def test_a_json_feed_and_json_that_is_none():
    feed = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "Visit"}]}'
    (text,) = texts(feed)
    assert (text.in_feed, text.revision.title) == (True, "Visit")
    (text,) = texts('{"a": "Visit"}')
    assert (text.in_feed, text.revision.content) == (False, '{"a": "Visit"}')


def test_a_page_is_its_text():
    (text,) = texts("<!doctype html><html><head><title>The &amp; title</title></head><p>Ac<b>me</b></p>")
    assert (text.revision.title, text.revision.content) == ("The & title", "Acme")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1256"])
def test_a_text_in_another_encoding(encoding):
    content = "قال وزير الخارجية إن الوفد وصل إلى موسكو أمس، وإن المحادثات بدأت في العاصمة."
    (text,) = texts(content.encode(encoding))
    assert text.revision.content == content


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{LONG}\n{LONG}\n\n{LONG}", f"{LONG} {LONG}\n\n{LONG}"),
        (f"Headline\n{LONG}\n{LONG}", f"Headline\n{LONG} {LONG}"),
        (f"{LONG}.\n{LONG}", f"{LONG}.\n{LONG}"),
        (f"{LONG}.\n{LONG}\n\nx", f"{LONG}. {LONG}\n\nx"),
        (f"{LONG}\r\n{LONG}\r\n", f"{LONG}  {LONG} \n"),
        ("", ""),
        ("\n", "\n"),
    ],
)
def test_line_ends_that_only_fit_a_page_are_spaces(text, expected):
    assert unwrapped(text) == expected


@given(st.text(alphabet="ab. \r\n…»", max_size=300))
def test_unwrapping_moves_nothing(text):
    assert len(unwrapped(text)) == len(text)


def test_a_query_needs_no_configuration():
    tried = compile_query("ministry NEAR/3 visit", now=NOW)
    assert (tried.mistakes, tried.warnings) == ((), ())
    (text,) = texts("The ministries spoke of the visit")
    trial = try_query(tried, text, source=Source(feed_id=""), now=NOW)
    told = trial_object(trial)
    assert told["found"]
    assert told["prominence"] == "lead"
    assert [hit["text"] for hit in told["hits"]] == ["ministries", "visit"]
    assert set(told["hits"][0]) == {"field", "start", "end", "text", "term", "entity", "language", "reason"}


def test_what_is_wrong_with_a_query_has_its_column():
    (mistake,) = compile_query("ministry AND (visit", now=NOW).mistakes
    assert mistake.column == 14
    (mistake,) = compile_query("@hamas", now=NOW).mistakes
    assert 'no entity has the id "hamas"' in mistake.problem
    (warning,) = compile_query("ministry AND visit OR trip", now=NOW).warnings
    assert warning.column == 1


ENTITY = '[[entity]]\nid = "{0}"\nkind = "other"\nname = "{1}"\n'


def test_entities_and_feeds_are_those_of_the_configuration(tmp_path):
    entities = ENTITY.format("hamas", "Hamas") + ENTITY.format("bad", "x")
    draft = config.read(write(tmp_path, {"entities.toml": entities}))
    assert compile_query("@hamas feed:tass", draft, now=NOW).mistakes == ()
    assert "cannot be used" in compile_query("@hamas OR @bad", draft, now=NOW).mistakes[0].problem
    assert 'no feed has the id "tas"' in compile_query("visit feed:tas", draft, now=NOW).mistakes[0].problem


def test_a_configuration_with_mistakes_gives_what_can_be_read_of_it(tmp_path):
    entities = ENTITY.format("hamas", "Hamas") + ENTITY.format("other", "Other") + "nmae = 5\n"
    draft = config.read(write(tmp_path, {"entities.toml": entities, "feeds.toml": "["}))
    assert compile_query("@hamas feed:any", draft, now=NOW).mistakes == ()
    (mistake,) = compile_query("@hamas OR @other", draft, now=NOW).mistakes
    assert mistake.problem == "an entity or watch that it names cannot be used"
