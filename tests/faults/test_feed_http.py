"""What servers and networks do to a poller (section A of the catalogue of faults)."""
# ruff: noqa: F811 - the fixture feed_server is imported

from __future__ import annotations

import asyncio
import gzip
import os
import resource
import socket
import ssl
import threading
import time
import zlib
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from marsad.feeds.fetch import Fetcher
from marsad.feeds.lookups import AddressInfo, Lookup, system_lookup
from marsad.model import Feed, Fetched, FetchFailed, FetchOutcome, FetchProblem, NotModified, Validators
from tests.servers.feed_server import (
    FeedServer,
    Reply,
    bomb,
    conditional,
    drip,
    endless,
    feed_server,  # noqa: F401
    gzip_bomb,
    gzipped,
    not_modified,
    ok,
    raw,
    redirect,
    reset,
    running_feed_server,
    slow,
    status,
    truncated,
)
from tests.unit.feeds.samples import NOW, feed, numbered

BODY = numbered(3).encode()
LIMIT = 256 * 1024
AGENT = "Marsad/1.2 (+mailto:press@example.org)"


def fetcher(config_dir: Path, **changes: Any) -> Fetcher:
    settings: dict[str, Any] = {
        "user_agent": AGENT,
        "config_dir": config_dir,
        "timeout": timedelta(seconds=5),
        "max_body": LIMIT,
        "connect_timeout": timedelta(seconds=2),
        "stall_timeout": timedelta(seconds=2),
    }
    return Fetcher(**(settings | changes))


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Fetcher]:
    async with fetcher(tmp_path) as client:
        yield client


async def ask(
    client: Fetcher,
    asked: Feed | str,
    *,
    allow_private: bool = True,
    headers: Sequence[tuple[str, str]] = (),
) -> FetchOutcome:
    asked = feed(asked) if isinstance(asked, str) else asked
    return await client.fetch(asked, allow_private=allow_private, headers=headers, now=NOW)


def fetched(outcome: FetchOutcome) -> Fetched:
    assert isinstance(outcome, Fetched), outcome
    return outcome


def failed(outcome: FetchOutcome, problem: FetchProblem) -> FetchFailed:
    assert isinstance(outcome, FetchFailed), outcome
    assert outcome.problem is problem, outcome
    return outcome


# ── the plain case, and the manners of a poller ──────────────────────────────────────────────────


async def test_a_feed_is_fetched_with_its_validators_and_its_charset(
    client: Fetcher, feed_server: FeedServer
) -> None:
    url = feed_server.script(
        "/a.xml",
        [
            ok(
                BODY,
                etag='W/"x"',
                last_modified="yesterday, 5pm",
                content_type="text/xml; charset=windows-1256",
            )
        ],
    )
    outcome = fetched(await ask(client, url))
    assert outcome.body == BODY
    assert (outcome.content_type, outcome.charset) == ("text/xml", "windows-1256")
    assert (outcome.validators.etag, outcome.validators.last_modified) == ('W/"x"', "yesterday, 5pm")
    assert outcome.url == url
    assert outcome.permanent_url is None
    assert not outcome.truncated


async def test_a_request_says_who_asks_and_nothing_else(client: Fetcher, feed_server: FeedServer) -> None:
    url = feed_server.script("/a.xml", [ok(BODY, headers={"Set-Cookie": "id=1; Path=/"})])
    await ask(client, url)
    await ask(client, url)
    for request in feed_server.requests:
        assert request.headers["user-agent"] == AGENT
        assert request.headers["accept-encoding"] == "gzip"
        assert {name.lower() for name in request.names} <= {
            "host",
            "user-agent",
            "accept",
            "accept-encoding",
            "connection",
        }


async def test_the_url_is_asked_for_as_it_is_written(client: Fetcher, feed_server: FeedServer) -> None:
    feed_server.script("/%7Ea%2Fb", [ok(BODY)])
    fetched(await ask(client, feed_server.url("/%7Ea%2Fb?sig=a%2Bb+c&x=%D9%85")))
    assert feed_server.requests[0].target == "/%7Ea%2Fb?sig=a%2Bb+c&x=%D9%85"


async def test_an_address_in_arabic_letters_can_be_asked(client: Fetcher, feed_server: FeedServer) -> None:
    feed_server.script("/%D8%A3", [ok(BODY)])
    fetched(await ask(client, feed_server.url("/أ")))


@pytest.mark.parametrize("content_type", ["text/plain", "application/octet-stream", "text/html", None])
async def test_a_feed_under_a_wrong_content_type_is_a_feed(
    client: Fetcher, feed_server: FeedServer, content_type: str | None
) -> None:
    url = feed_server.script("/a.xml", [ok(BODY, content_type=content_type)])
    outcome = fetched(await ask(client, url))
    assert (outcome.body, outcome.content_type) == (BODY, content_type)


async def test_headers_of_the_feed_are_sent_and_may_replace_ours(
    client: Fetcher, feed_server: FeedServer
) -> None:
    url = feed_server.script("/a.xml", [ok(BODY)])
    await ask(client, url, headers=[("X-Key", "k1"), ("user-agent", "Other/1")])
    assert feed_server.requests[0].headers["x-key"] == "k1"
    assert feed_server.requests[0].headers["user-agent"] == "Other/1"
    assert len([name for name in feed_server.requests[0].names if name.lower() == "user-agent"]) == 1


# ── conditional requests ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("etag", ['"1"', 'W/"1"', "no-quotes", '"ünï"', '"a, b"', "", "  "])
async def test_validators_go_back_byte_for_byte(client: Fetcher, feed_server: FeedServer, etag: str) -> None:
    wire = etag.encode().decode("latin-1")
    url = feed_server.script(
        "/a.xml", [ok(BODY, etag=wire, last_modified="31 Feb 2099, ca."), not_modified()]
    )
    first = fetched(await ask(client, url))
    assert isinstance(await ask(client, feed(url, validators=first.validators)), NotModified)
    second = feed_server.requests[1].headers
    assert second.get("if-none-match", "") == wire.strip()
    assert second["if-modified-since"] == "31 Feb 2099, ca."


@pytest.mark.parametrize("etag", ["x" * 1025, "x" * 8192, "a\x01b", "a\x7fb", "\xff\xfe"])
async def test_a_validator_that_cannot_go_back_is_dropped(
    client: Fetcher, feed_server: FeedServer, etag: str
) -> None:
    outcome = await ask(client, feed_server.script("/a.xml", [ok(BODY, etag=etag)]))
    if isinstance(outcome, FetchFailed):  # the HTTP client itself refuses control characters
        assert outcome.problem is FetchProblem.PROTOCOL
    else:
        assert fetched(outcome).validators.etag is None


async def test_a_304_to_an_unconditional_request_asks_for_an_unconditional_one(
    client: Fetcher, feed_server: FeedServer
) -> None:
    known = Validators(body_hash="0" * 64)
    url = feed_server.script("/a.xml", [not_modified()])
    outcome = failed(await ask(client, feed(url, validators=known)), FetchProblem.PROTOCOL)
    assert outcome.forget_validators


async def test_a_304_with_a_body_is_a_304(client: Fetcher, feed_server: FeedServer) -> None:
    with_body = raw(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n<rss>")
    url = feed_server.script("/a.xml", [ok(BODY, etag='"1"'), with_body, ok(BODY, etag='"1"')])
    first = fetched(await ask(client, url))
    assert isinstance(await ask(client, feed(url, validators=first.validators)), NotModified)


async def test_the_same_body_under_new_validators_is_not_modified(
    client: Fetcher, feed_server: FeedServer
) -> None:
    url = feed_server.script("/a.xml", [ok(BODY, etag='"1"'), ok(BODY, etag='"2"')])
    first = fetched(await ask(client, url))
    second = await ask(client, feed(url, validators=first.validators))
    assert isinstance(second, NotModified)
    assert second.validators is not None
    assert second.validators.etag == '"2"'


async def test_another_body_under_the_same_etag_is_read(client: Fetcher, feed_server: FeedServer) -> None:
    url = feed_server.script("/a.xml", [ok(BODY, etag='"1"'), ok(BODY + b" ", etag='"1"')])
    first = fetched(await ask(client, url))
    assert fetched(await ask(client, feed(url, validators=first.validators))).body == BODY + b" "


# ── statuses ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("code", "problem", "weight"),
    [
        (404, FetchProblem.NOT_FOUND, 0.5),
        (410, FetchProblem.GONE, 1.0),
        (401, FetchProblem.FORBIDDEN, 1.0),
        (403, FetchProblem.FORBIDDEN, 1.0),
        (429, FetchProblem.THROTTLED, 0.25),
        (500, FetchProblem.SERVER_ERROR, 0.5),
        (503, FetchProblem.SERVER_ERROR, 0.5),
        (418, FetchProblem.HTTP_ERROR, 1.0),
        (204, FetchProblem.HTTP_ERROR, 1.0),
        (300, FetchProblem.REDIRECT, 1.0),
        (799, FetchProblem.HTTP_ERROR, 1.0),
    ],
)
async def test_a_status_is_its_problem(
    client: Fetcher, feed_server: FeedServer, code: int, problem: FetchProblem, weight: float
) -> None:
    outcome = failed(await ask(client, feed_server.script("/a.xml", [status(code)])), problem)
    assert (outcome.status, outcome.weight) == (code, weight)
    assert f"answers {code}" in outcome.detail


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Sun, 01 Mar 2026 12:30:00 GMT", timedelta(minutes=30)),
        ("1000000000000", timedelta(days=1)),
        ("9" * 5000, timedelta(days=1)),
        ("-5", None),
        ("soon", None),
        ("Sun, 01 Mar 2020 12:30:00 GMT", None),
    ],
)
async def test_retry_after_is_honoured_and_capped(
    client: Fetcher, feed_server: FeedServer, value: str, wait: timedelta | None
) -> None:
    url = feed_server.script("/a.xml", [status(429, {"Retry-After": value})])
    assert failed(await ask(client, url), FetchProblem.THROTTLED).retry_after == wait


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ({"Cache-Control": "public, max-age=600"}, timedelta(minutes=10)),
        ({"Cache-Control": 'max-age="600"', "Age": "540"}, timedelta(minutes=1)),
        ({"Cache-Control": "max-age=99999999999"}, timedelta(days=1)),
        ({"Cache-Control": "no-cache, max-age=600"}, None),
        ({"Cache-Control": "max-age=0"}, None),
        # a clock three years slow: what counts is the distance between its two dates
        (
            {"Date": "Wed, 01 Mar 2023 12:00:00 GMT", "Expires": "Wed, 01 Mar 2023 12:20:00 GMT"},
            timedelta(minutes=20),
        ),
        (
            {"Date": "Wed, 01 Mar 2023 12:00:00 GMT", "Expires": "Thu, 01 Mar 2029 12:00:00 GMT"},
            timedelta(days=1),
        ),
        ({"Expires": "0"}, None),
        ({}, None),
    ],
)
async def test_freshness_is_relative_to_the_servers_clock_and_capped(
    client: Fetcher, feed_server: FeedServer, headers: dict[str, str], fresh: timedelta | None
) -> None:
    url = feed_server.script("/a.xml", [ok(BODY, headers=headers)])
    assert fetched(await ask(client, url)).max_age == fresh


# ── slowness and size ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "reply", [drip(BODY), drip(BODY, head=False), slow()], ids=["slow body", "slow header", "silence"]
)
async def test_a_slow_server_is_left_at_the_deadline(
    tmp_path: Path, feed_server: FeedServer, reply: Reply
) -> None:
    url = feed_server.script("/a.xml", [reply])
    async with fetcher(tmp_path, timeout=timedelta(seconds=0.4)) as client:
        started = time.monotonic()
        failed(await ask(client, url), FetchProblem.TIMEOUT)
    assert time.monotonic() - started < 2


async def test_a_server_that_stalls_is_left_before_the_deadline(
    tmp_path: Path, feed_server: FeedServer
) -> None:
    url = feed_server.script("/a.xml", [slow()])
    async with fetcher(
        tmp_path, timeout=timedelta(seconds=60), stall_timeout=timedelta(seconds=0.3)
    ) as client:
        outcome = failed(await ask(client, url), FetchProblem.TIMEOUT)
    assert "silent for 0.3 s" in outcome.detail


@pytest.mark.parametrize(
    "reply",
    [
        endless(),
        ok(bytes(LIMIT + 1)),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"),
        gzip_bomb(2 * 1024**3),
        gzipped(bomb(64 * 1024**2)),
        gzipped(bytes(LIMIT + 1), header=False),
    ],
    ids=["endless", "long", "announced", "2 GB gzip bomb", "bomb in gzip", "long in gzip, unannounced"],
)
async def test_a_body_is_cut_at_the_limit_and_costs_no_memory(
    client: Fetcher, feed_server: FeedServer, reply: Reply
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcome = failed(await ask(client, feed_server.script("/a.xml", [reply])), FetchProblem.TOO_LARGE)
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kib < 64 * 1024
    assert "0.25 MiB" in outcome.detail


def _raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    "reply",
    [
        gzipped(BODY),
        gzipped(BODY, header=False),
        gzipped(BODY, times=2),
        ok(BODY, headers={"Content-Encoding": "gzip"}),
        ok(zlib.compress(BODY), headers={"Content-Encoding": "deflate"}),
        ok(_raw_deflate(BODY), headers={"Content-Encoding": "deflate"}),
        ok(BODY, headers={"Content-Encoding": "deflate"}),
        ok(gzip.compress(BODY[:50]) + gzip.compress(BODY[50:]), headers={"Content-Encoding": "gzip"}),
        ok(gzip.compress(BODY) + bytes(100), headers={"Content-Encoding": "gzip"}),
        ok(BODY, headers={"Content-Encoding": "identity"}),
    ],
    ids=[
        "gzip",
        "gzip unannounced",
        "gzip twice",
        "announced, plain",
        "zlib",
        "raw deflate",
        "deflate announced, plain",
        "members",
        "padding",
        "identity",
    ],
)
async def test_compression_is_undone_whatever_the_header_says(
    client: Fetcher, feed_server: FeedServer, reply: Reply
) -> None:
    assert fetched(await ask(client, feed_server.script("/a.xml.gz", [reply]))).body == BODY


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (ok(b"\x1b...", headers={"Content-Encoding": "br"}), "'br'"),
        (ok(b"\x28\xb5\x2f\xfd", headers={"Content-Encoding": "zstd"}), "'zstd'"),
        (ok(gzip.compress(BODY)[:-8] + bytes(8), headers={"Content-Encoding": "gzip"}), "damaged"),
        (ok(gzip.compress(b"") * 2000, headers={"Content-Encoding": "gzip"}), "members"),
        (gzipped(BODY, times=5), "times over"),
    ],
    ids=["brotli", "zstd", "damaged", "a thousand members", "five times"],
)
async def test_what_cannot_be_inflated_is_a_protocol_problem(
    client: Fetcher, feed_server: FeedServer, reply: Reply, words: str
) -> None:
    outcome = failed(await ask(client, feed_server.script("/a.xml", [reply])), FetchProblem.PROTOCOL)
    assert words in outcome.detail


# ── bodies that end early ────────────────────────────────────────────────────────────────────────

CHUNKED_CUT = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(BODY), BODY)


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        (truncated(BODY, announced=len(BODY) + 500, headers={"ETag": '"1"'}), BODY),
        (raw(CHUNKED_CUT), BODY),
        (reset(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + BODY), BODY),
        (ok(gzip.compress(BODY)[:-9], headers={"Content-Encoding": "gzip", "ETag": '"1"'}), None),
    ],
    ids=["shorter than announced", "chunked without end", "reset", "gzip cut"],
)
async def test_a_body_that_ends_early_is_taken_without_validators(
    client: Fetcher, feed_server: FeedServer, reply: Reply, body: bytes | None
) -> None:
    outcome = fetched(await ask(client, feed_server.script("/a.xml", [reply])))
    assert outcome.truncated
    assert outcome.validators == Validators()
    assert outcome.body == body if body else outcome.body.startswith(BODY[:20])


@pytest.mark.parametrize(
    "reply",
    [
        reset(),
        reset(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"),
        raw(b""),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"),
    ],
    ids=["reset", "reset after the header", "closed at once", "closed after the header"],
)
async def test_a_lost_connection_is_said_plainly(
    client: Fetcher, feed_server: FeedServer, reply: Reply
) -> None:
    outcome = failed(await ask(client, feed_server.script("/a.xml", [reply])), FetchProblem.DISCONNECTED)
    assert "closed the connection" in outcome.detail


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"\x16\x03\x01\x02\x00" * 20 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"a" * 1024**2 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: a\r\n" * 10_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: minus\r\n\r\n",
    ],
    ids=["ssh", "bad status", "tls", "1 MB header", "10,000 headers", "bad length"],
)
async def test_what_is_not_http_is_a_protocol_problem(
    client: Fetcher, feed_server: FeedServer, data: bytes
) -> None:
    failed(await ask(client, feed_server.script("/a.xml", [raw(data)])), FetchProblem.PROTOCOL)


# ── redirects ────────────────────────────────────────────────────────────────────────────────────


async def test_a_permanent_move_is_reported_and_a_temporary_one_is_not(
    client: Fetcher, feed_server: FeedServer
) -> None:
    end = feed_server.script("/end.xml", [ok(BODY)])
    feed_server.script("/b", [redirect("/end.xml", 308)])
    feed_server.script("/c", [redirect("end.xml", 302)])
    all_permanent = fetched(await ask(client, feed_server.script("/a", [redirect("/b", 301)])))
    assert (all_permanent.url, all_permanent.permanent_url) == (end, end)
    one_temporary = fetched(await ask(client, feed_server.script("/d", [redirect("/c", 301)])))
    assert (one_temporary.url, one_temporary.permanent_url) == (end, None)


async def test_an_unchanged_feed_that_moved_says_where_to(client: Fetcher, feed_server: FeedServer) -> None:
    end = feed_server.script("/end.xml", [conditional(BODY, etag='"1"')])
    moved = feed_server.script("/a", [redirect("/end.xml", 301)])
    outcome = await ask(client, feed(moved, validators=Validators(etag='"1"')))
    assert outcome == NotModified(permanent_url=end)


async def test_a_redirect_loop_and_a_long_chain_end(client: Fetcher, feed_server: FeedServer) -> None:
    feed_server.script("/b", [redirect("/a")])
    circle = failed(await ask(client, feed_server.script("/a", [redirect("/b")])), FetchProblem.REDIRECT)
    assert "in a circle" in circle.detail
    for hop in range(20):
        feed_server.script(f"/hop{hop}", [redirect(f"/hop{hop + 1}")])
    feed_server.requests.clear()
    chain = failed(await ask(client, feed_server.url("/hop0")), FetchProblem.REDIRECT)
    assert "more than 5 times" in chain.detail
    assert len(feed_server.requests) == 6


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/a",
        "gopher://127.0.0.1/",
        "data:text/xml,<rss/>",
        "http://",
        "http://[::1",
        "http://a:99999999/",
        "javascript:alert(1)",
    ],
)
async def test_a_redirect_to_where_no_feed_can_be_is_refused(
    client: Fetcher, feed_server: FeedServer, location: str
) -> None:
    failed(await ask(client, feed_server.script("/a", [redirect(location)])), FetchProblem.REDIRECT)


async def test_headers_and_credentials_stay_with_the_configured_origin(
    client: Fetcher, feed_server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A redirect to another host of this machine is refused, so here every address counts as public.
    monkeypatch.setattr("marsad.feeds.fetch.refusal", lambda address: None)
    with running_feed_server() as other:
        other.script("/b", [redirect(feed_server.url("/c"))])
        feed_server.script("/a", [redirect("/same"), redirect("/same")])
        feed_server.script("/same", [redirect(other.url("/b")), ok(BODY)])
        feed_server.script("/c", [ok(BODY)])
        url = feed_server.url("/a", host="user:p%40ss@127.0.0.1")
        for _ in range(2):
            outcome = fetched(await ask(client, url, headers=[("X-Key", "secret")]))
            assert "user" not in outcome.url
        assert other.requests[0].headers.keys().isdisjoint({"authorization", "x-key"})
        here, same = feed_server.requests[0], feed_server.requests[1]
        assert here.headers["authorization"] == same.headers["authorization"] == "Basic dXNlcjpwQHNz"
        assert here.headers["x-key"] == same.headers["x-key"] == "secret"


async def test_a_feed_that_moved_elsewhere_gets_no_credentials_there(
    client: Fetcher, feed_server: FeedServer
) -> None:
    moved = feed_server.script("/a", [ok(BODY)])
    asked = feed(moved, configured_url="http://user:secret@old.example/feed")
    failed(await ask(client, asked, headers=[("X-Key", "k")]), FetchProblem.REFUSED_ADDRESS)
    assert feed_server.connections == 0


# ── addresses ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "0x7f.1",
        "2130706433",
        "0177.0.0.1",
        "127.1",
        "0.0.0.0",  # noqa: S104
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00::1]",
        "100.64.0.1",
        "169.254.169.254",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "localhost",
        "localhost.",
    ],
)
async def test_a_private_address_is_refused_before_a_connection(
    client: Fetcher, feed_server: FeedServer, host: str
) -> None:
    feed_server.script("/a", [ok(BODY)])
    url = feed_server.url("/a", host=host)
    outcome = await ask(client, url, allow_private=False)
    assert isinstance(outcome, FetchFailed)
    # Not every resolver knows the name with the dot.
    expected = {FetchProblem.REFUSED_ADDRESS} | ({FetchProblem.DNS} if host == "localhost." else set())
    assert outcome.problem in expected
    assert feed_server.connections == 0


async def test_a_redirect_reaches_no_private_address_but_the_feeds_own(
    client: Fetcher, feed_server: FeedServer
) -> None:
    with running_feed_server() as other:
        other.script("/b", [ok(BODY)])
        for target in (other.url("/b"), other.url("/b", host="localhost"), "http://169.254.169.254/latest"):
            url = feed_server.script("/a", [redirect(target)])
            failed(await ask(client, url, allow_private=True), FetchProblem.REFUSED_ADDRESS)
        assert other.connections == 0


def answering(*rounds: Sequence[str]) -> tuple[Lookup, list[str]]:
    """A resolver that answers with the addresses of each round in turn, the last for ever."""
    left, asked = list(rounds), []

    def lookup(host: str, port: int, family: socket.AddressFamily) -> Sequence[AddressInfo]:
        asked.append(host)
        addresses = left.pop(0) if len(left) > 1 else left[0]
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                socket.IPPROTO_TCP,
                "",
                (address, port, 0, 0) if ":" in address else (address, port),
            )
            for address in addresses
        ]

    return lookup, asked


async def test_a_name_that_changes_its_address_is_judged_by_the_address_connected_to(
    tmp_path: Path, feed_server: FeedServer
) -> None:
    feed_server.script("/a", [ok(BODY)])
    lookup, asked = answering(["127.0.0.1"], ["8.8.8.8"])
    async with fetcher(tmp_path, lookup=lookup) as client:
        url = feed_server.url("/a", host="rebinding.example")
        failed(await ask(client, url, allow_private=False), FetchProblem.REFUSED_ADDRESS)
    assert len(asked) == 1
    assert feed_server.connections == 0


async def test_a_dead_ipv6_address_does_not_hide_a_good_ipv4_one(
    tmp_path: Path, feed_server: FeedServer
) -> None:
    feed_server.script("/a", [ok(BODY)])
    lookup, _ = answering(["::1", "127.0.0.1"])
    async with fetcher(tmp_path, lookup=lookup) as client:
        fetched(await ask(client, feed_server.url("/a", host="two.example")))


def _no_such_name(host: str, port: int, family: socket.AddressFamily) -> Sequence[AddressInfo]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def _broken(host: str, port: int, family: socket.AddressFamily) -> Sequence[AddressInfo]:
    raise RuntimeError("resolver out of order")


@pytest.mark.parametrize(
    ("lookup", "words"),
    [
        (_no_such_name, "name or service not known"),
        (answering([])[0], "no address"),
        (_broken, "out of order"),
    ],
    ids=["unknown", "no addresses", "broken"],
)
async def test_a_name_without_an_address_is_a_dns_problem(tmp_path: Path, lookup: Lookup, words: str) -> None:
    async with fetcher(tmp_path, lookup=lookup) as client:
        outcome = failed(await ask(client, "http://feeds.example/a"), FetchProblem.DNS)
    assert words in outcome.detail
    assert outcome.weight == 0.25


async def test_silent_name_servers_hold_up_neither_the_loop_nor_other_feeds(
    tmp_path: Path, feed_server: FeedServer
) -> None:
    feed_server.script("/a", [ok(BODY)])
    release = threading.Event()

    def lookup(host: str, port: int, family: socket.AddressFamily) -> Sequence[AddressInfo]:
        if host == "silent.example":
            release.wait(20)
        return system_lookup("127.0.0.1", port, family)

    try:
        async with fetcher(tmp_path, lookup=lookup, connect_timeout=timedelta(seconds=0.3)) as client:
            # More than a default executor has threads.
            silent = (ask(client, "http://silent.example/a") for _ in range(20))
            for outcome in await asyncio.gather(*silent):
                assert "no answer within" in failed(outcome, FetchProblem.DNS).detail
            fetched(await ask(client, feed_server.url("/a", host="good.example")))
    finally:
        release.set()


@pytest.mark.parametrize("port", [1, 9])
async def test_a_closed_port_is_said_plainly(client: Fetcher, port: int) -> None:
    outcome = failed(await ask(client, f"http://127.0.0.1:{port}/a"), FetchProblem.CONNECT)
    assert "connection refused" in outcome.detail.lower() or "cannot be reached" in outcome.detail


# ── TLS ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def _server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def _trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


async def test_a_trusted_certificate_is_accepted(tmp_path: Path, authority: trustme.CA) -> None:
    with running_feed_server(_server_context(authority.issue_cert("127.0.0.1"))) as server:
        async with fetcher(tmp_path, ssl_context=_trusting(authority)) as client:
            fetched(await ask(client, server.script("/a", [ok(BODY)])))


@pytest.mark.parametrize("case", ["unknown authority", "wrong host", "expired"])
async def test_a_certificate_that_proves_nothing_is_refused(
    tmp_path: Path, authority: trustme.CA, case: str
) -> None:
    issuer = trustme.CA() if case == "unknown authority" else authority
    name = "other.example" if case == "wrong host" else "127.0.0.1"
    ends = NOW.replace(year=2020) if case == "expired" else None
    with running_feed_server(_server_context(issuer.issue_cert(name, not_after=ends))) as server:
        url = server.script("/a", [ok(BODY)])
        async with fetcher(tmp_path, ssl_context=_trusting(authority)) as client:
            outcome = failed(await ask(client, url), FetchProblem.TLS)
        assert "is not trusted" in outcome.detail
        assert server.requests == []


def _answer_plainly(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(1)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


async def test_a_server_without_tls_is_not_spoken_to_in_clear(client: Fetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:
        answering_plainly = threading.Thread(target=_answer_plainly, args=(plain,))
        answering_plainly.start()
        failed(await ask(client, f"https://127.0.0.1:{plain.getsockname()[1]}/a"), FetchProblem.TLS)
        answering_plainly.join()


async def test_a_tls_handshake_that_stalls_ends(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        async with fetcher(tmp_path, connect_timeout=timedelta(seconds=0.3)) as client:
            failed(await ask(client, f"https://127.0.0.1:{port}/a"), FetchProblem.TIMEOUT)


# ── secrets ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "reply",
    [status(403), slow(), reset(), raw(b"rubbish\r\n\r\n"), endless(), redirect("ftp://x/"), redirect("/a")],
)
async def test_no_message_shows_a_password_or_a_token(
    tmp_path: Path, feed_server: FeedServer, reply: Reply
) -> None:
    feed_server.script("/a", [reply])
    url = feed_server.url("/a?token=s3cret", host="user:s3cret@127.0.0.1")
    async with fetcher(tmp_path, timeout=timedelta(seconds=0.5)) as client:
        outcome = await ask(client, url)
    assert isinstance(outcome, FetchFailed)
    assert "s3cret" not in outcome.detail
    assert "user" not in outcome.detail


# ── files ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_file_inside_the_configuration_folder_is_a_feed(client: Fetcher, tmp_path: Path) -> None:
    (tmp_path / "my sample.xml").write_bytes(BODY)
    outcome = fetched(await ask(client, "file:my%20sample.xml"))
    assert outcome.body == BODY
    assert outcome.validators.etag is None
    assert await ask(client, feed("file:my%20sample.xml", validators=outcome.validators)) == NotModified()
    fetched(await ask(client, f"file://{tmp_path}/my%20sample.xml"))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("file:/etc/passwd", "outside"),
        ("file:../outside.xml", "outside"),
        ("file:%2e%2e/outside.xml", "outside"),
        ("file:link.xml", "outside"),
        ("file:fifo", "not a regular file"),
        ("file:/dev/zero", "outside"),
        ("file:folder", "not a regular file"),
        ("file:missing.xml", "does not exist"),
        ("file:circle", "cannot be reached"),
        ("file:", "names no file"),
        ("file:a%00b", "names no file"),
        ("file://example.org/a.xml", "names the host"),
    ],
)
async def test_no_other_file_is_read(tmp_path: Path, url: str, words: str) -> None:
    config = tmp_path / "config"
    (config / "folder").mkdir(parents=True)
    (tmp_path / "outside.xml").write_bytes(BODY)
    (config / "link.xml").symlink_to(tmp_path / "outside.xml")
    (config / "circle").symlink_to(config / "circle")
    os.mkfifo(config / "fifo")
    async with fetcher(config) as client:
        outcome = failed(await ask(client, url), FetchProblem.FILE)
    assert words in outcome.detail


async def test_a_file_is_cut_at_the_limit_and_may_be_compressed(client: Fetcher, tmp_path: Path) -> None:
    (tmp_path / "a.xml.gz").write_bytes(gzip.compress(BODY))
    assert fetched(await ask(client, "file:a.xml.gz")).body == BODY
    (tmp_path / "long.xml").write_bytes(bytes(LIMIT + 1))
    failed(await ask(client, "file:long.xml"), FetchProblem.TOO_LARGE)


# ── nothing is left behind ───────────────────────────────────────────────────────────────────────


async def test_descriptors_return_to_the_baseline(tmp_path: Path, feed_server: FeedServer) -> None:
    replies: list[Callable[[], Reply]] = [lambda: ok(BODY), lambda: reset(), lambda: status(500), endless]
    async with fetcher(tmp_path) as client:
        await ask(client, feed_server.script("/a", [ok(BODY)]))
        before = len(os.listdir("/proc/self/fd"))
        for round_ in range(20):
            await ask(client, feed_server.script("/a", [replies[round_ % 4]()]))
    assert len(os.listdir("/proc/self/fd")) <= before + 2
