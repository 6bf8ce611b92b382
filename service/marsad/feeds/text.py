"""Markup to plain text, and the cleaning that happens once: nobody after this module meets a NUL or a tag.

What stays in although it is invisible: joiners, direction marks and soft hyphens (U+200B to U+200F,
U+202A to U+202E, U+2066 to U+2069, U+00AD). They are part of words and sentences; the matcher ignores them,
the mail cleans its headers itself.
"""

from __future__ import annotations

import html
import re

from lxml import etree

_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details"),
        *(
            "dialog",
            "dir",
            "div",
            "dl",
            "dt",
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
        ),
        *(
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hgroup",
            "hr",
            "html",
            "legend",
            "li",
            "main",
            "menu",
            "nav",
            "ol",
        ),
        *("optgroup", "option", "p", "pre", "search", "section", "select", "summary", "table", "tbody", "td"),
        *("tfoot", "th", "thead", "tr", "ul", "video", "audio"),
    }
)
"""Elements that stand in lines of their own; any other tag is no boundary, not even inside a word."""
_DROPPED = frozenset(
    {"script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "head", "textarea"}
)
"""Elements whose text nobody reads."""

# Controls but not white space, surrogates, and what Unicode says is no character.
_CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\ufff9-\ufffb]"
)
_ESCAPED_MARKUP = re.compile(
    r"</(?:a|b|i|u|em|strong|span|font|p|div|li|ul|ol|h[1-6]|td|tr|table|blockquote|script|style|figure)\s*>"
    r"|<(?:br|hr|img|p)\b[^<>]*>",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_PARAGRAPH = re.compile(r"(?:\r\n?|\n)[^\S\r\n]*(?:\r\n?|\n)|\u2029")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_MOST_ROUNDS = 2
"""Feeds escape their markup twice by mistake; three times nobody does."""


def clean(text: str) -> tuple[str, int]:
    """Return *text* without control characters, surrogates and non-characters, and how many there were."""
    return _CONTROLS.subn("", text)


def markup_to_text(markup: str) -> str:
    """Return the text of *markup* (HTML): a line for each block, single spaces, references resolved."""
    text = markup
    for _ in range(_MOST_ROUNDS):
        if "<" not in text and "&" not in text:
            break
        text = _text_of(text)
        if not _ESCAPED_MARKUP.search(text) and not _REFERENCE.search(text):
            break
    return _lines(text.split("\n"))


def plain_to_text(text: str) -> str:
    """Return plain *text* in the same form: blank lines separate blocks, other white space is one space.

    Where it turns out to be escaped markup (feeds say `type="text"` and send HTML), that is read too.
    """
    if _ESCAPED_MARKUP.search(text):
        return markup_to_text(text)
    if _REFERENCE.search(text):
        text = clean(html.unescape(text))[0]
    return _lines(_PARAGRAPH.split(text))


def one_line(text: str) -> str:
    """Return *text* with every white space a single space: for titles and names."""
    return " ".join(text.split())


def _lines(blocks: list[str]) -> str:
    lines = (one_line(block) for block in blocks)
    return "\n".join(line for line in lines if line)


def _text_of(markup: str) -> str:
    """Return the text with "\\n" only between blocks; the parser's events are enough, no tree is built."""
    collector = _Collector()
    # Recovers from anything; never reads files or the network, and depth is no matter without a tree.
    parser = etree.HTMLParser(target=collector, encoding="utf-8", no_network=True, huge_tree=False)
    # CDATA means nothing in HTML, whose parsers would drop it as a comment.
    data = _CDATA.sub("", markup).encode("utf-8", "ignore")
    if not data.strip():
        return ""
    parser.feed(data)
    parser.close()
    return clean(collector.text())[0]


class _Collector:
    """Receives the parser's events."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._dropped_in: list[str | bytes] = []

    def start(self, tag: str | bytes, attrib: dict[str | bytes, str | bytes]) -> None:
        if tag in _DROPPED:
            self._dropped_in.append(tag)
        elif tag in _BLOCKS:
            self._pieces.append("\n")

    def end(self, tag: str | bytes) -> None:
        if self._dropped_in and tag == self._dropped_in[-1]:
            self._dropped_in.pop()
        elif tag in _BLOCKS:
            self._pieces.append("\n")

    def data(self, data: str | bytes) -> None:
        if not self._dropped_in and isinstance(data, str):
            # A line end in the source is white space, not a block.
            self._pieces.append(data.replace("\n", " ").replace("\r", " "))

    def comment(self, text: str | bytes) -> None:
        """Nobody reads comments."""

    def close(self) -> None:
        """Asked for by the parser."""

    def text(self) -> str:
        return "".join(self._pieces)
