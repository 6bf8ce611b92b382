"""Names everybody knows: territories from CLDR; capitals, places, bodies and persons from lists of our own.

They tell a name from a keyword, and they veto: بكين is not ب + كين.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from functools import cache
from importlib.resources import files

from babel import Locale, UnknownLocaleError

from marsad.language.registry import language_for, primary
from marsad.language.tokens import tokenize


def fold_name(language: str, name: str) -> str:
    """Return *name* with each word folded by *language*, words separated by one space."""
    fold = language_for(language).fold
    return " ".join(map(fold, tokenize(name).words))


@cache
def known_names(language: str) -> frozenset[str]:
    """Return the folded names of *language* that are one word, as `Language.admits` wants them."""
    language = primary(language)
    names = _names(language) | _folded(language, _listed(language, "persons.tsv"))
    return frozenset(name for name in names if " " not in name)


def is_name(language: str, term: str, aliases: Container[str] = frozenset()) -> bool:
    """Tell whether *term* as a whole is a territory, a place or body everybody knows, or one of *aliases*.

    *aliases* are folded by `fold_name`.
    """
    # In scripts with capitals a small initial means the common word: turkey, polish.
    if term[:1].islower():
        return False
    folded = fold_name(language, term)
    return folded in _names(primary(language)) or folded in aliases


@cache
def _names(language: str) -> frozenset[str]:
    return _folded(language, [*_territories(language), *_listed(language, "names.tsv")])


def _folded(language: str, names: Iterable[str]) -> frozenset[str]:
    return frozenset(fold_name(language, name) for name in names)


def _territories(language: str) -> list[str]:
    try:
        territories = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return []
    # Two letters are countries and dependencies; digits are regions such as "World".
    return [name for code, name in territories.items() if len(code) == 2 and code not in ("ZZ", "XA", "XB")]


def _listed(language: str, file: str) -> list[str]:
    """Return the names of data/*file* in *language*."""
    rows = _rows(file)
    return [name for row in rows for name in row.get(language, ())]


@cache
def _rows(file: str) -> tuple[Mapping[str, tuple[str, ...]], ...]:
    """Return the rows of data/*file*: a column for each language, several names of one thing by "/"."""
    lines = (files("marsad.language") / "data" / file).read_text(encoding="utf-8").splitlines()
    columns, *rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return tuple(
        {language: tuple(filter(None, cell.split("/"))) for language, cell in zip(columns, row, strict=False)}
        for row in rows
    )


def namesakes(name: str) -> tuple[tuple[str, ...], ...]:
    """Return what the lists of places, bodies and persons hold of *name*, or of its last word.

    One tuple for each thing that is called so: its names in all languages of the list.
    """
    words = tokenize(name).words
    wanted = {" ".join(words).casefold(), words[-1].casefold()} if words else set()
    return tuple(
        dict.fromkeys(
            tuple(it for names in row.values() for it in names)
            for file in ("persons.tsv", "names.tsv")
            for row in _rows(file)
            if any(it.casefold() in wanted for names in row.values() for it in names)
        )
    )
