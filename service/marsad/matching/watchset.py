"""All enabled watches and entities, compiled together: what is in force until the configuration changes."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass

from marsad.errors import WatchSyntaxError
from marsad.language.forms import expand_terms
from marsad.language.registry import primary
from marsad.matching.compiler import Compiler, check_names, leaves
from marsad.matching.entities import (
    CompiledEntity,
    EntityLeaf,
    EntityMistake,
    ReadEntity,
    cyclic,
    read_entity,
)
from marsad.matching.grammar import parse_query
from marsad.matching.matcher import CompiledWatch, WatchSet
from marsad.matching.query import EntityName, Query, QueryWarning
from marsad.matching.vocabulary import COMMON_LANGUAGES, Aliases, Compiled, Expand, Vocabulary, rules_version
from marsad.model import EntityDefinition, FeedDefinition, Mistake, WatchDefinition


@dataclass(frozen=True, kw_only=True)
class Compilation:
    """A watch set of all that could be compiled, and what an operator should know of the rest."""

    watch_set: WatchSet
    mistakes: tuple[Mistake, ...]
    """Watches and entities that are not in the set, and why."""
    warnings: tuple[Mistake, ...]
    """What is accepted but doubtful."""


def compile_watch_set(
    watches: Sequence[WatchDefinition],
    entities: Sequence[EntityDefinition] = (),
    *,
    feeds: Sequence[FeedDefinition] | None = None,
    expand: Expand = expand_terms,
    files: Mapping[str, str] | None = None,
) -> Compilation:
    """Compile *watches*; one that is wrong never stops the others.

    *feeds* give watches their languages, and tell which feeds and tags a query may name; None leaves that
    open. *expand* gives the forms of terms: the daemon passes one that asks a child process. *files* names
    the file in which a watch stands, by its id.
    """
    return _Compilation(watches, entities, feeds, expand, files or {}).run()


class _Compilation:
    """The state of one compilation."""

    def __init__(
        self,
        watches: Sequence[WatchDefinition],
        entities: Sequence[EntityDefinition],
        feeds: Sequence[FeedDefinition] | None,
        expand: Expand,
        files: Mapping[str, str],
    ) -> None:
        self._watches = watches
        self._definitions = entities
        self._feeds = {feed.id: feed for feed in feeds} if feeds is not None else None
        self._tags = frozenset(tag for feed in feeds for tag in feed.tags) if feeds is not None else None
        self._expand = expand
        self._files = files
        self._mistakes: list[Mistake] = []
        self._warnings: list[Mistake] = []

    def run(self) -> Compilation:
        read = self._read_entities()
        vocabulary = Vocabulary(Aliases(name for entity in read.values() for name in entity.names()))
        entities = self._compile_entities(read, vocabulary)
        plans = [
            (watch, query, compiler)
            for watch in self._watches
            if (query := self._read_watch(watch, entities)) is not None
            and (compiler := self._compiler(watch, vocabulary, entities)) is not None
        ]
        built = [(watch, query, compiler.plan(query)) for watch, query, compiler in plans]
        compiled = vocabulary.compile(self._expand)
        broken = self._broken_entities(entities, read, compiled)
        ready = []
        for watch, query, plan in built:
            used = _all_used(query, read)
            if culprits := sorted(used & broken):
                problem = f'the entity "{culprits[0]}" cannot be used'
                self._mistakes.append(self._of_watch(watch, problem, "see what is wrong with it"))
                continue
            own = {
                number
                for leaf in leaves(plan)
                if not isinstance(leaf, EntityLeaf)
                for number in leaf.anchors or ()
            }
            if failed := [compiled.failed[number] for number in sorted(own) if number in compiled.failed]:
                self._mistakes.extend(self._of_watch(watch, problem) for problem in failed)
                continue
            hints = {hint: None for number in sorted(own) for hint in compiled.hints.get(number, ())}
            self._warnings.extend(self._of_watch(watch, hint) for hint in hints)
            version = self._version(watch, (read[it].definition for it in sorted(used)))
            ready.append(CompiledWatch(watch, query, plan, version))
        return Compilation(
            watch_set=WatchSet(ready, entities, compiled.index),
            mistakes=tuple(self._mistakes),
            warnings=tuple(self._warnings),
        )

    # ── entities ────────────────────────────────────────────────────────────────────────────────

    def _read_entities(self) -> dict[str, ReadEntity]:
        """Return the entities that can be used: well written, on others that can, and not on themselves."""
        read: dict[str, ReadEntity] = {}
        known = {definition.id: definition for definition in self._definitions}
        for definition in self._definitions:
            found = read_entity(definition)
            if isinstance(found, ReadEntity):
                read[definition.id] = found
            else:
                self._mistakes.extend(map(_of_entity, found))
        for identity, way in cyclic(read).items():
            self._mistakes.append(
                _of_entity(
                    EntityMistake(
                        entity_id=identity,
                        key="with",
                        problem=f"comes back to itself: {way}",
                        hint="break the circle",
                    )
                )
            )
            del read[identity]
        for identity, entity in list(read.items()):
            if entity.condition is None:
                continue
            for error in self._unknown(entity.condition, known):
                self._mistakes.append(
                    _of_entity(
                        EntityMistake(
                            entity_id=identity,
                            key="with",
                            problem=error.problem,
                            hint=error.hint,
                            column=error.column,
                        )
                    )
                )
                read.pop(identity, None)
        while lost := [it for it, entity in read.items() if any(used not in read for used in entity.uses())]:
            for identity in lost:
                problem, hint = "names an entity that cannot be used", "see what is wrong with that one"
                self._mistakes.append(
                    _of_entity(EntityMistake(entity_id=identity, key="with", problem=problem, hint=hint))
                )
                del read[identity]
        for identity, entity in read.items():
            self._warnings.extend(_of_entity(_doubt(identity, warning)) for warning in entity.warnings)
        return read

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
                    self._mistakes.append(
                        _of_entity(
                            EntityMistake(entity_id=identity, key="names", problem=compiled.failed[number])
                        )
                    )
            hints = {
                hint: None for number in sorted(entity.numbers()) for hint in compiled.hints.get(number, ())
            }
            self._warnings.extend(
                _of_entity(EntityMistake(entity_id=identity, key="names", problem=hint)) for hint in hints
            )
        return frozenset(it for it in read if it in broken or _reached(read, it) & broken)

    # ── watches ─────────────────────────────────────────────────────────────────────────────────

    def _read_watch(self, watch: WatchDefinition, entities: Mapping[str, object]) -> Query | None:
        try:
            query = parse_query(watch.query)
        except WatchSyntaxError as error:
            self._mistakes.append(self._of_watch(watch, error.problem, error.hint, error.column))
            return None
        known = {definition.id: definition for definition in self._definitions}
        unknown = list(self._unknown(query, known))
        self._mistakes.extend(self._of_watch(watch, it.problem, it.hint, it.column) for it in unknown)
        unusable = [
            node
            for node in query.nodes()
            if isinstance(node, EntityName) and node.id in known and node.id not in entities
        ]
        for node in unusable:
            problem = f'the entity "{node.id}" cannot be used'
            self._mistakes.append(self._of_watch(watch, problem, "see what is wrong with it", node.column))
        self._warnings.extend(self._of_watch(watch, it.problem, it.hint, it.column) for it in query.warnings)
        return None if unknown or unusable else query

    def _unknown(self, query: Query, known: Mapping[str, object]) -> Iterator[WatchSyntaxError]:
        return check_names(query, entities=known, feeds=self._feeds, tags=self._tags, suggest=_suggest)

    def _compiler(
        self, watch: WatchDefinition, vocabulary: Vocabulary, entities: Mapping[str, CompiledEntity]
    ) -> Compiler:
        return Compiler(vocabulary, entities, self._languages(watch), strict=bool(watch.languages))

    def _languages(self, watch: WatchDefinition) -> tuple[str, ...]:
        if watch.languages:
            return tuple(dict.fromkeys(map(primary, watch.languages)))
        return self._all_languages(watch)

    def _all_languages(self, watch: WatchDefinition | None = None) -> tuple[str, ...]:
        """Return the common languages, and those of the feeds of *watch*, or of all."""
        feeds = (self._feeds or {}).values()
        stated = [
            primary(feed.language)
            for feed in feeds
            if feed.language and (watch is None or in_scope(watch, feed.id, feed.tags))
        ]
        return tuple(dict.fromkeys((*COMMON_LANGUAGES, *sorted(stated))))

    def _version(self, watch: WatchDefinition, entities: Iterable[EntityDefinition]) -> str:
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
            [astuple(entity) for entity in used],
            rules_version((*languages, *map(primary, named))),
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:16]

    def _of_watch(
        self, watch: WatchDefinition, problem: str, hint: str = "", column: int | None = None
    ) -> Mistake:
        file = self._files.get(watch.id, "watches.toml")
        return Mistake(file=file, key=f'watch "{watch.id}": query', problem=problem, hint=hint, column=column)


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


def _suggest(word: str, known: Sequence[str]) -> str:
    found = difflib.get_close_matches(word, known, n=2, cutoff=0.7)
    return "did you mean " + " or ".join(f'"{it}"' for it in found) + "?" if found else ""


def _doubt(identity: str, warning: QueryWarning) -> EntityMistake:
    return EntityMistake(
        entity_id=identity, key="with", problem=warning.problem, hint=warning.hint, column=warning.column
    )


def _of_entity(mistake: EntityMistake) -> Mistake:
    return Mistake(
        file="entities.toml",
        key=f'entity "{mistake.entity_id}": {mistake.key}',
        problem=mistake.problem,
        hint=mistake.hint,
        column=mistake.column,
    )
