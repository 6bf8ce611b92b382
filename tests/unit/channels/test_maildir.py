"""The maildir channel on a real folder."""

# ruff: noqa: ASYNC240 - a test may look at a file

from __future__ import annotations

import mailbox
from pathlib import Path

import pytest

from marsad.channels.maildir import MaildirChannel
from marsad.errors import ChannelError
from marsad.model import Message

MESSAGE = Message(
    message_id="<1@marsad.example>",
    sender="marsad@example.org",
    recipient="amal@example.org",
    data=b"Subject: x\r\nMessage-ID: <1@marsad.example>\r\n\r\nbody\r\n",
)


async def test_a_mail_reader_finds_the_message(tmp_path: Path) -> None:
    receipt = await MaildirChannel(tmp_path / "a b").send(MESSAGE)
    (found,) = mailbox.Maildir(tmp_path / "a b")
    assert found["Message-ID"] == "<1@marsad.example>"
    assert Path(receipt.reply).stat().st_mode & 0o777 == 0o600
    assert list((tmp_path / "a b" / "tmp").iterdir()) == []


async def test_a_message_sent_again_is_one_file_even_after_it_was_read(tmp_path: Path) -> None:
    channel = MaildirChannel(tmp_path)
    first = Path((await channel.send(MESSAGE)).reply)
    assert Path((await channel.send(MESSAGE)).reply) == first
    first.rename(tmp_path / "cur" / f"{first.name}:2,S")
    await channel.send(MESSAGE)
    assert len(list(mailbox.Maildir(tmp_path))) == 1


async def test_a_folder_that_cannot_be_written_is_the_channels_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ChannelError, match="cannot be written"):
        await MaildirChannel(tmp_path / "file").send(MESSAGE)
