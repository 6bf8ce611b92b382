"""The name in its own letters that Russian texts put in brackets behind it: Джошуа Вольф (Joshua Wolf).

Across scripts only lists match (docs/adr/0014); here the name itself stands right before the bracket, so that
the item has been found already and a likeness of sound is enough to mark the gloss as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from marsad.language.base import Break, Text
from marsad.language.fold import fold
from marsad.language.skeleton import distance, skeleton

LATIN: Final = re.compile("[A-Z\u00c0-\u024f][a-z\u00c0-\u024f]+[A-Za-z]*|[a-z]{2,3}")
"""What may be a name, or a particle of one."""
PARTICLES: Final = frozenset(
    (
        "аль",
        "эль",
        "аш",
        "ас",
        "ад",
        "бен",
        "бин",
        "ибн",
        "фон",
        "ван",
        "дер",
        "де",
        "да",
        "ди",
        "ду",
        "ла",
        "ле",
    )
)
_MARK: Final = "≈"
"""Begins the key of a gloss: no word folds to it."""
_UNSURE: Final = re.compile("T(?=S)|[^LMNRBDTF]")
"""What transliteration changes too often to be part of a key: vowels, sibilants, velars, w."""
_NEAR_ENOUGH: Final = 0.4
_INSIDE: Final = 6
"""Tokens between the bracket and the word, at most: (англ. Joshua Michael Wolf."""
_BEFORE: Final = 4
"""Tokens before the bracket among which the name is."""
_ENDING: Final = 2
"""Letters in which a case of the name may differ from it."""


def gloss_key(word: str) -> str:
    """Return the key under which a name in Cyrillic and its spelling in Latin letters meet."""
    sounds = _UNSURE.sub("", skeleton(word)).replace("D", "T")
    return _MARK + re.sub(r"(.)\\1+", r"\\1", sounds)


def is_gloss(name: str, text: Text, position: int) -> bool:
    """Tell whether the Latin word at *position* stands in brackets behind *name* and sounds like it."""
    opening = _opening(text, position)
    stem = fold(name)[: max(2, len(name) - _ENDING)]
    if not any(fold(word).startswith(stem) for word in _words_before(text, opening)):
        return False
    return distance(skeleton(name), skeleton(text.tokens[position].text), _NEAR_ENOUGH) <= _NEAR_ENOUGH


def _words_before(text: Text, opening: int) -> Iterator[str]:
    """Yield the words before a bracket, the nearest first, as far as a name may reach."""
    tokens = text.tokens
    for index in range(opening - 1, max(-1, opening - 1 - _BEFORE), -1):
        yield tokens[index].text
        if tokens[index].before > Break.SPACE:
            return


def _opening(text: Text, position: int) -> int:
    """Return the first token of the bracket that holds *position*, 0 for none (or nothing before it)."""
    tokens = text.tokens
    for index in range(position, max(0, position - _INSIDE), -1):
        gap = text.original[tokens[index - 1].end : tokens[index].start]
        if "(" in gap:
            return index
        if ")" in gap:
            break
    return 0
