"""Sentences of our own, with every hit marked: what a term finds, and what it must leave alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from marsad.matching import find

FOLDER = Path(__file__).resolve().parents[2] / "data" / "languages"


def sentences() -> Iterator[tuple[str, str, str, str]]:
    """Yield language, kind, term and marked text of every line of tests/data/languages."""
    for file in sorted(FOLDER.glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                term, marked = line.split("\t")
                kind, colon, name = term.partition(":")
                yield (file.stem, kind, name, marked) if colon else (file.stem, "keyword", term, marked)


@pytest.mark.parametrize(("language", "kind", "term", "marked"), list(sentences()))
def test_a_term_finds_what_is_marked_and_nothing_else(language, kind, term, marked):
    text = marked.replace("⟦", "").replace("⟧", "")
    found = text
    for start, end in sorted(find(language, term, text, kind), reverse=True):
        found = f"{found[:start]}⟦{found[start:end]}⟧{found[end:]}"
    assert found == marked


@pytest.mark.parametrize(("language", "least"), [("ar", 150), ("ru", 120), ("en", 100), ("he", 40)])
def test_there_are_sentences_enough(language, least):
    assert sum(language == found for found, *_ in sentences()) >= least
