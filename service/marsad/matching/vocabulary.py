"""The terms of all watches and entities, each once: numbered while plans are made, then compiled together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, cast

from marsad.errors import ExpansionError
from marsad.language.base import Kind, TermForms, UnspacedLanguage
from marsad.language.forms import Forms, Request
from marsad.language.names import fold_name, known_names
from marsad.language.registry import is_unspaced, language_for, language_of
from marsad.language.tokens import tokenize
from marsad.matching.document import Document
from marsad.matching.expressions import Expression, ExpressionIndex, expression
from marsad.matching.find import resolve_kind
from marsad.matching.parts import PartIndex, inner_word
from marsad.matching.patterns import ExactWords, PatternIndex, Stem, Wild, exact_words, stem, wild
from marsad.matching.places import Found, Place
from marsad.matching.plan import Part
from marsad.matching.terms import Alternative, TermIndex

Expand = Callable[[Iterable[tuple[str, str, Kind]]], Mapping[Request, TermForms]]
"""Gives the forms of many terms; ExpansionError names those on which the rules failed."""


class Aliases:
    """All names of all entities, by language: they make a query term a name, and veto look-alikes."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._folded: dict[str, set[str]] = {}
        for language, name in names:
            self._folded.setdefault(language, set()).add(fold_name(language, name))

    def of(self, language: str) -> frozenset[str]:
        return frozenset(self._folded.get(language, ()))

    def vetoes(self, language: str) -> frozenset[str]:
        """Return the names of one word, the aliases and those everybody knows."""
        return known_names(language) | {name for name in self._folded.get(language, ()) if " " not in name}


class Vocabulary:
    """Numbers terms. The same term of the same language and kind has one number for all who use it."""

    def __init__(self, aliases: Aliases) -> None:
        self._aliases = aliases
        self._alias_sets: dict[str, frozenset[str]] = {}
        self.requests: dict[Request, int] = {}
        self.exacts: dict[str, ExactWords] = {}
        self.stems: dict[tuple[str, str], Stem] = {}
        self.wildcards: dict[tuple[str, str], Wild] = {}
        self.compounds: dict[Request, int] = {}
        """Words that are looked for in compounds, too; their forms are those of the request."""
        self.expressions: dict[tuple[str, bool], Expression] = {}
        self.beginnings: dict[tuple[str, str], int] = {}
        """Prefixes in scripts without spaces that are more than one token."""
        self.shared: dict[tuple[object, ...], Part] = {}
        """Plans and their leaves, by all that they are made of: those that are the same are one."""
        self._size = 0

    def _number(self) -> int:
        self._size += 1
        return self._size - 1

    def term(self, language: str, text: str, kind: Kind) -> int:
        """Return the number of a word or phrase; a keyword that is a known name becomes a name."""
        language = language_of(language, text)
        if kind is Kind.KEYWORD:
            known = self._alias_sets.get(language)
            if known is None:
                known = self._alias_sets[language] = self._aliases.of(language)
            kind = resolve_kind(language, text, kind, aliases=known)
        request = Request(language, text, kind)
        if request not in self.requests:
            self.requests[request] = self._number()
        return self.requests[request]

    def word(self, language: str, text: str) -> int:
        """Return the number of a word or phrase that is taken for a keyword whatever it looks like."""
        request = Request(language_of(language, text), text, Kind.KEYWORD)
        if request not in self.requests:
            self.requests[request] = self._number()
        return self.requests[request]

    def exact(self, text: str) -> int:
        if text not in self.exacts:
            self.exacts[text] = exact_words(self._number(), text)
        return self.exacts[text].id

    def stem(self, language: str, typed: str) -> int:
        language = language_of(language, typed)
        key = (language, typed)
        if is_unspaced(language) and len(tokenize(typed).words) > 1:
            if key not in self.beginnings:
                self.beginnings[key] = self._number()
            return self.beginnings[key]
        if key not in self.stems:
            self.stems[key] = stem(self._number(), language, typed)
        return self.stems[key].id

    def wildcard(self, language: str, typed: str) -> int:
        """Return the number of a word with `?` for a letter, and perhaps `*` at its end."""
        key = (language, typed)
        if key not in self.wildcards:
            self.wildcards[key] = wild(self._number(), language, typed)
        return self.wildcards[key].id

    def compound(self, language: str, text: str) -> int:
        """Return the number of a word as a part of compounds."""
        request = Request(language, text, Kind.KEYWORD)
        self.word(language, text)
        if request not in self.compounds:
            self.compounds[request] = self._number()
        return self.compounds[request]

    def expression(self, pattern: str, *, ignore_case: bool) -> int:
        key = (pattern, ignore_case)
        if key not in self.expressions:
            self.expressions[key] = expression(self._number(), pattern, ignore_case=ignore_case)
        return self.expressions[key].id

    def compile(self, expand: Expand) -> Compiled:
        """Return the index of all that was numbered; terms on which the rules fail are left out and named."""
        failed: dict[int, str] = {}
        wanted = dict(self.requests)
        while True:
            try:
                forms = expand(list(wanted))
                break
            except ExpansionError as error:
                told = {(language, term): detail for language, term, detail in error.failed}
                dropped = {it: number for it, number in wanted.items() if (it[0], it[1]) in told}
                if not dropped:
                    raise
                for request, number in dropped.items():
                    failed[number] = f'"{request[1]}" cannot be compiled: {told[request[0], request[1]]}'
                    del wanted[request]
        languages = {language for language, _, _ in self.requests} | {language for language, _ in self.stems}
        languages |= {language for language, _ in self.wildcards}
        vetoes = {language: self._aliases.vetoes(language) for language in languages}
        hints: dict[int, tuple[str, ...]] = {}
        return Compiled(
            index=Index(
                TermIndex(self._terms(wanted, forms, hints), vetoes),
                PatternIndex(self.exacts.values(), self.stems.values(), self.wildcards.values(), vetoes),
                ExpressionIndex(self.expressions.values()),
                PartIndex(
                    inner_word(number, forms[request])
                    for request, number in self.compounds.items()
                    if request in forms
                ),
            ),
            hints=hints,
            failed=failed,
        )

    def _terms(
        self,
        wanted: Mapping[Request, int],
        forms: Mapping[Request, TermForms],
        hints: dict[int, tuple[str, ...]],
    ) -> Iterator[tuple[int, TermForms, bytes | None]]:
        """Yield number and forms of each term, one after the other: all at once would take gigabytes."""
        for request, number in wanted.items():
            its = forms[request]
            if its.hints:
                hints[number] = its.hints
            if (its.language, its.term) != (request.language, request.term):
                yield number, replace(its, language=request.language, term=request.term), None
            else:
                yield number, its, forms.packed(request) if isinstance(forms, Forms) else None
        for (language, typed), number in self.beginnings.items():
            yield number, cast(UnspacedLanguage, language_for(language)).beginning(typed), None


class Index:
    """Where terms stand in an item, all terms at once."""

    def __init__(
        self,
        terms: TermIndex[int],
        patterns: PatternIndex,
        expressions: ExpressionIndex,
        parts: PartIndex,
    ) -> None:
        self._terms = terms
        self._patterns = patterns
        self._expressions = expressions
        self._parts = parts

    def find(self, document: Document, fields: Iterable[int]) -> Found:
        """Return where each term stands in *fields*, which are in order."""
        found: dict[int, list[Place]] = {}
        for field in fields:
            if document.originals[field]:
                text = document.text(field)
                self._terms.find(text, field, found)
                if self._patterns:
                    self._patterns.find(text, field, found)
                if self._expressions:
                    self._expressions.find(text, field, found)
                if self._parts:
                    self._parts.find(text, field, found)
        return found

    def alternatives(self, number: int) -> Iterator[Alternative]:
        """Yield the spellings of a word or phrase, for an explanation; none of an exact word or a prefix."""
        return self._terms.alternatives(number)

    def pattern(self, number: int) -> ExactWords | Stem | Wild | None:
        """Return the exact words, the prefix or the wildcard of this number; None of a word or phrase."""
        return self._patterns.pattern(number)


@dataclass(frozen=True, kw_only=True)
class Compiled:
    index: Index
    hints: Mapping[int, tuple[str, ...]]
    """What a person should know of a term, by its number."""
    failed: Mapping[int, str]
    """Why a term could not be compiled, by its number."""


def rules_version(languages: Iterable[str]) -> dict[str, int | str]:
    """Return the version of the rules of each language, as part of a watch's version."""
    return {code: language_for(code).rules for code in sorted(set(languages))}


COMMON_LANGUAGES: Final = ("ar", "ru", "en")
"""Terms are tried in these, by their script, whatever the feeds say."""
