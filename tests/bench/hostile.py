"""Section hostile: items and watches made to take long. No item may take more than 50 ms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from time import process_time
from typing import Final

from marsad.matching.document import Source
from marsad.matching.matcher import WatchSet
from marsad.matching.watchset import compile_watch_set
from marsad.model import EntityDefinition, Revision, WatchDefinition
from tests.bench.measure import table

LIMIT: Final = 0.050
"""Seconds an item may take."""
NOW: Final = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
SOURCE: Final = Source(feed_id="bench")

QUERIES: Final = (
    "gas",
    "gas NEAR/100 oil",
    "gas ONEAR/0 oil",
    "gas NEAR/3 oil NEAR/3 coal",
    "(gas OR oil) NEAR/100 (coal OR oil)",
    "gas SENT oil",
    "gas PARA oil",
    "gas NOT NEAR/100 oil",
    "gas EXCEPT (oil OR coal)",
    '"gas gas gas gas gas gas gas gas gas gas gas oil"',
    '"gas oil"~50',
    "lead:gas AND NOT title:oil",
    "count(gas) >= 200",
    "score(3: gas, 2: oil, -5: coal) >= 5",
    "@things NEAR/20 @others",
    "gas* OR c?al OR exact:gas",
    "/(a+)+b/ OR gas",
    "газ OR غاز OR روسيا",
)


def watch_set(*queries: str) -> WatchSet:
    """Return watches that are meant to take long; all of `QUERIES` where none is named."""
    entities = [
        EntityDefinition(
            id="things",
            kind="other",
            name="Things",
            names=(("en", ("gas oil", "gas coal", "oil coal", "gas gas")),),
            weak=(("en", ("gas", "oil")),),
            with_query="coal",
            not_names=("gas oil coal", "oil oil"),
        ),
        EntityDefinition(id="others", kind="other", name="coal", names=(("en", ("coal", "oil")),)),
    ]
    watches = [
        WatchDefinition(id=f"w{number}", name=query, label=f"w{number}", query=query)
        for number, query in enumerate(queries or QUERIES)
    ]
    compilation = compile_watch_set(watches, entities)
    if compilation.mistakes:
        raise RuntimeError(str(compilation.mistakes))
    return compilation.watch_set


def texts(size: int) -> Iterator[tuple[str, str]]:
    """Yield texts of *size* characters that are made to take long, each with its name."""
    for name, piece in (
        ("one word", "gas "),
        ("two words in turns", "gas oil "),
        ("a word a paragraph", "gas\noil\n"),
        ("a word a sentence", "Gas. Oil. "),
        ("all names at once", "gas oil coal oil gas gas coal "),
        ("places far apart", "gas " + "word " * 60 + "oil " + "word " * 60),
        ("one letter a word", "a "),
        ("dots", "a.b."),
        ("points", "1,0"),
        ("apostrophes", "a'"),
        ("marks", "e\u0301\u0302\u0303"),
        ("hyphens", "gas-oil-"),
        ("controls", "\u202e\u200f\u00ad"),
        ("Arabic", "والغاز بالغاز للغاز روسيا "),
        ("Russian in capitals", "ГАЗ НЕФТЬ "),
        ("Chinese", "天然气石油"),
        ("numbers", "12345 67890 "),
    ):
        yield name, (piece * (size // len(piece) + 1))[:size]
    yield "one long word", "a" * size
    yield "one long number", "1" * size
    yield "one long word in Arabic", "ا" * size
    yield "no words", "." * size
    yield "words that never come again", " ".join(f"w{number}" for number in range(size // 6))[:size]


def items(size: int) -> Iterator[tuple[str, Revision]]:
    for name, text in texts(size):
        yield name, _item(content=text)
        if size <= 100_000:
            yield f"{name}, thrice", _item(title=text, summary=text, content=text)


def slowest(size: int) -> list[tuple[float, str, str]]:
    """Return the seconds that each query takes with each item of *size*, the slowest first.

    With (seconds of the processor, query, text).
    """
    took = []
    every = list(items(size))
    for query in QUERIES:
        found = watch_set(query)
        for name, item in every:
            best = float("inf")
            for _ in range(3):
                begun = process_time()
                found.match(item, SOURCE, now=NOW)
                best = min(best, process_time() - begun)
                if best < LIMIT / 2:
                    break
            took.append((best, query, name))
    return sorted(took, reverse=True)


def run(smoke: bool) -> None:
    rows = []
    for size in (600,) if smoke else (600, 20_000, 100_000, 15_000_000):
        every = slowest(size)
        over = sum(took > LIMIT for took, *_ in every)
        for took, query, name in every[:4]:
            rows.append((f"{size:,}", f"`{query}`", name, f"{took * 1e3:.1f}", f"{over} of {len(every)}"))
    table(("characters", "query", "text", "ms", "over 50 ms"), rows)


def _item(title: str = "", summary: str = "", content: str = "") -> Revision:
    return Revision(
        title=title,
        summary=summary,
        content=content,
        author="",
        language="en",
        link=None,
        published=None,
        hash="0",
    )
