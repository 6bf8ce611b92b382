"""Where compiled terms stand in a text: one pass over its tokens for any number of terms.

A token's text is reduced to readings and looked up once, then remembered in a bounded cache, as real news
repeats words. Most tokens meet nothing and cost one look-up in a dict; what they meet is judged by the
language of the term, in its context.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Iterator, Mapping
from typing import Final, Generic, NamedTuple, TypeVar, cast

from marsad.language.base import (
    ABBREVIATION,
    ATTACHED,
    UNSPACED,
    Form,
    Language,
    Reading,
    TermForms,
    Text,
    UnspacedLanguage,
)
from marsad.language.registry import language_for
from marsad.language.scripts import UNSPACED_CHARACTER
from marsad.language.tokens import HYPHENS, Break, goes_on, runs_on
from marsad.matching.unspaced import UnspacedHit, UnspacedTerms

_ATTACH: Final = frozenset(f":{HYPHENS}")
_REMEMBERED: Final = 1 << 16
"""Token texts of which the candidates are remembered, per language: some 20 MB when full."""

Id = TypeVar("Id", bound=Hashable)


class TermHit(NamedTuple):
    """One place where a term stands: `text.original[start:end]`."""

    start: int
    end: int
    first_token: int
    last_token: int
    """Inclusive."""
    reason: str
    """For people: `ل + روسيا`, `possessive of Russia`, `as typed`."""


class _Sequence(NamedTuple):
    """One spelling of one term, indexed under its longest word, the *anchor*."""

    term: int
    words: tuple[Mapping[str, Form], ...]
    anchor: int


class _Candidate(NamedTuple):
    """A token's text has met the anchor of a sequence."""

    sequence: _Sequence
    form: Form
    reading: Reading


class Alternative(NamedTuple):
    """One spelling of a term, as what it met in a text, or nearly met, is explained."""

    language: Language
    words: tuple[Mapping[str, Form], ...]
    names: Container[str]
    """Those that veto it."""


class _LanguageTerms:
    """The terms of one language, by the keys of their anchors."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._by_key: dict[str, list[tuple[_Sequence, Form]]] = {}
        self._candidates: dict[str, tuple[_Candidate, ...]] = {}
        self._readings: dict[str, tuple[Reading, ...]] = {}

    def add(self, term: int, forms: TermForms) -> None:
        for alternative in forms.sequences:
            if not alternative or not all(alternative):
                continue
            words = tuple({form.key: form for form in word} for word in alternative)
            # Tokens of scripts without spaces are not looked up here (美 in 美대선).
            lengths = [
                0 if UNSPACED_CHARACTER.match(word[0].key) else max(len(form.key) for form in word)
                for word in alternative
            ]
            anchor = lengths.index(max(lengths))
            sequence = _Sequence(term, words, anchor)
            for form in alternative[anchor]:
                self._by_key.setdefault(form.key, []).append((sequence, form))

    def sequences(self, numbers: Container[int]) -> list[_Sequence]:
        """Return the sequences of the terms of these numbers."""
        found = {
            id(sequence): sequence
            for meetings in self._by_key.values()
            for sequence, _ in meetings
            if sequence.term in numbers
        }
        return list(found.values())

    def readings(self, word: str) -> tuple[Reading, ...]:
        found = self._readings.get(word)
        if found is None:
            if len(self._readings) >= _REMEMBERED:
                self._readings.clear()
            found = self._readings[word] = self.language.readings(word)
        return found

    def candidates(self, words: Iterable[tuple[int, str]]) -> Iterable[tuple[int, tuple[_Candidate, ...]]]:
        """Yield (position, what the token meets) for the tokens that meet anything."""
        known = self._candidates
        for position, word in words:
            found = known.get(word)
            if found is None:
                found = self._look_up(word)
            if found:
                yield position, found

    def _look_up(self, word: str) -> tuple[_Candidate, ...]:
        found = tuple(
            _Candidate(sequence, form, reading)
            for reading in self.language.readings(word)
            for sequence, form in self._by_key.get(reading.key, ())
        )
        if len(self._candidates) >= _REMEMBERED:
            self._candidates.clear()
        self._candidates[word] = found
        return found


class TermIndex(Generic[Id]):
    """Terms of any number of watches and languages, found together.

    *terms* are (id, forms); several may share an id: its hits are those of all of them. *names* are, by
    language code, the folded names that veto an inflected or prefixed form of another term. Safe to share
    between threads: what it remembers can always be computed again.
    """

    def __init__(
        self, terms: Iterable[tuple[Id, TermForms]], names: Mapping[str, Container[str]] | None = None
    ) -> None:
        self._ids: list[Id] = []
        self._languages: dict[str, _LanguageTerms] = {}
        self._unspaced: dict[str, UnspacedTerms] = {}
        self._names = names or {}
        for identity, forms in terms:
            if any(UNSPACED in form.marks for form in _first_word(forms)):
                self._add_unspaced(len(self._ids), forms)
            else:
                terms_of = self._languages.get(forms.language)
                if terms_of is None:
                    terms_of = self._languages[forms.language] = _LanguageTerms(language_for(forms.language))
                terms_of.add(len(self._ids), forms)
            self._ids.append(identity)

    def _add_unspaced(self, term: int, forms: TermForms) -> None:
        terms_of = self._unspaced.get(forms.language)
        if terms_of is None:
            language = cast(UnspacedLanguage, language_for(forms.language))
            terms_of = self._unspaced[forms.language] = UnspacedTerms(language)
        for ((form,),) in forms.sequences:
            terms_of.add(term, form)

    @property
    def languages(self) -> frozenset[str]:
        return frozenset((*self._languages, *self._unspaced))

    def positions(self, text: Text, languages: Container[str] | None = None) -> dict[Id, list[TermHit]]:
        """Return where each term stands in *text*: by start, without overlaps (the longest counts).

        *languages* limits the terms to those of these languages; None tries all.
        """
        found: dict[Id, list[TermHit]] = {}
        for code, terms in self._languages.items():
            if languages is not None and code not in languages:
                continue
            names = self._names.get(code, ())
            for position, candidates in terms.candidates(text.spaced_words()):
                for candidate in candidates:
                    hit = _meet(candidate, text, position, terms, names)
                    if hit is not None:
                        found.setdefault(self._ids[candidate.sequence.term], []).append(hit)
        if self._unspaced and text.unspaced:
            for code, unspaced in self._unspaced.items():
                if languages is None or code in languages:
                    for whole in unspaced.hits(text):
                        found.setdefault(self._ids[whole.number], []).append(_told(whole, text))
        return {identity: _longest(hits) for identity, hits in found.items()}

    def alternatives(self, identity: Id) -> Iterator[Alternative]:
        """Yield the spellings of one term. Looks through all terms: not for use on every text."""
        numbers = {number for number, it in enumerate(self._ids) if it == identity}
        for code, terms in self._languages.items():
            names = self._names.get(code, ())
            for sequence in terms.sequences(numbers):
                yield Alternative(terms.language, sequence.words, names)
        for code, unspaced in self._unspaced.items():
            for form in unspaced.forms(numbers):
                yield Alternative(language_for(code), ({form.key: form},), ())


def find_term(forms: TermForms, text: Text, names: Container[str] = ()) -> list[TermHit]:
    """Return where one term stands in *text*; *names* as for `Language.admits`."""
    index = TermIndex([(0, forms)], {forms.language: names})
    return index.positions(text).get(0, [])


def _meet(
    candidate: _Candidate, text: Text, position: int, terms: _LanguageTerms, names: Container[str]
) -> TermHit | None:
    """Return the hit of the whole sequence whose anchor stands at *position*, if it does."""
    sequence, form, reading = candidate
    tokens = text.tokens
    admits = terms.language.admits
    first = position - sequence.anchor
    last = first + len(sequence.words) - 1
    if first < 0 or last >= len(tokens) or runs_on(tokens, first) or goes_on(tokens, last + 1):
        return None
    skip = reading.skip
    if first == last:
        if not admits(form, reading, text, position, names):
            return None
        reason = _reason(form, reading)
    else:
        if any(tokens[index].before > Break.MARK for index in range(first + 1, last + 1)):
            return None
        if not admits(form, reading, text, position, names):
            return None
        reasons = []
        for index, word in enumerate(sequence.words, start=first):
            if index == position:
                met: tuple[Form, Reading] | None = (form, reading)
            else:
                met = _other_word(word, text, index, terms, names)
            if met is None:
                return None
            reasons.append(_reason(*met))
            if index == first:
                skip = met[1].skip
        # Only the last word's full stop can belong to the term.
        form = met[0] if met is not None else form
        reason = ", ".join(filter(None, reasons))
    end = tokens[last].end
    if ABBREVIATION in form.marks and text.original.startswith(".", end):
        inside = last + 1 < len(tokens) and tokens[last + 1].before < Break.SENTENCE
        end += inside
    if last + 1 < len(tokens) and _is_attached(form, text, last):
        last += 1
        end = tokens[last].end
    return TermHit(tokens[first].start + skip, end, first, last, reason or "as typed")


def _first_word(forms: TermForms) -> tuple[Form, ...]:
    return forms.sequences[0][0] if forms.sequences and forms.sequences[0] else ()


def _told(hit: UnspacedHit, text: Text) -> TermHit:
    _, first, last, form = hit
    start, end = text.tokens[first].start, text.tokens[last].end
    reason = form.reason
    if not reason and text.original[start:end] != form.typed:
        reason = f"{form.typed} written otherwise"
    return TermHit(start, end, first, last, reason or "as typed")


def _is_attached(form: Form, text: Text, last: int) -> bool:
    """Tell whether the token after *last* is an ending of it: EU:n, NATO-ban."""
    start, end = text.tokens[last + 1].start, text.tokens[last].end
    if start != end + 1 or text.original[end] not in _ATTACH:
        return False
    return any(
        mark.startswith(ATTACHED) and text.tokens[last + 1].text in mark[len(ATTACHED) :].split()
        for mark in form.marks
    )


def _other_word(
    word: Mapping[str, Form], text: Text, position: int, terms: _LanguageTerms, names: Container[str]
) -> tuple[Form, Reading] | None:
    """Return how a word of a sequence beside its anchor meets the token at *position*."""
    for reading in terms.readings(text.tokens[position].text):
        form = word.get(reading.key)
        if form is not None and terms.language.admits(form, reading, text, position, names):
            return form, reading
    return None


def _reason(form: Form, reading: Reading) -> str:
    typed = form.typed or form.key
    if reading.suffix == "'s" and not reading.prefix:
        return f"possessive of {typed}" + (f", {form.reason}" if form.reason else "")
    if not reading.prefix and not reading.suffix:
        return form.reason
    chain = " + ".join(filter(None, (reading.prefix, typed, reading.suffix)))
    return f"{chain} ({form.reason})" if form.reason else chain


def _longest(hits: list[TermHit]) -> list[TermHit]:
    """Return *hits* in the order of the text; of those that overlap, the first and longest."""
    if len(hits) == 1:
        return hits
    hits.sort(key=lambda hit: (hit.start, -hit.end))
    kept: list[TermHit] = []
    for hit in hits:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept
