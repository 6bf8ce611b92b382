"""`marsad watch`, `marsad explain`: what queries find, and why."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click

from marsad import config, ops
from marsad.cli.database import ROW_ID, opened
from marsad.cli.marking import has_colour, show_found, show_steps
from marsad.config import Draft
from marsad.config.values import Wrong
from marsad.config.values import language as language_code
from marsad.errors import ConfigurationError, MarsadError
from marsad.matching.document import Source
from marsad.model import Mistake
from marsad.operations.explain import explained_object, load_explained, source_of
from marsad.operations.trials import Trial, TriedText, compile_query, texts_of, trial_object, try_query

_LARGEST = 50 * 2**20
"""Bytes of a file to try a query on."""


def _language(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    try:
        return language_code(value) if value is not None else None
    except Wrong as wrong:
        raise click.BadParameter(f"{wrong.problem} ({wrong.hint})") from wrong


@click.group()
def watch() -> None:
    """Try queries before they watch."""


@watch.command()
@click.argument("query")
@click.argument("files", metavar="[FILE]...", type=click.File("rb"), nargs=-1)
@click.option("--language", metavar="CODE", callback=_language, help="Of the text; else any of its script.")
@click.option("--title", "headline", is_flag=True, help="The text is a headline.")
@click.option("--feed", "feed_id", metavar="ID", help="As if it came from this feed of the configuration.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each text.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing, and end with 1 where nothing is found.")
@click.pass_obj
def test(
    folder: Path | None,
    query: str,
    files: Sequence[BinaryIO],
    language: str | None,
    headline: bool,
    feed_id: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Show what QUERY finds in texts, or why it finds nothing.

    The texts are those of the files, or of standard input where there is none or it is "-". Of a feed (RSS,
    Atom, JSON) each item is tried, of a page its text. Entities are those of the configuration, if there is
    one. What is found is marked, in colour on a terminal, in [brackets] elsewhere.

    \b
    Examples: marsad watch test '"foreign ministry" NEAR/10 visit' article.txt
              marsad watch test --language ar '@hamas NOT title:غزة' feed.xml
              echo "Maria Zakharova in Cairo" | marsad watch test --title --json @zakharova
              marsad watch test -q @hamas article.txt && echo found
    """
    draft = _draft(folder)
    now = datetime.now(UTC)
    tried = compile_query(query, draft, language=language, now=now)
    for warning in tried.warnings if not quiet else ():
        click.echo(f"warning: {of_query(warning)}", err=True)
    if tried.mistakes:
        for mistake in tried.mistakes:
            click.echo(of_query(mistake), err=True)
        raise SystemExit(2)
    source = _source(draft, feed_id, language)
    inputs = files or (sys.stdin.buffer,)
    count = found = 0
    for text in _texts(inputs, language, headline=headline):
        trial = try_query(tried, text, source=source, now=now)
        count += 1
        found += trial.explanation.found
        if as_json and not quiet:
            click.echo(json.dumps(trial_object(trial), ensure_ascii=False))
        elif not quiet:
            _show(trial, alone=len(inputs) == 1)
    if not as_json and not quiet and count != 1:
        click.echo(f"found in {found} of {count} texts")
    if quiet and not found:
        raise SystemExit(1)


def _draft(folder: Path | None) -> Draft | None:
    """Return the configuration as far as it can be read; None where there is none and none was named."""
    try:
        draft = config.read(folder)
    except ConfigurationError:
        if folder is not None:
            raise
        return None
    if folder is None and not (draft.settings.folder / "marsad.toml").exists():
        return None  # some other program's folder
    if draft.mistakes:
        click.echo(
            f"warning: {draft.settings.folder} holds mistakes (see `marsad check`);"
            " its entities are used as far as they can be read",
            err=True,
        )
    return draft


def _source(draft: Draft | None, feed_id: str | None, language: str | None) -> Source:
    if feed_id is None:
        return Source(feed_id="", language=language)
    settings = draft.settings if draft is not None else None
    if settings is None or feed_id not in {feed.id for feed in settings.feeds}:
        raise click.UsageError(f'no feed of the configuration has the id "{feed_id}"')
    return source_of(settings, feed_id)


def of_query(mistake: Mistake) -> str:
    """Return a mistake of a query given on the command line, safe to show."""
    column = f"column {mistake.column}: " if mistake.column is not None else ""
    return ops.visible(f"{column}{mistake.problem}" + (f" ({mistake.hint})" if mistake.hint else ""))


def _texts(files: Sequence[BinaryIO], language: str | None, *, headline: bool) -> Iterator[TriedText]:
    for file in files:
        name = "standard input" if getattr(file, "name", "-") in ("-", "<stdin>", 0) else str(file.name)
        if file.isatty():
            click.echo("Type or paste the text; end it with Ctrl-D on a line of its own.", err=True)
        try:
            data = file.read(_LARGEST + 1)
        except OSError as error:
            raise MarsadError(f"{name} cannot be read: {error.strerror}") from error
        if len(data) > _LARGEST:
            raise MarsadError(f"{name} is larger than {_LARGEST >> 20} MiB")
        yield from texts_of(name, data, language=language, headline=headline)


def _show(trial: Trial, *, alone: bool) -> None:
    """Show one text; of a feed only those in which something is found."""
    explanation, text = trial.explanation, trial.text
    if text.in_feed and not explanation.found:
        return
    colour = has_colour()
    if text.in_feed or not alone:
        click.echo(f"{ops.visible(text.name)}:")
    if not explanation.found:
        click.echo(f"nothing found: {ops.visible(explanation.why_not)}\n")
        return
    show_found(explanation, text.revision, colour=colour, whole=not text.in_feed)
    click.echo("")


@click.command()
@click.argument("item_id", metavar="ITEM", type=ROW_ID)
@click.argument("watch_id", metavar="WATCH")
@click.option("--revision", "number", metavar="N", type=ROW_ID, help="Of its texts, where it was edited.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def explain(folder: Path | None, item_id: int, watch_id: str, number: int | None, as_json: bool) -> None:
    """Say why a watch mentions an item, or why it does not, and how near it came.

    The watch is taken as it is configured now. Of an item that was edited, the text in which the mention was
    found is explained, else the latest.

    \b
    Examples: marsad explain 42 hamas
              marsad explain 42 hamas --json
    """
    with opened(folder, whole=True) as (settings, database):
        explained = database.query(load_explained, settings, item_id, watch_id, number=number)
    if as_json:
        click.echo(json.dumps(explained_object(explained), ensure_ascii=False))
        return
    revision, explanation = explained.revision, explained.explanation
    click.echo(
        f"item {item_id} of {ops.visible(explained.item.feed_id)}, text {revision.number}"
        f" of {revision.recorded_at:%Y-%m-%d %H:%M} UTC: {ops.visible(revision.revision.title)}"
    )
    click.echo(f"watch {watch_id}: {ops.visible(' '.join(explained.watch.query.split()))}\n")
    if explanation.found:
        show_found(explanation, revision.revision, colour=has_colour(), whole=False)
    else:
        click.echo(f"not found: {ops.visible(explanation.why_not)}\n")
        if explanation.out_of_scope is None:
            show_steps(explanation.step)
    if explained.recorded is not None:
        click.echo(f"\nrecorded {explained.recorded.found_at:%Y-%m-%d %H:%M} UTC as a mention")
    if explained.remark:
        click.echo(f"\n{explained.remark}.")
