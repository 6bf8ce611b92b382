"""From the files of a folder to `Settings`, or to every mistake in them at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from marsad.config import entries, files, sections
from marsad.config.files import Source, Unreadable
from marsad.config.findings import Findings
from marsad.config.places import Places
from marsad.config.settings import Settings
from marsad.config.values import near
from marsad.errors import ConfigurationError
from marsad.model import Mistake

FOLDER_VARIABLE = "MARSAD_CONFIG"
DEFAULT_FOLDER = "config"
_HINTS = {
    files.MAIN: "every key in it is optional: an empty file will do",
    files.FEEDS: "write [[feed]] with id and url into it",
}


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A configuration as far as it could be read: in force only where there are no mistakes."""

    settings: Settings
    """Without the entries that are wrong."""
    mistakes: tuple[Mistake, ...]
    lost_entities: frozenset[str] | None
    """Ids of the entities that are wrong; None where the file cannot be read, so that any may be."""
    lost_watches: frozenset[str] | None
    """The same of watches."""
    feeds_known: bool
    """False where the feeds, or some of them, could not be read."""
    main_known: bool
    """False where something is wrong with marsad.toml: its database may be another one than is meant."""


def load(
    folder_or_file: str | os.PathLike[str] | None = None, *, environ: Mapping[str, str] | None = None
) -> Settings:
    """Read the configuration in a folder, or beside a marsad.toml.

    None asks `MARSAD_CONFIG`, then takes `config`. Raises `ConfigurationError` with all mistakes. *environ*
    replaces the environment of the process.
    """
    draft = read(folder_or_file, environ=environ)
    if draft.mistakes:
        raise ConfigurationError(draft.mistakes)
    return draft.settings


def read(
    folder_or_file: str | os.PathLike[str] | None = None, *, environ: Mapping[str, str] | None = None
) -> Draft:
    """Read the same as `load`, with the mistakes beside what could be read.

    Raises `ConfigurationError` where there is no folder to read.
    """
    environ = os.environ if environ is None else environ
    given = files.expanded(folder_or_file or environ.get(FOLDER_VARIABLE) or DEFAULT_FOLDER)
    folder, main_name = _locate(given)
    stamp = files.stamp(folder)
    findings = Findings()
    main = _read(findings, folder, main_name, required=True)
    feeds = _read(findings, folder, files.FEEDS, required=True)
    entities = _read(findings, folder, files.ENTITIES)
    recipients = _read(findings, folder, files.RECIPIENTS)
    watches = [_read(findings, folder, files.WATCHES), *_read_watch_folder(findings, folder)]
    _doubt_other_files(findings, folder, main_name)

    section = sections.read(findings, main, folder=folder, environ=environ)
    feed_definitions = entries.feeds(findings, feeds, folder=folder)
    entity_definitions = entries.entities(findings, entities)
    packs = entries.packs(findings, entities)
    recipient_definitions = entries.recipients(findings, recipients, timezone=section.service.timezone)
    watch_sources = [source for source in watches if source is not None]
    watch_definitions = entries.watches(
        findings,
        watch_sources,
        feeds=feeds,
        recipients=recipients,
        timezone=section.service.timezone,
    )
    settings = Settings(
        folder=folder,
        service=section.service,
        store=section.store,
        poll=section.poll,
        mail=section.mail,
        feeds=feed_definitions,
        entities=entity_definitions,
        packs=packs,
        watches=watch_definitions,
        recipients=recipient_definitions,
        warnings=in_reading_order(findings.warnings),
        places=Places([*watch_sources, *([entities] if entities is not None else [])]),
        stamp=stamp,
    )
    lost = None
    if entities is not None:
        read_ones = {definition.id for definition in entity_definitions}
        lost = entries.known_ids(entities, "entity") - read_ones
    lost_watches = None
    if len(watch_sources) == len(watches):
        written = {name for source in watch_sources for name in entries.known_ids(source, "watch")}
        lost_watches = frozenset(written - {watch.id for watch in watch_definitions})
    return Draft(
        settings=settings,
        mistakes=in_reading_order(findings.mistakes),
        lost_entities=lost,
        lost_watches=lost_watches,
        feeds_known=all(mistake.file != files.FEEDS for mistake in findings.mistakes),
        main_known=all(mistake.file != main_name for mistake in findings.mistakes),
    )


def in_reading_order(mistakes: Iterable[Mistake]) -> tuple[Mistake, ...]:
    """Return *mistakes* file by file, as each was named first, and by line."""
    listed = list(mistakes)
    rank = {name: place for place, name in enumerate(dict.fromkeys(mistake.file for mistake in listed))}
    return tuple(sorted(listed, key=lambda mistake: (rank[mistake.file], mistake.line or 0)))


def _locate(given: Path) -> tuple[Path, str]:
    """Return the folder, and the name in it of what is read as marsad.toml."""
    try:
        resolved = given.resolve(strict=True)
    except FileNotFoundError:
        hint = "name the folder of marsad.toml with --config or MARSAD_CONFIG"
        raise _folder_mistake(given, "does not exist", hint) from None
    except (OSError, RuntimeError) as error:
        # RuntimeError: Python 3.11 and 3.12 tell a loop of symbolic links so.
        reason = getattr(error, "strerror", None) or "too many levels of symbolic links"
        raise _folder_mistake(given, f"cannot be opened: {reason}") from error
    if resolved.is_dir():
        return resolved, files.MAIN
    # The link may stand where the other files are, and point elsewhere.
    return given.parent.resolve(), given.name


def _folder_mistake(given: Path, problem: str, hint: str = "") -> ConfigurationError:
    return ConfigurationError([Mistake(file=str(given), key="", problem=problem, hint=hint)])


def _read(findings: Findings, folder: Path, name: str, *, required: bool = False) -> Source | None:
    """Return the file; without tables where it is absent and may be; None where it cannot be used."""
    try:
        return files.read(folder, name)
    except FileNotFoundError:
        if not required:
            return Source(name=name, text="", tables={})
        problem = f"does not exist in {folder}"
        findings.mistakes.append(Mistake(file=name, key="", problem=problem, hint=_HINTS.get(name, "")))
    except Unreadable as unreadable:
        findings.mistakes.append(unreadable.mistake)
    return None


def _read_watch_folder(findings: Findings, folder: Path) -> list[Source | None]:
    if (folder / files.WATCH_FOLDER).is_file():
        problem = "is a file"
        hint = "make it a folder, or move its watches to watches.toml"
        findings.mistakes.append(Mistake(file=files.WATCH_FOLDER, key="", problem=problem, hint=hint))
    names = [f"{files.WATCH_FOLDER}/{path.name}" for path in files.watch_paths(folder)]
    return [_read(findings, folder, name, required=True) for name in names]


def _doubt_other_files(findings: Findings, folder: Path, main_name: str) -> None:
    known = {main_name, files.MAIN, files.FEEDS, files.ENTITIES, files.WATCHES, files.RECIPIENTS}
    try:
        found = sorted(path.name for path in folder.glob("*.toml") if not path.name.startswith("."))
    except OSError:
        return
    stems = {name.removesuffix(".toml"): name for name in known}
    for name in found:
        if name not in known:
            hint = near(name.removesuffix(".toml"), stems) or "further watches belong into watches.d/"
            findings.warnings.append(Mistake(file=name, key="", problem="is not read by marsad", hint=hint))
