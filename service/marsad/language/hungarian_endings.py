"""Endings of Hungarian nouns and names by vowel harmony: plurals and possessives, and the cases of each.

Everything is in small letters. Cases are taken off a token at text time (`without_case`), as a noun has some
twenty of them in each of a dozen forms: kormányaiban, kormányukkal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_BACK: Final = "aáoóuú"
_ROUNDED: Final = "öőüű"
_VOWELS: Final = f"{_BACK}{_ROUNDED}iíeé"
_LENGTHENED: Final = {"a": "á", "e": "é", "o": "ó", "ö": "ő"}
_SHORTENED: Final = {long: short for short, long in _LENGTHENED.items()}
_DIGRAPHS: Final = ("cs", "dz", "gy", "ly", "ny", "sz", "ty", "zs")

_AFTER_ALL: Final = {
    "back": ("ban", "ba", "ból", "nak", "nál", "ra", "ról", "tól", "hoz"),
    "front": ("ben", "be", "ből", "nek", "nél", "re", "ről", "től", "hez"),
    "rounded": ("ben", "be", "ből", "nek", "nél", "re", "ről", "től", "höz"),
    "": ("ért", "ig", "ként", "é", "kor"),
}
_AFTER_VOWEL: Final = {
    "back": ("val", "vá"),
    "front": ("vel", "vé"),
    "rounded": ("vel", "vé"),
    "": ("n", "t"),
}
_AFTER_CONSONANT: Final = {
    "back": ("on", "ot", "at"),
    "front": ("en", "et"),
    "rounded": ("ön", "öt", "et"),
    "": ("t",),
}
_WITH: Final = {"al": "back", "á": "back", "el": "front", "é": "front"}
"""-val, -vel, -vá, -vé after a consonant, which they double: Putyinnal."""


def _by_ending() -> dict[str, list[tuple[str, str]]]:
    """Return for each case ending its harmony, and what it stands after ("" for all)."""
    found: dict[str, list[tuple[str, str]]] = {}
    tables = ((_AFTER_ALL, ""), (_AFTER_VOWEL, "vowel"), (_AFTER_CONSONANT, "consonant"))
    for table, after in tables:
        for harmony, endings in table.items():
            for ending in endings:
                found.setdefault(ending, []).append((harmony, after))
    return found


_CASES: Final = _by_ending()
_LENGTHS: Final = range(1, max(map(len, _CASES)) + 1)
_LINKING: Final = {"back": ("o", "a"), "front": ("e",), "rounded": ("ö", "e")}
"""Before the -k of the plural."""
_POSSESSED: Final = {
    "back": ("a", "ja", "uk", "juk", "unk", "ai", "jai", "aik", "jaik", "aink", "jaink"),
    "front": ("e", "je", "ük", "jük", "ünk", "ei", "jei", "eik", "jeik", "eink", "jeink"),
}
"""His, their, our; of the first and second person singular news has none, and áram is rather electricity."""
_SHORTEST: Final = 2


def harmonies(word: str) -> tuple[str, ...]:
    """Return which endings *word* takes: "back", "front" or "rounded", most likely first."""
    seen_e = False
    for letter in reversed(word):
        if letter in _BACK:
            return ("back", "front") if seen_e else ("back",)
        if letter in _ROUNDED:
            return ("front",) if seen_e else ("rounded",)
        # Budapest is front, hotel both; é and i say nothing where a back vowel stands before: Párizsban.
        seen_e = seen_e or letter == "e"
    return ("front",)


def without_case(word: str) -> Iterator[tuple[str, str, str]]:
    """Yield (body, case ending, its harmony or "") for every case that *word* may stand in."""
    for length in _LENGTHS:
        at = len(word) - length
        if at < _SHORTEST:
            return
        ending, last = word[at:], word[at - 1]
        for harmony, after in _CASES.get(ending, ()):
            if after and (last in _VOWELS) != (after == "vowel"):
                continue
            yield word[:at], ending, harmony
            if last in _SHORTENED:
                yield word[: at - 1] + _SHORTENED[last], ending, harmony
        with_ = _WITH.get(ending)
        if with_ is not None and (body := _undoubled(word[:at])) is not None:
            yield body, ending, with_


def _undoubled(word: str) -> str | None:
    """Return *word* with its last consonant once: Putyinn-, Párizzs-; None where it stands but once."""
    if len(word) <= _SHORTEST:
        return None
    if word.endswith(_DIGRAPHS) and word[-3] == word[-2]:
        return word[:-3] + word[-2:]
    return word[:-1] if word[-1] == word[-2] and word[-1] not in _VOWELS else None


def plurals(word: str, harmony: str) -> Iterator[str]:
    if word[-1] in _VOWELS:
        yield f"{lengthened(word)}k"
    else:
        yield from (f"{word}{vowel}k" for vowel in _LINKING[harmony])


def possessed(word: str, harmony: str) -> Iterator[str]:
    """Yield what of somebody *word* is: kormánya, kormányaink."""
    stem = lengthened(word)
    for ending in _POSSESSED["back" if harmony == "back" else "front"]:
        if word[-1] not in _VOWELS or ending[0] == "j":
            yield stem + ending
        elif ending.endswith("nk") and len(ending) == 3:
            yield stem + ending[1:]


def lengthened(word: str) -> str:
    """Return *word* as it is before an ending: Európá-, Osló-."""
    return word[:-1] + _LENGTHENED[word[-1]] if word[-1] in _LENGTHENED else word
