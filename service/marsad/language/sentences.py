"""A text as sentences: what a reader is shown around a hit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from marsad.language.tokens import Break, tokenize

_STOP: Final = re.compile(r"[^\s]*\s*")


class Sentence(NamedTuple):
    """`text[start:end]`, with the spaces after it."""

    start: int
    end: int
    block: int
    """The number of the paragraph it stands in."""


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of *text*; together they are the whole of it.

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
            yield Sentence(start, border, block)
            start = border
            block += token.before is Break.BLOCK
        last = token.end
    if text:
        yield Sentence(start, len(text), block)
