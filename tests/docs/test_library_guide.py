"""The program of the library's guide runs, and prints what the guide says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from marsad.errors import ConfigurationError
from marsad.matching import compile_queries, match_text

GUIDE = Path(__file__).resolve().parents[2] / "docs/guide/library.md"


def test_the_program_prints_what_the_guide_says(capsys: pytest.CaptureFixture[str]) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    program, printed = re.findall(r"```(?:python)?\n(.*?)```", text, re.DOTALL)
    exec(compile(program, str(GUIDE), "exec"), {})  # noqa: S102 - our own guide
    assert capsys.readouterr().out == printed


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        compile_queries({"a": "visit NEAR/900 talks", "b": "@nobody"})
    assert [mistake.column for mistake in caught.value.mistakes] == [7, 1]


def test_other_languages_and_the_title_are_matched_when_they_are_asked_for() -> None:
    watch_set = compile_queries({"w": "title:Haus"}, languages=["de"])
    (mention,) = match_text(watch_set, "", title="Drei Häuser", language="de")
    assert [(hit.field, hit.text) for hit in mention.hits] == [("title", "Häuser")]
