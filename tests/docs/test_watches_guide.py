"""The guide to the watch language: each example finds what it shows in bold, and nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from marsad import config
from marsad.matching.document import Source
from marsad.model import EntityDefinition
from tests.unit.config_folder import write
from tests.unit.matching.world import compiled, item, match, watch

GUIDE = (Path(__file__).resolve().parents[2] / "docs/guide/watches.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(?P<query>.*?)` \| (?P<finds>.*?) \| (?P<not_found>.*?) \|$", re.MULTILINE)
EXAMPLES = [found.groups() for found in ROW.finditer(GUIDE)]
PACKS = ("marsad:countries", "marsad:bodies")


@pytest.fixture(scope="module")
def entities(tmp_path_factory: pytest.TempPathFactory) -> tuple[EntityDefinition, ...]:
    """The entities that the guide shows, read as an operator's file."""
    (text,) = re.findall(r"```toml\n(\[\[entity\]\].*?)```", GUIDE, re.DOTALL)
    return config.load(write(tmp_path_factory.mktemp("config"), {"entities.toml": text}), environ={}).entities


def found(query: str, text: str, entities: tuple[EntityDefinition, ...]) -> list[str] | None:
    title, _, content = text.rpartition(" ‖ ")
    watches = compiled([watch(query)], entities, packs=PACKS)
    result = match(watches, item(title, content), Source(feed_id="a", tags=("blog",)))
    return [hit.text for hit in result.matches[0].hits] if result.matches else None


def test_there_are_examples_in_three_scripts():
    queries = " ".join(query for query, _, _ in EXAMPLES)
    assert len(EXAMPLES) >= 50
    assert all(re.search(script, queries) for script in ("[a-z]", "[а-я]", "[ء-ي]"))


@pytest.mark.parametrize(("query", "finds", "not_found"), EXAMPLES)
def test_an_example_finds_what_is_bold(query, finds, not_found, entities):
    for text in finds.split("; "):
        assert found(query, text.replace("**", ""), entities) == re.findall(r"\*\*(.+?)\*\*", text)
    for text in not_found.split("; "):
        assert found(query, text, entities) is None


def test_the_first_watch_is_a_configuration(tmp_path):
    (text,) = re.findall(r"```toml\n(# config/watches\.toml.*?)```", GUIDE, re.DOTALL)
    recipients = '[[recipient]]\nid = "newsroom"\naddress = "newsroom@example.org"\n'
    (read,) = config.load(
        write(tmp_path, {"watches.toml": text, "recipients.toml": recipients}), environ={}
    ).watches
    assert read.query == '"foreign ministry" NEAR/10 visit'


def test_the_command_prints_what_the_guide_shows(tmp_path):
    ((command, expected),) = re.findall(r"```console\n\$ (.*?)\n(.*?)```", GUIDE, re.DOTALL)
    python = f'"{sys.executable}" -m marsad'
    shown = subprocess.run(
        ["sh", "-c", command.replace("marsad", python, 1)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert shown.stdout.rstrip() == expected.rstrip()
