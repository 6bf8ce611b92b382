"""Reading what is to be compiled: entities and queries, with all that is wrong or doubtful about them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from marsad.errors import WatchSyntaxError
from marsad.language.registry import languages_of
from marsad.language.related import related
from marsad.matching.doubts import doubts
from marsad.matching.entities import EntityFinding, ReadEntity, cyclic, read_entity
from marsad.matching.findings import Findings, Path
from marsad.matching.grammar import parse_query
from marsad.matching.ground import Languages
from marsad.matching.limits import Misplaced, check_terms
from marsad.matching.listed import pieces, put_together
from marsad.matching.packs import Packs
from marsad.matching.parts import COMPOUNDING
from marsad.matching.query import Dated, EntityName, Query, WatchName
from marsad.matching.references import KnownFeeds, undefined
from marsad.matching.subqueries import SubQueries, named_by
from marsad.matching.words import Compound, Related
from marsad.model import EntityDefinition, WatchDefinition


class Reader:
    """Reads definitions; what is wrong with one is noted in *findings*, and stops no other.

    *lost* entities exist but could not be read (None: any may): nothing is said of queries that name them.
    *searched_at* is set for a search of the archive, which may ask for dates.
    """

    def __init__(
        self,
        definitions: Mapping[str, EntityDefinition],
        findings: Findings,
        *,
        feeds: KnownFeeds | None,
        packs: Packs,
        languages: Languages,
        lost: Collection[str] | None,
        searched_at: datetime | None,
    ) -> None:
        self._definitions = definitions
        self._known: dict[str, object] = dict(definitions)
        self._findings = findings
        self._known_feeds = feeds
        self._packs = packs
        self._languages = languages
        self._lost = None if lost is None else set(lost)
        self._searched_at = searched_at
        self._lost_watches: set[str] = set()

    def entities(self) -> dict[str, ReadEntity]:
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
            for column, problem, hint in self._beyond_entities(entity.condition):
                self._condemn(identity, problem, hint, column)
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

    def watches(
        self,
        watches: Sequence[WatchDefinition],
        others: Sequence[WatchDefinition],
        entities: Mapping[str, object],
        lost: Collection[str] | None,
    ) -> list[tuple[WatchDefinition, Query]]:
        """Return those of *watches* that can be used, each with its query and those of the watches it names.

        *others* may be named, too; of *lost* ones (None: any) nothing is said. *entities* are usable ones.
        """
        definitions = {watch.id: watch for watch in (*watches, *named_by(watches, others))}
        queries = {
            watch.id: query
            for watch in definitions.values()
            if (query := self._read_watch(watch, entities)) is not None
        }
        if lost is not None:
            lost = {*lost, *self._lost_watches}
        all_items = {watch.id for watch in definitions.values() if watch.all_items}
        known = {*definitions, *(watch.id for watch in others)}
        sub_queries = SubQueries(queries, known, lost=lost, all_items=all_items)
        usable = [
            (watch, query)
            for watch in watches
            if watch.id in queries and (query := sub_queries.resolve(watch.id)) is not None
        ]
        for identity, error in sub_queries.mistakes:
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
            for column, problem, hint in self._unanswered(query, self._languages.of(watch)):
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

    def _beyond_entities(self, condition: Query) -> Iterator[tuple[int, str, str]]:
        """Yield what the condition of an entity cannot ask for, as it is asked in every watch."""
        yield from self._unanswered(condition, self._languages.of_all())
        for node in condition.nodes():
            if isinstance(node, WatchName):
                yield node.column, f"{node} cannot stand in an entity", "write what it looks for"

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
