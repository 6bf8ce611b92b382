"""The ways in which one term may be put together of words, whatever its language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Final, NamedTuple

from marsad.language.base import Form
from marsad.language.tokens import Break, Text, Token, tokenize

_MOST_ALTERNATIVES: Final = 16

MIDDLE_NAME: Final = "+"
"""The key of a reading of any token that may stand between a forename and a surname: no word folds to it."""
_MIDDLE: Final = Form(MIDDLE_NAME, "with a middle name", typed="a middle name")


class Word(NamedTuple):
    """One word of a spelling."""

    text: str
    last: bool
    """True for the last word of the term."""
    initials: bool = False
    """True for J.D., J D, JD before a name."""


Spelling = tuple[Word, ...]


def spellings(term: str) -> tuple[Spelling, ...]:
    """Return the spellings of *term*, as typed first: at least one, unless it has no letter and no digit.

    A hyphen between letters may be absent (cease-fire: cease fire, ceasefire), initials may be apart or
    together (J.D. Vance: JD Vance, J D Vance). A border of letters and digits splits in every text, so that
    F-16 = F16 as it is.
    """
    choices: list[tuple[tuple[tuple[str, bool], ...], ...]] = []
    tokens = tokenize(term).tokens
    at = 0
    while at < len(tokens):
        end = _hyphenated(tokens, at)
        if end > at + 1:
            apart = tuple((token.text, False) for token in tokens[at:end])
            together = (("".join(token.text for token in tokens[at:end]), False),)
            choices.append((apart, together))
        elif (end := _initials(tokens, at)) > at:
            letters = [letter for token in tokens[at:end] for letter in token.text if letter not in "."]
            together = (("".join(letters), True),)
            if len(letters) > 1:
                choices.append((together, tuple((letter, True) for letter in letters)))
            else:
                choices.append((together,))
        else:
            choices.append((((tokens[at].text, False),),))
            end = at + 1
        at = end
    found: list[Spelling] = []
    for choice in product(*choices):
        words = [word for part in choice for word in part]
        if words:
            found.append(
                tuple(Word(text, index == len(words) - 1, mark) for index, (text, mark) in enumerate(words))
            )
        if len(found) == _MOST_ALTERNATIVES:
            break
    return tuple(dict.fromkeys(found))


def _hyphenated(tokens: Sequence[Token], at: int) -> int:
    """Return the end of the run of words that hyphens hold together from *at*."""
    end = at + 1
    while (
        end < len(tokens)
        and tokens[end].glued
        and tokens[end].start > tokens[end - 1].end
        and tokens[end].text[0].isalpha()
        and tokens[end - 1].text[-1].isalpha()
    ):
        end += 1
    return end


def _initials(tokens: Sequence[Token], at: int) -> int:
    """Return the end of the initials that begin at *at* (J. D., J.D., JD before a name), else *at*."""
    end = at
    while end < len(tokens) and _is_initial(tokens[end]) and (end == at or tokens[end].before <= Break.SPACE):
        end += 1
    if end == at and len(tokens) > at + 1 and len(tokens[at].text) == 2:
        pair, name = tokens[at].text, tokens[at + 1]
        if (
            pair.isupper()
            and name.before is Break.SPACE
            and name.text[0].isupper()
            and not name.text.isupper()
        ):
            return at + 1
    # A single letter without a name after or before it is a word of its own.
    return end if end - at < len(tokens) else at


def _is_initial(token: Token) -> bool:
    letters = token.text.replace(".", "")
    return letters.isupper() and (len(letters) == 1 or "." in token.text) and len(letters) <= 4


def sequences(
    found: Sequence[Spelling], forms_of: Callable[[Word], Sequence[Form]]
) -> tuple[tuple[tuple[Form, ...], ...], ...]:
    """Return what `TermForms.sequences` holds: each spelling with the forms of its words, no key twice."""
    alternatives = []
    for spelling in found:
        words = []
        for word in spelling:
            forms: dict[str, Form] = {}
            for form in forms_of(word):
                forms.setdefault(form.key, form)
            words.append(tuple(forms.values()))
        alternatives.append(tuple(words))
    return tuple(dict.fromkeys(alternatives))


def with_middle_name(
    found: Sequence[tuple[tuple[Form, ...], ...]],
) -> tuple[tuple[tuple[Form, ...], ...], ...]:
    """Return the full names *found*, and those of two words with room for a middle name between them."""
    return (*found, *((name[0], (_MIDDLE,), name[1]) for name in found if len(name) == 2))


def capitals_match(typed: str, text: Text, position: int) -> bool:
    """Tell whether the token has the initial capital that *typed* asks for; a small initial asks for none."""
    return not typed[:1].isupper() or not text.tokens[position].text[:1].islower()
