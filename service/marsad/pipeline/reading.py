"""One poll up to what is to be recorded of it: fetched, parsed, compared with what is known, matched."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from marsad import schedule
from marsad.feeds.fetch import Fetcher
from marsad.feeds.identity import assign_keys
from marsad.feeds.worker import PARSE_TIMEOUT, ParserPool
from marsad.matching.document import Source
from marsad.model import (
    Arrival,
    Feed,
    FeedDefinition,
    Fetched,
    FetchFailed,
    FetchProblem,
    FoundItem,
    ParsedFeed,
    Revision,
    Unparsed,
)
from marsad.pipeline.arrival import arrival
from marsad.pipeline.conclusion import Ending, Read
from marsad.pipeline.in_force import InForce
from marsad.pipeline.judging import Judge
from marsad.pipeline.novelty import Novelty, candidates_wanted, find_novelty
from marsad.store import items
from marsad.store.database import Database

LARGE_BODY = 1024 * 1024
"""Bytes; most feeds have a tenth of it."""
LARGE_BODIES = 4
"""How many larger ones are parsed and matched at a time."""

_NO_PARSER_WEIGHT = 0.25


class Reader:
    """Reads feeds; many at a time."""

    def __init__(
        self,
        *,
        database: Database,
        fetcher: Fetcher,
        parsers: ParserPool,
        in_force: Callable[[], InForce],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._fetcher = fetcher
        self._parsers = parsers
        self._in_force = in_force
        self._clock = clock
        # As text and tokens a body takes several times its bytes; the largest wait for each other, not others
        # for them.
        self._large_bodies = asyncio.Semaphore(LARGE_BODIES)

    async def read(self, feed: Feed, definition: FeedDefinition, judge: Judge) -> Ending:
        """Return what a poll of *feed* brings. StoreUnavailable where what is known cannot be read."""
        fetched = await self._fetcher.fetch(
            feed,
            allow_private=definition.allow_private,
            headers=definition.headers,
            now=self._clock(),
        )
        if not isinstance(fetched, Fetched):
            return fetched
        if len(fetched.body) <= LARGE_BODY:
            return await self._digest(feed, definition, fetched, judge)
        async with self._large_bodies:
            return await self._digest(feed, definition, fetched, judge)

    async def _digest(
        self, feed: Feed, definition: FeedDefinition, fetched: Fetched, judge: Judge
    ) -> Read | FetchFailed:
        parsed = await self._parse(fetched)
        if isinstance(parsed, FetchFailed):
            return parsed
        fetched = replace(fetched, body=b"")  # megabytes that nobody needs any more
        novelty = await self._compare(feed, definition, parsed, judge)
        found = await self._judge(feed, definition, parsed, novelty, judge)
        return Read(fetched=fetched, parsed=replace(parsed, items=()), novelty=novelty, found=found)

    async def _parse(self, fetched: Fetched) -> ParsedFeed | FetchFailed:
        try:
            parsed = await self._parsers.parse(
                fetched.body,
                url=fetched.url,
                charset=fetched.charset,
                content_type=fetched.content_type,
                timeout=PARSE_TIMEOUT,
            )
        except OSError as error:
            # No process can be started, which is no fault of the feed.
            return FetchFailed(problem=FetchProblem.INTERNAL, detail=str(error), weight=_NO_PARSER_WEIGHT)
        if isinstance(parsed, Unparsed):
            early = " (the body ended early)" if fetched.truncated else ""
            return FetchFailed(problem=parsed.problem, detail=parsed.detail + early)
        return parsed

    async def _compare(
        self, feed: Feed, definition: FeedDefinition, parsed: ParsedFeed, judge: Judge
    ) -> Novelty:
        keyed = await judge.run(assign_keys, parsed.items, definition.identity)
        known = await self._database.read(items.load_known, feed.id, [key for key, _ in keyed])
        may_be_renamed = len(known) < len(keyed) and feed.last_success_at is not None
        latest = (
            await self._database.read(items.load_latest, feed.id, limit=candidates_wanted(keyed))
            if may_be_renamed
            else {}
        )
        return await judge.run(find_novelty, keyed, known=known, latest=latest, now=self._clock())

    async def _judge(
        self, feed: Feed, definition: FeedDefinition, parsed: ParsedFeed, novelty: Novelty, judge: Judge
    ) -> tuple[FoundItem, ...]:
        """Return the new items with what they mention, and the edited ones, which are not matched again."""
        force = self._in_force()  # once: all items of a poll are judged by one version
        definition = force.feeds.get(feed.id, definition)
        language = definition.language or parsed.language
        now = self._clock()
        revisions = [_stated(item.revision, language) for _, item in novelty.new]
        results = await judge.match(
            revisions,
            Source.of(definition, language=language),
            force.watch_set,
            now=now,
        )
        first_contact = definition.first_contact or force.poll.first_contact
        interval = schedule.regular_interval(
            definition,
            default_every=force.poll.every,
            conditional=bool(feed.validators.etag or feed.validators.last_modified),
            publisher_every=feed.publisher_every,
        )
        skips = schedule.skips_in_force(definition, feed.skips)
        new = [
            FoundItem(
                key=key,
                revision=revision,
                is_new=True,
                arrival=arrival(
                    revision.published,
                    feed,
                    first_contact=first_contact,
                    interval=interval,
                    skips=skips,
                    now=now,
                ),
                matches=result.matches,
                failed_watches=result.failed,
            )
            for (key, _), revision, result in zip(novelty.new, revisions, results, strict=True)
        ]
        edited = [
            FoundItem(key=key, revision=_stated(item.revision, language), is_new=False, arrival=Arrival.LIVE)
            for key, item in novelty.changed
        ]
        return (*new, *edited)


def _stated(revision: Revision, language: str | None) -> Revision:
    """Return *revision* in the feed's *language* where it names none of its own."""
    return revision if revision.language or not language else replace(revision, language=language)
