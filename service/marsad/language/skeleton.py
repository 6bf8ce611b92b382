"""How a name sounds, roughly, whatever script it is written in: Захарова, زاخاروفا and Zakharova are near.

Letters become classes of sounds (data/sounds.txt); two skeletons are compared by the changes that make one
the other, each weighed by how often transliteration makes it. This proposes and never decides: a single short
word always has namesakes (docs/adr/0014).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from marsad.language.fold import fold, without_accents
from marsad.language.registry import script_of
from marsad.language.wordlists import sections

_TABLES: Final = sections("sounds.txt")
_SCRIPTS: Final = {
    script: dict(entry.split("=") for entry in _TABLES[script]) for script in ("Latn", "Cyrl", "Arab")
}
_PATTERNS: Final = {
    script: re.compile("|".join(map(re.escape, sorted(sounds, key=len, reverse=True))))
    for script, sounds in _SCRIPTS.items()
}
_NEAR: Final = {
    pair: float(cost)
    for one, other, cost in (entry.split("=") for entry in _TABLES["near"])
    for pair in ((one, other), (other, one))
}
_LEFT_OUT: Final = {
    symbol: float(cost) for symbol, cost in (entry.split("=") for entry in _TABLES["left out"])
}
_ARTICLE: Final = "ال"


@lru_cache(maxsize=1 << 16)
def skeleton(word: str) -> str:
    """Return the classes of sounds of *word* in Latin, Cyrillic or Arabic letters, "" of any other script."""
    script = script_of(word)
    if script not in _SCRIPTS:
        return ""
    letters = without_accents(fold(word)) if script == "Latn" else fold(word)
    sounds = _SCRIPTS[script]
    found = "".join(sounds[match.group()] for match in _PATTERNS[script].finditer(f"{letters}$"))
    return re.sub(r"(.)\1+", r"\1", found)


def sounds_of(word: str) -> tuple[str, ...]:
    """Return the skeletons of *word*: with its Arabic article and without, as other scripts do both."""
    if word.startswith(_ARTICLE) and len(word) > 4:
        return skeleton(word), skeleton(word[len(_ARTICLE) :])
    return (skeleton(word),)


def distance(one: str, other: str, limit: float = 1.0) -> float:
    """Return how far apart two skeletons are: 0 for the same, 1 for nothing in common.

    What is beyond *limit* may be told as 1.
    """
    if not one or not other:
        return 1.0
    most = limit * max(_cost(one), _cost(other))
    row = [0.0]
    for symbol in other:
        row.append(row[-1] + _LEFT_OUT.get(symbol, 1.0))
    for mine in one:
        drop = _LEFT_OUT.get(mine, 1.0)
        before, row = row, [row[0] + drop]
        for index, theirs in enumerate(other):
            change = 0.0 if mine == theirs else _NEAR.get((mine, theirs), 1.0)
            row.append(
                min(
                    before[index] + change,
                    before[index + 1] + drop,
                    row[index] + _LEFT_OUT.get(theirs, 1.0),
                )
            )
        if min(row) > most:
            return 1.0
    return min(1.0, row[-1] / max(_cost(one), _cost(other)))


def likeness(one: str, other: str, limit: float = 1.0) -> float:
    """Return how far apart two words sound, in whatever scripts: the least `distance` of their skeletons."""
    return min(distance(a, b, limit) for a in sounds_of(one) for b in sounds_of(other))


@lru_cache(maxsize=1 << 16)
def _cost(sounds: str) -> float:
    """Return what it costs to leave all of it out."""
    return sum(_LEFT_OUT.get(symbol, 1.0) for symbol in sounds)
