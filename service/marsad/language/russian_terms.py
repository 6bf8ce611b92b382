"""The forms of one word of a Russian term: a common word or a name. Used when a term is compiled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from marsad.language import russian_lexemes as lexemes
from marsad.language.base import Kind
from marsad.language.names import is_name
from marsad.language.russian_endings import (
    Inflected,
    counterpart,
    decline,
    feminine_in_soft_sign,
    feminine_place,
    surname_gender,
)
from marsad.language.russian_lexemes import LexemeForm, Reading
from marsad.language.russian_people import plain

_GENDERS: Final = ("masc", "femn")
_SPLIT_NUMBERS: Final = frozenset({"sing", "plur"})


class WordForm(NamedTuple):
    """One form of a word of a term."""

    word: str
    """Lower-case."""
    reason: str
    """"case", "form", or "" for the word as typed."""
    rare: bool = False
    """The guard: it nearly always is a form of another word."""
    name: bool = False
    """With a capital it is a known name of another lemma."""
    own: frozenset[str] = frozenset()
    """For surnames that a man and a woman share in writing: genders and cases that are the term, …"""
    other: frozenset[str] = frozenset()
    """… and those that are the other sex."""


def single(typed: str, kind: Kind) -> tuple[list[WordForm], str]:
    """Return the forms of a term of one word, and what a person should know about it ("" for nothing)."""
    word = typed.lower()
    if typed[:1].isupper() or kind is not Kind.KEYWORD:
        return _single_name(typed, kind)
    found = lexemes.readings(word)
    nominative = [reading for reading in found if reading.nominative]
    common = [reading for reading in nominative if not reading.is_name or reading.is_adjective_of_place]
    if not common and nominative and lexemes.known(word):
        return name_forms(word, nominative, kind), ""
    common = _usual(common) if lexemes.known(word) else _likeliest(word, common)
    if not common:
        return [WordForm(word, "")], _oblique(typed, found)
    return common_forms(word, common, guarded=True), ""


def _single_name(typed: str, kind: Kind) -> tuple[list[WordForm], str]:
    word = typed.lower()
    if not lexemes.known(word):
        return unknown_forms(word, kind), ""
    found = lexemes.readings(word)
    nominative = [reading for reading in found if reading.nominative]
    names = [reading for reading in nominative if reading.is_name]
    if kind is Kind.PERSON:
        persons = [reading for reading in names if reading.is_person]
        return (name_forms(word, persons, kind) if persons else unknown_forms(word, kind)), ""
    if names:
        return name_forms(word, names, kind), ""
    if not nominative:
        # A name is listed in the nominative: Претория is no case of преторий.
        if kind is Kind.NAME or _may_be_foreign(word, found):
            return unknown_forms(word, kind), ""
        return [WordForm(word, "")], _oblique(typed, found)
    return common_forms(word, nominative, guarded=False, keep_number=kind is Kind.NAME), ""


def _may_be_foreign(word: str, found: Iterable[Reading]) -> bool:
    """Tell whether a capitalised word that is no nominative is rather a name no dictionary knows: Лахор.

    It looks like a genitive plural (лахор, from лахора), as foreign names in a consonant do.
    """
    return word[-1] not in "аеёиоуыэюяйь" and not any(
        reading.is_name and reading.number == "sing" for reading in found
    )


def _oblique(typed: str, found: Iterable[Reading]) -> str:
    for reading in found:
        if reading.declines and not reading.nominative:
            lemma = reading.lemma.capitalize() if typed[:1].isupper() else reading.lemma
            return f'"{typed}" is in an oblique case and stands for itself alone; "{lemma}" finds all cases'
    return ""


def _usual(found: Sequence[Reading]) -> list[Reading]:
    """Return *found* without what the word hardly ever is: стали is no plural of сталь."""
    return [reading for reading in found if reading.score >= lexemes.RARE] or list(found)


def _likeliest(word: str, guesses: Sequence[Reading]) -> list[Reading]:
    """Return those guesses at an unknown word that are as good as the best.

    A small word in -ский is an adjective (лесотский), though many more nouns end in -ий.
    """
    if word.endswith(("ский", "цкий")):
        guesses = [reading for reading in guesses if reading.group == "ADJF"] or guesses
    best = max((reading.score for reading in guesses), default=0.0)
    return [reading for reading in guesses if reading.score * 2 > best]


def common_forms(
    word: str,
    found: Sequence[Reading],
    *,
    guarded: bool,
    keep_number: bool = False,
    agreeing: tuple[str, ...] = (),
    cases: bool = False,
) -> list[WordForm]:
    """Return the paradigm of common words.

    *agreeing* are the genders that an adjective may have (all if empty); *cases* leaves out what has none.
    """
    own = frozenset((reading.lemma, reading.group) for reading in found)
    forms: dict[str, WordForm] = {plain(word): WordForm(word, "")}
    judged = guarded and lexemes.known(word)
    for reading in found:
        if not reading.declines:
            continue
        for form in lexemes.lexeme(reading):
            if keep_number and form.number != (reading.number or form.number):
                continue
            if agreeing and form.number == "sing" and form.gender not in agreeing:
                continue
            key = plain(form.word)
            if key in forms or (cases and not form.case):
                continue
            use = lexemes.use_of(form.word, own) if judged else lexemes.Use(False, False)
            kind = "case" if reading.group == "NOUN" else "form"
            forms[key] = WordForm(form.word, kind, use.rare, use.name)
    return list(forms.values())


def name_forms(word: str, found: Sequence[Reading], kind: Kind, gender: str | None = None) -> list[WordForm]:
    """Return the cases of a name that the dictionary knows, in the number typed and of the gender typed."""
    if gender:
        found = [reading for reading in found if not reading.is_person or reading.gender in (gender, "")]
    inflected = [
        Inflected(form.word, reading.gender, form.case)
        for reading in found
        for form in lexemes.lexeme(reading)
        if form.case != "voct" and _same_number(form, reading) and _same_gender(form, reading)
    ]
    if not inflected:
        return unknown_forms(word, kind, gender)
    masculine = "masc" if any(reading.gender == "masc" for reading in found) else ""
    if any("Geox" in reading.tag for reading in found) and kind is not Kind.PERSON:
        # Half of Russia declines Домодедово, and the dictionary takes Лахор for Лахр- in all other cases.
        inflected += [form for form in decline(word, genders=masculine, places=True) if form.gender]
    elif masculine and surname_gender(word) is None:
        # Кравцом beside Кравцем, Гаека beside Гайка.
        inflected += decline(word, genders=masculine)
    marks = any("Surn" in reading.tag for reading in found)
    return _word_forms(word, inflected, marked=marks)


def _same_number(form: LexemeForm, reading: Reading) -> bool:
    return form.number == reading.number or not _SPLIT_NUMBERS.issuperset((form.number, reading.number))


def _same_gender(form: LexemeForm, reading: Reading) -> bool:
    return not form.gender or form.gender == reading.gender


def unknown_forms(word: str, kind: Kind, gender: str | None = None) -> list[WordForm]:
    """Return the cases of a name by its ending."""
    places = kind is not Kind.PERSON
    listed = places and gender is None and is_name("ru", word.capitalize())
    gender = gender or surname_gender(word)
    inflected = list(decline(word, genders=gender or "masc femn", places=places))
    if word.endswith("ь") and places:
        inflected += feminine_in_soft_sign(word)
    elif listed and gender == "femn":
        # Приштина is no lady: Приштины.
        inflected += feminine_place(word)
    return _word_forms(word, inflected, marked=not listed)


def _word_forms(word: str, inflected: Iterable[Inflected], *, marked: bool) -> list[WordForm]:
    """Bring forms of one spelling together; with *marked*, note where the other sex writes the same."""
    own: dict[str, set[str]] = {plain(word): set()}
    shown = {plain(word): word}
    for form in inflected:
        key = plain(form.word)
        shown.setdefault(key, form.word)
        own.setdefault(key, set()).add(f"{form.gender} {form.case}")
    other = _other_sex(word, own[plain(word)]) if marked else {}
    return [
        WordForm(
            text,
            "" if key == plain(word) else "case",
            own=frozenset(own[key]) if key in other else frozenset(),
            other=frozenset(other.get(key, ())) - own[key],
        )
        for key, text in shown.items()
    ]


def _other_sex(word: str, readings: Iterable[str]) -> dict[str, set[str]]:
    """Return the forms of the same surname of the other sex, by what they are written like."""
    genders = {reading.split()[0] for reading in readings if reading.endswith("nomn")} & set(_GENDERS)
    if len(genders) != 1:
        return {}
    gender = genders.pop()
    surname = counterpart(word, gender)
    if surname is None:
        return {}
    found: dict[str, set[str]] = {}
    for form in decline(surname, genders="femn" if gender == "masc" else "masc"):
        found.setdefault(plain(form.word), set()).add(f"{form.gender} {form.case}")
    return found
