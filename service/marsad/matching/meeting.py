"""Whether a spelling of a term, one of whose words a text holds, stands there as a whole."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Final, NamedTuple

from marsad.language.base import ABBREVIATION, ATTACHED, Form, Language, Reading, Text
from marsad.language.tokens import HYPHENS, Break, goes_on, runs_on
from marsad.matching.remembered import Remembered
from marsad.matching.unspaced import UnspacedHit

_ATTACH: Final = frozenset(f":{HYPHENS}")


class TermHit(NamedTuple):
    """One place where a term stands: `text.original[start:end]`."""

    start: int
    end: int
    first_token: int
    last_token: int
    """Inclusive."""
    reason: str
    """For people: `ل + روسيا`, `possessive of Russia`, `as typed`."""


class Sequence(NamedTuple):
    """One spelling of one term, looked up by its longest word, the *anchor*."""

    term: int
    words: tuple[Mapping[str, Form], ...]
    anchor: int


class Rules(NamedTuple):
    """How words of one language meet forms."""

    language: Language
    names: Container[str]
    """Those that veto an inflected or prefixed form of another term."""
    readings: Remembered[str, tuple[Reading, ...]]


class Candidate(NamedTuple):
    """A token's text has met the anchor of a sequence."""

    sequence: Sequence
    form: Form
    reading: Reading
    rules: Rules
    admitted: bool
    """By the word alone, in whatever text; else to be asked."""


def meet(candidate: Candidate, text: Text, position: int) -> TermHit | None:
    """Return the hit of the whole sequence whose anchor stands at *position*, if it does."""
    sequence, form, reading, rules, admitted = candidate
    tokens = text.tokens
    first = position - sequence.anchor
    last = first + len(sequence.words) - 1
    if first < 0 or last >= len(tokens):
        return None
    skip = reading.skip
    if first == last:
        if runs_on(tokens, first) or goes_on(tokens, last + 1):
            return None
        if not (admitted or rules.language.admits(form, reading, text, position, rules.names)):
            return None
        reason = reason_of(form, reading)
    else:
        # The cheapest question first: most words stand beside others than the term's.
        met: list[tuple[Form, Reading]] = []
        for index, word in enumerate(sequence.words, start=first):
            found = (form, reading) if index == position else _other_word(word, text, index, rules)
            if found is None:
                return None
            met.append(found)
        if runs_on(tokens, first) or goes_on(tokens, last + 1):
            return None
        if any(tokens[index].before > Break.MARK for index in range(first + 1, last + 1)):
            return None
        if not (admitted or rules.language.admits(form, reading, text, position, rules.names)):
            return None
        skip = met[0][1].skip
        # Only the last word's full stop can belong to the term.
        form = met[-1][0]
        reason = ", ".join(filter(None, (reason_of(*it) for it in met)))
    end = tokens[last].end
    if ABBREVIATION in form.marks and text.original.startswith(".", end):
        inside = last + 1 < len(tokens) and tokens[last + 1].before < Break.SENTENCE
        end += inside
    if last + 1 < len(tokens) and _is_attached(form, text, last):
        last += 1
        end = tokens[last].end
    return TermHit(tokens[first].start + skip, end, first, last, reason or "as typed")


def ends_with_its_word(form: Form) -> bool:
    """Tell whether a hit of *form* ends where its word does, whatever follows."""
    return ABBREVIATION not in form.marks and not any(mark.startswith(ATTACHED) for mark in form.marks)


def unspaced_hit(hit: UnspacedHit, text: Text) -> TermHit:
    _, first, last, form = hit
    start, end = text.edges[2 * first], text.edges[2 * last + 1]
    reason = form.reason
    if not reason and text.original[start:end] != form.typed:
        reason = f"{form.typed} written otherwise"
    return TermHit(start, end, first, last, reason or "as typed")


def _is_attached(form: Form, text: Text, last: int) -> bool:
    """Tell whether the token after *last* is an ending of it: EU:n, NATO-ban."""
    start, end = text.tokens[last + 1].start, text.tokens[last].end
    if start != end + 1 or text.original[end] not in _ATTACH:
        return False
    return any(
        mark.startswith(ATTACHED) and text.tokens[last + 1].text in mark[len(ATTACHED) :].split()
        for mark in form.marks
    )


def _other_word(
    word: Mapping[str, Form], text: Text, position: int, rules: Rules
) -> tuple[Form, Reading] | None:
    """Return how a word of a sequence beside its anchor meets the token at *position*."""
    for reading in rules.readings[text.words[position]]:
        form = word.get(reading.key)
        if form is not None and rules.language.admits(form, reading, text, position, rules.names):
            return form, reading
    return None


def reason_of(form: Form, reading: Reading) -> str:
    """Return how a token is the term, for people; "" where it is as typed."""
    typed = form.typed or form.key
    if reading.suffix == "'s" and not reading.prefix:
        return f"possessive of {typed}" + (f", {form.reason}" if form.reason else "")
    if not reading.prefix and not reading.suffix:
        return form.reason
    chain = " + ".join(filter(None, (reading.prefix, typed, reading.suffix)))
    return f"{chain} ({form.reason})" if form.reason else chain


def longest(hits: list[TermHit]) -> list[TermHit]:
    """Return *hits* in the order of the text; of those that overlap, the first and longest."""
    if len(hits) == 1:
        return hits
    hits.sort(key=lambda hit: (hit.start, -hit.end))
    kept: list[TermHit] = []
    for hit in hits:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept
