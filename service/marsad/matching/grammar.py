"""Reading a query: the grammar of the watch language, and what it refuses as a whole."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, NoReturn, cast

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedToken

from marsad.errors import WatchSyntaxError
from marsad.matching.lexemes import lex
from marsad.matching.query import (
    And,
    Chain,
    EntityName,
    Exact,
    Node,
    Not,
    Or,
    Pattern,
    Prefix,
    Query,
    QueryWarning,
    Source,
    Term,
    Unless,
    Within,
)
from marsad.matching.symbols import MAX_NESTING, Symbol

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
         | LEAF -> leaf
    %declare _OR _AND NOT LINK FILTER _OPEN _CLOSE FIELD LEAF
"""
_TYPES: Final = {"OR": "_OR", "AND": "_AND", "OPEN": "_OPEN", "CLOSE": "_CLOSE"}
_NEAR_OPERANDS: Final = "terms, phrases, @entities, (… OR …) groups and (… NEAR …) groups"


class _Grouped:
    """A node in parentheses, while its surroundings are read."""

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        self.node = node


class _Refused(Exception):
    def __init__(self, column: int, problem: str, hint: str) -> None:
        self.told = (column, problem, hint)
        super().__init__(problem)


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
        for node in Query("", part).nodes():
            if isinstance(node, Source):
                raise _Refused(
                    node.column,
                    f"{node} is about the source, not about text",
                    f"write it outside {symbol.text}",
                )
            if isinstance(node, Within):
                raise _Refused(
                    node.column,
                    f"{node.where}: stands inside {symbol.text}",
                    "a word is in one field: write one of them",
                )
        return Within(symbol.value, part, column=symbol.column)  # type: ignore[arg-type]  # a FIELD holds a Where

    def negation(self, parts: list[Any]) -> Node:
        symbol: Symbol = parts[0].value
        part = _bare(parts[1])
        return part.part if isinstance(part, Not) else Not(part, column=symbol.column)

    def chain(self, parts: list[Any]) -> Node:
        links = [token.value for token in parts[1::2]]
        operands = [_bare(part) for part in parts[0::2]]
        for operand in operands:
            _check_operand(operand, links[0].text)
        return Chain(tuple(operands), tuple(link.value for link in links), column=operands[0].column)

    def unless(self, parts: list[Any]) -> Node:
        part, spoiler, symbol = _bare(parts[0]), _bare(parts[2]), parts[1].value
        for operand in (part, spoiler):
            _check_operand(operand, symbol.text)
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


def _check_operand(operand: Node, operator: str) -> None:
    waiting = [operand]
    while waiting:
        node = waiting.pop()
        match node:
            case Term() | Exact() | Prefix() | Pattern() | EntityName():
                pass
            case Or() | Chain() | Within() | Unless():
                waiting.extend(node.children)
            case And():
                raise _Refused(
                    node.column,
                    f"AND inside an operand of {operator}",
                    f"{operator} joins {_NEAR_OPERANDS}; write AND outside, or NEAR instead of it",
                )
            case Not():
                raise _Refused(
                    node.column,
                    f"NOT inside an operand of {operator}",
                    "write a NOT NEAR/5 b for an a without b beside it, or NOT outside",
                )
            case _:
                raise _Refused(
                    node.column, f"{node} is about the source, not about text", "join it with AND instead"
                )


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", transformer=_Builder())


def parse_query(text: str) -> Query:
    """Return *text* as a tree, with warnings about what is doubtful.

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
    except _Refused as refused:
        raise WatchSyntaxError(text, *refused.told) from None
    query = Query(text, root)
    _check_nesting(query)
    if (without := _without_term(root)) is not None:
        what = f"{without} could match without any term"
        hint = "add a term that must be there, as in: term NOT other"
        if isinstance(without, Source):
            hint = "feed:, tag: and lang: need a term beside them, joined by AND"
        raise WatchSyntaxError(text, without.column, what, hint)
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


def _check_nesting(query: Query) -> None:
    """Refuse what is nested so deep that reading it would overflow the stack: `a EXCEPT b EXCEPT c …`."""
    waiting = [(query.root, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_NESTING:
            problem = f"parts of the query stand more than {MAX_NESTING} deep"
            hint = "write several exceptions as one group: EXCEPT (one OR other)"
            raise WatchSyntaxError(query.text, node.column, problem, hint)
        waiting.extend((part, depth + 1) for part in node.children)


def _shortened(text: str) -> str:
    return text if len(text) <= 120 else text[:117] + "…"


def _without_term(node: Node) -> Node | None:
    """Return the part that would match an item in which no term stands, if there is one."""
    match node:
        case Not() | Source():
            return node
        case And(parts=parts):
            found = [_without_term(part) for part in parts]
            return None if None in found else found[0]
        case Or(parts=parts):
            return next((it for part in parts if (it := _without_term(part)) is not None), None)
        case Within(part=part):
            return _without_term(part)
        case _:
            return None


def _misplaced(text: str, symbols: tuple[Symbol, ...], unexpected: UnexpectedToken) -> NoReturn:
    """Tell why a symbol cannot stand where it stands."""
    if unexpected.token.type == "$END":
        last = symbols[-1]
        hint = "add a term after it" if last.type != "FIELD" else f"add a term after {last.text}"
        raise WatchSyntaxError(text, last.column, f"nothing follows {last.text}", hint) from None
    symbol = cast("Symbol", unexpected.token.value)
    place = next(index for index, it in enumerate(symbols) if it is symbol)
    before = symbols[place - 1] if place else None
    if symbol.type == "CLOSE":
        if before is not None and before.type == "OPEN":
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
    if before is None or before.type == "OPEN":
        problem, hint = f"{symbol.text} has no term before it", "write a term on each side"
    elif symbol.type in ("LINK", "FILTER") and before.type == "CLOSE":
        problem, hint = f"{symbol.text} cannot follow here", "put what it joins into parentheses"
    else:
        problem, hint = f"{before.text} is followed by {symbol.text}", "write a term between them"
    raise WatchSyntaxError(text, symbol.column, problem, hint) from None
