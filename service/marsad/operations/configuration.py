"""The configuration in force: read from the files, compiled, and made rows (T0), at start and at reload."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from marsad import config
from marsad.config import Settings
from marsad.matching.matcher import WatchSet
from marsad.matching.watchset import Compilation
from marsad.operations.check import load_configuration
from marsad.pipeline.mailing import channel_of
from marsad.pipeline.poller import InForce
from marsad.store import configuration as store
from marsad.store.configuration import Changes, SyncReport
from marsad.store.database import Connection

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """Settings and the watches compiled from them: one value, swapped whole."""

    settings: Settings
    compilation: Compilation

    @property
    def watch_set(self) -> WatchSet:
        return self.compilation.watch_set

    @property
    def polled(self) -> InForce:
        """What the poller works by."""
        return InForce(
            feeds={feed.id: feed for feed in self.settings.feeds},
            poll=self.settings.poll,
            watch_set=self.watch_set,
        )


def read(folder: Path | None, *, former: Configuration | None = None) -> Configuration:
    """Read and compile the files; *former* itself where they say the same.

    What only a restart can change is kept as *former* has it, and told. Takes a second or more: forms are
    computed in a child process. Raises ConfigurationError with every mistake.
    """
    if former is not None and _says_the_same(folder, former):
        return former
    checked = load_configuration(folder, former=former.compilation if former is not None else None)
    settings = checked.settings
    if former is not None:
        settings = _keep_fixed(settings, former.settings)
        _tell_what_is_kept(checked.settings, settings)
    channel_of(settings)  # what it is made of can be wrong, too
    for warning in checked.warnings:
        log.warning("configuration is doubtful: %s", warning)
    return Configuration(settings=settings, compilation=checked.compilation)


def _says_the_same(folder: Path | None, former: Configuration) -> bool:
    """Tell by a quick look, before anything is compiled."""
    draft = config.read(folder)
    return not draft.mistakes and _keep_fixed(draft.settings, former.settings) == former.settings


def _keep_fixed(settings: Settings, former: Settings) -> Settings:
    """Return *settings* with the places of the state and of the database as they were at the start."""
    service = replace(settings.service, state=former.service.state)
    mail = replace(settings.mail, maildir=former.mail.maildir)
    return replace(settings, store=former.store, service=service, mail=mail)


def _tell_what_is_kept(read: Settings, kept: Settings) -> None:
    if read.service.state != kept.service.state:
        log.warning("a changed key needs a restart", extra={"key": "service.state"})
    if read.store != kept.store:
        log.warning("a changed key needs a restart", extra={"key": "store"})


def sync(conn: Connection, configuration: Configuration, *, now: datetime) -> SyncReport:
    """Make the rows say what *configuration* says (T0)."""
    settings = configuration.settings
    return store.sync_configuration(
        conn,
        feeds=settings.feeds,
        watches=settings.watches,
        versions=configuration.watch_set.versions(),
        entities=settings.entities,
        recipients=settings.recipients,
        channel=settings.mail.channel,
        now=now,
    )


def tell_changes(report: SyncReport) -> None:
    """Log what a start or reload changed, one line a family."""
    for family, changes in (
        ("feeds", report.feeds),
        ("watches", report.watches),
        ("entities", report.entities),
        ("recipients", report.recipients),
    ):
        if changes:
            log.info(f"{family} changed", extra=_counted(changes))  # noqa: G004 - one of four words
    if report.dead_deliveries:
        log.warning("deliveries of removed recipients are dead", extra={"deliveries": report.dead_deliveries})


def _counted(changes: Changes) -> dict[str, object]:
    """Return the ids where they are few, else how many there are."""
    told: dict[str, object] = {}
    for name in ("added", "changed", "removed"):
        ids: tuple[str, ...] = getattr(changes, name)
        if ids:
            told[name] = ",".join(ids) if len(ids) <= 10 else len(ids)
    return told
