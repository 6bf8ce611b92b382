"""A feed inside an HTML page is a feed; a page about feeds is a page."""

from __future__ import annotations

import pytest

from marsad.feeds.parse import parse
from marsad.model import FetchProblem, ParsedFeed, ParseOutcome, Unparsed
from tests.unit.feeds.samples import atom, rss

ITEM = "<title>One</title>"


def parsed(text: str) -> ParseOutcome:
    return parse(text.encode(), url="http://a.example/", charset=None, content_type="text/html")


@pytest.mark.parametrize("feed", [rss(ITEM, ITEM), atom(ITEM, ITEM)])
def test_a_page_around_a_feed_is_taken_off(feed: str) -> None:
    found = parsed(f"<!DOCTYPE html>\n<html xmlns='http://www.w3.org/1999/xhtml'><body>{feed}</body></html>")
    assert isinstance(found, ParsedFeed)
    assert (found.title, len(found.items), found.partial) == ("Sample", 2, False)


@pytest.mark.parametrize(
    "inside",
    [
        "<p>Our feed: &lt;rss version='2.0'&gt;</p>",
        "<feed>cattle</feed>",
        "<svg><metadata><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></metadata></svg>",
    ],
)
def test_a_page_that_speaks_of_feeds_is_none(inside: str) -> None:
    found = parsed(f"<html><head><title>Farm</title></head><body>{inside}</body></html>")
    assert isinstance(found, Unparsed)
    assert (found.problem, found.detail) == (FetchProblem.NOT_A_FEED, 'an HTML page titled "Farm"')
