"""Dates as feeds write them. Pure.

Dates decide only what is told at first contact; afterwards they are shown. So a date that nobody can
read is None, and its text is kept.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# A month is written in many ways; what is listed is enough to tell it from the others.
_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan января январь янв يناير كانون_الثاني جانفي "
            "januar janvier janv enero ene ocak gennaio gen",
            "february feb февраля февраль фев فبراير شباط "
            "فيفري februar février févr fevrier febrero şubat subat",
            "march mar марта март мар مارس آذار اذار märz mars marzo mart",
            "april apr апреля апрель апр أبريل ابريل نيسان أفريل avril abril abr nisan aprile",
            "may мая май مايو أيار ايار ماي mai mayo mayıs maggio mag",
            "june jun июня июнь июн يونيو يونيه حزيران جوان juni juin junio haziran giugno giu",
            "july jul июля июль июл يوليو يوليه تموز جويلية juli juillet juil julio temmuz luglio lug",
            "august aug августа август авг أغسطس اغسطس آب أوت août aout agosto ago ağustos agustos",
            "september sep sept сентября сентябрь сен سبتمبر "
            "أيلول ايلول septembre septiembre eylül eylul settembre",
            "october oct октября октябрь окт أكتوبر اكتوبر "
            "تشرين_الأول تشرين_الاول oktober octobre octubre ekim ottobre",
            "november nov ноября ноябрь ноя نوفمبر تشرين_الثاني novembre noviembre kasım kasim",
            "december dec декабря декабрь дек ديسمبر "
            "كانون_الأول كانون_الاول dezember décembre diciembre dic aralık",
        ),
        start=1,
    )
    for name in names.split()
}
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(am|pm|ص|م)?(?![\w:])", re.IGNORECASE)
_ZONE = re.compile(r"(?:(?:gmt|utc)\s*)?([+-])(\d{2}):?(\d{2})\b", re.IGNORECASE)
_NAMED = re.compile(r"(\d{1,2})[.,]?\s+(?:من\s+|de\s+)?([^\W\d]+)[.,]?\s+(?:de\s+)?(\d{4})\b")
_NAMED_FIRST = re.compile(r"([^\W\d]+)[.]?\s+(\d{1,2}),?\s+(\d{4})\b")
_YEAR_FIRST = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b")
_DAY_FIRST = re.compile(r"\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b")


def from_parts(parts: Sequence[int] | None) -> datetime | None:
    """Return the instant of a UTC time tuple; None where it is none or outside the calendar."""
    if parts is None:
        return None
    try:
        return _EPOCH + timedelta(seconds=calendar.timegm(tuple(parts)))
    except (ValueError, OverflowError, TypeError):
        return None


def read_date(text: str) -> datetime | None:
    """Read a date that the usual formats do not cover: month names of many languages, any digits, d/m/y.

    Of two numbers that could both be a month, the day is read first unless that cannot be. A clock time
    without a zone is read as UTC. A year that is not between 1900 and 2100 is of another calendar: None.
    """
    text = _ascii_digits(text).casefold()
    for first, second in (("كانون", "الثاني"), ("كانون", "الأول"), ("تشرين", "الأول"), ("تشرين", "الثاني")):
        text = re.sub(rf"{first}\s+{second}", f"{first}_{second}", text)
    day = _day(text)
    if day is None:
        return None
    year, month, day_of_month = day
    hour, minute, second_of_minute = _clock(text)
    offset = _ZONE.search(text, text.find(":") + 1) if ":" in text else None
    try:
        zone = UTC
        if offset is not None:
            minutes = int(offset[2]) * 60 + int(offset[3])
            zone = timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
        at = datetime(year, month, day_of_month, hour, minute, min(second_of_minute, 59), tzinfo=zone)
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _day(text: str) -> tuple[int, int, int] | None:
    found: tuple[int, int, int] | None = None
    if (match := _YEAR_FIRST.search(text)) is not None:
        found = int(match[1]), int(match[2]), int(match[3])
    elif (match := _DAY_FIRST.search(text)) is not None:
        first, second = int(match[1]), int(match[2])
        found = (int(match[3]), first, second) if second > 12 else (int(match[3]), second, first)
    elif (match := _NAMED.search(text)) is not None and match[2] in _MONTHS:
        found = int(match[3]), _MONTHS[match[2]], int(match[1])
    elif (match := _NAMED_FIRST.search(text)) is not None and match[1] in _MONTHS:
        found = int(match[3]), _MONTHS[match[1]], int(match[2])
    return found if found is not None and 1900 <= found[0] <= 2100 else None


def _clock(text: str) -> tuple[int, int, int]:
    match = _CLOCK.search(text)
    if match is None:
        return 0, 0, 0
    hour = int(match[1])
    half = match[4]
    if half in ("pm", "م") and hour < 12:
        hour += 12
    elif half in ("am", "ص") and hour == 12:
        hour = 0
    return hour, int(match[2]), int(match[3] or 0)


def _ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text)
