"""A query written as lists: any of these, all of those, none of these."""

from __future__ import annotations

from collections.abc import Sequence

from marsad.matching.findings import Path
from marsad.matching.query import And, Not, Or, Query
from marsad.matching.words import Node
from marsad.model import WatchDefinition


def pieces(watch: WatchDefinition) -> list[tuple[Path, str]]:
    """Return what the query of *watch* is put together of, and where each stands."""
    if not watch.lists:
        return [(("query",), watch.query)]
    return [((key, position), text) for key, texts in watch.lists for position, text in enumerate(texts)]


def put_together(watch: WatchDefinition, read: Sequence[tuple[Path, Query]]) -> Query:
    """Return the query of *watch* from its pieces."""
    if not watch.lists:
        return read[0][1]
    parts: dict[str, list[Node]] = {"all_of": [], "any": [], "none": []}
    for (key, *_), query in read:
        parts[str(key)].append(query.root)
    joined = parts["all_of"]
    if parts["any"]:
        joined.append(_either(parts["any"]))
    if parts["none"]:
        joined.append(Not(_either(parts["none"]), column=1))
    if len(joined) == 1:
        return Query(watch.query, joined[0])
    flat = [part for it in joined for part in (it.parts if isinstance(it, And) else (it,))]
    return Query(watch.query, And(tuple(flat), column=1))


def _either(nodes: Sequence[Node]) -> Node:
    if len(nodes) == 1:
        return nodes[0]
    flat = [part for it in nodes for part in (it.parts if isinstance(it, Or) else (it,))]
    return Or(tuple(flat), column=1)
