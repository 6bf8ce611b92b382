"""What people write who know another query language, and what to tell them."""

from __future__ import annotations

import re
from typing import Final

from marsad.matching.symbols import Typed
from marsad.matching.words import FOREIGN_OPERATORS, OPERATORS

_FOREIGN: Final = re.compile(
    r"(?P<within>(?:w|W|adj|ADJ|/n|/N|/s|/S|/p|/P|n|N|(?=/))/?(?P<within_n>\d+))|(?P<before>(?:pre|PRE|p|P)/(?P<before_n>\d+))"
)
_SYMBOLS: Final = {
    "&": "AND",
    "&&": "AND",
    "+": "AND",
    "|": "OR",
    "||": "OR",
    "!": "NOT",
    "،": "OR",
    ",": "OR",
}
_MEANINGLESS: Final = (
    {it: (f'"{it}" separates nothing here', "write OR for either, AND for both") for it in ",;،؛、，；"}
    | {it: (f'"{it}" means nothing here', "groups stand in ( )") for it in "[]{}<>"}
    | {it: (f'"{it}" means nothing in a word', "remove it") for it in "^\\"}
    | {
        "~": ('"~" means nothing after a word', 'words near each other are "foreign ministry"~5'),
        "=": ('"=" stands before a word, not in it', 'as in ="US"'),
        ":": ("a colon follows the name of a field", "text with a colon stands in quotation marks"),
    }
)
"""Characters that a bare word never holds, with what a person may have meant by them."""


def check_word(typed: Typed, word: str, at: int) -> None:
    """Refuse what other query languages call an operator, and what punctuation was meant to do."""
    if word in _SYMBOLS or (word[0] in "&|+!" and len(word) > 1):
        operator = _SYMBOLS.get(word) or _SYMBOLS[word[0]]
        typed.fail(at, f'"{word[:2] if word in _SYMBOLS else word[0]}" is no operator', f"write {operator}")
    if re.fullmatch(r"(?:>=|<=|=>|[<>≥≤])\w*", word):
        typed.fail(at, f'"{word}" compares nothing here', "write it after count(…) or score(…)")
    if word in FOREIGN_OPERATORS:
        typed.fail(
            at,
            f'"{word}" is no operator',
            f'write {FOREIGN_OPERATORS[word]}; for the word itself write ="{word}"',
        )
    if foreign := _FOREIGN.fullmatch(word):
        number = foreign["within_n"] or foreign["before_n"]
        if foreign["before"] or "/" in word or word.lower().startswith("adj"):
            kind = "ONEAR" if foreign["before"] else "NEAR"
            typed.fail(at, f'"{word}" is no operator', f"write {kind}/{int(number) % 1000}")
    if re.fullmatch(r"(?i)o?near(?:/.*|:?\d+[a-z]?|~.*)", word):
        number = "".join(re.findall(r"\d+", word))[:3] or "5"
        kind = "ONEAR" if word[0] in "oO" else "NEAR"
        typed.fail(at, f'"{word}" is no operator', f"write {kind}/{number}, in capitals")
    if word.upper() in ("AND", "OR", "NOT"):
        typed.fail(
            at,
            f'"{word}" in small letters is no operator, and too common to be a term',
            f"write {word.upper()}",
        )
    if word.upper() in OPERATORS:
        typed.warn(at, f'"{word}" is taken as a word', f"the operator is written {word.upper()}")
    if "://" in word:
        typed.fail(at, "a link is no term: only text is matched", "use feed: with the id of a feed")
    _check_punctuation(typed, word, at)


def _check_punctuation(typed: Typed, word: str, at: int) -> None:
    for offset, character in enumerate(word):
        if character in ",:" and word[offset - 1 : offset].isdigit() and word[offset + 1 :][:1].isdigit():
            continue  # 1,000 and 10:30
        if character in _MEANINGLESS:
            typed.fail(at + offset, *_MEANINGLESS[character])
