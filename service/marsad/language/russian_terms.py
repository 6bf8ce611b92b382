"""Which words of a Russian term change with the case, and into what. Used when a term is compiled."""

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
from marsad.language.russian_people import gender_of_forename, is_forename, plain
from marsad.language.tokens import Token

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
        return _name(word, nominative, kind), ""
    common = _usual(common) if lexemes.known(word) else _likeliest(word, common)
    if not common:
        return [WordForm(word, "")], _oblique(typed, found)
    return _common(word, common, guarded=True), ""


def _single_name(typed: str, kind: Kind) -> tuple[list[WordForm], str]:
    word = typed.lower()
    if not lexemes.known(word):
        return _unknown_name(word, kind), ""
    found = lexemes.readings(word)
    nominative = [reading for reading in found if reading.nominative]
    names = [reading for reading in nominative if reading.is_name]
    if kind is Kind.PERSON:
        persons = [reading for reading in names if reading.is_person]
        return (_name(word, persons, kind) if persons else _unknown_name(word, kind)), ""
    if names:
        return _name(word, names, kind), ""
    if not nominative:
        # A name is listed in the nominative: Претория is no case of преторий.
        if kind is Kind.NAME or _may_be_foreign(word, found):
            return _unknown_name(word, kind), ""
        return [WordForm(word, "")], _oblique(typed, found)
    return _common(word, nominative, guarded=False, keep_number=kind is Kind.NAME), ""


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


def _common(
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


def _name(word: str, found: Sequence[Reading], kind: Kind, gender: str | None = None) -> list[WordForm]:
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
        return _unknown_name(word, kind, gender)
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


def _unknown_name(word: str, kind: Kind, gender: str | None = None) -> list[WordForm]:
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


def is_person(tokens: Sequence[Token], kind: Kind) -> bool:
    """Tell whether a term of several words is the full name of a person."""
    if kind is Kind.PERSON:
        return True
    if not all(token.text[:1].isupper() for token in (tokens[0], tokens[-1])):
        return False
    return any(
        is_forename(token.text) or _is_initial(token) or _dictionary_forename(token.text)
        for token in tokens
        if token.text[:1].isupper()
    )


def is_forename_and_surname(tokens: Sequence[Token], kind: Kind) -> bool:
    """Tell whether a term of two words is a forename and a surname, that a middle name may part."""
    first, last = tokens
    return (
        is_person(tokens, kind)
        and not last.glued
        and last.text[:1].isupper()
        and (is_forename(first.text) or _dictionary_forename(first.text))
    )


def has_two_orders(tokens: Sequence[Token], kind: Kind) -> bool:
    """Tell whether the last word may also stand first: Захарова Мария, Путин В. В., Чэнь Дэмин."""
    if len(tokens) < 2 or tokens[-1].glued or not all(token.text[:1].isupper() for token in tokens):
        return False
    if any(len(token.text) > 1 and token.text.replace(".", "").isupper() for token in tokens):
        return False
    return is_person(tokens, kind) or not any(lexemes.known(token.text.lower()) for token in tokens)


def _is_initial(token: Token) -> bool:
    return token.text.isupper() and len(token.text.replace(".", "")) == 1


def _dictionary_forename(typed: str) -> bool:
    return any(
        reading.nominative and not {"Name", "Patr"}.isdisjoint(reading.tag)
        for reading in lexemes.readings(typed.lower())
        if lexemes.known(typed.lower())
    )


def full_name(tokens: Sequence[Token]) -> list[list[WordForm]]:
    """Return the forms of each part of a person's name: all of one gender, that of the forename."""
    gender = _gender_of(tokens)
    parts = []
    for token in tokens:
        typed = token.text
        word = typed.lower()
        if not typed[:1].isupper() or len(typed) == 1:
            parts.append([WordForm(word, "")])
            continue
        found = (
            [r for r in lexemes.readings(word) if r.nominative and r.is_person] if lexemes.known(word) else []
        )
        forms = _name(word, found, Kind.PERSON, gender) if found else _unknown_name(word, Kind.PERSON, gender)
        parts.append([WordForm(form.word, form.reason) for form in forms])
    return parts


def _gender_of(tokens: Sequence[Token]) -> str | None:
    for token in tokens:
        if token.text[:1].isupper() and (gender := gender_of_forename(token.text)):
            return gender
    last = tokens[-1].text.lower()
    ending = surname_gender(last)
    if ending:
        return ending
    genders = {
        reading.gender
        for token in tokens[:-1]
        for reading in lexemes.readings(token.text.lower())
        if reading.nominative and "Name" in reading.tag and lexemes.known(token.text.lower())
    }
    return (genders.pop() or None) if len(genders) == 1 else None


def phrase(tokens: Sequence[Token], kind: Kind) -> list[list[WordForm]]:
    """Return the forms of each word: the head and what agrees with it; the rest stands as typed.

    The head is the first noun in the nominative (or the infinitive); a word after it that can be a genitive
    is one ("совет безопасности"), any other nominative stands beside it ("движение ХАМАС").
    """
    read = [_phrase_readings(token.text) for token in tokens]
    head = next(
        (index for index, found in enumerate(read) if any(map(_is_head, found)) and not _leads(read, index)),
        len(tokens),
    )
    genders = _head_genders(read[head]) if head < len(tokens) else ()
    parts = []
    for index, (token, found) in enumerate(zip(tokens, read, strict=True)):
        word = token.text.lower()
        capital = token.text[:1].isupper()
        if capital and not lexemes.known(word) and len(word) > 1:
            parts.append(_unknown_name(word, kind))
            continue
        nominative = [reading for reading in found if reading.nominative and reading.declines]
        if index > head and not capital and any(_is_genitive(reading) for reading in found):
            nominative = []
        if not nominative:
            parts.append([WordForm(word, "")])
            continue
        if index < head:
            parts.append(_agreeing(word, nominative, genders, keep_number=kind is not Kind.KEYWORD))
            continue
        names = [reading for reading in nominative if reading.is_name] if capital else []
        if capital and index > head:
            # After its head a name is in the nominative only as it stands in a dictionary: России is not.
            names = [reading for reading in names if reading.lemma == word or "Surn" in reading.tag]
            if not names and any(_is_genitive(reading) for reading in found):
                parts.append([WordForm(word, "")])
                continue
        if names:
            parts.append(_name(word, names, kind))
        else:
            parts.append(_common(word, nominative, guarded=False, keep_number=kind is not Kind.KEYWORD))
    return [[WordForm(form.word, form.reason) for form in part] for part in parts]


def _agreeing(
    word: str, found: Sequence[Reading], genders: tuple[str, ...], *, keep_number: bool
) -> list[WordForm]:
    """Return the cases of a word before its head, in the genders that the head has."""
    adjectives = [reading for reading in found if reading.parse.tag.POS == "ADJF"]
    adjectives = adjectives or [reading for reading in found if _is_adjective(reading)] or list(found)
    return _common(word, adjectives, guarded=False, keep_number=keep_number, agreeing=genders, cases=True)


def _leads(read: Sequence[Sequence[Reading]], index: int) -> bool:
    """Tell whether a word that may be a noun is an adjective before one: учёный совет, Великие Луки."""
    if index + 1 == len(read):
        return False
    numbers = {reading.number for reading in read[index] if reading.nominative and _is_adjective(reading)}
    return any(_is_head(reading) and reading.number in numbers for reading in read[index + 1])


def _is_adjective(reading: Reading) -> bool:
    return reading.parse.tag.POS in ("ADJF", "PRTF")


def _phrase_readings(typed: str) -> list[Reading]:
    found = lexemes.readings(typed.lower())
    if typed[:1].isupper():
        return found
    return [reading for reading in found if not reading.is_name] or found


def _is_head(reading: Reading) -> bool:
    return reading.nominative and reading.parse.tag.POS in ("NOUN", "INFN")


def _is_genitive(reading: Reading) -> bool:
    return "gent" in reading.tag


def _head_genders(found: Iterable[Reading]) -> tuple[str, ...]:
    heads = [reading for reading in found if _is_head(reading)]
    genders = {reading.gender for reading in heads}
    # Plural-only and indeclinable heads, and infinitives, say nothing.
    return () if "" in genders else tuple(genders)
