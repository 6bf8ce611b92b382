"""The rule for a language without rules of its own: the folded whole word, accents and all."""

from __future__ import annotations

from collections.abc import Container

from marsad.language.base import Form, Kind, Reading, TermForms, Text
from marsad.language.fold import fold
from marsad.language.spellings import Word, capitals_match, sequences, spellings


class OtherLanguage:
    """Any language: a term stands for itself, with an initial capital where it was typed with one."""

    rules = 1

    def __init__(self, code: str, script: str) -> None:
        self.code = code
        self.script = script

    def fold(self, word: str) -> str:
        return fold(word)

    def expand(self, term: str, kind: Kind) -> TermForms:
        def forms_of(word: Word) -> tuple[Form, ...]:
            return (Form(self.fold(word.text), typed=word.text),)

        return TermForms(self.code, term, kind, sequences(spellings(term), forms_of))

    def readings(self, word: str) -> tuple[Reading, ...]:
        return (Reading(self.fold(word)),)

    def admits(self, form: Form, reading: Reading, text: Text, position: int, names: Container[str]) -> bool:
        return capitals_match(form.typed, text, position)
