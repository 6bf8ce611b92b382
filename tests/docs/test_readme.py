"""What the README shows is true: its watch compiles and finds what is printed bold, and nothing else."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.processes import marsad

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FILES = re.findall(
    r"^# config/(\S+)\n(.*?)(?=^# config/|\Z)", README.split("```toml\n")[1].split("```")[0], re.M | re.S
)
SENTENCES = re.findall(r"^- (.*\*\*.*)$", README, re.M)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The files of the README, with those that it does not show from the shipped configuration."""
    folder = tmp_path / "config"
    folder.mkdir()
    for name in ("marsad.toml", "feeds.toml", "recipients.toml", "sample.xml"):
        (folder / name).write_bytes((ROOT / "config" / name).read_bytes())
    for name, text in FILES:
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_its_configuration_has_no_mistake(config: Path) -> None:
    assert [name for name, _ in FILES] == ["entities.toml", "watches.toml"]
    checked = marsad(config, "check")
    assert checked.returncode == 0, checked.stderr
    assert "1 watches, 1 entities" in checked.stdout


@pytest.mark.parametrize("sentence", SENTENCES)
def test_its_sentences_are_found_where_they_are_bold(config: Path, sentence: str, tmp_path: Path) -> None:
    (_, watches) = FILES[1]
    query = tomllib.loads(watches)["watch"][0]["query"]
    text = tmp_path / "sentence.txt"
    text.write_text(sentence.replace("**", ""), encoding="utf-8")
    found = marsad(config, "watch", "test", query, str(text))
    assert found.returncode == 0, found.stderr
    for bold in re.findall(r"\*\*(.+?)\*\*", sentence):
        assert f"[{bold}]" in found.stdout


def test_there_is_a_sentence_for_each_language() -> None:
    assert len(SENTENCES) == 3


@pytest.mark.parametrize("link", re.findall(r"(?:\]\(|src=\")([^)\"]+)", README))
def test_its_links_lead_somewhere(link: str) -> None:
    assert link.startswith("https://") or (ROOT / link).exists()


@pytest.mark.parametrize(
    "command", re.findall(r"^\.venv/bin/marsad ([a-z ]+?)(?= [^a-z]|\s{2,}|$)", README, re.M)
)
def test_its_commands_exist(command: str, tmp_path: Path) -> None:
    words = [word for word in command.split() if word.isalpha()]
    shown = marsad(tmp_path, *words, "--help")
    assert shown.returncode == 0, shown.stderr


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        assert link.startswith("https://") or (page.parent / link).exists(), link
