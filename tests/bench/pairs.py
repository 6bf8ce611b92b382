"""Section pairs: random queries and texts; the index hides nothing, every verdict explains itself."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from itertools import count
from time import process_time

from marsad.errors import WatchSyntaxError
from marsad.language.forms import expand_terms
from marsad.matching.document import Source
from marsad.matching.explain import explain
from marsad.matching.grammar import parse_query
from marsad.matching.watchset import compile_watch_set
from marsad.model import Revision, WatchDefinition
from tests.bench.measure import memory, table
from tests.unit.matching.strategies import PHRASES, SEPARATORS, TERMS, WORDS
from tests.unit.matching.world import ENTITIES

_OTHERS = (
    *("@zakharova", "@hamas", '="US"', "minist*", "Захар*", "m?nist*", "anycase:us", "/[Мм]оскв/"),
    *("name:حماس", "title:газ", "lead:(US OR газ)", "count(газ) >= 2", "score(2: газ, -1: US) >= 2"),
)
_OPERATORS = (
    "AND",
    "OR",
    "OR",
    "NOT",
    "NEAR/3",
    "ONEAR/5",
    "SENT",
    "PARA",
    "NOT NEAR/2",
    "EXCEPT",
    "AND NOT",
)
_TOGETHER = 50
"""Watches of one set."""


def query(chance: random.Random, depth: int = 3) -> str:
    """Return a query, well formed or not."""
    if depth == 0 or chance.random() < 0.3:
        return chance.choice(chance.choice((TERMS, TERMS, PHRASES, _OTHERS)))
    parts = [query(chance, depth - 1), chance.choice(_OPERATORS), query(chance, depth - 1)]
    return f"({' '.join(parts)})" if chance.random() < 0.7 else " ".join(parts)


def queries(chance: random.Random, wanted: int) -> list[str]:
    found: list[str] = []
    while len(found) < wanted:
        asked = query(chance)
        try:
            parse_query(asked)
        except WatchSyntaxError:
            continue
        found.append(asked)
    return found


def text(chance: random.Random, longest: int) -> str:
    words = WORDS[chance.choice(list(WORDS))] + ([] if chance.random() < 0.7 else WORDS["en"])
    return "".join(
        chance.choice(words) + chance.choice(SEPARATORS) for _ in range(chance.randrange(longest + 1))
    )


def item(chance: random.Random) -> Revision:
    title, content = text(chance, 8), text(chance, 40)
    return Revision(
        title=title,
        summary=chance.choice(("", title, text(chance, 12))),
        content=content if chance.random() < 0.8 else f"{title}\n{content}",
        author=text(chance, 2),
        language=chance.choice((None, "ar", "ru", "en")),
        link=None,
        published=None,
        hash="0",
    )


def check(wanted: int, *, seed: str = "pairs") -> tuple[int, int, float]:
    """Look at *wanted* pairs; return the mentions, what failed, and the seconds of the slowest item."""
    chance = random.Random(seed)  # noqa: S311 - texts, no secrets
    now, source = datetime(2026, 3, 10, tzinfo=UTC), Source(feed_id="bench", tags=("wire",))
    mentions = failed = 0
    slowest = 0.0
    numbers = count()
    for _ in range(0, wanted, _TOGETHER * _TOGETHER):
        watches = [
            WatchDefinition(id=f"w{next(numbers)}", name="w", label="w", query=asked)
            for asked in queries(chance, _TOGETHER)
        ]
        watch_set = compile_watch_set(watches, ENTITIES, expand=expand_terms).watch_set
        for _ in range(_TOGETHER):
            revision = item(chance)
            begun = process_time()
            result = watch_set.match(revision, source, now=now)
            slowest = max(slowest, process_time() - begun)
            found = {match.watch_id: match.hits for match in result.matches}
            mentions += len(found)
            failed += len(result.failed)
            if result != watch_set.match_without_index(revision, source, now=now):
                raise AssertionError(f"the index hides something: {revision}")
            for watch in watch_set.watches:
                identity = watch.definition.id
                why = explain(watch_set, identity, revision, source, now=now)
                hits = tuple(it.hit for it in why.hits)
                if not why.found == why.replay() == (identity in found) or hits != found.get(identity, ()):
                    raise AssertionError(f"{watch.definition.query!r} is explained otherwise: {revision}")
    return mentions, failed, slowest


def run(smoke: bool) -> None:
    wanted = 2_500 if smoke else 100_000
    begun, before = process_time(), memory()
    mentions, failed, slowest = check(wanted)
    row = (
        f"{wanted:,}",
        f"{mentions:,}",
        failed,
        f"{slowest * 1e3:.1f}",
        f"{process_time() - begun:.0f}",
        f"{(memory() - before) / 2**20:.0f}",
    )
    table(("pairs", "mentions", "failed", "slowest item (50 watches) ms", "s", "MiB more"), [row])
