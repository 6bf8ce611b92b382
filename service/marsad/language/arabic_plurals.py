"""Broken plurals of Arabic: a list for what no letters tell, and rules for the patterns that do.

A rule makes a form that nobody writes where the noun has another plural, which harms none. Only rules whose
forms are plurals and nothing else are here: مفعل would make مقاتل (fighter) of مقتل (killing), فعيل make
جمعاء of جميع; such nouns are listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from marsad.language.arabic_fold import fold_arabic, skeleton
from marsad.language.wordlists import sections

_FILE: Final = "ar_plurals.txt"

_STRONG: Final = "[بتثجحخدذرزسشصضطظعغفقكلمنه]"
_ANY: Final = "[بتثجحخدذرزسشصضطظعغفقكلمنهوي]"
_FOURTH: Final = "[بثجحخدذرزسشصضطظعغفقكله]"
"""First letters of nouns of four consonants: م ت ن are rather a prefix (معرض, تنفس)."""

_RULES: Final = tuple(
    (re.compile(singular), plural)
    for singular, plural in (
        # مشروع مشاريع, مفتاح مفاتيح, عنوان عناوين, صندوق صناديق, برميل براميل
        (rf"({_STRONG}{_ANY})({_ANY})[واي]({_STRONG})ة?", r"\1ا\2ي\3"),
        # أسلوب أساليب, إعصار أعاصير
        (rf"[أإ]({_STRONG})({_ANY})[واي]({_STRONG})ة?", r"أ\1ا\2ي\3"),
        # صاروخ صواريخ, تاريخ تواريخ
        (rf"({_STRONG})ا({_ANY})[وي]({_STRONG})ة?", r"\1وا\2ي\3"),
        # عقرب عقارب, جمجمة جماجم, كوكب كواكب
        (rf"({_FOURTH}{_ANY})({_STRONG})({_STRONG})ة?", r"\1ا\2\3"),
        # عاصمة عواصم, حاجز حواجز, فائدة فوائد
        (rf"({_STRONG})ا([بتثجحخدذرزسشصضطظعغفقكلمنهئ])({_STRONG})ة?", r"\1وا\2\3"),
        # ضريبة ضرائب, عصابة عصائب
        (rf"([بتثجحخدذرزسشصضطظعغفقكلمنه]{_STRONG})[ياو]({_STRONG})ة", r"\1ائ\2"),
    )
)


def _entries() -> list[list[str]]:
    return [entry.split("=") for entry in sections(_FILE)["broken plurals"]]


@cache
def listed_plurals() -> dict[str, tuple[str, ...]]:
    """Return the plurals of each listed noun, as spelled, by its folded singular."""
    found: dict[str, tuple[str, ...]] = {}
    for singular, *plurals in _entries():
        key = fold_arabic(singular)
        found[key] = tuple(dict.fromkeys((*found.get(key, ()), *plurals)))
    return found


@cache
def listed_nouns() -> tuple[str, ...]:
    """Return the nouns of the list, singulars and plurals, as spelled."""
    return tuple(dict.fromkeys(noun for entry in _entries() for noun in entry))


@cache
def listed_keys() -> frozenset[str]:
    """Return the nouns of the list as they fold."""
    return frozenset(map(fold_arabic, listed_nouns()))


@cache
def _singulars() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for singular, *plurals in _entries():
        for plural in plurals:
            key = fold_arabic(plural)
            found[key] = (*found.get(key, ()), singular)
    return found


def broken_plurals(word: str) -> tuple[str, ...]:
    """Return the plurals of the noun *word* (without article), as spelled: listed, or else made by rule."""
    key = fold_arabic(word)
    listed = listed_plurals().get(key)
    if listed is not None:
        return listed
    # A plural that is another noun's is not made: كتائب is of كتيبة, not of كتابة.
    made = (skeleton(plural) for plural in _made(word))
    return tuple(plural for plural in dict.fromkeys(made) if fold_arabic(plural) not in listed_keys())


def _made(word: str) -> Iterator[str]:
    for pattern, plural in _RULES:
        match = pattern.fullmatch(word)
        if match:
            yield match.expand(plural)


def broken_singulars(word: str) -> tuple[str, ...]:
    """Return the nouns that *word* is the broken plural of, where it cannot well be another word.

    Only of the longer patterns (وزراء, مدارس, أحزاب) and of فعول: شعب is a people rather than of شعبة, and
    جمال beauty rather than of جمل. None of a people: whoever writes روس does not mean روسي.
    """
    key = fold_arabic(word)
    if key in listed_plurals() or not (len(key) > 4 or (len(key) == 4 and key[2] == "و")):
        return ()
    found = _singulars().get(key, ())
    return () if any(singular.endswith("ي") for singular in found) else found
