"""What a reader is shown of an item: the sentences around its hits, and the hits in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from marsad.language.tokens import Break, tokenize
from marsad.model import Field, Hit, Revision

LONGEST_RUN: Final = 280
"""Code points of unmarked text at one side of a hit; a sentence without a full stop may be a page."""

_STOP: Final = re.compile(r"[^\s]*\s*")

Span = tuple[int, int]


@dataclass(frozen=True)
class Piece:
    """Text that is marked as a hit, or not."""

    text: str
    hit: bool = False


@dataclass(frozen=True, kw_only=True)
class Excerpt:
    field: Field
    pieces: tuple[Piece, ...]
    hits: int
    """How many of the pieces are hits."""


def spans_of(revision: Revision, field: Field, hits: Iterable[Hit]) -> list[Span]:
    """Return where *hits* mark *field*, ascending; those that overlap are one.

    A hit that is not what stands in the text there is left out: nothing wrong is ever marked.
    """
    text = str(getattr(revision, field))
    merged: list[Span] = []
    for start, end in sorted(
        {
            (hit.start, hit.end)
            for hit in hits
            if hit.field is field and 0 <= hit.start < hit.end and text[hit.start : hit.end] == hit.text
        }
    ):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def excerpts(text: str, field: Field, spans: Sequence[Span]) -> Iterator[Excerpt]:
    """Yield the parts of *text* with a hit: its sentence, one before and one after, in the same block.

    Parts that touch are one.
    """
    sentences = list(_sentences(text))
    windows: list[Span] = []
    for start, end in spans:
        first = next(n for n, sentence in enumerate(sentences) if start < sentence[1])
        last = next(n for n, sentence in enumerate(sentences) if end <= sentence[1])
        if first > 0 and sentences[first - 1][2] == sentences[first][2]:
            first -= 1
        if last + 1 < len(sentences) and sentences[last + 1][2] == sentences[last][2]:
            last += 1
        window = sentences[first][0], sentences[last][1]
        if windows and window[0] < windows[-1][1]:
            windows[-1] = windows[-1][0], max(window[1], windows[-1][1])
        else:
            windows.append(window)
    for start, end in windows:
        inside = [span for span in spans if start <= span[0] and span[1] <= end]
        yield Excerpt(field=field, pieces=tuple(marked(text, start, end, inside)), hits=len(inside))


def lead(text: str) -> str:
    """Return the first two sentences of *text*: what it is about, where no hit says so."""
    sentences = list(_sentences(text))[:2]
    if not sentences:
        return ""
    end = sentences[-1][1] if sentences[-1][2] == sentences[0][2] else sentences[0][1]
    return _head(text[sentences[0][0] : end].strip(), 2 * LONGEST_RUN)


def marked(text: str, start: int, end: int, spans: Sequence[Span]) -> Iterator[Piece]:
    """Yield `text[start:end]` with *spans* marked; long runs between them are shortened, hits never."""
    position = start
    for from_, to in spans:
        run = text[position:from_]
        if position == start:
            run = _tail(run.lstrip(), LONGEST_RUN)
        elif len(run) > 2 * LONGEST_RUN:
            run = f"{_head(run, LONGEST_RUN)} {_tail(run, LONGEST_RUN).removeprefix('…')}"
        if run:
            yield Piece(run)
        yield Piece(text[from_:to], hit=True)
        position = to
    run = _head(text[position:end].rstrip(), LONGEST_RUN if spans else 2 * LONGEST_RUN)
    if run:
        yield Piece(run)


def _head(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    space = text.rfind(" ", length // 2, length)
    return text[: space if space > 0 else length].rstrip() + "…"


def _tail(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    space = text.find(" ", len(text) - length, len(text) - length // 2)
    return "…" + text[space + 1 if space > 0 else len(text) - length :]


def _sentences(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, number of the block) of the sentences; together they are the whole text.

    A closing quotation mark stays with its sentence, an opening one goes to the next.
    """
    start, block, last = 0, 0, 0
    for number, token in enumerate(tokenize(text).tokens):
        if number and token.before >= Break.SENTENCE:
            gap = text[last : token.start]
            if token.before is Break.BLOCK:
                border = last + max(gap.rfind("\n"), 0) + ("\n" in gap)
            else:
                stop = _STOP.match(gap)
                border = last + (stop.end() if stop else 0)
            yield start, border, block
            start = border
            block += token.before is Break.BLOCK
        last = token.end
    if text:
        yield start, len(text), block
