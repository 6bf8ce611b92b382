"""Where compiled terms stand in a text: one pass over its tokens for any number of terms.

A token's text is reduced to readings and looked up once, then remembered in a bounded cache, as real news
repeats words. Most tokens meet nothing and cost one look-up in a dict; of what they meet, most is settled by
the word alone and remembered too (`matching.alone`); the rest is judged by the language in its context.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Final, Generic, NamedTuple, cast

from marsad.language.base import (
    UNSPACED,
    Form,
    Language,
    Reading,
    TermForms,
    Text,
    UnspacedLanguage,
)
from marsad.language.packed import pack, unpack
from marsad.language.registry import language_for
from marsad.language.scripts import UNSPACED_CHARACTER
from marsad.language.tokens import goes_on, runs_on
from marsad.matching.alone import admits_alone
from marsad.matching.entries import (
    PART_OF_A_WORD,
    REMEMBERED,
    Entry,
    Id,
    LanguageTerms,
    Settled,
    anchor_of,
    beside,
    joined,
    parts_of,
)
from marsad.matching.meeting import (
    MOST_PLACES,
    Candidate,
    Place,
    Rules,
    Sequence,
    ends_with_its_word,
    longest_of_term,
    meet,
    reason_of,
    unspaced_place,
)
from marsad.matching.remembered import LONGEST_WORD, Remembered
from marsad.matching.unspaced import UnspacedTerms

_UNPACKED: Final = 256
"""Terms whose forms are at hand as objects."""


class Alternative(NamedTuple):
    """One spelling of a term, as what it met in a text, or nearly met, is explained."""

    language: Language
    words: tuple[Mapping[str, Form], ...]
    names: Container[str]
    """Those that veto it."""


class TermIndex(Generic[Id]):
    """Terms of any number of watches and languages, found together.

    *terms* are (id, forms), or also what `pack` made of these; several may share an id: its hits are those of
    all of them. *names* are, by language code, the folded names that veto an inflected or prefixed form of
    another term. Safe to share between threads: what it remembers can always be computed again.
    """

    def __init__(
        self,
        terms: Iterable[tuple[Id, TermForms] | tuple[Id, TermForms, bytes | None]],
        names: Mapping[str, Container[str]] | None = None,
    ) -> None:
        self._ids: list[Id] = []
        self._packed: list[bytes] = []
        """The forms of each term: as objects they would be most of the memory of a watch set."""
        self._languages: dict[str, LanguageTerms] = {}
        self._unspaced: dict[str, UnspacedTerms] = {}
        self._names = names or {}
        self._entries: Remembered[str, Entry[Id] | tuple[()]] = Remembered(self._look_up, REMEMBERED)
        self._unpacked: Remembered[int, TermForms] = Remembered(
            lambda term: unpack(self._packed[term]), _UNPACKED
        )
        for identity, forms, *packed in terms:
            self._add(identity, forms, packed[0] if packed else None)

    def _add(self, identity: Id, forms: TermForms, packed: bytes | None) -> None:
        term, code = len(self._ids), forms.language
        self._ids.append(identity)
        self._packed.append(packed or pack(forms))
        if any(UNSPACED in form.marks for form in _first_word(forms)):
            if code not in self._unspaced:
                language = cast(UnspacedLanguage, language_for(code))
                self._unspaced[code] = UnspacedTerms(language)
            for ((form,),) in forms.sequences:
                self._unspaced[code].add(term, form)
            return
        if code not in self._languages:
            self._languages[code] = LanguageTerms(language_for(code), self._names.get(code, ()))
        self._languages[code].add(term, forms)

    @property
    def languages(self) -> frozenset[str]:
        return frozenset((*self._languages, *self._unspaced))

    def positions(self, text: Text) -> dict[Id, list[Place]]:
        """Return where each term stands in *text*: by start, without overlaps (the longest counts)."""
        found: dict[Id, list[Place]] = {}
        self.find(text, 0, found)
        return found

    def find(self, text: Text, field: int, found: dict[Id, list[Place]]) -> None:
        """Add to *found* where each term stands in *text*, which is a field of an item.

        In the order of the text, without overlaps: of one term the longest counts.
        """
        # The hot path: once for every word of every text.
        crowded: set[Id] = set()
        tries: dict[int, int] = {}
        unspaced = False
        make, edges, parts, last = tuple.__new__, None, text.parts, len(text.words) - 1
        entries = [*map(self._entries.__getitem__, text.words)]
        for position, entry in enumerate(entries):
            if not entry:
                continue
            if entry is PART_OF_A_WORD:
                unspaced = True
                continue
            settled, candidates, joins, _ = entry
            if settled:
                if edges is None:
                    edges = text.edges
                at = 2 * position
                if (not parts[at] and position and runs_on(text.tokens, position)) or (
                    not parts[at + 2] and position != last and goes_on(text.tokens, position + 1)
                ):
                    settled = ()  # F16 holds no 16
                start, end = edges[at], edges[at + 1]
                for identity, skip, typed, language, reason in settled:
                    places = found.get(identity)
                    if places is None:
                        places = found[identity] = []
                    elif len(places) >= MOST_PLACES:
                        continue
                    # Place.__new__ would take twice the time.
                    place: Place = make(
                        Place, (field, position, position, start + skip, end, typed, "", language, reason)
                    )
                    places.append(place)
            if joins and (more := beside(joins, entries, position)):
                candidates = (*candidates, *more)
            for candidate in candidates:
                identity = self._ids[candidate.sequence.term]
                tried = tries.get(id(candidate.sequence), 0)
                if tried >= MOST_PLACES or len(found.get(identity, ())) >= MOST_PLACES:
                    continue
                tries[id(candidate.sequence)] = tried + 1
                met = meet(candidate, text, position, field)
                if met is not None:
                    found.setdefault(identity, []).append(met)
                    crowded.add(identity)
        if unspaced:
            for language, terms in self._unspaced.items():
                for whole in terms.hits(text):
                    identity = self._ids[whole.number]
                    typed = self._unpacked[whole.number].term
                    it = unspaced_place(whole, text, field, typed, language)
                    found.setdefault(identity, []).append(it)
                    crowded.add(identity)
        for identity in crowded:
            found[identity] = longest_of_term(found[identity])[:MOST_PLACES]

    def alternatives(self, identity: Id) -> Iterator[Alternative]:
        """Yield the spellings of one term. Looks through all terms: not for use on every text."""
        for term, its in enumerate(self._ids):
            if its != identity:
                continue
            forms = unpack(self._packed[term])
            language = language_for(forms.language)
            unspaced = any(UNSPACED in form.marks for form in _first_word(forms))
            names = () if unspaced else self._names.get(forms.language, ())
            for alternative in forms.sequences:
                if alternative and all(alternative):
                    words = tuple({form.key: form for form in word} for word in alternative)
                    yield Alternative(language, words, names)

    def _look_up(self, word: str) -> Entry[Id] | tuple[()]:
        """Return what *word* meets; () for most words, which meet nothing."""
        if len(word) > LONGEST_WORD:
            return ()
        if UNSPACED_CHARACTER.match(word):
            return cast("Entry[Id]", PART_OF_A_WORD)
        settled: dict[Id, Settled[Id]] = {}
        candidates: list[Candidate] = []
        phrases: list[tuple[int, Candidate]] = []
        others: set[int] = set()
        for terms in self._languages.values():
            others.update(terms.beside(word))
            for reference, reading in terms.references(word):
                candidate = self._candidate(reference, reading, word, terms.rules)
                if candidate is None:
                    continue
                sequence, form, _, _, admitted = candidate
                if len(sequence.words) > 1:
                    phrases.append((reference, candidate))
                elif admitted and ends_with_its_word(form):
                    identity = self._ids[sequence.term]
                    reason = reason_of(form, reading) or "as typed"
                    it = Settled(identity, reading.skip, sequence.typed, sequence.language, reason)
                    if identity not in settled or it.skip < settled[identity].skip:
                        settled[identity] = it
                else:
                    candidates.append(candidate)
        if not settled and not candidates and not phrases and not others:
            return ()
        return Entry(tuple(settled.values()), tuple(candidates), joined(phrases), frozenset(others))

    def _candidate(self, reference: int, reading: Reading, word: str, rules: Rules) -> Candidate | None:
        """Return what *word*, read as *reading*, meets at a reference; None if the word itself forbids it."""
        term, number = parts_of(reference)
        forms = self._unpacked[term]
        alternative = forms.sequences[number]
        anchor = anchor_of(alternative)
        form = next(form for form in alternative[anchor] if form.key == reading.key)
        verdict = admits_alone(rules.language, form, reading, word, rules.names)
        if verdict is False:
            return None
        if len(alternative) == 1:
            words: tuple[Mapping[str, Form], ...] = ({form.key: form},)
        else:
            words = tuple({form.key: form for form in word} for word in alternative)
        return Candidate(
            Sequence(term, forms.term, forms.language, words, anchor), form, reading, rules, verdict is True
        )


def find_term(forms: TermForms, text: Text, names: Container[str] = ()) -> list[Place]:
    """Return where one term stands in *text*; *names* as for `Language.admits`."""
    index = TermIndex([(0, forms)], {forms.language: names})
    return index.positions(text).get(0, [])


def _first_word(forms: TermForms) -> tuple[Form, ...]:
    return forms.sequences[0][0] if forms.sequences and forms.sequences[0] else ()
