"""T0 to T5 in one go, and what may happen in between."""

from __future__ import annotations

from marsad.model import DeliveryKind, DeliveryState, Receipt
from marsad.store import contents, deliveries
from marsad.store.database import Database
from tests.store.world import NOW, claim, feed, item, plan, poll, recipient, sync, watch


def test_an_item_becomes_one_mail_for_three_watches(store: Database) -> None:
    watches = [watch("hamas", "desk"), watch("moscow", "desk"), watch("cairo", "desk")]
    sync(store, feeds=[feed("wafa")], watches=watches, recipients=[recipient("desk")])

    recorded = poll(store, "wafa", item("1", "hamas", "moscow", "cairo"))
    assert (recorded.new_items, recorded.mentions) == (1, 3)
    assert len(plan(store)) == 1

    (claimed,) = claim(store)
    assert (claimed.kind, claimed.address) == (DeliveryKind.INSTANT, "desk@example.org")
    content = store.query(contents.load_content, claimed.id, max_stories=30)
    (story,) = content.stories
    assert story.revision.title == "Ministry speaks of 1"
    assert [one.watch_id for one in story.mentions] == ["hamas", "moscow", "cairo"]
    assert story.mentions[0].hits[0].term == "وزارة"

    assert store.run(deliveries.settle_sent, claimed, Receipt(reply="250 ok"), now=NOW)
    status, attempts = store.query(contents.load_delivery, claimed.id)
    assert status.state is DeliveryState.SENT
    assert [one.outcome for one in attempts] == ["sent"]
    assert plan(store) == []
    assert claim(store) == []
