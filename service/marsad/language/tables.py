"""Languages of many cases: the lexeme of the dictionary, and endings where it knows none.

Ukrainian, Polish, Serbian, Czech and Greek stand on this. Each has a table from the end of a word to its
endings. The table serves words and names that the dictionary does not know, and fills what it lacks: a form
that two lemmas share it has under one of them. A name keeps its number.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from marsad.language.compounds import last_part
from marsad.language.dictionary import dictionary_lemmas
from marsad.language.inflected import InflectedLanguage, Typed, Variant, with_capitals_of
from marsad.language.wordlists import sections

if TYPE_CHECKING:
    from marsad.language.lexicon import Lexicon

_FAMILY: Final = 4
"""So many first letters make two words relatives."""
_ENOUGH: Final = 3
"""So many known forms, none of which a paradigm has, speak against it."""


class Endings(NamedTuple):
    """One paradigm: *cut* letters go from the nominative, each ending comes instead.

    An ending that begins with a digit takes so many letters more ("1ці": рука, руці); "=" doubles the last
    letter that stays (тінь, тінню); "-" adds nothing.
    """

    cut: int
    singular: str
    plural: str = ""
    genders: str = ""
    """Of adjectives: what a name does not have."""

    def forms(self, word: str, *, name: bool, plural: bool) -> Iterator[str]:
        """Yield the forms of *word*, in small letters."""
        endings = self.singular.split()
        if plural:
            # No genitive plural without an ending for names: Олександр is not of Олександра.
            endings += [ending for ending in self.plural.split() if not (name and ending == "-")]
        if not name:
            endings += self.genders.split()
        for ending in endings:
            yield _with(word, self.cut, ending)


Table = Sequence[tuple[str, tuple[Endings, ...]]]
"""Ends of words, as regular expressions; the first that fits counts, with all its paradigms."""


class TableLanguage(InflectedLanguage):
    endings: ClassVar[Table]
    plural: ClassVar[re.Pattern[str]]
    """What only forms of the plural end in."""
    plural_name: ClassVar[re.Pattern[str]]
    """What a name in the plural ends in, and few in the singular: Афіни."""
    infinitive: ClassVar[re.Pattern[str]]
    verbal_noun: ClassVar[re.Pattern[str]]
    """What a noun ends in that the dictionary may have among the forms of its verb: priznavanje."""

    def __init__(self) -> None:
        self._table = [(re.compile(f"(?:{end})$"), paradigms) for end, paradigms in self.endings]

    def paradigm(self, word: Typed, words: Lexicon) -> Iterator[Variant]:
        for form in irregular(self.code).get(self.plain(word.text), ()):
            yield Variant(form, "case", sure=True)
        lemmas = self.lemmas(word, words)
        if word.name:
            yield from self._name(word, lemmas, words)
            return
        if self.verbal_noun.search(word.lower) and word.text not in lemmas:
            lemmas = ()
        for lemma in lemmas:
            forms = words.forms(lemma)
            yield from (Variant(form, sure=True) for form in forms if not self.derived(lemma, form))
            base = self.plain(lemma)
            known = set(map(self.plain, forms)) - {base}
            for paradigm in _likeliest(self.paradigms(base), base, known):
                yield from map(Variant, paradigm.forms(base, name=False, plural=True))
        own = self.plain(word.text)
        if lemmas and own not in map(self.plain, lemmas):
            # Teritorija, which the dictionary has as a form of teritorij.
            known = {self.plain(form) for lemma in lemmas for form in words.forms(lemma)} - {own}
            for paradigm in self.paradigms(own):
                forms_of = set(paradigm.forms(own, name=False, plural=True))
                if len(forms_of & known) >= _ENOUGH:
                    yield from map(Variant, forms_of)
        elif word.text[:1].isupper():
            # Trajan, Vučić: a name, though the dictionary knows a common word alone.
            for paradigm in self.paradigms(own):
                yield from (Variant(form, "case") for form in paradigm.forms(own, name=True, plural=False))
        if not lemmas:
            part = last_part(word.lower, words)
            if part is None:
                yield from map(Variant, self.decline(own))
            else:
                before, lemma = part
                yield from (Variant(before + form.lower(), sure=True) for form in words.forms(lemma))

    def _name(self, word: Typed, lemmas: Iterable[str], words: Lexicon) -> Iterator[Variant]:
        own = self.plain(word.text)
        adjective = any(paradigm.genders for paradigm in self.paradigms(own))
        for lemma in lemmas:
            for form in words.forms(lemma):
                # Of Київ the dictionary has київський, and of an adjective all genders: a surname has one.
                if form[:1].isupper() and not (adjective or self._other_number(form, word)):
                    yield Variant(form, "case", sure=True)
        known = {self.plain(form) for lemma in lemmas for form in words.forms(lemma)} - {own}
        for paradigm in _likeliest(self.paradigms(own), own, known):
            for form in paradigm.forms(own, name=True, plural=not word.alias):
                yield Variant(form, "case")

    def plain(self, word: str) -> str:
        """Return *word* as the table is written: in small letters."""
        return word.lower()

    def derived(self, lemma: str, form: str) -> bool:
        """Tell whether *form*, of *lemma* in the dictionary, is a word of its own."""
        return False

    def lemmas(self, word: Typed, words: Lexicon) -> tuple[str, ...]:
        return dictionary_lemmas(word, words)

    def paradigms(self, word: str) -> tuple[Endings, ...]:
        """Return the paradigms that *word*, in small letters, may have by its end."""
        return next((paradigms for end, paradigms in self._table if end.search(word)), ())

    def decline(self, word: str) -> Iterator[str]:
        """Yield the forms of a word by its end alone."""
        for paradigm in self.paradigms(word):
            yield from paradigm.forms(word, name=False, plural=True)

    def is_name(self, typed: str, words: Lexicon, *, alone: bool) -> bool:
        # Alone, a capital is not that of a word in some case: Putin is not of putti.
        return super().is_name(typed, words, alone=alone) or (alone and not words.forms(typed.lower()))

    def _other_number(self, form: str, word: Typed) -> bool:
        """Tell whether *form* is of the plural, and *word* is not."""
        if form.lower() == word.lower:
            return False
        # Warszaw, of Warszawa.
        bare = word.lower[-1] in "aая" and form.lower() == word.lower[:-1]
        return bare or (
            word.alias
            and not self.plural_name.search(word.lower)
            and self.plural.search(form.lower()) is not None
        )

    def _is_of_another(self, word: str, typed: Typed, own: Container[str], words: Lexicon) -> bool:
        if not super()._is_of_another(word, typed, own, words):
            return False
        lemma = words.lemma(with_capitals_of(typed.text, word)) or word
        stem = typed.lower[: max(_FAMILY, len(typed.lower) - (3 if typed.name else 1))]
        if len(stem) >= _FAMILY and lemma.lower().startswith(stem):
            # Predsednici, of predsednik and of predsednica: of one family, and neither is rare.
            return self.infinitive.search(lemma) is not None
        # Wyborów is held for a form of wybór alone, of which wybory is a form too: no other word.
        return typed.lower not in self.decline(lemma.lower())


@cache
def irregular(language: str) -> dict[str, tuple[str, ...]]:
    """Return the forms of words that follow no table, by the word in small letters."""
    entries = (
        entry.lower().split("=")
        for entry in sections("irregular.txt").get(f"{language}: irregular forms", ())
    )
    return {word: tuple(forms.split("/")) for word, forms in entries}


def _likeliest(paradigms: Iterable[Endings], word: str, known: Collection[str]) -> list[Endings]:
    """Return those paradigms that agree best with the forms that are known."""
    counted = [
        (sum(form in known for form in set(paradigm.forms(word, name=False, plural=True))), paradigm)
        for paradigm in paradigms
    ]
    best = max((count for count, _ in counted), default=0)
    if best == 0 and len(known) > _ENOUGH:
        return []
    return [paradigm for count, paradigm in counted if count == best]


def _with(word: str, cut: int, ending: str) -> str:
    if ending[0].isdigit():
        cut, ending = cut + int(ending[0]), ending[1:]
    stem = word[: len(word) - cut]
    if ending == "-":
        return stem
    return stem + stem[-1:] + ending[1:] if ending[0] == "=" else stem + ending


def table(*rows: tuple[str, *tuple[Endings, ...]]) -> Table:
    return tuple((end, tuple(paradigms)) for end, *paradigms in rows)
