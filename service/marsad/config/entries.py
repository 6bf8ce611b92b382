"""Feeds, entities, recipients and watches: each entry checked, then what they say of one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from marsad.config.files import Path_, Source
from marsad.config.findings import Findings, place
from marsad.config.shapes import (
    EntitiesShape,
    EntityShape,
    FeedShape,
    RecipientShape,
    SendShape,
    WatchShape,
    keys_of,
)
from marsad.config.values import Wrong, is_private_host, near, shown
from marsad.model import (
    EntityDefinition,
    FeedDefinition,
    RecipientDefinition,
    SendRule,
    WatchDefinition,
)

_LEAST_EVERY = timedelta(minutes=1)
"""For other people's servers; a feed of one's own may be asked every second."""


def feeds(findings: Findings, source: Source | None, *, folder: Path) -> tuple[FeedDefinition, ...]:
    if source is None:
        return ()
    ids, urls = _Ids(findings, "feed"), dict[str, Path_]()
    found = []
    for path, table in findings.entries(source, "feed"):
        ids.add(source, path, table)
        url = table.get("url")
        if isinstance(url, str) and url.startswith("file:"):
            _check_file(findings, source, (*path, "url"), url, folder)
        shape = findings.check(source, path, table, FeedShape)
        if shape is None:
            continue
        _check_server(findings, source, path, shape)
        if shape.url in urls:
            problem = f"is the URL of the feed at {place(source, urls[shape.url])} too"
            findings.doubt(source, (*path, "url"), problem, "each item would be told twice")
        urls.setdefault(shape.url, path)
        found.append(
            FeedDefinition(
                id=shape.id,
                url=shape.url,
                name=shape.name or shape.id,
                every=shape.every,
                tags=tuple(dict.fromkeys(shape.tags)),
                language=shape.language,
                country=shape.country,
                rank=shape.rank,
                first_contact=shape.first_contact,
                identity=shape.identity,
                headers=tuple(shape.headers.items()),
                allow_private=shape.allow_private,
            )
        )
    if not ids.places:
        findings.doubt(source, (), "names no feed, so nothing is polled", "write [[feed]] with id and url")
    return tuple(found)


def _check_file(findings: Findings, source: Source, key: Path_, url: str, folder: Path) -> None:
    try:
        file = file_feed_path(folder, url)
    except Wrong as wrong:
        findings.wrong(source, key, wrong.problem, wrong.hint)
        return
    if not file.is_file():
        findings.doubt(source, key, f"{file} is not there", "the feed fails until it is")


def _check_server(findings: Findings, source: Source, path: Path_, shape: FeedShape) -> None:
    parts = urlsplit(shape.url)
    if parts.scheme == "file" or shape.allow_private:
        return
    if shape.every is not None and shape.every < _LEAST_EVERY:
        hint = 'at least "1m" is accepted; less only for a feed of your own: file:, or allow_private = true'
        findings.wrong(source, (*path, "every"), "is too short", hint)
    key = (*path, "url")
    if is_private_host(parts.hostname or ""):
        problem = f"{parts.hostname} is not a public address, so it is not asked"
        findings.doubt(source, key, problem, "add allow_private = true if the server is yours")
    secret = parts.password or any(name.lower() in ("authorization", "cookie") for name in shape.headers)
    if parts.scheme == "http" and secret:
        findings.doubt(
            source, key, "credentials go over http in the clear", "write https:// if the server can"
        )


def file_feed_path(folder: Path, url: str) -> Path:
    """Return the file that a `file:` *url* names: inside *folder*, once links are followed, else `Wrong`."""
    parts = urlsplit(url)
    name = unquote(parts.path)
    if parts.netloc not in ("", "localhost"):
        raise Wrong("names a host", 'write "file:name.xml", relative to the folder of marsad.toml')
    if not name.strip("/") or "\0" in name:
        raise Wrong("names no file", 'write "file:name.xml", relative to the folder of marsad.toml')
    try:
        root, file = folder.resolve(), (folder / name).resolve()
    except (OSError, RuntimeError) as error:
        raise Wrong("leads through a loop of symbolic links") from error
    if not file.is_relative_to(root):
        raise Wrong(f"lies outside {root}", "put the file into the folder of marsad.toml")
    return file


def entities(findings: Findings, source: Source | None) -> tuple[EntityDefinition, ...]:
    if source is None:
        return ()
    ids = _Ids(findings, "entity")
    found = []
    for path, table in findings.entries(source, "entity", keys=keys_of(EntitiesShape)):
        ids.add(source, path, table)
        shape = findings.check(source, path, table, EntityShape)
        if shape is None:
            continue
        _check_country(findings, source, path, shape)
        found.append(
            EntityDefinition(
                id=shape.id,
                kind=shape.kind,
                name=shape.name,
                names=_aliases(shape.names),
                weak=_aliases(shape.weak),
                with_query=shape.with_query,
                not_names=tuple(dict.fromkeys(shape.not_names)),
                related=_aliases(shape.related),
                country=shape.country,
                demonyms=shape.demonyms is not False,
                capital=shape.capital is True,
            )
        )
    return tuple(found)


def packs(findings: Findings, source: Source | None) -> tuple[str, ...]:
    """Return the names of the packs of entities that are used."""
    if source is None:
        return ()
    table = {key: source.tables[key] for key in keys_of(EntitiesShape) if key in source.tables}
    shape = findings.check(source, (), table, EntitiesShape)
    return shape.use if shape is not None else ()


def _check_country(findings: Findings, source: Source, path: Path_, shape: EntityShape) -> None:
    if shape.country is not None and shape.kind != "place":
        findings.wrong(source, (*path, "country"), "is for places", 'write kind = "place"')
    for key in ("demonyms", "capital"):
        if shape.country is None and getattr(shape, key) is not None:
            hint = 'add country = "…", the ISO 3166 code'
            findings.wrong(source, (*path, key), "has no effect without a country", hint)


def _aliases(names: Mapping[str, Sequence[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((language, tuple(dict.fromkeys(aliases))) for language, aliases in names.items() if aliases)


def recipients(
    findings: Findings, source: Source | None, *, timezone: str
) -> tuple[RecipientDefinition, ...]:
    if source is None:
        return ()
    ids = _Ids(findings, "recipient")
    found = []
    for path, table in findings.entries(source, "recipient"):
        ids.add(source, path, table)
        shape = findings.check(source, path, table, RecipientShape)
        if shape is not None:
            zone = shape.timezone or timezone
            found.append(RecipientDefinition(id=shape.id, address=shape.address, timezone=zone))
    return tuple(found)


def watches(
    findings: Findings,
    sources: Iterable[Source],
    *,
    feeds: Source | None,
    recipients: Source | None,
    timezone: str,
) -> tuple[WatchDefinition, ...]:
    """Return the watches of all files.

    *feeds* and *recipients* tell which ids exist, wrong entries too; None where that file cannot be read, as
    then nothing is said of ids.
    """
    ids = _Ids(findings, "watch")
    known_feeds = known_ids(feeds, "feed") if feeds is not None else None
    known_recipients = known_ids(recipients, "recipient") if recipients is not None else None
    known_tags = _known_tags(feeds)
    zone = ZoneInfo(timezone)
    found = []
    for source in sources:
        for path, table in findings.entries(source, "watch"):
            ids.add(source, path, table)
            if known_feeds is not None:
                _check_references(findings, source, (*path, "feeds"), table.get("feeds"), known_feeds, "feed")
            if known_recipients is not None:
                _check_send(findings, source, path, table.get("send"), known_recipients)
            shape = findings.check(source, path, table, WatchShape)
            if shape is None:
                continue
            _doubt_tags(findings, source, path, shape, known_tags)
            _check_query(findings, source, path, shape)
            found.append(_watch(findings, source, path, shape, zone))
    return tuple(found)


def _watch(
    findings: Findings, source: Source, path: Path_, shape: WatchShape, zone: ZoneInfo
) -> WatchDefinition:
    begins = _instant(shape.active_from, zone, end_of_day=False)
    ends = _instant(shape.active_until, zone, end_of_day=True)
    if begins is not None and ends is not None and begins >= ends:
        findings.wrong(
            source, (*path, "until"), "is not after from", "a watch needs some time to be in force"
        )
    subscriptions: dict[tuple[str, str], int] = {}
    for position, rule in enumerate(shape.send):
        key = (rule.to, rule.when.text)
        if key in subscriptions:
            problem = f'"{shown(rule.to)}" hears of this watch "{rule.when.text}" twice'
            hint = f"remove it: {place(source, (*path, 'send', subscriptions[key]))} says the same"
            findings.wrong(source, (*path, "send", position), problem, hint)
        subscriptions.setdefault(key, position)
    if not shape.send:
        findings.doubt(source, path, "tells nobody", 'add [[watch.send]] with to = "…"')
    name = shape.name or shape.id
    lists = tuple((key, tuple(texts)) for key, texts in _lists(shape) if texts and shape.query is None)
    return WatchDefinition(
        id=shape.id,
        name=name,
        label=shape.label or name,
        query=shape.query if shape.query is not None else _one_line(lists),
        lists=lists,
        languages=tuple(dict.fromkeys(shape.languages)),
        feeds=tuple(dict.fromkeys(shape.feeds)),
        tags=tuple(dict.fromkeys(shape.tags)),
        active_from=begins,
        active_until=ends,
        all_items=shape.all_items,
        send=tuple(_rule(rule) for rule in shape.send),
    )


def _lists(shape: WatchShape) -> tuple[tuple[str, list[str]], ...]:
    return ("all_of", shape.all_of), ("any", shape.any_of), ("none", shape.none_of)


def _check_query(findings: Findings, source: Source, path: Path_, shape: WatchShape) -> None:
    """A watch has a query, or lists of queries."""
    given = [key for key, texts in _lists(shape) if texts]
    if shape.query is not None and given:
        problem = f"stands beside {' and '.join(given)}"
        findings.wrong(source, (*path, "query"), problem, f"keep one, or put the query into {given[0]}")
    elif shape.query is None and not given:
        findings.wrong(source, path, "has no query", "add query = '…', or any = ['…', '…']")


def _one_line(lists: Iterable[tuple[str, Sequence[str]]]) -> str:
    """Return lists of queries as one query for people, as in a log or a preview."""
    joined = []
    for key, texts in lists:
        group = (" AND " if key == "all_of" else " OR ").join(f"({' '.join(text.split())})" for text in texts)
        joined.append(f"NOT ({group})" if key == "none" else f"({group})")
    return " AND ".join(joined)


def _rule(shape: SendShape) -> SendRule:
    return SendRule(to=shape.to, when=shape.when)


def _instant(value: datetime | date | None, zone: ZoneInfo, *, end_of_day: bool) -> datetime | None:
    """Read a date as its first moment or, of `until`, its last; a time without offset is one of *zone*."""
    if value is None:
        return None
    if not isinstance(value, datetime):
        day = value + timedelta(days=1) if end_of_day and value < date.max else value
        value = datetime.combine(day, time(), tzinfo=zone)
    elif value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return value.replace(tzinfo=UTC)


class _Ids:
    """The ids of one kind, over all files: a second one of the same letters is a mistake at both places."""

    def __init__(self, findings: Findings, kind: str) -> None:
        self.places: dict[str, tuple[str, Source, Path_]] = {}
        self._findings = findings
        self._kind = kind

    def add(self, source: Source, path: Path_, table: Mapping[str, Any]) -> None:
        name = table.get("id")
        if not isinstance(name, str):
            self.places.setdefault(f"\0{source.name}{path}", ("", source, path))
            return
        former = self.places.setdefault(name.casefold(), (name, source, path))
        if former[2] == path and former[1] is source:
            return
        where = place(former[1], former[2])
        if former[0] == name:
            problem = f"a {self._kind} with this id stands at {where} already"
        else:
            problem = f'differs from "{shown(former[0])}" at {where} only by capitals'
        self._findings.wrong(source, (*path, "id"), problem, "give each an id of its own")


def known_ids(source: Source, kind: str) -> frozenset[str]:
    """Return the ids of all entries of *kind*, wrong ones too."""
    return frozenset(entry["id"] for entry in _raw(source, kind) if isinstance(entry.get("id"), str))


def _known_tags(source: Source | None) -> frozenset[str] | None:
    if source is None:
        return None
    lists = [entry.get("tags") for entry in _raw(source, "feed")]
    return frozenset(tag for tags in lists if isinstance(tags, list) for tag in tags if isinstance(tag, str))


def _raw(source: Source, kind: str) -> list[Mapping[str, Any]]:
    value = source.tables.get(kind)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _check_references(
    findings: Findings, source: Source, path: Path_, names: object, known: frozenset[str], kind: str
) -> None:
    for position, name in enumerate(names if isinstance(names, list) else []):
        if isinstance(name, str) and name not in known:
            findings.wrong(source, (*path, position), *_undefined(name, known, kind))


def _check_send(findings: Findings, source: Source, path: Path_, send: object, known: frozenset[str]) -> None:
    for position, rule in enumerate(send if isinstance(send, list) else []):
        to = rule.get("to") if isinstance(rule, dict) else None
        if isinstance(to, str) and to not in known:
            key = (*path, "send", position, "to")
            findings.wrong(source, key, *_undefined(to, known, "recipient"))


def _undefined(name: str, known: frozenset[str], kind: str) -> tuple[str, str]:
    file = f"{kind}s.toml"
    hint = near(name, known) or f'add [[{kind}]] with id = "{shown(name)}" to {file}'
    if "@" in name:
        hint = f"name a recipient's id here; its address stands in {file}"
    return f'no {kind} has the id "{shown(name)}"', hint


def _doubt_tags(
    findings: Findings, source: Source, path: Path_, shape: WatchShape, known: frozenset[str] | None
) -> None:
    for position, tag in enumerate(shape.tags if known is not None else ()):
        if tag not in (known or ()):
            hint = near(tag, known or ()) or "the watch finds nothing by it"
            findings.doubt(source, (*path, "tags", position), f'no feed has the tag "{shown(tag)}"', hint)
