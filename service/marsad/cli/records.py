"""What was recorded: `marsad status`, `mentions`, `item`."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from marsad import ops
from marsad.cli.database import ROW_ID, opened
from marsad.model import DeliveryState, parse_duration
from marsad.operations import records as record_operations
from marsad.operations.status import load_status
from marsad.store import items


def _since(context: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        return datetime.now(UTC) - parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.option("--health", is_flag=True, help="Say only whether the service works: exit code 1 where not.")
@click.pass_obj
def status(folder: Path | None, health: bool) -> None:
    """Show who works, what is due, what fails and why, deliveries by state, and the mail channel.

    \b
    Examples: marsad status
              marsad status --health && echo well
    """
    with opened(folder) as (settings, database):
        found = database.query(load_status, channel=settings.mail.channel, now=datetime.now(UTC))
    if health:
        for trouble in found.troubles:
            click.echo(ops.visible(trouble), err=True)
        sys.exit(1 if found.troubles else 0)
    for worker in found.working:
        click.echo(f"worker      {ops.visible(worker.name)}: since {worker.started_at:%Y-%m-%d %H:%M} UTC")
    if not found.working:
        click.echo("worker      none: `marsad run` is not running")
    for trouble in found.troubles if found.working else ():
        click.echo(f"trouble     {ops.visible(trouble)}")
    click.echo(
        f"feeds       {len(found.feeds)}: {found.due} due, {len(found.failing)} failing,"
        f" {len(found.stopped)} stopped, {found.never_tried} not yet polled"
    )
    for feed in (*found.failing, *found.stopped):
        state = "stopped" if feed.stopped_at is not None else f"next try {feed.due_at:%Y-%m-%d %H:%M} UTC"
        click.echo(f"  {ops.visible(feed.id)}: {feed.outcome}: {ops.visible(feed.detail)} ({state})")
    for feed, words in found.doubtful:
        click.echo(f"  {ops.visible(feed.id)}: {ops.visible(words)}")
    counts = ", ".join(f"{found.deliveries.get(state, 0)} {state}" for state in DeliveryState)
    click.echo(f"deliveries  {counts}")
    channel = found.channel
    if channel.paused_at is None:
        click.echo(f"channel     {channel.name}: open")
    else:
        probe = f"; next try {channel.probe_at:%Y-%m-%d %H:%M} UTC" if channel.probe_at else ""
        click.echo(
            f"channel     {channel.name}: paused since {channel.paused_at:%Y-%m-%d %H:%M} UTC:"
            f" {ops.visible(channel.reason)}{probe}"
        )


@click.command()
@click.option("--watch", "watch_id", metavar="ID", help="Only those of this watch.")
@click.option("--since", metavar="AGE", callback=_since, help="Only those of the last 90s, 3h, 7d or 2w.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def mentions(folder: Path | None, watch_id: str | None, since: datetime | None, as_json: bool) -> None:
    """List what was found, the oldest first.

    \b
    Example: marsad mentions --watch hamas --since 7d --json
    """
    with opened(folder) as (_, database):
        for mention in record_operations.iterate_mentions(database, watch_id=watch_id, since=since):
            if as_json:
                click.echo(json.dumps(record_operations.mention_object(mention), ensure_ascii=False))
                continue
            words = " · ".join(dict.fromkeys(hit.text for hit in mention.hits))
            click.echo(
                f"{mention.found_at:%Y-%m-%d %H:%M}  {mention.watch_id}  item {mention.item_id}"
                f"  {mention.feed_id}  {ops.visible(mention.title)}  [{ops.visible(words)}]"
            )


@click.command()
@click.argument("item_id", metavar="ID", type=ROW_ID)
@click.option("--json", "as_json", is_flag=True, help="The fields, in which hits have their offsets.")
@click.pass_obj
def item(folder: Path | None, item_id: int, as_json: bool) -> None:
    """Show an item with its current text.

    \b
    Example: marsad item 42 --json
    """
    with opened(folder) as (_, database):
        found = record_operations.item_object(database.query(items.load_item, item_id))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for key, value in found.items():
        lines = str(value if value is not None else "").split("\n")
        click.echo(f"{key:15}" + f"\n{'':15}".join(ops.visible(line) for line in lines))
