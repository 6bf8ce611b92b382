"""The watch language as a tree: frozen nodes that know their column and can be written out again.

`parse_query` reads; `str(query)` writes the canonical spelling, which reads back as an equal tree. What the
operators mean is decided in `plan`; the words and their forms come from the languages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from marsad.matching.words import Node, quoted
from marsad.model import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryWarning:
    """Something in a query that is accepted but doubtful. *column* counts code points from 1."""

    column: int
    problem: str
    hint: str = ""

    def __str__(self) -> str:
        return f"column {self.column}: {self.problem}" + (f" ({self.hint})" if self.hint else "")


class LinkKind(StrEnum):
    NEAR = "NEAR"
    """At most *distance* tokens between, in either order."""
    ONEAR = "ONEAR"
    """The same, in the order written."""
    SENT = "SENT"
    """In one sentence."""
    PARA = "PARA"
    """In one paragraph."""


@dataclass(frozen=True, slots=True)
class Link:
    """How two neighbours of a chain must stand to each other."""

    kind: LinkKind
    distance: int = 0

    def __str__(self) -> str:
        return f"{self.kind}/{self.distance}" if self.kind in (LinkKind.NEAR, LinkKind.ONEAR) else self.kind


@dataclass(frozen=True)
class EntityName(Node):
    """Any name of the entity *id*."""

    id: str

    def __str__(self) -> str:
        return f"@{self.id}"


@dataclass(frozen=True)
class WatchName(Node):
    """What the query of another watch finds."""

    id: str
    part: Node | None = field(default=None, compare=False)
    """The query of that watch, once it is looked up; its columns are those of its own text."""

    @property
    def children(self) -> tuple[Node, ...]:
        return () if self.part is None else (self.part,)

    def __str__(self) -> str:
        return f"watch:{self.id}"


class About(StrEnum):
    """What a query may ask about an item's source."""

    FEED = "feed"
    TAG = "tag"
    LANGUAGE = "lang"
    SITE = "site"
    CATEGORY = "category"
    COUNTRY = "country"
    RANK = "rank"


@dataclass(frozen=True)
class Source(Node):
    """A condition on where the item comes from."""

    about: About
    value: str

    def __str__(self) -> str:
        return f"{self.about}:{quoted(self.value)}"


@dataclass(frozen=True)
class Dated(Node):
    """A condition on when the item was published, else first seen; in searches of the archive."""

    text: str
    """As typed: `7d`, `2026-11-09`, `2026-11-09..2026-11-22`, `..2026-11-22`."""
    first: date | None = field(default=None, compare=False)
    last: date | None = field(default=None, compare=False)
    """The days, both of the range."""
    age: timedelta | None = field(default=None, compare=False)
    """Up to now; there where there are no days."""

    def __str__(self) -> str:
        return f"date:{self.text}"


class Where(StrEnum):
    """Where a part of a query must stand; `lead` is title, summary and the first of the content."""

    TITLE = Field.TITLE.value
    SUMMARY = Field.SUMMARY.value
    CONTENT = Field.CONTENT.value
    AUTHOR = Field.AUTHOR.value
    LEAD = "lead"


@dataclass(frozen=True)
class Within(Node):
    """*part*, in one field."""

    where: Where
    part: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.part,)

    def __str__(self) -> str:
        return f"{self.where}:{_atom(self.part)}"


@dataclass(frozen=True)
class Chain(Node):
    """Operands that stand near each other; neighbours share the operand between them."""

    operands: tuple[Node, ...]
    links: tuple[Link, ...]
    """One fewer than operands."""

    @property
    def children(self) -> tuple[Node, ...]:
        return self.operands

    def __str__(self) -> str:
        written = [_operand(self.operands[0])]
        for link, operand in zip(self.links, self.operands[1:], strict=True):
            written += [str(link), _operand(operand)]
        return " ".join(written)


@dataclass(frozen=True)
class Unless(Node):
    """Hits of *part*, save those inside (EXCEPT) or near (NOT NEAR) a hit of *spoiler*."""

    part: Node
    spoiler: Node
    distance: int | None
    """Tokens between for NOT NEAR; None for EXCEPT."""

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.part, self.spoiler)

    @property
    def operator(self) -> str:
        return "EXCEPT" if self.distance is None else f"NOT NEAR/{self.distance}"

    def __str__(self) -> str:
        part = str(self.part) if isinstance(self.part, Unless) else _atom(self.part)
        return f"{part} {self.operator} {_atom(self.spoiler)}"


@dataclass(frozen=True)
class Count(Node):
    """At least so many hits of *part*."""

    part: Node
    least: int

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.part,)

    def __str__(self) -> str:
        return f"count({self.part}) >= {self.least}"


@dataclass(frozen=True)
class Score(Node):
    """Parts with weights, which together weigh at least so much where they hold."""

    weights: tuple[int, ...]
    parts: tuple[Node, ...]
    least: int

    @property
    def children(self) -> tuple[Node, ...]:
        return self.parts

    def __str__(self) -> str:
        weighted = (f"{weight}: {part}" for weight, part in zip(self.weights, self.parts, strict=True))
        return f"score({', '.join(weighted)}) >= {self.least}"


@dataclass(frozen=True)
class Not(Node):
    part: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.part,)

    def __str__(self) -> str:
        return f"NOT {_group(self.part) if isinstance(self.part, And | Or | Not) else self.part}"


@dataclass(frozen=True)
class And(Node):
    parts: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.parts

    def __str__(self) -> str:
        return " AND ".join(_group(part) if isinstance(part, Or) else str(part) for part in self.parts)


@dataclass(frozen=True)
class Or(Node):
    parts: tuple[Node, ...]
    mixed: bool = field(default=False, compare=False, kw_only=True)
    """True where an AND stood beside it without parentheses."""

    @property
    def children(self) -> tuple[Node, ...]:
        return self.parts

    def __str__(self) -> str:
        return " OR ".join(_group(part) if isinstance(part, And) else str(part) for part in self.parts)


@dataclass(frozen=True)
class Query:
    """A query that has been read."""

    text: str = field(compare=False)
    """As typed."""
    root: Node
    warnings: tuple[QueryWarning, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return str(self.root)

    def nodes(self) -> Iterator[Node]:
        """Yield every part, the whole first."""
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))


def _group(node: Node) -> str:
    return f"({node})"


def _atom(node: Node) -> str:
    return _group(node) if isinstance(node, And | Or | Not | Chain | Unless) else str(node)


def _operand(node: Node) -> str:
    return _group(node) if isinstance(node, And | Or | Not | Chain) else str(node)
