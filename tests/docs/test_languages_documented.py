"""The page of languages: each example finds what it shows in bold, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from marsad.matching import find

PAGE = (Path(__file__).resolve().parents[2] / "docs/reference/languages.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^## .*? \((?P<code>[a-z]{2})\)$(?P<body>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `(?P<term>.*?)` \| (?P<finds>.*?) \| (?P<not_found>.*?) \|$", re.MULTILINE)
EXAMPLES = [
    (section["code"], *row.groups())
    for section in SECTION.finditer(PAGE)
    for row in ROW.finditer(section["body"])
]


def hits(language: str, term: str, text: str) -> list[str]:
    kind, colon, name = term.partition(":")
    found = find(language, name, text, kind) if colon else find(language, term, text)
    return [text[start:end] for start, end in found]


def test_every_language_has_examples():
    codes = [section["code"] for section in SECTION.finditer(PAGE)]
    assert {"ar", "he", "fa", "ur", "hi", "ru", "en"} <= set(codes)
    assert all(sum(code == example[0] for example in EXAMPLES) >= 4 for code in codes)


@pytest.mark.parametrize(("language", "term", "finds", "not_found"), EXAMPLES)
def test_an_example_finds_what_is_bold_and_nothing_else(language, term, finds, not_found):
    assert hits(language, term, finds.replace("**", "")) == re.findall(r"\*\*(.+?)\*\*", finds)
    assert hits(language, term, not_found) == []
