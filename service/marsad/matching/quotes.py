"""Quotation marks of many languages, and where a bare word ends."""

from __future__ import annotations

import re
from typing import Final

DOUBLE: Final = '"“”„‟＂'
CLOSERS: Final = dict.fromkeys(DOUBLE, DOUBLE) | {
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹›",
    "「": "」",
    "『": "』",
    "《": "》",
}
QUOTES: Final = "".join(CLOSERS) + "」』》"
LETTER: Final = r"[^\W\d_]"
_INNER: Final = rf"(?<={LETTER})[{DOUBLE}](?={LETTER})"
INNER_QUOTE: Final = re.compile(_INNER)
"""A mark between two letters belongs to the word: ארה"ב."""
WORD: Final = re.compile(rf"(?:[^\s()（）{QUOTES}]|{_INNER})+")


def quotable(text: str) -> str:
    """Return *text* with one space between words, and without marks that cannot stand in a phrase."""
    kept = "".join(
        character if character not in QUOTES or INNER_QUOTE.match(text, place) else " "
        for place, character in enumerate(text)
    )
    return " ".join(kept.split())
