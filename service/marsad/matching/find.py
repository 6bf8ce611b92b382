"""One term in one text: the smallest use of the matcher, and the one its accuracy is measured by."""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache

from marsad.language.base import Kind
from marsad.language.names import is_name, known_names
from marsad.language.registry import language_for, language_of, primary
from marsad.language.tokens import tokenize
from marsad.matching.terms import TermIndex


def find(language: str, term: str, text: str, kind: str = "keyword") -> list[tuple[int, int]]:
    """Return the spans (code points of *text*) where *term* stands: one word or phrase, no operators.

    *kind* is "keyword", "name" or "person". Dictionaries load in this process: for scripts and tests; the
    daemon computes forms in a child (`language.forms`).
    """
    hits = _compiled(primary(language), term, Kind(kind)).positions(tokenize(text))
    return [(hit.start, hit.end) for hit in hits.get(term, [])]


@lru_cache(maxsize=4096)
def _compiled(language: str, term: str, kind: Kind) -> TermIndex[str]:
    rules = language_for(language_of(language, term))
    forms = rules.expand(term, resolve_kind(language, term, kind))
    return TermIndex([(term, forms)], {forms.language: known_names(forms.language)})


def resolve_kind(language: str, term: str, kind: Kind, *, aliases: Container[str] = frozenset()) -> Kind:
    """Return what *term* is taken for: a keyword that is a territory, a capital or an alias is a name.

    *aliases* are folded as `language.names.fold_name` does. Whether any other capitalised word is a name
    needs a dictionary: `Language.expand` decides that when it is given a keyword.
    """
    if kind is Kind.KEYWORD and is_name(language, term, aliases):
        return Kind.NAME
    return kind
