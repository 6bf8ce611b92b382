"""Spellings of Arabic that are one word, and those that are not though they fold alike.

Every function keeps one code point per letter, so that letters of a token and of a form can be compared from
the end: a form is always the tail of the token that it meets.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from marsad.language.fold import ARABIC_MARKS, fold
from marsad.language.tokens import IGNORABLE

_ONE_SHAPE: Final = str.maketrans("کیہھۃ", "كيههة")
"""Persian and Urdu letters in Arabic texts, from keyboards and from scanned pages."""

_PLAIN: Final = re.compile("[\u0621-\u063a\u0641-\u064a]*")
"""Most words of a text: letters of which nothing is dropped or changed."""

_NO_HAMZA: Final = str.maketrans("أإآٱؤ", "اااائ")
_LONG_SEAT: Final = re.compile("م[اأإآٱ](?=[ئؤ])")
"""مائة is مئة; so are all words with these letters, which harms none."""

_EXPLICIT: Final = frozenset("أإآ")
_IGNORED: Final = re.compile(f"[{IGNORABLE}]+")
_MARK: Final = re.compile(f"[{ARABIC_MARKS}]")

SHADDA: Final = "\u0651"
FATHATAN: Final = "\u064b"
KASRATAN: Final = "\u064d"
_VOWELS: Final = frozenset("\u064b\u064c\u064d\u064e\u064f\u0650\u0652")

_FINAL_ALEF: Final = frozenset({"علي", "الي", "لدي", "حتي", "متي", "سوي", "مجري", "يمني"})
"""Words in ى, as they fold, that are other words in ي: prepositions and adverbs; a course (مجرى) is no
Hungarian, a right hand (يمنى) no Yemeni."""


def skeleton(word: str) -> str:
    """Return *word* in one shape of its letters, without marks, with the hamzas as they were written."""
    letters = word if _PLAIN.fullmatch(word) else fold(word).translate(_ONE_SHAPE)
    return _LONG_SEAT.sub("م", letters) if "ئ" in letters or "ؤ" in letters else letters


def fold_arabic(word: str) -> str:
    """Return the normal form of *word*. ة and ه stay two letters: only the term knows when they are one."""
    return fold_skeleton(skeleton(word))


def fold_skeleton(letters: str) -> str:
    folded = letters.translate(_NO_HAMZA)
    return folded[:-1] + "ي" if folded.endswith("ى") else folded


@lru_cache(maxsize=8192)
def marks_of(word: str) -> tuple[str, ...]:
    """Return the marks that each letter of `skeleton(word)` carries; empty if *word* carries none."""
    if not _MARK.search(word):
        return ()
    composed = unicodedata.normalize("NFKC", _IGNORED.sub("", word))
    found: list[str] = []
    letters: list[str] = []
    for character in composed:
        if not _MARK.match(character):
            if character in "ئؤ" and _LONG_SEAT.match("".join(letters[-2:]) + character):
                letters.pop()
                found.pop()
            letters.append(character)
            found.append("")
        elif found:
            found[-1] += character
    # Compatibility characters that fold to several letters: nothing is known of their marks.
    return tuple(found) if len(found) == len(skeleton(word)) else ()


def same_hamzas(typed: str, token: str) -> bool:
    """Tell whether no letter has two different written hamzas: إعلام is not أعلام; اعلام is both.

    *typed* and *token* are skeletons; the shorter is the tail of the longer.
    """
    size = min(len(typed), len(token))
    return not any(
        a != b and a in _EXPLICIT and b in _EXPLICIT
        for a, b in zip(typed[-size:], token[-size:], strict=True)
    )


def same_marks(typed: str, token: str) -> bool:
    """Tell whether the marks of two words, where both carry any, let them be one: عُمان is not عمّان.

    A doubled letter is marked by whoever marks at all; vowels count where both write one. The last letter
    says nothing (its vowel is the case), nor does a doubled letter after the article.
    """
    first, second = marks_of(typed), marks_of(token)
    size = min(len(first), len(second))
    if not size or not any(first[-size:]) or not any(second[-size:]):
        return True
    for index in range(-size, -1):
        a, b = first[index], second[index]
        if index > -size and (SHADDA in a) != (SHADDA in b):
            return False
        one, other = _VOWELS.intersection(a), _VOWELS.intersection(b)
        if one and other and one != other:
            return False
    return True


def is_final_alef(typed: str, token: str) -> bool:
    """Tell whether the token is على, إلى, لدى … where the term is the word in ي that folds the same."""
    size = len(typed)
    return (
        typed.endswith("ي")
        and token.endswith("ى")
        and fold_skeleton(typed) in _FINAL_ALEF
        and fold_skeleton(token[-size:]) in _FINAL_ALEF
    )


def has_fathatan(word: str) -> bool:
    """Tell whether *word* ends in a written -an, before or on its alef: روسيًّا, أيضاً."""
    return any(FATHATAN in marks for marks in marks_of(word)[-2:])


def has_kasratan(word: str) -> bool:
    """Tell whether *word* ends in a written -in: تحدٍّ, قاضٍ."""
    return any(KASRATAN in marks for marks in marks_of(word)[-1:])
