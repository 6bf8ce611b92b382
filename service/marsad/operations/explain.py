"""Why a watch mentions a stored item, or why it does not."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marsad.config import Settings
from marsad.errors import ConfigurationError, NotFound
from marsad.matching.document import Source
from marsad.matching.explain import explain
from marsad.matching.explanation import Explanation
from marsad.model import WatchDefinition
from marsad.operations.check import compile_settings
from marsad.operations.trials import explanation_object
from marsad.store import items, mentions
from marsad.store.database import Connection
from marsad.store.items import RecordedItem, RecordedRevision
from marsad.store.mentions import RecordedMention


@dataclass(frozen=True, kw_only=True)
class ExplainedItem:
    item: RecordedItem
    revision: RecordedRevision
    """Which is explained: the one in which the mention was found, else the current one."""
    watch: WatchDefinition
    explanation: Explanation
    """By the watch as it is configured now."""
    recorded: RecordedMention | None
    """The mention as it was found when the item arrived."""
    same_version: bool
    """False where the recorded mention was found by another version of the watch."""

    @property
    def remark(self) -> str:
        """What an analyst should know where the record and today's answer differ; else ""."""
        found = self.explanation.found
        if self.recorded is None and found:
            return (
                "It is not recorded: the item arrived before this watch was in force as it is,"
                " or its text was edited since"
            )
        if self.recorded is not None and not found:
            return "It was recorded all the same: the watch, an entity or the feed has changed since"
        if self.recorded is not None and not self.same_version:
            return "It was recorded by an earlier version of the watch"
        return ""


def load_explained(
    conn: Connection, settings: Settings, item_id: int, watch_id: str, *, number: int | None = None
) -> ExplainedItem:
    """Return why the watch mentions the item, or why not; NotFound where either does not exist.

    *number* chooses a revision. ConfigurationError where the watch cannot be compiled.
    """
    watch = find_watch(settings.watches, watch_id)
    item = items.load_item(conn, item_id)
    recorded = next(iter(mentions.load_mentions(conn, watch_id=watch_id, item_id=item_id, limit=1)), None)
    revision = _revision(item, number if number is not None else recorded.revision if recorded else None)
    compilation = compile_settings(settings, only=watch.id)
    if not len(compilation.watch_set):
        raise ConfigurationError(compilation.mistakes)
    explanation = explain(
        compilation.watch_set,
        watch_id,
        revision.revision,
        source_of(settings, item.feed_id),
        now=revision.recorded_at,
    )
    version = compilation.watch_set.versions()[watch_id]
    return ExplainedItem(
        item=item,
        revision=revision,
        watch=watch,
        explanation=explanation,
        recorded=recorded,
        same_version=recorded is None or recorded.watch_version == version,
    )


def find_watch(watches: Sequence[WatchDefinition], watch_id: str) -> WatchDefinition:
    """Return the watch of this id; NotFound, with those of similar ids."""
    for watch in watches:
        if watch.id == watch_id:
            return watch
    near = difflib.get_close_matches(watch_id, [watch.id for watch in watches], n=3, cutoff=0.6)
    hint = "; did you mean " + " or ".join(f'"{it}"' for it in near) + "?" if near else ""
    raise NotFound(f'no watch has the id "{watch_id}"{hint}')


def source_of(settings: Settings, feed_id: str) -> Source:
    """Return what the configuration says of a feed; of one that it has no more, the id alone."""
    for feed in settings.feeds:
        if feed.id == feed_id:
            return Source.of(feed)
    return Source(feed_id=feed_id)


def _revision(item: RecordedItem, number: int | None) -> RecordedRevision:
    if number is None:
        return item.current
    for revision in item.revisions:
        if revision.number == number:
            return revision
    raise NotFound(f"item {item.id} has the revisions 1 to {item.current.number}")


def explained_object(explained: ExplainedItem) -> dict[str, Any]:
    """Return what `marsad explain --json` prints."""
    item, recorded = explained.item, explained.recorded
    return {
        "item": {
            "id": item.id,
            "feed": item.feed_id,
            "link": explained.revision.revision.link,
            "revision": explained.revision.number,
        },
        "watch": explained.watch.id,
        "query": explained.watch.query,
        "recorded_at": recorded.found_at.isoformat() if recorded else None,
        "remark": explained.remark,
        **explanation_object(explained.explanation),
    }
