"""Where compiled terms stand in a text: one pass over its tokens for any number of terms.

A token's text is reduced to readings and looked up once, then remembered in a bounded cache, as real news
repeats words. Most tokens meet nothing and cost one look-up in a dict; of what they meet, most is settled by
the word alone and remembered too (`matching.alone`); the rest is judged by the language in its context.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Iterator, Mapping
from typing import Final, Generic, NamedTuple, TypeVar, cast

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

_REMEMBERED: Final = 1 << 16
"""Words of which it is remembered what they meet: some 20 MB when full, twice that at most."""
_UNPACKED: Final = 256
"""Terms whose forms are at hand as objects."""

Id = TypeVar("Id", bound=Hashable)


class Alternative(NamedTuple):
    """One spelling of a term, as what it met in a text, or nearly met, is explained."""

    language: Language
    words: tuple[Mapping[str, Form], ...]
    names: Container[str]
    """Those that veto it."""


class _Settled(NamedTuple, Generic[Id]):
    """A term of one word that stands wherever a certain word does."""

    id: Id
    skip: int
    typed: str
    language: str
    reason: str


class _Entry(NamedTuple, Generic[Id]):
    """What a word meets."""

    settled: tuple[_Settled[Id], ...]
    candidates: tuple[Candidate, ...]
    """To be judged in each text."""


_PART_OF_A_WORD: Final[_Entry[object]] = _Entry((), ())
"""Of a token in a script without spaces: it meets nothing by itself."""


class _LanguageTerms:
    """The terms of one language, by the keys of their anchors."""

    def __init__(self, language: Language, names: Container[str]) -> None:
        self.rules = Rules(language, names, Remembered(language.readings, _REMEMBERED))
        self._by_key: dict[str, tuple[int, ...]] = {}
        """Which alternatives of which terms: the term's number and the alternative's, put together."""

    def add(self, term: int, forms: TermForms) -> None:
        for number, alternative in enumerate(forms.sequences):
            if not alternative or not all(alternative):
                continue
            reference = (term << _ALTERNATIVE_BITS) + number
            for form in alternative[_anchor(alternative)]:
                self._by_key[form.key] = (*self._by_key.get(form.key, ()), reference)

    def references(self, word: str) -> Iterator[tuple[int, Reading]]:
        for reading in self.rules.language.readings(word):
            for reference in self._by_key.get(reading.key, ()):
                yield reference, reading


_ALTERNATIVE_BITS: Final = 12
"""Alternatives of a term: 4,096 at most, of which a hundred is much already."""


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
        self._languages: dict[str, _LanguageTerms] = {}
        self._unspaced: dict[str, UnspacedTerms] = {}
        self._names = names or {}
        self._entries: Remembered[str, _Entry[Id] | tuple[()]] = Remembered(self._look_up, _REMEMBERED)
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
            self._languages[code] = _LanguageTerms(language_for(code), self._names.get(code, ()))
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
        for position, entry in enumerate(map(self._entries.__getitem__, text.words)):
            if not entry:
                continue
            if entry is _PART_OF_A_WORD:
                unspaced = True
                continue
            settled, candidates = entry
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

    def _look_up(self, word: str) -> _Entry[Id] | tuple[()]:
        """Return what *word* meets; () for most words, which meet nothing."""
        if len(word) > LONGEST_WORD:
            return ()
        if UNSPACED_CHARACTER.match(word):
            return cast("_Entry[Id]", _PART_OF_A_WORD) if self._unspaced else ()
        settled: dict[Id, _Settled[Id]] = {}
        candidates: list[Candidate] = []
        for terms in self._languages.values():
            for reference, reading in terms.references(word):
                candidate = self._candidate(reference, reading, word, terms.rules)
                if candidate is None:
                    continue
                sequence, form, _, _, admitted = candidate
                if admitted and len(sequence.words) == 1 and ends_with_its_word(form):
                    identity = self._ids[sequence.term]
                    reason = reason_of(form, reading) or "as typed"
                    it = _Settled(identity, reading.skip, sequence.typed, sequence.language, reason)
                    if identity not in settled or it.skip < settled[identity].skip:
                        settled[identity] = it
                else:
                    candidates.append(candidate)
        if not settled and not candidates:
            return ()
        return _Entry(tuple(settled.values()), tuple(candidates))

    def _candidate(self, reference: int, reading: Reading, word: str, rules: Rules) -> Candidate | None:
        """Return what *word*, read as *reading*, meets at a reference; None if the word itself forbids it."""
        term, number = divmod(reference, 1 << _ALTERNATIVE_BITS)
        forms = self._unpacked[term]
        alternative = forms.sequences[number]
        anchor = _anchor(alternative)
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


def _anchor(alternative: tuple[tuple[Form, ...], ...]) -> int:
    """Return which word to look up: the longest, but none of a script without spaces (美 in 美대선)."""
    lengths = [
        0 if UNSPACED_CHARACTER.match(word[0].key) else max(len(form.key) for form in word)
        for word in alternative
    ]
    return lengths.index(max(lengths))
