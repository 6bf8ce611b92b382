"""German: the paradigm of a noun with its umlaut plural, adjective endings, the genitive of a name.

The dictionary knows most words; a compound it does not know declines as its last part does (Klimagipfel as
Gipfel). ae oe ue are ä ö ü, and ss is ß. Compounds of the term (Bankhaus for Bank) are other words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from marsad.language.base import Reading
from marsad.language.fold import fold
from marsad.language.inflected import InflectedLanguage, Typed, Variant

if TYPE_CHECKING:
    from marsad.language.lexicon import Lexicon

_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_ADJECTIVE: Final = ("e", "er", "en", "em", "es")
_ADJECTIVAL: Final = ("isch", "lich", "ig", "bar", "sam", "haft", "los", "end", "iert", "voll", "frei")
_FEMININE: Final = ("ung", "heit", "keit", "schaft", "tät", "ion", "erin", "anz", "enz")
"""Endings of nouns without a genitive in -s: Leistungs is the first part of a compound."""
_PLURALS: Final = (
    (("ung", "heit", "keit", "schaft", "tät", "ion", "anz", "enz", "ist", "ent", "ant", "loge"), ("en",)),
    (("e",), ("n",)),
    (("er", "el", "en"), ("n",)),
)
"""Of nouns that no dictionary knows, by their ending: what they add, besides the genitive in -s."""
_SHORTEST_PART: Final = 3


class German(InflectedLanguage):
    code = "de"
    script = "Latn"
    noun_capitals = True
    capital_names = False
    acronym_endings = ("s",)

    def fold(self, word: str) -> str:
        return fold(word).translate(_UMLAUTS)

    def is_name(self, typed: str, words: Lexicon, *, alone: bool) -> bool:
        return False  # nouns have capitals too: names differ by being unknown

    def paradigm(self, word: Typed, words: Lexicon) -> Iterator[Variant]:
        if word.name:
            yield from self._name(word, words)
            return
        title = word.lower.capitalize()
        if (stem := _adjectival(title, words)) is not None:
            for ending in _ADJECTIVE:
                yield Variant(stem + ending, sure=True)
            lemmas: tuple[str, ...] = (title,)
        else:
            lemmas = self._noun_lemmas(word, words)
            for lemma in lemmas:
                yield from self._noun(lemma, words)
        if not word.text[:1].isupper():
            lower = words.lemma(word.lower)
            if lower is not None and lower[:1].islower() and (lower == word.lower or not lemmas):
                for form in words.forms(lower):
                    yield Variant(form, sure=True)
                if lower == word.lower and not lower.endswith("n"):
                    for ending in _ADJECTIVE:
                        yield Variant(lower + ending)
        if not lemmas and word.text[:1].isupper():
            yield from self._unknown(word, words)
        elif word.text not in words and not lemmas and word.lower.endswith(_ADJECTIVAL):
            yield from (Variant(word.lower + ending) for ending in _ADJECTIVE)

    def _noun_lemmas(self, word: Typed, words: Lexicon) -> tuple[str, ...]:
        """Return the nouns that *word* is, or is a form of."""
        key = self.fold(word.text)
        title = word.lower.capitalize()
        found = [
            lemma
            for spelled in (title, *_with_umlauts(word.lower))
            for lemma in words.lemmas_like(spelled)
            if lemma[:1].isupper() and self.fold(lemma) == key
        ]
        if words.forms(title):
            # Russe has forms of its own, though it is held for a form of Russ.
            found.append(title)
        if not found:
            lemmas = map(words.lemma, (title, *_with_umlauts(word.lower)))
            found = [lemma for lemma in lemmas if lemma is not None and lemma[:1].isupper()]
        return tuple(dict.fromkeys(found))

    def _noun(self, lemma: str, words: Lexicon) -> Iterator[Variant]:
        forms = [form for form in words.forms(lemma) if form[:1].isupper()]
        feminine = lemma.lower().endswith(_FEMININE)
        for form in forms:
            if not (feminine and form == f"{lemma}s"):
                yield Variant(form, sure=True)
        weak = f"{lemma}en" in forms and not lemma.endswith(("e", "en"))
        if not (feminine or weak or any(form.endswith("s") for form in forms if form != lemma)):
            yield from _genitive(lemma)

    def _name(self, word: Typed, words: Lexicon) -> Iterator[Variant]:
        yield from _genitive(word.text)
        for form in words.forms(word.text):
            # Die Niederlande, in den Niederlanden.
            if form.startswith(word.text) and form[len(word.text) :] in ("s", "n", "es"):
                yield Variant(form, "case", sure=True)
        if word.text.endswith("lande"):
            yield Variant(f"{word.text}n", "case", sure=True)

    def _unknown(self, word: Typed, words: Lexicon) -> Iterator[Variant]:
        """Yield the forms of a word by its last part, else by its ending."""
        text = word.text
        for at in range(_SHORTEST_PART, len(text) - _SHORTEST_PART):
            part = text[at:].capitalize()
            if words.lemma(part) == part:
                for variant in self._noun(part, words):
                    yield Variant(text[:at] + variant.word.lower(), variant.what, variant.sure)
                return
        if not text.endswith(_FEMININE):
            yield from _genitive(text)
        if text.endswith("in") and words.lemma(text[:-2]) is not None:
            yield Variant(f"{text}nen", "plural")
            return
        for endings, added in _PLURALS:
            if text.endswith(endings):
                for ending in added:
                    yield Variant(text + ending)
                return

    def read_apostrophe(self, key: str, word: str) -> tuple[Reading, ...]:
        # Merkel's: not in the rules, but on every shop sign and in many headlines.
        before, _, rest = key.rpartition("'")
        return (Reading(before, suffix="'s"),) if rest == "s" else ()


def _genitive(word: str) -> Iterator[Variant]:
    if not word.endswith(("s", "x", "z", "ß")):
        yield Variant(f"{word}s", "case")
    elif not word.endswith("x"):
        yield Variant(f"{word}es", "case")


def _adjectival(text: str, words: Lexicon) -> str | None:
    """Return the stem of a noun that declines as an adjective (der Abgeordnete), or None."""
    for ending in ("e", "er", "en"):
        stem = text.removesuffix(ending)
        if stem == text or len(stem) < 4:
            continue
        if f"{stem}em" in words:
            return stem
        # Alter, the age, and Legende, of which legend-em knows nothing, are lemmas of their own.
        if f"{stem.lower()}em" in words and text not in (words.lemma(text), words.lemma(f"{text}n")):
            return stem
        if stem.endswith("nd") and f"{stem.lower()}em" in words and words.lemma(f"{text}n") != text:
            return stem
    return None


def _with_umlauts(lower: str) -> Iterator[str]:
    """Yield the spelling with umlauts of a noun typed without: Praesident."""
    spelled = lower
    for pair, umlaut in (("ae", "ä"), ("oe", "ö"), ("ue", "ü")):
        spelled = spelled.replace(pair, umlaut)
    if spelled != lower:
        yield spelled.capitalize()
    if "ss" in lower:
        yield lower.replace("ss", "ß").capitalize()
