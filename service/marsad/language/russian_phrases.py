"""Which words of a Russian term of several words change with the case, and into what.

A person's full name declines in all its parts; in a phrase the head does, and what agrees with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from marsad.language import russian_lexemes as lexemes
from marsad.language.base import Kind
from marsad.language.russian_endings import surname_gender
from marsad.language.russian_lexemes import Reading
from marsad.language.russian_people import gender_of_forename, is_forename
from marsad.language.russian_terms import WordForm, common_forms, name_forms, unknown_forms
from marsad.language.tokens import Token


def is_person(tokens: Sequence[Token], kind: Kind) -> bool:
    """Tell whether a term of several words is the full name of a person."""
    if kind is Kind.PERSON:
        return True
    if not all(token.text[:1].isupper() for token in (tokens[0], tokens[-1])):
        return False
    return _is_oblique_forename(tokens[0].text) or any(
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


def _is_oblique_forename(typed: str) -> bool:
    """Tell whether the dictionary takes *typed* for a case of another name: Кая, a case of Кай.

    Whoever writes a name into a watch writes the nominative: it is a forename that no dictionary knows.
    """
    found = lexemes.readings(typed.lower())
    return (
        lexemes.known(typed.lower())
        and all("Name" in reading.tag for reading in found)
        and not any(reading.nominative for reading in found)
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
        forms = (
            name_forms(word, found, Kind.PERSON, gender)
            if found
            else unknown_forms(word, Kind.PERSON, gender)
        )
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
            parts.append(unknown_forms(word, kind))
            continue
        nominative = [reading for reading in found if reading.nominative and reading.declines]
        # What a hyphen holds together stands in one case: экс-премьера.
        genitive = not token.glued and any(map(_is_genitive, found))
        if index > head and not capital and genitive:
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
            parts.append(name_forms(word, names, kind))
        else:
            parts.append(common_forms(word, nominative, guarded=False, keep_number=kind is not Kind.KEYWORD))
    return [[WordForm(form.word, form.reason) for form in part] for part in parts]


def _agreeing(
    word: str, found: Sequence[Reading], genders: tuple[str, ...], *, keep_number: bool
) -> list[WordForm]:
    """Return the cases of a word before its head, in the genders that the head has."""
    adjectives = [reading for reading in found if reading.parse.tag.POS == "ADJF"]
    adjectives = adjectives or [reading for reading in found if _is_adjective(reading)] or list(found)
    return common_forms(
        word, adjectives, guarded=False, keep_number=keep_number, agreeing=genders, cases=True
    )


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
