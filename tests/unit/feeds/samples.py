"""Small feeds of our own, and a feed as the store would lease it."""

from __future__ import annotations

from datetime import UTC, datetime

from marsad.feeds.urls import origin
from marsad.model import Feed, Validators

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def feed(url: str, *, validators: Validators | None = None, configured_url: str | None = None) -> Feed:
    configured = configured_url or url
    return Feed(
        id="sample",
        url=url,
        configured_url=configured,
        host=origin(configured).host if configured.startswith("http") else "",
        name="Sample",
        validators=validators or Validators(),
        failures=0.0,
        first_contact_at=None,
        last_success_at=None,
    )


def rss(*items: str, head: str = "", attributes: str = "") -> str:
    """An RSS 2.0 document with *items* (the inside of each) and *head* in its channel."""
    body = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0"{attributes}><channel><title>Sample</title>{head}{body}</channel></rss>'


def atom(*entries: str, head: str = "", attributes: str = "") -> str:
    body = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"{attributes}><title>Sample</title>{head}{body}</feed>'


def numbered(count: int) -> str:
    """A feed of *count* plain items."""
    return rss(*(f"<guid>n{n}</guid><title>Report {n}</title>" for n in range(count)))
