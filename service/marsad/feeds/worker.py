"""Parsing in processes of our own, because a parser on hostile input can only be stopped by killing it.

Each worker is a plain child process with one socket; it imports the parsers and nothing else of the
daemon. What kills a worker (a crash, the memory limit, ten seconds) is that feed's `unreadable`.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import signal
import socket
import subprocess
import sys
from datetime import timedelta
from types import TracebackType
from typing import Self

from marsad.feeds.worker_child import HEADER, READY
from marsad.model import FetchProblem, ParseOutcome, Unparsed

log = logging.getLogger(__name__)

PARSE_TIMEOUT = timedelta(seconds=10)
MEMORY = 512 * 1024 * 1024
"""Bytes of address space of a worker."""
RETIRE_AT = 192 * 1024 * 1024
"""Bytes in use after a document that are too many for the next."""
_START_TIMEOUT_S = 30.0
_LONGEST_ANSWER = 256 * 1024 * 1024


_PROGRAM = (
    "import sys; memory, retire_at, *sys.path = sys.argv[1:]; "
    "from marsad.feeds.worker_child import main; main(0, int(memory), int(retire_at))"
)


class _WorkerLost(Exception):
    """The child is gone; *status* is its exit status as `subprocess` counts it."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(str(status))


class ParserPool:
    """At most *size* parse workers, started when they are first needed; an async context manager.

    A worker that has more than *retire_at* bytes in use after a document is replaced.
    """

    def __init__(self, size: int, *, retire_at: int = RETIRE_AT) -> None:
        if size < 1:
            raise ValueError("a pool needs at least one worker")
        self._retire_at = retire_at
        self._free = asyncio.Semaphore(size)
        self._idle: list[_Worker] = []
        self._ending: list[_Worker] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        while self._idle:
            self._end(self._idle.pop())
        for worker in self._ending:
            await asyncio.to_thread(worker.wait)
        self._ending.clear()

    async def parse(
        self,
        body: bytes,
        *,
        url: str,
        charset: str | None = None,
        content_type: str | None = None,
        timeout: timedelta = PARSE_TIMEOUT,  # noqa: ASYNC109 - it begins when a worker is free, not now
    ) -> ParseOutcome:
        """Return what *body* holds; waits for a free worker, then at most *timeout*.

        A worker that is late, dies, or whose caller is cancelled is killed; the next call has a new one.
        OSError where no worker can be started, which is no fault of the feed.
        """
        async with self._free:
            worker = self._take()
            reusable = False
            try:
                await worker.ready()
                async with asyncio.timeout(timeout.total_seconds()):
                    cpu_seconds = int(timeout.total_seconds()) + 1
                    outcome, retires = await worker.ask((body, url, charset, content_type, cpu_seconds))
                reusable = not retires
                return outcome
            except TimeoutError:
                return _unreadable(f"parsing it takes longer than {timeout.total_seconds():g} s")
            except _WorkerLost as lost:
                log.warning("parse worker lost", extra={"exit_status": lost.status})
                return _unreadable(_cause_of_death(lost.status))
            finally:
                if reusable:
                    self._idle.append(worker)
                else:
                    self._end(worker)

    def _take(self) -> _Worker:
        """Return an idle worker that is alive, or a new one."""
        self._ending = [worker for worker in self._ending if not worker.has_ended()]
        while self._idle:
            worker = self._idle.pop()
            if not worker.has_ended():
                return worker
            worker.kill()
        return _Worker(self._retire_at)

    def _end(self, worker: _Worker) -> None:
        worker.kill()
        self._ending.append(worker)


class _Worker:
    def __init__(self, retire_at: int) -> None:
        self._socket, theirs = socket.socketpair()
        self._socket.setblocking(False)
        self._is_ready = False
        path = [folder for folder in sys.path if folder]
        with theirs:
            try:
                # The socket is the child's standard input, a number that needs no telling. -I: neither the
                # environment nor the working directory decides what is imported. A session of its own keeps
                # the terminal's signals away, also before the child ignores them.
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
                    [sys.executable, "-I", "-c", _PROGRAM, str(MEMORY), str(retire_at), *path],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    start_new_session=True,
                )
            except BaseException:
                self._socket.close()
                raise

    async def ready(self) -> None:
        """Wait until the child has imported what it needs."""
        if self._is_ready:
            return
        try:
            async with asyncio.timeout(_START_TIMEOUT_S):
                self._is_ready = await self._receive(len(READY)) == READY
        except TimeoutError as exc:
            raise OSError(f"a parse worker did not start within {_START_TIMEOUT_S:g} s") from exc
        except _WorkerLost as exc:
            raise OSError(f"a parse worker could not start (exit status {exc.status})") from exc

    async def ask(self, request: tuple[bytes, str, str | None, str | None, int]) -> tuple[ParseOutcome, bool]:
        """Return the outcome, and whether the child ends now because it has grown."""
        loop = asyncio.get_running_loop()
        message = pickle.dumps(request, protocol=pickle.HIGHEST_PROTOCOL)
        try:
            await loop.sock_sendall(self._socket, HEADER.pack(len(message)))
            await loop.sock_sendall(self._socket, message)
        except OSError as exc:
            raise _WorkerLost(await self._exit_status()) from exc
        size = HEADER.unpack(await self._receive(HEADER.size))[0]
        if size > _LONGEST_ANSWER:
            raise _WorkerLost(await self._exit_status())
        answer: tuple[ParseOutcome, bool] = pickle.loads(await self._receive(size))  # noqa: S301 - from our child
        return answer

    async def _receive(self, size: int) -> bytes:
        received = bytearray(size)
        view = memoryview(received)
        at = 0
        loop = asyncio.get_running_loop()
        while at < size:
            try:
                count = await loop.sock_recv_into(self._socket, view[at:])
            except OSError as exc:
                raise _WorkerLost(await self._exit_status()) from exc
            if count == 0:
                raise _WorkerLost(await self._exit_status())
            at += count
        return bytes(received)

    async def _exit_status(self) -> int:
        """Wait for the child, which has closed its socket and so is ending; by force if it is not."""
        try:
            return await asyncio.to_thread(self._process.wait, 1.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return await asyncio.to_thread(self._process.wait)

    def kill(self) -> None:
        self._socket.close()
        if self._process.poll() is None:
            self._process.kill()

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def wait(self) -> None:
        """Collect the child, so that it does not stay as a zombie. Blocks for as long as the kernel needs."""
        self._process.wait()


def _unreadable(detail: str) -> Unparsed:
    return Unparsed(problem=FetchProblem.UNREADABLE, detail=detail)


def _cause_of_death(status: int) -> str:
    if status == -signal.SIGXCPU:
        return "parsing it takes too much processor time"
    if status < 0:
        return f"the parser was killed while reading it ({signal.Signals(-status).name})"
    return f"the parser ended while reading it (exit status {status})"
