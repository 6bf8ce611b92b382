"""French, Italian, Spanish and Portuguese: plurals, agreement, elided articles, accents.

The dictionary has the irregular plurals; for words it does not know, and for plurals that it takes for a verb
(les votes), there are the rules of each language. A name stands for itself. A word typed in the feminine or
in the plural keeps its gender.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from marsad.language import accents
from marsad.language.base import Form, Kind, Reading, Text
from marsad.language.dictionary import dictionary_lemmas
from marsad.language.fold import fold, without_accents
from marsad.language.inflected import ACRONYM, InflectedLanguage, Typed, Variant
from marsad.language.romance_plurals import french, italian, portuguese, spanish
from marsad.language.spellings import Word
from marsad.language.wordlists import sections

if TYPE_CHECKING:
    from marsad.language.lexicon import Lexicon

ANY_ACCENTS: Final = "any accents"
"""The term was typed without accents and is no word like that."""
_OR: Final = "or "
"""Before another spelling of the form, with other accents."""

_FROM_THIS_MANY: Final = 12
"""A lemma of more forms is a verb."""


class Romance(InflectedLanguage):
    script = "Latn"
    capital_names = False  # the dictionary has Ministros, of Consejo de Ministros
    infinitives: ClassVar[tuple[str, ...]]
    derived: ClassVar[tuple[str, ...]] = ()
    """Beginnings of what is added to a stem in diminutives and superlatives, which are other words."""
    adjectival: ClassVar[tuple[str, ...]] = ("ico", "ivo", "oso", "ado", "ido", "ario", "ório", "orio")
    """Ends of words that, where no dictionary knows them, are adjectives: they have a feminine."""
    back: ClassVar[tuple[tuple[int, str], ...]]
    """From a plural to its singular: how many letters go, and what comes instead."""

    def fold(self, word: str) -> str:
        folded = fold(word)
        return folded if folded.isascii() else without_accents(folded)

    @abstractmethod
    def plurals(self, word: str) -> Iterator[str]:
        """Yield what the plural of *word*, in small letters, may be."""

    def paradigm(self, word: Typed, words: Lexicon) -> Iterator[Variant]:
        if word.name:
            return
        capital = word.text[:1].isupper()
        for text in self._spelled(word, words):
            lemmas = dictionary_lemmas(Typed(text, text, name=False), words)
            known = {form: lemma for lemma in lemmas for form in words.forms(lemma)}
            verb = False
            for lemma in lemmas:
                forms = words.forms(lemma)
                if self._is_verb(lemma, forms):
                    verb = lemma == text and not self._is_noun(lemma)
                    yield from (Variant(form, sure=True) for form in forms if verb)
                elif lemma == text and not capital:
                    yield from (Variant(form, sure=True) for form in forms if not self._derived(lemma, form))
            if verb:
                continue
            yield from self._numbers(text, known, words)
            if not capital:
                for feminine in self.feminines(text):
                    if feminine in known or (not lemmas and text.endswith(self.adjectival)):
                        yield Variant(feminine, sure=True)
                        yield from self._numbers(feminine, known, words)

    def _numbers(self, text: str, known: Mapping[str, str], words: Lexicon) -> Iterator[Variant]:
        """Yield the other number of *text* in its gender: what the dictionary knows, else what is regular."""
        plurals = self.plurals
        singulars = [
            form
            for form in self.singulars(text)
            if text in plurals(form) and (form in known or words.lemma(form) == form)
        ]
        for singular in singulars:
            yield Variant(singular, "singular", sure=True)
        if singulars:
            return
        added = list(plurals(text))
        sure = [plural for plural in added if plural in known]
        irregular = any(lemma == text and form[-1] != text[-1] for form, lemma in known.items())
        if sure or not irregular:
            yield from (Variant(plural, "plural", bool(sure)) for plural in sure or added)

    def _spelled(self, word: Typed, words: Lexicon) -> tuple[str, ...]:
        """Return *word* in small letters, with the accents that the dictionary gives it if it has none."""
        if word.lower in words or accents.has_accents(word.lower):
            return (word.lower,)
        found = [lemma for lemma in words.lemmas_like(word.lower) if lemma.islower()]
        return (word.lower, *found)

    def feminines(self, word: str) -> tuple[str, ...]:
        """Return what the feminine of *word* may be, where it is regular."""
        return (f"{word[:-1]}a",) if word.endswith("o") else ()

    def singulars(self, word: str) -> tuple[str, ...]:
        """Return what *word* may be the plural of; most of it is no word."""
        return tuple(word[: len(word) - cut] + ending for cut, ending in self.back if len(word) > cut + 1)

    def _is_verb(self, lemma: str, forms: tuple[str, ...]) -> bool:
        return lemma.endswith(self.infinitives) and len(forms) > _FROM_THIS_MANY

    def _is_noun(self, infinitive: str) -> bool:
        return infinitive in sections("romance.txt").get(f"{self.code}: infinitives that are nouns", ())

    def _derived(self, lemma: str, form: str) -> bool:
        if form == lemma or not self.derived or form in self.plurals(lemma):
            return False
        stem = self.fold(lemma).rstrip("aeiou")
        shared = len(stem) - 2 if len(stem) > 4 else len(stem) - 1
        rest = self.fold(form)[max(shared, 1) :]
        return any(
            ending in rest and ending not in self.fold(lemma)[max(shared, 1) :] for ending in self.derived
        )

    def _is_of_another(self, word: str, typed: Typed, own: Container[str], words: Lexicon) -> bool:
        if not super()._is_of_another(word, typed, own, words):
            return False
        # Les votes, las marchas: also forms of verbs, but in news hardly ever.
        lemma = words.lemma(word)
        return lemma is None or not self._is_verb(lemma, words.forms(lemma))

    def form(self, typed: str, word: str, reason: str, marks: frozenset[str]) -> Form:
        return Form(self.fold(word), reason, marks, word if typed[:1].isupper() else word.lower())

    def merged(self, form: Form, word: str) -> Form:
        if accents.letters(form.typed) == accents.letters(word):
            return form
        return replace(form, marks=form.marks | {_OR + word})

    def _lemmas(self, typed: Typed, words: Lexicon) -> set[str]:
        return super()._lemmas(typed, words).union(self._spelled(typed, words))

    def _forms(
        self, word: Word, kind: Kind, words: Lexicon, hints: list[str], *, alone: bool
    ) -> tuple[Form, ...]:
        forms = super()._forms(word, kind, words, hints, alone=alone)
        typed = word.text
        if accents.has_accents(typed) or typed.lower() in words or words.lemma(typed) == typed:
            return forms
        return tuple(replace(form, marks=form.marks | {ANY_ACCENTS}) for form in forms)

    def admits(self, form: Form, reading: Reading, text: Text, position: int, names: Container[str]) -> bool:
        if not super().admits(form, reading, text, position, names):
            return False
        if ANY_ACCENTS in form.marks or ACRONYM in form.marks:
            return True
        token = text.tokens[position].text[reading.skip :]
        if token.isascii() and reading.key == form.typed.lower():
            return True
        wanted = (form.typed, *(mark[len(_OR) :] for mark in form.marks if mark.startswith(_OR)))
        return any(self.spelled(one, token, text, position) for one in wanted)

    def spelled(self, wanted: str, token: str, text: Text, position: int) -> bool:
        """Tell whether *token* may be written for *wanted*."""
        return accents.fits(wanted, token)


class French(Romance):
    code = "fr"
    infinitives = ("er", "ir", "re", "oir")
    back = ((1, ""), (2, "l"), (3, "il"))
    articles = frozenset(sections("romance.txt")["fr: before an apostrophe"])
    adjectival = ("é", "al", "if", "eux", "ien", "ant", "el")

    def plurals(self, word: str) -> Iterator[str]:
        return french(word)

    def feminines(self, word: str) -> tuple[str, ...]:
        for masculine, feminine in (("if", "ive"), ("eux", "euse"), ("ien", "ienne"), ("el", "elle")):
            if word.endswith(masculine):
                return (word.removesuffix(masculine) + feminine,)
        return (f"{word}e",)


class Italian(Romance):
    code = "it"
    infinitives = ("are", "ere", "ire", "rre")
    adjectival = ("ico", "ivo", "oso", "ato", "ito", "uto", "ario", "orio", "iano")
    derived = ("issim", "in", "ett", "ell", "on", "ucc", "acc")
    back = ((1, "o"), (1, "a"), (1, "e"), (0, "o"), (2, "o"), (2, "a"), (1, "ia"))
    articles = frozenset(sections("romance.txt")["it: before an apostrophe"])

    def plurals(self, word: str) -> Iterator[str]:
        return italian(word)

    def spelled(self, wanted: str, token: str, text: Text, position: int) -> bool:
        if accents.fits(wanted, token):
            return True
        own, its = accents.letters(wanted), accents.letters(token)
        if own[:-1] != its[:-1] or not own[-1][1]:
            return False
        # Perchè for perché; citta' where a keyboard has no à.
        return bool(its[-1][1]) or text.original[text.tokens[position].end :][:1] in ("'", "’", "`")


class Spanish(Romance):
    code = "es"
    infinitives = ("ar", "er", "ir", "ír")
    derived = ("isim", "it", "ill", "azo", "on", "uel")
    back = ((1, ""), (2, ""), (3, "z"), (4, "án"), (4, "én"), (4, "ín"), (4, "ón"), (4, "ún"), (4, "és"))
    acronym_endings = ("s",)

    def plurals(self, word: str) -> Iterator[str]:
        return spanish(word)


class Portuguese(Romance):
    code = "pt"
    infinitives = ("ar", "er", "ir", "or", "ôr")
    derived = ("issim", "inh", "zit", "zao", "zoes", "zona", "ao", "oes", "it")
    back = ((1, ""), (2, ""), (3, "ão"), (2, "m"), (2, "l"), (3, "el"), (3, "ol"), (3, "il"), (4, "ês"))
    articles = frozenset(["d", "sant"])
    acronym_endings = ("s",)

    def plurals(self, word: str) -> Iterator[str]:
        return portuguese(word)
