"""Text on a terminal with what was found marked: in colour, or in brackets where there is none."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

from marsad import ops
from marsad.matching.explanation import Explanation, Step
from marsad.model import Field, Hit, Revision

_WHOLE = 5_000
"""Code points up to which a text is shown whole, not by the sentences with hits."""


def has_colour() -> bool:
    """Tell whether standard output is a terminal."""
    return sys.stdout.isatty()


def marked(text: str, spans: Iterable[tuple[int, int]], *, colour: bool) -> str:
    """Return *text*, safe to show, with *spans* marked; those that overlap are one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    pieces: list[str] = []
    position = 0
    for start, end in merged:
        found = ops.visible(text[start:end])
        pieces += [
            _shown(text[position:start]),
            click.style(found, bold=True, fg="red") if colour else f"[{found}]",
        ]
        position = end
    return "".join([*pieces, _shown(text[position:])])


def _shown(text: str) -> str:
    """Return *text* with its line ends kept, and all else that could move the cursor made visible."""
    return "\n".join(map(ops.visible, text.split("\n")))


def show_found(explanation: Explanation, revision: Revision, *, colour: bool, whole: bool) -> None:
    """Show the text with what was found marked, then each hit with its reason.

    *whole* shows all of a text that is not too long, else the sentences with hits.
    """
    for field in Field:
        text = str(getattr(revision, field))
        hits = [it for it in explanation.hits if it.hit.field is field]
        if whole and text and len(text) <= _WHOLE:
            click.echo(marked(text.rstrip(), [(it.hit.start, it.hit.end) for it in hits], colour=colour))
            continue
        for start, sentence in dict.fromkeys((it.start, it.sentence) for it in hits):
            spans = [(it.hit.start - start, it.hit.end - start) for it in hits if it.start == start]
            click.echo(marked(sentence, spans, colour=colour))
    click.echo("")
    for it in explanation.hits:
        click.echo(f"  {_line(it.hit)}")
    if not explanation.hits:
        click.echo("  found by what it is about, not by its text")


def _line(hit: Hit) -> str:
    place = f"{hit.field} {hit.start}-{hit.end}"
    by = f"@{hit.entity}, {hit.term}" if hit.entity else hit.term
    language = f" ({hit.language})" if hit.language else ""
    return ops.visible(f"{place:18}{hit.text}  ← {by}{language}: {hit.reason}")


def show_steps(step: Step, depth: int = 0) -> None:
    """Show the parts of a query, each with its verdict."""
    found = ", ".join(dict.fromkeys(f'"{hit.text}" ({hit.field})' for hit in step.hits))
    told = found if step.holds else step.why
    told = f"{step.told}: {told}" if told else step.told
    click.echo(f"  {'  ' * depth}{'✓' if step.holds else '✗'} {ops.visible(told)}")
    for part in step.parts:
        show_steps(part, depth + 1)
