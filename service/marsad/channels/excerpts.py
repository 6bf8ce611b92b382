"""What a reader is shown of an item: the sentences around its hits, and the hits in them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from marsad.language.sentences import sentences
from marsad.model import Field, Hit, Revision

LONGEST_RUN: Final = 280
"""Code points of unmarked text at one side of a hit; a sentence without a full stop may be a page."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Piece:
    """Text that is marked as a hit, or not."""

    text: str
    hit: bool = False


@dataclass(frozen=True, kw_only=True)
class Excerpt:
    field: Field
    start: int
    end: int
    """Of the field's text, before long runs were shortened."""
    pieces: tuple[Piece, ...]
    hits: int
    """How many of the pieces are hits."""

    def shows(self, hit: Hit) -> bool:
        return hit.field is self.field and self.start <= hit.start and hit.end <= self.end


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
    found = list(sentences(text))
    ends = [sentence.end for sentence in found]
    windows: list[Span] = []
    for start, end in spans:
        first, last = bisect_right(ends, start), bisect_left(ends, end)
        if first > 0 and found[first - 1].block == found[first].block:
            first -= 1
        if last + 1 < len(found) and found[last + 1].block == found[last].block:
            last += 1
        window = found[first].start, found[last].end
        if windows and window[0] < windows[-1][1]:
            windows[-1] = windows[-1][0], max(window[1], windows[-1][1])
        else:
            windows.append(window)
    for start, end in windows:
        # Spans are ascending and none crosses the border of a window.
        inside = spans[bisect_left(spans, (start, 0)) : bisect_left(spans, (end, 0))]
        pieces = tuple(marked(text, start, end, inside))
        yield Excerpt(field=field, start=start, end=end, pieces=pieces, hits=len(inside))


def lead(text: str) -> str:
    """Return the first two sentences of *text*: what it is about, where no hit says so."""
    first = list(islice(sentences(text), 2))
    if not first:
        return ""
    end = first[-1].end if first[-1].block == first[0].block else first[0].end
    return _head(text[first[0].start : end].strip(), 2 * LONGEST_RUN)


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
