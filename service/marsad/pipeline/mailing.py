"""What a configuration says of mail, as the parts that the dispatcher works with: a channel, a composer."""

from __future__ import annotations

import ssl
from pathlib import Path

from marsad.channels import render
from marsad.channels.base import Channel
from marsad.channels.maildir import MaildirChannel
from marsad.channels.smtp import SmtpChannel
from marsad.config import ChannelName, Settings, SmtpSettings
from marsad.errors import ConfigurationError
from marsad.model import ClaimedDelivery, DeliveryContent, Message, Mistake
from marsad.pipeline.dispatcher import Compose


def channel_of(settings: Settings) -> Channel:
    """Return the channel by which mail leaves; nothing is opened before the first message.

    ConfigurationError where `ca_file` holds no certificates.
    """
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
        tls_context=None if smtp.ca_file is None else _trusting(smtp.ca_file),
        timeout=smtp.timeout,
        connections=smtp.connections,
    )


def _trusting(ca_file: Path) -> ssl.SSLContext:
    """Return a context that trusts the authorities in *ca_file* and no others."""
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        why = error.strerror if isinstance(error, OSError) and not isinstance(error, ssl.SSLError) else ""
        raise ConfigurationError(
            [
                Mistake(
                    file="marsad.toml",
                    key="mail.smtp.ca_file",
                    problem=f"{ca_file} cannot be used: {why or 'it holds no certificate in PEM form'}",
                    hint="name a file with the certificates of the authorities that you trust",
                )
            ]
        ) from error
