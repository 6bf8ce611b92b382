"""T2: all that polls found becomes rows, in one transaction.

After it an item and its mentions are there, with a place for every subscription, or none of it is; so are the
validators, for which the next request would not be answered with the same items again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, and_, bindparam, case, exists, func, insert, select, tuple_, update

from marsad.model import FoundItem, PollRecord, Validators
from marsad.store import dialect
from marsad.store.configuration import host_of
from marsad.store.database import Connection
from marsad.store.feeds import numbers_as_text
from marsad.store.items import revision_values
from marsad.store.mentions import FoundMatches, record_matches
from marsad.store.tables import UtcTime, feeds, items, revisions

Key = tuple[str, str]
"""(feed id, item key)"""


@dataclass(frozen=True, kw_only=True)
class RecordedPoll:
    """What became of one poll."""

    feed_id: str
    lease_lost: bool = False
    """The feed had passed to another worker, or changed, or left: nothing of the poll was recorded."""
    new_items: int = 0
    new_revisions: int = 0
    """Of items that were known before."""
    mentions: int = 0


def record_polls(conn: Connection, records: Sequence[PollRecord], *, now: datetime) -> list[RecordedPoll]:
    """Record *records*, each where its lease is still its worker's; return what became of each, in order.

    Items that exist by now are not new: they get neither a revision nor a mention. A feed stands in *records*
    once. StoreRefused (from `Database`) where the database refuses a value: then none of them is recorded,
    and the caller records each alone.
    """
    mine = _with_lease(conn, records)
    _rename_items(conn, mine)
    _note_sightings(conn, mine, now)
    new = _insert_items(conn, _found(mine, is_new=True), now)
    changed = _insert_revisions(conn, _found(mine, is_new=False), now)
    mentions = record_matches(
        conn,
        [
            FoundMatches(
                item_id=item_id,
                revision_id=revision_id,
                arrival=item.arrival,
                matches=item.matches,
                failed_watches=item.failed_watches,
            )
            for item, item_id, revision_id in new.values()
        ],
        now=now,
    )
    _update_feeds(conn, mine, now)

    new_items = Counter(feed_id for feed_id, _ in new)
    new_revisions = Counter(feed_id for feed_id, _ in changed)
    told: Counter[str] = Counter()
    for (feed_id, _), (_, item_id, _) in new.items():
        told[feed_id] += mentions[item_id]
    kept = {record.feed_id for record in mine}
    return [
        RecordedPoll(
            feed_id=record.feed_id,
            lease_lost=record.feed_id not in kept,
            new_items=new_items[record.feed_id],
            new_revisions=new_revisions[record.feed_id],
            mentions=told[record.feed_id],
        )
        for record in records
    ]


def _with_lease(conn: Connection, records: Sequence[PollRecord]) -> list[PollRecord]:
    holders: dict[str, str | None] = {}
    for part in dialect.chunks([record.feed_id for record in records]):
        rows = conn.execute(
            select(feeds.c.id, feeds.c.lease_worker)
            .where(feeds.c.id.in_(part))
            .order_by(feeds.c.id)
            .with_for_update()
        )
        holders.update((row.id, row.lease_worker) for row in rows)
    return [record for record in records if holders.get(record.feed_id) == record.worker]


def _rename_items(conn: Connection, records: Iterable[PollRecord]) -> None:
    """Give known items the keys by which their feeds call them now."""
    renamed = [
        {"feed": record.feed_id, "old_key": old_key, "new_key": new_key}
        for record in records
        for old_key, new_key in record.renamed
    ]
    if renamed:
        namesake = items.alias()
        taken = exists().where(
            namesake.c.feed_id == bindparam("feed"), namesake.c.key == bindparam("new_key")
        )
        conn.execute(
            update(items)
            .where(items.c.feed_id == bindparam("feed"), items.c.key == bindparam("old_key"), ~taken)
            .values(key=bindparam("new_key")),
            renamed,
        )


def _note_sightings(conn: Connection, records: Iterable[PollRecord], now: datetime) -> None:
    seen = [(record.feed_id, key) for record in records for key in record.seen_keys]
    for part in dialect.chunks(seen):
        conn.execute(
            update(items).where(tuple_(items.c.feed_id, items.c.key).in_(part)).values(last_seen_at=now)
        )


def _found(records: Iterable[PollRecord], *, is_new: bool) -> dict[Key, FoundItem]:
    """Return what was found by its key; of items that share one, the first in the document."""
    found: dict[Key, FoundItem] = {}
    for record in records:
        for item in record.found:
            if item.is_new == is_new:
                found.setdefault((record.feed_id, item.key), item)
    return found


def _insert_items(
    conn: Connection, found: dict[Key, FoundItem], now: datetime
) -> dict[Key, tuple[FoundItem, int, int]]:
    """Insert those that are not there yet; return them with their item id and revision id."""
    if not found:
        return {}
    rows = conn.execute(
        dialect.insert(conn, items)
        .on_conflict_do_nothing(index_elements=[items.c.feed_id, items.c.key])
        .returning(items.c.id, items.c.feed_id, items.c.key),
        [
            {"feed_id": feed_id, "key": key, "first_seen_at": now, "last_seen_at": now, "revision": 1}
            for feed_id, key in found
        ],
    )
    item_ids = {(row.feed_id, row.key): row.id for row in rows}
    numbered = {item_id: 1 for item_id in item_ids.values()}
    revision_ids = _append_revisions(
        conn, {item_id: found[key] for key, item_id in item_ids.items()}, numbered, now
    )
    return {key: (found[key], item_id, revision_ids[item_id]) for key, item_id in item_ids.items()}


def _insert_revisions(conn: Connection, found: dict[Key, FoundItem], now: datetime) -> set[Key]:
    """Append a revision to those items whose text is another than the current one; return their keys."""
    changed: dict[int, FoundItem] = {}
    numbers: dict[int, int] = {}
    keys: set[Key] = set()
    for part in dialect.chunks(list(found)):
        rows = conn.execute(
            select(items.c.id, items.c.feed_id, items.c.key, items.c.revision, revisions.c.hash)
            .join(revisions, and_(revisions.c.item_id == items.c.id, revisions.c.number == items.c.revision))
            .where(tuple_(items.c.feed_id, items.c.key).in_(part))
        )
        for row in rows:
            key = (row.feed_id, row.key)
            if row.hash != found[key].revision.hash:
                changed[row.id] = found[key]
                numbers[row.id] = row.revision + 1
                keys.add(key)
    if changed:
        _append_revisions(conn, changed, numbers, now)
        conn.execute(
            update(items).where(items.c.id == bindparam("item")).values(revision=bindparam("current")),
            [{"item": item_id, "current": number} for item_id, number in numbers.items()],
        )
    return keys


def _append_revisions(
    conn: Connection, found: dict[int, FoundItem], numbers: dict[int, int], now: datetime
) -> dict[int, int]:
    """Insert a revision for each item id; return item id -> revision id."""
    if not found:
        return {}
    rows = conn.execute(
        insert(revisions).returning(revisions.c.id, revisions.c.item_id),
        [
            {
                "item_id": item_id,
                "number": numbers[item_id],
                "recorded_at": now,
                **revision_values(item.revision),
            }
            for item_id, item in found.items()
        ],
    )
    return {row.item_id: row.id for row in rows}


# One statement for every poll, so that a batch is one round trip; what a poll does not know keeps its value.
_KEEP = bindparam("keep_validators", type_=Boolean)
_SUCCEEDED = bindparam("succeeded", type_=Boolean)
_CONTACT = bindparam("contact", type_=Boolean)
_NOW = bindparam("now", type_=UtcTime)
_UPDATE_FEED = (
    update(feeds)
    .where(feeds.c.id == bindparam("feed"))
    .values(
        outcome=bindparam("new_outcome"),
        detail=bindparam("new_detail"),
        due_at=bindparam("next_due"),
        failures=bindparam("new_failures"),
        tried_at=_NOW,
        last_success_at=case((_SUCCEEDED, _NOW), else_=feeds.c.last_success_at),
        first_contact_at=case(
            (_CONTACT, func.coalesce(feeds.c.first_contact_at, _NOW)), else_=feeds.c.first_contact_at
        ),
        etag=case((_KEEP, feeds.c.etag), else_=bindparam("new_etag", type_=feeds.c.etag.type)),
        last_modified=case(
            (_KEEP, feeds.c.last_modified),
            else_=bindparam("new_last_modified", type_=feeds.c.last_modified.type),
        ),
        body_hash=case(
            (_KEEP, feeds.c.body_hash), else_=bindparam("new_body_hash", type_=feeds.c.body_hash.type)
        ),
        notes=func.coalesce(bindparam("new_notes", type_=feeds.c.notes.type), feeds.c.notes),
        title=func.coalesce(bindparam("new_title", type_=feeds.c.title.type), feeds.c.title),
        language=func.coalesce(bindparam("new_language", type_=feeds.c.language.type), feeds.c.language),
        moved_to=bindparam("new_moved_to"),
        moved_times=bindparam("new_moved_times"),
        url=func.coalesce(bindparam("adopt_url", type_=feeds.c.url.type), feeds.c.url),
        host=func.coalesce(bindparam("adopt_host", type_=feeds.c.host.type), feeds.c.host),
        publisher_every=bindparam("new_publisher_every"),
        skip_hours=bindparam("new_skip_hours"),
        skip_days=bindparam("new_skip_days"),
        stopped_at=case((bindparam("stop", type_=Boolean), _NOW), else_=feeds.c.stopped_at),
        lease_worker=None,
        leased_until=None,
    )
)


def _update_feeds(conn: Connection, records: Sequence[PollRecord], now: datetime) -> None:
    if records:
        conn.execute(_UPDATE_FEED, [_feed_values(record, now) for record in records])


def _feed_values(record: PollRecord, now: datetime) -> dict[str, Any]:
    validators = record.validators or Validators()
    return {
        "feed": record.feed_id,
        "now": now,
        "new_outcome": record.outcome,
        "new_detail": record.detail,
        "next_due": record.next_due,
        "new_failures": record.failures,
        "succeeded": record.succeeded,
        "contact": record.succeeded and record.ends_first_contact,
        "keep_validators": record.validators is None,
        "new_etag": validators.etag,
        "new_last_modified": validators.last_modified,
        "new_body_hash": validators.body_hash,
        "new_notes": record.notes,
        "new_title": record.title,
        "new_language": record.language,
        "new_moved_to": record.moved_to,
        "new_moved_times": record.moved_times,
        "adopt_url": record.adopt_url,
        "adopt_host": host_of(record.adopt_url) if record.adopt_url else None,
        "new_publisher_every": record.publisher_every,
        "new_skip_hours": numbers_as_text(record.skips.hours),
        "new_skip_days": numbers_as_text(record.skips.days),
        "stop": record.stop,
    }
