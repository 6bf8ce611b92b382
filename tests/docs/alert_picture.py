"""The picture of an alert in the README, made anew: `python -m tests.docs.alert_picture docs/alert.png`.

The mail is that of the shipped configuration about its own sample, composed as the service does, and shown by
a real browser (Chromium, with fonts for Arabic: `apt-get install chromium fonts-noto-core`). Other feeds,
widths and colours are for looking at the templates.
"""

from __future__ import annotations

import argparse
import email
import email.policy
import shutil
import subprocess
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from marsad import config
from marsad.channels.render import compose
from marsad.feeds.parse import parse
from marsad.language.forms import FormsCache, expand_in_child
from marsad.matching.document import Source
from marsad.matching.watchset import compile_watch_set
from marsad.model import (
    DeliveryContent,
    DeliveryKind,
    MentionView,
    ParsedFeed,
    StoryView,
    WatchDefinition,
)

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)

BROWSER = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def stories(body: bytes, *, name: str, queries: list[str]) -> list[StoryView]:
    """Return the items of a feed that the shipped watches, or *queries*, find."""
    settings = config.load(ROOT / "config", environ={})
    watches = [
        WatchDefinition(id=f"q{number}", name=query, label=query, query=query)
        for number, query in enumerate(queries)
    ]
    compilation = compile_watch_set(
        watches or [replace(one, feeds=(), tags=()) for one in settings.watches],
        settings.entities,
        feeds=settings.feeds,
        packs=settings.packs,
        expand=partial(expand_in_child, cache=FormsCache()),
    )
    parsed = parse(body, url="", charset=None, content_type=None)
    assert isinstance(parsed, ParsedFeed), parsed
    found = []
    for number, item in enumerate(parsed.items):
        revision = replace(item.revision, language=item.revision.language or parsed.language)
        matches = compilation.watch_set.match(revision, Source(feed_id="sample", tags=()), now=NOW).matches
        mentions = tuple(
            MentionView(
                watch_id=one.watch_id,
                watch_name=one.watch_name,
                watch_label=one.watch_label,
                prominence=one.prominence,
                hits=one.hits,
                found_at=NOW,
            )
            for one in matches
        )
        if mentions:
            found.append(
                StoryView(
                    item_id=number,
                    feed_id="sample",
                    feed_name=name or parsed.title,
                    revision=revision,
                    mentions=mentions,
                )
            )
    return found


def mail_about(found: list[StoryView], *, kind: DeliveryKind) -> EmailMessage:
    message = compose(
        DeliveryContent(kind=kind, window="1", timezone="Africa/Cairo", stories=tuple(found)),
        message_id="<1@marsad.example>",
        sender="marsad@example.org",
        sender_name="Marsad",
        recipient="newsroom@example.org",
        planned_at=NOW,
        contact="press@example.org",
    )
    mail = email.message_from_bytes(message.data, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def part(mail: EmailMessage, subtype: str) -> str:
    found = mail.get_body((subtype,))
    assert found is not None
    return str(found.get_content())


def photograph(html: str, picture: Path, *, width: int, height: int, scale: float, dark: bool) -> None:
    """Show *html* in a window of so many CSS pixels, and save what is seen."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert browser, "no Chromium is installed"
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "mail.html"
        page.write_text(html, encoding="utf-8")
        colours = ["--blink-settings=preferredColorScheme=0"] if dark else []
        subprocess.run(
            [
                browser,
                *BROWSER,
                *colours,
                f"--user-data-dir={folder}/profile",
                f"--force-device-scale-factor={scale}",
                f"--window-size={width},{height}",
                f"--screenshot={picture.absolute()}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__)
    cli.add_argument("picture", type=Path)
    cli.add_argument("--feed", type=Path, default=ROOT / "config" / "sample.xml")
    cli.add_argument("--name", default="", help="of the feed, where it is not its own title")
    cli.add_argument("--query", action="append", default=[], help="instead of the shipped watches")
    cli.add_argument("--items", type=int, nargs="*", default=[1], help="which of those found, from 0")
    cli.add_argument("--kind", type=DeliveryKind, default=DeliveryKind.INSTANT)
    cli.add_argument("--width", type=int, default=640)
    cli.add_argument("--height", type=int, default=600)
    cli.add_argument("--scale", type=float, default=1.5)
    cli.add_argument("--dark", action="store_true")
    cli.add_argument("--text", action="store_true", help="print the subject and the text part")
    arguments = cli.parse_args()
    found = stories(arguments.feed.read_bytes(), name=arguments.name, queries=arguments.query)
    mail = mail_about([found[at] for at in arguments.items], kind=arguments.kind)
    if arguments.text:
        print(mail["Subject"], part(mail, "plain"), sep="\n\n")  # noqa: T201 - a tool
    photograph(
        part(mail, "html"),
        arguments.picture,
        width=arguments.width,
        height=arguments.height,
        scale=arguments.scale,
        dark=arguments.dark,
    )


if __name__ == "__main__":
    main()
