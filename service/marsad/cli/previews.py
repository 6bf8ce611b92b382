"""`marsad watch preview` and `watch diff`: a query on the archive, before anybody is told by it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click

from marsad import config, ops
from marsad.cli.database import opened
from marsad.cli.marking import has_colour, marked
from marsad.cli.watches import of_query, watch
from marsad.config import Draft
from marsad.errors import MarsadError
from marsad.matching.matcher import WatchSet
from marsad.matching.widening import with_related
from marsad.model import Field, WatchDefinition, parse_duration
from marsad.operations.counting import Counting, Question
from marsad.operations.preview import Difference, Example, Preview
from marsad.operations.trials import compile_query

_BAR = 40
"""Characters of the longest bar."""
_SHOWN = 8
"""Rows of a share."""


def _age(context: click.Context, parameter: click.Parameter, value: str) -> timedelta:
    try:
        return parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


_since = click.option(
    "--since",
    metavar="AGE",
    default="30d",
    show_default=True,
    callback=_age,
    help="How far back: 3h, 7d, 2w.",
)


@watch.command()
@click.argument("query", metavar="ID|QUERY")
@_since
@click.pass_obj
def preview(folder: Path | None, query: str, since: timedelta) -> None:
    """Show what a watch or a query would have found in the archive.

    Every item recorded since then is asked as it would have been when it came. A query that is no id of a
    watch looks at all feeds. Nothing is recorded and nobody is told.

    \b
    Examples: marsad watch preview hamas-moscow --since 7d
              marsad watch preview '@egypt AND (visit OR زيارة OR визит)'
    """
    draft = config.read(folder)
    watch_set = _compiled(query, draft)
    wider = with_related(watch_set.watches[0].query)
    wider_set = None if wider is None else _wider(wider, draft, _watch(draft, query))
    if wider_set is not None and not len(wider_set):
        wider_set = None
    found = _asked(folder, draft, Question(former=watch_set, changed=wider_set, only_gained=True), since)
    counted, added = found.former, found.gained.mentions
    _refuse_empty(counted)
    _show(counted)
    if added:
        click.echo(f"\nrelated forms would add {added:,}: {ops.visible(' '.join((wider or '').split()))}")


@watch.command()
@click.argument("watch_id", metavar="ID")
@click.argument("query", metavar="NEWQUERY")
@_since
@click.pass_obj
def diff(folder: Path | None, watch_id: str, query: str, since: timedelta) -> None:
    """Show which mentions a watch would gain and lose by another query.

    \b
    Example: marsad watch diff hamas-moscow '@hamas NEAR/20 @moscow' --since 7d
    """
    draft = config.read(folder)
    scope = _watch(draft, watch_id)
    if scope is None:
        raise click.UsageError(f'no watch has the id "{watch_id}"')
    former, changed = _compiled(watch_id, draft), _compiled(query, draft, scope=scope)
    found = _asked(folder, draft, Question(former=former, changed=changed), since)
    _refuse_empty(found.changed)
    _show_difference(found)


def _asked(folder: Path | None, draft: Draft, question: Question, since: timedelta) -> Difference:
    with Counting(question, draft.settings) as counting, opened(folder) as (_, database):
        return counting.answer(database, since=datetime.now(UTC) - since)


def _watch(draft: Draft, watch_id: str) -> WatchDefinition | None:
    return next((one for one in draft.settings.watches if one.id == watch_id), None)


def _compiled(query: str, draft: Draft, *, scope: WatchDefinition | None = None) -> WatchSet:
    """Return a watch set of one watch: that of an id, or a query, perhaps in the scope of another watch."""
    known = _watch(draft, query) if scope is None else None
    tried = compile_query(known.query if known else query, draft, scope=known or scope, now=datetime.now(UTC))
    for warning in tried.warnings:
        click.echo(f"warning: {of_query(warning)}", err=True)
    if tried.mistakes:
        for mistake in tried.mistakes:
            click.echo(of_query(mistake), err=True)
        raise SystemExit(2)
    return tried.watch_set


def _wider(query: str, draft: Draft, scope: WatchDefinition | None) -> WatchSet:
    return compile_query(query, draft, scope=scope, now=datetime.now(UTC)).watch_set


def _refuse_empty(counted: Preview) -> None:
    if not counted.extent.items:
        raise MarsadError("nothing has been recorded in this time: try a longer --since")


def _show(counted: Preview) -> None:
    click.echo(
        f"{counted.mentions:,} mentions in {counted.extent.items:,} items of"
        f" {_days(counted.span)}; about {counted.a_week:.0f} mails a week if each is told at once"
    )
    if counted.noise:
        click.echo(f"noisy: {counted.noise}")
    if not counted.mentions:
        return
    click.echo("")
    _show_days(counted)
    for title, share in (
        ("feed", counted.feeds),
        ("language", counted.languages),
        ("found by", counted.terms),
    ):
        click.echo("")
        _show_share(title, share, counted.mentions)
    click.echo("\nthe newest:")
    for example in reversed(counted.examples):
        _show_example(example)


def _show_days(counted: Preview) -> None:
    first, last = min(counted.days), max(counted.days)
    most = max(counted.days.values())
    day: date = first
    while day <= last:
        found = counted.days[day]
        bar = "█" * max(round(_BAR * found / most), 1) if found else ""
        click.echo(f"{day:%a %d %b}  {found:>5}  {bar}".rstrip())
        day += timedelta(days=1)


def _show_share(title: str, share: Counter[str], whole: int) -> None:
    for index, (name, found) in enumerate(share.most_common(_SHOWN)):
        label = title if index == 0 else ""
        click.echo(f"{label:10}{found:>5}  {found / whole:>4.0%}  {ops.visible(name)}")
    if len(share) > _SHOWN:
        click.echo(f"{'':10}… and {len(share) - _SHOWN} more")


def _show_difference(found: Difference) -> None:
    click.echo(
        f"{found.former.mentions:,} mentions before, {found.changed.mentions:,} after, in"
        f" {found.changed.extent.items:,} items of {_days(found.changed.span)}:"
        f" {found.gained.mentions:,} gained, {found.lost.mentions:,} lost"
    )
    if found.changed.noise:
        click.echo(f"noisy: {found.changed.noise}")
    for title, part in (("gained", found.gained), ("lost", found.lost)):
        if part.examples:
            click.echo(f"\n{title}, the newest:")
            for example in reversed(part.examples):
                _show_example(example)


def _show_example(example: Example) -> None:
    text, hits = example.text, example.match.hits
    spans = [(hit.start, hit.end) for hit in hits if hit.field is Field.TITLE]
    title = marked(text.revision.title, spans, colour=has_colour()) or "(no title)"
    click.echo(
        f"  {text.first_seen_at:%Y-%m-%d %H:%M}  item {text.item_id}  {ops.visible(text.feed_id)}  {title}"
    )
    words = " · ".join(dict.fromkeys(hit.text for hit in hits if hit.field is not Field.TITLE))
    if words:
        click.echo(f"{'':20}{ops.visible(words)}")


def _days(span: timedelta) -> str:
    days = round(span / timedelta(days=1))
    return f"{days} day{'' if days == 1 else 's'}"
