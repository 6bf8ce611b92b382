"""Watches inside queries: `watch:hamas` is what the query of the watch hamas finds."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from marsad.errors import WatchSyntaxError
from marsad.matching.limits import Misplaced, check_nesting, check_operand, check_terms, check_within
from marsad.matching.query import And, Chain, Count, Not, Or, Query, Score, Unless, WatchName, Within
from marsad.matching.references import suggested
from marsad.matching.symbols import MAX_TERMS
from marsad.matching.words import Node
from marsad.model import WatchDefinition

_NAMED: Final = re.compile(r"watch:([A-Za-z0-9][A-Za-z0-9._-]{0,63})")


def named_by(watches: Iterable[WatchDefinition], others: Iterable[WatchDefinition]) -> list[WatchDefinition]:
    """Return those of *others* that *watches* name, and those that these name in turn.

    By a look at the text alone, so that a few more may be among them.
    """
    known = {watch.id: watch for watch in others}
    waiting = list(watches)
    own = {watch.id for watch in waiting}
    found: dict[str, WatchDefinition] = {}
    while waiting:
        for match in _NAMED.finditer(waiting.pop().query):
            identity = match[1].rstrip(".-")
            if identity in known and identity not in found and identity not in own:
                found[identity] = known[identity]
                waiting.append(known[identity])
    return list(found.values())


def references(query: Query) -> list[WatchName]:
    """Return where *query* names other watches, in its order."""
    return [node for node in query.nodes() if isinstance(node, WatchName)]


class SubQueries:
    """Looks up the watches that queries name.

    *queries* are those that could be read, *known* all ids. Of *lost* watches (None: of any that is not
    known) nothing is said, as what is wrong with them is told elsewhere. *all_items* are watches that need
    no term.
    """

    def __init__(
        self,
        queries: Mapping[str, Query],
        known: Collection[str],
        *,
        lost: Collection[str] | None = (),
        all_items: Container[str] = (),
    ) -> None:
        self._queries = queries
        self._known = known
        self._lost = lost
        self._all_items = all_items
        self._resolved: dict[str, Query | None] = {}
        self._terms: dict[str, int] = {}
        self.mistakes: list[tuple[str, WatchSyntaxError]] = []
        """(watch id, what is wrong with it)."""
        for identity, way in _cycles(queries).items():
            first = references(queries[identity])[0]
            told = " → ".join(f"watch:{it}" for it in way)
            self._fail(identity, first, f"comes back to itself: {told}", "break the circle")
            self._resolved[identity] = None

    def resolve(self, identity: str) -> Query | None:
        """Return the query of a watch with those it names in their places; None where one cannot be used."""
        waiting = [identity]
        while waiting:
            current = waiting[-1]
            if current in self._resolved:
                waiting.pop()
                continue
            needed = {it.id for it in references(self._queries[current]) if it.id in self._queries}
            if missing := [it for it in needed if it not in self._resolved]:
                waiting.extend(missing)
                continue
            self._resolved[current] = self._put_together(current)
            waiting.pop()
        return self._resolved[identity]

    def _fail(self, identity: str, where: WatchName, problem: str, hint: str) -> None:
        error = WatchSyntaxError(self._queries[identity].text, where.column, problem, hint)
        self.mistakes.append((identity, error))

    def _put_together(self, identity: str) -> Query | None:
        query = self._queries[identity]
        named = references(query)
        self._terms[identity] = sum(not node.children for node in query.nodes())
        if not named:
            return query
        usable = True
        for node in named:
            if self._lost is not None and node.id in self._lost:
                usable = False
            elif node.id not in self._known:
                usable = False
                if self._lost is None:
                    continue
                hint = suggested(node.id, list(self._known))
                self._fail(identity, node, f'no watch has the id "{node.id}"', hint)
            elif self._resolved.get(node.id) is None:
                problem = f'the watch "{node.id}" cannot be used'
                self._fail(identity, node, problem, "see what is wrong with it")
                usable = False
        if not usable:
            return None
        self._terms[identity] += sum(self._terms[node.id] for node in named)
        if self._terms[identity] > MAX_TERMS:
            problem = f"with the watches it names, the query holds more than {MAX_TERMS:,} terms"
            self._fail(identity, named[0], problem, "list the names in an entity")
            return None
        resolved = replace(query, root=self._filled(query.root))
        for node, misplaced in _misplaced(resolved, all_items=identity in self._all_items):
            problem, hint = misplaced.told[1:]
            self._fail(identity, node, f"{node} cannot stand here: {problem}", hint)
            return None
        return resolved

    def _filled(self, node: Node) -> Node:
        """Return *node* with the queries of the watches it names."""
        match node:
            case WatchName():
                found = self._resolved[node.id]
                return replace(node, part=found.root if found is not None else None)
            case And() | Or() | Score():
                return replace(node, parts=tuple(map(self._filled, node.parts)))
            case Not() | Within() | Count():
                return replace(node, part=self._filled(node.part))
            case Unless():
                return replace(node, part=self._filled(node.part), spoiler=self._filled(node.spoiler))
            case Chain():
                return replace(node, operands=tuple(map(self._filled, node.operands)))
            case _:
                return node


def _misplaced(query: Query, *, all_items: bool) -> Iterator[tuple[WatchName, Misplaced]]:
    """Yield the watches whose queries cannot stand where they are named."""
    waiting: list[tuple[Node, str, str]] = [(query.root, "", "")]
    """(node, the operator it is an operand of, the field it stands in)."""
    last = references(query)[-1]
    while waiting:
        node, operator, field = waiting.pop()
        if isinstance(node, WatchName) and node.part is not None:
            last = node
            try:
                if operator:
                    check_operand(node.part, operator)
                if field:
                    check_within(node.part, field)
            except Misplaced as misplaced:
                yield node, misplaced
            continue
        if isinstance(node, Chain):
            operator = str(node.links[0])
        elif isinstance(node, Unless):
            operator = node.operator
        elif isinstance(node, Count):
            operator = "count( )"
        elif isinstance(node, Within):
            field = f"{node.where}:"
        waiting.extend((part, operator, field) for part in node.children)
    try:
        check_nesting(query.root)
        if not all_items:
            check_terms(query.root)
    except Misplaced as misplaced:
        yield last, misplaced


def _cycles(queries: Mapping[str, Query]) -> dict[str, tuple[str, ...]]:
    """Return the watches whose queries come back to themselves, each with the way they do."""
    uses = {identity: [it.id for it in references(query)] for identity, query in queries.items()}
    found: dict[str, tuple[str, ...]] = {}
    for start, first in uses.items():
        ways: list[tuple[str, tuple[str, ...]]] = [(other, (start, other)) for other in first]
        seen: set[str] = set()
        while ways:
            identity, way = ways.pop()
            if identity == start:
                found[start] = way
                break
            if identity not in seen:
                seen.add(identity)
                ways.extend((other, (*way, other)) for other in uses.get(identity, ()))
    return found
