"""What is accepted in a query, but can hardly be meant: common words, branches that make no difference."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from marsad.matching.query import About, And, Chain, Not, Or, Query, QueryWarning, Source, Where, Within
from marsad.matching.stopwords import is_frequent
from marsad.matching.words import Node, Term


def doubts(query: Query, *, feeds: Collection[str] = ()) -> Iterator[QueryWarning]:
    """Yield what is doubtful in *query*; *feeds* are the only ones its watch looks at, () all."""
    for term in _alone(query.root):
        if is_frequent(term.text):
            problem = f'"{term.text}" stands in a great many items'
            yield _doubt(term, problem, "join it with another term by AND or NEAR")
    required = query.root.parts if isinstance(query.root, And) else (query.root,)
    for part in required:
        if isinstance(part, Source) and part.about is About.FEED and feeds and part.value not in feeds:
            yield _doubt(part, f"the watch never looks at {part}", "see its feeds")
    for node in query.nodes():
        match node:
            case And(parts=parts):
                yield from _contradictions(parts)
                yield from _twice(parts)
            case Or(parts=parts):
                yield from _twice(parts)
                yield from _needless(parts)
            case Chain():
                yield from _apart(node)


def _doubt(node: Node, problem: str, hint: str = "") -> QueryWarning:
    return QueryWarning(column=node.column, problem=problem, hint=hint)


def _alone(node: Node) -> Iterator[Term]:
    """Yield the terms of which each is enough to match."""
    match node:
        case Term():
            yield node
        case Or(parts=parts):
            for part in parts:
                yield from _alone(part)
        case Within(part=part):
            yield from _alone(part)


def _contradictions(parts: Sequence[Node]) -> Iterator[QueryWarning]:
    absent = {part.part for part in parts if isinstance(part, Not)}
    for part in parts:
        if part in absent:
            yield _doubt(part, f"{part} is asked for, and not to be there: nothing can match", "remove one")


def _twice(parts: Sequence[Node]) -> Iterator[QueryWarning]:
    seen: set[Node] = set()
    for part in parts:
        if part in seen:
            yield _doubt(part, f"{part} stands twice", "remove one")
        seen.add(part)


def _needless(parts: Sequence[Node]) -> Iterator[QueryWarning]:
    """A branch that asks for another branch and more finds nothing that the other does not."""
    known = set(parts)
    for part in parts:
        if isinstance(part, And) and (covered := next((it for it in part.parts if it in known), None)):
            yield _doubt(part, f"{part} adds nothing: {covered} alone finds it already", "remove one of them")


def _apart(chain: Chain) -> Iterator[QueryWarning]:
    for left, right in zip(chain.operands, chain.operands[1:], strict=False):
        if isinstance(left, Within) and isinstance(right, Within) and left.where is not right.where:
            if Where.LEAD in (left.where, right.where):
                continue
            problem = f"{left} and {right} stand in different fields, and are never near"
            yield _doubt(right, problem, "write AND instead")
