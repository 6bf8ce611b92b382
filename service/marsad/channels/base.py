"""The contract of a channel: the way a delivery leaves."""

from __future__ import annotations

from typing import Protocol

from marsad.model import Message, Receipt


class Channel(Protocol):
    """Takes one message for one recipient at a time; safe to use from several tasks of one event loop."""

    name: str

    async def send(self, message: Message) -> Receipt:
        """Hand *message* over; return what was said, or raise.

        TransientSendError: try this delivery again later. AmbiguousSendError: the same, but the message may
        have been accepted. PermanentSendError: it never will be; MessageTooLarge: not at this length.
        ChannelError: nothing can leave by this channel now, whatever the message.
        """
        ...

    async def close(self) -> None:
        """Let go of connections; nothing is sent after it."""
        ...
