"""Arabic: the forms of a noun or a name, the ways to read a token, and whether the two really meet."""

from __future__ import annotations

from collections.abc import Container, Iterator
from functools import cache
from typing import Final

from marsad.language.arabic_clitics import (
    ARTICLE,
    look_alikes,
    proclitics,
    radical_article,
    readings,
)
from marsad.language.arabic_fold import (
    fold_arabic,
    has_fathatan,
    has_kasratan,
    is_final_alef,
    same_hamzas,
    same_marks,
    skeleton,
)
from marsad.language.arabic_forms import Ending, Mark, paradigm, spellings_of
from marsad.language.arabic_names import name_spellings, particle_cases
from marsad.language.arabic_plurals import broken_plurals
from marsad.language.base import Form, Kind, Reading, TermForms, Text
from marsad.language.spellings import spellings

_SHORT_FOR_HAMZA: Final = 5
"""Letters up to which two different written hamzas make two words."""
_SHORT_FOR_CLITICS: Final = 3
"""Letters up to which a keyword takes no ف and ك of its own."""


class Arabic:
    code = "ar"
    script = "Arab"
    rules = 4

    def fold(self, word: str) -> str:
        return fold_arabic(word)

    def readings(self, word: str) -> tuple[Reading, ...]:
        return readings(word)

    def expand(self, term: str, kind: Kind) -> TermForms:
        found = [tuple(word.text for word in spelling) for spelling in spellings(term)]
        hints: list[str] = []
        if kind is not Kind.KEYWORD or (found and len(found[0]) > 1):
            found = [spelling for typed in found for spelling in name_spellings(typed)]
        sequences: dict[tuple[tuple[Form, ...], ...], None] = {}
        for words in found:
            sequence = []
            for index, word in enumerate(words):
                forms: dict[str, Form] = {}
                for form in _forms(word, words, index, kind, hints):
                    known = forms.setdefault(form.key, form)
                    if known.typed.endswith("ى") and form.typed.endswith("ي"):
                        forms[form.key] = form  # دعاوى and دعاوي are both plurals
                sequence.append(tuple(forms.values()))
            sequences.setdefault(tuple(sequence))
        return TermForms(self.code, term, kind, tuple(sequences), tuple(dict.fromkeys(hints)))

    def admits(self, form: Form, reading: Reading, text: Text, position: int, names: Container[str]) -> bool:
        marks = form.marks
        letters, article = proclitics(reading)
        if (Mark.ARTICLE in marks and not article) or (Mark.BARE in marks and article):
            return False
        if letters and not _may_precede(letters, article, marks):
            return False
        word = text.tokens[position].text
        written = skeleton(word)
        typed = skeleton(form.typed)
        if Mark.HAMZA in marks and not same_hamzas(typed, written):
            return False
        if Mark.ALONE in marks and is_final_alef(typed, written):
            return False
        if not word.isalpha() and not same_marks(form.typed, word):
            return False
        if Mark.OWN_ALEF in marks and has_fathatan(word):
            return False
        if Mark.INFLECTED in marks and typed.endswith("ى") and written.endswith("ي"):
            return False
        if Mark.WRITTEN_HAMZA in marks and written[-len(typed)] != typed[0]:
            return False
        if Mark.TANWIN in marks and not has_kasratan(word):
            return False
        return not _is_another_name(fold_arabic(word), letters, article, Mark.INFLECTED in marks, names)


def _may_precede(letters: str, article: bool, marks: frozenset[str]) -> bool:
    if Mark.NO_CLITICS in marks:
        return False
    if Mark.INNER in marks and letters[0] in "وف":
        return False
    return article or Mark.NO_FAR_CLITICS not in marks or not ("ف" in letters or "ك" in letters)


def _is_another_name(
    folded: str, letters: str, article: bool, inflected: bool, names: Container[str]
) -> bool:
    """Tell whether the token, or what is left of it on the way to the form, is a name by itself.

    The article makes no other name of a word (الصين is صين), and the rest after it is no name any more
    (السورية is a form of سوري, سورية is the country).
    """
    for taken in range(len(letters)):
        if folded[taken:] in names:
            return True
    if not inflected:
        return False
    rest = folded[len(letters) :]
    if article and not rest.startswith(ARTICLE):
        rest = "ا" + rest  # ل and the article: للجزائر
    return rest in names


def _forms(word: str, words: tuple[str, ...], index: int, kind: Kind, hints: list[str]) -> Iterator[Form]:
    """Yield the forms of one word of a term; what a person should know of them goes into *hints*."""
    typed = skeleton(word)
    key = fold_arabic(word)
    alone = len(words) == 1
    marks: set[Mark] = {Mark.ALONE} if alone else set()
    if index:
        marks.add(Mark.INNER if kind is Kind.KEYWORD else Mark.NO_CLITICS)
    with_article = typed.startswith(ARTICLE) and len(typed) > 3 and key not in radical_article()
    stem = typed[2:] if with_article else typed
    if len(stem) <= _SHORT_FOR_HAMZA:
        marks.add(Mark.HAMZA)
    if with_article:
        yield Form(key, marks=frozenset(marks), typed=word)
        marks.add(Mark.ARTICLE)
    elif kind is not Kind.KEYWORD:
        marks.add(Mark.BARE)
    if not alone:
        for other, reason in particle_cases(typed):
            yield Form(fold_arabic(other), reason, frozenset(marks), other)
    if kind is not Kind.KEYWORD or not stem.isalpha():
        for spelling in spellings_of(stem):
            yield _form(spelling, word, stem, marks)
        return
    if len(stem) <= _SHORT_FOR_CLITICS:
        marks.add(Mark.NO_FAR_CLITICS)
    plurals = frozenset(map(fold_arabic, broken_plurals(stem)))
    others = []
    for ending in paradigm(stem, construct=index + 1 < len(words)):
        if with_article and Mark.BARE in ending.marks:
            continue
        form = _form(ending, word, stem, marks)
        guarded = form.key != fold_arabic(stem) and form.key not in plurals and Mark.TANWIN not in form.marks
        if ending.reason and guarded and form.key in look_alikes():
            others.append(ending.spelled)
        else:
            yield form
    if others:
        told = " ".join(dict.fromkeys(others))
        hints.append(f"{told}: left out, as nearly always another word than a form of {typed}")
    if with_article and alone:
        hints.append(f"{typed} is found only with the article; write {stem} to find it without, too")


def _form(ending: Ending, word: str, stem: str, marks: set[Mark]) -> Form:
    own = marks | ending.marks
    if ending.reason:
        own.add(Mark.INFLECTED)
        if ending.spelled.startswith(("أل", "آل")):
            own.add(Mark.WRITTEN_HAMZA)
    elif stem.endswith("ا"):
        own.add(Mark.OWN_ALEF)
    # The marks a person typed can be compared on the word as it was typed, and only there.
    typed = word if ending.spelled == skeleton(word) else ending.spelled
    key = fold_arabic(ending.spelled)
    return Form(typed if key == typed else key, ending.reason, _one(frozenset(own)), typed)


@cache
def _one(marks: frozenset[Mark]) -> frozenset[str]:
    """Return *marks*, the same object for all forms that have them: forms are many, kinds of them few."""
    return marks
