"""What stands joined before an Arabic word: conjunction, preposition, article; and the words that look so.

(و or ف)? then (ال بال كال لل ب ل ك)?, taken off the folded token. A split is not offered where the whole is a
common word of its own (لجنة is not ل + جنة); where both readings are live (بحرية) it is, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Final

from marsad.language.arabic_fold import fold_arabic, fold_skeleton, skeleton
from marsad.language.arabic_plurals import listed_keys, listed_nouns
from marsad.language.base import Reading
from marsad.language.wordlists import sections

ARTICLE: Final = "ال"
_CONJUNCTIONS: Final = ("و", "ف")
_PREPOSITIONS: Final = ("ب", "ل", "ك")
_JOIN: Final = " + "
_OR: Final = ", or "

_PRONOUNS: Final = ("ها", "هم", "هما", "هن", "نا", "كم", "ه")
_OTHER_ENDINGS: Final = ("ي", "ا", "ون", "ين", "ان", "ية", "يين", "يون", "يات")
_SUFFIXES: Final = (*_PRONOUNS, "ة", "ات", *_OTHER_ENDINGS)


class _Whole(Enum):
    """What is known of a word that could be split."""

    UNKNOWN = 0
    OWN = 1
    """A common word: never split."""
    DOUBLE = 2
    """A common word that is as often a split one."""


def readings(word: str) -> tuple[Reading, ...]:
    """Return the ways to read a token: as it is, and without what may be joined before it."""
    letters = skeleton(word)
    folded = fold_skeleton(letters)
    found = {("", folded): Reading(folded)}
    for prefix, key in _splits(letters, folded):
        found.setdefault((prefix, key), Reading(key, prefix))
    return tuple(found.values())


def proclitics(reading: Reading) -> tuple[str, bool]:
    """Return the letters joined before what was read ("", "و", "ول" …), and whether the article is."""
    if not reading.prefix:
        return "", False
    parts = [part.rpartition(_OR)[2] for part in reading.prefix.split(_JOIN)]
    article = parts[-1] == ARTICLE
    return "".join(parts[:-1] if article else parts), article


def _splits(letters: str, folded: str) -> Iterator[tuple[str, str]]:
    """Yield (what was taken off, what is left); every rest has two letters or more."""
    if len(folded) < 3:
        return
    yield from _after_conjunction(letters, folded, "")
    if folded[0] in _CONJUNCTIONS:
        whole = _known(letters, folded)
        if whole is _Whole.OWN and folded[1:] != ARTICLE:
            return
        joined = _told(folded, whole, folded[0])
        yield joined, folded[1:]
        yield from _after_conjunction(letters[1:], folded[1:], joined + _JOIN)


def _after_conjunction(letters: str, folded: str, before: str) -> Iterator[tuple[str, str]]:
    # Only a bare alef can be the article's: ألمانيا begins with a letter of its own.
    if letters.startswith(ARTICLE) and len(folded) > 3:
        yield before + ARTICLE, folded[2:]
    first = folded[0]
    if first not in _PREPOSITIONS or len(folded) < 3:
        return
    whole = _known(letters, folded)
    # The house of somebody, آل, may be written as the article is: وال سعود.
    if whole is _Whole.OWN and folded[1:] != ARTICLE:
        return
    joined = before + _told(folded, whole, first)
    yield joined, folded[1:]
    with_article = joined + _JOIN + ARTICLE
    if first == "ل" and folded[1] == "ل":
        # The lam of the article and that of the stem are written as one: للاجئين, لله.
        yield with_article, folded[1:]
        if len(folded) > 3 and _known(letters[1:], folded[1:]) is not _Whole.OWN:
            yield with_article, folded[2:]
    elif letters.startswith(ARTICLE, 1) and first != "ل" and len(folded) > 4:
        yield with_article, folded[3:]


def _told(folded: str, whole: _Whole, prefix: str) -> str:
    return f"{folded}{_OR}{prefix}" if whole is _Whole.DOUBLE else prefix


def _known(letters: str, folded: str) -> _Whole:
    own, double = _lists()
    for base in _bases(folded):
        if base in double:
            return _Whole.DOUBLE
        if base != folded and folded[1:] in listed_keys():
            # ولجان is و + لجان, though ولج is a word.
            return _Whole.UNKNOWN
        spelled = own.get(base)
        # بأول is ب + أول, باول the name Powell: a hamza that the word has not makes it another.
        if spelled is not None and not any(
            ours == "ا" and theirs in "أإآ" for ours, theirs in zip(spelled, letters, strict=False)
        ):
            return _Whole.OWN
    return _Whole.UNKNOWN


def _bases(folded: str) -> Iterator[str]:
    """Yield *folded*, and what it would be without an ending of nouns."""
    yield folded
    for suffix in _SUFFIXES:
        if not folded.endswith(suffix):
            continue
        stem = folded[: -len(suffix)]
        # كبيرة is كبير, but بعدة (ب + عدة) is not بعد; لولاها is لولا, but لولاية (ل + ولاية) is not.
        if len(stem) < (4 if suffix == "ة" else 3) or (stem.endswith("ا") and suffix not in _PRONOUNS):
            continue
        # وعلي is و + علي and no form of وعل, لكيان ل + كيان and none of لكي.
        if len(stem) < 4 and suffix in _OTHER_ENDINGS:
            continue
        yield stem
        if stem.endswith("ت"):
            yield stem[:-1] + "ة"
        if suffix == "ات":
            yield stem + "ة"


@cache
def _lists() -> tuple[dict[str, str], frozenset[str]]:
    """Return the words never split, as spelled, by how they fold; and the double readings, folded."""
    lists = sections("ar_words.txt")
    double = frozenset(map(fold_arabic, lists["double readings"]))
    nouns = [noun for noun in listed_nouns() if noun.startswith(_CONJUNCTIONS + _PREPOSITIONS)]
    own: dict[str, str] = {}
    for word in (*lists["words of their own"], *nouns):
        folded = fold_arabic(word)
        if folded not in double:
            own.setdefault(folded, skeleton(word))
    return own, double


@cache
def look_alikes() -> frozenset[str]:
    """Return words, folded, that look like a form of another: جدا is no form of جد."""
    own, _ = _lists()
    words = {word for word in own if not any(base in own for base in list(_bases(word))[1:])}
    return frozenset(words.union(map(fold_arabic, sections("ar_words.txt")["look like forms"])))


@cache
def radical_article() -> frozenset[str]:
    """Return words, folded, whose first letters are ال and no article: التزام, الماس."""
    return frozenset(map(fold_arabic, sections("ar_words.txt")["no article"]))
