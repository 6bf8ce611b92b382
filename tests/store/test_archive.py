"""The archive read page by page, the newest items first."""

from __future__ import annotations

from marsad.store import items
from marsad.store.database import Database
from tests.store.world import DAY, NOW, feed, item, poll, sync


def test_pages_go_back_in_time_and_hold_the_current_text(store: Database) -> None:
    sync(store, feeds=[feed("a")])
    poll(store, "a", item("1", title="First"), now=NOW)
    poll(store, "a", item("2", title="Second"), item("3", title="Third"), now=NOW + DAY)
    edited = item("1", title="First, edited", is_new=False)
    poll(store, "a", edited, now=NOW + 2 * DAY)

    page = store.query(items.load_archive, limit=2)
    assert [it.revision.title for it in page] == ["Third", "Second"]
    (last,) = store.query(items.load_archive, before_id=page[-1].id, limit=2)
    assert (last.revision.title, last.feed_id, last.first_seen_at) == ("First, edited", "a", NOW)
    assert store.query(items.load_archive, before_id=last.id, limit=2) == []
    recent = store.query(items.load_archive, since=NOW + DAY)
    assert [it.revision.title for it in recent] == ["Third", "Second"]
