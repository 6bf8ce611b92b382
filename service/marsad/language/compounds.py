"""Compounds that a dictionary does not know decline as their last part does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from marsad.language.lexicon import Lexicon

_SHORTEST_PART: Final = 4
_SHORTEST_BEFORE: Final = 2
_SHORTEST_WORD: Final = 3
_FORMS: Final = 3
"""A lemma of fewer forms is no noun whose forms are known."""


def last_part(
    word: str, words: Lexicon, *, sure: bool = False, inflected: bool = False
) -> tuple[str, str] | None:
    """Return what stands before the last part of *word* that is a lemma, and that lemma; None for none.

    The longest, and rather one after a known word: luku + lista, not lu + kulista. With *sure* no other. With
    *inflected* the last part may be a form of the lemma.
    """
    found = None
    for at in range(_SHORTEST_BEFORE, len(word) - _SHORTEST_PART + 1):
        for part in (word[at:], word[at:].capitalize()):
            lemma = words.lemma(part)
            if lemma is not None and (inflected or lemma == part) and len(words.forms(lemma)) >= _FORMS:
                if _is_word(word[:at], words):
                    return word[:at], lemma
                found = found or (word[:at], lemma)
    return None if sure else found


def _is_word(before: str, words: Lexicon) -> bool:
    if len(before) < _SHORTEST_WORD:
        return False
    # Finnish ihmis-, of ihminen.
    return before in words or before.capitalize() in words or f"{before.removesuffix('s')}nen" in words
