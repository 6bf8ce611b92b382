"""The text of a body before it is parsed: is it a feed, is it whole, what would trip a parser. Pure.

Document type declarations are cut out and their entities never expanded, whatever they are.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from html.entities import html5

from lxml import etree

from marsad.feeds.text import clean, one_line
from marsad.model import FetchProblem, Unparsed

_ROOTS = frozenset({"rss", "feed", "rdf", "channel"})
_PAGE_ROOTS = frozenset({"html", "head", "body", "title", "meta", "script", "div", "p", "h1", "center"})
_OTHER_ROOTS = {
    "opml": "a list of feeds (OPML)",
    "urlset": "a sitemap",
    "sitemapindex": "a list of sitemaps",
    "svg": "a picture (SVG)",
    "error": "an error message in XML",
}
_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)
_NAME = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*))")
_FEED_IN_PAGE = re.compile(
    r"<(?:feed\s[^<>]{0,300}http://www\.w3\.org/2005/Atom|rss\s[^<>]{0,300}version\s*=)", re.IGNORECASE
)
_ROOT_AFTER_RUBBISH = re.compile(r"<\?xml\s|<(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)
_END_OF_DOCTYPE = re.compile(r"\]\s*>")
ITEM_START = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>/]", re.IGNORECASE)
ITEM_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_OPAQUE_OR_REFERENCE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|&(?:#(?P<number>[0-9]{1,9}|[xX][0-9a-fA-F]{1,8});|(?P<name>[A-Za-z][A-Za-z0-9]{1,31});)?",
    re.DOTALL,
)
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{65536,}")
_MOST_ATTRIBUTES = 1000
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})


@dataclass(frozen=True, kw_only=True)
class Document:
    text: str
    """From the root's start tag to its end tag: no declaration, no DOCTYPE, no character XML forbids."""
    root: str
    """Local name of the root, in lower case."""
    partial: bool
    """The body ends before its root does; *text* ends with the last complete item and is closed by us."""
    removed: int
    """Forbidden characters that were taken out."""


def open_document(text: str, *, content_type: str | None) -> Document | Unparsed:
    """Return the feed document in *text*, or say what it is instead."""
    text, removed = clean(text)
    text = text.lstrip("\ufeff \t\r\n")
    if not text:
        return _not_a_feed("the body is empty")
    if not text.startswith("<"):
        rubbish = _ROOT_AFTER_RUBBISH.search(text, 0, 8192)
        if rubbish is None:
            return _not_a_feed(_describe_text(text, content_type))
        text = text[rubbish.start() :]
    start = _root_start(text)
    name = _NAME.match(text, start) if start is not None else None
    if name is None:
        return _not_a_feed("it holds no element")
    root = name[2].lower()
    if root in _PAGE_ROOTS or (root not in _ROOTS and text[:14].lower() == "<!doctype html"):
        # Some tools put a page around a feed, element and all.
        wrapped = _FEED_IN_PAGE.search(text, name.end(), name.end() + 8192)
        name = _NAME.match(text, wrapped.start()) if wrapped is not None else None
        if name is None:
            return _not_a_feed(_describe_html(text))
        root = name[2].lower()
    if root not in _ROOTS:
        return _not_a_feed(_OTHER_ROOTS.get(root, f"its root element is <{name[1][:40]}>"))
    text = text[name.start() :]
    if any(tag[0].count("=") > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(text)):
        return Unparsed(
            problem=FetchProblem.UNREADABLE, detail=f"an element has more than {_MOST_ATTRIBUTES} attributes"
        )
    text, partial = _whole(text, name[1])
    text, removed_references = _resolve_references(text)
    return Document(text=text, root=root, partial=partial, removed=removed + removed_references)


def _root_start(text: str) -> int | None:
    """Skip declarations, comments and the document type; return where the root element begins."""
    at = 0
    while (at := text.find("<", at)) >= 0:
        if text.startswith("<!--", at):
            end, length = text.find("-->", at + 4), 3
        elif text.startswith("<?", at):
            end, length = text.find(">", at + 2), 1
        elif text.startswith("<!", at):
            end, length = _doctype_end(text, at), 1
        else:
            return at
        if end < 0:
            return None
        at = end + length
    return None


def _doctype_end(text: str, at: int) -> int:
    end, subset = text.find(">", at), text.find("[", at)
    if subset < 0 or subset > end:
        return end
    closing = _END_OF_DOCTYPE.search(text, subset)
    return closing.end() - 1 if closing else -1


def _whole(text: str, root: str) -> tuple[str, bool]:
    """Cut what follows the root's end; where that end is missing, cut after the last complete item."""
    end = text.rfind(f"</{root}")
    if end >= 0:
        close = text.find(">", end)
        return (text[: close + 1] if close >= 0 else f"{text[:end]}</{root}>"), False
    if re.match(r"<[^<>]*/>\s*\Z", text):
        return text, False
    last = None
    for last in ITEM_END.finditer(text):  # noqa: B007 - the last one is what counts
        pass
    first = ITEM_START.search(text)
    cut = last.end() if last is not None else first.start() if first is not None else text.rfind("<")
    text = text[:cut]
    channel = root.removesuffix("rss") + "channel"
    open_channel = text.count(f"<{channel}") > text.count(f"</{channel}") and channel != root
    return text + (f"</{channel}>" if open_channel else "") + f"</{root}>", True


def _resolve_references(text: str) -> tuple[str, int]:
    """Make every `&` one that XML reads: HTML's names become characters, impossible numbers vanish."""
    removed = 0

    def resolve(match: re.Match[str]) -> str:
        nonlocal removed
        whole = match[0]
        if whole.startswith("<"):
            return whole
        if match["name"] is not None:
            if match["name"] in _XML_NAMES:
                return whole
            known = html5.get(match["name"] + ";")
            return html.escape(known) if known is not None else "&amp;" + whole[1:]
        if match["number"] is None:
            return "&amp;"
        digits = match["number"]
        code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
        if code > 0x10FFFF or clean(chr(code))[1] or (code < 0x20 and code not in (9, 10, 13)):
            removed += 1
            return ""
        return whole

    text = _OPAQUE_OR_REFERENCE.sub(resolve, text)
    # White space to Python, but not to XML.
    return text.translate({0x1C: " ", 0x1D: " ", 0x1E: " ", 0x1F: " ", 0x0B: " ", 0x0C: " "}), removed


def _not_a_feed(what: str) -> Unparsed:
    return Unparsed(problem=FetchProblem.NOT_A_FEED, detail=what)


def _describe_text(text: str, content_type: str | None) -> str:
    served = f", served as {content_type[:60]}" if content_type else ""
    return f"it is no XML{served}; it begins with {_shown(text, 60)!r}"


def _describe_html(text: str) -> str:
    """Name the page by its title, and the feeds that it announces, so that an operator can go there."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    parser.feed(text[:200_000].encode("utf-8", "ignore"))
    page = parser.close()
    title = next(
        (_shown("".join(str(part) for part in found.itertext()), 80) for found in page.iter("title")), ""
    )
    feeds = [
        _shown(link.get("href", ""), 200)
        for link in page.iter("link")
        if "alternate" in link.get("rel", "").lower() and link.get("type", "").lower() in _FEED_TYPES
    ]
    named = f'an HTML page titled "{title}"' if title else "an HTML page"
    return named + (f"; it announces the feed {' and '.join(feeds[:3])}" if feeds else "")


def _shown(text: str, length: int) -> str:
    """Return the beginning of foreign text as it may stand in a message: one line, nothing invisible."""
    visible = "".join(c if c.isprintable() else " " for c in text[: length * 4])
    line = one_line(visible)
    return line if len(line) <= length else line[: length - 1] + "…"
