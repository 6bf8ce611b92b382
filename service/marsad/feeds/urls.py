"""Feed and item URLs: origins, redirects, credentials that are never shown. Pure."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

from marsad.errors import MarsadError

_DEFAULT_PORT = {"http": 80, "https": 443}
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]")


class BadUrl(MarsadError, ValueError):
    """A URL that cannot be asked. The message shows no credentials."""


class Origin(NamedTuple):
    """Who answers a URL: headers, credentials and private addresses are granted to one of these."""

    scheme: str
    host: str
    port: int


def origin(url: str) -> Origin:
    """Return scheme, host and port of an http or https URL; BadUrl says what is wrong with it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as exc:
        raise BadUrl(f"{redact(url)} is no URL: {exc}") from exc
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORT:
        raise BadUrl(f"{redact(url)} is not http or https")
    host = (parts.hostname or "").rstrip(".").lower()
    if not host:
        raise BadUrl(f"{redact(url)} names no host")
    return Origin(scheme, host, port if port is not None else _DEFAULT_PORT[scheme])


def next_hop(url: str, location: str) -> str:
    """Return the absolute URL that a Location header points to, without fragment and user-info.

    BadUrl where it is not http or https: file:, ftp:, gopher: and data: are never followed.
    """
    try:
        target = urljoin(url, location.strip())
    except ValueError as exc:
        raise BadUrl("the redirect points to an unreadable address") from exc
    origin(target)
    return without_user_info(target)


def without_user_info(url: str) -> str:
    """Return *url* without `user:password@` and without its fragment: what may be asked and recorded."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))


def basic_auth(url: str) -> str | None:
    """Return the Authorization header for the user-info of *url*, or None where it has none."""
    user_info, at, _ = urlsplit(url).netloc.rpartition("@")
    if not at:
        return None
    user, _, password = user_info.partition(":")
    token = f"{unquote(user)}:{unquote(password)}".encode()
    return "Basic " + b64encode(token).decode("ascii")


def redact(url: str) -> str:
    """Return *url* as it may be shown: no user-info, no query values, one line of at most 300 characters."""
    url = _UNSAFE.sub("", url)
    try:
        parts = urlsplit(url)
    except ValueError:
        # Not readable as a URL: show nothing that could hold a secret.
        return _shorten(re.sub(r"//[^/]*@", "//", url.partition("?")[0]))
    query = re.sub(r"=[^&;]*", "=…", parts.query)
    if query and "=" not in query:
        query = "…"
    shown = SplitResult(parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, "")
    return _shorten(urlunsplit(shown))


def _shorten(text: str) -> str:
    return text if len(text) <= 300 else text[:299] + "…"


def web_link(base: str, link: str | None) -> str | None:
    """Return *link* resolved against *base*, or None unless it is http or https and names a host.

    Read as a browser reads it: control characters go first, then the scheme counts.
    """
    if not link:
        return None
    # Inside a URL only tabs and line ends vanish; other blanks are part of it, and are encoded.
    link = re.sub(r"[\t\r\n\x00-\x1f\x7f]", "", link).strip("\x20\xa0\u2028\u2029\ufeff")
    try:
        resolved = urljoin(base, link) if link else ""
        parts = urlsplit(resolved)
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in _DEFAULT_PORT or not parts.hostname:
        return None
    if re.search(r"[\s\ufeff]", parts.netloc):
        return None
    return resolved.replace(" ", "%20")
