"""Noticing that configuration files have changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from pathlib import Path

from watchfiles import Change, awatch

from marsad.config import files
from marsad.config.files import Stamp

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 5.0
"""However the files change: network and container mounts may report nothing."""
_QUIET_MS = 300
"""So long nothing must change before a change counts: editors and `git pull` write in steps."""
_LONGEST_MS = 2000


async def watch_files(
    folder: Path, *, stop: asyncio.Event, since: Stamp | None = None
) -> AsyncGenerator[Stamp, None]:
    """Yield each time the configuration files in *folder* differ from before, once they have settled.

    *since* is the state they are compared with first (`Settings.stamp`), so that no change between loading
    and watching is missed; None takes them as they are now. Files that are added, removed, replaced or behind
    links count alike. Ends soon after *stop* is set; one that is
    cancelled ends only when the watching thread looks up again, some seconds later.
    """
    known = files.stamp(folder) if since is None else since
    async for _ in _moments(folder, stop):
        found = files.stamp(folder)
        if found != known:
            known = found
            yield found


async def _moments(folder: Path, stop: asyncio.Event) -> AsyncGenerator[None, None]:
    """Yield whenever it is worth to look: at once, at a reported change, and every few seconds."""
    yield
    watchable = True
    while not stop.is_set():
        watched = [str(path) for path in files.folders(folder)] if watchable else []
        if not watched:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY_S):
                    await stop.wait()
            yield
            continue
        try:
            changes = awatch(
                *watched,
                watch_filter=_concerns_us,
                debounce=_LONGEST_MS,
                step=_QUIET_MS,
                rust_timeout=int(_LOOK_EVERY_S * 1000),
                yield_on_timeout=True,
                recursive=False,
                stop_event=stop,
            )
            async with aclosing(changes):
                async for _ in changes:
                    yield
                    if watched != [str(path) for path in files.folders(folder)]:
                        break  # watches.d came or went
        except (OSError, RuntimeError) as error:
            # No inotify, or none left (fs.inotify.max_user_watches): looking now and then does as well.
            log.info("files are looked at instead of watched", extra={"error": str(error)})
            watchable = False


def _concerns_us(_change: Change, path: str) -> bool:
    name = Path(path).name
    # "..data" is the link that Kubernetes swaps when it replaces a mounted configuration.
    return name.endswith(".toml") or name in (files.WATCH_FOLDER, "..data")
