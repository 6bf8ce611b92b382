"""All enabled watches and entities, compiled together: what is in force until the configuration changes."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import datetime
from functools import cached_property

from marsad.language.forms import expand_terms
from marsad.language.registry import primary
from marsad.matching.compiler import Compiler
from marsad.matching.entities import (
    CompiledEntity,
    EntityLeaf,
    ReadEntity,
    leaves,
)
from marsad.matching.findings import Findings, Locate, by_kind
from marsad.matching.ground import Basis, Ground, Languages
from marsad.matching.matcher import CompiledWatch, WatchSet
from marsad.matching.packs import Packs, with_country
from marsad.matching.query import EntityName, Query
from marsad.matching.reading import Reader
from marsad.matching.references import KnownFeeds
from marsad.matching.subqueries import named_by, references
from marsad.matching.vocabulary import Aliases, Compiled, Expand, Vocabulary, rules_version
from marsad.model import EntityDefinition, FeedDefinition, Mistake, WatchDefinition


@dataclass(frozen=True, kw_only=True)
class Compilation:
    """A watch set of all that could be compiled, and what an operator should know of the rest."""

    watch_set: WatchSet
    mistakes: tuple[Mistake, ...]
    """Watches and entities that are not in the set, and why."""
    warnings: tuple[Mistake, ...]
    """What is accepted but doubtful."""
    definitions: tuple[WatchDefinition, ...]
    """All that were to be compiled."""
    basis: Basis

    @cached_property
    def by_id(self) -> Mapping[str, WatchDefinition]:
        return {watch.id: watch for watch in self.definitions}

    @cached_property
    def naming(self) -> Collection[WatchDefinition]:
        """The watches whose queries name others."""
        return [watch for watch in self.definitions if "watch:" in watch.query]


def compile_watch_set(
    watches: Sequence[WatchDefinition],
    entities: Sequence[EntityDefinition] = (),
    *,
    feeds: Sequence[FeedDefinition] | None = None,
    expand: Expand = expand_terms,
    locate: Locate = by_kind,
    lost_entities: Collection[str] | None = frozenset(),
    packs: Sequence[str] = (),
    others: Sequence[WatchDefinition] = (),
    lost_watches: Collection[str] | None = frozenset(),
    languages: Sequence[str] = (),
    basis: Basis | None = None,
    searched_at: datetime | None = None,
) -> Compilation:
    """Compile *watches*; one that is wrong never stops the others.

    *feeds* give watches their languages, and tell which feeds and tags a query may name; None leaves that
    open. *expand* gives the forms of terms: the daemon passes one that asks a child process. *locate* tells
    where a mistake stands. *lost_entities* exist but could not be read (None: any may), so that nothing is
    said of queries that name them; those are left out. *packs* are those of `matching.packs` whose entities
    a query may name too. *others* are watches that are not compiled, but may be named by `watch:`;
    *lost_watches* those that could not be read. *languages* are further ones that items may be in. *basis*
    is that of a compilation of which these watches are a part (`compile_changes`); *entities* are then those
    that they name.
    *searched_at* is set for a search of the archive, in the zone of whoever asks: `date:` is for those.
    """
    used = Packs(packs, entities)
    ground = basis.ground if basis is not None else None
    if ground is None:
        ground = Ground.of(watches, entities, feeds, packs, lost_entities, lost_watches, languages)
    compilation = _Compilation(
        watches,
        others,
        entities,
        feeds,
        expand,
        locate,
        lost_entities,
        used,
        languages,
        ground,
        searched_at,
    )
    with _uncollected():
        return compilation.run(lost_watches, basis)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from looking again and again through millions of objects, all of use."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Compilation:
    """The state of one compilation."""

    def __init__(
        self,
        watches: Sequence[WatchDefinition],
        others: Sequence[WatchDefinition],
        entities: Sequence[EntityDefinition],
        feeds: Sequence[FeedDefinition] | None,
        expand: Expand,
        locate: Locate,
        lost_entities: Collection[str] | None,
        packs: Packs,
        further: Sequence[str],
        ground: Ground,
        searched_at: datetime | None,
    ) -> None:
        self._ground = ground
        self._watches = watches
        self._searched_at = searched_at
        self._others = others
        self._expand = expand
        self._findings = Findings(locate)
        self._languages = Languages(feeds or (), further)
        used = packs.named(watch.query for watch in (*watches, *named_by(watches, others)))
        self._packed = frozenset(it.id for it in used)
        self._reader = Reader(
            {it.id: with_country(it, ground.languages) for it in (*entities, *used)},
            self._findings,
            feeds=KnownFeeds(feeds) if feeds is not None else None,
            packs=packs,
            languages=self._languages,
            lost=lost_entities,
            searched_at=searched_at,
        )

    def run(self, lost_watches: Collection[str] | None, basis: Basis | None) -> Compilation:
        read = self._reader.entities()
        if basis is not None:
            aliases = basis.aliases
        else:
            aliases = Aliases(name for entity in read.values() for name in entity.names())
        vocabulary = Vocabulary(aliases)
        entities = self._compile_entities(read, vocabulary)
        built = [
            (watch, query, self._compiler(watch, vocabulary, entities).plan(query))
            for watch, query in self._reader.watches(self._watches, self._others, entities, lost_watches)
        ]
        compiled = vocabulary.compile(self._expand)
        broken = self._broken_entities(entities, read, compiled)
        ready = []
        for watch, query, plan in built:
            used = _all_used(query, read)
            if culprits := sorted(used & broken):
                problem = f'the entity "{culprits[0]}" cannot be used'
                self._findings.wrong_query(watch, problem, "see what is wrong with it")
                continue
            own = {
                number
                for leaf in leaves(plan)
                if not isinstance(leaf, EntityLeaf)
                for number in leaf.anchors or ()
            }
            if failed := [compiled.failed[number] for number in sorted(own) if number in compiled.failed]:
                for problem in failed:
                    self._findings.wrong_query(watch, problem)
                continue
            hints = {hint: None for number in sorted(own) for hint in compiled.hints.get(number, ())}
            for hint in hints:
                self._findings.doubt_query(watch, hint)
            version = self._version(watch, query, (read[it].definition for it in sorted(used)))
            ready.append(CompiledWatch(watch, query, plan, version))
        return Compilation(
            watch_set=WatchSet(ready, entities, compiled.index),
            mistakes=tuple(self._findings.mistakes),
            warnings=tuple(self._findings.warnings),
            definitions=tuple(self._watches),
            basis=Basis(ground=self._ground, aliases=aliases, packed=self._packed),
        )

    # ── entities ────────────────────────────────────────────────────────────────────────────────

    def _compile_entities(
        self, read: Mapping[str, ReadEntity], vocabulary: Vocabulary
    ) -> dict[str, CompiledEntity]:
        entities = {identity: CompiledEntity(entity, vocabulary) for identity, entity in read.items()}
        compiler = Compiler(vocabulary, entities, self._languages.of_all())
        for identity, entity in read.items():
            if entity.condition is not None:
                entities[identity].condition = compiler.plan(entity.condition)
        return entities

    def _broken_entities(
        self, entities: Mapping[str, CompiledEntity], read: Mapping[str, ReadEntity], compiled: Compiled
    ) -> frozenset[str]:
        """Report what the rules of a language made of names; return the entities that cannot be used."""
        broken: set[str] = set()
        for identity, entity in entities.items():
            numbers = set(entity.numbers())
            if entity.condition is not None:
                numbers.update(number for leaf in leaves(entity.condition) for number in leaf.anchors or ())
            for number in sorted(numbers):
                if number in compiled.failed:
                    broken.add(identity)
                    self._findings.wrong_names(identity, compiled.failed[number])
            # What a table of ours holds is no operator's to mend.
            own = read[identity].definition.country is None and identity not in self._packed
            hints = {
                hint: None
                for number in sorted(entity.numbers() if own else ())
                for hint in compiled.hints.get(number, ())
            }
            for hint in hints:
                self._findings.doubt_names(identity, hint)
        return frozenset(it for it in read if it in broken or _reached(read, it) & broken)

    def _compiler(
        self, watch: WatchDefinition, vocabulary: Vocabulary, entities: Mapping[str, CompiledEntity]
    ) -> Compiler:
        return Compiler(
            vocabulary,
            entities,
            self._languages.of(watch),
            strict=bool(watch.languages),
            searched_at=self._searched_at,
        )

    def _version(self, watch: WatchDefinition, query: Query, entities: Iterable[EntityDefinition]) -> str:
        """Return what changes when *watch* may find something else: its query, scope, entities, rules."""
        used = list(entities)
        languages = self._languages.of(watch)
        named = {language for entity in used for language, _ in (*entity.names, *entity.weak)}
        said = [
            watch.query,
            languages,
            bool(watch.languages),
            sorted(watch.feeds),
            sorted(watch.tags),
            watch.active_from and watch.active_from.isoformat(),
            watch.active_until and watch.active_until.isoformat(),
            watch.all_items,
            [astuple(entity) for entity in used],
            rules_version((*languages, *map(primary, named))),
            [str(node.part) for node in references(query)],
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:16]


def _reached(read: Mapping[str, ReadEntity], start: str) -> set[str]:
    """Return the entities that *start* needs, itself among them."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        identity = waiting.pop()
        if identity not in found:
            found.add(identity)
            waiting.extend(read[identity].uses())
    return found


def _all_used(query: Query, read: Mapping[str, ReadEntity]) -> set[str]:
    named = {node.id for node in query.nodes() if isinstance(node, EntityName)}
    return {it for name in named for it in _reached(read, name)}
