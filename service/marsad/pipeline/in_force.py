"""What is in force while the daemon runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from marsad import schedule
from marsad.config.settings import PollSettings
from marsad.matching.matcher import WatchSet
from marsad.model import FeedDefinition


@dataclass(frozen=True, kw_only=True)
class InForce:
    """The configuration by which feeds are polled and items judged; a reload swaps it whole."""

    feeds: Mapping[str, FeedDefinition]
    """By id."""
    poll: PollSettings
    watch_set: WatchSet

    @cached_property
    def longest_interval(self) -> timedelta:
        """How far ahead a due time can lie; one farther ahead tells that the clock was set back."""
        stated = (feed.every for feed in self.feeds.values() if feed.every is not None)
        return schedule.longest_interval([self.poll.every, *stated])
