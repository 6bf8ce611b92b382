"""Is the configuration right, with its queries and names; and the watch set that comes of it."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import partial

from marsad import config
from marsad.config import Settings
from marsad.errors import ConfigurationError
from marsad.language.forms import FormsCache, expand_in_child
from marsad.matching.changes import compile_changes
from marsad.matching.matcher import WatchSet
from marsad.matching.watchset import Compilation, compile_watch_set
from marsad.model import Mistake


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A configuration with all that is wrong with it."""

    settings: Settings
    compilation: Compilation
    mistakes: tuple[Mistake, ...]
    """Of files, keys, queries and names alike, in the order of the files."""
    warnings: tuple[Mistake, ...]

    @property
    def watch_set(self) -> WatchSet:
        """Like the settings without what is wrong: to be used only where there are no mistakes."""
        return self.compilation.watch_set


def load_configuration(
    folder: str | os.PathLike[str] | None = None, *, former: Compilation | None = None
) -> Checked:
    """Read and compile the configuration in *folder*; `ConfigurationError` holds every mistake in it.

    Of *former* what stays the same is kept as it was compiled, and nothing doubtful is told of it again.
    """
    checked = check_configuration(folder, former=former)
    if checked.mistakes:
        raise ConfigurationError(checked.mistakes)
    return checked


def check_configuration(
    folder: str | os.PathLike[str] | None = None, *, former: Compilation | None = None
) -> Checked:
    """Read and compile the configuration in *folder* as far as that is possible.

    Raises `ConfigurationError` only where there is no such folder.
    """
    draft = config.read(folder)
    compilation = _compile(
        draft.settings,
        saved_forms(draft.settings),
        feeds_known=draft.feeds_known,
        lost_entities=draft.lost_entities,
        lost_watches=draft.lost_watches,
        former=former,
    )
    return Checked(
        settings=draft.settings,
        compilation=compilation,
        mistakes=config.in_reading_order((*draft.mistakes, *compilation.mistakes)),
        warnings=config.in_reading_order((*draft.settings.warnings, *compilation.warnings)),
    )


def compile_settings(
    settings: Settings, cache: FormsCache | None = None, *, only: str | None = None
) -> Compilation:
    """Compile the watches and entities of a configuration that has been read; *only* one watch, by its id.

    Forms that *cache* does not hold are computed in a child process, which takes a second to start and some
    milliseconds a term. None is the file in the state folder, where there is such a folder.
    """
    return _compile(settings, cache if cache is not None else saved_forms(settings), only=only)


def _compile(
    settings: Settings,
    cache: FormsCache,
    *,
    feeds_known: bool = True,
    lost_entities: Collection[str] | None = (),
    lost_watches: Collection[str] | None = (),
    only: str | None = None,
    former: Compilation | None = None,
) -> Compilation:
    feeds = settings.feeds if feeds_known else None
    expand = partial(expand_in_child, cache=cache)
    if former is not None:
        compilation = compile_changes(
            former,
            settings.watches,
            settings.entities,
            feeds=feeds,
            expand=expand,
            locate=settings.places.locate,
            lost_entities=lost_entities,
            lost_watches=lost_watches,
            packs=settings.packs,
        )
    else:
        compilation = compile_watch_set(
            [watch for watch in settings.watches if only is None or watch.id == only],
            settings.entities,
            feeds=feeds,
            expand=expand,
            locate=settings.places.locate,
            lost_entities=lost_entities,
            lost_watches=lost_watches,
            packs=settings.packs,
            others=settings.watches,
        )
    return replace(
        compilation,
        mistakes=config.in_reading_order(compilation.mistakes),
        warnings=config.in_reading_order(compilation.warnings),
    )


def saved_forms(settings: Settings) -> FormsCache:
    """Return the forms saved in the state folder.

    Nothing is saved where it is not there or not ours: a check, perhaps by another user, makes no folder that
    the daemon could not use.
    """
    state = settings.service.state
    return FormsCache(state if os.access(state, os.R_OK | os.W_OK | os.X_OK) else None)
