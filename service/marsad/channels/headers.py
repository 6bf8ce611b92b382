"""Text for header fields of a mail: one clean line, encoded so that it reads back equal (RFC 2047)."""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

FSI, PDI = "\u2068", "\u2069"
"""First strong isolate and its end: a string between them does not disturb the direction around it."""
LRM, RLM = "\u200e", "\u200f"
"""Marks that count as a letter of their direction and show nothing."""

_LINE: Final = 76
_ENCODED_BYTES: Final = 42
"""`=?utf-8?b?` and `?=` around base64 of 42 bytes are 68 of the 75 characters that a word may have."""

# Overrides, embeddings, isolates, marks of direction; byte-order mark, zero-width space, word joiner; tags.
_INVISIBLE: Final = re.compile(
    "[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Return *text* as one line without control characters and marks of direction.

    The joiners U+200C and U+200D stay: Persian words and emoji need them.
    """
    return _SURROGATES.sub("\ufffd", _INVISIBLE.sub("", _CONTROLS.sub(" ", text))).strip()


def shorten(text: str, length: int) -> str:
    """Return *text*, or what fits into *length* code points of it, cut between characters that people see."""
    if len(text) <= length:
        return text
    kept = ""
    for cluster in clusters(text):
        if len(kept) + len(cluster) >= length:
            break
        kept += cluster
    space = kept.rfind(" ")
    return (kept[:space] if space > length // 2 else kept).rstrip() + "…"


def isolate(text: str) -> str:
    """Return *text* between FSI and PDI."""
    return f"{FSI}{text}{PDI}"


def paragraph(text: str, direction: str) -> str:
    """Return *text* as a paragraph of plain text that reads in *direction* ("rtl" or "ltr").

    A reader that takes the direction from the first letter meets a mark that says it, one that writes all
    from left to right meets an isolate, in which the same mark decides: a sentence of Arabic that begins
    with "NATO" is laid out as one of Arabic by both.
    """
    if direction == "rtl":
        return f"{RLM}{FSI}{RLM}{text}{PDI}"
    return isolate(LRM + text) if has_rtl(text) else text


def has_rtl(text: str) -> bool:
    """Tell whether *text* has a letter that is written from right to left."""
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


def clusters(text: str) -> Iterator[str]:
    """Yield *text* in pieces that must not be torn: letters with their marks, joined emoji."""
    start = 0
    for position in range(1, len(text)):
        character, previous = text[position], text[position - 1]
        extends = (
            unicodedata.category(character)[0] == "M"
            or character in "\u200c\u200d"
            or previous == "\u200d"
            or "\U0001f3fb" <= character <= "\U0001f3ff"
        )
        if not extends or position - start > 8:
            yield text[start:position]
            start = position
    if text:
        yield text[start:]


def field(name: str, text: str) -> bytes:
    """Return the header field *name* with *text*, folded and encoded, with its line end.

    *text* has gone through `clean` (and may hold isolates).
    """
    plain = f"{name}: {text}"
    if text.isascii() and "=?" not in text and len(plain) <= _LINE:
        return f"{plain}\r\n".encode()
    return f"{name}: ".encode() + encoded(text) + b"\r\n"


def encoded(text: str) -> bytes:
    """Return *text* as encoded words, a line each."""
    words: list[bytes] = []
    pending = b""
    for cluster in clusters(text):
        data = cluster.encode()
        if pending and len(pending) + len(data) > _ENCODED_BYTES:
            words.append(pending)
            pending = b""
        pending += data
    words.append(pending)
    return b"\r\n ".join(b"=?utf-8?b?" + base64.b64encode(word) + b"?=" for word in words)
