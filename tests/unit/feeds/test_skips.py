"""skipHours and skipDays, as feeds write them."""

from __future__ import annotations

import pytest

from marsad.feeds.parse import parse
from marsad.feeds.skips import read_skips
from marsad.model import ParsedFeed, Skips
from tests.unit.feeds.samples import atom, rss

ITEM = "<title>One</title>"
NIGHT = Skips(hours=frozenset({0, 1, 23}))
WEEKEND = Skips(days=frozenset({5, 6}))


@pytest.mark.parametrize(
    ("head", "skips"),
    [
        ("<skipHours><hour>0</hour><hour>1</hour><hour>23</hour></skipHours>", NIGHT),
        ("<skipHours>\n <hour> 24 </hour>\n<hour>1</hour><hour>23</hour></skipHours>", NIGHT),
        ("<SKIPHOURS><hours>00</hours><Hours>1</Hours><hour>23</hour></SKIPHOURS>", NIGHT),
        ("<skipDays><day>Saturday</day><day> sunday\n</day></skipDays>", WEEKEND),
        (
            "<skipdays><day>Sat</day><day>Sun</day></skipdays><skipHours><hour>3</hour></skipHours>",
            Skips(hours=frozenset({3}), days=frozenset({5, 6})),
        ),
        ("<skipHours><hour>25</hour><hour>-1</hour><hour>x</hour><hour>٣</hour></skipHours>", Skips()),
        ("<skipDays><day>Freitag</day><day></day></skipDays>", Skips()),
        ("<skipHours><hour>1</hour>", Skips(hours=frozenset({1}))),
        ("", Skips()),
    ],
)
def test_hours_and_days_are_read_as_feeds_write_them(head: str, skips: Skips) -> None:
    assert read_skips(rss(ITEM, head=head)) == skips
    assert read_skips(rss(head=head)) == skips


def test_a_list_of_everything_is_ignored() -> None:
    hours = "".join(f"<hour>{n}</hour>" for n in range(24))
    days = "".join(f"<day>{name}day</day>" for name in ("mon", "tues", "wed", "thurs", "fri", "satur", "sun"))
    assert read_skips(rss(ITEM, head=f"<skipHours>{hours}</skipHours><skipDays>{days}</skipDays>")) == Skips()


def test_a_channel_may_say_it_after_its_items_and_an_item_says_nothing() -> None:
    said = "<skipDays><day>Saturday</day><day>Sunday</day></skipDays>"
    after = rss(ITEM, ITEM).replace("</channel>", said + "</channel>")
    assert read_skips(after) == WEEKEND
    assert read_skips(rss(ITEM, f"<description><![CDATA[{said}]]></description>", ITEM)) == Skips()


def test_the_parser_hands_them_over() -> None:
    body = rss(ITEM, head="<skipDays><day>Saturday</day><day>Sunday</day></skipDays>").encode()
    parsed = parse(body, url="http://a.example/", charset=None, content_type=None)
    assert isinstance(parsed, ParsedFeed)
    assert parsed.skips == WEEKEND
    plain = parse(atom(ITEM).encode(), url="http://a.example/", charset=None, content_type=None)
    assert isinstance(plain, ParsedFeed)
    assert plain.skips == Skips()
