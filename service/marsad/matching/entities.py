"""Entities: one thing under its names in several languages, some of which count only in good company."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from marsad.errors import WatchSyntaxError
from marsad.language.base import Kind
from marsad.language.registry import is_one_letter, languages_of, primary
from marsad.language.tokens import tokenize
from marsad.matching.document import FIELDS, TEXT_FIELDS
from marsad.matching.grammar import parse_query
from marsad.matching.overlaps import apart, followed, not_inside
from marsad.matching.places import Evaluation, Place, Scope, Variant, applicable, longest, standing
from marsad.matching.plan import Leaf, Part, Spot
from marsad.matching.query import EntityName, Query
from marsad.matching.stopwords import is_stop_word
from marsad.matching.vocabulary import COMMON_LANGUAGES, Vocabulary
from marsad.model import EntityDefinition


@dataclass(frozen=True, kw_only=True)
class EntityFinding:
    """What is wrong with an entity, so that neither it nor what uses it can be used; or what is doubtful."""

    entity_id: str
    path: tuple[str | int, ...]
    """Where: `("names", "ru", 0)`, `("with",)` …"""
    problem: str
    hint: str = ""
    column: int | None = None
    """In the query `with`."""


@dataclass(frozen=True)
class ReadEntity:
    """A definition that has been read: its aliases by language, its condition as a tree."""

    definition: EntityDefinition
    strong: tuple[tuple[str, str], ...]
    """(language, alias)."""
    weak: tuple[tuple[str, str], ...]
    refused: tuple[tuple[str, str], ...]
    """Names of others, `not`; one for each language it may be of."""
    condition: Query | None
    related: tuple[tuple[str, str], ...] = ()
    """Adjectives and nationals, which take all forms of a keyword."""
    weak_related: tuple[tuple[str, str], ...] = ()
    refused_related: tuple[tuple[str, str], ...] = ()
    warnings: tuple[EntityFinding, ...] = ()

    @property
    def kind(self) -> Kind:
        return Kind.PERSON if self.definition.kind == "person" else Kind.NAME

    def names(self) -> Iterator[tuple[str, str]]:
        yield from self.strong
        yield from self.weak

    def uses(self) -> Iterator[str]:
        """Yield the ids of the entities named in the condition."""
        if self.condition is not None:
            for node in self.condition.nodes():
                if isinstance(node, EntityName):
                    yield node.id


def read_entity(definition: EntityDefinition) -> ReadEntity | list[EntityFinding]:
    """Return *definition* as it is compiled, or all that is wrong with it."""
    mistakes: list[EntityFinding] = []
    warnings: list[EntityFinding] = []

    def told(
        path: tuple[str | int, ...], problem: str, hint: str, column: int | None = None
    ) -> EntityFinding:
        return EntityFinding(entity_id=definition.id, path=path, problem=problem, hint=hint, column=column)

    def listed(key: str, names: Sequence[tuple[str, tuple[str, ...]]]) -> dict[tuple[str, str], int]:
        """Return (language, alias) and where it stands in its list."""
        found: dict[tuple[str, str], int] = {}
        for language, aliases in names:
            for position, alias in enumerate(aliases):
                if wrong := _wrong(alias):
                    mistakes.append(told((key, language, position), *wrong))
                else:
                    found.setdefault((primary(language), " ".join(alias.split())), position)
        return found

    strong, weak = listed("names", definition.names), listed("weak", definition.weak)
    for (language, alias), position in weak.items():
        if (language, alias) in strong:
            problem = f'"{alias}" is a strong name too'
            warnings.append(told(("weak", language, position), problem, "keep one of them"))
    related = listed("related", definition.related)
    weak_related = listed("related", definition.weak_related)
    refused_related = listed("related", definition.not_related)
    own_languages = [language for language, _ in (*strong, *weak)]
    name = " ".join(definition.name.split())
    if name not in {alias for _, alias in (*strong, *weak)}:
        if wrong := _wrong(name):
            mistakes.append(told(("name",), *wrong))
        else:
            strong[languages_of(name, (*own_languages, *COMMON_LANGUAGES))[0], name] = 0
    others: dict[tuple[str, str], None] = {}
    for position, other in enumerate(definition.not_names):
        if wrong := _wrong(other):
            mistakes.append(told(("not", position), *wrong))
            continue
        for language in languages_of(other, dict.fromkeys((*own_languages, *COMMON_LANGUAGES))):
            others[language, " ".join(other.split())] = None
    condition = None
    if definition.with_query is not None:
        try:
            condition = parse_query(definition.with_query)
        except WatchSyntaxError as error:
            mistakes.append(told(("with",), error.problem, error.hint, error.column))
        else:
            warnings += [told(("with",), it.problem, it.hint, it.column) for it in condition.warnings]
        if not weak and not weak_related:
            hint = "it is for weak names, and there are none"
            warnings.append(told(("with",), "has no effect", hint))
    elif weak and not strong and not mistakes:
        hint = "add a strong name under names, or say in `with` what must stand in the item too"
        mistakes.append(told(("weak",), "weak names alone never count", hint))
    if mistakes:
        return mistakes
    return ReadEntity(
        definition,
        tuple(strong),
        tuple(weak),
        tuple(others),
        condition,
        tuple(related),
        tuple(weak_related),
        tuple(refused_related),
        tuple(warnings),
    )


def _wrong(alias: str) -> tuple[str, str] | None:
    words = tokenize(alias).words
    if not words:
        return f'"{alias}" holds no letter and no digit', "write the name, or take it out"
    if len(words) == 1 and is_one_letter(words[0]):
        return f'"{alias}" is one letter: it would find nearly everything', "write a longer name"
    if len(words) == 1 and is_stop_word(words[0]):
        return f'"{alias}" stands in nearly every text', "write a longer name"
    return None


def cyclic(entities: Mapping[str, ReadEntity]) -> dict[str, str]:
    """Return the entities whose condition comes back to themselves, each with the way it does."""
    found: dict[str, str] = {}
    for start in entities:
        ways: list[tuple[str, tuple[str, ...]]]
        ways = [(other, (start, other)) for other in entities[start].uses()]
        seen: set[str] = set()
        while ways:
            identity, way = ways.pop()
            if identity == start:
                found[start] = " → ".join(f"@{it}" for it in way)
                break
            if identity not in seen and identity in entities:
                seen.add(identity)
                ways.extend((other, (*way, other)) for other in entities[identity].uses())
    return found


class Named(NamedTuple):
    """Where an entity's names stand in an item."""

    strong: list[Place]
    weak: list[Place]
    others: list[Place]
    """Names of others, `not`, that are no mere part of its own."""


class CompiledEntity:
    """Where an entity stands: its strong names, its weak ones in company, none that are another's."""

    def __init__(self, read: ReadEntity, vocabulary: Vocabulary) -> None:
        def variants(names: Iterable[tuple[str, str]]) -> tuple[Variant, ...]:
            return tuple(
                Variant(vocabulary.term(language, alias, read.kind), language, alias)
                for language, alias in names
            )

        def words(listed: Iterable[tuple[str, str]]) -> tuple[Variant, ...]:
            return tuple(
                Variant(number, language, word)
                for language, word in listed
                for number in _numbers(vocabulary, language, word)
            )

        self.id = read.definition.id
        self.name = read.definition.name
        self.strong = variants(read.strong) + words(read.related)
        self.weak = variants(read.weak) + words(read.weak_related)
        self.refused = variants(read.refused) + words(read.refused_related)
        self.condition: Part | None = None
        """Set once, when all entities are there for it to name."""
        self._chosen: dict[str | None, tuple[list[Variant], list[Variant], list[Variant]]] = {}

    @property
    def anchors(self) -> frozenset[int]:
        return frozenset(variant.id for variant in (*self.strong, *self.weak))

    def numbers(self) -> frozenset[int]:
        """Return the numbers of all its names."""
        return self.anchors | {variant.id for variant in self.refused}

    def places(self, at: Evaluation) -> list[Place]:
        """Return where it stands, in every field."""
        found = at.places.get(id(self))
        if found is None:
            found = at.places[id(self)] = self._places(at)
        return found

    def chosen(self, language: str | None) -> tuple[list[Variant], list[Variant], list[Variant]]:
        """Return the strong names, the weak ones and those of others that count in an item of *language*."""
        found = self._chosen.get(language)
        if found is None:
            strong, weak, refused = (
                applicable(variants, language, strict=False)
                for variants in (self.strong, self.weak, self.refused)
            )
            found = self._chosen[language] = (strong, weak, refused)
        return found

    def names_at(self, at: Evaluation) -> Named:
        """Return where its names and those of others stand, in every field, whatever counts."""
        strong, weak, refused = self.chosen(at.document.language)
        fields = range(len(FIELDS))
        strong_places = followed(at, standing(at, strong, fields, self.id))
        weak_places = followed(at, standing(at, weak, fields, self.id))
        if not strong_places and not weak_places:
            return Named([], [], [])
        others = not_inside(followed(at, standing(at, refused, fields)), strong_places)
        return Named(strong_places, weak_places, others)

    def _places(self, at: Evaluation) -> list[Place]:
        named = self.names_at(at)
        strong, weak = apart(named.strong, named.others), apart(named.weak, named.others)
        if weak and not self.in_company(at, strong):
            weak = []
        return longest(strong + weak) if weak else strong

    def in_company(self, at: Evaluation, strong: Sequence[Place]) -> bool:
        """Tell whether weak names count in this item: a strong one stands in its text, or `with` holds."""
        if any(place.field in TEXT_FIELDS for place in strong):
            return True
        return self.condition is not None and self.condition.holds(at)


def _numbers(vocabulary: Vocabulary, language: str, word: str) -> tuple[int, ...]:
    """Return the terms that an adjective or national stands for; a first part (российско-) has no forms."""
    if word.endswith("-"):
        first = word.rstrip("-")
        return vocabulary.exact(first), vocabulary.exact(first[:1].upper() + first[1:])
    return (vocabulary.word(language, word),)


class EntityLeaf(Spot):
    """An entity in a query."""

    __slots__ = ("entity", "scope")

    plain = True

    def __init__(self, told: str, entity: CompiledEntity, scope: Scope) -> None:
        self.told = told
        self.entity = entity
        self.scope = scope
        self.anchors = entity.anchors

    def _places(self, at: Evaluation) -> list[Place]:
        return [it for it in self.entity.places(at) if self.scope.admits(it, at.document)]


def leaves(part: Part) -> Iterator[Leaf | EntityLeaf]:
    """Yield every leaf of a plan, those under NOT among them."""
    waiting = [part]
    while waiting:
        it = waiting.pop()
        if isinstance(it, Leaf | EntityLeaf):
            yield it
        waiting.extend(it.parts)
