"""Measuring on a machine that does other things too: ratios, side by side, and minima."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time
from typing import TypeVar

T = TypeVar("T")

_CHUNK = 20
"""Items that are measured together: a few milliseconds, in which a busy machine leaves one alone at times."""


def side_by_side(
    items: Sequence[T], *work: Callable[[T], object], rounds: int, chunk: int = _CHUNK
) -> list[float]:
    """Return the seconds of the processor an item takes each of *work*: in turns, the best of *rounds*."""
    totals = [0.0] * len(work)
    for start in range(0, len(items), chunk):
        part = items[start : start + chunk]
        best = [float("inf")] * len(work)
        for _ in range(rounds):
            for number, function in enumerate(work):
                begun = process_time()
                for item in part:
                    function(item)
                best[number] = min(best[number], process_time() - begun)
        totals = [total + took for total, took in zip(totals, best, strict=True)]
    return [total / len(items) for total in totals]


def memory() -> int:
    """Return the bytes of memory this process has now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


def say(line: str = "") -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print *rows* as Markdown, columns aligned."""
    cells = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = [
        "| " + " | ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 1) + ":" for width in widths) + "|")
    say("\n".join(lines))
