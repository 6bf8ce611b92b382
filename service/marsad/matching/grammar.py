"""Reading a query: the grammar of the watch language, and what it refuses as a whole."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, NamedTuple, NoReturn, cast

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedToken

from marsad.errors import WatchSyntaxError
from marsad.matching.lexemes import lex
from marsad.matching.limits import Misplaced, check_nesting, check_operand, check_terms, check_within
from marsad.matching.query import And, Chain, Count, Not, Or, Query, QueryWarning, Score, Unless, Within
from marsad.matching.symbols import Symbol
from marsad.matching.words import Node

# Symbols come from `lexemes`, as what ends a word depends on its script and neighbours; LALR, so that no
# query is deep for the parser. AND may be left out: a symbol that can begin a term begins the next operand.
_GRAMMAR: Final = """
    start: or_
    ?or_: and_ (_OR and_)*
    ?and_: not_ (_AND? not_)*
    ?not_: NOT not_ -> negation
         | chain
    ?chain: filtered (LINK filtered)*
    ?filtered: atom
             | filtered FILTER atom -> unless
    ?atom: _OPEN or_ _CLOSE -> group
         | FIELD atom -> within
         | COUNT or_ _CLOSE BOUND -> count
         | SCORE weighted (_COMMA weighted)* _CLOSE BOUND -> score
         | LEAF -> leaf
    weighted: WEIGHT or_
    %declare _OR _AND NOT LINK FILTER _OPEN _CLOSE FIELD LEAF COUNT SCORE WEIGHT _COMMA BOUND
"""
_TYPES: Final = {"OR": "_OR", "AND": "_AND", "OPEN": "_OPEN", "CLOSE": "_CLOSE", "COMMA": "_COMMA"}


class _Grouped:
    """A node in parentheses, while its surroundings are read."""

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        self.node = node


class _Weighted(NamedTuple):
    """A part of score( ), while its surroundings are read."""

    weight: int
    part: Node


def _bare(part: Node | _Grouped) -> Node:
    return part.node if isinstance(part, _Grouped) else part


class _Builder(Transformer[Token, Node]):
    """Builds the tree while the parser reduces, each node from finished children: no recursion."""

    def start(self, parts: list[Any]) -> Node:
        return _bare(parts[0])

    def group(self, parts: list[Any]) -> _Grouped:
        return _Grouped(_bare(parts[0]))

    def leaf(self, parts: list[Any]) -> Node:
        return cast("Node", parts[0].value.value)

    def within(self, parts: list[Any]) -> Node:
        symbol: Symbol = parts[0].value
        part = _bare(parts[1])
        check_within(part, symbol.text)
        return Within(symbol.value, part, column=symbol.column)  # type: ignore[arg-type]  # a FIELD holds a Where

    def count(self, parts: list[Any]) -> Node:
        symbol, part, bound = parts[0].value, _bare(parts[1]), parts[2].value
        check_operand(part, "count( )")
        return Count(part, bound.value, column=symbol.column)

    def weighted(self, parts: list[Any]) -> _Weighted:
        return _Weighted(parts[0].value.value, _bare(parts[1]))

    def score(self, parts: list[Any]) -> Node:
        symbol, weighted, bound = parts[0].value, parts[1:-1], parts[-1].value
        return Score(
            tuple(it.weight for it in weighted),
            tuple(it.part for it in weighted),
            bound.value,
            column=symbol.column,
        )

    def negation(self, parts: list[Any]) -> Node:
        symbol: Symbol = parts[0].value
        part = _bare(parts[1])
        return part.part if isinstance(part, Not) else Not(part, column=symbol.column)

    def chain(self, parts: list[Any]) -> Node:
        links = [token.value for token in parts[1::2]]
        operands = [_bare(part) for part in parts[0::2]]
        for operand in operands:
            check_operand(operand, links[0].text)
        return Chain(tuple(operands), tuple(link.value for link in links), column=operands[0].column)

    def unless(self, parts: list[Any]) -> Node:
        part, spoiler, symbol = _bare(parts[0]), _bare(parts[2]), parts[1].value
        for operand in (part, spoiler):
            check_operand(operand, symbol.text)
        return Unless(part, spoiler, symbol.value, column=part.column)

    def and_(self, parts: list[Any]) -> Node:
        flat: list[Node] = []
        for part in map(_bare, parts):
            flat.extend(part.parts if isinstance(part, And) else (part,))
        return And(tuple(flat), column=flat[0].column)

    def or_(self, parts: list[Any]) -> Node:
        mixed = any(isinstance(part, And) for part in parts)
        flat: list[Node] = []
        for part in map(_bare, parts):
            flat.extend(part.parts if isinstance(part, Or) else (part,))
        return Or(tuple(flat), mixed=mixed, column=flat[0].column)


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", transformer=_Builder())


def parse_query(text: str, *, all_items: bool = False) -> Query:
    """Return *text* as a tree, with warnings about what is doubtful.

    With *all_items* it may match an item in which no term stands.

    WatchSyntaxError tells the column of a mistake and what to write instead. Whether feeds, tags and entities
    exist is known when a watch set is compiled.
    """
    lexed = lex(text)
    if not lexed.symbols:
        raise WatchSyntaxError(text, 1, "the query is empty", "write at least one term")
    parser = _parser().parse_interactive()
    try:
        for symbol in lexed.symbols:
            parser.feed_token(Token(_TYPES.get(symbol.type, symbol.type), cast("str", symbol)))
        root = cast("Node", parser.feed_eof())  # type: ignore[no-untyped-call]  # lark
    except UnexpectedToken as unexpected:
        _misplaced(text, lexed.symbols, unexpected)
    except Misplaced as misplaced:
        raise WatchSyntaxError(text, *misplaced.told) from None
    query = Query(text, root)
    try:
        check_nesting(root)
        if not all_items:
            check_terms(root)
    except Misplaced as misplaced:
        raise WatchSyntaxError(text, *misplaced.told) from None
    mixed = [
        QueryWarning(
            column=node.column,
            problem="AND and OR are mixed without parentheses",
            hint=f"AND binds first: it is read as {_shortened(str(node))}",
        )
        for node in query.nodes()
        if isinstance(node, Or) and node.mixed
    ]
    return Query(text, root, (*lexed.warnings, *mixed))


def _shortened(text: str) -> str:
    return text if len(text) <= 120 else text[:117] + "…"


def _misplaced(text: str, symbols: tuple[Symbol, ...], unexpected: UnexpectedToken) -> NoReturn:
    """Tell why a symbol cannot stand where it stands."""
    if unexpected.token.type == "$END":
        last = symbols[-1]
        hint = "add a term after it" if last.type != "FIELD" else f"add a term after {last.text}"
        raise WatchSyntaxError(text, last.column, f"nothing follows {last.text}", hint) from None
    symbol = cast("Symbol", unexpected.token.value)
    place = next(index for index, it in enumerate(symbols) if it is symbol)
    before = symbols[place - 1] if place else None
    if symbol.type in ("CLOSE", "COMMA"):
        if before is not None and before.type in ("OPEN", "COUNT"):
            problem, hint = "the parentheses are empty", "write a term in them"
            raise WatchSyntaxError(text, before.column, problem, hint) from None
        problem = f"nothing follows {before.text}" if before else "this parenthesis closes nothing"
        column = before.column if before else symbol.column
        raise WatchSyntaxError(text, column, problem, "add a term after it") from None
    if symbol.type == "NOT" and before is not None and before.type in ("LINK", "FILTER"):
        raise WatchSyntaxError(
            text,
            symbol.column,
            f"NOT cannot be an operand of {before.text}",
            "write a NOT NEAR/5 b for an a without b beside it",
        ) from None
    if before is None or before.type in ("OPEN", "COUNT", "WEIGHT"):
        problem, hint = f"{symbol.text} has no term before it", "write a term on each side"
    elif symbol.type in ("LINK", "FILTER") and before.type == "CLOSE":
        problem, hint = f"{symbol.text} cannot follow here", "put what it joins into parentheses"
    else:
        problem, hint = f"{before.text} is followed by {symbol.text}", "write a term between them"
    raise WatchSyntaxError(text, symbol.column, problem, hint) from None
