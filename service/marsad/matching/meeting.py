"""Whether a spelling of a term, one of whose words a text holds, stands there as a whole."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Final, NamedTuple

from marsad.language.base import ABBREVIATION, ATTACHED, Form, Language, Reading, Text
from marsad.language.tokens import HYPHENS, Break, goes_on, runs_on
from marsad.matching.remembered import Remembered
from marsad.matching.unspaced import UnspacedHit

_ATTACH: Final = frozenset(f":{HYPHENS}")


MOST_PLACES: Final = 250
"""Of one term in one item: those after them are not looked at, so that no text costs more than a moment."""


class Place(NamedTuple):
    """A span of an item that a term, or a part of a query, stands at."""

    field: int
    first: int
    """Token."""
    last: int
    """Inclusive."""
    start: int
    """Code point: `text.original[start:end]` is what is shown."""
    end: int
    term: str
    entity: str
    """Id, "" for none: places are put in order, and None has no place among texts."""
    language: str
    reason: str
    """For people: `ل + روسيا`, `possessive of Russia`, `as typed`."""


class Sequence(NamedTuple):
    """One spelling of one term, looked up by its longest word, the *anchor*."""

    term: int
    typed: str
    language: str
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


def meet(candidate: Candidate, text: Text, position: int, field: int) -> Place | None:
    """Return where the whole sequence stands whose anchor stands at *position*, if it does."""
    sequence, form, reading, rules, admitted = candidate
    size = len(sequence.words)
    first = position - sequence.anchor
    last = first + size - 1
    if first < 0 or last >= len(text.words):
        return None
    met = [(form, reading)]
    if size > 1:
        # The cheapest question first: most words stand beside others than the term's.
        for index, word in enumerate(sequence.words, start=first):
            if index != position and not any(it.key in word for it in rules.readings[text.words[index]]):
                return None
    tokens = text.tokens
    if runs_on(tokens, first) or goes_on(tokens, last + 1):
        return None
    if any(tokens[index].before > Break.MARK for index in range(first + 1, last + 1)):
        return None
    if not (admitted or rules.language.admits(form, reading, text, position, rules.names)):
        return None
    if size > 1:
        met = []
        for index, word in enumerate(sequence.words, start=first):
            found = (form, reading) if index == position else _other_word(word, text, index, rules)
            if found is None:
                return None
            met.append(found)
    # Only the last word's full stop can belong to the term.
    form = met[-1][0]
    skip = met[0][1].skip
    reason = ", ".join(filter(None, (reason_of(*it) for it in met)))
    end = tokens[last].end
    if ABBREVIATION in form.marks and text.original.startswith(".", end):
        inside = last + 1 < len(tokens) and tokens[last + 1].before < Break.SENTENCE
        end += inside
    if last + 1 < len(tokens) and _is_attached(form, text, last):
        last += 1
        end = tokens[last].end
    start = tokens[first].start + skip
    return Place(field, first, last, start, end, sequence.typed, "", sequence.language, reason or "as typed")


def ends_with_its_word(form: Form) -> bool:
    """Tell whether a hit of *form* ends where its word does, whatever follows."""
    return ABBREVIATION not in form.marks and not any(mark.startswith(ATTACHED) for mark in form.marks)


def unspaced_place(hit: UnspacedHit, text: Text, field: int, typed: str, language: str) -> Place:
    """Return where a term without spaces stands."""
    _, first, last, form = hit
    start, end = text.edges[2 * first], text.edges[2 * last + 1]
    reason = form.reason
    if not reason and text.original[start:end] != form.typed:
        reason = f"{form.typed} written otherwise"
    return Place(field, first, last, start, end, typed, "", language, reason or "as typed")


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


def longest_of_term(places: list[Place]) -> list[Place]:
    """Return where one term stands, in the order of the text; of what overlaps, the first and longest."""
    if len(places) == 1:
        return places
    places.sort(key=lambda it: (it.field, it.start, -it.end))
    kept: list[Place] = []
    for place in places:
        if not kept or place.start >= kept[-1].end or place.field != kept[-1].field:
            kept.append(place)
    return kept
