"""Names of entities that need a second look: those of others, those that are words, those nobody uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from marsad.config import Settings
from marsad.language.common import is_common_word
from marsad.language.countries import LANGUAGES
from marsad.language.names import fold_name
from marsad.language.registry import primary
from marsad.matching.packs import COUNTRIES, entities_named, pack, with_country
from marsad.model import EntityDefinition, Mistake
from marsad.operations.records import iterate_mentions
from marsad.store.database import Database

Used = Mapping[tuple[str, str], int]
"""(entity, name) -> in how many hits it was found."""


@dataclass(frozen=True)
class _Name:
    """A name as the operator wrote it."""

    entity: EntityDefinition
    key: str
    """`names` or `weak`."""
    language: str
    position: int
    text: str

    @property
    def folded(self) -> tuple[str, str]:
        return primary(self.language), fold_name(self.language, self.text)


def check_names(settings: Settings) -> Iterator[Mistake]:
    """Yield advice about names that collide with those of another entity, or with a common word."""
    others = _other_names(settings)
    longer = _by_word(_names(settings.entities))
    seen: dict[tuple[str, str], str] = {}
    for name in _names(settings.entities):
        owners = others.get(name.folded, set()) - _same(name.entity)
        if name.folded in seen and seen[name.folded] != name.entity.id:
            owners = owners | {seen[name.folded]}
        seen.setdefault(name.folded, name.entity.id)
        for owner in sorted(owners):
            hint = "what finds one finds both: make it weak in one of them, or take it out"
            yield _told(settings, name, f'"{name.text}" is a name of @{owner} too', hint)
        for other in _inside(name, longer):
            problem = f'"{name.text}" is a part of "{other.text}", a name of @{other.entity.id}'
            hint = f'add "{other.text}" to `not`, so that hits inside it do not count'
            yield _told(settings, name, problem, hint)
        if name.key == "names" and " " not in name.text and _is_word(name):
            hint = "make it weak, with a query in `with` that says when it counts"
            yield _told(settings, name, f'"{name.text}" is also a common word', hint)


def _is_word(name: _Name) -> bool:
    # In capitals it is an acronym, and found in capitals only.
    acronym = len(name.text) > 1 and name.text.isupper()
    return not acronym and is_common_word(name.language, name.text)


def unused_names(settings: Settings, used: Used, *, since: datetime) -> Iterator[Mistake]:
    """Yield the names by which nothing was found since *since*; of an entity no watch names, that alone."""
    asked = _asked(settings)
    for entity in settings.entities:
        if entity.id not in asked:
            yield _of(settings, entity.id, (), "no watch names it", "add a watch, or take the entity out")
            continue
        own = list(_names([entity]))
        silent = [name for name in own if not used.get((entity.id, " ".join(name.text.split())))]
        if own and len(silent) == len(own) and not any(it == entity.id for it, _ in used):
            problem = f"no mention of it since {since:%Y-%m-%d}"
            yield _of(
                settings, entity.id, (), problem, "see which of its names feeds use: marsad entity suggest"
            )
            continue
        for name in silent:
            yield _told(settings, name, f'"{name.text}" has no mention since {since:%Y-%m-%d}')


def count_used(database: Database, *, since: datetime) -> dict[tuple[str, str], int]:
    """Return how many hits each name of an entity had in mentions found after *since*."""
    used: dict[tuple[str, str], int] = defaultdict(int)
    for mention in iterate_mentions(database, since=since):
        for hit in mention.hits:
            if hit.entity is not None:
                used[hit.entity, hit.term] += 1
    return dict(used)


def _names(entities: Iterable[EntityDefinition]) -> Iterator[_Name]:
    for entity in entities:
        for key, words in (("names", entity.names), ("weak", entity.weak)):
            for language, listed in words:
                for position, text in enumerate(listed):
                    yield _Name(entity, key, language, position, text)


def _other_names(settings: Settings) -> dict[tuple[str, str], set[str]]:
    """Return the strong names that tables of ours give to entities, folded, with the ids of these."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    own = {entity.id: entity for entity in settings.entities}
    for definition in (*own.values(), *_packed(settings)):
        if definition.country is not None or definition.id not in own:
            for language, listed in with_country(definition, LANGUAGES).names:
                for text in listed:
                    found[language, fold_name(language, text)].add(definition.id)
    return found


def _packed(settings: Settings) -> Iterator[EntityDefinition]:
    for name in settings.packs:
        for identity, definition in pack(name).items():
            if identity == definition.id:
                yield definition


def _same(entity: EntityDefinition) -> set[str]:
    """Return the ids under which *entity* may be met: its own, and that of its country."""
    country = pack(COUNTRIES).get(entity.country or "")
    return {entity.id} | ({country.id} if country is not None else set())


def _by_word(names: Iterable[_Name]) -> dict[tuple[str, str], list[_Name]]:
    """Return the names of several words, by language and each of their words."""
    found: dict[tuple[str, str], list[_Name]] = defaultdict(list)
    for name in names:
        language, folded = name.folded
        words = folded.split()
        if len(words) > 1:
            for word in set(words):
                found[language, word].append(name)
    return found


def _inside(name: _Name, longer: Mapping[tuple[str, str], list[_Name]]) -> Iterator[_Name]:
    """Yield the names of other entities that hold *name*, and are not in its `not`."""
    language, folded = name.folded
    refused = {fold_name(language, it) for it in name.entity.not_names}
    for other in longer.get((language, folded.split(" ")[0]), ()):
        whole = other.folded[1]
        inside = whole != folded and f" {folded} " in f" {whole} "
        if inside and other.entity.id != name.entity.id and whole not in refused:
            yield other


def _asked(settings: Settings) -> set[str]:
    """Return the ids of entities that watches name, and of those that these need."""
    own = {entity.id: entity for entity in settings.entities}
    found: set[str] = set()
    waiting = [watch.query for watch in settings.watches]
    while waiting:
        for identity in entities_named(waiting.pop()):
            identity = _meant(identity, own)
            if identity not in found:
                found.add(identity)
                if identity in own:
                    waiting.append(own[identity].with_query or "")
    return found


def _meant(identity: str, own: Mapping[str, EntityDefinition]) -> str:
    """Return the id of the own entity that *identity* stands for: @RU is @russia."""
    if identity in own:
        return identity
    countries = pack(COUNTRIES)
    return countries[identity].id if identity in countries else identity


def _told(settings: Settings, name: _Name, problem: str, hint: str = "") -> Mistake:
    return _of(settings, name.entity.id, (name.key, name.language, name.position), problem, hint)


def _of(
    settings: Settings, entity: str, path: tuple[str | int, ...], problem: str, hint: str = ""
) -> Mistake:
    place = settings.places.locate("entity", entity, path)
    where = "".join(f"[{it + 1}]" if isinstance(it, int) else f".{it}" for it in path).lstrip(".")
    key = f'entity "{entity}"' + (f": {where}" if where else "")
    return Mistake(file=place.file, line=place.line, key=key, problem=problem, hint=hint)
