"""The program of a parse worker: bodies in, outcomes out, over the one socket it was born with.

Started by worker.py as a process of its own. It ends when that socket does, so it never outlives the
daemon, however the daemon ends. It ignores the terminal's and the service manager's signals: the daemon
decides. Before it looks at the first body it gives up what parsing does not need.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import socket
import struct
import sys
from typing import Any

HEADER = struct.Struct("!Q")
READY = b"ready\n"


def main(descriptor: int, memory: int, retire_at: int) -> None:
    """Serve the socket *descriptor* until it closes.

    *memory* limits the address space, in bytes. When a document has left it with more than *retire_at*
    bytes the worker ends, and is replaced: memory once taken is seldom given back.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    from marsad.feeds.parse import parse
    from marsad.model import FetchProblem, Unparsed

    _warm_up(parse)
    usage = _open_memory_usage()
    _give_up_what_is_not_needed(memory)
    with socket.socket(fileno=descriptor) as parent:
        parent.sendall(READY)
        while (request := _receive(parent)) is not None:
            body, url, charset, content_type, cpu_seconds = pickle.loads(request)  # noqa: S301 - from the daemon
            del request
            _limit_cpu(cpu_seconds)
            try:
                outcome = parse(body, url=url, charset=charset, content_type=content_type)
            except MemoryError:
                outcome = Unparsed(
                    problem=FetchProblem.UNREADABLE,
                    detail=f"parsing it takes more than {memory // 1024**2} MiB of memory",
                )
            except Exception as exc:  # a parser may fail in any way on hostile input
                outcome = Unparsed(
                    problem=FetchProblem.UNREADABLE, detail=f"the parser failed on it ({type(exc).__name__})"
                )
            del body
            retire = _memory_in_use(usage) > retire_at
            answer = pickle.dumps((outcome, retire), protocol=pickle.HIGHEST_PROTOCOL)
            del outcome
            parent.sendall(HEADER.pack(len(answer)) + answer)
            del answer
            if retire:
                return


def _open_memory_usage() -> int | None:
    """Return a descriptor of what the kernel says of this process's memory; None where it says nothing."""
    try:
        return os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:  # not Linux: the limit of the address space must do
        return None


def _memory_in_use(usage: int | None) -> int:
    """Return the resident bytes.

    `getrusage` does not tell: the peak that it counts begins with that of the daemon, which a child is given
    at birth, so that each worker of a large daemon would end after one document.
    """
    return 0 if usage is None else int(os.pread(usage, 256, 0).split()[1]) * resource.getpagesize()


def _receive(parent: socket.socket) -> bytes | None:
    header = _receive_exactly(parent, HEADER.size)
    return None if header is None else _receive_exactly(parent, HEADER.unpack(header)[0])


def _receive_exactly(parent: socket.socket, size: int) -> bytes | None:
    received = bytearray(size)
    view = memoryview(received)
    at = 0
    while at < size:
        count = parent.recv_into(view[at:])
        if count == 0:
            return None
        at += count
    view.release()
    return bytes(received)


def _warm_up(parse: Any) -> None:
    """Load what is loaded lazily (codecs, the detector's tables), as files cannot be opened later."""
    from marsad.feeds.decode import load_codecs

    load_codecs()
    for sample in (
        "<rss><channel><item><title>Пример &amp; مثال</title></item></channel></rss>",
        "<p>",
        "{}",
    ):
        for encoding in ("utf-8", "cp1251"):
            parse(sample.encode(encoding, "ignore"), url="http://localhost/", charset=None, content_type=None)


def _give_up_what_is_not_needed(memory: int) -> None:
    for limit, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        # No descriptor beyond those it has: no file, no socket, whatever a body talks a parser into.
        (resource.RLIMIT_NOFILE, 3),
    ):
        resource.setrlimit(limit, (value, value))
    # A module that does not exist is then simply not found, instead of failing to open a folder.
    sys.path.clear()


def _limit_cpu(seconds: int) -> None:
    """Allow *seconds* more of processor time; the kernel ends a worker that takes them."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, resource.RLIM_INFINITY))
