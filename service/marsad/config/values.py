"""What a single value may be. Each check returns the value as it is used, or raises `Wrong`."""

from __future__ import annotations

import difflib
import ipaddress
import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale

from marsad.model import FirstContact, Schedule, parse_duration
from marsad.ops import public_url, visible

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SPACE_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")
_HOST_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?|_[\w-]{1,62}")
_ATOM = re.compile(r"[^\s\x00-\x20\x7f-\x9f()<>\[\]:;@\\,.\"\u2028\u2029]+")
_SIZE = re.compile(r"(\d{1,12})\s*(B|kB|KB|KiB|MB|MiB|GB|GiB)?")
_SIZE_UNITS = {
    "B": 1,
    "kB": 1000,
    "KB": 1000,
    "KiB": 2**10,
    "MB": 10**6,
    "MiB": 2**20,
    "GB": 10**9,
    "GiB": 2**30,
}
_FORBIDDEN_HEADERS = {
    "accept-encoding": "only gzip is asked for, as nothing else is inflated under a limit",
    "connection": "the connection is marsad's own business",
    "content-length": "a poll has no body",
    "content-type": "a poll has no body",
    "expect": "a poll has no body",
    "host": "it is that of the URL",
    "if-match": "requests are made conditional by marsad",
    "if-modified-since": "requests are made conditional by marsad",
    "if-none-match": "requests are made conditional by marsad",
    "if-range": "requests are made conditional by marsad",
    "if-unmodified-since": "requests are made conditional by marsad",
    "keep-alive": "the connection is marsad's own business",
    "range": "a feed is always read whole",
    "te": "the connection is marsad's own business",
    "trailer": "the connection is marsad's own business",
    "transfer-encoding": "a poll has no body",
    "upgrade": "the connection is marsad's own business",
}

_Result = TypeVar("_Result")


class Wrong(ValueError):
    """A value that cannot be used: *problem* says why, *hint* what to write instead."""

    def __init__(self, problem: str, hint: str = "") -> None:
        self.problem = problem
        self.hint = hint
        super().__init__(problem)


def near(word: str, known: Iterable[str]) -> str:
    """Return a hint that names what *word* was probably meant to be, or ""."""
    folded: dict[str, str] = {}
    for name in known:
        folded.setdefault(name.casefold(), name)
    found = difflib.get_close_matches(word.casefold(), folded, n=3, cutoff=0.7)
    return "did you mean " + " or ".join(f'"{folded[name]}"' for name in found) + "?" if found else ""


def shown(value: object) -> str:
    """Return *value* as a message quotes it: one line, not longer than a person reads."""
    text = visible(str(value))
    return text if len(text) <= 80 else text[:77] + "…"


def kind_of(value: object) -> str:
    """Return what TOML calls the type of *value*."""
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Wrong(f"must be text in quotes, not {kind_of(value)}")
    return value


def name(value: str) -> str:
    """Check a name for people: one line, not empty."""
    if not value.strip():
        raise Wrong("is empty")
    if found := _CONTROL.search(value):
        raise Wrong(f"holds a control character or line break ({visible(found[0])})", "names are one line")
    if len(value) > 200:
        raise Wrong(f"is {len(value)} characters long", "at most 200 are accepted")
    return value.strip()


def free_text(value: str) -> str:
    """Check text for people that may be empty: one line."""
    return name(value) if value.strip() else ""


def identifier(value: str) -> str:
    if not value:
        raise Wrong("is empty")
    if not _ID.fullmatch(value):
        odd = sorted({char for char in value if not re.match(r"[A-Za-z0-9._-]", char)})
        which = f" holds {', '.join(shown(repr(char)) for char in odd[:5])}" if odd else ""
        raise Wrong(
            f'"{shown(value)}" is no id{":" + which if which else ""}',
            "ids are up to 64 of a-z A-Z 0-9 . _ - and begin with a letter or digit",
        )
    return value


def tag(value: str) -> str:
    if not value or _SPACE_OR_CONTROL.search(value) or set(value) & set("\"'()[]{},:;@") or len(value) > 64:
        raise Wrong(f'"{shown(value)}" is no tag', "a tag is one word of up to 64 letters, digits, . _ and -")
    return value


def duration(*, least: str, most: str) -> Callable[[Any], timedelta]:
    """Return a check of durations such as `"15m"`, from *least* to *most*."""
    shortest, longest = parse_duration(least), parse_duration(most)

    def check(value: object) -> timedelta:
        if isinstance(value, int) and not isinstance(value, bool):
            raise Wrong("must be a duration with its unit, in quotes", f'for example "{abs(value)}m" or "2h"')
        text = _text(value)
        if text.lstrip().startswith("-"):
            raise Wrong(f'"{shown(text)}" is negative', f"at least {least} is accepted")
        found = _model(parse_duration, text)
        if found < shortest:
            raise Wrong(f'"{shown(text)}" is too short', f"at least {least} is accepted")
        if found > longest:
            raise Wrong(f'"{shown(text)}" is too long', f"at most {most} is accepted")
        return found

    return check


def size(value: object) -> int:
    """Read a number of bytes: `15000000`, `"15 MiB"`; from 1 KiB to 1 GiB."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise Wrong(f'must be a size such as "15 MiB", not {kind_of(value)}')
    match = _SIZE.fullmatch(str(value).strip())
    if match is None:
        raise Wrong(f'"{shown(value)}" is no size', 'write a number of bytes, or "15 MiB"')
    found = int(match[1]) * _SIZE_UNITS[match[2] or "B"]
    if not 2**10 <= found <= 2**30:
        raise Wrong(f"{shown(value)} is out of range", "from 1 KiB to 1 GiB is accepted")
    return found


def first_contact(value: object) -> FirstContact:
    try:
        return _model(FirstContact.parse, _text(value))
    except Wrong as wrong:
        raise Wrong(wrong.problem, f'{wrong.hint}{", or " if wrong.hint else ""}"all" or "none"') from None


def schedule(value: object) -> Schedule:
    return _model(Schedule.parse, _text(value))


def _model(parse: Callable[[str], _Result], text: str) -> _Result:
    """Call a reader of the model; its message tells the problem, then the hint after a semicolon."""
    if len(text) > 200:
        raise Wrong(f'"{shown(text)}" is {len(text)} characters long', "at most 200 are accepted")
    try:
        return parse(text)
    except ValueError as error:
        problem, _, hint = visible(str(error)).partition("; ")
        raise Wrong(problem, hint) from error


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _zones_by_city() -> dict[str, str]:
    return {zone.rpartition("/")[2]: zone for zone in sorted(_timezones(), reverse=True)}


@cache
def timezone(value: str) -> str:
    # The list first: ZoneInfo opens whatever file a key is the path of.
    if value not in _timezones():
        city = value.rpartition("/")[2].replace(" ", "_")
        found = difflib.get_close_matches(city, _zones_by_city(), n=1, cutoff=0.75)
        hint = near(value, _timezones()) or (f'did you mean "{_zones_by_city()[found[0]]}"?' if found else "")
        hint = hint or 'write an IANA name such as "Europe/Berlin" or "UTC"'
        raise Wrong(f'"{shown(value)}" is no known timezone', hint)
    ZoneInfo(value)
    return value


@cache
def _languages() -> dict[str, str]:
    return {code: str(name) for code, name in Locale("en").languages.items() if "_" not in code}


@cache
def language(value: str) -> str:
    """Return the primary subtag: `ar` for `ar`, `AR` and `ar-EG`."""
    code = re.split(r"[-_]", value)[0].lower()
    if code not in _languages() or code in ("mul", "und", "zxx"):
        names = {name.casefold(): code for code, name in _languages().items()}
        found = difflib.get_close_matches(value.casefold(), names, n=1, cutoff=0.8)
        hint = f'did you mean "{names[found[0]]}"?' if found else "write a code of two letters: ar, ru, en"
        raise Wrong(f'"{shown(value)}" is no known language', hint)
    return code


PACKS = ("marsad:countries", "marsad:bodies")


def packs(value: object) -> tuple[str, ...]:
    """Check the packs of entities that are used: one, or a list."""
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise Wrong("must be the name of a pack, or a list of names", f'for example "{PACKS[0]}"')
    for name in listed:
        if name not in PACKS:
            hint = near(name, PACKS) or "there are " + " and ".join(f'"{pack}"' for pack in PACKS)
            raise Wrong(f'"{shown(name)}" is no pack of entities', hint)
    return tuple(dict.fromkeys(listed))


def country(value: str) -> str:
    """Return the ISO 3166 code of a country as it is written: two capitals."""
    code = value.upper()
    if code not in _countries():
        names = {name.casefold(): code for code, name in _countries().items()}
        found = difflib.get_close_matches(value.casefold(), names, n=1, cutoff=0.7)
        hint = f'did you mean "{names[found[0]]}"?' if found else 'write its ISO 3166 code: "EG", "RU"'
        raise Wrong(f'"{shown(value)}" is no country', hint)
    return code


@cache
def _countries() -> dict[str, str]:
    territories = Locale("en").territories
    return {code: name for code, name in territories.items() if len(code) == 2 and code not in _NO_COUNTRIES}


_NO_COUNTRIES = ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ")
"""Two letters that CLDR gives to unions of countries, and to none."""


def address(value: str) -> str:
    """Check one bare e-mail address."""
    if found := _CONTROL.search(value):
        raise Wrong(f"holds a control character or line break ({visible(found[0])})", "write one address")
    text = value.strip()
    if text.count("@") > 1 and re.search(r"[,;\s]", text):
        raise Wrong(
            "holds several addresses", "write one address; make a recipient of its own for each person"
        )
    if "<" in text or ">" in text:
        raise Wrong(
            f'"{shown(text)}" is not a bare address', 'write "name@example.org" without name and brackets'
        )
    local, at, domain = text.rpartition("@")
    if not at:
        raise Wrong(f'"{shown(text)}" has no @', 'write it as "name@example.org"')
    if not local or not domain:
        raise Wrong(f'"{shown(text)}" lacks what stands {"before" if not local else "after"} the @')
    if not all(_ATOM.fullmatch(part) for part in local.split(".")):
        raise Wrong(
            f'"{shown(local)}" cannot stand before the @', "spaces, quotes and double dots are not accepted"
        )
    if len(local.encode()) > 64 or len(text.encode()) > 254:
        raise Wrong("is too long", "at most 64 bytes before the @, 254 in all")
    literal = re.fullmatch(r"\[(?:IPv6:)?([0-9A-Fa-f:.]+)\]", domain)
    if not (_is_address(literal[1]) if literal else _is_host(domain)):
        raise Wrong(f'"{shown(domain)}" is no host name')
    return text


def mailbox(value: str) -> tuple[str, str]:
    """Check an address that may have a name, `"Marsad <marsad@example.org>"`; return (name, address)."""
    if "<" not in value or _CONTROL.search(value):
        return "", address(value)
    match = re.fullmatch(r'\s*"?([^"<>]*)"?\s*<([^<>]*)>\s*', value)
    if match is None:
        raise Wrong(
            f'"{shown(value)}" is no address', 'write "name@example.org" or "Name <name@example.org>"'
        )
    return free_text(match[1]), address(match[2])


def host(value: str) -> str:
    if not (_is_host(value) or _is_address(value.strip("[]"))):
        hint = "write the name alone; the port is a key of its own" if ":" in value or "/" in value else ""
        raise Wrong(f'"{shown(value)}" is no host name', hint)
    return value.strip("[]")


def feed_url(value: str) -> str:
    """Check the form of a feed's URL; whether a `file:` lies in the folder is the caller's business."""
    if value.startswith("file:") and not _CONTROL.search(value):
        return value
    if found := re.search(r"[\s\x00-\x20\x7f-\x9f\u2028\u2029]", value):
        odd = "a space" if found[0] == " " else f"a control character ({visible(found[0])})"
        raise Wrong(f"holds {odd}", "spaces in a URL are written %20")
    if not value:
        raise Wrong("is empty")
    parts = _split(value)
    if parts.scheme not in ("http", "https"):
        raise _wrong_scheme(value, parts)
    if not parts.hostname:
        raise Wrong(f'"{shown(public_url(value))}" names no host', "write https://host/path")
    if not (_is_host(parts.hostname) or _is_address(parts.hostname)):
        raise Wrong(f'"{shown(parts.hostname)}" is no host name')
    return value


def _split(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        if parts.port == 0:
            raise ValueError("0")
    except ValueError as error:
        problem = (
            "has a port that is no number from 1 to 65535" if "ort" in str(error) or str(error) == "0" else ""
        )
        raise Wrong(problem or "is no URL that can be read", "write https://host/path") from error
    return parts


def _wrong_scheme(value: str, parts: SplitResult) -> Wrong:
    bare = re.sub(r"^[a-z]+:(//)?", "", value, flags=re.IGNORECASE)
    if (
        not parts.scheme
        or "." in parts.scheme
        or (parts.scheme and value[len(parts.scheme) + 1 :][:1].isdigit())
    ):
        return Wrong(
            "has no scheme", f"did you mean https://{shown(public_url('//' + value.lstrip('/'))[2:])}?"
        )
    if parts.scheme in ("feed", "rss", "htp", "htps", "httpss", "hhtps", "https;", "httpd"):
        return Wrong(
            f'has the scheme "{parts.scheme}"', f"write https://{shown(public_url('//' + bare)[2:])}"
        )
    return Wrong(f'has the scheme "{shown(parts.scheme)}"', "http, https and file are accepted")


def _is_host(value: str) -> bool:
    labels = value.removesuffix(".").split(".")
    # A name whose last label is a number is an address written wrong (RFC 3696 §2).
    return (
        len(value) <= 253
        and all(_HOST_LABEL.fullmatch(label) for label in labels)
        and not (labels[-1].isdigit() and len(labels) > 1)
    )


def _is_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value.partition("%")[0])
    except ValueError:
        return False
    return True


def is_private_host(value: str) -> bool:
    """Tell whether *value* can only be an address that is not public: a literal, or localhost."""
    if _is_address(value):
        return not ipaddress.ip_address(value.partition("%")[0]).is_global
    return value.casefold().rstrip(".") == "localhost" or value.casefold().endswith(".localhost")


def is_loopback(value: str) -> bool:
    if _is_address(value):
        return ipaddress.ip_address(value.partition("%")[0]).is_loopback
    return value.casefold().rstrip(".") == "localhost"


def headers(value: dict[str, str]) -> dict[str, str]:
    """Check request headers of a feed."""
    seen: dict[str, str] = {}
    for key, content in value.items():
        if not _TOKEN.fullmatch(key):
            raise Wrong(f'"{shown(key)}" is no header name', "use letters, digits and -")
        folded = key.lower()
        if reason := _FORBIDDEN_HEADERS.get(folded) or (
            "a feed is asked for directly" if folded.startswith("proxy-") else ""
        ):
            raise Wrong(f'the header "{key}" cannot be set', reason)
        if folded in seen:
            raise Wrong(f'the headers "{seen[folded]}" and "{key}" are one', "keep one of them")
        seen[folded] = key
        if found := _CONTROL.search(content):
            raise Wrong(f'the header "{key}" holds a control character or line break ({visible(found[0])})')
        if not content.strip():
            raise Wrong(f'the header "{key}" is empty', "remove it, or give it a value")
        if not content.isascii():
            raise Wrong(
                f'the header "{key}" holds letters beyond ASCII', "write them as the publisher asks for"
            )
    return {key: content.strip() for key, content in value.items()}
