"""All enabled watches and entities, compiled together: what is in force until the configuration changes."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import datetime

from marsad.errors import WatchSyntaxError
from marsad.language.forms import expand_terms
from marsad.language.registry import languages_of, primary
from marsad.language.related import related
from marsad.matching.compiler import Compiler
from marsad.matching.doubts import doubts
from marsad.matching.entities import (
    CompiledEntity,
    EntityFinding,
    EntityLeaf,
    ReadEntity,
    cyclic,
    leaves,
    read_entity,
)
from marsad.matching.findings import Findings, Locate, Path, by_kind
from marsad.matching.grammar import parse_query
from marsad.matching.limits import Misplaced, check_terms
from marsad.matching.listed import pieces, put_together
from marsad.matching.matcher import CompiledWatch, WatchSet
from marsad.matching.packs import Packs, with_country
from marsad.matching.parts import COMPOUNDING
from marsad.matching.query import Compound, Dated, EntityName, Query, Related
from marsad.matching.references import KnownFeeds, undefined
from marsad.matching.subqueries import SubQueries, named_by, references
from marsad.matching.vocabulary import COMMON_LANGUAGES, Aliases, Compiled, Expand, Vocabulary, rules_version
from marsad.model import EntityDefinition, FeedDefinition, Mistake, WatchDefinition


@dataclass(frozen=True, kw_only=True)
class Ground:
    """All that a watch may find something else by, though it stays the same itself."""

    entities: tuple[EntityDefinition, ...]
    feeds: tuple[tuple[object, ...], ...] | None
    packs: tuple[str, ...]
    lost_entities: frozenset[str] | None
    lost_watches: frozenset[str] | None
    languages: tuple[str, ...]
    """Of feeds and watches: in which countries have names."""

    @classmethod
    def of(
        cls,
        watches: Iterable[WatchDefinition],
        entities: Iterable[EntityDefinition],
        feeds: Iterable[FeedDefinition] | None,
        packs: Iterable[str],
        lost_entities: Collection[str] | None,
        lost_watches: Collection[str] | None,
        languages: Iterable[str] = (),
    ) -> Ground:
        said = None
        if feeds is not None:
            feeds = list(feeds)
            said = tuple((feed.id, feed.tags, feed.language, feed.country, feed.rank) for feed in feeds)
        own = {language for watch in watches if watch.languages for language in watch.languages}
        return cls(
            entities=tuple(entities),
            feeds=said,
            packs=tuple(packs),
            lost_entities=None if lost_entities is None else frozenset(lost_entities),
            lost_watches=None if lost_watches is None else frozenset(lost_watches),
            languages=tuple(sorted({*_languages_of(feeds or ()), *own, *map(primary, languages)})),
        )


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What watches were compiled on: while it stays the same, one that changes is compiled alone."""

    ground: Ground
    aliases: Aliases
    packed: frozenset[str]
    """Entities of packs that a query names."""


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
        self._scopes: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[str, ...]] = {}
        self._searched_at = searched_at
        self._further = tuple(map(primary, further))
        self._named = named = named_by(watches, others)
        self._other_ids = frozenset(watch.id for watch in others)
        self._feeds = {feed.id: feed for feed in feeds} if feeds is not None else None
        self._known_feeds = KnownFeeds(feeds) if feeds is not None else None
        self._expand = expand
        self._findings = Findings(locate)
        self._lost = None if lost_entities is None else set(lost_entities)
        used = packs.named(watch.query for watch in (*watches, *named))
        self._packed = frozenset(it.id for it in used)
        self._definitions = {it.id: with_country(it, ground.languages) for it in (*entities, *used)}
        self._known: dict[str, object] = dict(self._definitions)
        self._packs = packs
        self._lost_watches: set[str] = set()

    def run(self, lost_watches: Collection[str] | None, basis: Basis | None) -> Compilation:
        read = self._read_entities()
        if basis is not None:
            aliases = basis.aliases
        else:
            aliases = Aliases(name for entity in read.values() for name in entity.names())
        vocabulary = Vocabulary(aliases)
        entities = self._compile_entities(read, vocabulary)
        built = [
            (watch, query, self._compiler(watch, vocabulary, entities).plan(query))
            for watch, query in self._read_watches(entities, lost_watches)
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

    def _read_entities(self) -> dict[str, ReadEntity]:
        """Return the entities that can be used: well written, on others that can, and not on themselves."""
        read: dict[str, ReadEntity] = {}
        for definition in self._definitions.values():
            found = read_entity(definition)
            if isinstance(found, ReadEntity):
                read[definition.id] = found
            else:
                for mistake in found:
                    self._findings.wrong_entity(mistake)
        for identity, way in cyclic(read).items():
            self._condemn(identity, f"comes back to itself: {way}", "break the circle")
            del read[identity]
        for identity, entity in list(read.items()):
            if entity.condition is None:
                continue
            for error in self._unknown(entity.condition):
                self._condemn(identity, error.problem, error.hint, error.column)
                read.pop(identity, None)
        while unusable := [
            it for it, entity in read.items() if any(used not in read for used in entity.uses())
        ]:
            for identity in unusable:
                if all(used in self._known for used in read.pop(identity).uses()):
                    problem, hint = "names an entity that cannot be used", "see what is wrong with that one"
                    self._condemn(identity, problem, hint)
                else:
                    self._lose(identity)
        for entity in read.values():
            for warning in entity.warnings:
                self._findings.doubt_entity(warning)
        return read

    def _lose(self, identity: str) -> None:
        """Leave an entity out without a word, as what is wrong with another is told already."""
        del self._known[identity]
        if self._lost is not None:
            self._lost.add(identity)

    def _condemn(self, identity: str, problem: str, hint: str, column: int | None = None) -> None:
        """Note a mistake in what an entity's weak names need."""
        finding = EntityFinding(entity_id=identity, path=("with",), problem=problem, hint=hint, column=column)
        self._findings.wrong_entity(finding)

    def _compile_entities(
        self, read: Mapping[str, ReadEntity], vocabulary: Vocabulary
    ) -> dict[str, CompiledEntity]:
        entities = {identity: CompiledEntity(entity, vocabulary) for identity, entity in read.items()}
        compiler = Compiler(vocabulary, entities, self._all_languages())
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

    # ── watches ─────────────────────────────────────────────────────────────────────────────────

    def _read_watches(
        self, entities: Mapping[str, object], lost: Collection[str] | None
    ) -> list[tuple[WatchDefinition, Query]]:
        """Return the watches that can be used, each with its query and those of the watches it names."""
        definitions = {watch.id: watch for watch in (*self._watches, *self._named)}
        queries = {
            watch.id: query
            for watch in definitions.values()
            if (query := self._read_watch(watch, entities)) is not None
        }
        if lost is not None:
            lost = {*lost, *self._lost_watches}
        all_items = {watch.id for watch in definitions.values() if watch.all_items}
        known = SubQueries(queries, {*definitions, *self._other_ids}, lost=lost, all_items=all_items)
        usable = [
            (watch, query)
            for watch in self._watches
            if watch.id in queries and (query := known.resolve(watch.id)) is not None
        ]
        for identity, error in known.mistakes:
            watch = definitions[identity]
            self._findings.wrong_query(watch, error.problem, error.hint, error.column)
        return usable

    def _read_watch(self, watch: WatchDefinition, entities: Mapping[str, object]) -> Query | None:
        read: list[tuple[Path, Query]] = []
        usable, lost = True, False
        for path, text in pieces(watch):
            try:
                query = parse_query(text, all_items=watch.all_items or bool(watch.lists))
            except WatchSyntaxError as error:
                self._findings.wrong_query(watch, error.problem, error.hint, error.column, path=path)
                usable = False
                continue
            read.append((path, query))
            for unknown in self._unknown(query):
                self._findings.wrong_query(watch, unknown.problem, unknown.hint, unknown.column, path=path)
                usable = False
            for node in query.nodes():
                if isinstance(node, EntityName) and node.id not in entities:
                    lost = True
                    if node.id in self._known:
                        problem, hint = f'the entity "{node.id}" cannot be used', "see what is wrong with it"
                        self._findings.wrong_query(watch, problem, hint, node.column, path=path)
                        usable = False
            for column, problem, hint in self._unanswered(query, self._languages(watch)):
                self._findings.wrong_query(watch, problem, hint, column, path=path)
                usable = False
            for doubt in (*query.warnings, *doubts(query, feeds=watch.feeds)):
                self._findings.doubt_query(watch, doubt.problem, doubt.hint, doubt.column, path=path)
        if not usable:
            return None
        if lost:
            self._lost_watches.add(watch.id)
            return None
        query = put_together(watch, read)
        if watch.lists and not watch.all_items:
            try:
                check_terms(query.root)
            except Misplaced as misplaced:
                _, problem, hint = misplaced.told
                self._findings.wrong_query(watch, problem, hint, path=())
                return None
        return query

    def _unanswered(self, query: Query, languages: Sequence[str]) -> Iterator[tuple[int, str, str]]:
        """Yield what cannot be answered: of the languages of the watch, or outside the archive."""
        for node in query.nodes():
            if isinstance(node, Dated) and self._searched_at is None:
                problem = f"{node} is for searches of the archive"
                yield node.column, problem, "a watch has from and until"
            elif isinstance(node, Compound):
                of = languages_of(node.text, languages)
                if COMPOUNDING.isdisjoint(of):
                    problem = f"no language of the watch writes compounds with {node.text} as one word"
                    yield node.column, problem, 'name the one that does, as in languages = ["de"]'
            elif isinstance(node, Related) and not any(
                related(language, node.text) for language in languages_of(node.text, languages)
            ):
                problem = f"nothing is known to be related to {node.text}"
                yield node.column, problem, "write the words with OR"

    def _unknown(self, query: Query) -> Iterator[WatchSyntaxError]:
        return undefined(
            query, entities=self._known, feeds=self._known_feeds, lost=self._lost, packs=self._packs
        )

    def _compiler(
        self, watch: WatchDefinition, vocabulary: Vocabulary, entities: Mapping[str, CompiledEntity]
    ) -> Compiler:
        return Compiler(
            vocabulary,
            entities,
            self._languages(watch),
            strict=bool(watch.languages),
            searched_at=self._searched_at,
        )

    def _languages(self, watch: WatchDefinition) -> tuple[str, ...]:
        if watch.languages:
            return tuple(dict.fromkeys(map(primary, watch.languages)))
        return self._all_languages(watch)

    def _all_languages(self, watch: WatchDefinition | None = None) -> tuple[str, ...]:
        """Return the common languages, and those of the feeds of *watch*, or of all."""
        # Most watches look at all feeds, or at those that others look at.
        scope = (watch.feeds, watch.tags) if watch is not None else ((), ())
        found = self._scopes.get(scope)
        if found is None:
            feeds = (self._feeds or {}).values()
            stated = _languages_of(it for it in feeds if watch is None or in_scope(watch, it.id, it.tags))
            found = self._scopes[scope] = tuple(dict.fromkeys((*stated, *self._further)))
        return found

    def _version(self, watch: WatchDefinition, query: Query, entities: Iterable[EntityDefinition]) -> str:
        """Return what changes when *watch* may find something else: its query, scope, entities, rules."""
        used = list(entities)
        languages = self._languages(watch)
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


def _languages_of(feeds: Iterable[FeedDefinition]) -> tuple[str, ...]:
    """Return the common languages, and those of *feeds*."""
    stated = sorted(primary(feed.language) for feed in feeds if feed.language)
    return tuple(dict.fromkeys((*COMMON_LANGUAGES, *stated)))


def in_scope(watch: WatchDefinition, feed_id: str, tags: Iterable[str]) -> bool:
    """Tell whether *watch* looks at items of this feed."""
    if watch.feeds and feed_id not in watch.feeds:
        return False
    return not watch.tags or not set(watch.tags).isdisjoint(tags)


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
