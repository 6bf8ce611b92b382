"""`marsad entity`: names that need a second look, and names that are missing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from marsad import config, ops
from marsad.cli.database import opened
from marsad.cli.marking import has_colour
from marsad.config.values import Wrong
from marsad.config.values import language as language_code
from marsad.errors import StoreError
from marsad.language.skeleton import skeleton
from marsad.language.soundalikes import Candidate
from marsad.language.tokens import tokenize
from marsad.model import parse_duration
from marsad.operations import entities as entity_operations
from marsad.operations.suggest import Suggestion, suggest_names, suggestion_object


def _languages(context: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    try:
        return tuple(language_code(code.strip()) for code in value.split(",") if code.strip())
    except Wrong as wrong:
        raise click.BadParameter(f"{wrong.problem} ({wrong.hint})") from wrong


def _age(context: click.Context, parameter: click.Parameter, value: str) -> datetime:
    try:
        return datetime.now(UTC) - parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.group()
def entity() -> None:
    """Look after the names of entities."""


@entity.command()
@click.option(
    "--since", metavar="AGE", default="30d", callback=_age, help="Names without a mention in this time. 30d."
)
@click.pass_obj
def check(folder: Path | None, since: datetime) -> None:
    """Name what is doubtful in the names of entities.toml: collisions, common words, names nobody uses.

    Nothing is wrong with the configuration for it; `marsad check` tells what is.

    \b
    Example: marsad entity check --since 90d
    """
    settings = config.load(folder)
    found = list(entity_operations.check_names(settings))
    try:
        with opened(folder) as (_, database):
            used = entity_operations.count_used(database, since=since)
        found += entity_operations.unused_names(settings, used, since=since)
    except StoreError as error:
        click.echo(f"names without a mention cannot be told: {ops.visible(str(error))}", err=True)
    for advice in config.in_reading_order(found):
        click.echo(ops.visible(str(advice)))
    names = sum(len(listed) for it in settings.entities for _, listed in (*it.names, *it.weak))
    click.echo(
        f"{len(settings.entities)} entities, {names} names: {len(found) or 'nothing'} to look at", err=True
    )


@entity.command()
@click.argument("name")
@click.option(
    "--to", "languages", metavar="CODES", default="ar,ru,en", callback=_languages, help="Default: ar,ru,en."
)
@click.option(
    "--since", metavar="AGE", default="90d", callback=_age, help="Look through items of this time. 90d."
)
@click.option("-n", "most", type=click.IntRange(1, 100), default=5, help="Spellings of each language. 5.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def suggest(
    folder: Path | None, name: str, languages: tuple[str, ...], since: datetime, most: int, as_json: bool
) -> None:
    """Propose spellings of NAME in other scripts: what sounds alike in the items of the archive.

    Namesakes are among them: read the contexts, and copy what is right into entities.toml. This writes
    nothing.

    \b
    Examples: marsad entity suggest Zakharova --to ru,ar
              marsad entity suggest "ماريا زاخاروفا" --since 30d
    """
    if not any(map(skeleton, tokenize(name).words)):
        raise click.BadParameter(
            f'"{ops.visible(name)}" has no letters of the Latin, Cyrillic or Arabic script', param_hint="NAME"
        )
    with opened(folder) as (_, database):
        found = suggest_names(database, name, languages=languages, since=since, most=most)
    if as_json:
        click.echo(json.dumps(suggestion_object(found), ensure_ascii=False))
        return
    _show(found, languages)


def _show(found: Suggestion, languages: tuple[str, ...]) -> None:
    for pack, identity in found.entities:
        click.echo(f'ready-made: @{identity}, with use = "{pack}" in entities.toml')
    for names in found.known:
        click.echo(f"known: {' · '.join(names)}")
    for language in languages:
        mine = [it for it in found.candidates if it.language == language]
        for candidate in mine:
            _show_candidate(candidate)
        if not mine:
            click.echo(f"{language}  nothing that sounds alike in {found.texts:,} items")


def _show_candidate(candidate: Candidate) -> None:
    count = f"{candidate.items:,} {'item' if candidate.items == 1 else 'items'}"
    sounds = "the same sound" if candidate.distance <= 0.05 else "a similar sound"
    click.echo(f"{candidate.language}  {ops.visible(candidate.spelling)}  {count}, {sounds}")
    if len(candidate.forms) > 1:
        forms = ", ".join(f"{ops.visible(form)} {times:,}" for form, times in candidate.forms[:8])
        click.echo(f"      {forms}")
    for feed, before, name, after in candidate.contexts:
        marked = (
            click.style(ops.visible(name), bold=True, fg="red") if has_colour() else f"[{ops.visible(name)}]"
        )
        click.echo(f"      {ops.visible(feed)}: {ops.visible(before)}{marked}{ops.visible(after)}")
