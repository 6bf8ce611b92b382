"""The maildir channel on a real folder."""

# ruff: noqa: ASYNC240 - a test may look at a file

from __future__ import annotations

import mailbox
import resource
from dataclasses import replace
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


async def test_a_disk_that_is_full_leaves_no_half_a_mail_and_the_next_try_succeeds(tmp_path: Path) -> None:
    """The limit on the size of a file stands for the disk: the write fails in the middle of the mail."""
    channel = MaildirChannel(tmp_path)
    long = replace(MESSAGE, data=MESSAGE.data + b"x" * 500_000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        with pytest.raises(ChannelError, match=r"cannot be written: File too large"):
            await channel.send(long)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    await channel.send(long)
    assert len(list(mailbox.Maildir(tmp_path))) == 1


async def test_what_a_crash_left_half_written_is_not_taken_for_a_mail(tmp_path: Path) -> None:
    channel = MaildirChannel(tmp_path)
    sent = Path((await channel.send(MESSAGE)).reply)
    sent.rename(tmp_path / "tmp" / f"{sent.name}.999999")
    (tmp_path / "tmp" / f"{sent.name}.999999").write_text("Subj")
    await channel.send(MESSAGE)
    (found,) = mailbox.Maildir(tmp_path)
    assert found["Subject"] == "x"
