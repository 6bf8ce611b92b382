"""What Korean hangs on a noun: plural and honorific, then particles or a verb that is made of it.

A chain is put together by a small grammar from the pieces of data/ko_chains.txt. Its first piece fits the
noun it follows: 는 stands after a vowel, 은 after a consonant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Final

from marsad.language.wordlists import sections

OF_ONE_SYLLABLE: Final = frozenset(
    ("이", "가", "은", "는", "을", "를", "의", "에", "도", "과", "와", "에서", "에는")
)
"""What may hang on a noun of one syllable: with others it is too often another word (미로, 미만)."""
LONGEST: Final = 9
"""Syllables of the longest chain that is looked for."""

_VERBS: Final = ("adjective", "to do", "to be done", "to suffer")


@cache
def chains() -> Mapping[str, str]:
    """Return every chain, and after what it stands: "c" a consonant, "v" a vowel, "r" ㄹ, in one string."""
    found: dict[str, set[str]] = {}
    for pieces in _all():
        for ending in "cvr":
            chain = _put_together(pieces, ending)
            if len(chain) <= LONGEST:
                found.setdefault(chain, set()).add(ending)
    for piece in sections("ko_chains.txt")["to be"]:
        found.setdefault(piece, set()).add("v")
    return {chain: "".join(sorted(endings)) for chain, endings in found.items()}


@cache
def titles() -> tuple[str, ...]:
    """Return with what a chain begins that only the name of a person has."""
    return sections("ko_chains.txt")["titles"]


def ending_of(syllable: str) -> str:
    """Return what a word that ends in *syllable* ends in, as `chains` says it; "" where it is no Hangul."""
    if not "가" <= syllable <= "힣":
        return ""
    final = (ord(syllable) - ord("가")) % 28
    return "v" if final == 0 else "r" if final == 8 else "c"


def _all() -> Iterator[tuple[str, ...]]:
    pieces = sections("ko_chains.txt")
    bodies = [
        *((it,) for section in ("alone", "places", "limits", "to be") for it in pieces[section]),
        *((it, after) for it in pieces["places"] for after in pieces["after a place"]),
        *((it, after) for it in pieces["limits"] for after in pieces["after a limit"]),
    ]
    yield from bodies
    for head in (*pieces["heads"], *pieces["titles"]):
        yield (head,)
        yield from ((head, *body) for body in bodies)
    yield from (("적", it) for it in pieces["to be"])
    for section in _VERBS:
        yield from ((it,) for it in pieces[section])


def _put_together(pieces: Iterable[str], ending: str) -> str:
    """Return the chain as it stands after a noun that ends in *ending*."""
    chain = ""
    for piece in pieces:
        vowel = ending == "v" or (ending == "r" and piece.startswith("으로"))
        chain += _after_a_vowel(piece) if vowel else piece
        ending = ending_of(chain[-1])
    return chain


def _after_a_vowel(piece: str) -> str:
    return piece[1:] if piece.startswith("으로") else _pairs().get(piece, piece)


@cache
def _pairs() -> dict[str, str]:
    return dict(pair.split("/") for pair in sections("ko_chains.txt")["pairs"])
