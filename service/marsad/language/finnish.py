"""Finnish: the paradigm of the dictionary, case endings for what it does not know, clitics and possessives.

A compound declines as its last part does. What follows the colon of an acronym (EU:n) belongs to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from marsad.language.base import ATTACHED, Reading
from marsad.language.compounds import last_part
from marsad.language.dictionary import dictionary_lemmas
from marsad.language.finnish_endings import decline
from marsad.language.inflected import InflectedLanguage, Typed, Variant

if TYPE_CHECKING:
    from marsad.language.lexicon import Lexicon

_CLITICS: Final = ("kin", "kaan", "kään", "ko", "kö", "han", "hän", "pa", "pä")
_POSSESSIVES: Final = ("nsa", "nsä", "mme", "nne")
_MY: Final = ("ni", "si")
_LENGTHENED: Final = tuple(
    f"{case}{vowel}n"
    for case in ("ssa", "sta", "lla", "lta", "na", "ta", "ssä", "stä", "llä", "ltä", "nä", "tä", "lle")
    for vowel in (case[-1],)
)
"""Kaupungissaan: the possessive of the third person lengthens the vowel of the case."""
_SHORTEST: Final = 4
_FEW: Final = 20
"""Of a noun the dictionary has over 25 forms, if it has all."""
_AFTER_COLON: Final = (
    f"{ATTACHED}n t a ä ta tä ssa ssä sta stä lla llä lta ltä lle na nä ksi tta ttä han hun hon hyn hin hen"
    " een iin in ia iä ja jä ien illa illä ille issa issä ista istä"
)


class Finnish(InflectedLanguage):
    code = "fi"
    script = "Latn"
    acronyms_inflect = True
    family = True
    attached = _AFTER_COLON

    def paradigm(self, word: Typed, words: Lexicon) -> Iterator[Variant]:
        what = "case" if word.name else "form"
        known: set[str] = set()
        bases = self._lemmas_of(word, words)
        for base in bases:
            forms = [form.lower() for form in words.forms(base)]
            part = last_part(base.lower(), words, sure=bool(forms))
            if part is not None:
                before, lemma = part
                forms += (before + form.lower() for form in words.forms(lemma))
            known.update(forms)
            yield from (Variant(form, what, sure=True) for form in forms)
        for base in bases:
            for forms in decline(base.lower(), plural=not word.name):
                # Kaupungissa is known, so that of kaupunkissa nothing need be tried.
                if len(known) < _FEW or len(known.intersection(forms)) * 2 > len(forms):
                    yield from (Variant(form, what) for form in forms)

    def _lemmas_of(self, word: Typed, words: Lexicon) -> tuple[str, ...]:
        """Return the lemmas of *word*, itself where it is not known."""
        lower = word.lower
        if lower.endswith("t") and not (word.name and word.alone):
            # In the plural: vaalit, which the dictionary has for a verb; rauhanneuvottelut.
            if words.forms(lower[:-1]):
                return (lower[:-1],)
            if lower.endswith("neet"):
                return (lower,)
            part = None if lower in words else last_part(lower, words, inflected=True)
            if part is not None:
                return (part[0] + part[1],)
        return dictionary_lemmas(word, words) or (lower,)

    def is_name(self, typed: str, words: Lexicon, *, alone: bool) -> bool:
        # Alone, a capital is not that of a word in some case: Putin is not of putti.
        return super().is_name(typed, words, alone=alone) or (alone and not words.forms(typed.lower()))

    def readings(self, word: str) -> tuple[Reading, ...]:
        key = self.fold(word)
        found = [Reading(key)]
        if len(key) <= _SHORTEST:
            return tuple(found)
        bare = {"": key}
        for clitic in _CLITICS:
            if key.endswith(clitic) and len(key) - len(clitic) >= _SHORTEST:
                bare[clitic] = key[: -len(clitic)]
        for clitic, base in bare.items():
            if clitic:
                found.append(Reading(base, suffix=clitic))
            for stem, possessive in _without_possessive(base):
                found.append(Reading(stem, suffix=possessive + clitic))
        return tuple(found)


def _without_possessive(word: str) -> Iterator[tuple[str, str]]:
    for ending in _POSSESSIVES + _MY:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            base = word[: -len(ending)]
            yield base, ending
            # Hallituksensa, of hallituksen.
            yield f"{base}n", ending
            return
    if word.endswith(_LENGTHENED):
        yield word[:-2], word[-2:]
    elif word.endswith("kseen"):
        yield f"{word[:-3]}i", "en"
