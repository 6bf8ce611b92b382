"""What the languages share whose words a dictionary inflects: all but their endings and spellings.

A language says in `paradigm` which forms a word has; this module makes them `Form`s, guards them against
words that only look like them, and judges capitals, acronyms and names in a text. No dictionary is loaded
before a term is expanded.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from marsad.language.base import Form, Kind, Reading, TermForms, Text
from marsad.language.fold import fold
from marsad.language.spellings import Word, sequences, spellings
from marsad.language.tokens import APOSTROPHES, Break

if TYPE_CHECKING:
    from marsad.language.lexicon import Lexicon

ACRONYM: Final = "acronym"
"""The letters must be capitals; an ending after them must not."""
TITLED: Final = "titled"
"""… or the first of them alone: Nato."""
WORD: Final = "word"
"""An acronym that spells a word: nothing tells them apart in a text all in capitals."""
INFLECTED: Final = "inflected"
ANOTHERS_NAME: Final = "another's name"
"""With a capital inside a sentence it is a known name of another lemma: Essen, of ess-."""

_BODIES: Final = frozenset(("nato", "unesco", "unicef", "opec", "asean", "fifa", "uefa", "nasa", "covid"))
"""Acronyms that are written as names everywhere, and may also be a word: a Finnish nato is a relative."""
_LONGEST_PARTICLE: Final = 3
_FAMILY: Final = 4
"""So many first letters make two words relatives."""
_VOWELS: Final = frozenset("aeiouyаеєиіїоуюяαεηιουω")
_OPENING: Final = frozenset("«„“”\"'(»‚‘¿¡")
"""What is quoted may begin with a capital of its own."""
_INFLECTED_ALONE: Final = frozenset({INFLECTED})
"""One for all: a set of its own for each form would be a third of the memory of a watch set."""
_APOSTROPHES: Final = frozenset(APOSTROPHES)


class Variant(NamedTuple):
    """One form of a word."""

    word: str
    """In NFC; only its letters count, not their case."""
    what: str = "form"
    """For people: "plural", "case", "form"."""
    sure: bool = False
    """A dictionary says so: the guard lets it pass."""


class Typed(NamedTuple):
    """A word of a term, as a language needs it for its forms."""

    text: str
    """As typed, NFC."""
    lower: str
    name: bool
    """Case endings only, in the number it was typed in."""
    alias: bool = False
    """Known for a name, not only taken for one: nothing but its own number and gender."""
    alone: bool = True
    """The only word of the term: its capital is not that of the beginning of a longer name."""


class InflectedLanguage(ABC):
    """A language with a dictionary. Subclasses give its code, its spelling and its paradigms."""

    code: str
    script: str
    rules = 1

    articles: frozenset[str] = frozenset()
    """What may be elided before a word, folded, without its apostrophe: l, dell."""
    acronym_endings: ClassVar[tuple[str, ...]] = ()
    """What an acronym takes without a hyphen or apostrophe between: LKWs."""
    acronyms_inflect: ClassVar[bool] = False
    """One that is read as a word has the endings of a name: Naton."""
    noun_capitals: ClassVar[bool] = False
    """Every noun is written with a capital: a capital tells no name."""
    family: ClassVar[bool] = False
    """Relatives share forms, and the dictionary has them under one of them: these are not left out."""
    attached: ClassVar[str] = ""
    """The mark of the endings that stand after the colon or hyphen of an acronym; "" for none."""
    capital_names: ClassVar[bool] = True
    """What the dictionary has with a capital is a name, which no form of a word in small letters is."""

    def fold(self, word: str) -> str:
        return fold(word)

    @abstractmethod
    def paradigm(self, word: Typed, words: Lexicon) -> Iterable[Variant]:
        """Yield the forms of *word*; itself need not be among them."""

    def expand(self, term: str, kind: Kind) -> TermForms:
        # Imported here as only a process that compiles terms should pay for the dictionary.
        from marsad.language.lexicon import lexicon

        words = lexicon(self.code)
        found = spellings(term)
        hints: list[str] = []
        known: dict[Word, tuple[Form, ...]] = {}
        alone = bool(found) and len(found[0]) == 1
        named = bool(found) and any(word.text[:1].isupper() for word in found[0])

        def forms_of(word: Word) -> tuple[Form, ...]:
            if named and word.text.islower() and len(word.text) <= _LONGEST_PARTICLE:
                # Von, de, al: within names these stand as they are.
                return (Form(self.fold(word.text), typed=word.text),)
            if word not in known:
                known[word] = self._forms(word, kind, words, hints, alone=alone)
            return known[word]

        return TermForms(self.code, term, kind, sequences(found, forms_of), tuple(dict.fromkeys(hints)))

    def _forms(
        self, word: Word, kind: Kind, words: Lexicon, hints: list[str], *, alone: bool
    ) -> tuple[Form, ...]:
        typed = word.text
        if word.initials or len(typed) < 2 or not any(map(str.isalpha, typed)):
            return (Form(self.fold(typed), typed=typed),)
        if is_acronym(typed):
            return tuple(self._acronym(typed, words, alone=alone))
        known = self._typed(typed, kind, words, alone=alone)
        if (
            alone
            and kind is Kind.KEYWORD
            and typed[:1].isupper()
            and not known.name
            and not self.noun_capitals
        ):
            hints.append(
                f'"{typed}" is also a common word ({self.code}): written with a capital it is found only with'
                f' one; write "{typed.lower()}" to find both'
            )
        forms: dict[str, Form] = {self.fold(typed): self.form(typed, typed, "", frozenset())}
        left_out: list[str] = []
        own = {known.text, known.lower, *self._lemmas(known, words)}
        for variant in self.paradigm(known, words):
            key = self.fold(variant.word)
            if not key or key in forms:
                if key in forms:
                    forms[key] = self.merged(forms[key], variant.word)
                continue
            if not variant.sure and self._is_of_another(variant.word, known, own, words):
                left_out.append(variant.word)
                continue
            shown = with_capitals_of(typed, variant.word)
            marks = self._marks(variant.word, known, own, words)
            forms[key] = self.form(typed, shown, f"{shown}: a {variant.what} of {typed}", marks)
        left_out = [word for word in left_out if self.fold(word) not in forms]
        if left_out:
            left = ", ".join(dict.fromkeys(left_out))
            hints.append(
                f'left out ({self.code}), as they rather are forms of another word than "{typed}": {left}'
            )
        return tuple(forms.values())

    def form(self, typed: str, word: str, reason: str, marks: frozenset[str]) -> Form:
        """Return the form *word* of the term word *typed*, both as they are to be shown."""
        return Form(self.fold(word), reason, marks, typed)

    def merged(self, form: Form, word: str) -> Form:
        """Return *form*, of which *word* has the key too: some languages tell the two apart by accents."""
        return form

    def _typed(self, typed: str, kind: Kind, words: Lexicon, *, alone: bool) -> Typed:
        lower = typed.lower()
        alias = kind is not Kind.KEYWORD
        name = alias or (typed[:1].isupper() and self.is_name(typed, words, alone=alone))
        return Typed(typed, lower, name, alias, alone)

    def _also_a_word(self, typed: Typed, words: Lexicon) -> bool:
        """Tell whether the term, typed with a capital, is known without one alone: Sanctions."""
        if self.noun_capitals or typed.name or not typed.text[:1].isupper():
            return False
        return words.lemma(typed.lower) is not None

    def is_name(self, typed: str, words: Lexicon, *, alone: bool) -> bool:
        """Tell whether *typed*, written with a capital, is a name: known as one, or not known as a word."""
        title = typed[:1].upper() + typed[1:].lower()
        if words.lemma(typed) == typed or words.lemma(title) == title:
            return True
        return words.lemma(typed.lower()) is None

    def is_common(self, lower: str, words: Lexicon) -> bool:
        """Tell whether *lower* is a word of the language, and not only a name."""
        if lower in _BODIES:
            return False
        if words.lemma(lower) is not None:
            return True
        title = lower.capitalize()
        return self.noun_capitals and any(form not in (title, f"{title}s") for form in words.forms(title))

    def _lemmas(self, typed: Typed, words: Lexicon) -> set[str]:
        spelled = (typed.text, typed.lower, typed.lower.capitalize())
        return {lemma for word in spelled if (lemma := words.lemma(word)) is not None}

    def _is_of_another(self, word: str, typed: Typed, own: Container[str], words: Lexicon) -> bool:
        """The guard: tell whether the dictionary gives *word* to another lemma than that of *typed*."""
        lemma = words.lemma(with_capitals_of(typed.text, word))
        if lemma is None or lemma in own:
            return False
        if typed.name:
            # Names share cases (Orvon, of Orpo and of Orvo); only a name itself is another.
            return lemma == with_capitals_of(typed.text, word)
        stem = typed.lower[: max(_FAMILY, len(typed.lower) - 2)]
        return not (self.family and len(typed.lower) > _FAMILY and lemma.lower().startswith(stem))

    def _marks(self, word: str, typed: Typed, own: Container[str], words: Lexicon) -> frozenset[str]:
        if not typed.text[:1].isupper() and self.capital_names:
            title = word[:1].upper() + word[1:]
            lemma = words.lemma(title)
            if lemma is not None and lemma[:1].isupper() and lemma not in own:
                return frozenset({INFLECTED, ANOTHERS_NAME})
        return _INFLECTED_ALONE

    def _acronym(self, typed: str, words: Lexicon, *, alone: bool) -> Iterator[Form]:
        letters = typed.replace(".", "")
        key = self.fold(typed)
        common = self.is_common(letters.lower(), words)
        marks = {ACRONYM, self.attached} if self.attached else {ACRONYM}
        if len(letters) >= 4 and not common:
            marks.add(TITLED)
        if common and alone:
            marks.add(WORD)
        yield Form(key, marks=frozenset(marks), typed=letters)
        endings = {}
        if letters[-1].lower() not in _VOWELS:
            endings = {key + ending: letters + ending for ending in self.acronym_endings}
        if TITLED in marks and self.acronyms_inflect:
            title = Typed(letters.capitalize(), letters.lower(), True, True)
            for variant in self.paradigm(title, words):
                endings.setdefault(self.fold(variant.word), variant.word)
        endings.pop(key, None)
        for folded, word in endings.items():
            yield Form(folded, f"{word}: a form of {typed}", frozenset(marks), letters)

    def readings(self, word: str) -> tuple[Reading, ...]:
        key = self.fold(word)
        if "'" not in key:
            return (Reading(key),)
        before, _, rest = key.partition("'")
        if before in self.articles and rest:
            at = next(index for index, character in enumerate(word) if character in _APOSTROPHES) + 1
            inner = tuple(
                replace(reading, skip=reading.skip + at, prefix=f"{word[:at]}{reading.prefix}")
                for reading in self.readings(word[at:])
            )
            return (Reading(key), *inner)
        return (Reading(key), *self.read_apostrophe(key, word))

    def read_apostrophe(self, key: str, word: str) -> tuple[Reading, ...]:
        """Return what else a token with an apostrophe may be, after articles are off."""
        return ()

    def admits(self, form: Form, reading: Reading, text: Text, position: int, names: Container[str]) -> bool:
        marks = form.marks
        if ACRONYM in marks:
            return _admits_acronym(form, reading, text, position)
        token = text.tokens[position].text[reading.skip :]
        if form.typed[:1].isupper() and token[:1].islower():
            return False
        if INFLECTED not in marks or not token[:1].isupper() or text.all_capitals:
            return True
        if reading.key in names:
            return False
        titled = token[1:].islower()
        return not (ANOTHERS_NAME in marks and titled and inside_sentence(text, position))


def is_acronym(typed: str) -> bool:
    letters = typed.replace(".", "")
    return 2 <= len(letters) <= 6 and letters.isalpha() and letters.isupper()


def with_capitals_of(typed: str, word: str) -> str:
    """Return *word* as it would be written where the term was written *typed*."""
    if len(typed) > 1 and typed.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if typed[:1].isupper() else word


def inside_sentence(text: Text, position: int) -> bool:
    """Tell whether a capital at *position* is that of a name, not of the first word of a sentence."""
    token = text.tokens[position]
    if token.before >= Break.SENTENCE:
        return False
    return text.original[max(token.start - 1, 0) : token.start] not in _OPENING


def _admits_acronym(form: Form, reading: Reading, text: Text, position: int) -> bool:
    if text.all_capitals:
        return WORD not in form.marks
    token = text.tokens[position].text[reading.skip :].replace(".", "")
    letters, ending = token[: len(form.typed)], token[len(form.typed) :]
    if any(character.isupper() for character in ending):
        return False
    if letters.isupper():
        return True
    return TITLED in form.marks and letters[:1].isupper() and letters[1:].islower()
