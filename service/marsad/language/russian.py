"""Russian: the whole paradigm of a keyword, the cases of a name, and whose surname it is."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from marsad.language.base import Form, Kind, Reading, TermForms, Text
from marsad.language.russian_gloss import LATIN, PARTICLES, gloss_key, is_gloss
from marsad.language.russian_people import fits, may_be_middle_name, plain
from marsad.language.spellings import (
    MIDDLE_NAME,
    Word,
    capitals_match,
    sequences,
    spellings,
    with_middle_name,
)
from marsad.language.tokens import Break, Token, tokenize

if TYPE_CHECKING:
    from marsad.language.russian_terms import WordForm

_ACRONYM: Final = "acronym"
"""The letters must be capitals; a case ending after them need not be."""
_TITLED: Final = "titled"
"""… or the first of them alone: Нато."""
_WORD: Final = "word"
"""An acronym that spells a word (ВОЗ): nothing tells them apart in a text all in capitals."""
_INFLECTED: Final = "inflected"
_NAME: Final = "name"
"""With a capital inside a sentence it is a known name of another lemma: Газе."""
_ONLY_NAME: Final = "only a name"
"""No common word is spelled so: in a text without capitals it needs none."""
_GLOSS: Final = "gloss"
"""In Latin letters, in brackets behind the name."""
_OWN: Final = "own:"
_OTHER: Final = "other:"
"""Before a gender and case: the surname, written the same, of the term, and of the other sex."""

_SURE_GLOSS: Final = 2
"""Characters of the key of a single word: a sign that it is one, and a consonant."""
_GLOSS_MARKS: Final = frozenset({_GLOSS})

_ACRONYM_ENDINGS: Final = ("а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах")
_VOWELS: Final = frozenset("АЕЁИОУЫЭЮЯ")
_OPENING: Final = frozenset("«„“\"'(")
"""What is quoted may begin with a capital of its own."""


class Russian:
    code = "ru"
    script = "Cyrl"
    rules = 5

    def fold(self, word: str) -> str:
        return plain(word)

    def expand(self, term: str, kind: Kind) -> TermForms:
        # Imported here as it leads to the dictionary, which the process that only matches does without.
        from marsad.language import russian_phrases as phrases

        tokens = tokenize(term).tokens
        found = spellings(term)
        if phrases.has_two_orders(tokens, kind):
            found += tuple((spelling[-1], *spelling[:-1]) for spelling in found)
        hints: list[str] = []
        forms = self._forms(tokens, kind, hints)

        def forms_of(word: Word) -> tuple[Form, ...]:
            if word.initials or word.text not in forms:
                return (Form(plain(word.text), typed=word.text),)
            return forms[word.text] + tuple(_gloss(word.text, alone=len(tokens) == 1))

        forms_found = sequences(found, forms_of)
        if len(tokens) == 2 and phrases.is_forename_and_surname(tokens, kind):
            forms_found = with_middle_name(forms_found[:1]) + forms_found[1:]
        return TermForms(self.code, term, kind, forms_found, tuple(hints))

    def _forms(self, tokens: Sequence[Token], kind: Kind, hints: list[str]) -> dict[str, tuple[Form, ...]]:
        """Return the forms of each word of the term, and of words that a hyphen in it may hold together."""
        from marsad.language import russian_phrases as phrases
        from marsad.language import russian_terms as terms

        if not tokens:
            return {}
        if len(tokens) == 1:
            typed = tokens[0].text
            if _is_acronym(typed):
                return {typed: tuple(_acronym_forms(typed))}
            words, hint = terms.single(typed, kind)
            hints.extend(filter(None, (hint, _guarded(typed, words))))
            return {typed: tuple(_form(word, typed) for word in words if not word.rare)}
        parts = phrases.full_name(tokens) if phrases.is_person(tokens, kind) else phrases.phrase(tokens, kind)
        forms: dict[str, tuple[Form, ...]] = {}
        run = ""
        for token, words in zip(tokens, parts, strict=True):
            typed = token.text
            if _is_acronym(typed):
                own = tuple(_acronym_forms(typed))
            elif typed.lower() in PARTICLES:
                # Writers capitalise it as they like: Бен Ладен, бен Ладен.
                own = tuple(_form(word, typed.lower()) for word in words)
            else:
                own = tuple(_form(word, typed) for word in words)
            forms[typed] = _joined(forms.get(typed, ()), own)
            if token.glued and run:
                before, run = run, run + typed
                forms[run] = tuple(
                    Form(plain(before) + form.key, form.reason, form.marks, run) for form in own
                )
            else:
                run = typed
        return forms

    def readings(self, word: str) -> tuple[Reading, ...]:
        key = plain(word)
        if word < "\u0370" and LATIN.fullmatch(word):
            return (Reading(key), Reading(gloss_key(word)))
        if word[:1].isupper() and may_be_middle_name(key):
            return (Reading(key), Reading(MIDDLE_NAME))
        return (Reading(key),)

    def admits(self, form: Form, reading: Reading, text: Text, position: int, names: Container[str]) -> bool:
        marks = form.marks
        if _ACRONYM in marks:
            return _admits_acronym(form, text, position)
        if _GLOSS in marks:
            return is_gloss(form.typed, text, position)
        if not capitals_match(form.typed, text, position):
            return _ONLY_NAME in marks and text.no_capitals
        if not marks:
            return True
        fitting = _fits(marks, text, position)
        if fitting is not None:
            return fitting
        token = text.tokens[position].text
        if _INFLECTED not in marks or not token[:1].isupper() or text.all_capitals:
            return True
        if reading.key in names:
            return False
        titled = token[1:].islower()
        return not (_NAME in marks and titled and _inside_sentence(text, position))


def _form(word: WordForm, typed: str) -> Form:
    from marsad.language import russian_lexemes as lexemes

    marks = {f"{_OWN}{reading}" for reading in word.own} | {f"{_OTHER}{reading}" for reading in word.other}
    if word.name:
        marks.add(_NAME)
    if typed[:1].isupper() and lexemes.only_name(word.word):
        marks.add(_ONLY_NAME)
    reason = ""
    if word.reason:
        marks.add(_INFLECTED)
        reason = f"{_shown(word.word, typed)}: a {word.reason} of {typed}"
    return Form(plain(word.word), reason, frozenset(marks), typed)


def _gloss(typed: str, *, alone: bool) -> Iterator[Form]:
    """Yield what finds a name in Latin letters behind itself; nothing for what may be a common word."""
    from marsad.language import russian_lexemes as lexemes

    name = len(typed) > 2 and typed[:1].isupper() and lexemes.only_name(typed.lower())
    key = gloss_key(typed)
    if alone and len(key) < _SURE_GLOSS:
        return
    if (name and not _is_acronym(typed)) or typed.lower() in PARTICLES:
        yield Form(key, f"{typed} in Latin letters", _GLOSS_MARKS, typed)


def _shown(word: str, typed: str) -> str:
    if len(typed) > 1 and typed.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if typed[:1].isupper() else word


def _guarded(typed: str, words: Iterable[WordForm]) -> str:
    rare = [word.word for word in words if word.rare]
    if not rare:
        return ""
    return f'left out, as they nearly always are forms of another word than "{typed}": {", ".join(rare)}'


def _joined(first: Iterable[Form], second: Iterable[Form]) -> tuple[Form, ...]:
    """Return the forms of a word that stands twice in a term."""
    return tuple({form.key: form for form in (*second, *first)}.values())


def _is_acronym(typed: str) -> bool:
    letters = typed.replace(".", "")
    return 2 <= len(letters) <= 6 and letters.isalpha() and letters.isupper()


def _acronym_forms(typed: str) -> Iterator[Form]:
    from marsad.language import russian_lexemes as lexemes

    letters = typed.replace(".", "")
    key = plain(typed)
    word = any(not reading.is_name for reading in lexemes.readings(key)) and lexemes.known(key)
    marks = {_ACRONYM}
    if len(letters) >= 4 and not word:
        marks.add(_TITLED)
    if word:
        marks.add(_WORD)
    yield Form(key, marks=frozenset(marks), typed=letters)
    if letters[-1] not in _VOWELS:
        for ending in _ACRONYM_ENDINGS:
            yield Form(
                plain(key + ending), f"{letters}{ending}: a case of {typed}", frozenset(marks), letters
            )


def _admits_acronym(form: Form, text: Text, position: int) -> bool:
    if text.all_capitals:
        return _WORD not in form.marks
    token = text.tokens[position].text.replace(".", "")
    letters, ending = token[: len(form.typed)], token[len(form.typed) :]
    if ending and not ending.islower():
        return False
    if letters.isupper():
        return True
    return _TITLED in form.marks and letters[:1].isupper() and letters[1:].islower()


def _fits(marks: frozenset[str], text: Text, position: int) -> bool | None:
    """Tell whether the words beside a surname say that it is the term's; None where they say nothing."""
    own = frozenset(mark[len(_OWN) :] for mark in marks if mark.startswith(_OWN))
    other = frozenset(mark[len(_OTHER) :] for mark in marks if mark.startswith(_OTHER))
    return fits(own, other, text, position) if other else None


def _inside_sentence(text: Text, position: int) -> bool:
    """Tell whether a capital at *position* is that of a name, not of the first word of a sentence."""
    token = text.tokens[position]
    if token.before >= Break.SENTENCE:
        return False
    before = text.original[max(token.start - 1, 0) : token.start]
    return before not in _OPENING
