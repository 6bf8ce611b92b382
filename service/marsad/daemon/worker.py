"""One worker from its start to an end in which nothing is cut off: stages, reload, proof of life.

Stages take what is due from the database: polls, plans and sends;
new watches look back. What they work by is one value, `Configuration`, swapped whole at a reload.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from marsad import __version__, ops
from marsad.channels.links import ascii_domain
from marsad.config import Settings, watch_files
from marsad.daemon.clockwork import Clockwork
from marsad.errors import ConfigurationError, StoreError, StoreUnavailable
from marsad.feeds.fetch import Fetcher
from marsad.feeds.worker import ParserPool
from marsad.operations import configuration
from marsad.operations.configuration import Configuration
from marsad.pipeline.archiving import index_archive
from marsad.pipeline.dispatcher import Dispatcher
from marsad.pipeline.judging import judging
from marsad.pipeline.look_back import SETTLING, Pauses, look_back
from marsad.pipeline.mailing import channel_of, composer
from marsad.pipeline.planner import PlanReport, plan_deliveries
from marsad.pipeline.poller import Poller
from marsad.store import channels, schema, sqlite_file, workers
from marsad.store.database import Database
from marsad.store.workers import Presence

log = logging.getLogger(__name__)

TICK = timedelta(seconds=1)
"""How often a stage looks for what is due: the delay it adds; a tick too many costs a small read."""
BEAT = timedelta(seconds=10)
"""How often a worker says that it works; `marsad status --health` allows for several lost ones."""
ARCHIVE_TICK = timedelta(minutes=1)
"""How often the index of the archive is brought up to date; until then previews read the rest."""
DRAIN = timedelta(seconds=28)
"""How long a stop waits for polls and mails under way, so that it is over in 30 s."""

_EVERY = {"polls": TICK, "plans": TICK, "sends": TICK, "beats": BEAT, "archive": ARCHIVE_TICK}
"""What ticks, and how often."""

_FIRST_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(minutes=1)
"""How long a stage waits before it tries again what failed as a whole."""

_IMPATIENCE_S = 0.5
"""A second signal to stop after this means: at once."""

_PARSERS = 2
"""Parse workers. They are processes: one that is busy for ten seconds keeps nobody but the second one."""


def run(folder: Path | None, *, once: bool = False) -> int:
    """Run the service until SIGTERM or, with *once*, until nothing is due; return the exit code.

    Raises ConfigurationError, StoreLocked or another StoreError where it cannot start.
    """
    os.umask(0o077)
    in_force = configuration.read(folder)
    with Database.open(in_force.settings.store.url) as database, _held(database):
        schema.prepare(database)
        worker = Worker(in_force, database=database, folder=folder)
        return asyncio.run(worker.run_once() if once else worker.run())


@contextmanager
def _held(database: Database) -> Iterator[None]:
    """Hold a SQLite file for this process alone; any number of them may share a PostgreSQL."""
    with nullcontext() if database.path is None else sqlite_file.lock_sqlite(database.path):
        yield


class Worker:
    """One process at work on a database."""

    def __init__(self, in_force: Configuration, *, database: Database, folder: Path | None) -> None:
        self._in_force = in_force
        self._database = database
        self._folder = folder
        # New with every start: what a former process of the same number leased is not ours.
        self._name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
        self._presence = Presence(database, self._name)
        self._randomness = random.SystemRandom()
        self._stopping = asyncio.Event()
        self._stopping_since = 0.0
        self._reload = asyncio.Event()
        self._clockwork = Clockwork(_EVERY, without_ticks=["look-backs"])
        self._poller: Poller | None = None
        self._dispatcher: Dispatcher | None = None
        self._refused = ""
        """Why the configuration on the disk is not the one in force."""
        self._failing: dict[str, str] = {}
        """Stage -> why it could not work when it last tried."""

    # ── two lives ───────────────────────────────────────────────────────────────────────────────

    async def run(self) -> int:
        """Work until a signal says stop."""
        await self._start()
        try:
            with self._signals(), self._clockwork:
                await self._work()
        finally:
            await self._leave()
        return 0

    async def run_once(self) -> int:
        """Poll what is due, plan, deliver; return 1 where mails could not leave."""
        await self._start()
        try:
            with self._signals():
                async with self._polling() as poller:
                    await poller.retry_failed()
                    polled = await poller.poll_due()
                await self._look_back(None)
                await self._plan_all(polling_ended=True)
                async with self._sending() as dispatcher:
                    tried = 0 if self._stopping.is_set() else await dispatcher.send_due()
                channel = await self._database.read(channels.load, self._in_force.settings.mail.channel)
        finally:
            await self._leave()
        log.info("nothing is due any more", extra={"polls": polled, "deliveries_tried": tried})
        if channel.paused_at is None:
            return 0
        log.error("mails cannot leave", extra={"channel": channel.name, "reason": channel.reason})
        return 1

    async def _start(self) -> None:
        now = _now()
        if self._database.path is not None:
            await self._database.transaction(workers.free_all_leases, now=now)
        await self._announce()
        report = await self._database.transaction(configuration.sync, self._in_force, now=now)
        settings = self._in_force.settings
        log.info(
            "marsad is running",
            extra={
                "version": __version__,
                "worker": self._name,
                "config": str(settings.folder),
                "store": self._database.place.removeprefix("database "),
                "channel": settings.mail.channel,
                "feeds": len(settings.feeds),
                "watches": len(settings.watches),
                "recipients": len(settings.recipients),
            },
        )
        configuration.tell_changes(report)

    async def _leave(self) -> None:
        """Give back what this worker holds; where the database is gone, its end is noticed all the same."""
        try:
            await self._database.transaction(workers.free_leases, self._name, now=_now())
            await asyncio.to_thread(self._presence.end)
        except StoreError as error:
            log.warning("leases not given back", extra={"reason": str(error)})
        log.info("marsad has stopped", extra={"worker": self._name})

    async def _work(self) -> None:
        async with asyncio.TaskGroup() as group:
            stages = [
                group.create_task(self._polls(), name="polls"),
                group.create_task(self._plans(), name="plans"),
                group.create_task(self._sends(), name="sends"),
                group.create_task(self._look_backs(), name="look-backs"),
                group.create_task(self._archive(), name="archive"),
            ]
            group.create_task(self._look_at_files(), name="files")
            helpers = [
                group.create_task(self._beats(), name="beats"),
                group.create_task(self._reloads(), name="reloads"),
            ]
            await self._stopping.wait()
            for helper in helpers:
                helper.cancel()
            _, late = await asyncio.wait(stages, timeout=DRAIN.total_seconds())
            for stage in late:
                log.warning("cut off", extra={"stage": stage.get_name()})
                stage.cancel()

    # ── signals and ticks ───────────────────────────────────────────────────────────────────────

    @contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop, number)
        loop.add_signal_handler(signal.SIGHUP, self._reload.set)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                loop.remove_signal_handler(number)

    def _stop(self, number: signal.Signals) -> None:
        if self._stopping.is_set():
            # timeout(1) and some supervisors signal a process and then its group: one wish, told twice.
            if asyncio.get_running_loop().time() - self._stopping_since < _IMPATIENCE_S:
                return
            # What is under way is for whoever starts next, as after a crash.
            os._exit(128 + number)
        log.info("stopping", extra={"signal": number.name})
        self._stopping_since = asyncio.get_running_loop().time()
        self._stopping.set()
        for one in (self._poller, self._dispatcher):
            if one is not None:
                one.stop()
        self._clockwork.wake_all()

    # ── stages ──────────────────────────────────────────────────────────────────────────────────

    async def _polls(self) -> None:
        while not self._stopping.is_set():
            settings = self._in_force.settings
            async with self._polling() as poller:
                await self._stage("polls", poller.retry_failed)
                while not self._stopping.is_set() and _requests(settings) == _requests(
                    self._in_force.settings
                ):
                    await self._stage("polls", poller.poll_due)

    async def _plans(self) -> None:
        while not self._stopping.is_set():
            await self._stage("plans", self._plan_all)

    async def _sends(self) -> None:
        while not self._stopping.is_set():
            mail = self._in_force.settings.mail
            async with self._sending() as dispatcher:
                while not self._stopping.is_set() and self._in_force.settings.mail == mail:
                    await self._stage("sends", dispatcher.send_due)

    async def _look_backs(self) -> None:
        """Let new watches look back at the start and after each reload."""
        self._clockwork.wake("look-backs")
        while not self._stopping.is_set():
            await self._stage("look-backs", partial(self._look_back, self))

    async def _look_back(self, pauses: Pauses | None) -> int:
        with judging() as judge:
            return await look_back(self._database, self._in_force.polled, judge, clock=_now, pauses=pauses)

    async def _archive(self) -> None:
        while not self._stopping.is_set():
            await self._stage("archive", self._index_archive)

    async def _index_archive(self) -> None:
        with judging() as judge:
            await index_archive(self._database, judge, clock=_now, stopped=self._stopping.is_set)

    def interrupted(self) -> bool:
        """Tell that a look-back need not go on (`Pauses`): the service stops, or watches have changed."""
        return self._clockwork.is_due("look-backs")

    async def settle(self) -> None:
        """Wait for the polls that were under way when watches changed (`Pauses`)."""
        await self._clockwork.due("look-backs", within=SETTLING)

    async def _stage(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Do *work* when the stage's tick comes; where it fails as a whole, wait before the next time.

        A database that is gone or full must not stop the service, and neither must a defect of ours in one
        round: after it nothing would be polled or sent, while the process looks alive.
        """
        await self._clockwork.next(name)
        pause = _FIRST_PAUSE
        while not self._stopping.is_set():
            try:
                await work()
            except Exception as error:
                cause = _cause(error)
                told = (
                    str(cause) if isinstance(cause, StoreUnavailable) else f"{type(cause).__name__}: {cause}"
                )
                if self._failing.get(name) != told:
                    log.error("stage cannot work", exc_info=error, extra={"stage": name, "reason": told})
                self._failing[name] = told
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause.total_seconds()):
                        await self._stopping.wait()
                pause = min(pause * 2, _LONGEST_PAUSE)
                continue
            if self._failing.pop(name, None) is not None:
                log.info("stage works again", extra={"stage": name})
            return

    @asynccontextmanager
    async def _polling(self) -> AsyncIterator[Poller]:
        """Yield the poller, with a client that asks as the settings in force say."""
        settings = self._in_force.settings
        async with (
            Fetcher(
                user_agent=user_agent(settings.service.contact),
                config_dir=settings.folder,
                timeout=settings.poll.timeout,
                max_body=settings.poll.max_body,
            ) as fetcher,
            ParserPool(_PARSERS) as parsers,
        ):
            self._poller = Poller(
                database=self._database,
                fetcher=fetcher,
                parsers=parsers,
                worker=self._name,
                in_force=lambda: self._in_force.polled,
                randomness=self._randomness,
            )
            try:
                yield self._poller
            finally:
                self._poller = None

    @asynccontextmanager
    async def _sending(self) -> AsyncIterator[Dispatcher]:
        """Yield the dispatcher, with the channel that the settings in force name."""
        settings = self._in_force.settings
        channel = channel_of(settings)
        self._dispatcher = Dispatcher(
            database=self._database,
            channel=channel,
            compose=composer(
                sender=settings.mail.sender,
                sender_name=settings.mail.sender_name,
                contact=settings.service.contact,
            ),
            worker=self._name,
            retry_for=settings.mail.retry_for,
            connections=settings.mail.smtp.connections if settings.mail.smtp else 1,
            randomness=self._randomness,
        )
        try:
            yield self._dispatcher
        finally:
            self._dispatcher = None
            await channel.close()

    async def _plan_all(self, *, polling_ended: bool = False) -> None:
        sender = self._in_force.settings.mail.sender
        more = True
        while more:
            report: PlanReport = await self._database.transaction(
                plan_deliveries,
                now=_now(),
                message_id_domain=ascii_domain(sender).rpartition("@")[2],
                polling_ended=polling_ended,
            )
            more = report.more and not self._stopping.is_set()

    # ── proof of life ───────────────────────────────────────────────────────────────────────────

    async def _beats(self) -> None:
        while True:
            await self._clockwork.next("beats")
            try:
                await self._announce()
            except StoreError as error:
                log.warning("proof of life not recorded", extra={"reason": str(error)})

    async def _announce(self) -> None:
        """Say that this worker lives and what troubles it; free what others left who do not live."""
        now = _now()
        if await asyncio.to_thread(self._presence.renew, now=now):
            log.info("worker announced", extra={"worker": self._name})
        trouble = "; ".join([self._refused] * bool(self._refused) + [*self._failing.values()])
        await self._database.transaction(workers.beat, self._name, trouble=trouble, now=now)
        for name in await self._database.transaction(workers.free_leases_of_dead, now=now):
            log.warning("leases of a dead worker freed", extra={"worker": name})

    # ── reload ──────────────────────────────────────────────────────────────────────────────────

    async def _look_at_files(self) -> None:
        settings = self._in_force.settings
        async for _ in watch_files(settings.folder, stop=self._stopping, since=settings.stamp):
            self._reload.set()

    async def _reloads(self) -> None:
        while True:
            await self._reload.wait()
            self._reload.clear()
            try:
                await self._read_again()
            except ConfigurationError as error:
                self._refuse(error)
            except StoreUnavailable as error:
                log.error("configuration not changed: %s", error)
                asyncio.get_running_loop().call_later(_LONGEST_PAUSE.total_seconds(), self._reload.set)
            self._clockwork.wake("beats")

    async def _read_again(self) -> None:
        fresh = await asyncio.to_thread(configuration.read, self._folder, former=self._in_force)
        self._refused = ""
        if fresh is self._in_force:
            log.info("configuration read again: nothing has changed")
            return
        report = await self._database.transaction(configuration.sync, fresh, now=_now())
        former, self._in_force = self._in_force, fresh
        log.info("configuration in force", extra={"watches": len(fresh.settings.watches)})
        configuration.tell_changes(report)
        if self._poller is not None:
            if _requests(former.settings) != _requests(fresh.settings):
                self._poller.stop()
            else:
                await self._poller.retry_failed()
        if self._dispatcher is not None and former.settings.mail != fresh.settings.mail:
            self._dispatcher.stop()
        self._clockwork.wake_all()

    def _refuse(self, error: ConfigurationError) -> None:
        for mistake in error.mistakes:
            log.error("configuration mistake: %s", mistake)
        count = len(error.mistakes)
        self._refused = (
            f"the changed configuration has {count} mistake{'s' if count > 1 else ''}, the former one is in"
            f" force: {error.mistakes[0]}"
        )
        log.error("changed configuration refused, the former one stays in force", extra={"mistakes": count})


def user_agent(contact: str) -> str:
    """Return who asks for a feed: the product and the operator's *contact*, nothing of what is watched."""
    return f"Marsad/{__version__}" + (f" (+{ops.visible(contact)})" if contact else "")


def _requests(settings: Settings) -> tuple[object, ...]:
    """Return what the client of the poller is made of."""
    return settings.service.contact, settings.poll.timeout, settings.poll.max_body


def _cause(error: Exception) -> Exception:
    """Return the first error of what may be a group of them."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def _now() -> datetime:
    return datetime.now(UTC)
