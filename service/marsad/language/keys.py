"""Under which keys a word may be met by a term of any language: what an index of an archive needs to know.

A term of a language stands at a token only where one of its forms has the key of one of the token's readings
in that language. An index of the keys of all readings, in all languages of the script, hides nothing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from marsad.language.registry import is_unspaced, language_for, languages_written_in, script_of
from marsad.language.scripts import UNSPACED_CHARACTER

_REMEMBERED: Final = 1 << 16
"""Words of which the keys are remembered: some 30 MB when full."""


@lru_cache(maxsize=_REMEMBERED)
def keys_of_word(word: str) -> frozenset[str]:
    """Return the keys of every reading of a token's text, in every language that may be written like it."""
    languages = [language_for(code) for code in languages_written_in(script_of(word))]
    if UNSPACED_CHARACTER.match(word):
        return frozenset(one.fold(word) for one in languages if is_unspaced(one.code) or not one.code)
    return frozenset(reading.key for one in languages for reading in one.readings(word))


def rules_of_keys() -> str:
    """Return what changes when words get other keys: an index that was made by other rules hides mentions."""
    return ",".join(f"{code}{language_for(code).rules}" for code in languages_written_in(""))
