"""English: plurals and possessives, tenses of what is only a verb, one spelling for Britain and America."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Final

from marsad.language import english_words as words
from marsad.language.base import ABBREVIATION, Form, Kind, Reading, TermForms, Text
from marsad.language.fold import fold, without_accents
from marsad.language.spellings import (
    MIDDLE_NAME,
    Spelling,
    Word,
    capitals_match,
    sequences,
    spellings,
    with_middle_name,
)
from marsad.language.tokens import Break
from marsad.language.wordlists import sections

_CLITICS: Final = frozenset({"s", "d", "ll", "ve", "re", "m"})
"""What may follow an apostrophe and be no part of the word: Russia's, Russia'll."""

_ACRONYM: Final = "acronym"
"""The letters must be capitals."""
_TITLED: Final = "titled"
"""… or the first of them: Nato."""
_WORD: Final = "word"
"""An acronym that spells a word (US, WHO): nothing tells them apart in a text all in capitals."""
_PLURAL: Final = "acronym's plural"
_ONLY_NAME: Final = "only a name"
"""Typed with a capital, and no word: in a text without capitals it needs none."""
_INFLECTED: Final = "inflected"
_ONLY_NAME_MARKS: Final = frozenset({_ONLY_NAME})
_INFLECTED_MARKS: Final = frozenset({_INFLECTED})
"""One for all: a set of its own for each form would be a third of the memory of a watch set."""

_TITLES: Final = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "dame"})
"""What follows is a name: Mr Brooks."""
_SHORT_NAMES: Final = {"saint": "st", "st": "saint", "mount": "mt", "mt": "mount", "fort": "ft"}
"""Saint Petersburg is St. Petersburg."""
_PARTICLES: Final = frozenset(sections("english.txt")["particles"])
"""Small words inside names, which writers capitalise as they like."""
_ENDS_NOUNS: Final = frozenset(sections("english.txt")["plural after a hyphen"])
_NUMBER: Final = "number"
"""Not its plural: 1990 is not the 1990s, though F-16s are F-16."""


class English:
    code = "en"
    script = "Latn"
    rules = 3

    def fold(self, word: str) -> str:
        return without_accents(fold(word))

    def expand(self, term: str, kind: Kind) -> TermForms:
        found = spellings(term)
        alone = len(found) > 0 and len(found[0]) == 1

        def forms_of(word: Word) -> tuple[Form, ...]:
            return tuple(self._forms(word, kind, alone=alone))

        hints = []
        for word in found[0] if found else ():
            small = self.fold(word.text)
            if alone and word.text[:1].isupper() and not _is_acronym(word.text) and words.is_common(small):
                hints.append(
                    f'"{word.text}" is also a common word: written with a capital it is found only with one;'
                    f' write "{word.text.lower()}" to find both'
                )
        forms = sequences(found, forms_of)
        if kind is not Kind.NAME and _is_full_name(found):
            forms = with_middle_name(forms[:1]) + forms[1:]
        return TermForms(self.code, term, kind, forms, tuple(hints))

    def _forms(self, word: Word, kind: Kind, *, alone: bool) -> Iterator[Form]:
        typed = word.text
        key = self.fold(typed)
        if word.initials or _is_acronym(typed):
            yield from self._acronym(typed, key, plural=not word.initials, alone=alone)
            return
        if not alone and key in _PARTICLES:
            # The Hague is also written the Hague, Al-Azhar al-Azhar: such a capital says nothing.
            typed = typed.lower()
        marks = frozenset({_NUMBER}) if alone and key.isdecimal() else frozenset[str]()
        if typed[:1].isupper() and words.is_only_a_name(key):
            marks = _ONLY_NAME_MARKS
        yield Form(key, marks=marks, typed=typed)
        if "'" in key:
            yield Form(key.replace("'", ""), f"{typed} without its apostrophe", typed=typed)
        if not alone and typed[:1].isupper() and key in _SHORT_NAMES:
            yield Form(_SHORT_NAMES[key], f"{typed}, as it is also written", typed=typed)
        if kind is Kind.PERSON:
            return
        for spelling in words.other_spellings(key):
            yield Form(spelling, f"{spelling}: another spelling of {typed}", typed=typed)
        if typed[:1].isupper():
            for short in words.short_date(key):
                yield Form(short, f"short for {typed}", frozenset({ABBREVIATION}), typed)
        if kind is not Kind.NAME and not alone and word.last and key in _ENDS_NOUNS:
            yield Form(f"{key}s", f"plural of {typed}", typed=typed)
        if kind is Kind.NAME or words.is_function_word(key):
            return
        if typed[:1].isupper() and not (words.is_common(key) or words.is_people(key)):
            return
        for form, reason in _paradigm(key, typed):
            yield Form(form, reason, _INFLECTED_MARKS, typed)

    def _acronym(self, typed: str, key: str, *, plural: bool, alone: bool) -> Iterator[Form]:
        marks = {_ACRONYM}
        common = words.is_common(key)
        if len(key) >= 4 and not common:
            marks.add(_TITLED)
        if common and alone:
            marks.add(_WORD)
        yield Form(key, marks=frozenset(marks), typed=typed)
        if plural and len(key) > 1:
            yield Form(f"{key}s", f"plural of {typed}", frozenset(marks | {_PLURAL}), typed)

    def readings(self, word: str) -> tuple[Reading, ...]:
        key = self.fold(word)
        if len(key) == 1 and word[:1].isupper():
            return (Reading(key), Reading(MIDDLE_NAME))
        if key[:1].isdecimal() and key.endswith("s"):
            digits = key.rstrip("'s")
            return (Reading(key), Reading(f"{digits}s"), Reading(digits, suffix=key[len(digits) :]))
        if "'" not in key:
            return (Reading(key),)
        base, _, clitic = key.rpartition("'")
        if clitic in _CLITICS:
            return (Reading(key), Reading(base, suffix=f"'{clitic}"))
        return (Reading(key), Reading(key.replace("'", "")))

    def admits(self, form: Form, reading: Reading, text: Text, position: int, names: Container[str]) -> bool:
        token = text.tokens[position]
        if _ACRONYM in form.marks:
            return _admits_acronym(form, reading, text, position)
        if _NUMBER in form.marks and reading.suffix == "s":
            return False
        if not capitals_match(form.typed, text, position):
            return _ONLY_NAME in form.marks and text.no_capitals
        if ABBREVIATION in form.marks and not _abbreviates(text, position):
            return False
        inflected = _INFLECTED in form.marks and not form.typed[:1].isupper()
        if not inflected or not token.text[:1].isupper() or text.all_capitals:
            return True
        # A capital inside a sentence that is a name by itself: Brooks is not the plural of brook.
        titled = position > 0 and self.fold(text.tokens[position - 1].text) in _TITLES
        return reading.key not in names and not titled


def _is_full_name(found: Sequence[Spelling]) -> bool:
    """Tell whether a term of two words may be a forename and a surname: Donald Trump is Donald J. Trump."""
    if not found or len(found[0]) != 2:
        return False
    return all(
        word.text[:1].isupper() and not word.initials and not _is_acronym(word.text) for word in found[0]
    )


def _paradigm(key: str, typed: str) -> Iterator[tuple[str, str]]:
    """Yield the other forms of the word, in both spellings of each, with what they are."""
    spelled = (key, *words.other_spellings(key))
    singulars = tuple(dict.fromkeys(singular for word in spelled for singular in words.singulars(word)))
    for singular in singulars:
        for word in (singular, *words.other_spellings(singular)):
            yield word, f"singular of {typed}"
            for plural in words.plurals(word):
                yield plural, f"plural of {word}"
    for word in spelled:
        if not singulars:
            for plural in words.plurals(word):
                yield plural, f"plural of {typed}"
        verb = word if words.is_verb(word) else words.verb_of(word)
        if verb is not None:
            for base in (verb, *words.other_spellings(verb)):
                for form in (base, *words.verb_forms(base)):
                    yield form, f"{form}: a form of {typed}"


def _is_acronym(typed: str) -> bool:
    letters = typed.replace(".", "")
    return 2 <= len(letters) <= 6 and letters.isalpha() and letters.isupper()


def _admits_acronym(form: Form, reading: Reading, text: Text, position: int) -> bool:
    token = text.tokens[position]
    if _WORD in form.marks and text.all_capitals:
        return False
    if text.original[token.end : token.end + 1] == "$":
        return False
    letters = token.text.replace(".", "")
    if reading.suffix:
        letters = letters[: -len(reading.suffix)]
    if _PLURAL in form.marks:
        # USS is no plural of US.
        if letters[-1:] != "s":
            return text.all_capitals
        letters = letters[:-1]
    if letters.isupper():
        return True
    return _TITLED in form.marks and letters[:1].isupper() and letters[1:].islower()


def _abbreviates(text: Text, position: int) -> bool:
    """Tell whether a full stop within a sentence follows the token, or a number stands beside it: 5 Jan."""
    tokens = text.tokens
    beside = [tokens[index] for index in (position - 1, position + 1) if 0 <= index < len(tokens)]
    if any(token.text.isdecimal() for token in beside):
        return True
    return (
        text.original.startswith(".", tokens[position].end)
        and position + 1 < len(tokens)
        and tokens[position + 1].before < Break.SENTENCE
    )
