"""A small newsroom to test with: definitions, polls and plans in a line each."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from marsad.model import (
    Arrival,
    ClaimedDelivery,
    DeliveryKind,
    DeliveryState,
    EntityDefinition,
    Feed,
    FeedDefinition,
    Field,
    FoundItem,
    Hit,
    Match,
    Planned,
    PollRecord,
    Prominence,
    RecipientDefinition,
    Revision,
    Schedule,
    SendRule,
    Undecided,
    Validators,
    WatchDefinition,
    WatchSaid,
)
from marsad.pipeline.planner import plan_late
from marsad.store import configuration, deliveries, feeds, mentions, polls
from marsad.store.configuration import SyncReport
from marsad.store.database import Connection, Database
from marsad.store.polls import RecordedPoll

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEASE = timedelta(minutes=2)
DAY = timedelta(days=1)


def feed(feed_id: str, *, url: str | None = None, name: str = "") -> FeedDefinition:
    return FeedDefinition(id=feed_id, url=url or f"https://{feed_id}.example/rss", name=name or feed_id)


def watch(watch_id: str, *to: str, when: str = "instant", name: str = "") -> WatchDefinition:
    return WatchDefinition(
        id=watch_id,
        name=name or watch_id,
        label=f"label of {watch_id}",
        query=watch_id,
        send=tuple(SendRule(to=one, when=Schedule.parse(when)) for one in to),
    )


def recipient(recipient_id: str, *, address: str | None = None) -> RecipientDefinition:
    return RecipientDefinition(
        id=recipient_id, address=address or f"{recipient_id}@example.org", timezone="Africa/Cairo"
    )


def sync(
    store: Database,
    *,
    feeds: Sequence[FeedDefinition] = (),
    watches: Sequence[WatchDefinition] = (),
    entities: Sequence[EntityDefinition] = (),
    recipients: Sequence[RecipientDefinition] = (),
    channel: str = "maildir",
    version: str = "1",
    now: datetime = NOW,
) -> SyncReport:
    return store.run(
        configuration.sync_configuration,
        feeds=feeds,
        watches=watches,
        versions={one.id: version for one in watches},
        entities=entities,
        recipients=recipients,
        channel=channel,
        now=now,
    )


def lease(
    store: Database,
    *,
    worker: str = "w1",
    limit: int = 100,
    per_host: int = 1,
    lease_for: timedelta = LEASE,
    now: datetime = NOW,
) -> list[Feed]:
    return store.run(
        feeds.lease_due_feeds,
        worker=worker,
        limit=limit,
        per_host=per_host,
        lease_for=lease_for,
        longest=DAY,
        now=now,
    )


def revision(title: str = "Ministry speaks", *, published: datetime | None = None) -> Revision:
    return Revision(
        title=title,
        summary="A summary of it.",
        content="",
        author="",
        language="en",
        link="https://a.example/1",
        published=published,
        published_text="",
        hash=hashlib.sha256(title.encode()).hexdigest(),
        categories=("Politics", "سياسة"),
    )


def match(watch_id: str, *, version: str = "1") -> Match:
    return Match(
        watch=WatchSaid(watch_id, version, f"name of {watch_id}", f"label of {watch_id}"),
        prominence=Prominence.HEADLINE,
        hits=(
            Hit(
                field=Field.TITLE,
                start=0,
                end=8,
                text="Ministry",
                term="وزارة",
                entity=None,
                language="en",
                reason="as typed",
            ),
        ),
    )


def item(
    key: str,
    *watch_ids: str,
    title: str | None = None,
    is_new: bool = True,
    arrival: Arrival = Arrival.LIVE,
    failed: Sequence[tuple[str, str]] = (),
    published: datetime | None = None,
) -> FoundItem:
    return FoundItem(
        key=key,
        revision=revision(title or f"Ministry speaks of {key}", published=published),
        is_new=is_new,
        arrival=arrival,
        matches=tuple(match(watch_id) for watch_id in watch_ids),
        failed_watches=tuple(failed),
    )


def record_of(
    feed_id: str,
    *found: FoundItem,
    worker: str = "w1",
    next_due: datetime | None = None,
    validators: Validators | None = None,
    now: datetime = NOW,
    outcome: str = "fetched",
    detail: str = "",
    succeeded: bool = True,
    failures: float = 0.0,
    title: str | None = None,
    moved_to: str | None = None,
    adopt_url: str | None = None,
    stop: bool = False,
) -> PollRecord:
    return PollRecord(
        feed_id=feed_id,
        worker=worker,
        started_at=now,
        outcome=outcome,
        detail=detail,
        next_due=next_due or now + 15 * MINUTE,
        failures=failures,
        succeeded=succeeded,
        validators=validators,
        found=found,
        seen_keys=tuple(one.key for one in found),
        title=title,
        moved_to=moved_to,
        adopt_url=adopt_url,
        stop=stop,
    )


def record(store: Database, *records: PollRecord, now: datetime = NOW) -> list[RecordedPoll]:
    return store.run(polls.record_polls, records, now=now)


def poll(store: Database, feed_id: str, *found: FoundItem, now: datetime = NOW) -> RecordedPoll:
    """Lease every due feed and record what was found in one of them; the others are given back."""
    leased = [one.id for one in lease(store, now=now, per_host=1000)]
    assert feed_id in leased, f"{feed_id} is not due"
    (recorded,) = record(store, record_of(feed_id, *found, now=now), now=now)
    store.run(feeds.release_feeds, "w1", leased)
    return recorded


def plan_instants(undecided: Iterable[Undecided], *, now: datetime) -> list[Planned]:
    """One delivery for a recipient and item; what came at first contact goes to a catch-up."""
    groups: dict[tuple[str, str, DeliveryKind, str], list[tuple[int, int]]] = {}
    for one in undecided:
        if one.arrival is Arrival.CATCH_UP:
            kind, window = DeliveryKind.CATCH_UP, now.isoformat()
        else:
            kind, window = DeliveryKind.INSTANT, str(one.item_id)
        key = (one.recipient_id, one.channel, kind, window)
        groups.setdefault(key, []).append((one.subscription_id, one.mention_id))
    return [
        Planned(
            recipient_id=recipient_id,
            channel=channel,
            kind=kind,
            window=window,
            state=DeliveryState.PLANNED if kind is DeliveryKind.CATCH_UP else DeliveryState.DUE,
            due_at=now,
            decided=tuple(pairs),
        )
        for (recipient_id, channel, kind, window), pairs in groups.items()
    ]


def plan_in(conn: Connection, *, now: datetime, limit: int = 1000) -> list[int]:
    planned = plan_instants(mentions.load_undecided(conn, limit=limit), now=now)
    recorded = deliveries.record_plan(conn, planned, now=now, message_id_domain="marsad.example")
    late = plan_late(recorded.late, now=now)
    caught_up = deliveries.record_plan(conn, late, now=now, message_id_domain="marsad.example")
    return [*recorded.ids, *caught_up.ids]


def plan(store: Database, *, now: datetime = NOW) -> list[int]:
    return store.run(plan_in, now=now)


def claim(
    store: Database,
    *,
    worker: str = "w1",
    channel: str = "maildir",
    limit: int = 100,
    now: datetime = NOW,
) -> list[ClaimedDelivery]:
    return store.run(
        deliveries.claim_due, worker=worker, channel=channel, limit=limit, lease_for=LEASE, now=now
    )


@contextmanager
def uncommitted(store: Database, function: Callable[..., object], **arguments: Any) -> Iterator[None]:
    """Run *function* in a transaction that commits only when the block ends."""
    done, go_on = threading.Event(), threading.Event()

    def hold(conn: Connection) -> None:
        function(conn, **arguments)
        done.set()
        assert go_on.wait(30)

    with ThreadPoolExecutor(1) as thread:
        held = thread.submit(store.run, hold)
        try:
            assert done.wait(30)
            yield
        finally:
            go_on.set()
        held.result()


def wait_until_blocked_or_done(store: Database, future: Future[Any]) -> None:
    """Return when *future*'s transaction waits for a lock of PostgreSQL, or has ended without waiting."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while not future.done() and not store.query(lambda conn: conn.execute(waiting).scalar_one()):
        threading.Event().wait(0.005)
