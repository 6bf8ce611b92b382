"""What an item mentions: a cheap index names the watches that may, an exact evaluation decides."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marsad.matching.bundles import CompiledWatch
from marsad.matching.document import Document, Source
from marsad.matching.entities import CompiledEntity
from marsad.matching.layer import Judged, Layer
from marsad.matching.vocabulary import Index
from marsad.model import Match, Revision

__all__ = ["CompiledWatch", "MatchResult", "WatchSet"]

_MOST_LAYERS: Final = 4
"""Each costs every item a look at its words."""


@dataclass(frozen=True, kw_only=True)
class MatchResult:
    matches: tuple[Match, ...] = ()
    """In the order of the watches in the configuration."""
    failed: tuple[tuple[str, str], ...] = ()
    """(watch id, error) of watches whose evaluation failed on this item."""


class WatchSet:
    """Compiled watches and entities. Immutable: a change makes a new set, which is swapped in whole.

    A change shares what it leaves alone: what is new lies as a layer of its own over the layers that were
    there. Safe to use from several threads.
    """

    def __init__(
        self, watches: Sequence[CompiledWatch], entities: Mapping[str, CompiledEntity], index: Index
    ) -> None:
        layer = Layer(watches, entities, index)
        self._lay([(layer, frozenset())], [watch.definition.id for watch in watches])
        self._as_compiled = True

    def _lay(self, layers: list[tuple[Layer, frozenset[str]]], order: Sequence[str]) -> None:
        self._layers = layers
        """The newest last; with each the ids of those of its watches that count no longer."""
        self._as_compiled = False
        """Whether the numbers of the one layer are those of the configuration."""
        self._numbers = dict(zip(order, range(len(order)), strict=True))

    def changed(self, newer: WatchSet, *, removed: Collection[str], order: Sequence[str]) -> WatchSet:
        """Return the watches *order*, which says their ids, as *newer* has them, or else as they are here.

        *removed* are those that are here, and not in *order*.
        """
        replaced = newer._numbers.keys() | removed
        layers = [
            (layer, gone | {it for it in replaced if it in layer.watches}) for layer, gone in self._layers
        ]
        changed = WatchSet.__new__(WatchSet)
        changed._lay([*layers, *newer._layers], order)
        return changed

    @property
    def crowded(self) -> bool:
        """Whether one more change should better compile all that changed, or everything, anew."""
        return len(self._layers) >= _MOST_LAYERS

    def latest(self) -> list[str]:
        """Return the ids of the watches that lie over the first layer."""
        return [it for layer, gone in self._layers[1:] for it in layer.watches if it not in gone]

    @property
    def watches(self) -> tuple[CompiledWatch, ...]:
        """In the order of the configuration."""
        return tuple(map(self.watch, self._numbers))

    def __len__(self) -> int:
        return len(self._numbers)

    def watch(self, watch_id: str) -> CompiledWatch:
        """Return the watch of this id; KeyError where there is none, or it could not be compiled."""
        return self.layer_of(watch_id).watches[watch_id]

    def layer_of(self, watch_id: str) -> Layer:
        """Return the watches that the one of this id was compiled with; KeyError where there is none."""
        for layer, gone in reversed(self._layers):
            if watch_id in layer.watches and watch_id not in gone:
                return layer
        raise KeyError(watch_id)

    def versions(self) -> dict[str, str]:
        """Return the version of each watch by its id."""
        return {watch.definition.id: watch.version for watch in self.watches}

    def match(
        self,
        revision: Revision,
        source: Source,
        *,
        now: datetime,
        only: Container[str] | None = None,
    ) -> MatchResult:
        """Return the watches that *revision* mentions; *only* limits them to some ids."""
        return self._match(revision, source, now, only, use_index=True)

    def match_without_index(
        self,
        revision: Revision,
        source: Source,
        *,
        now: datetime,
        only: Container[str] | None = None,
    ) -> MatchResult:
        """Return the same as `match`, asking every watch: the oracle of tests."""
        return self._match(revision, source, now, only, use_index=False)

    def _match(
        self,
        revision: Revision,
        source: Source,
        now: datetime,
        only: Container[str] | None,
        *,
        use_index: bool,
    ) -> MatchResult:
        document = Document(revision, source)
        judged: list[Judged] = [
            layer.judge(document, now, _asked(only, gone), use_index=use_index)
            for layer, gone in self._layers
        ]
        failed = [it for one in judged for it in one.failed]
        numbers = self._numbers
        if self._as_compiled:
            found = judged[0].matches
            matches = [found[number] for number in sorted(found)]
        else:
            matches = [it for one in judged for it in one.matches.values()]
            matches.sort(key=lambda it: numbers[it.watch.id])
        failed.sort(key=lambda it: numbers[it[0]])
        return MatchResult(matches=tuple(matches), failed=tuple(failed))


def _asked(only: Container[str] | None, gone: Collection[str]) -> Callable[[str], bool] | None:
    if only is None:
        return (lambda watch_id: watch_id not in gone) if gone else None
    return lambda watch_id: watch_id in only and watch_id not in gone
