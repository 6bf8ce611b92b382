"""What a name is called elsewhere: ready-made lists, and what sounds like it in the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from marsad.language.names import namesakes
from marsad.language.soundalikes import Candidate, Soundalikes
from marsad.matching.packs import entities_called
from marsad.store import items
from marsad.store.database import Database

_PAGE: Final = 500


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    name: str
    known: tuple[tuple[str, ...], ...]
    """What lists that ship with Marsad call it, in several languages."""
    entities: tuple[tuple[str, str], ...]
    """(pack, id) of ready-made entities that have it as a name."""
    candidates: tuple[Candidate, ...]
    """By language in the order asked for, then the nearest and commonest first."""
    texts: int
    """Items that were looked through."""


def suggest_names(
    database: Database, name: str, *, languages: Sequence[str], since: datetime, most: int = 5
) -> Suggestion:
    """Return spellings of *name* in *languages* that stand in items first seen after *since*."""
    found = Soundalikes(name, languages)
    texts = 0
    before_id: int | None = None
    while page := database.query(items.load_archive, since=since, before_id=before_id, limit=_PAGE):
        for item in page:
            found.add(item.revision, item.feed_id)
        texts += len(page)
        before_id = page[-1].id
    return Suggestion(
        name=name,
        known=namesakes(name),
        entities=entities_called(name),
        candidates=found.candidates(most=most),
        texts=texts,
    )


def suggestion_object(found: Suggestion) -> dict[str, Any]:
    """Return what `marsad entity suggest --json` prints."""
    return asdict(found)
