"""The index of the archive follows what is recorded: it makes previews fast, and nothing waits for it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from marsad.language.keys import rules_of_keys
from marsad.matching.narrowing import keys_of
from marsad.pipeline.judging import Judge
from marsad.pipeline.look_back import SETTLING
from marsad.store import archive
from marsad.store.archive import FirstText
from marsad.store.database import Database

log = logging.getLogger(__name__)

_BATCH = 200


async def index_archive(
    database: Database, judge: Judge, *, clock: Callable[[], datetime], stopped: Callable[[], bool]
) -> int:
    """Bring the index up to what was recorded some minutes ago; return how many items it did not know.

    An index whose keys were made by other rules is begun anew. StoreUnavailable.
    """
    rules = rules_of_keys()
    indexed = 0
    while not stopped():
        progress = await database.read(archive.load_progress)
        if progress is None or progress.rules != rules:
            await database.transaction(archive.begin_index, rules)
            continue
        page = await database.read(archive.load_page, from_id=progress.item_id + 1, limit=_BATCH)
        settled = _settled(page, clock() - SETTLING)
        if not settled:
            break
        keyed = await judge.run(_keyed, settled)
        # Another worker may be at the same items: whoever comes second looks where the index is now.
        if await database.transaction(archive.record_keys, keyed, after=progress):
            indexed += len(keyed)
    return indexed


def _settled(page: Sequence[FirstText], before: datetime) -> list[FirstText]:
    """Return the items up to the first that is so young that one of a lower id may still be on its way."""
    settled: list[FirstText] = []
    for one in page:
        if one.first_seen_at > before:
            break
        settled.append(one)
    return settled


def _keyed(texts: Sequence[FirstText]) -> list[tuple[int, frozenset[str]]]:
    return [(one.item_id, keys_of(one.revision)) for one in texts]
