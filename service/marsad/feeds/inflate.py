"""Compressed bodies, inflated under a cap: what is not asked for is never held in memory."""

from __future__ import annotations

import zlib

_GZIP = b"\x1f\x8b\x08"
_GZIP_OR_ZLIB = 47  # window bits: 32 (either header) + 15
_RAW_DEFLATE = -15
_SLICE = 64 * 1024
_MAX_MEMBERS = 1024
_MAX_LAYERS = 3
"""A .xml.gz file served with Content-Encoding gzip has two."""


class TooLarge(ValueError):
    """The body is longer than it may be."""


class Damaged(ValueError):
    """The compressed stream cannot be read."""


class UnknownEncoding(ValueError):
    """The server compressed in a way that nobody asked for."""


def inflate(body: bytes, *, content_encoding: str | None, limit: int) -> tuple[bytes, bool]:
    """Return the plain body and whether it ended early.

    gzip is known by its first bytes, whatever the header says, so that a compressed file, a server
    that compresses unasked and one that announces gzip and sends plain text are all read.
    At most *limit* + 1 bytes are inflated, however much the stream holds.
    Raises TooLarge, Damaged and UnknownEncoding.
    """
    codings = [coding.strip().lower() for coding in (content_encoding or "").split(",")]
    unknown = [coding for coding in codings if coding not in ("", "identity", "gzip", "x-gzip", "deflate")]
    if unknown:
        raise UnknownEncoding(unknown[0])
    truncated = False
    if "deflate" in codings and not body.startswith(_GZIP):
        body, truncated = _inflate_deflate(body, limit)
    for _ in range(_MAX_LAYERS):
        if not body.startswith(_GZIP):
            return body, truncated
        body, cut = _inflate_members(body, limit)
        truncated = truncated or cut
    if body.startswith(_GZIP):
        raise Damaged(f"it is compressed more than {_MAX_LAYERS} times over")
    return body, truncated


def _inflate_deflate(body: bytes, limit: int) -> tuple[bytes, bool]:
    """HTTP's deflate has a zlib header; some servers send it without, and some send plain text."""
    for window_bits in (_GZIP_OR_ZLIB, _RAW_DEFLATE):
        stream = zlib.decompressobj(window_bits)
        try:
            plain = stream.decompress(body, limit + 1)
        except zlib.error:
            continue
        if len(plain) > limit:
            raise TooLarge
        return plain, not stream.eof
    if body.lstrip()[:1] in (b"<", b"{"):
        return body, False
    raise Damaged("it is announced as deflate, and is not")


def _inflate_members(body: bytes, limit: int) -> tuple[bytes, bool]:
    """A gzip file may hold several members one after the other; what follows the last is padding."""
    plain = bytearray()
    at = 0
    for _ in range(_MAX_MEMBERS):
        stream = zlib.decompressobj(_GZIP_OR_ZLIB)
        # In slices, because what a member leaves over is copied: a million tiny members would cost gigabytes.
        while at < len(body) and not stream.eof:
            part = body[at : at + _SLICE]
            at += len(part)
            try:
                plain += stream.decompress(part, limit + 1 - len(plain))
            except zlib.error as exc:
                raise Damaged("its gzip stream is damaged") from exc
            if len(plain) > limit:
                raise TooLarge
        if not stream.eof:
            return bytes(plain), True
        at -= len(stream.unused_data)
        if not body.startswith(_GZIP, at):
            return bytes(plain), False
    raise Damaged(f"its gzip stream has more than {_MAX_MEMBERS} members")
