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
    latest: Sequence[KnownItem],
    now: datetime,
) -> Novelty:
    """Compare the items of a body with what is *known* of their keys, and with the feed's *latest* items."""
    recognition = recognise(keyed, known_keys=known.keys(), latest=latest)
    old_keys = {new_key: old_key for old_key, new_key in recognition.renamed}
    hashes = {item.key: item.hash for item in latest}
    new: list[Keyed] = []
    changed: list[Keyed] = []
    seen: list[str] = []
    for key, item in keyed:
        if key in known:
            current = known[key].hash
            if now - known[key].last_seen_at >= NOTE_SIGHTING_EVERY:
                seen.append(key)
        elif key in old_keys:
            current = hashes[old_keys[key]]
            seen.append(key)
        else:
            new.append((key, item))
            continue
        if item.revision.hash != current:
            changed.append((key, item))
    return Novelty(
        new=tuple(new),
        changed=tuple(changed),
        renamed=recognition.renamed,
        migrated=recognition.migrated,
        seen=tuple(seen),
    )
