"""Links and addresses as they may stand in a mail."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import idna

_SAFE = "/?#[]@!$&'()*+,;=:%~-._"


@dataclass(frozen=True, kw_only=True)
class Link:
    url: str
    """ASCII, http or https, without user-info."""
    host: str
    """For people; punycode wherever its letters could pass for others."""


def link_from(url: str | None) -> Link | None:
    """Return *url* as a link that may be shown, or None: only http and https, with a host."""
    if not url or any(ord(character) <= 0x20 or character == "\\" for character in url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
        ascii_host = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not ascii_host:
        return None
    where = f"[{ascii_host}]" if ":" in ascii_host else ascii_host
    if any(character in "\"'<>%@ " for character in where):
        return None
    netloc = where if port is None else f"{where}:{port}"
    path, query, fragment = (
        quote(part.encode("utf-8", "replace"), safe=_SAFE)
        for part in (parts.path, parts.query, parts.fragment)
    )
    return Link(
        url=urlunsplit((parts.scheme, netloc, path, query, fragment)),
        host=host if _is_honest(host) else ascii_host,
    )


def ascii_domain(address: str) -> str:
    """Return a mail address with its domain in punycode; ValueError where it is no address."""
    local, at, domain = address.rpartition("@")
    if not (at and local and domain) or any(
        ord(c) <= 0x20 or c in '<>",\x7f\x85\u2028\u2029' for c in address
    ):
        raise ValueError("it is no mail address")
    try:
        return f"{local}@{domain if domain.isascii() else idna.encode(domain, uts46=True).decode('ascii')}"
    except idna.IDNAError as error:
        raise ValueError(f"{domain!r} is no domain") from error


def _is_honest(host: str) -> bool:
    """Tell whether no letter of *host* can pass for one of another script: all ASCII, or all Arabic."""
    letters = [character for character in host if character.isalpha()]
    return host.isascii() or all(unicodedata.name(letter, "").startswith("ARABIC ") for letter in letters)
