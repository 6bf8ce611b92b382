"""RSS skipHours and skipDays, which the feed parser does not tell. Pure."""

from __future__ import annotations

import re
from itertools import islice

from marsad.feeds.document import ITEM_END, ITEM_START
from marsad.model import Skips

_START = re.compile(r"<skip(hours|days)\s*>", re.IGNORECASE)
_ENTRY = re.compile(r"<(?:hours?|day)\s*>\s*([^<]{1,20}?)\s*</", re.IGNORECASE)
_LONGEST_LIST = 8192
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def read_skips(text: str) -> Skips:
    """Return when the feed document *text* asks not to be polled.

    Hours count from 0, or (RSS 0.91) from 1 to 24. A list of all hours, or of all days, would forbid
    polling altogether: it is ignored, as is what is no hour and no day.
    """
    first = ITEM_START.search(text)
    if first is None:
        return _read(text)
    found = _read(text[: first.start()])
    if found != Skips():
        return found
    # Rarely, a channel says it after its items; inside an item it is somebody's text.
    last = None
    for last in ITEM_END.finditer(text, first.start()):  # noqa: B007 - the last one is what counts
        pass
    return _read(text[last.end() :]) if last is not None else found


def _read(text: str) -> Skips:
    hours: set[int] = set()
    days: set[int] = set()
    for start in islice(_START.finditer(text), 4):
        listed = text[start.end() : start.end() + _LONGEST_LIST].partition("</skip")[0]
        for entry in _ENTRY.finditer(listed):
            word = entry[1].lower()
            if start[1].lower() == "days" and word[:3] in _DAYS:
                days.add(_DAYS.index(word[:3]))
            elif start[1].lower() == "hours" and word.isascii() and word.isdigit() and int(word) <= 24:
                hours.add(int(word) % 24)
    return Skips(
        hours=frozenset(hours if len(hours) < 24 else ()), days=frozenset(days if len(days) < 7 else ())
    )
