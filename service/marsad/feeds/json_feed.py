"""JSON Feed 1.0 and 1.1 (jsonfeed.org), into the same types as the XML formats. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from marsad.feeds.dates import read_date
from marsad.feeds.revision import primary_subtag, revision
from marsad.feeds.text import clean, markup_to_text, one_line, plain_to_text
from marsad.feeds.urls import web_link
from marsad.model import FetchProblem, ParsedFeed, ParsedItem, ParseOutcome, Unparsed


def looks_like_json(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")


def parse_json_feed(text: str, *, url: str, notes: Sequence[str]) -> ParseOutcome:
    """Read *text*, which came from *url*; a field of the wrong type counts as absent."""
    try:
        document = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return Unparsed(problem=FetchProblem.UNREADABLE, detail="the JSON is damaged or ends early")
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        return Unparsed(problem=FetchProblem.NOT_A_FEED, detail="it is JSON, but no JSON Feed")
    if "jsonfeed.org" not in str(document.get("version", "")) and not _looks_like_items(document["items"]):
        return Unparsed(problem=FetchProblem.NOT_A_FEED, detail="it is JSON, but no JSON Feed")
    language = primary_subtag(_string(document, "language"))
    author = _authors(document)
    items = tuple(
        _item(entry, url=url, language=language, author=author)
        for entry in document["items"]
        if isinstance(entry, dict)
    )
    return ParsedFeed(
        title=one_line(_string(document, "title")), language=language, items=items, notes=tuple(notes)
    )


def _looks_like_items(items: list[Any]) -> bool:
    """Some feeds forget their version; an item without an id or without text is something else."""
    fields = {"content_html", "content_text", "title", "summary"}
    return bool(items) and all(
        isinstance(item, dict) and "id" in item and fields & set(item) for item in items
    )


def _item(entry: dict[str, Any], *, url: str, language: str | None, author: str) -> ParsedItem:
    as_html = markup_to_text(_string(entry, "content_html"))
    content = as_html or plain_to_text(_string(entry, "content_text"))
    date = _string(entry, "date_published") or _string(entry, "date_modified")
    links = (web_link(url, _string(entry, key)) for key in ("url", "external_url", "id"))
    # An id is a link only where it is a whole one.
    candidates = [link for link in links if link is not None]
    if not (_string(entry, "url") or _string(entry, "external_url") or "://" in _string(entry, "id")):
        candidates = []
    identity = entry.get("id")
    guid = str(identity) if isinstance(identity, int | float) else _string(entry, "id")
    return ParsedItem(
        guid=one_line(guid) or None,
        revision=revision(
            title=plain_to_text(_string(entry, "title")),
            summary=plain_to_text(_string(entry, "summary")),
            content=content,
            author=_authors(entry) or author,
            language=primary_subtag(_string(entry, "language")) or language,
            link=next(iter(candidates), None),
            published=_instant(date),
            published_text=date,
            categories=_tags(entry),
        ),
    )


def _string(mapping: dict[str, Any], key: str) -> str:
    value = mapping.get(key)
    return clean(value)[0] if isinstance(value, str) else ""


def _tags(entry: dict[str, Any]) -> list[str]:
    tags = entry.get("tags")
    return [clean(tag)[0] for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def _authors(mapping: dict[str, Any]) -> str:
    people = mapping.get("authors")
    if not isinstance(people, list):
        people = [mapping.get("author")]  # version 1.0
    names = [one_line(_string(person, "name")) for person in people if isinstance(person, dict)]
    return ", ".join(dict.fromkeys(name for name in names if name))


def _instant(text: str) -> datetime | None:
    """Read RFC 3339; anything else as any other date."""
    try:
        at = datetime.fromisoformat(text.strip().upper().replace("Z", "+00:00"))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return read_date(text)
