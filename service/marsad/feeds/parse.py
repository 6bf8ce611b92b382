"""A body to items, and the one import of the feed parser. Pure, but slow and greedy on hostile input.

It runs in worker processes (see worker.py) that can be killed. The parser is given a stream of clean
UTF-8 and nothing else: bytes or text that look like a path or an address it would open.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import feedparser

from marsad.feeds.dates import from_parts, read_date
from marsad.feeds.decode import decode
from marsad.feeds.document import Document, open_document
from marsad.feeds.json_feed import looks_like_json, parse_json_feed
from marsad.feeds.revision import primary_subtag, revision
from marsad.feeds.skips import read_skips
from marsad.feeds.text import clean, markup_to_text, one_line, plain_to_text
from marsad.feeds.urls import web_link
from marsad.model import ParsedFeed, ParsedItem, ParseOutcome, Unparsed

_MARKUP_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/xml", "text/xml"})
_LONGEST_INTERVAL = timedelta(days=1)
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}


def parse(body: bytes, *, url: str, charset: str | None, content_type: str | None) -> ParseOutcome:
    """Read *body*, which came from *url*, as RSS, RDF, Atom or JSON Feed.

    *charset* and *content_type* are what HTTP said; neither is believed against the body.
    """
    decoded = decode(body, charset=charset)
    notes = [decoded.note] if decoded.note else []
    if looks_like_json(decoded.text):
        return parse_json_feed(decoded.text, url=url, notes=notes)
    document = open_document(decoded.text, content_type=content_type)
    if isinstance(document, Unparsed):
        return document
    result = _feedparser(document)
    if result.get("bozo"):
        notes.append("not well-formed: some text may be missing")
    if document.removed:
        notes.append(f"{document.removed} control characters removed")
    return _feed(result, document, url=url, notes=notes)


def _feedparser(document: Document) -> Mapping[str, Any]:
    # No Content-Location: links are resolved by us, and a guid must not depend on where the feed stands.
    result: Mapping[str, Any] = feedparser.parse(
        io.BytesIO(document.text.encode("utf-8")),
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )
    return result


def _feed(result: Mapping[str, Any], document: Document, *, url: str, notes: list[str]) -> ParsedFeed:
    feed = result["feed"]
    language = primary_subtag(_get(feed, "language"))
    # Relative links of Atom start at the document, those of RSS at the site (RFC 4287 §2; custom).
    base = url if document.root == "feed" else web_link(url, _get(feed, "link")) or url
    feed_author = _author(feed) if document.root == "feed" else ""
    items = tuple(
        _item(entry, base=base, language=language, author=feed_author) for entry in result["entries"]
    )
    return ParsedFeed(
        title=one_line(_detail_text(feed, "title")),
        language=language,
        items=items,
        every=_interval(feed),
        skips=read_skips(document.text),
        partial=document.partial,
        notes=tuple(notes),
    )


def _item(entry: Mapping[str, Any], *, base: str, language: str | None, author: str) -> ParsedItem:
    contents = [_content_text(detail) for detail in _get(entry, "content") or ()]
    content = max(contents, key=len, default="")
    # Without a detail the summary is the parser's copy of the content.
    summary = _detail_text(entry, "summary") if _get(entry, "summary_detail") or not content else ""
    published, published_text = _published(entry)
    guid = one_line(clean(_get(entry, "id") or "")[0]) or None
    return ParsedItem(
        guid=guid,
        revision=revision(
            title=_detail_text(entry, "title"),
            summary=summary,
            content=content,
            author=_author(entry) or author,
            language=_language(entry) or language,
            link=_link(entry, base=base),
            published=published,
            published_text=published_text,
            categories=_categories(entry),
        ),
    )


def _categories(entry: Mapping[str, Any]) -> Iterable[str]:
    """Yield what an item is filed under, by its label rather than by its term (Atom)."""
    for tag in _get(entry, "tags") or ():
        if isinstance(tag, Mapping):
            name = _get(tag, "label") or _get(tag, "term")
            if isinstance(name, str):
                yield plain_to_text(clean(name)[0])


def _get(mapping: Mapping[str, Any], key: str) -> Any:
    """Look *key* up as it stands: the parser's own mapping answers for other keys too, with warnings."""
    return dict.get(mapping, key) if isinstance(mapping, dict) else None


def _detail_text(mapping: Mapping[str, Any], key: str) -> str:
    detail = _get(mapping, f"{key}_detail")
    if isinstance(detail, Mapping) and detail.get("value") is not None:
        return _content_text(detail)
    value = _get(mapping, key)
    return markup_to_text(clean(value)[0]) if isinstance(value, str) else ""


def _content_text(detail: Mapping[str, Any]) -> str:
    value, kind = detail.get("value"), detail.get("type") or "text/plain"
    if not isinstance(value, str):
        return ""
    if kind in _MARKUP_TYPES or kind.endswith("+xml"):
        return markup_to_text(clean(value)[0])
    return plain_to_text(clean(value)[0]) if kind.startswith("text/") else ""


def _author(mapping: Mapping[str, Any]) -> str:
    """Return the names of the authors, their addresses only where they have no name."""
    people: Iterable[Mapping[str, Any]] = _get(mapping, "authors") or ()
    names = [person.get("name") or person.get("email") for person in people if isinstance(person, Mapping)]
    texts = [plain_to_text(clean(name)[0]) for name in names if isinstance(name, str)]
    if not any(texts):
        texts = [plain_to_text(clean(str(_get(mapping, "author") or ""))[0])]
    return ", ".join(dict.fromkeys(text for text in texts if text))


def _language(entry: Mapping[str, Any]) -> str | None:
    details = (_get(entry, "title_detail"), *(_get(entry, "content") or ()), _get(entry, "summary_detail"))
    stated = (_get(entry, "language"), *(detail.get("language") for detail in details if detail))
    return next((tag for tag in map(primary_subtag, stated) if tag is not None), None)


def _link(entry: Mapping[str, Any], *, base: str) -> str | None:
    # The guid serves as a link only where it is a whole one.
    own = _get(entry, "link")
    if own == _get(entry, "id") and _get(entry, "guidislink"):
        own = own if isinstance(own, str) and "://" in own else None
    links = _get(entry, "links") or ()
    alternates = [link.get("href") for link in links if link.get("rel") == "alternate"]
    candidates = (_get(entry, "feedburner_origlink"), own, *alternates)
    resolved = (web_link(base, link) for link in candidates if isinstance(link, str))
    return next((link for link in resolved if link is not None), None)


def _published(entry: Mapping[str, Any]) -> tuple[datetime | None, str]:
    """Return the first date that can be read, with its text; else the first text there is."""
    first_text = ""
    for key in ("published", "updated", "created"):
        text = clean(str(_get(entry, key) or ""))[0].strip()
        first_text = first_text or text
        at = from_parts(_get(entry, f"{key}_parsed")) or read_date(text[:100])
        if at is not None:
            return at, text
    return None, first_text


def _interval(feed: Mapping[str, Any]) -> timedelta | None:
    """Return the longer of what ttl (minutes) and sy:updatePeriod ask for, at most a day."""
    asked = []
    minutes = _whole_number(_get(feed, "ttl"))
    if minutes:
        asked.append(timedelta(minutes=min(minutes, 24 * 60)))
    period = _PERIODS.get(str(_get(feed, "sy_updateperiod") or "").strip().lower())
    if period is not None:
        asked.append(period / max(_whole_number(_get(feed, "sy_updatefrequency")) or 1, 1))
    return min(max(asked), _LONGEST_INTERVAL) if asked else None


def _whole_number(value: Any) -> int | None:
    text = str(value or "").strip()
    return int(text[:6]) if text.isascii() and text.isdigit() else None
