"""Names in Arabic: no endings, but particles with cases of their own and spaces that writers leave out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final

from marsad.language.arabic_fold import fold_arabic, skeleton

_FATHER: Final = ("أبو", "أبا", "أبي")
_SON: Final = ("بن", "ابن")
_SERVANT: Final = "عبد"
_FATHER_KEYS: Final = frozenset(map(fold_arabic, _FATHER))
_MOST: Final = 8
"""Spellings of one name, however many particles it has."""

Words = tuple[str, ...]


def name_spellings(words: Words) -> list[Words]:
    """Return *words* with the spaces after عبد and أبو there and not there, as typed first."""
    choices: list[tuple[Words, ...]] = []
    index = 0
    while index < len(words):
        word, following = words[index], words[index + 1 : index + 2]
        key = fold_arabic(word)
        if following and _may_join(key, fold_arabic(following[0])):
            choices.append(((word, *following), (skeleton(word) + skeleton(following[0]),)))
            index += 2
            continue
        apart = _apart(key, skeleton(word))
        choices.append(((word,), apart) if apart else ((word,),))
        index += 1
    found = (tuple(word for part in choice for word in part) for choice in product(*choices))
    return [spelling for _, spelling in zip(range(_MOST), found, strict=False)]


def particle_cases(word: str) -> Iterator[tuple[str, str]]:
    """Yield the other cases of a particle inside a name, with what they are: أبا and أبي of أبو."""
    key = fold_arabic(word)
    for group in (_FATHER, _SON):
        if key in map(fold_arabic, group):
            for other in group:
                if fold_arabic(other) != key:
                    yield other, f"a case of {word}" if group is _FATHER else f"{other} for {word}"


def _may_join(key: str, following: str) -> bool:
    return (key == _SERVANT and following.startswith("ال")) or (key in _FATHER_KEYS and len(following) > 2)


def _apart(key: str, letters: str) -> Words:
    if key.startswith(_SERVANT + "ال") and len(key) > 6:
        return letters[:3], letters[3:]
    if key.startswith("ابو") and len(key) > 5:
        return letters[:3], letters[3:]
    return ()
