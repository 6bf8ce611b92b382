"""A mail server on loopback that misbehaves as told: real sockets, several connections, every mail kept.

As a process of its own: `python -m tests.servers.smtp_server --port-file FILE --store FOLDER [--fault NAME]`.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

FAULTS = (
    "greet_421",
    "greet_554",
    "rcpt_450",
    "rcpt_550",
    "data_451",
    "data_552",
    "auth_535",
    "drop_after_dot",
    "drop_in_data",
    "silent_after_dot",
    "garbage",
    "endless_reply",
    "stripped_starttls",
)


@dataclass
class ReceivedMail:
    sender: str
    recipient: str
    data: bytes


@dataclass
class SmtpServer:
    """What the server does, changeable while it runs."""

    fault: str | None = None
    fault_recipient: str = ""
    """Faults at RCPT strike only this address where it is given."""
    size: int | None = None
    smtputf8: bool = True
    tls: ssl.SSLContext | None = None
    """Offers STARTTLS with it."""
    store: Path | None = None
    """A folder that gets every accepted mail as a file."""
    mails: list[ReceivedMail] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    dialogues: set[asyncio.Task[None]] = field(default_factory=set)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self.dialogues.add(task)
        try:
            await _Dialogue(self, reader, writer).run()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            self.dialogues.discard(task)
            writer.close()

    def accept(self, mail: ReceivedMail) -> None:
        self.mails.append(mail)
        if self.store is not None:
            name = f"{os.getpid()}.{next(self._numbers):06}"
            draft = self.store / f"{name}.draft"
            draft.write_bytes(f"{mail.sender} {mail.recipient}\n".encode() + mail.data)
            draft.rename(self.store / f"{name}.eml")


class _Dialogue:
    def __init__(
        self, server: SmtpServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server, self.reader, self.writer = server, reader, writer

    async def say(self, text: str) -> None:
        self.writer.write(text.encode() + b"\r\n")
        await self.writer.drain()

    async def run(self) -> None:
        fault = self.server.fault
        if fault == "garbage":
            self.writer.write(b"\x00\xff nonsense\r\n" * 20)
            await self.writer.drain()
            return
        if fault == "endless_reply":
            for _ in range(100_000):
                self.writer.write(b"220-still greeting\r\n" * 100)
                await self.writer.drain()
            return
        if fault in ("greet_421", "greet_554"):
            await self.say(f"{fault[-3:]} not now")
            return
        await self.say("220 test ready")
        sender = recipient = ""
        while line := (await self.reader.readline()).decode("utf-8", "replace").rstrip("\r\n"):
            verb = line[:4].upper()
            fault = self.server.fault
            if verb == "EHLO":
                await self.say("\r\n".join(self.extensions()))
            elif verb == "STAR" and self.server.tls is not None:
                await self.say("220 go ahead")
                await self.writer.start_tls(self.server.tls)
            elif verb == "AUTH":
                await self.say("535 5.7.8 wrong password" if fault == "auth_535" else "235 welcome")
            elif verb == "MAIL":
                sender = _address(line)
                await self.say("250 ok")
            elif verb == "RCPT":
                recipient = _address(line)
                struck = not self.server.fault_recipient or self.server.fault_recipient == recipient
                refused = fault is not None and fault.startswith("rcpt_") and struck
                await self.say(f"{fault[-3:]} refused {recipient}" if refused and fault else "250 ok")
            elif verb == "DATA":
                await self.say("354 go on")
                if fault == "drop_in_data":
                    await self.reader.readline()
                    self.writer.transport.abort()
                    return
                data = await self.read_data()
                if fault == "drop_after_dot":
                    self.server.accept(ReceivedMail(sender, recipient, data))
                    self.writer.transport.abort()
                    return
                if fault == "silent_after_dot":
                    self.server.accept(ReceivedMail(sender, recipient, data))
                    await self.reader.read()
                    return
                if fault is not None and fault.startswith("data_"):
                    await self.say(f"{fault[-3:]} not this one")
                    continue
                self.server.accept(ReceivedMail(sender, recipient, data))
                await self.say(f"250 queued {len(self.server.mails)}")
            elif verb == "QUIT":
                await self.say("221 bye")
                return
            else:
                await self.say("250 ok")

    def extensions(self) -> list[str]:
        names = ["test", "8BITMIME", "AUTH PLAIN LOGIN"]
        if self.server.smtputf8:
            names.append("SMTPUTF8")
        if self.server.size is not None:
            names.append(f"SIZE {self.server.size}")
        if self.server.tls is not None and self.server.fault != "stripped_starttls":
            names.append("STARTTLS")
        return [f"250{' ' if name is names[-1] else '-'}{name}" for name in names]

    async def read_data(self) -> bytes:
        lines = []
        while (line := await self.reader.readuntil(b"\n")) != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)


def _address(line: str) -> str:
    return line[line.index("<") + 1 : line.index(">")]


@asynccontextmanager
async def running_smtp_server(server: SmtpServer | None = None) -> AsyncIterator[SmtpServer]:
    """Serve on a free port of loopback until the block ends."""
    server = server or SmtpServer()
    listener = await asyncio.start_server(server.serve, "127.0.0.1", server.port)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        for task in list(server.dialogues):
            task.cancel()
        await asyncio.gather(*server.dialogues, return_exceptions=True)


async def _main() -> None:
    cli = argparse.ArgumentParser(description=__doc__)
    cli.add_argument("--port-file", type=Path, required=True)
    cli.add_argument("--store", type=Path, required=True)
    cli.add_argument("--fault", choices=FAULTS)
    arguments = cli.parse_args()
    async with running_smtp_server(SmtpServer(fault=arguments.fault, store=arguments.store)) as server:
        draft = arguments.port_file.with_suffix(".draft")
        draft.write_text(str(server.port))
        draft.rename(arguments.port_file)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
