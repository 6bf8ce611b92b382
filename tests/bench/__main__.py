"""`make bench`: what Marsad costs. `python -m tests.bench [SECTION …] [--smoke]`.

--smoke takes seconds and proves that the sections run; its figures say nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Final

from tests.bench import archive, hostile, matching, pairs
from tests.bench.measure import say

SECTIONS: Final[dict[str, Callable[[bool], None]]] = {
    "matching": matching.run,
    "archive": archive.run,
    "hostile": hostile.run,
    "pairs": pairs.run,
}
"""Each prints its figures; True asks for a smoke run."""


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("section", nargs="*", help=f"of {', '.join(SECTIONS)}; all where none is named")
    parser.add_argument("--smoke", action="store_true", help="small and fast: do the sections run?")
    options = parser.parse_args(arguments)
    if unknown := set(options.section) - set(SECTIONS):
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    for section in options.section or SECTIONS:
        say(f"\n## {section}\n")
        SECTIONS[section](options.smoke)


if __name__ == "__main__":
    main()
