"""One feed asked and read as a poll would, with nothing recorded: what `marsad feed test` shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from marsad.feeds.fetch import MAX_BODY, Fetcher
from marsad.feeds.identity import assign_keys
from marsad.feeds.worker import ParserPool
from marsad.model import (
    Feed,
    FeedDefinition,
    Fetched,
    FetchFailed,
    NotModified,
    ParsedFeed,
    ParsedItem,
    Unparsed,
    Validators,
)
from marsad.store.configuration import host_of


@dataclass(frozen=True, kw_only=True)
class TestedFeed:
    """What a feed says today, or why it says nothing."""

    failure: str = ""
    """For people; "" where the feed could be read."""
    url: str = ""
    """Where the body came from, after redirects. May hold credentials."""
    moved_for_good: bool = False
    bytes: int = 0
    content_type: str | None = None
    conditional: bool = False
    """The server gave something to make the next request conditional with."""
    parsed: ParsedFeed | None = None
    items: tuple[tuple[str, ParsedItem], ...] = ()
    """(key, item): what a first poll would record."""


async def try_feed(
    definition: FeedDefinition,
    *,
    user_agent: str,
    folder: Path,
    timeout: timedelta = timedelta(seconds=30),  # noqa: ASYNC109 - the fetcher's own bound
    max_body: int = MAX_BODY,
    now: datetime,
) -> TestedFeed:
    """Fetch and read the feed of *definition* once, unconditionally; `file:` feeds stand in *folder*."""
    feed = Feed(
        id=definition.id,
        url=definition.url,
        configured_url=definition.url,
        host=host_of(definition.url),
        name=definition.name,
        validators=Validators(),
        failures=0.0,
        first_contact_at=None,
        last_success_at=None,
    )
    async with Fetcher(
        user_agent=user_agent, config_dir=folder, timeout=timeout, max_body=max_body
    ) as fetcher:
        outcome = await fetcher.fetch(
            feed, allow_private=definition.allow_private, headers=definition.headers, now=now
        )
    match outcome:
        case FetchFailed(problem=problem, detail=detail):
            return TestedFeed(failure=f"{problem}: {detail}")
        case NotModified():
            return TestedFeed(failure="protocol: the server says 304 to a request that was not conditional")
        case Fetched():
            pass
    async with ParserPool(1) as parsers:
        parsed = await parsers.parse(
            outcome.body, url=outcome.url, charset=outcome.charset, content_type=outcome.content_type
        )
    if isinstance(parsed, Unparsed):
        return TestedFeed(failure=f"{parsed.problem}: {parsed.detail}", url=outcome.url)
    return TestedFeed(
        url=outcome.url,
        moved_for_good=outcome.permanent_url is not None,
        bytes=len(outcome.body),
        content_type=outcome.content_type,
        conditional=bool(outcome.validators.etag or outcome.validators.last_modified),
        parsed=parsed,
        items=tuple(assign_keys(parsed.items, definition.identity)),
    )
