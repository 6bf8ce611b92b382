"""Logging, and text that is safe to show: one line per event on stderr.

A line is time, level, event, then key=value pairs from `extra`. No traceback reaches a person unless the
program was asked to be verbose, and a log that cannot be written never stops the service.
"""

from __future__ import annotations

import json as _json
import logging
import os
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO
from urllib.parse import urlsplit, urlunsplit

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters: they move the cursor, or start an escape sequence
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi controls: they reorder what is around them
    "\u2028\u2029\ufeff\U000e0000-\U000e007f"  # other line ends, and characters nobody can see
    "\ud800-\udfff]"  # lone surrogates cannot be written as UTF-8 at all
)
_PLAIN_VALUE = re.compile(r"[^\s\"'=\\]+")
_SECRET_PARAMETER = re.compile(
    r"(?i)([?&;][^=&;]*(?:key|token|secret|pass|pwd|auth|sign?|signature|session|credential)[^=&;]*=)[^&;#]*"
)
_STANDARD_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_QUIET_LIBRARIES = ("apscheduler", "aiohttp", "aiosmtplib", "alembic", "asyncio", "sqlalchemy", "watchfiles")


def visible(text: str) -> str:
    """Return *text* with control, bidi and invisible characters written as escapes such as `\\x1b`."""
    return _UNSAFE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(match[0])
    code = ord(match[0])
    return named or (
        f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
    )


def public_url(url: str) -> str:
    """Return *url* as it may be shown: without user-info, values of secret parameters as `***`."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(a URL that cannot be read)"
    shown = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))
    if not parts.netloc:
        shown = url.partition("#")[0]  # urlunsplit would turn file:a into file:///a
    return visible(_SECRET_PARAMETER.sub(r"\1***", shown))


def configure_logging(
    *,
    json: bool = False,
    level: int | str = logging.INFO,
    verbose: bool = False,
    stream: TextIO | None = None,
) -> None:
    """Send every log record to *stream* (stderr), a line each; libraries speak from WARNING on.

    *verbose* adds tracebacks; without it an exception is told as `error="…"` alone.
    """
    _occupy_standard_streams()
    handler = _Handler(stream)
    handler.setFormatter(_JsonLine(verbose=verbose) if json else _Line(verbose=verbose))
    root = logging.getLogger()
    for former in root.handlers[:]:
        if isinstance(former, _Handler):
            root.removeHandler(former)
    root.addHandler(handler)
    root.setLevel(level)
    for name in _QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)


def _occupy_standard_streams() -> None:
    """Keep descriptors 0 to 2 from being given to a database or a socket when they were closed at start."""
    for descriptor, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, mode)


class _Handler(logging.Handler):
    """Writes to the stream that stderr is now; a stream that is closed, broken or full loses the line."""

    def __init__(self, stream: TextIO | None) -> None:
        super().__init__()
        self._stream = stream

    def emit(self, record: logging.LogRecord) -> None:
        stream = self._stream or sys.stderr
        if stream is None:
            return
        try:
            stream.write(self.format(record) + "\n")
            stream.flush()
        except (OSError, ValueError):
            # A closed pipe, a full disk, a closed file: the service matters more than its log.
            return


def _fields(record: logging.LogRecord, *, verbose: bool) -> dict[str, Any]:
    fields = {name: value for name, value in vars(record).items() if name not in _STANDARD_ATTRIBUTES}
    if record.exc_info and record.exc_info[1] is not None:
        error = record.exc_info[1]
        fields.setdefault("error", f"{type(error).__name__}: {error}")
        if verbose:
            fields["traceback"] = "".join(traceback.format_exception(error))
    return fields


def _time(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Line(logging.Formatter):
    def __init__(self, *, verbose: bool) -> None:
        super().__init__()
        self._verbose = verbose

    def format(self, record: logging.LogRecord) -> str:
        fields = _fields(record, verbose=self._verbose)
        trace = fields.pop("traceback", "")
        pairs = "".join(f" {name}={_value(value)}" for name, value in fields.items())
        line = f"{_time(record)} {record.levelname:<7} {visible(record.getMessage())}{pairs}"
        return line + "".join("\n    " + visible(part) for part in trace.splitlines())


def _value(value: object) -> str:
    text = visible(str(value))
    return text if _PLAIN_VALUE.fullmatch(text) else '"' + text.replace('"', "'") + '"'


class _JsonLine(logging.Formatter):
    def __init__(self, *, verbose: bool) -> None:
        super().__init__()
        self._verbose = verbose

    def format(self, record: logging.LogRecord) -> str:
        line = {"time": _time(record), "level": record.levelname, "event": record.getMessage()}
        line |= _fields(record, verbose=self._verbose)
        return _UNSAFE.sub(_json_escape, _json.dumps(line, ensure_ascii=False, default=str))


def _json_escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
