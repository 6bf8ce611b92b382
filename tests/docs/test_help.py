"""Every command explains itself, with an example that exists."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from marsad.cli import marsad


def leaves(group: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield (*path, name), command
        if isinstance(command, click.Group):
            yield from leaves(command, *path, name)


COMMANDS = dict(leaves(marsad))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_a_command_says_what_it_does_and_shows_an_example(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    said = command.help or ""
    assert re.match(r"[A-Z].*\.", said), said
    examples = re.findall(r"marsad (?:-c \S+ )?(.*)", said.partition("Example")[2])
    assert examples, said
    assert any(example.startswith(" ".join(path)) for example in examples), examples
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{' '.join(path)} {parameter.opts[0]}"


def test_all_commands_of_the_reference_are_there() -> None:
    wanted = "run check status mentions item explain deliveries demo"
    assert {(name,) for name in wanted.split()} <= set(COMMANDS)
    assert {("feed", "test"), ("watch", "test"), ("deliveries", "retry"), ("db", "upgrade")} <= set(COMMANDS)
