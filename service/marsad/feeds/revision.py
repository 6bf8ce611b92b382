"""What any reader of feeds hands over, XML or JSON: a revision in its stored form. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from marsad.feeds.text import one_line
from marsad.model import Revision

_MOST_CATEGORIES = 50
_LONGEST_CATEGORY = 100
_SUBTAG = re.compile(r"[a-z]{2,3}")
# ISO 639-2 and withdrawn codes that feeds still write.
_SHORTER = {
    **{
        "ara": "ar",
        "rus": "ru",
        "eng": "en",
        "fas": "fa",
        "per": "fa",
        "deu": "de",
        "ger": "de",
        "fra": "fr",
    },
    **{"fre": "fr", "spa": "es", "tur": "tr", "heb": "he", "iw": "he", "ukr": "uk", "zho": "zh", "chi": "zh"},
    **{
        "jpn": "ja",
        "kor": "ko",
        "por": "pt",
        "ita": "it",
        "pol": "pl",
        "ell": "el",
        "gre": "el",
        "hin": "hi",
    },
    **{"urd": "ur", "srp": "sr", "fin": "fi", "tha": "th", "in": "id", "ind": "id", "nld": "nl", "dut": "nl"},
}
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis"})


def revision(
    *,
    title: str,
    summary: str,
    content: str,
    author: str = "",
    language: str | None = None,
    link: str | None = None,
    published: datetime | None = None,
    published_text: str = "",
    categories: Iterable[str] = (),
) -> Revision:
    """Return the revision with what repeats left out, and its hash, which is over what is stored."""
    title = one_line(title)
    if summary == title:
        summary = ""
    if content in (title, summary):
        content = ""
    return Revision(
        title=title,
        summary=summary,
        content=content,
        author=one_line(author),
        language=language,
        link=link,
        published=published,
        published_text=one_line(published_text)[:200],
        hash=text_hash(title, summary, content),
        categories=_distinct(categories),
    )


def _distinct(categories: Iterable[str]) -> tuple[str, ...]:
    """Return *categories* as they are stored: the first of those that differ by capitals alone."""
    found: dict[str, str] = {}
    for category in islice(categories, _MOST_CATEGORIES):
        name = one_line(category)[:_LONGEST_CATEGORY]
        if name:
            found.setdefault(name.casefold(), name)
    return tuple(found.values())


def text_hash(title: str, summary: str, content: str) -> str:
    """Return SHA-256, hex, of the three texts; NUL, which no text holds any more, stands between them."""
    return hashlib.sha256("\0".join((title, summary, content)).encode("utf-8")).hexdigest()


def primary_subtag(tag: str | None) -> str | None:
    """Return the language of a tag as feeds write it (`ar-EG`, `en_US`, `RUS`), or None."""
    first = re.split(r"[-_]", (tag or "").strip().lower(), maxsplit=1)[0]
    if not _SUBTAG.fullmatch(first) or first in _NO_LANGUAGE:
        return None
    return _SHORTER.get(first, first)
