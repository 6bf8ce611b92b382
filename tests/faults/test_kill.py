"""kill -9 at any moment of poll, match, plan and send: nothing is lost, nothing is told twice (I1 to I4).

Real processes, real databases, a real mail server with several connections. How many times it is killed is
MARSAD_TEST_KILLS; the moments are random, from a seed that a failure names.
"""

from __future__ import annotations

import os
import random
import re
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from marsad.model import DeliveryState
from marsad.store.database import Connection, Database
from marsad.store.tables import attempts, deliveries, dispositions, feeds, items, mentions, subscriptions
from tests.processes import Daemon, smtp_process, wait_until, write_configuration
from tests.servers.feed_server import FeedServer, Request, ok, response
from tests.servers.feed_server import feed_server as feed_server

KILLS = int(os.environ.get("MARSAD_TEST_KILLS", "4"))
FEEDS = 6
RECIPIENTS = {"anna": "instant", "omar": "instant"}
WATCHES = {
    "talks": ("talks", {"anna": "instant", "omar": "instant"}),
    "ministry": ('"foreign ministry"', {"anna": "instant"}),
    "russia": ("روسيا OR Россия", {"omar": "instant"}),
}


class Newswire:
    """Feeds with something new every half second, which know what they have said under each ETag."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.ended = False
        self.published = dict.fromkeys(range(FEEDS), 1)
        self.said: dict[tuple[int, str], int] = {}

    def reply(self, number: int):
        async def answer(request: Request, reader, writer) -> None:
            if not self.ended:
                due = 1 + int((time.monotonic() - self.begun) * 2)
                self.published[number] = max(self.published[number], due)
            count = self.published[number]
            etag = f'"{number}-{count}"'
            if request.headers.get("if-none-match") == etag:
                reply = response(304, headers={"ETag": etag})
            else:
                self.said[number, etag] = count
                reply = ok(body(number, count), etag=etag)
            await reply(request, reader, writer)

        return answer


def key(feed: int, item: int) -> str:
    return f"{feed}-{item}"


def body(feed: int, count: int) -> bytes:
    entries = "".join(
        f"<item><guid isPermaLink='false'>{key(feed, item)}</guid>"
        f"<title>Talks {key(feed, item)} at the foreign ministry</title>"
        f"<description>Речь шла о визите: в Россию. وفد يصل لروسيا {item}</description></item>"
        for item in range(1, count + 1)
    )
    return f"<rss version='2.0'><channel><title>Wire {feed}</title>{entries}</channel></rss>".encode()


@pytest.mark.timeout(120 + 30 * KILLS)
def test_nothing_is_lost_and_nothing_told_twice_however_often_it_is_killed(
    tmp_path: Path, store_url: str, feed_server: FeedServer, record_property
) -> None:
    seed = int(os.environ.get("MARSAD_TEST_SEED") or random.randrange(10**6))  # noqa: S311 - no secret
    chance = random.Random(seed)  # noqa: S311
    record_property("MARSAD_TEST_SEED", seed)
    sys.stderr.write(f"MARSAD_TEST_SEED={seed}\n")
    wire = Newswire()
    urls = {}
    for number in range(FEEDS):
        feed_server.script(f"/{number}.xml", [wire.reply(number)])
        urls[f"f{number}"] = feed_server.url(f"/{number}.xml")
    with smtp_process(tmp_path) as (port, mails):
        config = write_configuration(
            tmp_path / "config",
            store_url=store_url,
            feeds=urls,
            watches=WATCHES,
            smtp_port=port,
            main=f'[service]\nstate = "{tmp_path / "state"}"\n[poll]\nper_host = 4\n',
        )
        log = tmp_path / "log.txt"
        for _ in range(KILLS):
            daemon = Daemon(config, log)
            daemon.wait_for("marsad is running")
            time.sleep(chance.uniform(0.0, 3.0))
            daemon.kill()
            with Database.open(store_url) as database:
                database.query(check_invariants, wire)
        wire.ended = True
        daemon = Daemon(config, log)
        with Database.open(store_url) as database:
            try:
                wait_until(lambda: database.query(all_is_told, wire), "all is told", 60)
            except AssertionError as error:
                raise AssertionError(f"{error}\n{log.read_text()[-6000:]}") from None
            finally:
                assert daemon.stop() == 0, daemon.log[-3000:]
            database.query(check_invariants, wire)
            database.query(check_mails, mails, wire)
    assert "Traceback" not in log.read_text()


def check_invariants(conn: Connection, wire: Newswire) -> None:
    # I1: a disposition for every mention and subscription, from the moment the mention is there.
    wanted = select(subscriptions.c.id, mentions.c.id).join(
        mentions, mentions.c.watch_id == subscriptions.c.watch_id
    )
    placed = conn.execute(select(dispositions.c.subscription_id, dispositions.c.mention_id)).all()
    assert len(placed) == len(set(placed))
    assert set(placed) == set(conn.execute(wanted))
    # I2: whoever has the ETag has the items that came with it, and an item has its mentions.
    stored: dict[str, set[str]] = {}
    for feed_id, item_key in conn.execute(select(items.c.feed_id, items.c.key)):
        stored.setdefault(feed_id, set()).add(item_key)
    for feed_id, etag in conn.execute(select(feeds.c.id, feeds.c.etag).where(feeds.c.etag.is_not(None))):
        number = int(feed_id[1:])
        said = {f"guid:{key(number, item)}" for item in range(1, wire.said[number, etag] + 1)}
        assert said <= stored.get(feed_id, set())
    count = sum(map(len, stored.values()))
    found = Counter(conn.execute(select(mentions.c.watch_id)).scalars())
    assert found == Counter({watch: count for watch in WATCHES} if count else {})


def all_is_told(conn: Connection, wire: Newswire) -> bool:
    count = len(conn.execute(select(items.c.id)).all())
    waiting = conn.execute(
        select(dispositions.c.mention_id).where(dispositions.c.decided_at.is_(None))
    ).first()
    states = set(conn.execute(select(deliveries.c.state)).scalars())
    return count == sum(wire.published.values()) and waiting is None and states == {DeliveryState.SENT}


def check_mails(conn: Connection, store: Path, wire: Newswire) -> None:
    # I3: every mail belongs to a delivery, and arrived at most once more for every attempt without a result.
    arrived = Counter(re.findall(r"Message-ID: (\S+)", path.read_text())[0] for path in store.glob("*.eml"))
    known = {row.message_id: row for row in conn.execute(select(deliveries))}
    unsettled: Counter[int] = Counter()
    for attempt in conn.execute(select(attempts)):
        if attempt.ended_at is None or attempt.outcome == "ambiguous":
            unsettled[attempt.delivery_id] += 1
    assert set(arrived) == set(known)
    for message_id, count in arrived.items():
        assert 1 <= count <= 1 + unsettled[known[message_id].id], message_id
    # I4, and the promise: each recipient was told of every item that satisfied a watch of his, once.
    told = conn.execute(
        select(deliveries.c.recipient_id, items.c.key)
        .select_from(dispositions)
        .join(deliveries, deliveries.c.id == dispositions.c.delivery_id)
        .join(mentions, mentions.c.id == dispositions.c.mention_id)
        .join(items, items.c.id == mentions.c.item_id)
        .distinct()
    ).all()
    everything = {
        f"guid:{key(feed, item)}" for feed, count in wire.published.items() for item in range(1, count + 1)
    }
    for recipient in RECIPIENTS:
        assert {item for who, item in told if who == recipient} == everything
    rows = conn.execute(select(deliveries.c.recipient_id, deliveries.c.kind, deliveries.c.window)).all()
    assert len(rows) == len(set(rows))
