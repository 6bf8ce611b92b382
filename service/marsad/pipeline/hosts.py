"""A host in trouble is left alone as a whole, instead of by each of its feeds on its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from marsad import schedule
from marsad.model import FetchFailed, FetchProblem
from marsad.pipeline.conclusion import Ending

# What says something of the host, and not of one feed on it. A name that is not found troubles no host.
_OF_THE_HOST = frozenset(
    {
        FetchProblem.CONNECT,
        FetchProblem.TLS,
        FetchProblem.TIMEOUT,
        FetchProblem.DISCONNECTED,
        FetchProblem.SERVER_ERROR,
        FetchProblem.THROTTLED,
    }
)


class Hosts:
    """Counts, for each host, the polls in a row that failed by its fault. Forgotten with the process."""

    def __init__(self) -> None:
        self._failed: dict[str, int] = {}

    def rest_after(self, host: str, ending: Ending, *, now: datetime) -> datetime | None:
        """Count a poll that ended like this; return until when the other feeds of *host* are not asked.

        None where it is well, or too little is known: what one feed meets may be that feed's trouble.
        """
        if not host:
            return None
        if not isinstance(ending, FetchFailed) or ending.problem not in _OF_THE_HOST:
            self._failed.pop(host, None)
            return None
        failed = self._failed[host] = self._failed.get(host, 0) + 1
        pause = schedule.host_pause(failed)
        if ending.problem is FetchProblem.THROTTLED:
            # Asked too often: that is about us, whichever feed it was.
            asked = ending.retry_after or schedule.FIRST_HOST_PAUSE
            pause = max(pause, min(asked, schedule.LONGEST_HOST_PAUSE))
        return now + pause if pause > timedelta(0) else None
