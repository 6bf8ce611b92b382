"""What cannot stand where in a query, whatever its grammar says."""

from __future__ import annotations

from typing import Final

from marsad.matching.query import (
    And,
    Chain,
    Count,
    Dated,
    EntityName,
    Not,
    Or,
    Query,
    Score,
    Source,
    Unless,
    WatchName,
    Within,
)
from marsad.matching.symbols import MAX_NESTING
from marsad.matching.words import (
    AnyCase,
    Compound,
    Exact,
    Node,
    Pattern,
    Prefix,
    Regex,
    Related,
    Term,
    Wildcard,
)

_NEAR_OPERANDS: Final = "terms, phrases, @entities, (… OR …) groups and (… NEAR …) groups"


class Misplaced(Exception):
    """*told* is column, problem and hint."""

    def __init__(self, column: int, problem: str, hint: str) -> None:
        self.told = (column, problem, hint)
        super().__init__(problem)


def check_within(part: Node, field: str) -> None:
    """Refuse what cannot stand in *field*, which is written with its colon."""
    for node in Query("", part).nodes():
        if isinstance(node, Source | Dated):
            problem = f"{node} is about the source, not about text"
            raise Misplaced(node.column, problem, f"write it outside {field}")
        if isinstance(node, Within):
            problem = f"{node.where}: stands inside {field}"
            raise Misplaced(node.column, problem, "a word is in one field: write one of them")


def check_operand(operand: Node, operator: str) -> None:
    """Refuse what stands at no place of the text, and so cannot be near another."""
    waiting = [operand]
    while waiting:
        node = waiting.pop()
        match node:
            case Term() | Exact() | AnyCase() | Related() | Compound() | Prefix() | Wildcard() | Regex():
                pass
            case Pattern() | EntityName():
                pass
            case Or() | Chain() | Within() | Unless() | WatchName():
                waiting.extend(node.children)
            case And():
                raise Misplaced(
                    node.column,
                    f"AND inside an operand of {operator}",
                    f"{operator} joins {_NEAR_OPERANDS}; write AND outside, or NEAR instead of it",
                )
            case Not():
                raise Misplaced(
                    node.column,
                    f"NOT inside an operand of {operator}",
                    "write a NOT NEAR/5 b for an a without b beside it, or NOT outside",
                )
            case Count() | Score():
                problem = f"{node} stands at no place of the text"
                raise Misplaced(node.column, problem, "join it with AND instead")
            case _:
                raise Misplaced(
                    node.column, f"{node} is about the source, not about text", "join it with AND instead"
                )


def check_nesting(root: Node) -> None:
    """Refuse what is nested so deep that reading it would overflow the stack: `a EXCEPT b EXCEPT c …`."""
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_NESTING:
            problem = f"parts of the query stand more than {MAX_NESTING} deep"
            hint = "write several exceptions as one group: EXCEPT (one OR other)"
            raise Misplaced(node.column, problem, hint)
        waiting.extend((part, depth + 1) for part in node.children)


def check_terms(root: Node) -> None:
    """Refuse a query that could match an item in which no term stands."""
    if (without := _without_term(root)) is not None:
        hint = "add a term that must be there, as in: term NOT other; or say all = true in the watch"
        if isinstance(without, Source | Dated):
            hint = "add a term, joined by AND; or say all = true in the watch"
        raise Misplaced(without.column, f"{without} could match without any term", hint)


def _without_term(node: Node) -> Node | None:
    """Return the part that would match an item in which no term stands, if there is one."""
    match node:
        case Not() | Source() | Dated():
            return node
        case And(parts=parts):
            found = [_without_term(part) for part in parts]
            return None if None in found else found[0]
        case Or(parts=parts):
            return next((it for part in parts if (it := _without_term(part)) is not None), None)
        case Within(part=part):
            return _without_term(part)
        case Score(weights=weights, parts=parts, least=least):
            weighted = zip(weights, parts, strict=True)
            free = sum(weight for weight, part in weighted if weight > 0 and _without_term(part) is not None)
            return node if free >= least else None
        case WatchName(part=part):
            return node if part is not None and _without_term(part) is not None else None
        case _:
            return None
