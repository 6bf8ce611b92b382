"""Host names to addresses, in threads that belong to nobody else.

`getaddrinfo` cannot be interrupted: with a name server that is silent it holds its thread for half a
minute. The event loop's default executor would fill with such threads and everything that uses it
would stand still; and a pool's threads are joined when the process ends. So: daemon threads of our own,
bounded, and a wait that ends by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any

AddressInfo = tuple[socket.AddressFamily, socket.SocketKind, int, str, Any]
Lookup = Callable[[str, int, socket.AddressFamily], Sequence[AddressInfo]]


def system_lookup(host: str, port: int, family: socket.AddressFamily) -> Sequence[AddressInfo]:
    """Ask the system's resolver. Blocks."""
    return socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)


class Lookups:
    """Runs *lookup* in at most *limit* threads at a time, each wait at most *timeout* seconds."""

    def __init__(self, lookup: Lookup = system_lookup, *, limit: int = 32, timeout: float = 10.0) -> None:
        self._lookup = lookup
        self._timeout = timeout
        self._free = asyncio.Semaphore(limit)

    async def addresses(self, host: str, port: int, family: socket.AddressFamily) -> Sequence[AddressInfo]:
        """Return what *lookup* says; OSError where it fails or takes too long."""
        try:
            async with asyncio.timeout(self._timeout):
                await self._free.acquire()
                return await self._start(host, port, family)
        except TimeoutError as exc:
            raise OSError(f"no answer within {self._timeout:g} s") from exc

    def _start(
        self, host: str, port: int, family: socket.AddressFamily
    ) -> asyncio.Future[Sequence[AddressInfo]]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Sequence[AddressInfo]] = loop.create_future()

        def settle(found: Sequence[AddressInfo] | None, error: Exception | None) -> None:
            self._free.release()  # only now is the thread free again, whether or not somebody still waits
            if answer.done():
                return
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(found or [])

        def run() -> None:
            found: Sequence[AddressInfo] | None = None
            error: Exception | None = None
            try:
                found = self._lookup(host, port, family)
            except OSError as exc:
                error = exc
            except Exception as exc:  # whatever it is, the one who waits must hear of it
                error = OSError(f"the host name cannot be looked up: {exc}")
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile: nobody waits
                loop.call_soon_threadsafe(settle, found, error)

        threading.Thread(target=run, name=f"lookup {host}"[:40], daemon=True).start()
        return answer
