"""A mail server on loopback that misbehaves as told: real sockets, several connections, every mail kept.

As a process of its own: `python -m tests.servers.smtp_server --port-file FILE --store FOLDER [--fault NAME]`.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
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
    "greylist",
    "auth_535",
    "drop_after_dot",
    "drop_in_data",
    "silent_after_dot",
    "garbage",
    "endless_reply",
    "stripped_starttls",
    "no_handshake",
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
    answers: dict[str, str | bytes] = field(default_factory=dict)
    """What is said instead of the usual, by verb; "greeting", and "message" for a whole one."""
    drop_at: str = ""
    """A verb, or "greeting": the connection is cut instead of an answer."""
    hang_at: str = ""
    """The same, with silence for as long as the client waits."""
    slow_answer: float = 0.0
    """Seconds before a message is answered; it is kept before."""
    deaf: bool = False
    """Nothing of a message is read."""
    password: str | None = None
    """The only one that is taken; None takes any."""
    most_per_connection: int | None = None
    """Mails after which a connection is told 421."""
    size: int | None = None
    """What SIZE offers; a longer message is refused."""
    hidden_size: int | None = None
    """What is refused as too long without having been offered."""
    smtputf8: bool = True
    tls: ssl.SSLContext | None = None
    """Offers STARTTLS with it."""
    store: Path | None = None
    """A folder that gets every accepted mail as a file."""
    mails: list[ReceivedMail] = field(default_factory=list)
    connections: int = 0
    commands: list[str] = field(default_factory=list)
    greylisted: set[str] = field(default_factory=set)
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
        self.sender = self.recipient = ""

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
        if not await self.answer("greeting", "220 test ready"):
            return
        accepted = 0
        while line := (await self.reader.readline()).decode("utf-8", "replace").rstrip("\r\n"):
            self.server.commands.append(line)
            verb = line.split(" ")[0].upper()
            fault = self.server.fault
            if verb == "STARTTLS" and self.server.tls is not None:
                if not await self.answer(verb, "220 go ahead"):
                    return
                if fault == "no_handshake":
                    await self.reader.read(1)
                    await self.say("250 this is no handshake")
                    return
                await self.writer.start_tls(self.server.tls)
            elif verb == "DATA":
                if not await self.answer(verb, "354 go on"):
                    return
                if verb in self.server.answers:
                    continue
                if not await self.take_message():
                    return
                accepted += 1
            elif verb == "MAIL" and accepted == self.server.most_per_connection:
                await self.say("421 4.7.0 too many messages in this session")
                return
            elif not await self.answer(verb, self.usual(verb, line)) or verb == "QUIT":
                return

    async def answer(self, verb: str, usual: str) -> bool:
        """Say what is to be said to *verb*; False where the dialogue is over."""
        if self.server.drop_at == verb:
            self.writer.transport.abort()
            return False
        if self.server.hang_at == verb:
            await self.reader.read()
            return False
        said = self.server.answers.get(verb, usual)
        if isinstance(said, bytes):
            self.writer.write(said)
            await self.writer.drain()
            return True
        await self.say(said)
        return not said.startswith("421")

    def usual(self, verb: str, line: str) -> str:
        fault = self.server.fault
        match verb:
            case "EHLO":
                return "\r\n".join(self.extensions())
            case "AUTH" if line.startswith("AUTH PLAIN "):
                return self.check_password(line)
            case "MAIL":
                self.sender = _address(line)
            case "RCPT":
                self.recipient = recipient = _address(line)
                struck = not self.server.fault_recipient or self.server.fault_recipient == recipient
                if fault == "greylist" and recipient not in self.server.greylisted:
                    self.server.greylisted.add(recipient)
                    return "450 4.2.0 greylisted, try again later"
                if fault is not None and fault.startswith("rcpt_") and struck:
                    return f"{fault[-3:]} refused {recipient}"
            case "QUIT":
                return "221 bye"
        return "250 ok"

    def check_password(self, line: str) -> str:
        _, _, password = base64.b64decode(line.split(" ")[-1]).decode().rpartition("\0")
        if self.server.fault == "auth_535" or self.server.password not in (None, password):
            return "535 5.7.8 wrong password"
        return "235 welcome"

    async def take_message(self) -> bool:
        """Take a message, or not; False where the connection ends with it."""
        fault = self.server.fault
        if fault == "drop_in_data":
            await self.reader.readline()
            self.writer.transport.abort()
            return False
        if self.server.deaf:
            await asyncio.Event().wait()
        mail = ReceivedMail(self.sender, self.recipient, await self.read_data())
        limits = [limit for limit in (self.server.size, self.server.hidden_size) if limit is not None]
        if fault == "drop_after_dot":
            self.server.accept(mail)
            self.writer.transport.abort()
            return False
        if fault == "silent_after_dot":
            self.server.accept(mail)
            await self.reader.read()
            return False
        if fault is not None and fault.startswith("data_"):
            await self.say(f"{fault[-3:]} not this one")
        elif limits and len(mail.data) > min(limits):
            await self.say("552 message too long")
        elif "message" in self.server.answers:
            return await self.answer("message", "")
        else:
            self.server.accept(mail)
            number = len(self.server.mails)
            await asyncio.sleep(self.server.slow_answer)
            await self.say(f"250 queued {number}")
        return True

    def extensions(self) -> list[str]:
        names = ["test", "8BITMIME", "AUTH PLAIN LOGIN CRAM-MD5"]
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
