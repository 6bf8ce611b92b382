"""The symbols that a query is cut into, its limits, and telling by its column what is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple, NoReturn

from marsad.errors import WatchSyntaxError
from marsad.matching.query import Link, QueryWarning, Where
from marsad.matching.quotes import WORD
from marsad.matching.words import Node

MAX_LENGTH: Final = 20_000
"""Code points of a query."""
MAX_DEPTH: Final = 40
"""Parentheses inside parentheses."""
MAX_NESTING: Final = 100
"""Parts of a query inside parts, parentheses or not."""
MAX_TERMS: Final = 2_000
MAX_WORDS: Final = 40
"""Words of one phrase."""
MAX_DISTANCE: Final = 100
DEFAULT_DISTANCE: Final = 4
"""Of a NEAR that says none."""


class Symbol(NamedTuple):
    """A terminal of the grammar with what it stands for."""

    type: str
    """LEAF, FIELD, LINK, FILTER, NOT, AND, OR, OPEN, COUNT, SCORE, CLOSE, BOUND, WEIGHT, COMMA."""
    column: int
    text: str
    """As typed, for messages."""
    value: Node | Link | Where | int | None = None
    """LEAF: its node. LINK: a Link. FIELD: a Where. FILTER: the distance, None for EXCEPT. Else a number."""


@dataclass(frozen=True)
class Lexed:
    symbols: tuple[Symbol, ...]
    warnings: tuple[QueryWarning, ...]


_BIDI: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

_LIST_COMMA: Final = re.compile(r"[,،](?!(?<=\d.)\d)")
"""A comma, but for that of 1,000."""


class Typed:
    """A query as it is read: its text without invisible direction marks, and the columns as typed."""

    def __init__(self, query: str) -> None:
        self.query = query
        """As typed."""
        kept = [place for place, character in enumerate(query) if not _BIDI.match(character)]
        self.text = "".join(query[place] for place in kept)
        """What is read; all places are places in it."""
        self.columns = [place + 1 for place in kept] + [len(query) + 1]
        """Of each character of the text, from 1."""
        self.listing = False
        """True in a list of score( ), where a comma ends a word."""
        self.warnings: list[QueryWarning] = []
        if found := _BIDI.search(query):
            self._warn(
                found.start() + 1,
                "invisible direction marks in the query are ignored",
                "they come with text copied from right-to-left pages",
            )

    def word(self, at: int) -> re.Match[str] | None:
        """Return the bare word at *at*, if there is one."""
        comma = _LIST_COMMA.search(self.text, at) if self.listing else None
        return WORD.match(self.text, at, comma.start() if comma else len(self.text))

    def fail(self, at: int, problem: str, hint: str = "") -> NoReturn:
        raise WatchSyntaxError(self.query, self.columns[at], problem, hint)

    def warn(self, at: int, problem: str, hint: str = "") -> None:
        self._warn(self.columns[at], problem, hint)

    def _warn(self, column: int, problem: str, hint: str) -> None:
        self.warnings.append(QueryWarning(column=column, problem=problem, hint=hint))
