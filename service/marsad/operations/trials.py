"""What a query finds in texts at hand: to be tried before it is trusted with a watch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from marsad.config import Draft
from marsad.feeds.decode import decode
from marsad.feeds.parse import parse
from marsad.feeds.text import markup_to_text
from marsad.language.forms import FormsCache, expand_in_child
from marsad.matching.document import Source
from marsad.matching.explain import explain
from marsad.matching.explanation import Explanation, Step
from marsad.matching.matcher import WatchSet
from marsad.matching.watchset import compile_watch_set
from marsad.model import Mistake, ParsedFeed, Prominence, Revision, WatchDefinition
from marsad.operations.check import saved_forms

_ID: Final = "query"


@dataclass(frozen=True, kw_only=True)
class TriedQuery:
    """A query ready to be tried, or what is wrong with it."""

    watch_set: WatchSet
    mistakes: tuple[Mistake, ...]
    """Their columns are those of the query; of entities only those it needs."""
    warnings: tuple[Mistake, ...]


@dataclass(frozen=True, kw_only=True)
class TriedText:
    """A text to try a query on."""

    name: str
    """Where it comes from: a file, an item of one."""
    revision: Revision
    in_feed: bool
    """True for an item of a feed."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    text: TriedText
    explanation: Explanation
    prominence: Prominence | None
    """None where nothing is found."""


def compile_query(
    query: str,
    draft: Draft | None = None,
    *,
    scope: WatchDefinition | None = None,
    language: str | None = None,
    now: datetime,
) -> TriedQuery:
    """Compile *query* with the entities and feeds of a configuration, if there is one.

    *scope* is a watch whose feeds, tags, languages and times it takes over; *language* is that of the texts
    to try it on.
    """
    settings = draft.settings if draft is not None else None
    cache = saved_forms(settings) if settings is not None else FormsCache()
    known_feeds = settings.feeds if settings is not None and draft is not None and draft.feeds_known else None
    compilation = compile_watch_set(
        [
            WatchDefinition(id=_ID, name=_ID, label=_ID, query=query)
            if scope is None
            else replace(scope, id=_ID, query=query, lists=scope.lists if query == scope.query else ())
        ],
        settings.entities if settings is not None else (),
        feeds=known_feeds,
        expand=partial(expand_in_child, cache=cache),
        lost_entities=draft.lost_entities if draft is not None else (),
        lost_watches=draft.lost_watches if draft is not None else (),
        packs=settings.packs if settings is not None else (),
        others=settings.watches if settings is not None else (),
        languages=(language,) if language is not None else (),
        searched_at=now.astimezone(ZoneInfo(settings.service.timezone)) if settings is not None else now,
    )
    own = f'watch "{_ID}"'
    mistakes = tuple(it for it in compilation.mistakes if it.key.startswith(own))
    if not mistakes and not len(compilation.watch_set):
        mistakes = (Mistake(file="", key=own, problem="an entity or watch that it names cannot be used"),)
    return TriedQuery(
        watch_set=compilation.watch_set,
        mistakes=mistakes,
        warnings=tuple(it for it in compilation.warnings if it.key.startswith(own)),
    )


def try_query(query: TriedQuery, text: TriedText, *, source: Source, now: datetime) -> Trial:
    """Return what *query* finds in *text*, or why it finds nothing."""
    explanation = explain(query.watch_set, _ID, text.revision, source, now=now)
    matches = query.watch_set.match(text.revision, source, now=now).matches
    return Trial(text=text, explanation=explanation, prominence=matches[0].prominence if matches else None)


# ── texts ────────────────────────────────────────────────────────────────────────────────────────

_HTML: Final = re.compile(
    r"\s*<(?:!doctype\s+html|html|head|body|div|p|h[1-6]|article|section|span|b|i|a)\b", re.I
)
_HTML_TITLE: Final = re.compile(r"<title\b[^>]*>(.*?)</title\s*>", re.I | re.S)
_WRAPPED: Final = 50
"""Code points from which on a line may have been broken only to fit a page."""
_ENDS: Final = re.compile(r"[.!?…؟۔。！？:؛][\"'»”)\]]*$")


def texts_of(name: str, data: bytes, *, language: str | None, headline: bool = False) -> Iterator[TriedText]:
    """Yield the texts in a file: the items of a feed (RSS, Atom, JSON), the text of a page, or all there is.

    A plain text is the content of one item, and with *headline* its title; offsets are those of the text as
    it is decoded. *language* is that of the text, where its feed says none.
    """
    text = decode(data, charset=None).text
    may_be_feed = text.lstrip("\ufeff \t\r\n")[:1] in ("<", "{", "[")
    parsed = parse(data, url="", charset=None, content_type=None) if may_be_feed else None
    if isinstance(parsed, ParsedFeed):
        for number, item in enumerate(parsed.items, start=1):
            revision = replace(item.revision, language=item.revision.language or language)
            yield TriedText(name=f"{name}, item {number}", revision=revision, in_feed=True)
        return
    title, content = "", unwrapped(text)
    if _HTML.match(text):
        found = _HTML_TITLE.search(text)
        title, content = markup_to_text(found[1]) if found else "", markup_to_text(text)
    if headline:
        title, content = content.rstrip().replace("\n", " "), ""
    revision = Revision(
        title=title,
        summary="",
        content=content,
        author="",
        language=language,
        link=None,
        published=None,
        hash="",
    )
    yield TriedText(name=name, revision=revision, in_feed=False)


def unwrapped(text: str) -> str:
    """Return *text*, of the same length, with a space for each line end that only fits it to a page.

    Ends of paragraphs stay: beside an empty line, after a short line, and, where no empty line separates
    paragraphs, after the end of a sentence.
    """
    lines = text.replace("\r\n", " \n").replace("\r", "\n").split("\n")
    spaced = any(not line.strip() for line in lines[:-1])
    pieces: list[str] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        stripped = line.strip()
        ends = (
            not stripped
            or not following.strip()
            or len(stripped) < _WRAPPED
            or (not spaced and _ENDS.search(stripped) is not None)
        )
        pieces += [line, "\n" if ends else " "]
    return "".join(pieces[:-1])


# ── as objects ───────────────────────────────────────────────────────────────────────────────────


def explanation_object(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation as `--json` prints it: the hits as those of `marsad mentions --json`."""
    return {
        "found": explanation.found,
        "why_not": explanation.why_not,
        "hits": [
            {**it.hit._asdict(), "sentence": it.sentence, "sentence_start": it.start}
            for it in explanation.hits
        ],
        "steps": _step_object(explanation.step),
    }


def _step_object(step: Step) -> dict[str, Any]:
    return {
        "operator": step.operator,
        "query": step.told,
        "holds": step.holds,
        "why_not": step.why,
        "hits": [hit._asdict() for hit in step.hits],
        "parts": [_step_object(part) for part in step.parts],
    }


def trial_object(trial: Trial) -> dict[str, Any]:
    """Return what `marsad watch test --json` prints on one line."""
    text, explanation = trial.text, trial.explanation
    return {
        "text": text.name,
        "title": text.revision.title,
        "link": text.revision.link,
        "language": text.revision.language,
        "found": explanation.found,
        "prominence": trial.prominence,
        "hits": [it.hit._asdict() for it in explanation.hits],
        "why_not": explanation.why_not,
    }
