"""A delivery as a mail: the same bytes for the same arguments, so that a second try repeats the first."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from marsad.channels import headers
from marsad.channels.links import ascii_domain
from marsad.channels.views import view_of, visible
from marsad.errors import ChannelError, MessageTooLarge, PermanentSendError
from marsad.model import DeliveryContent, DeliveryKind, Message

MAX_BYTES: Final = 2_000_000
"""Servers take more, readers do not."""

_LABELS: Final = 3
"""Watches that a subject names; the others are counted."""
_LABEL: Final = 60
_HEADLINE: Final = 200
"""Code points of a label and of a headline in a subject."""

_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("marsad.channels"),
    autoescape=select_autoescape(enabled_extensions=("html",), default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["isolate"] = lambda text: headers.isolate(text) if headers.has_rtl(text) else text
_ENVIRONMENT.filters["paragraph"] = headers.paragraph
_HTML: Final = _ENVIRONMENT.get_template("alert.html")
_TEXT: Final = _ENVIRONMENT.get_template("alert.txt")

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def compose(
    content: DeliveryContent,
    *,
    message_id: str,
    sender: str,
    recipient: str,
    planned_at: datetime,
    sender_name: str = "",
    contact: str = "",
    max_bytes: int | None = None,
) -> Message:
    """Return *content* as a mail from *sender*, shown as *sender_name*, to *recipient* alone: bare addresses.

    *planned_at* is its Date. Where it would be longer than *max_bytes* the last stories are cut to their
    headlines, then only counted; MessageTooLarge where not even that fits. PermanentSendError where
    *recipient* is no address, ChannelError where *sender* is none.
    """
    limit = MAX_BYTES if max_bytes is None else max_bytes
    try:
        from_address = ascii_domain(sender)
    except ValueError as error:
        raise ChannelError(f"the sender {headers.clean(sender)} cannot be used: {error}") from error
    try:
        to_address = ascii_domain(recipient)
    except ValueError as error:
        raise PermanentSendError(f"{headers.clean(recipient)}: {error}") from error

    subject = subject_of(content)
    zone = ZoneInfo(content.timezone)
    stories = [view_of(story, when=lambda moment: told_time(moment, zone)) for story in content.stories]
    languages = sorted({story.language for story in stories if story.language} | {"en"})
    head = b"".join(
        (
            f"Message-ID: {message_id}\r\n".encode("ascii"),
            headers.field("Date", format_datetime(planned_at)),
            _mailbox("From", sender_name, from_address),
            _mailbox("To", "", to_address),
            headers.field("Subject", subject),
            headers.field("List-Id", f"Marsad alerts <alerts.marsad.{from_address.rpartition('@')[2]}>"),
            b"Auto-Submitted: auto-generated\r\n",
            headers.field("Content-Language", ", ".join(languages[:12])),
            b"MIME-Version: 1.0\r\n",
        )
    )
    boundary = "=_" + hashlib.sha256(message_id.encode()).hexdigest()[:40]

    def with_detail(steps: int) -> bytes:
        """Return the mail with so much detail: a step is a headline, then a story in full."""
        full = max(0, steps - len(stories))
        listed = min(steps, len(stories))
        values = {
            "kind": content.kind.value,
            "subject": visible(subject),
            "heading": _heading(content),
            "stories": stories[:full],
            "listed": stories[full:listed],
            "omitted": content.omitted + len(stories) - listed,
            "contents": len(stories[:full]) > 3,
            "zone": content.timezone,
            "contact": visible(contact),
        }
        return head + _alternative(boundary, _TEXT.render(values), _HTML.render(values))

    return Message(
        message_id=message_id,
        sender=from_address,
        recipient=to_address,
        data=_longest(with_detail, 2 * len(stories), limit),
        subject=subject,
    )


def subject_of(content: DeliveryContent) -> str:
    """Return the subject: labels, never names of watches, as these can be secret."""
    labels: list[str] = []
    for story in content.stories:
        for mention in story.mentions:
            label = headers.shorten(headers.clean(mention.watch_label), _LABEL)
            if label and label not in labels:
                labels.append(label)
    more = f" +{len(labels) - _LABELS}" if len(labels) > _LABELS else ""
    if content.kind is DeliveryKind.INSTANT and len(content.stories) == 1:
        headline = headers.shorten(headers.clean(content.stories[0].revision.title), _HEADLINE)
        parts = [*_isolated_if_needed([*labels[:_LABELS], headline or "(no title)"])]
        return ", ".join(parts[:-1]) + more + (": " if labels else "") + parts[-1]
    told = ", ".join(_isolated_if_needed(labels[:_LABELS])) + more
    return _heading(content) + (f": {told}" if told else "")


def _isolated_if_needed(parts: Sequence[str]) -> list[str]:
    if any(headers.has_rtl(part) for part in parts):
        return [headers.isolate(part) for part in parts]
    return list(parts)


def _heading(content: DeliveryContent) -> str:
    shown = len(content.stories)
    count = f"{shown} of {shown + content.omitted}" if content.omitted else str(shown)
    stories = f"{count} {'story' if shown + content.omitted == 1 else 'stories'}"
    match content.kind:
        case DeliveryKind.INSTANT:
            return "Alert" if shown == 1 else f"Alert, {stories}"
        case DeliveryKind.DIGEST:
            return f"Digest, {stories}"
        case DeliveryKind.CATCH_UP:
            return f"Catch-up, {stories}"


def told_time(moment: datetime, zone: ZoneInfo) -> str:
    """Return *moment* in *zone* with the zone's place, in English whatever the locale."""
    try:
        local = moment.astimezone(zone)
    except OverflowError:
        # A feed may say year 1 or 9999.
        return f"{moment:%Y-%m-%d %H:%M} UTC"
    place = zone.key.rpartition("/")[2].replace("_", " ")
    month = _MONTHS[local.month - 1]
    return f"{_DAYS[local.weekday()]} {local.day} {month} {local.year}, {local:%H:%M} {place}"


def _longest(with_detail: Callable[[int], bytes], most: int, limit: int) -> bytes:
    data = with_detail(most)
    if len(data) <= limit:
        return data
    fitting, too_many = with_detail(0), most
    if len(fitting) > limit:
        raise MessageTooLarge(f"the mail has at least {len(fitting)} bytes, {limit} are allowed", limit=limit)
    fits = 0
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        data = with_detail(middle)
        if len(data) <= limit:
            fits, fitting = middle, data
        else:
            too_many = middle
    return fitting


def _mailbox(field: str, name: str, address: str) -> bytes:
    # An address with a local part beyond ASCII stands as it is: its server takes SMTPUTF8, or refuses it.
    told = headers.shorten(headers.clean(name), _LABEL)
    if not told:
        return f"{field}: {address}\r\n".encode()
    return f"{field}: ".encode() + headers.encoded(told) + f"\r\n <{address}>\r\n".encode()


def _alternative(boundary: str, text: str, html: str) -> bytes:
    parts = [f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'.encode()]
    for subtype, body in (("plain", text), ("html", html)):
        # Base64: no line is too long, and neither a dot nor "From " begins one.
        encoded = base64.encodebytes(re.sub(r"\r?\n", "\r\n", body).encode()).replace(b"\n", b"\r\n")
        parts.append(
            f"--{boundary}\r\nContent-Type: text/{subtype}; charset=utf-8\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n".encode()
            + encoded
        )
    return b"".join((*parts, f"--{boundary}--\r\n".encode()))
