"""What a configuration says of mail, as the parts that the dispatcher works with: a channel, a composer."""

from __future__ import annotations

from marsad.channels import render
from marsad.channels.base import Channel
from marsad.channels.maildir import MaildirChannel
from marsad.channels.smtp import SmtpChannel
from marsad.config import ChannelName, Settings, SmtpSettings
from marsad.model import ClaimedDelivery, DeliveryContent, Message
from marsad.pipeline.dispatcher import Compose


def channel_of(settings: Settings) -> Channel:
    """Return the channel by which mail leaves; nothing is opened before the first message."""
    mail = settings.mail
    if mail.channel is ChannelName.SMTP and mail.smtp is not None:
        return _smtp_channel(mail.smtp)
    return MaildirChannel(mail.maildir)


def composer(*, sender: str, sender_name: str = "", contact: str = "") -> Compose:
    """Return what makes the bytes of a mail from *sender* (a bare address), shown as *sender_name*.

    A delivery's recipient, Message-ID and Date are its own, so that a later try makes the same mail again.
    """

    def compose(content: DeliveryContent, delivery: ClaimedDelivery, *, max_bytes: int | None) -> Message:
        return render.compose(
            content,
            message_id=delivery.message_id,
            sender=sender,
            sender_name=sender_name,
            recipient=delivery.address,
            planned_at=delivery.planned_at,
            contact=contact,
            max_bytes=max_bytes,
        )

    return compose


def _smtp_channel(smtp: SmtpSettings) -> SmtpChannel:
    return SmtpChannel(
        host=smtp.host,
        port=smtp.port,
        tls=smtp.tls.value,
        username=smtp.username,
        password=None if smtp.password is None else smtp.password.get_secret_value(),
        ca_file=smtp.ca_file,
        timeout=smtp.timeout,
        connections=smtp.connections,
    )
