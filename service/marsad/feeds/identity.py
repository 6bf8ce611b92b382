"""What tells the items of a feed apart, and what to do when a feed forgets it. Pure.

A key is text with its kind: `guid:…`, `link:…`, `title:…` or `text:…`. It depends on the item (and on items
with the same guid), never on its place in the document, so that reordering changes nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from marsad.model import IdentityPolicy, KnownItem, ParsedItem

_LONGEST_KEY = 200
_MIGRATION_SHARE = 0.8
_MIGRATION_LEAST_ITEMS = 5
_SHORTEST_TELLING_TITLE = 12

# Parameters that say where a reader came from, not what he reads.
_TRACKING = re.compile(
    r"(?:utm_\w+|at_\w+|mc_\w+|ns_\w+|pk_\w+|mtm_\w+|fbclid|gclid|dclid|yclid|ysclid|igshid|_hsenc|_hsmi|msclkid"
    r"|cmpid|traffic_source|partner|rss|ref|referrer|source|from|at)",
    re.IGNORECASE,
)


def assign_keys(items: Sequence[ParsedItem], policy: IdentityPolicy) -> list[tuple[str, ParsedItem]]:
    """Return each item of one document once, with its key, in document order.

    AUTO takes the guid, else the link, else title and date, else the text. Where items of one key are plainly
    separate, all of them get into their key what tells them apart: the link, the title, the date. Of others
    with the same key the first stays, and the rest is the same item said twice.
    """
    same: dict[str, list[ParsedItem]] = {}
    for item in items:
        same.setdefault(_key(item, policy), []).append(item)
    keys: dict[int, str] = {}
    for key, group in same.items():
        keys.update(_told_apart(key, group, _TELLING, policy))
    keyed: dict[str, ParsedItem] = {}
    for item in items:
        keyed.setdefault(_shorten(keys[id(item)]), item)
    return list(keyed.items())


def _key(item: ParsedItem, policy: IdentityPolicy) -> str:
    revision = item.revision
    if policy is IdentityPolicy.TITLE and revision.title:
        return f"title:{revision.title}"
    if policy is IdentityPolicy.AUTO and item.guid:
        return f"guid:{item.guid}"
    if policy is not IdentityPolicy.TITLE and revision.link:
        return f"link:{canonical_link(revision.link)}"
    if revision.title:
        return f"title:{revision.title} {revision.published_text}"
    return f"guid:{item.guid}" if item.guid else f"text:{revision.hash}"


def _told_apart(
    key: str,
    group: Sequence[ParsedItem],
    telling: Sequence[Callable[[ParsedItem], str]],
    policy: IdentityPolicy,
) -> dict[int, str]:
    """Return the final keys of the items of *group*, by their `id`, which so far are all called *key*."""
    if len(group) == 1 or not telling or not _are_separate(key, group, policy):
        return {id(item): key for item in group}
    parts: dict[str, list[ParsedItem]] = {}
    for item in group:
        parts.setdefault(telling[0](item), []).append(item)
    if len(parts) == 1:
        return _told_apart(key, group, telling[1:], policy)
    keys: dict[int, str] = {}
    for told, part in parts.items():
        keys.update(_told_apart(f"{key} {told}", part, telling[1:], policy))
    return keys


def _link(item: ParsedItem) -> str:
    return canonical_link(item.revision.link) if item.revision.link else ""


_TELLING: tuple[Callable[[ParsedItem], str], ...] = (
    lambda item: _link(item) or item.revision.title,
    lambda item: item.revision.title,
    lambda item: item.revision.published_text,
)
"""What may tell items of one key apart, in the order in which it is tried: least often edited first."""


def _are_separate(key: str, group: Sequence[ParsedItem], policy: IdentityPolicy) -> bool:
    """Return whether some two items of *group* cannot be the same, whatever their order.

    Those differ in title and in link; or in title alone where no guid says that they are the same; or in
    date and text, as where a publisher gives every item the guid or link of the page they stand on. Under
    one guid and link a title that differs alone is a correction, listed beside what it corrects.
    """
    titles = {item.revision.title for item in group}
    links = {_link(item) for item in group}
    if len(titles) > 1 and (len(links) > 1 or "" in links):
        # Two links whose titles are not one and the same title hold such a pair.
        return True
    if policy is not IdentityPolicy.AUTO:
        return False
    if len(titles) > 1 and key.startswith("link:"):
        return True
    dated = [item.revision for item in group if item.revision.published_text]
    return len({one.published_text for one in dated}) > 1 and len({one.hash for one in dated}) > 1


def _shorten(key: str) -> str:
    """Return *key*, or its kind and a hash where it is too long for an index."""
    if len(key) <= _LONGEST_KEY:
        return key
    kind = key.partition(":")[0]
    return f"{kind}:sha256:{hashlib.sha256(key.encode('utf-8')).hexdigest()}"


def canonical_link(link: str) -> str:
    """Return what stays of *link* when a site moves to https, adds www, a slash, or tracking parameters."""
    parts = urlsplit(link)
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = "&".join(
        pair for pair in parts.query.split("&") if pair and not _TRACKING.fullmatch(pair.partition("=")[0])
    )
    # A fragment can tell live-blog entries apart, unless it is a tracking one.
    fragment = "" if _TRACKING.fullmatch(parts.fragment.partition("=")[0]) else parts.fragment
    path = parts.path.rstrip("/")
    return f"{host}{port}{path}" + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


@dataclass(frozen=True, kw_only=True)
class Recognition:
    """Items that a feed calls by another name than before."""

    renamed: tuple[tuple[str, str], ...]
    """(old key, new key): the same item."""
    migrated: bool
    """Nearly all of the feed's items changed their keys at once: the operator should know."""


def recognise(
    keyed: Sequence[tuple[str, ParsedItem]], *, known_keys: Collection[str], latest: Sequence[KnownItem]
) -> Recognition:
    """Find, among the items of a known feed that have unknown keys, those that are known under another.

    *latest* are the feed's items seen last, a few hundred, newest first. An item is recognised by the
    same link (but for https, www and tracking) with the same title or text. Where more than four in five of
    at least five items are unknown at once, and most of these have a known title or text, the feed has
    migrated, and title or text alone is enough. What is not recognised is new.
    """
    unknown = [(key, item) for key, item in keyed if key not in known_keys]
    taken = {key for key, _ in keyed if key in known_keys}
    candidates = [known for known in latest if known.key not in taken]
    if not unknown or not candidates:
        return Recognition(renamed=(), migrated=False)
    many = len(keyed) >= _MIGRATION_LEAST_ITEMS and len(unknown) > _MIGRATION_SHARE * len(keyed)
    renamed = _pair(unknown, candidates, _BY_LINK)
    if many:
        loosely = _pair(unknown, candidates, (*_BY_LINK, *_BY_TEXT))
        if len(loosely) * 2 > len(unknown):
            return Recognition(renamed=tuple(loosely), migrated=True)
    return Recognition(renamed=tuple(renamed), migrated=many and len(renamed) * 2 > len(unknown))


_Feature = Callable[[str | None, str, str], tuple[str, ...] | None]
"""From (link, title, hash) to what must be equal; None where it tells nothing."""


def _link_and_text(link: str | None, title: str, text_hash: str) -> tuple[str, ...] | None:
    return (canonical_link(link), text_hash) if link else None


def _link_and_title(link: str | None, title: str, text_hash: str) -> tuple[str, ...] | None:
    return (canonical_link(link), title) if link and title else None


def _text(link: str | None, title: str, text_hash: str) -> tuple[str, ...] | None:
    return (text_hash,)


def _title(link: str | None, title: str, text_hash: str) -> tuple[str, ...] | None:
    return (title,) if len(title) >= _SHORTEST_TELLING_TITLE else None


_BY_LINK: tuple[_Feature, ...] = (_link_and_text, _link_and_title)
_BY_TEXT: tuple[_Feature, ...] = (_text, _title)


def _pair(
    unknown: Iterable[tuple[str, ParsedItem]], candidates: Sequence[KnownItem], features: Sequence[_Feature]
) -> list[tuple[str, str]]:
    """Pair unknown and known items one to one, by the first feature equal and unique on both sides."""
    renamed: list[tuple[str, str]] = []
    left = {key: item.revision for key, item in unknown}
    right = {known.key: known for known in candidates}
    for feature in features:
        new = {key: feature(r.link, r.title, r.hash) for key, r in left.items()}
        old = {key: feature(k.link, k.title, k.hash) for key, k in right.items()}
        new_counts, old_counts = Counter(new.values()), Counter(old.values())
        by_feature = {value: key for key, value in old.items() if old_counts[value] == 1}
        for key, value in new.items():
            if value is None or new_counts[value] != 1 or value not in by_feature:
                continue
            old_key = by_feature[value]
            renamed.append((old_key, key))
            del left[key], right[old_key]
    return renamed
