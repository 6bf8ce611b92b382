"""A scripted HTTP server on loopback: each path answers a list of replies in turn, the last one for ever.

    feed_server.script("/a.xml", [ok(body, etag='"1"'), status(503), not_modified()])

It runs on a thread with a loop of its own, so that async tests, sync tests and child processes can all
ask it. A test module has the fixture by importing it: `from tests.servers.feed_server import feed_server`
(ruff wants `# noqa: F401` there).
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

import pytest


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    """As it was asked for, with its query."""
    headers: Mapping[str, str]
    """Names in lower case, values as latin-1."""
    names: tuple[str, ...] = ()
    """Header names as they were sent, in order."""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


Reply = Callable[[Request, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


# ── replies ──────────────────────────────────────────────────────────────────────────────────────


def response(
    code: int, body: bytes = b"", headers: Mapping[str, str] | Sequence[tuple[str, str]] = ()
) -> Reply:
    """A whole response; Content-Length is added unless *headers* say it."""
    fields = list(headers.items()) if isinstance(headers, Mapping) else list(headers)
    names = {name.lower() for name, _ in fields}
    if "content-length" not in names and "transfer-encoding" not in names and code not in (204, 304):
        fields.append(("Content-Length", str(len(body))))
    head = f"HTTP/1.1 {code} {_phrase(code)}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields)
    return raw(head.encode("latin-1") + b"Connection: close\r\n\r\n" + body)


def ok(
    body: bytes,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    content_type: str | None = "application/xml",
    headers: Mapping[str, str] | None = None,
) -> Reply:
    fields = dict(headers or {})
    if content_type is not None:
        fields["Content-Type"] = content_type
    if etag is not None:
        fields["ETag"] = etag
    if last_modified is not None:
        fields["Last-Modified"] = last_modified
    return response(200, body, fields)


def conditional(body: bytes, *, etag: str) -> Reply:
    """What a good server does: 304 to who has *etag*, else 200."""

    async def answer(request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        known = request.headers.get("if-none-match") == etag
        reply = not_modified({"ETag": etag}) if known else ok(body, etag=etag)
        await reply(request, reader, writer)

    return answer


def status(code: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Reply:
    return response(code, body, headers or {})


def not_modified(headers: Mapping[str, str] | None = None) -> Reply:
    return response(304, headers=headers or {})


def redirect(location: str, code: int = 301, headers: Mapping[str, str] | None = None) -> Reply:
    return response(code, headers={"Location": location, **(headers or {})})


def gzipped(body: bytes, *, header: bool = True, times: int = 1) -> Reply:
    """*body* compressed *times* over, announced unless *header* is false."""
    for _ in range(times):
        body = gzip.compress(body)
    return ok(body, headers={"Content-Encoding": "gzip"} if header else None)


def gzip_bomb(size: int) -> Reply:
    """A small body that inflates to *size* bytes (a multiple of 1 MiB)."""
    return ok(bomb(size), headers={"Content-Encoding": "gzip"})


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH)
    # The checksum is wrong, but nobody should get as far as that.
    return b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + block * (size // 1024**2) + b"\x03\0" + bytes(8)


def raw(data: bytes) -> Reply:
    """Exactly *data*, then the end."""

    async def answer(request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return answer


def slow() -> Reply:
    """Takes the request and never answers."""

    async def answer(request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    return answer


def held(until: threading.Event, then: Reply) -> Reply:
    """Takes the request, and answers *then* when *until* is set."""

    async def answer(request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.to_thread(until.wait, 60)
        await then(request, reader, writer)

    return answer


def drip(body: bytes, *, every: float = 0.05, head: bool = True) -> Reply:
    """One byte at a time, *every* so many seconds; with *head* false the header drips too."""

    async def answer(request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        start = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        if head:
            writer.write(start)
            start = b""
        for byte in start + body:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(every)

    return answer


def endless() -> Reply:
    """A chunked body without end."""

    async def answer(request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"10000\r\n" + b"<!-- -->" * 8192 + b"\r\n"
        while True:
            writer.write(chunk)
            await writer.drain()

    return answer


def truncated(body: bytes, *, announced: int, headers: Mapping[str, str] | None = None) -> Reply:
    """*body*, although *announced* bytes were announced; then an orderly end."""
    return ok(body, headers={"Content-Length": str(announced), **(headers or {})})


def reset(after: bytes = b"") -> Reply:
    """*after*, then a TCP reset."""

    async def answer(request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if after:
            writer.write(after)
            await writer.drain()
            await asyncio.sleep(0.05)  # let it arrive: a reset discards what is under way
        connection = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return answer


def _phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return "Unknown"


# ── the server ───────────────────────────────────────────────────────────────────────────────────


@dataclass
class FeedServer:
    """Answers on 127.0.0.1."""

    tls: ssl.SSLContext | None = None
    port: int = 0
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    """Those without a request, too."""
    _scripts: dict[str, list[Reply]] = field(default_factory=dict)

    def script(self, path: str, replies: Sequence[Reply]) -> str:
        """Answer *path* with *replies* in turn, the last one for ever; return its URL."""
        self._scripts[path] = list(replies)
        return self.url(path)

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"

    def requests_for(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    def wait_for_requests(self, count: int, *, patience_s: float = 40.0) -> None:
        """Wait until it has been asked *count* times in all."""
        deadline = time.monotonic() + patience_s
        while len(self.requests) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(self.requests)} requests, not {count}, within {patience_s:.0f} s")
            time.sleep(0.02)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, ValueError):
                request = await _read_request(reader)
                self.requests.append(request)
                replies = self._scripts.get(request.path, [status(404)])
                reply = replies.pop(0) if len(replies) > 1 else replies[0]
                await reply(request, reader, writer)
                writer.close()
                await writer.wait_closed()
        finally:
            writer.transport.abort()


async def _read_request(reader: asyncio.StreamReader) -> Request:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ", 2)
    fields = [line.partition(":")[::2] for line in lines[1:] if line]
    headers = {name.lower(): value.strip() for name, value in fields}
    return Request(method=method, target=target, headers=headers, names=tuple(name for name, _ in fields))


@contextlib.contextmanager
def running_feed_server(tls: ssl.SSLContext | None = None) -> Iterator[FeedServer]:
    """A server on a free port of 127.0.0.1 for the length of the context."""
    server = FeedServer(tls=tls)
    loop = asyncio.new_event_loop()
    started = threading.Event()
    stop = asyncio.Event()

    async def run() -> None:
        tasks: set[asyncio.Task[None]] = set()

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = loop.create_task(server.serve(reader, writer))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        listener = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls, limit=1024 * 1024)
        server.port = listener.sockets[0].getsockname()[1]
        started.set()
        await stop.wait()
        listener.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await listener.wait_closed()

    def serve_until_stopped() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(run())

    thread = threading.Thread(target=serve_until_stopped, name="feed server", daemon=True)
    thread.start()
    if not started.wait(10):
        raise RuntimeError("the feed server did not start")
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)


@pytest.fixture
def feed_server() -> Iterator[FeedServer]:
    """A scripted HTTP server."""
    with running_feed_server() as server:
        yield server
