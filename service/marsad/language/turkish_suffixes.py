"""The suffix chain of a Turkish noun: plural, possessive, case, -ki and the copula, by vowel harmony.

A token is split into stem and chain at text time, as a noun has hundreds of forms: evlerimizdekilerden. Only
inflection is a chain; -li, -ci, -siz and -lik make other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

VOWELS: Final = "aeıioöuü"
_BACK: Final = frozenset("aıou")
_VOICELESS: Final = frozenset("fstkçşhp")

_I: Final = "[ıiuü]"
_A: Final = "[ae]"
_D: Final = "[dt]"
_PLURAL: Final = f"l{_A}r"
_IS: Final = f"{_D}{_I}r(?:l{_A}r)?"
_AFTER_A_VOWEL: Final = f"(?<=[{VOWELS}])"
_AFTER_NONE: Final = f"(?<![{VOWELS}])"
_PAST: Final = f"{_D}{_I}(?:m|n|k|n{_I}z|l{_A}r)?|m{_I}ş(?:{_D}{_I}r)?|s{_A}|ken"
_COPULA: Final = f"(?:{_IS}|{_AFTER_A_VOWEL}y(?:{_PAST})|{_AFTER_NONE}(?:{_PAST}))"
"""Only -dir stands after a bare noun here: koşulmuş and kazdı rather are verbs."""
_KI: Final = (
    f"(?:{_D}{_A}|nd{_A}|n{_I}n|{_I}n)k[iü](?:l{_A}r)?(?:n{_I}n?|n{_A}|nd{_A}n?|{_I}|{_A}|{_D}{_A}n?|{_I}n)?"
)
_AFTER_CONSONANT: Final = f"(?:{_I}|{_A}|{_D}{_A}|{_D}{_A}n|{_I}n|l{_A}|{_KI})"
_AFTER_VOWEL: Final = f"(?:y{_I}|y{_A}|{_D}{_A}|{_D}{_A}n|n{_I}n|yl{_A}|{_KI})"
_AFTER_THIRD: Final = f"(?:n{_I}|n{_A}|nd{_A}|nd{_A}n|n{_I}n|yl{_A}|nc{_A}|nd{_A}k[iü](?:l{_A}r)?)"
_FIRST_SECOND: Final = f"{_I}(?:m|n|m{_I}z|n{_I}z)"
_FIRST_SECOND_BARE: Final = f"(?:m|n|m{_I}z|n{_I}z)"

_CHAIN_AFTER_CONSONANT: Final = re.compile(
    f"{_IS}|(?:{_PLURAL}|(?:{_PLURAL})?(?:{_AFTER_CONSONANT}|{_FIRST_SECOND}{_AFTER_CONSONANT}?"
    f"|{_I}{_AFTER_THIRD}?)){_COPULA}?"
)
_CHAIN_AFTER_VOWEL: Final = re.compile(
    f"{_IS}|(?:{_AFTER_VOWEL}|{_FIRST_SECOND_BARE}{_AFTER_CONSONANT}?|s{_I}{_AFTER_THIRD}?"
    f"|{_PLURAL}(?:{_AFTER_CONSONANT}|{_FIRST_SECOND}{_AFTER_CONSONANT}?|{_I}{_AFTER_THIRD}?)?){_COPULA}?"
)
_CASE: Final = re.compile(f"(?:[yn]?{_I}|[yn]?{_A}|n?{_D}{_A}n?|n?{_I}n|y?l{_A}|n?{_KI})?{_COPULA}?")
"""All that a name takes where no apostrophe stands."""
_PLURAL_AND_CASE: Final = re.compile(f"(?:l{_A}r)?(?:{_I}|{_A}|{_D}{_A}n?|{_I}n|l{_A}|{_KI})?{_COPULA}?")

_SHORTEST_STEM: Final = 2
_LONGEST_CHAIN: Final = 18


def splits(word: str) -> Iterator[tuple[str, str]]:
    """Yield (stem, chain) for all ways to read the folded *word* as a noun with suffixes, longest stem first.

    Harmony is not looked at: that is the stem's, which may be an exception (`harmonises`).
    """
    for at in range(len(word) - 1, max(_SHORTEST_STEM, len(word) - _LONGEST_CHAIN) - 1, -1):
        chain = _CHAIN_AFTER_VOWEL if word[at - 1] in VOWELS else _CHAIN_AFTER_CONSONANT
        if chain.fullmatch(word, at):
            yield word[:at], word[at:]


def is_case(chain: str, *, plural: bool) -> bool:
    """Tell whether *chain* is a case ending, with *plural* also that of a plural."""
    return _CASE.fullmatch(chain) is not None or (plural and _PLURAL_AND_CASE.fullmatch(chain) is not None)


def harmonises(stem: str, chain: str, *, front: bool = False) -> bool:
    """Tell whether each vowel of *chain* follows the one before it, and its first consonant the stem.

    With *front* the stem takes front vowels whatever its own are: saat, saati.
    """
    last = next((letter for letter in reversed(stem) if letter in VOWELS), "")
    if not last:
        return True  # a number, an acronym: PKK'nın is read letter by letter
    if front:
        last = {"a": "e", "ı": "i", "o": "ö", "u": "ü"}.get(last, last)
    if chain[0] in "dt" and (stem[-1] in _VOICELESS) != (chain[0] == "t"):
        return False
    previous = ""
    for index, letter in enumerate(chain):
        if letter in VOWELS:
            # -ki and -ken are the same after all vowels.
            fixed = previous == "k" and (letter == "i" or chain[index : index + 2] == "en")
            if not fixed and not _follows(last, letter):
                return False
            last = letter
        previous = letter
    return True


def _follows(last: str, letter: str) -> bool:
    if letter in "ae":
        return (letter == "a") == (last in _BACK)
    return letter == {"a": "ı", "ı": "ı", "e": "i", "i": "i", "o": "u", "u": "u", "ö": "ü", "ü": "ü"}[last]
