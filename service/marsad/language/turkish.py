"""Turkish: the suffix chain of a noun, free after the apostrophe of a name; softened and shortened stems.

A token is read as stem and chain (turkish_suffixes); a term is compiled into its stems: kitap and kitab-,
şehir and şehr-. Whether the chain fits the stem is judged where the two meet.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from marsad.language import turkish_suffixes as suffixes
from marsad.language.base import Form, Kind, Reading, Text
from marsad.language.dictionary import dictionary_lemmas
from marsad.language.fold import fold
from marsad.language.inflected import ACRONYM, InflectedLanguage, Typed, Variant, is_acronym
from marsad.language.spellings import Word
from marsad.language.wordlists import sections

if TYPE_CHECKING:
    from marsad.language.lexicon import Lexicon

_NAME: Final = "name"
"""Without an apostrophe, case endings alone."""
_PLURAL: Final = "plural"
"""… and those of the plural."""
_WHOLE: Final = "whole"
"""No suffix at all: initials, numbers."""
_BEFORE_VOWEL: Final = "before a vowel"
"""A stem that stands only before a vowel: kitab-."""
_FRONT: Final = "front"
"""Takes front vowels against its own: saat, saati."""
_NOT: Final = "not "
"""Before a form that is another word: için is no form of iç."""

_DOTS: Final = str.maketrans({"I": "ı", "İ": "i"})
_HATS: Final = str.maketrans({"â": "a", "î": "i", "û": "u"})
_SOFTENED: Final = {"p": "b", "ç": "c", "t": "d", "k": "ğ"}
_COMMON_CHAINS: Final = (
    ("ı", "i", "u", "ü", "a", "e", "ın", "in", "un", "ün", "la", "le", "ım", "im", "um", "üm"),
    (
        "yı",
        "yi",
        "yu",
        "yü",
        "ya",
        "ye",
        "nın",
        "nin",
        "nun",
        "nün",
        "yla",
        "yle",
        "m",
        "n",
        "sı",
        "si",
        "su",
    ),
)
"""After a consonant and after a vowel: short enough to make another word."""


class Turkish(InflectedLanguage):
    code = "tr"
    script = "Latn"

    def fold(self, word: str) -> str:
        return fold(word.translate(_DOTS)).translate(_HATS)

    def paradigm(self, word: Typed, words: Lexicon) -> Iterable[Variant]:
        return ()  # forms are read, not listed

    def _forms(
        self, word: Word, kind: Kind, words: Lexicon, hints: list[str], *, alone: bool
    ) -> tuple[Form, ...]:
        text = word.text
        if word.initials or len(text) < 2 or not text[-1].isalpha():
            return (Form(self.fold(text), marks=frozenset({_WHOLE}), typed=text),)
        if is_acronym(text):
            return tuple(self._acronym(text, words, alone=alone))
        typed = self._typed(text, kind, words, alone=alone)
        forms: dict[str, Form] = {}
        left_out: set[str] = set()
        lemmas = [lemma for lemma in self._lemmas_of(typed, words) if self.fold(lemma) != self.fold(text)]
        for base in (text, *lemmas):
            known = () if typed.name else words.forms(base) or words.forms(base.lower())
            for stem, marks in self._stems(self.fold(base), known, typed):
                others = set[str]()
                if not (typed.name or _BEFORE_VOWEL in marks):
                    others = set(_others(stem, words))
                left_out |= others
                reason = "" if base == text else f"{base}: the word of {text}"
                marks |= {f"{_NOT}{other}" for other in others}
                forms.setdefault(stem, Form(stem, reason, frozenset(marks), text))
        if left_out:
            left = ", ".join(sorted(left_out))
            hints.append(f'left out (tr), as they rather are forms of another word than "{text}": {left}')
        return tuple(forms.values())

    def is_common(self, lower: str, words: Lexicon) -> bool:
        # The dictionary has names in small letters too, most of their forms with an apostrophe: nato'nun.
        forms = words.forms(words.lemma(lower) or "")
        return sum("'" not in form for form in forms) * 2 > len(forms)

    def _typed(self, typed: str, kind: Kind, words: Lexicon, *, alone: bool) -> Typed:
        lower = typed.translate(_DOTS).lower()
        name = kind is not Kind.KEYWORD or (typed[:1].isupper() and not self.is_common(lower, words))
        return Typed(typed, lower, name, kind is not Kind.KEYWORD, alone)

    def _lemmas_of(self, word: Typed, words: Lexicon) -> tuple[str, ...]:
        if word.name:
            return ()
        found = dictionary_lemmas(Typed(word.lower, word.lower, name=False), words)
        # Bakanlar is of bakan; but renkli, of renk in the dictionary, is a word of its own.
        return tuple(
            lemma
            for lemma in found
            if any(stem == self.fold(lemma) for stem, _ in suffixes.splits(self.fold(word.lower)))
        )

    def _stems(self, base: str, known: Iterable[str], typed: Typed) -> Iterator[tuple[str, set[str]]]:
        """Yield the stems of *base*, folded, with their marks."""
        marks = {_NAME} if typed.name else set()
        if typed.name and not typed.alias:
            marks.add(_PLURAL)
        folded = {self.fold(form) for form in known}
        vowel = next((letter for letter in reversed(base) if letter in suffixes.VOWELS), "")
        if vowel in "aıou" and any(
            f"{base}{chain}" in folded for chain in ("i", "e", "in", "ü", "ün", "de", "te")
        ):
            marks.add(_FRONT)
        yield base, marks
        softened = _softened(base)
        if softened is not None and not typed.name and (not folded or _stands_in(softened, folded)):
            yield softened, marks | {_BEFORE_VOWEL}
        if not typed.name:
            for short in _shortened(base, folded):
                yield short, marks | {_BEFORE_VOWEL}

    def readings(self, word: str) -> tuple[Reading, ...]:
        key = self.fold(word)
        found = [Reading(key)]
        if "'" in key:
            before, _, after = key.partition("'")
            shown = "'" + after
            found.append(Reading(before, suffix=shown))
            # Bakanlığı'nın: the name before the apostrophe may itself have a suffix.
            found += [Reading(stem, suffix=chain + shown) for stem, chain in suffixes.splits(before)]
        else:
            found += [Reading(stem, suffix=chain) for stem, chain in suffixes.splits(key)]
        return tuple(found)

    def admits(self, form: Form, reading: Reading, text: Text, position: int, names: Container[str]) -> bool:
        marks = form.marks
        chain, apostrophe, _ = reading.suffix.partition("'")
        if reading.suffix and _WHOLE in marks:
            return apostrophe != "" and not chain
        if ACRONYM in marks:
            return not chain and super().admits(form, reading, text, position, names)
        if _BEFORE_VOWEL in marks and chain[:1] not in suffixes.VOWELS:
            return False
        if not super().admits(form, reading, text, position, names):
            return False
        if not chain:
            return _BEFORE_VOWEL not in marks
        stem = reading.key
        if f"{_NOT}{stem}{chain}" in marks:
            return False
        if _NAME in marks and not suffixes.is_case(chain, plural=_PLURAL in marks):
            return False
        if not suffixes.harmonises(stem, chain) and not (
            _FRONT in marks and suffixes.harmonises(stem, chain, front=True)
        ):
            return False
        token = text.tokens[position].text
        named = token[:1].isupper() and not text.all_capitals and not form.typed[:1].isupper()
        return not (named and (self.fold(token) in names or stem in names))


def _others(stem: str, words: Lexicon) -> Iterator[str]:
    """Yield what looks like a short form of *stem* and is another word by itself."""
    for chain in _COMMON_CHAINS[stem[-1] in suffixes.VOWELS]:
        form = stem + chain
        if suffixes.harmonises(stem, chain) and words.lemma(form) == form:
            yield form


def _softened(base: str) -> str | None:
    if base.endswith("nk"):
        return f"{base[:-1]}g"
    syllables = sum(letter in suffixes.VOWELS for letter in base)
    if base[-1] in _SOFTENED and syllables > 1:
        return base[:-1] + _SOFTENED[base[-1]]
    return f"{base[:-1]}ğ" if base.endswith("g") else None


def _shortened(base: str, known: Container[str]) -> Iterator[str]:
    """Yield the stem without its last vowel (şehr-), or with its last letter doubled (hakk-)."""
    lists = sections("turkish.txt")
    if base in lists["vowel lost before a vowel"]:
        yield base[:-2] + base[-1]
    elif len(base) > 3 and base[-2] in "ıiuü" and base[-1] not in suffixes.VOWELS:
        short = base[:-2] + base[-1]
        if any(short + vowel in known for vowel in "ıiuü"):
            yield short
    if base in lists["last letter doubled before a vowel"]:
        yield base + base[-1]


def _stands_in(stem: str, forms: Iterable[str]) -> bool:
    return any(
        form.startswith(stem) and form[len(stem) : len(stem) + 1] in tuple(suffixes.VOWELS) for form in forms
    )
