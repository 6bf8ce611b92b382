"""From a due feed to recorded mentions, on both databases, against a real server and real parsers."""
# ruff: noqa: F811 - the fixture feed_server is imported

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from marsad.model import FeedDefinition, FirstContact, IdentityPolicy
from marsad.store import items
from marsad.store.database import Database
from tests.pipeline.polling import (
    ALL,
    DAY,
    HOUR,
    MINUTE,
    Newsroom,
    body,
    feed,
    item,
    newsroom,
    watch,
)
from tests.servers.feed_server import (
    FeedServer,
    conditional,
    feed_server,  # noqa: F401
    not_modified,
    ok,
    redirect,
    status,
    truncated,
)
from tests.store.world import NOW

GAS = watch("gas", "gas")
_ONE_BY_TITLE = f"Gas report 1 {format_datetime(NOW - HOUR)}"
ONE, TWO, THREE = (item(str(n), f"Gas report {n}", published=NOW - HOUR) for n in (1, 2, 3))


@pytest.fixture
async def room(store: Database, tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with newsroom(store, tmp_path) as room:
        yield room


async def first_contact(room: Newsroom, definition: FeedDefinition) -> None:
    """Configure one feed and poll it once."""
    room.configure(definition, watches=[GAS])
    assert await room.poll() == 1


# ── what is found is recorded ────────────────────────────────────────────────────────────────────


async def test_a_new_item_is_recorded_with_what_it_mentions(room: Newsroom, feed_server: FeedServer) -> None:
    url = feed_server.script("/a", [ok(body(item("1", "Gas flows again"), item("2", "Rain")), etag='"1"')])
    await first_contact(room, feed(url, first_contact=ALL))
    (mention,) = room.mentions()
    assert (mention.title, mention.arrival) == ("Gas flows again", "catch_up")
    assert [hit.text for hit in mention.hits] == ["Gas"]
    assert room.keys() == ["guid:2", "guid:1"]
    status = room.status()
    assert (status.outcome, status.detail, status.title) == ("fetched", "", "Sample")
    assert status.first_contact_at == status.last_success_at == NOW
    assert NOW + 15 * MINUTE <= status.due_at <= NOW + 16 * MINUTE
    assert await room.poll() == 0


async def test_an_item_that_comes_later_is_news_whatever_its_date(
    room: Newsroom, feed_server: FeedServer
) -> None:
    old = item("old", "Gas of last year", published=NOW - 365 * DAY)
    undated, future = item("undated", "Gas some day"), item("f", "Gas in 2099", published=NOW + 9999 * DAY)
    url = feed_server.script("/a", [ok(body(ONE), etag="1"), ok(body(ONE, old, undated, future), etag="2")])
    await first_contact(room, feed(url))
    await room.poll(HOUR)
    assert room.arrivals() == {
        "Gas report 1": "catch_up",
        "Gas of last year": "live",
        "Gas some day": "live",
        "Gas in 2099": "live",
    }


async def test_an_edited_item_is_a_new_revision_and_no_new_mention(
    room: Newsroom, feed_server: FeedServer
) -> None:
    edited = item("1", "Gas report 1, corrected", published=NOW - HOUR)
    url = feed_server.script("/a", [ok(body(ONE)), ok(body(edited))])
    await first_contact(room, feed(url, every=MINUTE))
    await room.poll(HOUR)
    (mention,) = room.mentions()
    assert mention.title == "Gas report 1"
    shown = room.database.query(items.load_item, mention.item_id)
    assert [one.revision.title for one in shown.revisions] == ["Gas report 1", "Gas report 1, corrected"]


async def test_an_item_that_changes_with_each_poll_has_few_revisions(
    room: Newsroom, feed_server: FeedServer
) -> None:
    replies = [ok(body(item("1", "Gas report", text=f"read {n} times"))) for n in range(100)]
    await first_contact(room, feed(feed_server.script("/a", replies), every=MINUTE, first_contact=ALL))
    for _ in range(99):
        assert await room.poll(15 * MINUTE) == 1
    assert room.count_revisions() == 14  # ten, then after 1, 2, 4 and 8 of 22 hours
    (mention,) = room.mentions()
    assert (
        room.database.query(items.load_item, mention.item_id).revisions[0].revision.summary == "read 0 times"
    )


async def test_an_item_speaks_the_language_of_its_feed_where_it_names_none(
    room: Newsroom, feed_server: FeedServer
) -> None:
    url = feed_server.script("/a", [ok(body(item("1", "وزارة الغاز")))])
    room.configure(feed(url, language="ar", first_contact=ALL), watches=[watch("gas", "غاز")])
    await room.poll()
    (mention,) = room.mentions()
    assert room.database.query(items.load_item, mention.item_id).current.revision.language == "ar"


async def test_a_watch_sees_only_the_feeds_with_its_tag(room: Newsroom, feed_server: FeedServer) -> None:
    urls = [feed_server.script(f"/{name}", [ok(body(ONE))]) for name in "ab"]
    definitions = [feed(urls[0], "a", tags=("state",)), feed(urls[1], "b")]
    room.configure(*definitions, watches=[watch("gas", "gas", tags=("state",))])
    assert await room.poll() == 2
    assert [one.feed_id for one in room.mentions()] == ["a"]


# ── first contact, downtime ──────────────────────────────────────────────────────────────────────

AGES = body(
    item("fresh", "Gas fresh", published=NOW - HOUR),
    item("day", "Gas a day old", published=NOW - 25 * HOUR),
    item("soon", "Gas within the hour", published=NOW + 59 * MINUTE),
    item("later", "Gas of tomorrow", published=NOW + 61 * MINUTE),
    item("never", "Gas undated"),
)


@pytest.mark.parametrize(
    ("window", "told"),
    [
        (FirstContact(window=DAY), {"fresh", "within the hour"}),
        (FirstContact(window=7 * DAY), {"fresh", "a day old", "within the hour"}),
        (ALL, {"fresh", "a day old", "within the hour", "of tomorrow", "undated"}),
        (FirstContact(window=timedelta(0)), set()),
    ],
)
async def test_at_first_contact_dates_decide_what_is_told(
    room: Newsroom, feed_server: FeedServer, window: FirstContact, told: set[str]
) -> None:
    await first_contact(room, feed(feed_server.script("/a", [ok(AGES)]), first_contact=window))
    assert {
        title.removeprefix("Gas ") for title, arrival in room.arrivals().items() if arrival == "catch_up"
    } == told
    others = {title for title, arrival in room.arrivals().items() if arrival == "before_first_contact"}
    assert len(others) == 5 - len(told)


async def test_first_contact_is_the_first_success(room: Newsroom, feed_server: FeedServer) -> None:
    url = feed_server.script("/a", [status(500), ok(b"<html>login</html>"), ok(body(ONE))])
    await first_contact(room, feed(url))
    await room.poll(DAY)
    assert room.status().outcome == "not_a_feed"
    assert room.status().first_contact_at is None
    room.now = NOW
    room.configure(feed(url + "?"), watches=[GAS])
    await room.poll()
    assert room.arrivals() == {"Gas report 1": "catch_up"}


async def test_a_first_body_that_came_in_part_does_not_make_the_rest_of_it_news(
    room: Newsroom, feed_server: FeedServer
) -> None:
    old = item("old", "Gas of last year", published=NOW - 365 * DAY)
    whole = body(ONE, old)
    part = whole[: whole.index(b"</item>") + len(b"</item>")]
    more = body(ONE, old, item("new", "Gas again", published=NOW - 365 * DAY))
    url = feed_server.script("/a", [truncated(part, announced=len(whole)), ok(whole), ok(more)])
    await first_contact(room, feed(url, every=MINUTE))
    assert room.status().first_contact_at is None
    assert room.arrivals() == {"Gas report 1": "catch_up"}
    await room.poll(HOUR)
    assert room.arrivals()["Gas of last year"] == "before_first_contact"
    await room.poll(HOUR)
    assert room.arrivals()["Gas again"] == "live"


async def test_a_feed_whose_bodies_always_end_early_is_not_at_first_contact_for_ever(
    room: Newsroom, feed_server: FeedServer
) -> None:
    bodies = [body(*insides).replace(b"</channel></rss>", b"") for insides in ([ONE], [ONE, TWO])]
    last = body(ONE, TWO, item("3", "Gas undated")).replace(b"</channel></rss>", b"")
    await first_contact(room, feed(feed_server.script("/a", [ok(b) for b in (*bodies, last)]), every=MINUTE))
    await room.poll(HOUR)
    await room.poll(HOUR)
    assert room.arrivals()["Gas undated"] == "live"
    assert room.status().detail == "the body ended early: its whole items were taken"


async def test_after_downtime_what_is_old_or_undated_is_one_catch_up(
    room: Newsroom, feed_server: FeedServer
) -> None:
    later = NOW + 12 * HOUR
    night = body(
        ONE,
        item("a", "Gas at night", published=later - 4 * HOUR),
        item("b", "Gas this morning", published=later - 2 * HOUR),
        item("c", "Gas undated"),
    )
    url = feed_server.script("/a", [ok(body(ONE), etag="1"), ok(night, etag="2")])
    await first_contact(room, feed(url))
    await room.poll(12 * HOUR)
    assert room.arrivals() == {
        "Gas report 1": "catch_up",
        "Gas at night": "catch_up",
        "Gas this morning": "live",
        "Gas undated": "catch_up",
    }


# ── nothing twice ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("etag", ['"1"', None])
async def test_fifty_polls_with_nothing_new_tell_nothing(
    room: Newsroom, feed_server: FeedServer, etag: str | None
) -> None:
    reordered = [body(ONE, TWO, THREE), body(THREE, ONE, TWO)]
    replies = [conditional(reordered[0], etag=etag)] if etag else [ok(reordered[n % 2]) for n in range(51)]
    await first_contact(room, feed(feed_server.script("/a", replies), every=MINUTE))
    for _ in range(50):
        assert await room.poll(2 * MINUTE) == 1
    assert len(room.mentions()) == 3
    assert len(room.keys()) == 3
    assert len(feed_server.requests_for("/a")) == 51
    assert room.status().outcome == ("not_modified" if etag else "fetched")


async def test_an_unchanged_body_is_not_parsed_again(room: Newsroom, feed_server: FeedServer) -> None:
    await first_contact(room, feed(feed_server.script("/a", [ok(body(ONE))]), every=MINUTE))
    await room.poll(HOUR)
    assert room.status().outcome == "not_modified"


async def test_a_feed_that_changes_all_its_guids_tells_nothing(
    room: Newsroom, feed_server: FeedServer
) -> None:
    def migrated(prefix: str, count: int, scheme: str) -> bytes:
        return body(
            *(
                item(
                    f"{prefix}{n}", f"Gas report number {n}", link=f"{scheme}://a.example/{n}?utm_source=rss"
                )
                for n in range(count)
            )
        )

    replies = [ok(migrated("a", 10, "http")), ok(migrated("b", 11, "https"))]
    await first_contact(room, feed(feed_server.script("/a", replies), every=MINUTE, first_contact=ALL))
    await room.poll(HOUR)
    assert len(room.mentions()) == 11
    assert room.arrivals()["Gas report number 10"] == "live"
    assert sorted(room.keys()) == sorted(f"guid:b{n}" for n in range(11))


async def test_guids_that_change_at_each_fetch_tell_nothing(room: Newsroom, feed_server: FeedServer) -> None:
    replies = [
        ok(
            body(
                *(item(f"{n} at {poll}", f"Gas report {n}", link=f"https://a.example/{n}") for n in range(3))
            )
        )
        for poll in range(5)
    ]
    await first_contact(room, feed(feed_server.script("/a", replies), every=MINUTE, first_contact=ALL))
    for _ in range(4):
        await room.poll(HOUR)
    assert len(room.mentions()) == 3
    assert set(room.keys()) == {f"guid:{n} at 4" for n in range(3)}


async def test_another_identity_or_address_in_the_configuration_tells_nothing_again(
    room: Newsroom, feed_server: FeedServer
) -> None:
    reports = [item(f"g{n}", f"Gas report number {n}", link=f"https://a.example/{n}") for n in range(6)]
    url = feed_server.script("/a", [ok(body(*reports)), ok(body(*reports, ONE))])
    await first_contact(room, feed(url, first_contact=ALL))
    room.configure(feed(url, identity=IdentityPolicy.LINK), watches=[GAS])
    await room.poll(DAY)
    assert len(room.mentions()) == 7
    assert set(room.keys()) == {*(f"link:a.example/{n}" for n in range(6)), "title:" + _ONE_BY_TITLE}
    elsewhere = feed_server.script("/b", [ok(body(*reports, ONE, TWO))])
    room.configure(feed(elsewhere, identity=IdentityPolicy.TITLE), watches=[GAS])
    await room.poll(DAY)
    assert len(room.mentions()) == 8


async def test_a_feed_that_comes_back_into_the_configuration_does_not_flood(
    room: Newsroom, feed_server: FeedServer
) -> None:
    week = [item(f"w{n}", f"Gas {n} days ago", published=NOW + 7 * DAY - n * DAY) for n in range(6)]
    url = feed_server.script("/a", [ok(body(ONE)), ok(body(ONE, *week))])
    await first_contact(room, feed(url))
    room.configure(watches=[GAS])
    assert await room.poll(7 * DAY) == 0
    room.configure(feed(url), watches=[GAS])
    assert await room.poll() == 1
    arrivals = room.arrivals()
    assert arrivals.pop("Gas 0 days ago") == "live"
    assert set(arrivals.values()) == {"catch_up"}


async def test_a_feed_that_is_empty_for_once_tells_nothing_again(
    room: Newsroom, feed_server: FeedServer
) -> None:
    url = feed_server.script("/a", [ok(body(ONE, TWO)), ok(body()), ok(body(ONE, TWO))])
    await first_contact(room, feed(url, every=MINUTE))
    await room.poll(HOUR)
    await room.poll(HOUR)
    assert len(room.mentions()) == 2


async def test_an_item_that_returns_after_sixty_days_is_known(
    room: Newsroom, feed_server: FeedServer
) -> None:
    url = feed_server.script("/a", [ok(body(ONE, TWO)), ok(body(TWO)), ok(body(ONE, TWO))])
    await first_contact(room, feed(url, every=MINUTE))
    await room.poll(HOUR)
    await room.poll(60 * DAY)
    assert len(room.mentions()) == 2


# ── validators ───────────────────────────────────────────────────────────────────────────────────


async def test_validators_are_sent_back_byte_for_byte(room: Newsroom, feed_server: FeedServer) -> None:
    url = feed_server.script("/a", [ok(body(ONE), etag='W/"x', last_modified="yesterday"), not_modified()])
    await first_contact(room, feed(url))
    await room.poll(HOUR)
    await room.poll(HOUR)
    headers = [request.headers for request in feed_server.requests_for("/a")]
    assert "if-none-match" not in headers[0]
    assert {(one["if-none-match"], one["if-modified-since"]) for one in headers[1:]} == {
        ('W/"x', "yesterday")
    }


async def test_a_body_that_came_in_part_stores_its_items_and_no_validators(
    room: Newsroom, feed_server: FeedServer
) -> None:
    whole = body(ONE, TWO, THREE)
    part = whole[: whole.rindex(b"<item>") + 20]
    cut = truncated(part, announced=len(whole), headers={"ETag": '"2"'})
    url = feed_server.script("/a", [ok(body(ONE), etag='"1"'), cut, ok(whole, etag='"2"')])
    await first_contact(room, feed(url))
    await room.poll(HOUR)
    assert len(room.mentions()) == 2
    await room.poll(HOUR)
    assert len(room.mentions()) == 3
    assert [one.headers.get("if-none-match") for one in feed_server.requests_for("/a")] == [
        None,
        '"1"',
        '"1"',
    ]


async def test_a_failure_keeps_the_validators(room: Newsroom, feed_server: FeedServer) -> None:
    url = feed_server.script(
        "/a",
        [ok(body(ONE), etag='"1"'), status(503), ok(b"<html>parked</html>", etag='"2"'), not_modified()],
    )
    await first_contact(room, feed(url))
    for problem in ("server_error", "not_a_feed", "not_modified"):
        await room.poll(DAY)
        assert room.status().outcome == problem
    sent = [one.headers.get("if-none-match") for one in feed_server.requests_for("/a")]
    assert sent == [None, '"1"', '"1"', '"1"']


async def test_a_304_that_nobody_asked_for_makes_the_next_request_unconditional(
    room: Newsroom, feed_server: FeedServer
) -> None:
    url = feed_server.script("/a", [not_modified(), ok(body(ONE))])
    await first_contact(room, feed(url))
    assert room.status().outcome == "protocol"
    await room.poll(DAY)
    assert "if-none-match" not in feed_server.requests_for("/a")[1].headers
    assert len(room.mentions()) == 1


# ── where and when it is asked ───────────────────────────────────────────────────────────────────


async def test_a_permanent_redirect_is_followed_for_good_after_three_polls(
    room: Newsroom, feed_server: FeedServer
) -> None:
    there = feed_server.script("/new", [ok(body(ONE)), ok(body(ONE, TWO))])
    url = feed_server.script("/a", [redirect(there, 301)])
    await first_contact(room, feed(url, every=MINUTE))
    await room.poll(HOUR)
    assert room.status().url == url
    await room.poll(HOUR)
    assert room.status().url == there
    await room.poll(HOUR)
    assert (len(feed_server.requests_for("/a")), len(feed_server.requests_for("/new"))) == (3, 4)
    assert room.status().configured_url == url


async def test_a_redirect_to_a_parking_page_is_never_followed_for_good(
    room: Newsroom, feed_server: FeedServer
) -> None:
    there = feed_server.script("/parked", [ok(b"<html>for sale</html>")])
    await first_contact(room, feed(feed_server.script("/a", [redirect(there, 308)]), every=MINUTE))
    for _ in range(5):
        await room.poll(2 * DAY)
    assert room.status().url == feed_server.url("/a")


async def test_an_adopted_address_without_a_feed_is_given_up(room: Newsroom, feed_server: FeedServer) -> None:
    there = feed_server.script("/new", [*(ok(body(ONE)) for _ in range(3)), status(410)])
    url = feed_server.script("/a", [*(redirect(there) for _ in range(3)), ok(body(ONE, TWO))])
    await first_contact(room, feed(url, every=MINUTE))
    for _ in range(3):
        await room.poll(HOUR)
    assert (room.status().url, room.status().outcome, room.status().stopped_at) == (url, "gone", None)
    await room.poll(DAY)
    assert len(room.mentions()) == 2


async def test_a_feed_that_is_gone_is_asked_no_more(room: Newsroom, feed_server: FeedServer) -> None:
    await first_contact(room, feed(feed_server.script("/a", [status(410)])))
    assert room.status().stopped_at == NOW
    assert await room.poll(9 * DAY) == 0
    assert len(feed_server.requests) == 1


async def test_retry_after_and_max_age_are_waited_for(room: Newsroom, feed_server: FeedServer) -> None:
    url = feed_server.script(
        "/a",
        [
            status(429, {"Retry-After": "7200"}),
            ok(body(ONE), etag="1", headers={"Cache-Control": "max-age=10800"}),
        ],
    )
    await first_contact(room, feed(url, every=MINUTE))
    assert await room.poll(119 * MINUTE) == 0
    assert await room.poll(MINUTE + 13 * MINUTE) == 1
    assert await room.poll(179 * MINUTE) == 0
    assert await room.poll(10 * MINUTE) == 1


async def test_what_the_publisher_asks_for_outlives_an_unchanged_body(
    room: Newsroom, feed_server: FeedServer
) -> None:
    url = feed_server.script("/a", [ok(body(ONE, head="<ttl>240</ttl>"), etag="1"), not_modified()])
    await first_contact(room, feed(url))
    for _ in range(2):
        assert await room.poll(239 * MINUTE) == 0
        assert await room.poll(14 * MINUTE) == 1


async def test_the_headers_of_a_feed_are_sent(room: Newsroom, feed_server: FeedServer) -> None:
    url = feed_server.script("/a", [ok(body(ONE))])
    await first_contact(room, feed(url, headers=(("X-Key", "k"),)))
    assert feed_server.requests[0].headers["x-key"] == "k"


async def test_a_private_address_is_refused_without_the_operators_word(
    room: Newsroom, feed_server: FeedServer
) -> None:
    url = feed_server.script("/a", [ok(body(ONE))])
    await first_contact(room, replace(feed(url), allow_private=False))
    assert room.status().outcome == "refused_address"
    assert feed_server.connections == 0


async def test_a_bundled_file_is_polled_like_any_feed(room: Newsroom) -> None:
    (room.config_dir / "sample.xml").write_bytes(body(ONE))
    await first_contact(room, feed("file:sample.xml"))
    await room.poll(HOUR)
    assert room.status().outcome == "not_modified"
    assert len(room.mentions()) == 1
