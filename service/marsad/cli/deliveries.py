"""What became of each mail, and another try by hand: `marsad deliveries`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from marsad import ops
from marsad.cli.database import ROW_ID, opened
from marsad.errors import MarsadError
from marsad.model import DeliveryState
from marsad.store import channels, contents
from marsad.store import deliveries as delivery_store
from marsad.store.channels import ChannelState
from marsad.store.contents import DeliveryStatus


@click.group(invoke_without_command=True)
@click.option("--state", type=click.Choice([state.value for state in DeliveryState]), help="Only these.")
@click.pass_context
def deliveries(context: click.Context, state: str | None) -> None:
    """List deliveries, the newest first: what became of each, its next try, the server's last words.

    \b
    Examples: marsad deliveries --state dead
              marsad deliveries show 17
              marsad deliveries retry 17
    """
    if context.invoked_subcommand is not None:
        return
    with opened(context.obj) as (_, database):
        now = datetime.now(UTC)
        states: dict[str, ChannelState] = {}
        before: int | None = None
        while page := database.query(
            contents.load_deliveries, state=DeliveryState(state) if state else None, before_id=before
        ):
            for delivery in page:
                if delivery.channel not in states:
                    states[delivery.channel] = database.query(channels.load, delivery.channel)
                click.echo(_line(delivery, states[delivery.channel], now))
            before = page[-1].id


@deliveries.command()
@click.argument("delivery_id", metavar="ID", type=ROW_ID)
@click.pass_obj
def show(folder: Path | None, delivery_id: int) -> None:
    """Show a delivery with its Message-ID, to be found in the mail server's log, and every try.

    \b
    Example: marsad deliveries show 17
    """
    with opened(folder) as (_, database):
        delivery, attempts = database.query(contents.load_delivery, delivery_id)
        channel = database.query(channels.load, delivery.channel)
    click.echo(_line(delivery, channel, datetime.now(UTC)))
    click.echo(f"Message-ID: {delivery.message_id}")
    click.echo(f"planned {_told(delivery.planned_at)}, window {ops.visible(delivery.window)}")
    for attempt in attempts:
        outcome = attempt.outcome or "under way"
        reply = f": {ops.visible(attempt.reply)}" if attempt.reply else ""
        click.echo(f"  {_told(attempt.started_at)}  {outcome}  by {ops.visible(attempt.worker)}{reply}")


@deliveries.command()
@click.argument("delivery_id", metavar="ID", type=ROW_ID)
@click.pass_obj
def retry(folder: Path | None, delivery_id: int) -> None:
    """Try a dead or waiting delivery again now, with a fresh period of retries.

    \b
    Example: marsad deliveries retry 17
    """
    now = datetime.now(UTC)
    with opened(folder) as (_, database):
        retried = database.run(delivery_store.retry_delivery, delivery_id, now=now)
        delivery, _ = database.query(contents.load_delivery, delivery_id)
        channel = database.query(channels.load, delivery.channel)
    if not retried:
        raise MarsadError(
            f"delivery {delivery_id} is not tried again: it was sent, is open or under way, or its recipient"
            " was removed"
        )
    told = f"; {_when_open(channel, now)}" if channel.paused_at is not None else " now"
    click.echo(f"delivery {delivery_id} is due{told}")


def _line(delivery: DeliveryStatus, channel: ChannelState, now: datetime) -> str:
    reason = f" ({delivery.dead_reason})" if delivery.dead_reason else ""
    mentions = f"{delivery.mentions} {'mention' if delivery.mentions == 1 else 'mentions'}"
    reply = f": {ops.visible(delivery.reply)}" if delivery.reply else ""
    return (
        f"{delivery.id}  {delivery.state}{reason}  {delivery.kind} to {delivery.recipient_id}"
        f" by {delivery.channel}  {mentions}  {_progress(delivery, channel, now)}{reply}"
    )


def _progress(delivery: DeliveryStatus, channel: ChannelState, now: datetime) -> str:
    """Return how often a delivery was tried, and what comes next."""
    tries = f"{delivery.tries} {'try' if delivery.tries == 1 else 'tries'}"
    if delivery.state is DeliveryState.PLANNED:
        return f"open until {_told(delivery.due_at)} at the latest"
    if delivery.settled_at is not None:
        verb = "sent" if delivery.state is DeliveryState.SENT else "given up"
        return f"{tries}, {verb} {_told(delivery.settled_at)}"
    if delivery.leased_until is not None and delivery.leased_until > now:
        return f"{tries}, being sent"
    if channel.paused_at is not None:
        return f"{tries}, {_when_open(channel, now)}"
    return f"{tries}, next " + (_told(delivery.due_at) if delivery.due_at > now else "now")


def _when_open(channel: ChannelState, now: datetime) -> str:
    """Return when a paused channel is tried again, which all its deliveries wait for."""
    soon = channel.probe_at is None or channel.probe_at <= now
    return f"waits for {channel.name}, tried next " + ("now" if soon else _told(channel.probe_at))


def _told(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment is not None else ""
