"""Section matching: items a second by watches, against a bare regular expression and against peers."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from marsad.language.forms import FormsCache, expand_in_child
from marsad.matching.watchset import compile_watch_set
from marsad.model import Revision
from tests.bench import peers
from tests.bench.load import Load
from tests.bench.matching_run import bare
from tests.bench.measure import say, side_by_side, table

SIZES = (100, 1_000, 10_000, 100_000)
SMOKE = (20, 100)
TARGETS = {10_000: (6.0, 2.5), 100_000: (20.0, 3.5)}
"""Times a bare regular expression: for items with mentions, and for those without."""
_PEERS_UP_TO = 1_000
"""Watches with which peers are measured that ask one after the other."""


def run(smoke: bool) -> None:
    sizes = SMOKE if smoke else SIZES
    with tempfile.TemporaryDirectory(prefix="marsad-bench-") as name:
        folder = Path(name)
        load = Load()
        watches = load.watches(sizes[-1])
        count = 60 if smoke else 2_000
        # Words are remembered: the items that are measured come after others, and none came before.
        before, items, silent = load.items(count * 2), load.items(count // 3), load.items(count, silent=True)
        (folder / "before.pickle").write_bytes(pickle.dumps(before + silent))
        (folder / "items.pickle").write_bytes(pickle.dumps(items))
        (folder / "silent.pickle").write_bytes(pickle.dumps(silent))
        results = []
        cold = 0.0
        for size in sizes:
            (folder / "watches.pickle").write_bytes(pickle.dumps(watches[:size]))
            begun = perf_counter()
            cache = FormsCache(folder / "state")
            compile_watch_set(watches[:size], expand=partial(expand_in_child, cache=cache))
            del cache
            cold = perf_counter() - begun
            results.append({**_in_a_process(folder, smoke=smoke), "watches": size, "cold": cold})
        _report(results)
        say()
        _peers(items[: 20 if smoke else 60], watches, sizes)


def _in_a_process(folder: Path, *, smoke: bool) -> dict[str, Any]:
    """Measure one number of watches in a process of its own, with warm forms, as the daemon starts."""
    command = [sys.executable, "-m", "tests.bench.matching_run", str(folder), *(["--smoke"] * smoke)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _report(results: list[dict[str, Any]]) -> None:
    say("Items of 600 characters in Arabic, Russian and English, one core; × is a bare `re.findall` of them.")
    say()
    rows = []
    for it in results:
        loud, silent = TARGETS.get(it["watches"], (None, None))
        for kind, target in (("items", loud), ("silent", silent)):
            rows.append(
                (
                    f"{it['watches']:,}",
                    f"{it[kind]['mentions']:.1f}",
                    f"{it[kind]['hits']:.1f}",
                    f"{1 / it[kind]['took']:,.0f}",
                    f"{it[kind]['took'] * 1e6:.0f}",
                    f"{it[kind]['took'] / it[kind]['bare']:.1f}",
                    f"{target:g}" if target else "",
                )
            )
    head = ("watches", "mentions an item", "hits", "items/s", "µs an item", "× bare", "target ×")
    table(head, rows)
    say()
    head = ("watches", "cold s", "warm s", "watch set MiB", "process MiB", "peak MiB", "one more ms")
    table(
        head,
        [
            (
                f"{it['watches']:,}",
                f"{it['cold']:.1f}",
                f"{it['compile']:.2f}",
                f"{it['set_memory'] / 2**20:.0f}",
                f"{it['memory'] / 2**20:.0f}",
                f"{it['peak'] / 2**20:.0f}",
                f"{it['one_more'] * 1e3:.0f}",
            )
            for it in results
        ],
    )
    say()
    say(f"Language told by its letters (part of the above): {results[-1]['language'] * 1e6:.1f} µs an item.")


def _peers(items: list[Revision], watches: list[Any], sizes: tuple[int, ...]) -> None:
    rows = []
    for size in sizes:
        if size <= _PEERS_UP_TO:
            for name, ask in peers.asking_each(watches[:size]):
                took, base = side_by_side(items, ask, bare, rounds=1, chunk=1)
                rows.append((f"{size:,}", name, f"{1 / took:,.1f}", f"{took / base:,.0f}"))
        percolator = peers.mokaccino(watches[:size])
        if percolator is None:
            rows.append((f"{size:,}", "mokaccino", "not installed", ""))
        else:
            took, base = side_by_side(items, percolator, bare, rounds=5)
            rows.append((f"{size:,}", "mokaccino, whole words", f"{1 / took:,.0f}", f"{took / base:,.1f}"))
    table(("watches", "peer", "items/s", "× bare"), rows)
