"""Entities that ship with Marsad: the countries of the world, and the bodies everybody watches.

A pack costs nothing until a query names one of its entities: only those are read and compiled.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any, Final

from marsad.language.countries import Words, countries, listed_country, longer_names
from marsad.model import EntityDefinition

COUNTRIES: Final = "marsad:countries"
BODIES: Final = "marsad:bodies"

_NAMED: Final = re.compile(r"(?:[@＠]|entity:)([A-Za-z0-9][A-Za-z0-9._-]{0,63})")
_ByLanguage = tuple[tuple[str, tuple[str, ...]], ...]


class Packs:
    """The packs that a configuration uses, beside the entities of its own."""

    def __init__(self, names: Sequence[str], own: Iterable[EntityDefinition]) -> None:
        self._own = {definition.id: definition for definition in own}
        self._names = names
        self._all: Mapping[str, EntityDefinition] | None = None

    @property
    def ids(self) -> list[str]:
        """The ids that a query may name."""
        return list(self._definitions) if self._names else []

    @property
    def _definitions(self) -> Mapping[str, EntityDefinition]:
        if self._all is None:
            found: dict[str, EntityDefinition] = {}
            for name in self._names:
                found.update(pack(name))
            self._all = found
        return self._all

    def named(self, queries: Iterable[str]) -> list[EntityDefinition]:
        """Return the entities of the packs that *queries* name, and those that these name in turn.

        An entity of the configuration's own replaces that of the same id, under its code (`@RU`) too.
        """
        if not self._names:
            return []
        found: dict[str, EntityDefinition] = {}
        waiting = [*queries, *(it.with_query or "" for it in self._own.values())]
        while waiting:
            for identity in entities_named(waiting.pop()):
                if identity in found or identity in self._own:
                    continue
                definition = self._definitions.get(identity)
                if definition is None:
                    continue
                meant = self._own.get(definition.id, definition)
                found[identity] = replace(meant, id=identity)
                waiting.append(meant.with_query or "")
        return list(found.values())


def entities_named(query: str) -> Iterator[str]:
    """Yield the ids of entities in *query*, which need not be correct, and perhaps more than those."""
    for match in _NAMED.finditer(query):
        # A dot or hyphen at the end is the sentence's, as the query language reads it.
        yield match[1].rstrip(".-")


@cache
def pack(name: str) -> Mapping[str, EntityDefinition]:
    """Return the entities of a pack by id; countries by their ISO 3166 code as well."""
    if name == COUNTRIES:
        found = {}
        for code, country in countries().items():
            definition = EntityDefinition(id=country.id, kind="place", name=country.name, country=code)
            found[country.id] = found[code] = definition
        return found
    if name == BODIES:
        text = (files("marsad.matching") / "data" / "bodies.toml").read_text(encoding="utf-8")
        return {table["id"]: _body(table) for table in tomllib.loads(text)["entity"]}
    raise KeyError(name)


def pack_with(identity: str) -> str | None:
    """Return the name of the pack that has an entity of this id."""
    return next((name for name in (COUNTRIES, BODIES) if identity in pack(name)), None)


def entities_called(name: str) -> tuple[tuple[str, str], ...]:
    """Return (pack, id) of the entities that have *name*, or an adjective or national of it."""
    wanted = " ".join(name.split()).casefold()
    of_countries = [
        (COUNTRIES, country.id)
        for country in countries().values()
        if any(word.casefold() == wanted for _, word, _ in country.words())
    ]
    of_bodies = [
        (BODIES, body.id)
        for body in pack(BODIES).values()
        for words in (body.names, body.weak, body.related)
        if any(word.casefold() == wanted for _, listed in words for word in listed)
    ]
    return tuple(dict.fromkeys((*of_countries, *of_bodies)))


def _body(table: Mapping[str, Any]) -> EntityDefinition:
    return EntityDefinition(
        id=table["id"],
        kind=table["kind"],
        name=table["name"],
        names=_by_language(table.get("names", {})),
        weak=_by_language(table.get("weak", {})),
        with_query=table.get("with"),
        not_names=tuple(table.get("not", ())),
        related=_by_language(table.get("related", {})),
    )


def _by_language(words: Mapping[str, Sequence[str]]) -> _ByLanguage:
    return tuple((language, tuple(listed)) for language, listed in words.items())


def with_country(definition: EntityDefinition, languages: Iterable[str]) -> EntityDefinition:
    """Return *definition* with all that its country brings; in *languages* beyond ours, names alone."""
    if definition.country is None:
        return definition
    country = listed_country(definition.country, languages)
    longer = longer_names(definition.country)
    names = [country.names]
    if definition.capital:
        names += [country.capital, country.actors]
    demonyms = definition.demonyms
    conditions = [f"({it})" for it in (definition.with_query, country.with_query) if it]
    weak = _merged(definition.weak, country.weak)
    weak_related = _merged((), country.weak_adjectives if demonyms else {})
    return replace(
        definition,
        names=_merged(definition.names, *names),
        weak=weak,
        with_query=" OR ".join(conditions)
        if conditions and (weak or weak_related)
        else definition.with_query,
        not_names=tuple(
            dict.fromkeys((*definition.not_names, *country.not_names, *(it for _, it in longer.names)))
        ),
        related=_merged(definition.related, *((country.adjectives, country.nationals) if demonyms else ())),
        weak_related=weak_related,
        not_related=_merged((), _grouped(longer.adjectives)) if demonyms else (),
    )


def _grouped(words: Iterable[tuple[str, str]]) -> Words:
    found: dict[str, tuple[str, ...]] = {}
    for language, word in words:
        found[language] = (*found.get(language, ()), word)
    return found


def _merged(first: _ByLanguage, *others: Words) -> _ByLanguage:
    found: dict[str, dict[str, None]] = {}
    for words in (dict(first), *others):
        for language, listed in words.items():
            found.setdefault(language, {}).update(dict.fromkeys(listed))
    return tuple((language, tuple(words)) for language, words in found.items())
