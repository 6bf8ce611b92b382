"""`marsad feed`: feeds before they are watched."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from marsad import config, daemon, ops
from marsad.config import Settings
from marsad.config.shapes import PollShape
from marsad.config.values import feed_url
from marsad.errors import ConfigurationError, MarsadError
from marsad.model import FeedDefinition, FetchProblem, ParsedFeed
from marsad.operations.feed_test import TestedFeed, try_feed
from marsad.schedule import regular_interval

_SHOWN = 10


@click.group()
def feed() -> None:
    """Try a feed."""


@feed.command()
@click.argument("url", metavar="URL|ID")
@click.option("--allow-private", is_flag=True, help="The address may be one of your own network.")
@click.option("--all", "show_all", is_flag=True, help=f"Show every item, not the first {_SHOWN}.")
@click.pass_obj
def test(folder: Path | None, url: str, allow_private: bool, show_all: bool) -> None:
    """Ask a feed once and show what a poll would read from it; nothing is recorded.

    An id is a feed of the configuration, with its headers and limits. Needs no configuration for a URL.

    \b
    Examples: marsad feed test https://news.un.org/feed/subscribe/ar/news/all/rss.xml
              marsad feed test tass
    """
    settings = _settings(folder, needed=":" not in url)
    definition = _definition(settings, url, allow_private=allow_private)
    poll = settings.poll if settings else PollShape()
    tested = asyncio.run(
        try_feed(
            definition,
            user_agent=daemon.user_agent(settings.service.contact if settings else ""),
            folder=settings.folder if settings else Path.cwd(),
            timeout=poll.timeout,
            max_body=poll.max_body,
            now=datetime.now(UTC),
        )
    )
    if tested.parsed is None:
        own = tested.failure.startswith(FetchProblem.REFUSED_ADDRESS)
        hint = " (--allow-private asks it all the same; in a [[feed]]: allow_private = true)" if own else ""
        raise MarsadError(tested.failure + hint)
    _show(tested, tested.parsed, definition, poll.every, show_all=show_all)


def _settings(folder: Path | None, *, needed: bool) -> Settings | None:
    """Return the configuration; None where there is none that can be used, and none is *needed*."""
    try:
        return config.load(folder)
    except ConfigurationError:
        if needed or folder is not None:
            raise
        return None


def _definition(settings: Settings | None, url: str, *, allow_private: bool) -> FeedDefinition:
    for known in settings.feeds if settings else ():
        if known.id == url:
            return replace(known, allow_private=known.allow_private or allow_private)
    if ":" not in url:
        raise click.UsageError(
            f'"{url}" is neither a feed of the configuration nor a URL; write https://… or one of its ids'
        )
    try:
        return FeedDefinition(id="test", url=feed_url(url), name="", allow_private=allow_private)
    except ValueError as error:
        raise click.UsageError(f"the URL {error}") from error


def _show(
    tested: TestedFeed,
    parsed: ParsedFeed,
    definition: FeedDefinition,
    default_every: timedelta,
    *,
    show_all: bool,
) -> None:
    moved = " (moved there for good: write this URL)" if tested.moved_for_good else ""
    every = regular_interval(
        definition,
        default_every=default_every,
        conditional=tested.conditional,
        publisher_every=parsed.every,
    )
    rows = [
        ("title", parsed.title or "(none)"),
        ("url", ops.public_url(tested.url) + moved),
        ("language", parsed.language or "not stated: write language into its [[feed]]"),
        ("body", f"{tested.bytes:,} bytes, {tested.content_type or 'no content type'}"),
        (
            "polled",
            f"every {every}"
            + ("" if tested.conditional else ": the server sends neither ETag nor Last-Modified"),
        ),
        *(("note", note) for note in parsed.notes),
        ("items", str(len(tested.items)) + (" (the document is cut short)" if parsed.partial else "")),
    ]
    for key, value in rows:
        click.echo(f"{key:10}{ops.visible(value)}")
    shown = tested.items if show_all else tested.items[:_SHOWN]
    for key, item in shown:
        published = item.revision.published
        when = f"{published:%Y-%m-%d %H:%M}" if published else "undated"
        click.echo(f"\n{when:18}{ops.visible(item.revision.title) or '(no title)'}")
        click.echo(f"{'':18}{ops.visible(item.revision.link or 'no link')}")
        click.echo(f"{'':18}{ops.visible(key)}")
    if len(tested.items) > len(shown):
        click.echo(f"\n… and {len(tested.items) - len(shown)} more (--all)")
