"""What of a body is new, what has changed, and what only goes by another key: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from marsad.feeds.identity import recognise
from marsad.model import KnownItem, ParsedItem
from marsad.store.items import Sighting

NOTE_SIGHTING_EVERY = timedelta(days=1)
"""An item that stays in its feed for weeks is not written anew with each poll."""

LEAST_CANDIDATES = 300
"""Items seen last among which one that a feed renamed is looked for, or more where a body has more."""

FREE_REVISIONS = 10
"""Revisions of an item that are recorded whenever its text changes."""

REVISION_PAUSE = timedelta(hours=1)
"""How long the first revision beyond those waits, from the one before it."""

Keyed = tuple[str, ParsedItem]
"""An item with its key."""


@dataclass(frozen=True, kw_only=True)
class Novelty:
    new: tuple[Keyed, ...]
    changed: tuple[Keyed, ...]
    """Known items whose text is another."""
    renamed: tuple[tuple[str, str], ...] = ()
    """(old key, new key) of known items."""
    migrated: bool = False
    """The feed changed nearly all its keys at once."""
    seen: tuple[str, ...] = ()
    """Keys of known items whose sighting is to be noted."""


def candidates_wanted(keyed: Sequence[Keyed]) -> int:
    """Return how many of a feed's latest items `find_novelty` wants to see."""
    return max(LEAST_CANDIDATES, 3 * len(keyed))


def find_novelty(
    keyed: Sequence[Keyed],
    *,
    known: Mapping[str, Sighting],
    latest: Mapping[KnownItem, Sighting],
    now: datetime,
) -> Novelty:
    """Compare the items of a body with what is *known* of their keys, and with the feed's *latest* items."""
    recognition = recognise(keyed, known_keys=known.keys(), latest=tuple(latest))
    by_key = {item.key: sighting for item, sighting in latest.items()}
    sightings = {**{new: by_key[old] for old, new in recognition.renamed}, **known}
    return Novelty(
        new=tuple((key, item) for key, item in keyed if key not in sightings),
        changed=tuple(
            (key, item)
            for key, item in keyed
            if key in sightings
            and item.revision.hash != sightings[key].hash
            and _is_worth_a_revision(sightings[key], now)
        ),
        renamed=recognition.renamed,
        migrated=recognition.migrated,
        seen=tuple(
            key
            for key, _ in keyed
            if key in sightings and now - sightings[key].last_seen_at >= NOTE_SIGHTING_EVERY
        ),
    )


def _is_worth_a_revision(sighting: Sighting, now: datetime) -> bool:
    """Return whether the item may have a further revision already.

    Some items are another text with each poll: "3 minutes ago", the number of comments. After the first ten
    revisions each waits twice as long as the one before, so that they stay few, and a late correction is
    recorded all the same.
    """
    beyond = sighting.revision - FREE_REVISIONS
    return beyond < 0 or now - sighting.recorded_at >= REVISION_PAUSE * 2 ** min(beyond, 16)
