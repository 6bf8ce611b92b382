"""The network side of a feed, and the one import of the HTTP client.

A `Fetcher` asks for one feed at a time per call and answers with a value: `Fetched`, `NotModified` or
`FetchFailed`. It keeps no cookies, sends no Referer, follows redirects itself and looks at every address
at the moment of the connection. See docs/reference/feeds.md for every problem it can report.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import socket
import ssl
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self
from urllib.parse import urlsplit

import aiohappyeyeballs
import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from multidict import CIMultiDict
from yarl import URL

from marsad.feeds import caching
from marsad.feeds.addresses import refusal
from marsad.feeds.inflate import Damaged, TooLarge, UnknownEncoding, inflate
from marsad.feeds.local_file import FileRefused, read_feed_file
from marsad.feeds.lookups import Lookup, Lookups, system_lookup
from marsad.feeds.urls import BadUrl, basic_auth, next_hop, origin, redact, without_user_info
from marsad.model import Feed, Fetched, FetchFailed, FetchOutcome, FetchProblem, NotModified, Validators

MAX_BODY = 15 * 1024 * 1024
"""Bytes, both as they arrive and inflated."""
MAX_REDIRECTS = 5
_MAX_HEADER_BYTES = 32 * 1024
_MAX_HEADERS = 256
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.5"
)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})

# How much a problem counts towards the back-off of its feed; whatever is not named here counts 1.
_WEIGHTS = {
    FetchProblem.DNS: 0.25,
    FetchProblem.THROTTLED: 0.25,
    FetchProblem.NOT_FOUND: 0.5,
    FetchProblem.SERVER_ERROR: 0.5,
}

# Set for one hop at a time. The connection is made in tasks of the client's, which inherit the context.
_private_allowed: ContextVar[bool] = ContextVar("private_allowed", default=False)
_refused: ContextVar[list[str]] = ContextVar("refused")


class _Failure(Exception):
    """Carries an outcome out of nested calls; never leaves this module."""

    def __init__(self, outcome: FetchFailed) -> None:
        self.outcome = outcome
        super().__init__(outcome.detail)


class _RefusedAddress(OSError):
    """Raised instead of opening a socket."""


class Fetcher:
    """Fetches feeds; use it as an async context manager.

    *user_agent* names the product, its version and a contact. *timeout* bounds a fetch from the name lookup
    to the last byte, redirects included; *connect_timeout* and *stall_timeout* (no byte arrives) are
    shorter bounds inside it. *max_body* counts bytes, as sent and inflated. `file:` feeds are read inside
    *config_dir*. *lookup* replaces the system's resolver, *ssl_context* its certificate authorities.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        config_dir: Path,
        timeout: timedelta = timedelta(seconds=30),
        max_body: int = MAX_BODY,
        connect_timeout: timedelta = timedelta(seconds=10),
        stall_timeout: timedelta = timedelta(seconds=10),
        lookup: Lookup = system_lookup,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._config_dir = config_dir
        self._timeout = timeout
        self._max_body = max_body
        self._connect_timeout = connect_timeout
        self._stall_timeout = stall_timeout
        self._lookup = lookup
        self._ssl_context = ssl_context
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        lookups = Lookups(self._lookup, timeout=self._connect_timeout.total_seconds())
        connector = aiohttp.TCPConnector(
            resolver=_Resolver(lookups),
            use_dns_cache=False,
            socket_factory=_open_socket,
            ssl=self._ssl_context or True,
            # A kept connection would be shared between a feed that may reach a private address and one
            # that may not, and a feed's next poll is minutes away.
            force_close=True,
            limit=0,  # how many polls run at once is the poller's decision
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            auto_decompress=False,
            trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(
                total=None,
                sock_connect=self._connect_timeout.total_seconds(),
                sock_read=self._stall_timeout.total_seconds(),
            ),
            max_line_size=_MAX_HEADER_BYTES,
            max_field_size=_MAX_HEADER_BYTES,
            max_headers=_MAX_HEADERS,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def fetch(
        self, feed: Feed, *, allow_private: bool, headers: Sequence[tuple[str, str]] = (), now: datetime
    ) -> FetchOutcome:
        """Ask for *feed* once, conditionally where it has validators.

        *headers* and the user-info of its configured URL go to the configured scheme, host and port alone;
        with *allow_private* that host and port may be a private address. *now* serves where the
        server sends no Date. Never raises for what a server or a network does.
        """
        try:
            async with asyncio.timeout(self._timeout.total_seconds()):
                if urlsplit(feed.url).scheme.lower() == "file":
                    return await self._read_file(feed)
                return await self._follow(feed, allow_private=allow_private, headers=headers, now=now)
        except _Failure as failure:
            return failure.outcome
        except BadUrl as exc:
            return _failed(FetchProblem.PROTOCOL, str(exc))
        except TimeoutError:
            return _failed(
                FetchProblem.TIMEOUT, f"{redact(feed.url)} takes longer than {_seconds(self._timeout)}"
            )

    async def _read_file(self, feed: Feed) -> FetchOutcome:
        try:
            raw = await asyncio.to_thread(
                read_feed_file, feed.url, config_dir=self._config_dir, limit=self._max_body
            )
        except FileRefused as exc:
            return _failed(FetchProblem.FILE, str(exc))
        body, truncated, body_hash = await self._inflate(feed.url, raw, content_encoding=None)
        if body_hash == feed.validators.body_hash and not truncated:
            return NotModified()
        return Fetched(
            body=body,
            url=feed.url,
            content_type=None,
            charset=None,
            validators=Validators() if truncated else Validators(body_hash=body_hash),
            truncated=truncated,
        )

    async def _follow(
        self, feed: Feed, *, allow_private: bool, headers: Sequence[tuple[str, str]], now: datetime
    ) -> FetchOutcome:
        url = without_user_info(feed.url)
        home = origin(feed.configured_url)
        asked = {url}
        moved_for_good = True
        conditional = feed.validators.etag is not None or feed.validators.last_modified is not None
        while True:
            here = origin(url)
            refused: list[str] = []
            _refused.set(refused)
            _private_allowed.set(allow_private and (here.host, here.port) == (home.host, home.port))
            request_headers = self._headers(
                feed, private=headers if here == home else None, conditional=conditional
            )
            try:
                async with self._ask(url, request_headers) as response:
                    location = response.headers.get("Location")
                    if response.status not in _REDIRECTS or location is None:
                        permanent_url = url if moved_for_good and len(asked) > 1 else None
                        return await self._answer(feed, url, response, permanent_url, now)
                    moved_for_good = moved_for_good and response.status in _PERMANENT
            except (aiohttp.ClientError, OSError, ValueError) as exc:
                if conditional and isinstance(exc, aiohttp.ClientResponseError):
                    # Old servers send a 304 with a body, which the client cannot read: ask without
                    # conditions, and the hash of the body says that nothing has changed.
                    conditional = False
                    continue
                _raise_as_failure(exc, url=url, refused=refused, timeout=self._stall_timeout)
            try:
                target = next_hop(url, location)
            except BadUrl as exc:
                return _failed(
                    FetchProblem.REDIRECT, f"{redact(url)} redirects to where no feed can be: {exc}"
                )
            if target in asked:
                return _failed(FetchProblem.REDIRECT, f"{redact(url)} redirects in a circle")
            if len(asked) > MAX_REDIRECTS:
                return _failed(
                    FetchProblem.REDIRECT, f"{redact(feed.url)} redirects more than {MAX_REDIRECTS} times"
                )
            asked.add(target)
            url = target

    def _ask(self, url: str, headers: Mapping[str, str]) -> aiohttp.client._RequestContextManager:
        if self._session is None:
            raise RuntimeError("a Fetcher is an async context manager: enter it first")
        # What is plain ASCII is sent byte for byte: requoting would break signed URLs.
        as_written = url.isascii() and " " not in url and bool(urlsplit(url).path)
        return self._session.get(URL(url, encoded=as_written), headers=headers, allow_redirects=False)

    def _headers(
        self, feed: Feed, *, private: Sequence[tuple[str, str]] | None, conditional: bool
    ) -> CIMultiDict[str]:
        """Compose the request's headers; *private* is None away from home, where nothing of ours is shown."""
        sent = CIMultiDict({"User-Agent": self._user_agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip"})
        if conditional and feed.validators.etag is not None:
            sent["If-None-Match"] = caching.validator_header(feed.validators.etag)
        if conditional and feed.validators.last_modified is not None:
            sent["If-Modified-Since"] = caching.validator_header(feed.validators.last_modified)
        if private is not None:
            authorization = basic_auth(feed.configured_url)
            if authorization is not None:
                sent["Authorization"] = authorization
            sent.update(private)
        return sent

    async def _answer(
        self, feed: Feed, url: str, response: aiohttp.ClientResponse, permanent_url: str | None, now: datetime
    ) -> FetchOutcome:
        fresh = caching.max_age(response.headers, now=now)
        if response.status == HTTPStatus.NOT_MODIFIED:
            if feed.validators.etag is None and feed.validators.last_modified is None:
                return _failed(
                    FetchProblem.PROTOCOL,
                    f"{redact(url)} answers 304 Not Modified to a request without conditions",
                    status=response.status,
                    forget_validators=True,
                )
            return NotModified(max_age=fresh, permanent_url=permanent_url)
        if response.status not in (HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION):
            return _refusal(url, response, now)
        raw, cut = await self._read(url, response)
        body, cut_inside, body_hash = await self._inflate(
            url, raw, content_encoding=response.headers.get("Content-Encoding")
        )
        if cut or cut_inside:
            return Fetched(
                body=body,
                url=url,
                content_type=_content_type(response),
                charset=response.charset,
                validators=Validators(),
                permanent_url=permanent_url,
                max_age=fresh,
                truncated=True,
            )
        validators = Validators(
            etag=caching.validator(_raw_header(response, b"etag")),
            last_modified=caching.validator(_raw_header(response, b"last-modified")),
            body_hash=body_hash,
        )
        if body_hash == feed.validators.body_hash:
            return NotModified(max_age=fresh, permanent_url=permanent_url, validators=validators)
        return Fetched(
            body=body,
            url=url,
            content_type=_content_type(response),
            charset=response.charset,
            validators=validators,
            permanent_url=permanent_url,
            max_age=fresh,
        )

    async def _read(self, url: str, response: aiohttp.ClientResponse) -> tuple[bytes, bool]:
        """Return what arrived, and whether that is less than was announced."""
        announced = response.content_length
        if announced is not None and announced > self._max_body:
            self._raise_too_large(url)
        body = bytearray()
        try:
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > self._max_body:
                    self._raise_too_large(url)
        except aiohttp.ClientPayloadError:
            # A reset, an early end and a broken chunk look alike here; what arrived holds whole items.
            if not body:
                raise
            return bytes(body), True
        return bytes(body), False

    async def _inflate(
        self, url: str, raw: bytes, *, content_encoding: str | None
    ) -> tuple[bytes, bool, str]:
        """Return body, whether it ended early, and its SHA-256; off the loop, as both cost milliseconds."""

        def work() -> tuple[bytes, bool, str]:
            body, cut = inflate(raw, content_encoding=content_encoding, limit=self._max_body)
            if len(body) > self._max_body:
                raise TooLarge
            return body, cut, hashlib.sha256(body).hexdigest()

        try:
            return await asyncio.to_thread(work)
        except TooLarge:
            self._raise_too_large(url)
        except UnknownEncoding as exc:
            problem = f"is compressed as {str(exc)[:40]!r} although only gzip was asked for"
            raise _Failure(_failed(FetchProblem.PROTOCOL, f"{redact(url)} {problem}")) from exc
        except Damaged as exc:
            raise _Failure(_failed(FetchProblem.PROTOCOL, f"{redact(url)}: {exc}")) from exc

    def _raise_too_large(self, url: str) -> NoReturn:
        limit = self._max_body / (1024 * 1024)
        raise _Failure(_failed(FetchProblem.TOO_LARGE, f"{redact(url)} is longer than {limit:g} MiB"))


class _Resolver(AbstractResolver):
    """What the client asks for names. Literal addresses never come here: `_open_socket` checks them too."""

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._lookups.addresses(host, port, family)
        results = [
            ResolveResult(
                hostname=host,
                host=address[0],
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in found
            if kind in (socket.AF_INET, socket.AF_INET6)
        ]
        if not results:
            raise OSError("the name has no address")
        return results

    async def close(self) -> None:
        """Nothing to close: threads that still wait for an answer are daemons."""


def _open_socket(address: aiohappyeyeballs.AddrInfoType) -> socket.socket:
    """Open the socket for one numeric address, or refuse: the last moment before a connection is made."""
    family, kind, protocol, _, target = address
    if not _private_allowed.get():
        reason = refusal(target[0])
        if reason is not None:
            _refused.get().append(reason)
            raise _RefusedAddress(reason)
    return socket.socket(family, kind, protocol)


def _failed(
    problem: FetchProblem,
    detail: str,
    *,
    status: int | None = None,
    retry_after: timedelta | None = None,
    forget_validators: bool = False,
) -> FetchFailed:
    return FetchFailed(
        problem=problem,
        detail=detail,
        status=status,
        retry_after=retry_after,
        weight=_WEIGHTS.get(problem, 1.0),
        forget_validators=forget_validators,
    )


def _refusal(url: str, response: aiohttp.ClientResponse, now: datetime) -> FetchFailed:
    """Turn a status that brings no feed into its problem."""
    status = response.status
    match status:
        case 404:
            problem = FetchProblem.NOT_FOUND
        case 410:
            problem = FetchProblem.GONE
        case 401 | 403 | 407 | 451:
            problem = FetchProblem.FORBIDDEN
        case 429:
            problem = FetchProblem.THROTTLED
        case _ if 300 <= status < 400:
            problem = FetchProblem.REDIRECT
        case _ if 500 <= status < 600:
            problem = FetchProblem.SERVER_ERROR
        case _:
            problem = FetchProblem.HTTP_ERROR
    try:
        said = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        said = str(status)
    return _failed(
        problem,
        f"{redact(url)} answers {said}",
        status=status,
        retry_after=caching.retry_after(response.headers, now=now),
    )


def _raise_as_failure(exc: Exception, *, url: str, refused: Sequence[str], timeout: timedelta) -> NoReturn:
    """Say in plain words what the client's exception means, without its text: that can quote the URL."""
    if isinstance(exc, BadUrl):
        raise exc
    where = urlsplit(url).netloc
    match exc:
        case aiohttp.InvalidURL() if re.fullmatch(r"[\d.]+", urlsplit(url).hostname or ""):
            problem, detail = FetchProblem.REFUSED_ADDRESS, f"{where} is an address in disguise"
        case aiohttp.ClientConnectorDNSError():
            problem, detail = FetchProblem.DNS, f"{where} cannot be found: {_system_words(exc.os_error)}"
        case aiohttp.ClientConnectorCertificateError(certificate_error=error):
            why = getattr(error, "verify_message", "") or "it does not match the host"
            problem, detail = FetchProblem.TLS, f"the certificate of {where} is not trusted: {why}"
        case aiohttp.ClientConnectorSSLError() | ssl.SSLError():
            problem, detail = FetchProblem.TLS, f"no secure connection to {where} could be agreed on"
        case aiohttp.ClientConnectorError() if refused:
            problem = FetchProblem.REFUSED_ADDRESS
            detail = f"{where} was not contacted: {refused[0]}"
        case aiohttp.ClientConnectorError():
            problem, detail = (
                FetchProblem.CONNECT,
                f"{where} cannot be reached: {_system_words(exc.os_error)}",
            )
        case aiohttp.ConnectionTimeoutError():
            problem, detail = FetchProblem.TIMEOUT, f"{where} does not take the connection"
        case aiohttp.ServerTimeoutError():
            problem, detail = FetchProblem.TIMEOUT, f"{where} has been silent for {_seconds(timeout)}"
        case TimeoutError():
            raise exc  # the deadline of the whole fetch
        case aiohttp.ClientResponseError():
            problem, detail = FetchProblem.PROTOCOL, f"{where} answers with something that is not HTTP"
        case aiohttp.ServerDisconnectedError():
            problem, detail = FetchProblem.DISCONNECTED, f"{where} closed the connection without an answer"
        case aiohttp.InvalidURL() | ValueError():
            problem, detail = FetchProblem.PROTOCOL, f"{redact(url)} cannot be asked: it is no valid request"
        case _:
            problem, detail = FetchProblem.DISCONNECTED, f"{where} closed the connection before the end"
    raise _Failure(_failed(problem, detail)) from exc


def _system_words(error: OSError) -> str:
    words = error.strerror or str(error) or type(error).__name__
    return words[0].lower() + words[1:] if words[1:2].islower() else words


def _seconds(duration: timedelta) -> str:
    return f"{duration.total_seconds():g} s"


def _content_type(response: aiohttp.ClientResponse) -> str | None:
    return response.content_type if "Content-Type" in response.headers else None


def _raw_header(response: aiohttp.ClientResponse, name: bytes) -> bytes | None:
    return next((value for key, value in response.raw_headers if key.lower() == name), None)
