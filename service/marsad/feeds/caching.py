"""What a response says about when to come back. Pure.

Everything is relative to the server's own Date, so a server whose clock is years off still says what
it means, and everything is capped at a day, so that no header can silence a feed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=1)
_MAX_VALIDATOR_BYTES = 1024


def retry_after(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """Read Retry-After, in seconds or as a date (RFC 9110 §10.2.3); None where absent, past or unreadable."""
    value = headers.get("Retry-After", "").strip()
    seconds = _seconds(value)
    if seconds is not None:
        return seconds
    at = _http_date(value)
    if at is None:
        return None
    wait = at - (_http_date(headers.get("Date", "")) or now)
    return min(wait, LONGEST) if wait > timedelta(0) else None


def max_age(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """Return for how long the body is fresh, by Cache-Control max-age, else Expires; None where not said."""
    directives: dict[str, str] = {}
    for part in headers.get("Cache-Control", "").split(","):
        name, _, value = part.partition("=")
        directives.setdefault(name.strip().lower(), value.strip(' "'))
    if "no-cache" in directives or "no-store" in directives:
        return None
    if "max-age" in directives:
        fresh = _seconds(directives["max-age"])
        if fresh is None:
            return None
        fresh -= _seconds(headers.get("Age", "").strip()) or timedelta(0)
    else:
        expires = _http_date(headers.get("Expires", ""))
        if expires is None:
            return None
        fresh = min(expires - (_http_date(headers.get("Date", "")) or now), LONGEST)
    return fresh if fresh > timedelta(0) else None


def validator(raw: bytes | None) -> str | None:
    """Return an ETag or Last-Modified as it can be sent back byte for byte, or None.

    Never parsed, never mended. Dropped where it is longer than 1 kB, holds control characters
    (it would break the request), or holds bytes that are not UTF-8 (the HTTP client cannot send them).
    """
    if not raw or len(raw) > _MAX_VALIDATOR_BYTES or any(byte < 0x20 or byte == 0x7F for byte in raw):
        return None
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return raw.decode("latin-1")


def validator_header(value: str) -> str:
    """Return a kept validator as the HTTP client wants it, which encodes headers in UTF-8."""
    return value.encode("latin-1").decode("utf-8")


def _seconds(text: str) -> timedelta | None:
    """Digits as a duration, at most a day; None for anything else, a negative number included."""
    if not text.isascii() or not text.isdigit():
        return None
    # 12 digits are beyond the cap and far below what int() or timedelta refuse.
    return min(timedelta(seconds=int(text[:12])), LONGEST) if len(text) <= 12 else LONGEST


def _http_date(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
