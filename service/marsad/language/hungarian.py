"""Hungarian: plurals and possessives of a term, cases of a token, by vowel harmony; irregular stems.

A compound declines as its last part does. The ending after a hyphen (NATO-ban) belongs to the word.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from marsad.language.base import ATTACHED, Form, Kind, Reading, Text
from marsad.language.compounds import last_part
from marsad.language.dictionary import dictionary_lemmas
from marsad.language.hungarian_endings import harmonies, lengthened, plurals, possessed, without_case
from marsad.language.inflected import ACRONYM, InflectedLanguage, Typed, Variant
from marsad.language.spellings import Word
from marsad.language.wordlists import sections

if TYPE_CHECKING:
    from marsad.language.lexicon import Lexicon

_NO_CASE: Final = "no case"
"""The form has its case already, or takes none."""
_FRONT: Final = "front"
"""Takes front endings whatever its vowels say; "back" the same: hotelben and hotelban are both written."""
_BACK: Final = "back"
_LONG: Final = 5
_ATTACHED: Final = (
    f"{ATTACHED}ban ben ba be ból ből nak nek nál nél ra re ról ről tól től hoz hez höz ért ig ként kor n"
    " on en ön t ot et öt at val vel é k ok ek ök ak ja je bal bel cal cel dal del fal fel gal gel jal jel"
    " kal kel lal lel mal mel nal nel pal pel ral rel sal sel szal szel tal tel zal zel"
)


class Hungarian(InflectedLanguage):
    code = "hu"
    script = "Latn"
    attached = _ATTACHED

    def paradigm(self, word: Typed, words: Lexicon) -> Iterator[Variant]:
        if word.name:
            return
        lemmas = dictionary_lemmas(word, words)
        for base in [lemma.lower() for lemma in lemmas] or [word.lower]:
            before, part = ("", base) if lemmas else last_part(base, words) or ("", base)
            yield Variant(base, sure=True)
            stem = _stem(part, words)
            for harmony in self._harmonies(part, words):
                yield from (Variant(before + form, "plural") for form in plurals(stem, harmony))
                yield from (Variant(before + form) for form in possessed(stem, harmony))
            if stem != part:
                # Kezet, lovat: the accusative has the stem of the plural.
                yield from (Variant(before + stem + ending, "case") for ending in ("at", "et", "ot", "öt"))

    def _forms(
        self, word: Word, kind: Kind, words: Lexicon, hints: list[str], *, alone: bool
    ) -> tuple[Form, ...]:
        forms = super()._forms(word, kind, words, hints, alone=alone)
        typed = word.text
        if word.initials or not typed[-1].isalpha():
            return tuple(replace(form, marks=form.marks | {_NO_CASE}) for form in forms)
        found = self._harmonies(typed.lower(), words)
        extra = {_BACK if harmony == "back" else _FRONT for harmony in found}
        if typed[:1].isupper():
            extra.add(self.attached)
        return tuple(replace(form, marks=form.marks | extra) for form in forms)

    def _harmonies(self, base: str, words: Lexicon) -> tuple[str, ...]:
        """Return the harmonies of *base*: those of which the dictionary has a plural, where it has any."""
        found = harmonies(base)
        if found == ("front",):
            found = ("front", "back")  # híd, hidak
        known = {form.lower() for form in words.forms(base)}
        stem = _stem(base, words)
        attested = tuple(it for it in found if known.intersection(plurals(stem, it)))
        return attested or harmonies(base)

    def _is_of_another(self, word: str, typed: Typed, own: Container[str], words: Lexicon) -> bool:
        if not super()._is_of_another(word, typed, own, words):
            return False
        # Hírek is a lemma in the dictionary, and so are many plurals and possessives.
        lemma = words.lemma(word) or word
        return not lemma.lower().startswith((typed.lower, lengthened(typed.lower), _stem(typed.lower, words)))

    def is_name(self, typed: str, words: Lexicon, *, alone: bool) -> bool:
        return super().is_name(typed, words, alone=alone) or (alone and not words.forms(typed.lower()))

    def readings(self, word: str) -> tuple[Reading, ...]:
        key = self.fold(word)
        found = [Reading(key)]
        found += [Reading(body, prefix="", suffix=ending) for body, ending, _ in without_case(key)]
        return tuple(found)

    def admits(self, form: Form, reading: Reading, text: Text, position: int, names: Container[str]) -> bool:
        if not super().admits(form, reading, text, position, names):
            return False
        if not reading.suffix:
            return True
        marks = form.marks
        if _NO_CASE in marks or (ACRONYM in marks and not text.tokens[position].text[0].isupper()):
            return False
        token = self.fold(text.tokens[position].text)
        wanted = next(
            (
                harmony
                for body, ending, harmony in without_case(token)
                if (body, ending) == (reading.key, reading.suffix)
            ),
            None,
        )
        if wanted is None:
            return False
        named = text.tokens[position].text[0].isupper() and not form.typed[:1].isupper()
        if named and not text.all_capitals and (token in names or reading.key in names):
            return False
        return wanted == "" or (_BACK if wanted == "back" else _FRONT) in marks


def _stem(word: str, words: Lexicon) -> str:
    """Return the stem before the plural and possessives: kez- of kéz, hatalm- of hatalom; else the word."""
    listed = _stems().get(word)
    if listed is not None:
        return listed
    if word.endswith(("alom", "elem")) and len(word) > _LONG:
        return word[:-2] + word[-1]
    known = words.forms(word)
    for form in known:
        if form.endswith(("ak", "ek", "ok", "ök")) and any(f"{form}{a}t" in known for a in "ae"):
            return word if form[:-1] == lengthened(word) else form[:-2]
    return word


@cache
def _stems() -> dict[str, str]:
    return {word: stem for word, _, stem in (it.partition("=") for it in sections("hungarian.txt")["stems"])}
