"""The paradigm of an Arabic noun or adjective, from its letters and a list of broken plurals.

Proclitics and the article are taken off the token (`arabic_clitics`); here are the endings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from typing import Final, NamedTuple

from marsad.language.arabic_fold import fold_arabic
from marsad.language.arabic_plurals import broken_plurals, broken_singulars, listed_keys
from marsad.language.wordlists import sections

PRONOUNS: Final = ("ه", "ها", "هم", "هما", "هن", "نا", "كم", "ك")
_SHORT_PRONOUNS: Final = ("ه", "ها", "هم", "هما", "هن")
"""Before which even a noun of two letters is told apart from other words: not منا, not حقك."""
_AFTER_CONSTRUCT: Final = ("ها", "هم", "هما", "هن", "نا")
"""After the ي and و of plurals: not يه, which is how many write ية."""


class Mark(StrEnum):
    """Conditions on a token, checked by `Arabic.admits`."""

    ARTICLE = "article"
    """The article stands before it."""
    BARE = "bare"
    """No article stands before it."""
    INFLECTED = "inflected"
    """Not the word as typed: a name that looks like it is another word."""
    NO_FAR_CLITICS = "no far clitics"
    """ف and ك only together with the article: the word is too short."""
    INNER = "inner"
    """Inside a phrase: no conjunction before it."""
    NO_CLITICS = "no clitics"
    """Inside a name: nothing before it but the article it was typed with."""
    HAMZA = "hamza"
    """Written hamzas that differ make two words."""
    WRITTEN_HAMZA = "written hamza"
    """Its first hamza is written: ألغاز (riddles) without it is الغاز (the gas)."""
    ALONE = "alone"
    """The term is one word, and so it is never على, إلى, لدى …"""
    OWN_ALEF = "own alef"
    """Its last alef is no ending -an."""
    TANWIN = "tanwin"
    """The ending -in is written: قاضٍ."""


class Ending(NamedTuple):
    """One spelled form, with what it is."""

    spelled: str
    reason: str = ""
    marks: frozenset[Mark] = frozenset()


_BARE: Final = frozenset({Mark.BARE})


@cache
def _defective() -> frozenset[str]:
    return frozenset(map(fold_arabic, sections("ar_plurals.txt")["defective"]))


def paradigm(word: str, *, construct: bool = False) -> Iterator[Ending]:
    """Yield the forms of a noun, the word itself first; *word* is a skeleton without article.

    *construct*: a word of the phrase follows, so that the -ي and -و of a lost ن cannot be taken for others.
    """
    yield from spellings_of(word)
    yield from _broken(word, f"plural of {word}")
    if fold_arabic(word) + "ي" in _defective():
        # قاض is القاضي with the article, and everywhere but at the end of a word.
        for ending in (Ending(word + "ي"), *endings(word + "ي", construct=construct)):
            yield Ending(ending.spelled, f"a case of {word}", ending.marks)
    yield from endings(word, construct=construct)
    for singular in singulars(word):
        told = f"singular of {word}"
        yield Ending(singular, told)
        for ending in (*spellings_of(singular), *endings(singular, construct=construct)):
            yield Ending(ending.spelled, told, ending.marks)
        yield from _broken(singular, f"another plural of {singular}")


def _broken(word: str, told: str) -> Iterator[Ending]:
    for plural in broken_plurals(word):
        for form in spellings_of(plural):
            yield Ending(form.spelled, told)
        if len(plural) > 4 and plural.endswith("ي"):
            yield Ending(plural[:-1], told, _BARE)
        yield from _plural_endings(plural, told)


def singulars(word: str) -> tuple[str, ...]:
    """Return what *word* is the plural of, so that a term typed in the plural finds the singular too.

    A plural in -ات has its singular in -ة (عقوبة), or is that of a verbal noun (انتخاب); طائر is no singular
    of طائرات. Nothing is made of a dual, as مهرجان is no two clowns, nor of a people: مالي is
    mostly financial.
    """
    broken = broken_singulars(word)
    if broken:
        return broken
    stem, ending = word[:-2], word[-2:]
    if ending == "ات" and len(stem) > 2:
        verbal = len(stem) > 3 and stem[0] in "اإت" and stem[-1] != "ي"
        return (stem,) if verbal else (stem + "ة",)
    if (
        ending in ("ون", "ين")
        and len(stem) > 3
        and stem[-1] != "ي"
        and fold_arabic(word) not in listed_keys()
    ):
        return (stem,)
    return ()


def spellings_of(word: str) -> Iterator[Ending]:
    """Yield *word* and its other spelling where its last letter has two."""
    yield Ending(word)
    if word.endswith("ة"):
        yield Ending(word[:-1] + "ه")
    elif word.endswith("ه") and len(word) > 2:
        yield Ending(word[:-1] + "ة")


def endings(word: str, *, construct: bool) -> Iterator[Ending]:
    """Yield the regular forms of *word*: case, number, gender of relation, pronouns."""
    if len(word) < 3:
        yield from _with_pronouns(word, word, _SHORT_PRONOUNS)
        return
    last, stem = word[-1], word[:-1]
    if last in "ةه" and word[-2] != "ا":
        yield from _feminine(word, stem)
        if last == "ة":
            return
    if last == "ة":
        for letter in "يو":
            yield from _plural_ات(stem[:-1] + letter, word)
        yield from _with_pronouns(stem + "ت", word)
        yield from _numbers(stem + "ت", word, ("ان", "ين"))
    elif last == "ى":
        yield from _with_pronouns(stem + "ا", word)
        yield from _numbers(stem + "ي", word, ("ان", "ين", "ات"))
        yield Ending(stem + "يي", _number(word), _BARE)
    elif word.endswith("اء") or last == "ء":
        yield from _hamza_endings(word, stem)
    elif last == "ا":
        yield from _with_pronouns(word, word)
        yield from _plural_ات(stem, word)
    else:
        yield from _regular(word, construct=construct)


def _regular(word: str, *, construct: bool) -> Iterator[Ending]:
    yield Ending(word + "ا", f"accusative or dual of {word}", _BARE)
    yield from _with_pronouns(word, word)
    stem, ending = word[:-2], word[-2:]
    sound = len(stem) > 3 and ending in ("ون", "ين", "ان")
    if sound:
        yield from _other_cases(stem, ending, word)
    if ending == "ات" and len(stem) > 3:
        return
    yield from _numbers(word, word, ("ان", "ين"))
    if len(word) > 3 or not broken_plurals(word):
        # Short nouns with a broken plural have no other: حملات is of حملة, not of حمل.
        yield from _numbers(word, word, ("ون",))
        yield from _plural_ات(word, word)
    for letter in "يو":
        yield from _with_pronouns(word + letter, word, _AFTER_CONSTRUCT, _number(word))
    if len(word) > 3 and word[-1] not in "وي":
        # متمردو is nothing but a construct; متمردي may be a relation, as روسي is of روس.
        yield Ending(word + "و", _number(word), _BARE)
    if construct and len(word) > 3:
        for letter in "يو":
            yield Ending(word + letter, _number(word), _BARE)
    if word.endswith("ي"):
        yield from _relation(word)


def _relation(word: str) -> Iterator[Ending]:
    """Yield what a word in ي has more: a feminine if it is one of relation, a short form if of motion."""
    stem = word[:-1]
    if len(word) > 3 and fold_arabic(word) not in _defective():
        feminine = f"feminine of {word}"
        yield Ending(word + "ة", feminine)
        yield Ending(word + "ه", feminine)
        yield from _with_pronouns(word + "ت", word, why=feminine)
        yield Ending(word + "تان", feminine)
        yield Ending(word + "تين", feminine)
    elif len(word) > 3:
        yield Ending(stem, f"indefinite of {word}", _BARE)
        yield Ending(word + "ة", f"feminine of {word}")
        yield from _numbers(stem, word, ("ون", "ين"))
        yield Ending(stem + "و", _number(word), _BARE)
    if len(stem) > 2:
        yield Ending(stem, f"indefinite of {word}", frozenset({Mark.BARE, Mark.TANWIN}))


def _feminine(word: str, stem: str) -> Iterator[Ending]:
    yield from _with_pronouns(stem + "ت", word)
    yield from _numbers(stem + "ت", word, ("ان", "ين"))
    yield from _numbers(stem, word, ("ات",))
    yield from _plural_ات(stem, word)
    for ending in ("تا", "تي"):
        yield Ending(stem + ending, f"dual of {word}", _BARE)
    yield from _with_pronouns(stem + "تي", word, _AFTER_CONSTRUCT, f"dual of {word}")


def _plural_ات(stem: str, word: str) -> Iterator[Ending]:
    yield Ending(stem + "ات", _number(word))
    yield from _with_pronouns(stem + "ات", word, why=_number(word))


def _hamza_endings(word: str, stem: str) -> Iterator[Ending]:
    """Yield the forms of a word in ء, whose seat follows what comes after it: لقاؤه, لقائه, شيئا."""
    for seat in "ئؤء":
        yield from _with_pronouns(stem + seat, word)
    for seat in "ءئ":
        yield from _numbers(stem + seat, word, ("ان", "ين", "ات"))
    yield from _plural_ات(word, word)
    if stem.endswith("ا"):
        yield from _numbers(stem, word, ("ئين", "ؤون"))
    else:
        for seat in "ءئ":
            yield Ending(stem + seat + "ا", f"accusative or dual of {word}", _BARE)


def _other_cases(stem: str, ending: str, word: str) -> Iterator[Ending]:
    """Yield the other cases of a term typed as a sound plural or a dual."""
    why = f"a case of {word}"
    if ending != "ان":
        for other in ("ون", "ين"):
            yield Ending(stem + other, why)
    else:
        yield Ending(stem + "ين", why)
    for letter in "يا" if ending == "ان" else "يو":
        yield Ending(stem + letter, why, _BARE)
        yield from _with_pronouns(stem + letter, word, _AFTER_CONSTRUCT)


def _plural_endings(plural: str, told: str) -> Iterator[Ending]:
    """Yield a broken plural with what may follow it: the accusative -ا and pronouns."""
    last, stem = plural[-1], plural[:-1]
    if last == "ة":
        yield from _with_pronouns(stem + "ت", plural, why=told)
    elif last == "ى":
        yield from _with_pronouns(stem + "ا", plural, why=told)
    elif last == "ء":
        for seat in "ئؤء":
            yield from _with_pronouns(stem + seat, plural, why=told)
    else:
        yield from _with_pronouns(plural, plural, why=told)
        if last not in "اي" and not plural.endswith("ات"):
            yield Ending(plural + "ا", told, _BARE)


def _with_pronouns(
    stem: str, word: str, pronouns: Iterable[str] = PRONOUNS, why: str = ""
) -> Iterator[Ending]:
    told = f"{why}, with a pronoun" if why else f"{word} with a pronoun"
    for pronoun in pronouns:
        yield Ending(stem + pronoun, told, _BARE)


def _numbers(stem: str, word: str, suffixes: Iterable[str]) -> Iterator[Ending]:
    for suffix in suffixes:
        yield Ending(stem + suffix, _number(word))


def _number(word: str) -> str:
    return f"dual or plural of {word}"
