"""The channel that needs no mail server: every message becomes a file that mail readers open."""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path

from marsad.errors import ChannelError
from marsad.model import Message, Receipt


class MaildirChannel:
    """Delivers into a maildir (https://cr.yp.to/proto/maildir.html).

    The file name is made from the Message-ID, so that a message sent again after a crash is the same file,
    also where a mail reader has moved it to `cur` meanwhile. Files are readable by their owner alone.
    """

    name = "maildir"

    def __init__(self, path: Path) -> None:
        self._path = path

    async def send(self, message: Message) -> Receipt:
        """Write *message*; the receipt says where. ChannelError where the folder cannot be written."""
        try:
            path = await asyncio.to_thread(self._deliver, message)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise ChannelError(f"the maildir {self._path} cannot be written: {reason}") from error
        return Receipt(reply=str(path))

    async def close(self) -> None:
        """Nothing is kept open."""

    def _deliver(self, message: Message) -> Path:
        for folder in ("tmp", "new", "cur"):
            (self._path / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        name = hashlib.sha256(message.message_id.encode()).hexdigest()[:32] + ".marsad"
        new = self._path / "new" / name
        if new.exists():
            return new
        for read in (self._path / "cur").glob(f"{name}*"):
            return read
        draft = self._path / "tmp" / f"{name}.{os.getpid()}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                # Files of a maildir have the line ends of the system.
                file.write(message.data.replace(b"\r\n", b"\n"))
                file.flush()
                os.fsync(file.fileno())
            draft.rename(new)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        _sync(new.parent)
        return new


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
