"""What stands for words in a query, as nodes of its tree: terms, exact words, prefixes, expressions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Node:
    """A part of a query. Equal parts are equal wherever they stand."""

    column: int = field(compare=False, kw_only=True)

    @property
    def children(self) -> tuple[Node, ...]:
        return ()


@dataclass(frozen=True)
class Term(Node):
    """A word or phrase in its forms."""

    text: str
    """As typed, one space between words."""
    name: bool = False
    """True for `name:`, a name by the analyst's word."""

    def __str__(self) -> str:
        return ("name:" if self.name else "") + quoted(self.text)


@dataclass(frozen=True)
class Exact(Node):
    """A word or phrase exactly as typed."""

    text: str

    def __str__(self) -> str:
        return f'="{self.text}"'


@dataclass(frozen=True)
class Prefix(Node):
    """All words that begin with *text*."""

    text: str

    def __str__(self) -> str:
        return f"{self.text}*"


@dataclass(frozen=True)
class Wildcard(Node):
    """All words that are written so: `?` is one letter, `*` at the end any number."""

    text: str
    """`wom?n`, `wom?n*`."""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Regex(Node):
    """What a regular expression finds in the text as it is written."""

    pattern: str
    """As typed between the slashes."""
    ignore_case: bool

    def __str__(self) -> str:
        return f"/{self.pattern}/" + "i" * self.ignore_case


@dataclass(frozen=True)
class Related(Node):
    """A word or phrase, and what is related to it: adjectives, nationals, titles of either sex."""

    text: str

    def __str__(self) -> str:
        return f"related:{quoted(self.text)}"


@dataclass(frozen=True)
class Compound(Node):
    """A word in its forms, also as a part of a compound."""

    text: str

    def __str__(self) -> str:
        return f"compound:{quoted(self.text)}"


@dataclass(frozen=True)
class AnyCase(Node):
    """A word or phrase in its forms, in capitals or not."""

    text: str

    def __str__(self) -> str:
        return f"anycase:{quoted(self.text)}"


@dataclass(frozen=True)
class Pattern(Node):
    """A phrase with prefixes or wildcards among its words."""

    parts: tuple[Term | Prefix | Wildcard, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.parts

    def __str__(self) -> str:
        return '"' + " ".join(part.text if isinstance(part, Term) else str(part) for part in self.parts) + '"'


_BARE_BREAKERS: Final = frozenset(" \t\n()\"'“”„‟«»‹›「」『』《》＂*?:@#=/\\~&|+!<>[]{},;،؛、，；^")


def quoted(text: str) -> str:
    """Return *text* as it must stand in a query to be read as a term."""
    if (
        not _BARE_BREAKERS.intersection(text)
        and text[:1] not in "-−"
        and text.upper() not in OPERATORS
        and text not in FOREIGN_OPERATORS
    ):
        return text
    return f'"{text}"'


OPERATORS: Final = frozenset({"AND", "OR", "NOT", "NEAR", "ONEAR", "SENT", "PARA", "EXCEPT"})
FOREIGN_OPERATORS: Final = {
    "И": "AND",
    "ИЛИ": "OR",
    "НЕ": "NOT",
    "UND": "AND",
    "ODER": "OR",
    "NICHT": "NOT",
    "ET": "AND",
    "OU": "OR",
}
"""What Russians, Germans and French write for them; in capitals they are no words of a query."""
