"""A query with `related:` before each of its words: what adjectives, nationals and titles would add to it."""

from __future__ import annotations

from marsad.matching.query import Query
from marsad.matching.words import Node, Pattern, Term


def with_related(query: Query) -> str | None:
    """Return the text of *query* with `related:` before each term that can have it; None where none can."""
    columns = sorted({node.column for node in _terms(query.root)}, reverse=True)
    text = query.text
    for column in columns:
        text = f"{text[: column - 1]}related:{text[column - 1 :]}"
    return text if columns else None


def _terms(node: Node) -> list[Term]:
    if isinstance(node, Pattern):
        return []  # a phrase with wildcards is written as one
    if isinstance(node, Term):
        return [] if node.name else [node]
    return [term for child in node.children for term in _terms(child)]
