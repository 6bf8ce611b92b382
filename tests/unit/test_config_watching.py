"""A change of the files is noticed, however it was made."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest

from marsad import config
from marsad.config import Stamp, watching
from tests.unit.config_folder import FEED, write

BOUND_S = 20.0
Change = Callable[[], Coroutine[None, None, Stamp]]


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(watching, "_QUIET_MS", 50)


@asynccontextmanager
async def watched(folder: Path, **options) -> AsyncIterator[Change]:
    """Watch *folder*; what is yielded waits for the next change."""
    async with aclosing(config.watch_files(folder, stop=asyncio.Event(), **options)) as changes:

        async def change():
            async with asyncio.timeout(BOUND_S):
                return await anext(changes)

        yield change


async def after(change: Change, act: Callable[[], object]) -> None:
    """Start to wait for a change, then *act*, and have the change reported."""
    waiting = asyncio.create_task(change())
    await asyncio.sleep(0.2)  # let the watch begin: nothing depends on it but the way by which it is noticed
    act()
    await waiting


async def test_a_file_that_is_written_added_replaced_or_removed_is_noticed(tmp_path):
    folder = write(tmp_path / "a folder")
    new = folder / "feeds.toml.new"
    new.write_text("")
    async with watched(folder) as change:
        await after(change, lambda: (folder / "feeds.toml").write_text(FEED + "# more"))
        await after(change, lambda: (folder / "entities.toml").write_text(""))
        await after(change, lambda: os.replace(new, folder / "feeds.toml"))
        await after(change, lambda: (folder / "entities.toml").unlink())


async def test_a_watch_folder_that_is_made_later_is_noticed_with_all_that_happens_in_it(tmp_path):
    folder = write(tmp_path)

    def make():
        (folder / "watches.d").mkdir()
        (folder / "watches.d/a.toml").write_text("")

    async with watched(folder) as change:
        await after(change, make)
        await after(change, lambda: (folder / "watches.d/b.toml").write_text(""))
        await after(change, lambda: (folder / "watches.d/a.toml").unlink())


async def test_a_mount_whose_link_is_swapped_is_noticed(tmp_path):
    folder = tmp_path / "mounted"
    folder.mkdir()
    for version in ("one", "two"):
        write(tmp_path / version, {"feeds.toml": FEED + f"# {version}"})
    (folder / "..data").symlink_to(tmp_path / "one")
    for name in os.listdir(tmp_path / "one"):
        (folder / name).symlink_to(Path("..data") / name)

    def swap():
        (folder / "..new").symlink_to(tmp_path / "two")
        os.replace(folder / "..new", folder / "..data")

    async with watched(folder) as change:
        await after(change, swap)


async def test_a_change_made_between_loading_and_watching_is_reported_at_once(tmp_path):
    folder = write(tmp_path)
    settings = config.load(folder, environ={})
    (folder / "feeds.toml").write_text(FEED + "# more")
    async with watched(folder, since=settings.stamp) as change:
        assert await change() == config.load(folder, environ={}).stamp


async def test_other_files_and_touches_without_change_are_no_news(tmp_path):
    folder = write(tmp_path)
    async with watched(folder) as change:
        waiting = asyncio.create_task(change())
        await asyncio.sleep(0.2)
        (folder / "marsad.sqlite").write_text("x")
        (folder / "feeds.toml~").write_text("x")
        done, _ = await asyncio.wait([waiting], timeout=0.7)
        assert not done
        (folder / "feeds.toml").write_text("")
        await waiting


async def test_without_inotify_files_are_looked_at(tmp_path, monkeypatch):
    def none_left(*_paths, **_options):
        raise OSError("no inotify watches left")

    monkeypatch.setattr(watching, "awatch", none_left)
    monkeypatch.setattr(watching, "_LOOK_EVERY_S", 0.05)
    folder = write(tmp_path)
    async with watched(folder) as change:
        await after(change, lambda: (folder / "feeds.toml").write_text(FEED + "# more"))


async def test_a_folder_that_is_gone_for_a_while_does_not_end_the_watch(tmp_path, monkeypatch):
    monkeypatch.setattr(watching, "_LOOK_EVERY_S", 0.2)
    folder = write(tmp_path / "config")
    async with watched(folder) as change:
        await after(change, lambda: os.rename(folder, tmp_path / "away"))
        await after(change, lambda: os.rename(tmp_path / "away", folder))
        await after(change, lambda: (folder / "feeds.toml").write_text(FEED + "# more"))


async def test_a_cancelled_watch_ends_at_once(tmp_path):
    folder = write(tmp_path)

    async def watch():
        async with watched(folder) as change:
            await change()

    task = asyncio.create_task(watch())
    await asyncio.sleep(0.2)
    task.cancel()
    async with asyncio.timeout(2):
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_watching_ends_when_it_is_told_to_stop(tmp_path):
    stop = asyncio.Event()
    changes = config.watch_files(write(tmp_path), stop=stop)
    watching = asyncio.ensure_future(anext(changes, None))
    await asyncio.sleep(0)
    stop.set()
    assert await asyncio.wait_for(watching, 3) is None
