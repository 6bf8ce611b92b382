"""A story as the templates show it: what is marked, when it was, and why it was told."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marsad.channels import headers
from marsad.channels.excerpts import Excerpt, Piece, excerpts, lead, marked, spans_of
from marsad.channels.links import Link, link_from
from marsad.model import Field, MentionView, Prominence, StoryView

MAX_EXCERPTS: Final = 3
MOST_EXCERPTS: Final = 8
"""Where more watches than *MAX_EXCERPTS* each have a sentence of their own."""
MAX_WATCHES: Final = 20
MAX_REASONS: Final = 4
"""What a story shows of each; the rest is counted."""

_SOURCE: Final = 80
"""Code points of a feed's name; some feeds put a slogan into their titles."""
_LANGUAGE: Final = re.compile("[a-z]{2,3}")

# Overrides, embeddings and isolates reach beyond the string they stand in; marks of direction do not.
_BREAKS: Final = re.compile("[\t\n\r\u2028\u2029]+")
_HARMFUL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

_PROMINENCE: Final = {
    Prominence.HEADLINE: "in the headline",
    Prominence.LEAD: "at the beginning",
    Prominence.BODY: "further down",
}


@dataclass(frozen=True, kw_only=True)
class Reason:
    found: str
    """As it stands in the text."""
    why: str
    name_of: str
    """The entity whose name it is, with its @; "" where it is a term."""


@dataclass(frozen=True, kw_only=True)
class Why:
    """A watch that the story satisfied, and by what."""

    watch: str
    prominence: str
    hits: int
    reasons: tuple[Reason, ...]
    more: int
    """Reasons beyond those shown."""


@dataclass(frozen=True, kw_only=True)
class Story:
    title: tuple[Piece, ...]
    headline: str
    """The title unmarked, for lists."""
    link: Link | None
    source: str
    time: str
    dir: str
    language: str
    excerpts: tuple[tuple[Piece, ...], ...]
    more_hits: int
    whys: tuple[Why, ...]
    more_watches: int


def view_of(story: StoryView, *, when: Callable[[datetime], str]) -> Story:
    """Return what a mail says of *story*; *when* tells a time."""
    revision = story.revision
    hits = [hit for mention in story.mentions for hit in mention.hits]
    title_spans = spans_of(revision, Field.TITLE, hits)
    found: list[Excerpt] = []
    for field in (Field.SUMMARY, Field.CONTENT, Field.AUTHOR):
        found += excerpts(str(getattr(revision, field)), field, spans_of(revision, field, hits))
    shown = _chosen(found, story.mentions)
    parts = [_visible_pieces(excerpt.pieces) for excerpt in shown]
    if not parts and (beginning := lead(revision.summary or revision.content)):
        parts = [(Piece(visible(beginning)),)]
    title = _visible_pieces(tuple(marked(revision.title, 0, len(revision.title), title_spans)))
    language = revision.language if revision.language and _LANGUAGE.fullmatch(revision.language) else ""
    whys = [_why(mention) for mention in story.mentions]
    return Story(
        title=title or (Piece("(no title)"),),
        headline=headers.shorten(visible(revision.title), 200) or "(no title)",
        link=link_from(revision.link),
        source=headers.shorten(visible(story.feed_name), _SOURCE) or story.feed_id,
        time=_time(story, when),
        dir=_direction(revision.title + revision.summary[:500]),
        language=language,
        excerpts=tuple(parts),
        more_hits=sum(excerpt.hits for excerpt in found) - sum(excerpt.hits for excerpt in shown),
        whys=tuple(whys[:MAX_WATCHES]),
        more_watches=max(0, len(whys) - MAX_WATCHES),
    )


def _chosen(found: Sequence[Excerpt], mentions: Iterable[MentionView]) -> list[Excerpt]:
    """Return what is shown of *found*: for each mention a place where it was found, then the first ones.

    A mention in the headline needs no other place; of several the one that holds most of its terms is taken.
    """
    chosen: set[int] = set()
    for mention in mentions:
        if len(chosen) >= MOST_EXCERPTS:
            break
        places = _places(found, mention)
        in_headline = any(hit.field is Field.TITLE for hit in mention.hits)
        if places and not in_headline and chosen.isdisjoint(places):
            chosen.add(max(sorted(places), key=lambda number: len(places[number])))
    for number in range(len(found)):
        if len(chosen) >= MAX_EXCERPTS:
            break
        chosen.add(number)
    return [found[number] for number in sorted(chosen)]


def _places(found: Sequence[Excerpt], mention: MentionView) -> dict[int, set[str]]:
    """Return in which of *found*, which ascend in each field, *mention* has hits, and of which terms."""
    of_field: dict[Field, list[int]] = defaultdict(list)
    for number, excerpt in enumerate(found):
        of_field[excerpt.field].append(number)
    places: dict[int, set[str]] = defaultdict(set)
    for hit in mention.hits:
        numbers = of_field[hit.field]
        at = bisect_right(numbers, hit.start, key=lambda number: found[number].start) - 1
        if at >= 0 and found[numbers[at]].shows(hit):
            places[numbers[at]].add(hit.entity or hit.term)
    return places


def visible(text: str) -> str:
    """Return *text* without characters that would show nothing, or disturb what stands around it."""
    return _HARMFUL.sub("", _BREAKS.sub(" ", text))


def _visible_pieces(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    return tuple(Piece(visible(piece.text), piece.hit) for piece in pieces)


def _time(story: StoryView, when: Callable[[datetime], str]) -> str:
    if story.revision.published is not None:
        return when(story.revision.published)
    return "first seen " + when(min(mention.found_at for mention in story.mentions)) if story.mentions else ""


def _direction(text: str) -> str:
    """Return the direction that most of the letters of *text* have.

    What is written decides, not what the feed says of itself: many name one language for all items.
    """
    letters = [character for character in text if character.isalpha()]
    return "rtl" if 2 * sum(map(headers.has_rtl, letters)) > len(letters) else "ltr"


def _why(mention: MentionView) -> Why:
    reasons: list[Reason] = []
    for hit in mention.hits:
        found = visible(hit.text)
        # What follows stands behind the found text anyway: "Захаровой: a case of Захарова".
        why = visible(hit.reason).removeprefix(f"{found}: ") or f"found by {visible(hit.term)}"
        reason = Reason(found=found, why=why, name_of=f"@{hit.entity}" if hit.entity else "")
        if reason not in reasons:
            reasons.append(reason)
    return Why(
        watch=visible(mention.watch_name) or mention.watch_id,
        prominence=_PROMINENCE[mention.prominence],
        hits=len(mention.hits),
        reasons=tuple(reasons[:MAX_REASONS]),
        more=max(0, len(reasons) - MAX_REASONS),
    )
