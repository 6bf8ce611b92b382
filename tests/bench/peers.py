"""What others would do: one `re` a watch, one FTS5 query a watch over an index of one item, and mokaccino.

None inflects: `re` and FTS5 are given all forms that we know of a term, mokaccino whole words alone.
"""

from __future__ import annotations

import operator
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from marsad.language.base import Kind
from marsad.language.forms import expand_terms
from marsad.language.registry import languages_of
from marsad.language.tokens import tokenize
from marsad.matching.grammar import parse_query
from marsad.matching.query import And, Chain, Not, Or
from marsad.matching.words import Node, Term
from marsad.model import Revision, WatchDefinition
from tests.bench.words import LANGUAGES

Ask = Callable[[Revision], object]
"""Asks all watches about one item."""


def asking_each(watches: Sequence[WatchDefinition]) -> Iterator[tuple[str, Ask]]:
    """Yield name and function of the peers that ask one watch after the other."""
    trees = [parse_query(watch.query).root for watch in watches]
    patterns = [re.compile(rf"\b(?:{'|'.join(_terms(tree, re.escape, ' '))})\b") for tree in trees]

    def by_re(item: Revision) -> list[int]:
        text = f"{item.title}\n{item.content}".casefold()
        return [number for number, pattern in enumerate(patterns) if pattern.search(text)]

    yield "a `re` a watch (its terms)", by_re

    queries = [_fts5(tree) for tree in trees]
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE item USING fts5(title, content)")

    def by_fts5(item: Revision) -> list[int]:
        database.execute("DELETE FROM item")
        database.execute("INSERT INTO item VALUES (?, ?)", (item.title, item.content))
        ask = "SELECT 1 FROM item WHERE item MATCH ?"
        return [number for number, query in enumerate(queries) if database.execute(ask, (query,)).fetchone()]

    yield "SQLite FTS5, one item", by_fts5


def mokaccino(watches: Sequence[WatchDefinition]) -> Ask | None:
    """Return mokaccino's percolator over the Boolean part of *watches*; None where it is not installed."""
    try:
        from mokaccino import Document, Percolator, Query  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return None

    def read(node: Node) -> Query:
        match node:
            case Or(parts=parts):
                return _folded([read(part) for part in parts], operator.or_)
            case And(parts=parts):
                return _folded([read(part) for part in parts], operator.and_)
            case Chain(operands=parts):
                return _folded([read(part) for part in parts], operator.and_)
            case Not(part=part):
                return ~read(part)
            case Term(text=text):
                words = [Query.from_kv("w", word) for word in text.casefold().split()]
                return _folded(words, operator.and_)
            case _:
                raise TypeError(str(node))

    percolator = Percolator()
    for watch in watches:
        percolator.add_query(read(parse_query(watch.query).root))

    def ask(item: Revision) -> list[int]:
        document = Document()
        for word in set(re.findall(r"\w+", f"{item.title}\n{item.content}".casefold())):
            document.add_value("w", word)
        found: list[int] = percolator.percolate_list(document)
        return found

    return ask


def _folded(parts: list[Any], join: Callable[[Any, Any], Any]) -> Any:
    whole = parts[0]
    for part in parts[1:]:
        whole = join(whole, part)
    return whole


@cache
def _forms(term: str) -> tuple[tuple[str, ...], ...]:
    """Return the forms of each word of *term*."""
    (language,) = languages_of(term, LANGUAGES)[:1]
    (forms,) = expand_terms([(language, term, Kind.KEYWORD)]).values()
    return tuple(tuple(form.key for form in word) for word in forms.sequences[0])


def _terms(node: Node, escape: Callable[[str], str], joined: str) -> Iterator[str]:
    """Yield all terms of a query, those under NOT left out, each as alternatives of its words."""
    if isinstance(node, Term):
        yield joined.join(f"(?:{'|'.join(map(escape, word))})" for word in _forms(node.text))
    elif not isinstance(node, Not):
        for child in node.children:
            yield from _terms(child, escape, joined)


def _fts5(node: Node) -> str:
    match node:
        case Or(parts=parts):
            return "(" + " OR ".join(map(_fts5, parts)) + ")"
        case And(parts=parts):
            there = [part for part in parts if not isinstance(part, Not)]
            absent = [part.part for part in parts if isinstance(part, Not)]
            whole = "(" + " AND ".join(map(_fts5, there)) + ")"
            return whole if not absent else f"({whole} NOT ({' OR '.join(map(_fts5, absent))}))"
        case Chain(operands=parts, links=links):
            return f"NEAR({' '.join(_quoted(str(part)) for part in parts)}, {links[0].distance})"
        case Term(text=text) if len(tokenize(text).words) > 1:
            return _quoted(text)
        case Term(text=text):
            return "(" + " OR ".join(map(_quoted, _forms(text)[0])) + ")"
        case _:
            raise TypeError(str(node))


def _quoted(text: str) -> str:
    return '"' + text.strip('"').replace('"', '""') + '"'
