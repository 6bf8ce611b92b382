"""What a language gives to the matcher, and the values they exchange.

The idea (expand the query, never stem the text): a term is compiled once into the surface forms of its
lexeme (`Language.expand`, which may load dictionaries); a token of a text is only folded and reduced to a few
`Reading`s (`Language.readings`, no dictionary), which are looked up among the forms; `Language.admits` then
judges one meeting of form and reading in its context.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from marsad.language.tokens import Break as Break
from marsad.language.tokens import Text as Text
from marsad.language.tokens import Token as Token


class Kind(StrEnum):
    """What a term is taken for; decides which forms stand for it."""

    KEYWORD = "keyword"
    NAME = "name"
    PERSON = "person"
    """A name that also keeps gender and number."""


ABBREVIATION = "abbreviation"
"""A mark of forms such as Jan: a full stop after the token belongs to it."""

UNSPACED = "unspaced"
"""A mark of a form that is a whole term in a script without spaces, found anywhere between two tokens.

Its key is the folded tokens: apart by `JOINED` where nothing may stand between them in a text, by a space
where the term was typed with something there, which a text may have or not.
"""
JOINED = "|"
BEGINS = "begins"
"""A mark of an `UNSPACED` form that is the beginning of a word."""
ATTACHED: Final = "attached "
"""The beginning of a mark; endings follow. After a colon or hyphen one of them belongs to the token: EU:n."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which a word of a term may stand in a text."""

    key: str
    """Folded; equal to the `key` of a reading that meets it."""
    reason: str = ""
    """For people, "" where it is the word as typed: "a case of Захарова", "plural of ministry"."""
    marks: frozenset[str] = frozenset()
    """Conditions known to the language alone, checked by `admits` (e.g. "case", "bare", "article"), and
    `ABBREVIATION`."""
    typed: str = ""
    """The word of the term, unfolded, where `admits` must compare marks or case."""


@dataclass(frozen=True, slots=True)
class TermForms:
    """A term of one language, compiled."""

    language: str
    term: str
    """As typed."""
    kind: Kind
    sequences: tuple[tuple[tuple[Form, ...], ...], ...]
    """Alternatives; each is the words in order; each word is its forms, no key twice.

    `cease-fire` has two: (cease, fire) and (ceasefire,). `Си Цзиньпин` has one of two words.
    """
    hints: tuple[str, ...] = ()
    """What a person should know when the watch is compiled: forms left out by the guard, advice."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a token: the key to look up, and what was taken off to get there."""

    key: str
    prefix: str = ""
    """Proclitics and article as they are told to people: "ل", "و + ال"; "" for none."""
    suffix: str = ""
    skip: int = 0
    """Characters at the start of the token that are no part of a hit: the elided article of l'État."""


class Language(Protocol):
    """One language, or the rule for all others. Stateless after construction, safe to share."""

    code: str
    """BCP 47 primary subtag."""
    script: str
    """"Arab", "Cyrl", "Latn" …: languages of one script share their terms. Japanese stands with Chinese."""

    @property
    def rules(self) -> int | str:
        """Counted up when the forms of any term change; names a segmenter that is installed and changes them.

        Part of the key of every cache of forms, and of the version of a watch.
        """
        ...

    def fold(self, word: str) -> str:
        """Return the normal form of one word: equal for spellings that are one."""
        ...

    def expand(self, term: str, kind: Kind) -> TermForms:
        """Return all that may stand for *term*. May load dictionaries: never called per text."""
        ...

    def readings(self, word: str) -> tuple[Reading, ...]:
        """Return the ways to read a token's text, the word itself first. Pure: may be remembered."""
        ...

    def admits(self, form: Form, reading: Reading, text: Text, position: int, names: Container[str]) -> bool:
        """Tell whether *form* really stands at `text.tokens[position]`.

        Case, explicit hamzas and vowels, neighbours (an adjacent forename of the other gender, `$` after US).
        *names* holds folded aliases, territories and capitals: such a token is no inflected or prefixed form
        of another term (the veto).
        """
        ...


class UnspacedLanguage(Language, Protocol):
    """A language written without spaces: its terms are `UNSPACED` forms."""

    def beginning(self, typed: str) -> TermForms:
        """Return all that may stand for a word, or words, that begin as *typed* does."""
        ...

    def stands(self, form: Form, text: Text, folded: Sequence[str], first: int, last: int) -> bool:
        """Tell whether *form*, whose tokens are those from *first* to *last*, is a word there.

        *folded* are the tokens of *text*, folded.
        """
        ...
