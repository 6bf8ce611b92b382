"""Regular expressions in queries, and the one import of their engine.

RE2 takes time that grows with the text alone, whatever the expression. It knows \\w, \\d, \\s and \\b for
ASCII only: they are written out for every script, and a \\b at an end is checked by the tokens of the text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import re2

from marsad.language.tokens import Text, Token
from marsad.matching.meeting import Place

MAX_EXPRESSION: Final = 500
"""Code points of one expression."""
_MEMORY: Final = 2 << 20
"""Bytes that a compiled expression may take: one that needs more is refused."""
_MOST_HITS: Final = 1_000
"""In one field: an expression that finds more says nothing by the rest."""
_CLASSES: Final = {"w": r"\pL\pM\pN_", "d": r"\p{Nd}", "s": r"\s\pZ"}
_TOO_COMMON: Final = ("the", "в", "من", "2")
"""What finds all of these finds everything."""


class WrongExpression(ValueError):
    """An expression that cannot be used."""

    def __init__(self, problem: str, hint: str = "") -> None:
        self.problem = problem
        self.hint = hint
        super().__init__(problem)


class Expression(NamedTuple):
    id: int
    typed: str
    """With its slashes."""
    compiled: Any
    """Of RE2, over UTF-8."""
    starts_word: bool
    """It begins with \\b."""
    ends_word: bool


def expression(identity: int, pattern: str, *, ignore_case: bool) -> Expression:
    """Compile *pattern*, which stood between slashes; WrongExpression says why it cannot be used."""
    if len(pattern) > MAX_EXPRESSION:
        problem = f"the regular expression is {len(pattern)} characters long"
        raise WrongExpression(problem, f"at most {MAX_EXPRESSION}; write words with OR")
    inner = pattern.removeprefix(r"\b")
    starts_word = inner != pattern
    ends_word = inner.endswith(r"\b") and not inner.endswith(r"\\b")
    inner = inner.removesuffix(r"\b") if ends_word else inner
    source = ("(?i)" if ignore_case else "") + "".join(_translated(inner))
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        compiled = re2.compile(source.encode(), options)
    except (re2.error, UnicodeEncodeError) as error:
        detail = error.args[0] if error.args else ""
        told = detail.decode(errors="replace") if isinstance(detail, bytes) else str(detail)
        hint = "look-around and back-references are not known" if "(?" in told or "escape" in told else ""
        raise WrongExpression(f"the regular expression cannot be read: {told}", hint) from None
    if compiled.search(b"") is not None:
        raise WrongExpression("the regular expression finds the empty text", "it must need a letter")
    if all(compiled.search(word.encode()) for word in _TOO_COMMON):
        raise WrongExpression("the regular expression finds nearly everything", "name some letters in it")
    typed = f"/{pattern}/" + "i" * ignore_case
    return Expression(identity, typed, compiled, starts_word, ends_word)


def _translated(pattern: str) -> Iterator[str]:
    """Yield *pattern* with the classes of RE2 that know ASCII alone written out."""
    in_class = False
    position = 0
    while position < len(pattern):
        character = pattern[position]
        step = 2 if character == "\\" else 1
        piece = pattern[position : position + step]
        position += step
        if character == "[" and not in_class:
            in_class = True
            if pattern[position : position + 2] == "^]" or pattern[position : position + 1] == "]":
                length = 2 if pattern[position] == "^" else 1  # a bracket that comes first is of the class
                piece += pattern[position : position + length]
                position += length
        elif character == "]":
            in_class = False
        elif piece == r"\/":
            piece = "/"
        elif piece in (r"\b", r"\B"):
            raise WrongExpression(f"{piece} stands at the edge of the whole expression only", "leave it out")
        elif piece[1:].lower() in _CLASSES and piece[:1] == "\\":
            negated, body = piece[1].isupper(), _CLASSES[piece[1].lower()]
            if in_class and negated:
                raise WrongExpression(f"{piece} cannot stand in brackets", "name what is meant")
            piece = body if in_class else f"[{'^' if negated else ''}{body}]"
        yield piece


class ExpressionIndex:
    """Expressions of any number of watches, each tried on each text."""

    def __init__(self, expressions: Iterable[Expression]) -> None:
        self._expressions = tuple(expressions)

    def __bool__(self) -> bool:
        return bool(self._expressions)

    def find(self, text: Text, field: int, found: dict[int, list[Place]]) -> None:
        """Add to *found* where each expression stands in *text*, by its id, in order."""
        encoded = text.original.encode("utf-8", "replace")  # a lone surrogate is one character, as "?" is
        for wanted in self._expressions:
            if wanted.compiled.search(encoded) is None:
                continue
            if places := list(_places(wanted, text, encoded, field)):
                found.setdefault(wanted.id, []).extend(places)


def _places(wanted: Expression, text: Text, encoded: bytes, field: int) -> Iterator[Place]:
    tokens = text.tokens
    starts = [token.start for token in tokens]
    ends = [token.end for token in tokens]
    place, byte = 0, 0
    for number, match in enumerate(wanted.compiled.finditer(encoded)):
        if number == _MOST_HITS:
            return
        first_byte, last_byte = match.span()
        start = place + len(encoded[byte:first_byte].decode())
        end = start + len(encoded[first_byte:last_byte].decode())
        place, byte = end, last_byte
        first, last = bisect_right(ends, start), bisect_left(starts, end) - 1
        if first <= last and _is_bounded(wanted, start, end, tokens[first], tokens[last]):
            yield Place(field, first, last, start, end, wanted.typed, "", "", f"matches {wanted.typed}")


def _is_bounded(wanted: Expression, start: int, end: int, first: Token, last: Token) -> bool:
    """Tell whether the hit begins and ends with words, where \\b says so."""
    return not (wanted.starts_word and start > first.start) and not (wanted.ends_word and end < last.end)
