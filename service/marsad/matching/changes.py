"""A change of a few watches: they alone are compiled, and laid over the watches that stay as they are."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

from marsad.language.forms import expand_terms
from marsad.matching.findings import Locate, by_kind
from marsad.matching.ground import Ground
from marsad.matching.vocabulary import Expand
from marsad.matching.watchset import Compilation, compile_watch_set
from marsad.model import EntityDefinition, FeedDefinition, WatchDefinition

_NAMED_WATCH: Final = re.compile(r"watch:([A-Za-z0-9][A-Za-z0-9._-]*)")
_NAMED_ENTITY: Final = re.compile(r"(?:[@＠]|entity:)([A-Za-z0-9][A-Za-z0-9._-]*)")
_FEW: Final = 100
"""Watches that are compiled again at each change, at most, before they are left in a layer of their own."""


def compile_changes(
    former: Compilation,
    watches: Sequence[WatchDefinition],
    entities: Sequence[EntityDefinition] = (),
    *,
    feeds: Sequence[FeedDefinition] | None = None,
    expand: Expand = expand_terms,
    locate: Locate = by_kind,
    lost_entities: Collection[str] | None = frozenset(),
    packs: Sequence[str] = (),
    lost_watches: Collection[str] | None = frozenset(),
) -> Compilation:
    """Return what `compile_watch_set` would, of *watches* that mostly are those of *former*.

    Where entities, feeds or languages are others than before, or too much has changed, all are compiled.
    Warnings are told of what has changed only.
    """

    def whole() -> Compilation:
        return compile_watch_set(
            watches,
            entities,
            feeds=feeds,
            expand=expand,
            locate=locate,
            lost_entities=lost_entities,
            packs=packs,
            others=watches,
            lost_watches=lost_watches,
        )

    ground = Ground.of(watches, entities, feeds, packs, lost_entities, lost_watches)
    # Those that could not be compiled, with a word or without, may be able to now.
    complete = not former.mistakes and len(former.watch_set) == len(former.definitions)
    if not complete or former.basis.ground != ground or former.watch_set.crowded:
        return whole()
    # The cheapest question first: nearly all are the very same objects, or equal ones.
    same = set(map(id, former.definitions))
    others = [watch for watch in watches if id(watch) not in same]
    others = [watch for watch in others if former.by_id.get(watch.id) != watch]
    changed = {watch.id for watch in others}
    new = sum(watch.id not in former.by_id for watch in others)
    removed: set[str] = set()
    if len(watches) - new < len(former.definitions):
        removed = former.by_id.keys() - {watch.id for watch in watches}
    naming = {watch.id: watch for watch in former.naming if watch.id not in removed}
    naming |= {watch.id: watch for watch in others}
    changed |= _who_name(changed | removed, naming.values())
    latest = former.watch_set.latest()
    if len(latest) <= _FEW:
        changed |= {it for it in latest if it not in removed}
    if len(changed) * 4 > len(watches):
        return whole()
    again = [watch for watch in watches if watch.id in changed]
    newer = compile_watch_set(
        again,
        _needed(again, watches, entities),
        feeds=feeds,
        expand=expand,
        locate=locate,
        lost_entities=lost_entities,
        packs=packs,
        others=watches if any("watch:" in watch.query for watch in again) else (),
        lost_watches=lost_watches,
        basis=former.basis,
    )
    left_out = len(newer.watch_set) < len(again)
    if newer.mistakes or left_out or not newer.basis.packed <= former.basis.packed:
        return whole()  # which knows all that could have been meant, and all names there are
    order = [watch.id for watch in watches]
    watch_set = former.watch_set.changed(newer.watch_set, removed=removed, order=order)
    return replace(newer, watch_set=watch_set, definitions=tuple(watches), basis=former.basis)


def _who_name(ids: Collection[str], watches: Iterable[WatchDefinition]) -> set[str]:
    """Return the watches whose queries name one of *ids*, or one that does."""
    if not ids:
        return set()
    names = {
        watch.id: {it.rstrip(".-") for it in _NAMED_WATCH.findall(watch.query)}
        for watch in watches
        if "watch:" in watch.query
    }
    found: set[str] = set()
    new = set(ids)
    while new := {it for it, named in names.items() if it not in found and not named.isdisjoint(new)}:
        found |= new
    return found


def _needed(
    watches: Iterable[WatchDefinition],
    all_watches: Iterable[WatchDefinition],
    entities: Sequence[EntityDefinition],
) -> list[EntityDefinition]:
    """Return the entities that *watches* name, and those that watches and entities they name do."""
    texts = [watch.query for watch in watches]
    if any("watch:" in text for text in texts):
        texts += (watch.query for watch in all_watches)
    known = {entity.id: entity for entity in entities}
    found: dict[str, EntityDefinition] = {}
    while texts:
        for name in _NAMED_ENTITY.findall(texts.pop()):
            # An id ends before a full stop or a hyphen of the text.
            for identity in {name, name.rstrip(".-")}:
                entity = known.get(identity)
                if entity is not None and identity not in found:
                    found[identity] = entity
                    texts.append(entity.with_query or "")
    return [entity for entity in entities if entity.id in found]
