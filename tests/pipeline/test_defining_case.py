"""The case that defines the service, through real processes: a feed, a mail server, a mail for each.

The article itself is measurement data; the counterpart in three languages is our own.
"""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.processes import Daemon, marsad, smtp_process, write_configuration
from tests.servers.feed_server import FeedServer, conditional, ok
from tests.servers.feed_server import feed_server as feed_server
from tests.shared_data import shared

ENTITIES = """
[[entity]]
id = "zakharova"
kind = "person"
name = "Maria Zakharova"
names.ar = ["ماريا زاخاروفا"]
names.ru = ["Мария Захарова"]
names.en = ["Maria Zakharova"]
weak.en = ["Zakharova"]

[[entity]]
id = "hamas"
kind = "organisation"
name = "Hamas"
names.ar = ["حماس", "حركة المقاومة الإسلامية"]
names.ru = ["ХАМАС"]
names.en = ["Hamas"]

[[entity]]
id = "moscow"
kind = "place"
name = "Moscow"
names.ar = ["موسكو"]
names.ru = ["Москва"]
names.en = ["Moscow"]
"""
QUERIES = {
    "zakharova": "@zakharova",
    "russia": "روسيا",
    "hamas": "@hamas",
    "near": "@hamas NEAR/10 @moscow",
    "ministry": '"وزارة الخارجية"',
    "enthusiasm": "حماسة",
    "without": "@zakharova NOT @hamas",
    "russians": "روس",
}
WORD = {
    "zakharova": "ماريا زاخاروفا",
    "russia": "[وف]?[بلك]?روسيا",
    "hamas": "حماس|حركة المقاومة الإسلامية",
    "ministry": "[وف]?[بلك]?وزارة الخارجية",
    "russians": "الروس",
    "enthusiasm": "بحماسة",
}
"""What stands in an Arabic text for each watch that is a single term, written down by hand."""


class Newsroom:
    """A running service; each watch has a recipient of its own, and all have one in common."""

    def __init__(self, folder: Path, url: str, port: int, mails: Path, store_url: str) -> None:
        self.mails = mails
        self.log = folder / "log.txt"
        self.config = write_configuration(
            folder / "config",
            store_url=store_url,
            feeds={"seed": url},
            watches={
                id: (query, {f"only-{id}": "instant", "desk": "instant"}) for id, query in QUERIES.items()
            },
            smtp_port=port,
            entities=ENTITIES,
        )

    def start(self) -> Daemon:
        daemon = Daemon(self.config, self.log)
        daemon.wait_for("marsad is running")
        return daemon

    def mentions(self) -> list[dict[str, Any]]:
        shown = marsad(self.config, "mentions", "--json")
        assert shown.returncode == 0, shown.stderr
        return [json.loads(line) for line in shown.stdout.splitlines()]

    @cache  # noqa: B019 - it lives as long as its test
    def item(self, number: int) -> dict[str, str]:
        found: dict[str, str] = json.loads(marsad(self.config, "item", str(number), "--json").stdout)
        return found

    def told(self) -> Counter[str]:
        """Return how many mails each recipient has got."""
        parsed = [
            email.message_from_bytes(path.read_bytes().partition(b"\n")[2], policy=email.policy.default)
            for path in self.mails.glob("*.eml")
        ]
        return Counter(str(message["To"]).partition("@")[0] for message in parsed)


@pytest.fixture
def newsroom(tmp_path: Path, sqlite_url: str, feed_server: FeedServer) -> Iterator[Newsroom]:
    url = feed_server.script("/feed.xml", [ok(b"")])
    with smtp_process(tmp_path) as (port, mails):
        yield Newsroom(tmp_path, url, port, mails, sqlite_url)


@pytest.mark.parametrize("source", ["seed", "counterpart"])
def test_everybody_is_told_once_with_exactly_the_hits_that_are_there(
    newsroom: Newsroom, feed_server: FeedServer, source: str
) -> None:
    path = (
        shared("data/seed/feed.xml")
        if source == "seed"
        else Path(__file__).parents[1] / "data/counterpart.xml"
    )
    body = path.read_bytes()
    turned = _turned(body)
    watches = {"zakharova", "russia", "hamas", "near", "ministry", "russians"}
    if source == "counterpart":
        watches.add("enthusiasm")  # its text says بحماسة, which is no form of the name حماس
    expected = Counter({f"only-{watch}": 1 for watch in watches} | {"desk": 1})
    feed_server.script("/feed.xml", [conditional(body, etag='"1"')])
    daemon = newsroom.start()
    daemon.wait_for("alert delivered", count=len(expected))
    assert daemon.stop() == 0
    assert newsroom.told() == expected

    found = newsroom.mentions()
    assert {mention["watch"] for mention in found} == watches
    arabic = [mention for mention in found if newsroom.item(mention["item"]["id"])["language"] == "ar"]
    for mention in arabic:
        item = newsroom.item(mention["item"]["id"])
        spans = {(hit["field"], hit["start"], hit["end"]) for hit in mention["hits"]}
        assert len(spans) == len(mention["hits"])
        for hit in mention["hits"]:
            assert item[hit["field"]][hit["start"] : hit["end"]] == hit["text"]
            assert hit["reason"]
            assert hit["term"]
        if mention["watch"] in WORD:
            assert spans == _standing(item, WORD[mention["watch"]])
        else:
            assert {hit["entity"] for hit in mention["hits"]} == {"hamas", "moscow"}

    # Restarted, with the ETag and without, in another order, the same story is not told again.
    for restart in range(5 if source == "seed" else 1):
        polls = len(feed_server.requests)
        replies = [conditional(body, etag='"1"'), ok(turned), ok(body, etag=f'"{restart}"'), ok(turned)]
        feed_server.script("/feed.xml", replies)
        daemon = newsroom.start()
        feed_server.wait_for_requests(polls + 3)
        assert daemon.stop() == 0
    assert newsroom.told() == expected
    assert len(newsroom.mentions()) == len(found)


def _standing(item: dict[str, str], word: str) -> set[tuple[str, int, int]]:
    """Return where *word* stands alone, in text that the item does not say a second time."""
    found = set()
    for field in ("title", "summary", "content"):
        text = item[field] or ""
        if field == "content":
            # The content begins with the summary, and a line that is told there counts once.
            skipped = len(item["summary"]) if text.startswith(item["summary"]) else 0
        else:
            skipped = 0
        for match in re.finditer(rf"(?<![\w\u064b-\u0652])(?:{word})(?![\w])", text):
            if match.start() >= skipped:
                found.add((field, match.start(), match.end()))
    return found


def _turned(body: bytes) -> bytes:
    """Return the feed with its items in the opposite order."""
    text = body.decode()
    items = re.findall(r"<item\b.*?</item>", text, re.DOTALL)
    head, tail = text[: text.index(items[0])], text[text.index(items[-1]) + len(items[-1]) :]
    return (head + "\n".join(reversed(items)) + tail).encode()


def test_the_same_watches_find_the_case_in_russian_and_english(
    newsroom: Newsroom, feed_server: FeedServer
) -> None:
    body = (Path(__file__).parents[1] / "data/counterpart.xml").read_bytes()
    feed_server.script("/feed.xml", [ok(body)])
    daemon = newsroom.start()
    daemon.wait_for("alert delivered")
    assert daemon.stop() == 0
    hits = {
        (newsroom.item(mention["item"]["id"])["language"], mention["watch"]): [
            hit["text"] for hit in mention["hits"]
        ]
        for mention in newsroom.mentions()
    }
    assert hits["ru", "zakharova"] == ["Марии Захаровой"]
    assert hits["en", "zakharova"] == ["Maria Zakharova’s", "Zakharova's"]
    assert hits["ru", "hamas"] == ["ХАМАС"]
    assert hits["en", "hamas"] == ["Hamas"]
    assert sorted(hits["ru", "near"]) == ["Москве", "ХАМАС"]
    assert sorted(hits["en", "near"]) == ["Hamas", "Moscow"]
    assert {watch for language, watch in hits if language != "ar"} == {"zakharova", "hamas", "near"}
