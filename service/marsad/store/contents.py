"""What deliveries say, for the renderer and for an operator who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select

from marsad.errors import NotFound
from marsad.model import (
    AttemptOutcome,
    DeadReason,
    DeliveryContent,
    DeliveryKind,
    DeliveryState,
    MentionView,
    Prominence,
    StoryView,
)
from marsad.store.database import Connection
from marsad.store.items import revision_from
from marsad.store.mentions import hits_from_json
from marsad.store.tables import (
    attempts,
    deliveries,
    dispositions,
    feeds,
    items,
    mentions,
    recipients,
    revisions,
)


def load_content(conn: Connection, delivery_id: int, *, max_stories: int) -> DeliveryContent:
    """Return what a delivery tells: the newest *max_stories* items with their mentions, the rest counted.

    NotFound.
    """
    delivery = conn.execute(
        select(deliveries.c.kind, deliveries.c.window, recipients.c.timezone)
        .join(recipients, recipients.c.id == deliveries.c.recipient_id)
        .where(deliveries.c.id == delivery_id)
    ).one_or_none()
    if delivery is None:
        raise NotFound(f"there is no delivery {delivery_id}")
    # Two subscriptions may have brought the same mention.
    told = (
        select(mentions.c.revision_id)
        .join(dispositions, dispositions.c.mention_id == mentions.c.id)
        .where(dispositions.c.delivery_id == delivery_id)
        .distinct()
        .subquery()
    )
    # A date in the future, which feeds do state, must not put a story before all others.
    age: ColumnElement[datetime] = case(
        (revisions.c.published_at <= items.c.first_seen_at, revisions.c.published_at),
        else_=items.c.first_seen_at,
    )
    newest = conn.execute(
        select(
            revisions,
            items.c.feed_id,
            feeds.c.name.label("feed_name"),
            # A feed without a name is called by its id: its own title says more to a reader.
            case((feeds.c.name == feeds.c.id, feeds.c.title)).label("feed_title"),
        )
        .join(told, told.c.revision_id == revisions.c.id)
        .join(items, items.c.id == revisions.c.item_id)
        .join(feeds, feeds.c.id == items.c.feed_id)
        .order_by(age.desc(), revisions.c.id.desc())
        .limit(max_stories)
    ).all()
    count: int = conn.execute(select(func.count()).select_from(told)).scalar_one()
    views = _load_mention_views(conn, delivery_id, [row.id for row in newest])
    return DeliveryContent(
        kind=DeliveryKind(delivery.kind),
        window=delivery.window,
        timezone=delivery.timezone,
        stories=tuple(
            StoryView(
                item_id=row.item_id,
                feed_id=row.feed_id,
                feed_name=row.feed_title or row.feed_name,
                revision=revision_from(row),
                mentions=tuple(views[row.id]),
            )
            for row in newest
        ),
        omitted=count - len(newest),
    )


def _load_mention_views(
    conn: Connection, delivery_id: int, revision_ids: list[int]
) -> dict[int, list[MentionView]]:
    views: dict[int, list[MentionView]] = {revision_id: [] for revision_id in revision_ids}
    here = select(dispositions.c.mention_id).where(dispositions.c.delivery_id == delivery_id)
    rows = conn.execute(
        select(mentions)
        .where(and_(mentions.c.id.in_(here), mentions.c.revision_id.in_(revision_ids)))
        .order_by(mentions.c.id)
    )
    for row in rows:
        views[row.revision_id].append(
            MentionView(
                watch_id=row.watch_id,
                watch_name=row.watch_name,
                watch_label=row.watch_label,
                prominence=Prominence(row.prominence),
                hits=hits_from_json(row.hits),
                found_at=row.found_at,
            )
        )
    return views


@dataclass(frozen=True, kw_only=True)
class DeliveryStatus:
    """A delivery as an operator is shown it."""

    id: int
    recipient_id: str
    channel: str
    kind: DeliveryKind
    window: str
    state: DeliveryState
    dead_reason: DeadReason | None
    message_id: str
    planned_at: datetime
    due_at: datetime
    leased_until: datetime | None
    settled_at: datetime | None
    tries: int
    reply: str
    """What the server, or the channel, said last."""
    mentions: int


@dataclass(frozen=True, kw_only=True)
class RecordedAttempt:
    id: int
    worker: str
    started_at: datetime
    ended_at: datetime | None
    """None while it goes on, and where nobody knows."""
    outcome: AttemptOutcome | None
    """None while it goes on."""
    reply: str


def load_deliveries(
    conn: Connection,
    *,
    state: DeliveryState | None = None,
    before_id: int | None = None,
    limit: int = 500,
) -> list[DeliveryStatus]:
    """Return a page of deliveries, the newest first; the next page is *before* the last one's id."""
    condition: list[ColumnElement[bool]] = []
    if state is not None:
        condition.append(deliveries.c.state == state)
    if before_id is not None:
        condition.append(deliveries.c.id < before_id)
    return _load_statuses(conn, *condition, limit=limit)


def load_delivery(conn: Connection, delivery_id: int) -> tuple[DeliveryStatus, list[RecordedAttempt]]:
    """Return one delivery and its attempts, the first one first; NotFound."""
    found = _load_statuses(conn, deliveries.c.id == delivery_id, limit=1)
    if not found:
        raise NotFound(f"there is no delivery {delivery_id}")
    rows = conn.execute(select(attempts).where(attempts.c.delivery_id == delivery_id).order_by(attempts.c.id))
    tried = [
        RecordedAttempt(
            id=row.id,
            worker=row.worker,
            started_at=row.started_at,
            ended_at=row.ended_at,
            outcome=AttemptOutcome(row.outcome) if row.outcome else None,
            reply=row.reply,
        )
        for row in rows
    ]
    return found[0], tried


def _load_statuses(conn: Connection, *condition: ColumnElement[bool], limit: int) -> list[DeliveryStatus]:
    told = (
        select(func.count(dispositions.c.mention_id.distinct()))
        .where(dispositions.c.delivery_id == deliveries.c.id)
        .correlate(deliveries)
        .scalar_subquery()
    )
    rows = conn.execute(
        select(deliveries, told.label("mentions"))
        .where(*condition)
        .order_by(deliveries.c.id.desc())
        .limit(limit)
    )
    return [
        DeliveryStatus(
            id=row.id,
            recipient_id=row.recipient_id,
            channel=row.channel,
            kind=DeliveryKind(row.kind),
            window=row.window,
            state=DeliveryState(row.state),
            dead_reason=DeadReason(row.dead_reason) if row.dead_reason else None,
            message_id=row.message_id,
            planned_at=row.planned_at,
            due_at=row.due_at,
            leased_until=row.leased_until,
            settled_at=row.settled_at,
            tries=row.tries,
            reply=row.reply,
            mentions=row.mentions,
        )
        for row in rows
    ]
