"""A query as typed, cut into the symbols of its grammar."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from datetime import date
from typing import Final, NoReturn

from marsad.errors import WatchSyntaxError
from marsad.language.registry import primary
from marsad.matching.document import host_name
from marsad.matching.query import About, Dated, EntityName, Link, LinkKind, Source, WatchName, Where
from marsad.matching.quotes import LETTER, QUOTES, quotable
from marsad.matching.symbols import MAX_DEPTH, MAX_LENGTH, MAX_TERMS, Lexed, Symbol, Typed
from marsad.matching.typed_terms import TermReader
from marsad.matching.words import Node
from marsad.model import parse_duration
from marsad.ops import visible

_SPACE: Final = re.compile(r"\s+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
_COMMENT: Final = re.compile(r"(?://|#(?=[\s]|$))[^\n]*")
_OPERATOR: Final = re.compile(
    rf"(?P<not_near>NOT\s+NEAR(?![^\W_])(?:/(?P<not_near_n>[^\s()]*))?)"
    rf"|(?P<near>(?P<near_kind>O?NEAR)(?:/(?P<near_n>[^\s()]*)|(?=[\s()]|$)))"
    rf"|(?P<word>AND|OR|NOT|SENT|PARA|EXCEPT)(?=[\s()\-=@{QUOTES}]|$)"
)
_SLASH_NUMBER: Final = re.compile(r"/[nNsSpP]?\d+(?=[\s)]|$)")
"""What other languages write for NEAR/5."""
_FIELD: Final = re.compile(rf"({LETTER}[\w-]*):(?!//)")
_DAY: Final = r"\d{4}-\d{2}-\d{2}"
_DATES: Final = re.compile(rf"(?P<first>{_DAY})?(?P<range>\.\.)?(?P<last>(?<=\.){_DAY})?")
_ID: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?")
_FUNCTION: Final = re.compile(r"(count|score)[ \t]*[(（]")
_BOUND: Final = re.compile(r"\s*(>=|≥|=>|==?|<=?|≤|>)\s*(\w*)")
_WEIGHT: Final = re.compile(r"([-−+]?)(\d{1,4})\s*:")
_FIELDS: Final = (
    *(where.value for where in Where),
    *(about.value for about in About),
    "exact",
    "anycase",
    "related",
    "compound",
    "name",
    "entity",
    "watch",
    "date",
)


def lex(query: str) -> Lexed:
    """Return the symbols of *query*; WatchSyntaxError names the column of what is none."""
    if len(query) > MAX_LENGTH:
        raise WatchSyntaxError(
            _excerpt(query),
            MAX_LENGTH + 1,
            f"the query is {len(query):,} characters long, more than {MAX_LENGTH:,}",
            "list the names in an entity, or make several watches of it",
        )
    if found := _CONTROL.search(query):
        problem = f"a control character ({visible(found[0])}) stands here"
        raise WatchSyntaxError(query, found.start() + 1, problem, "remove it: it cannot be seen")
    typed = Typed(query)
    symbols = tuple(_Lexer(typed).symbols())
    return Lexed(symbols, tuple(typed.warnings))


def _excerpt(query: str) -> str:
    return query[:200] + "…"


class _Lexer:
    """Cuts a query into symbols, from left to right."""

    def __init__(self, typed: Typed) -> None:
        self._typed = typed
        self._text = typed.text
        self._columns = typed.columns
        self._fail = typed.fail
        self._terms = TermReader(typed)
        self._count = 0

    def symbols(self) -> Iterator[Symbol]:
        """Yield symbols until the end of the text; parentheses are known to match."""
        opened: list[tuple[str, int]] = []
        at = 0
        while at < len(self._text):
            if skipped := _SPACE.match(self._text, at) or _COMMENT.match(self._text, at):
                at = skipped.end()
                continue
            start = at
            self._typed.listing = bool(opened) and opened[-1][0] == "SCORE"
            if self._typed.listing and self._text[at] in ",،":
                yield Symbol("COMMA", self._columns[at], self._text[at])
                weight, at = self._weight(at + 1)
                yield weight
                continue
            symbol, at = self._next(at)
            if symbol.type in ("OPEN", "COUNT", "SCORE"):
                opened.append((symbol.type, start))
                if len(opened) > MAX_DEPTH:
                    self._fail(start, f"parentheses stand more than {MAX_DEPTH} deep", "simplify the query")
                if symbol.type == "SCORE":
                    yield symbol
                    symbol, at = self._weight(at)
            elif symbol.type == "CLOSE":
                if not opened:
                    self._fail(start, "this parenthesis closes nothing", "remove it, or open one before")
                kind, _ = opened.pop()
                if kind != "OPEN":
                    yield symbol
                    symbol, at = self._bound(kind.lower(), at)
            elif symbol.type == "LEAF":
                self._count += 1
                if self._count > MAX_TERMS:
                    self._fail(start, f"more than {MAX_TERMS:,} terms", "list the names in an entity")
            yield symbol
        if opened:
            self._fail(opened[-1][1], "this parenthesis is never closed", "add ) where the group ends")

    def _weight(self, at: int) -> tuple[Symbol, int]:
        """Return the weight that must stand at *at*, in score( )."""
        while at < len(self._text) and (skipped := _SPACE.match(self._text, at)):
            at = skipped.end()
        found = _WEIGHT.match(self._text, at)
        if found is None:
            self._fail(at, "each part of score( ) has a weight", "as in score(3: flood, -2: film) >= 3")
        weight = int(found[2]) * (-1 if found[1] in "-−" and found[1] else 1)
        return Symbol("WEIGHT", self._columns[at], found.group(), weight), found.end()

    def _bound(self, function: str, at: int) -> tuple[Symbol, int]:
        """Return what must follow count( ) and score( )."""
        found = _BOUND.match(self._text, at)
        example = f"write {function}(…) >= 3"
        if found is None:
            self._fail(at - 1, f"{function}( ) needs a number to reach", example)
        start = found.start(1)
        if found[1] not in (">=", "≥"):
            self._fail(start, f'"{found[1]}" cannot follow {function}( )', example)
        if not re.fullmatch(r"[1-9][0-9]{0,3}", found[2]):
            self._fail(start, f"{function}( ) needs a number from 1 to 9999", example)
        return Symbol("BOUND", self._columns[start], found.group().strip(), int(found[2])), found.end()

    def _next(self, at: int) -> tuple[Symbol, int]:
        character = self._text[at]
        column = self._columns[at]
        if character in "(（":
            return Symbol("OPEN", column, "("), at + 1
        if character in ")）":
            return Symbol("CLOSE", column, ")"), at + 1
        if character in "-−" and at + 1 < len(self._text) and not _SPACE.match(self._text, at + 1):
            return Symbol("NOT", column, "-"), at + 1
        if operator := _OPERATOR.match(self._text, at):
            return self._operator(operator, at), operator.end()
        if function := _FUNCTION.match(self._text, at):
            return Symbol(function[1].upper(), column, f"{function[1]}("), function.end()
        if named := _FIELD.match(self._text, at):
            return self._field(named, at)
        node: Node
        if character == "/" and not _SLASH_NUMBER.match(self._text, at):
            node, end = self._terms.regex(at)
        elif character in "=＝":
            node, end = self._terms.exact(at, at + 1)
        elif character in "@＠":
            node, end = self._entity(at, at + 1)
        else:
            node, end = self._terms.term(at)
        return Symbol("LEAF", column, self._text[at:end], node), end

    def _operator(self, found: re.Match[str], at: int) -> Symbol:
        column, text = self._columns[at], found.group()
        if found["not_near"] is not None:
            return Symbol("FILTER", column, text, self._terms.distance(found["not_near_n"], "NOT NEAR", at))
        if found["near"] is not None:
            kind = LinkKind(found["near_kind"])
            return Symbol("LINK", column, text, Link(kind, self._terms.distance(found["near_n"], kind, at)))
        word = found["word"]
        if word in (LinkKind.SENT, LinkKind.PARA):
            return Symbol("LINK", column, text, Link(LinkKind(word)))
        return Symbol("FILTER" if word == "EXCEPT" else word, column, text)

    def _field(self, found: re.Match[str], at: int) -> tuple[Symbol, int]:
        name, column, end = found[1], self._columns[at], found.end()
        if name == "raw":
            self._fail(at, 'no field is called "raw"', 'for a word exactly as typed write exact:US or ="US"')
        if name not in _FIELDS:
            self._unknown_field(name, at)
        if end == len(self._text) or _SPACE.match(self._text, end) or self._text[end] in ")）":
            self._fail(at, f"nothing follows {name}:", f"write {name}: and its word without a space between")
        if name in set(Where):
            return Symbol("FIELD", column, found.group(), Where(name)), end
        node: Node
        if name in set(About):
            node, end = self._source(About(name), at, end)
        elif name == "exact":
            node, end = self._terms.exact(at, end)
        elif name == "date":
            node, end = self._dated(at, end)
        elif name == "related":
            node, end = self._terms.related(at, end)
        elif name == "compound":
            node, end = self._terms.compound(at, end)
        elif name == "anycase":
            node, end = self._terms.anycase(at, end)
        elif name == "entity":
            node, end = self._entity(at, end)
        elif name == "watch":
            identity, end = self._id(at, end, "a watch", "watches.toml, as in watch:hamas")
            node = WatchName(identity, column=column)
        else:
            text, end = self._terms.lexeme(at, end, "name:")
            node = self._terms.checked_term(text, at, name=True)
        return Symbol("LEAF", column, self._text[at:end], node), end

    def _unknown_field(self, name: str, at: int) -> NoReturn:
        near = difflib.get_close_matches(name.lower(), _FIELDS, n=1, cutoff=0.7)
        hint = f"did you mean {near[0]}:?" if near else "fields are " + ", ".join(f"{it}:" for it in _FIELDS)
        self._fail(at, f'no field is called "{name}"', hint + "; text with a colon stands in quotation marks")

    def _source(self, about: About, at: int, start: int) -> tuple[Source, int]:
        if self._text[start] in "(（":
            self._fail(
                at, f"{about}: takes one value", f"write ({about}:one OR {about}:other) with values of yours"
            )
        value, end = self._terms.lexeme(at, start, f"{about}:")
        if about is About.LANGUAGE:
            value = primary(value)
            if not re.fullmatch("[a-z]{2,3}", value):
                self._fail(at, f'"{value}" is no language code', "write two letters, such as lang:ar")
        elif about is About.SITE:
            value = self._site(value, at)
        elif about is About.CATEGORY:
            value = quotable(value)
            if not value:
                self._fail(at, "category: names nothing", 'write it as the feed does: category:"Middle East"')
        elif about is About.COUNTRY:
            value = value.upper()
            if not re.fullmatch("[A-Z]{2}", value):
                self._fail(at, f'"{value}" is no code of a country', "write two letters, such as country:EG")
        elif about is About.RANK:
            if value not in ("1", "2", "3"):
                self._fail(at, f'"{value}" is no rank', "a feed has the rank 1, 2 or 3")
        elif about is About.FEED and not _ID.fullmatch(value):
            self._fail(at, f'"{value}" is no id of a feed', "a feed is named by its id in feeds.toml")
        elif quotable(value) != value:
            self._fail(at, f'"{value}" is no tag', "a tag is one word")
        return Source(about, value, column=self._columns[at]), end

    def _dated(self, at: int, start: int) -> tuple[Dated, int]:
        value, end = self._terms.lexeme(at, start, "date:")
        found = _DATES.fullmatch(value)
        try:
            if found is None or not (found["first"] or found["last"]):
                return Dated(value, age=parse_duration(value), column=self._columns[at]), end
            first, last = (date.fromisoformat(day) if day else None for day in found.group("first", "last"))
        except ValueError:
            hint = "write date:7d, date:2026-11-09 or date:2026-11-09..2026-11-22"
            self._fail(at, f'"{value}" is neither a time nor a date', hint)
        last = last if found["range"] else first
        if first is not None and last is not None and first > last:
            self._fail(at, f"{first} is after {last}", "write the earlier date first")
        return Dated(value, first, last, column=self._columns[at]), end

    def _site(self, value: str, at: int) -> str:
        host = host_name(value)
        if (
            host is None
            or not re.fullmatch(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+", host)
            or "/" in value.strip("/")
        ):
            self._fail(at, f'"{value}" is no name of a site', "write its host, as in site:tass.com")
        return host

    def _entity(self, at: int, start: int) -> tuple[EntityName, int]:
        identity, end = self._id(at, start, "an entity", "entities.toml, as in @hamas")
        return EntityName(identity, column=self._columns[at]), end

    def _id(self, at: int, start: int, kind: str, example: str) -> tuple[str, int]:
        """Return the id at *start*, and where it ends."""
        found = _ID.match(self._text, start)
        rest = self._typed.word(start)
        if found is None or rest is None or rest.end() != found.end():
            written = rest.group() if rest else ""
            problem = f'"{written}" is no id of {kind}' if written else f"{kind} is named by its id"
            self._fail(at, problem, f"write an id of {example}")
        return found.group(), found.end()
