"""One number of watches, measured in a process of its own: `python -m tests.bench.matching_run FOLDER`."""

from __future__ import annotations

import gc
import json
import pickle
import re
import resource
import sys
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter

import marsad.daemon  # noqa: F401 - what the daemon has in memory
from marsad.language.forms import FormsCache, expand_in_child
from marsad.matching.changes import compile_changes
from marsad.matching.document import Document, Source
from marsad.matching.matcher import WatchSet
from marsad.matching.watchset import Compilation, compile_watch_set
from marsad.model import Revision, WatchDefinition
from tests.bench.measure import memory, say, side_by_side

SOURCE = Source(feed_id="bench")
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
_WORD = re.compile(r"\w+")


def bare(item: Revision) -> None:
    """What everything is compared with: the words of an item, in small letters, by a bare expression."""
    _WORD.findall(f"{item.title}\n{item.content}".casefold())


def mentions(watch_set: WatchSet, item: Revision) -> tuple[int, int]:
    """Match *item*; return how many watches and hits were found, each with its reason."""
    result = watch_set.match(item, SOURCE, now=NOW)
    hits = [hit.reason for match in result.matches for hit in match.hits]
    return len(result.matches), len(hits)


def main(folder: Path, *, smoke: bool) -> None:
    watches: list[WatchDefinition] = pickle.loads((folder / "watches.pickle").read_bytes())  # noqa: S301
    before = memory()
    begun = perf_counter()
    cache = FormsCache(folder / "state")
    expand = partial(expand_in_child, cache=cache)
    compilation = compile_watch_set(watches, expand=expand)
    took = perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    del cache, expand
    gc.collect()
    after = memory()
    if compilation.mistakes:
        raise RuntimeError(str(compilation.mistakes[:3]))
    watch_set = compilation.watch_set
    answer: dict[str, object] = {
        "compile": took,
        "set_memory": after - before,
        "memory": after,
        "peak": peak,
        "one_more": _one_more(watches, compilation, folder),
    }
    rounds = 2 if smoke else 9
    gc.freeze()
    for item in _items(folder, "before"):
        watch_set.match(item, SOURCE, now=NOW)
    for kind in ("items", "silent"):
        items = _items(folder, kind)
        if kind == "silent":
            # A word with an ending may by chance be another's: such items are no silent ones.
            items = [it for it in items if not watch_set.match(it, SOURCE, now=NOW).matches]
        found = [mentions(watch_set, item) for item in items]
        ours, base = side_by_side(items, partial(mentions, watch_set), bare, rounds=rounds)
        answer[kind] = {
            "mentions": sum(count for count, _ in found) / len(items),
            "hits": sum(count for _, count in found) / len(items),
            "took": ours,
            "bare": base,
        }
    (answer["language"],) = side_by_side(items, lambda it: Document(it, SOURCE).language, rounds=rounds)
    say(json.dumps(answer))


def _one_more(watches: list[WatchDefinition], compilation: Compilation, folder: Path) -> float:
    """Return the seconds it takes to add a watch of a word that is in others, the best of five times."""
    took = []
    for number in range(5):
        more = replace(watches[number], id="more", query=f"{watches[number].query} OR {watches[-1].query}")
        expand = partial(expand_in_child, cache=FormsCache(folder / "state"))
        changed = [*watches, more]
        begun = perf_counter()
        done = compile_changes(compilation, changed, expand=expand)
        took.append(perf_counter() - begun)
        if len(done.watch_set) != len(changed):
            raise RuntimeError(str(done.mistakes))
    return min(took)


def _items(folder: Path, kind: str) -> list[Revision]:
    items: list[Revision] = pickle.loads((folder / f"{kind}.pickle").read_bytes())  # noqa: S301
    return items


if __name__ == "__main__":
    main(Path(sys.argv[1]), smoke="--smoke" in sys.argv)
