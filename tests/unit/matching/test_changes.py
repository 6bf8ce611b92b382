"""One watch changed, added or removed among many: the same as if all were compiled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from marsad.matching import changes
from marsad.matching.changes import compile_changes
from marsad.matching.explain import explain
from marsad.matching.watchset import Compilation, compile_watch_set
from marsad.model import EntityDefinition, WatchDefinition
from tests.unit.matching.world import ENTITIES, NOW, SOURCE, entity, expand, item, watch

TEXTS = (
    item("Moscow and Hamas", "An envoy of Egypt, and a treaty. Oil."),
    item("The envoy", "Gas, oil and treaties with Zakharova of the foreign ministry"),
    item("Treaty", "Nothing else"),
)
FIRST = (
    watch("envoy", "envoy"),
    watch("treaty", "treaty"),
    watch("@hamas AND @moscow", "hamas"),
    watch("gas OR oil", "energy"),
    watch("watch:energy AND envoy", "both"),
    *(watch(f"word{number}", f"w{number}") for number in range(20)),
)


def compiled(
    watches: Sequence[WatchDefinition], entities: Sequence[EntityDefinition] = ENTITIES
) -> Compilation:
    compilation = compile_watch_set(watches, entities, expand=expand, others=watches)
    assert compilation.mistakes == ()
    return compilation


def changed(
    former: Compilation,
    watches: Sequence[WatchDefinition],
    entities: Sequence[EntityDefinition] = ENTITIES,
) -> Compilation:
    """Change, having seen that nothing is found that all watches compiled anew would not find."""
    result = compile_changes(former, watches, entities, expand=expand)
    whole = compile_watch_set(watches, entities, expand=expand, others=watches)
    assert result.mistakes == whole.mistakes
    ids = [it.definition.id for it in whole.watch_set.watches]
    assert [it.definition.id for it in result.watch_set.watches] == ids
    assert result.watch_set.versions() == whole.watch_set.versions()
    assert len(result.watch_set) == len(ids)
    for text in TEXTS:
        found = result.watch_set.match(text, SOURCE, now=NOW)
        assert found == whole.watch_set.match(text, SOURCE, now=NOW)
        assert found == result.watch_set.match_without_index(text, SOURCE, now=NOW)
        only = {"envoy", "energy", "new"}
        assert result.watch_set.match(text, SOURCE, now=NOW, only=only) == whole.watch_set.match(
            text, SOURCE, now=NOW, only=only
        )
        for one in ids:
            step = explain(result.watch_set, one, text, SOURCE, now=NOW)
            assert step == explain(whole.watch_set, one, text, SOURCE, now=NOW)
    return result


def ids_found(compilation: Compilation) -> list[list[str]]:
    return [
        [match.watch_id for match in compilation.watch_set.match(text, SOURCE, now=NOW).matches]
        for text in TEXTS
    ]


def test_one_added_one_changed_one_removed():
    former = compiled(FIRST)
    before = ids_found(former)
    added = changed(former, [FIRST[0], watch("Egypt", "new"), *FIRST[1:]])
    assert "new" in ids_found(added)[0]
    other = changed(added, [replace(FIRST[0], query="envoy NOT gas"), *FIRST[1:]])
    assert [("envoy" in ids) for ids in ids_found(other)] == [True, False, False]
    assert "new" not in other.watch_set.versions()
    with pytest.raises(KeyError):
        other.watch_set.watch("new")
    again = changed(other, FIRST)
    assert ids_found(again) == before == ids_found(former)


def test_nothing_changed_and_all_that_is_left_is_the_order():
    former = compiled(FIRST)
    assert ids_found(changed(former, FIRST)) == ids_found(former)
    back = changed(former, FIRST[::-1])
    assert ids_found(back) == [ids[::-1] for ids in ids_found(former)]


def test_a_watch_that_names_one_that_changed_changes_with_it():
    former = compiled(FIRST)
    assert "both" in ids_found(former)[0]
    now = changed(former, [replace(it, query="coal") if it.id == "energy" else it for it in FIRST])
    assert not any("both" in ids for ids in ids_found(now))
    gone = changed(former, [it for it in FIRST if it.id != "energy"])
    assert "no watch has the id" in str(gone.mistakes)


def test_only_what_changed_is_compiled(monkeypatch: pytest.MonkeyPatch):
    former = compiled(FIRST)
    asked: list[str] = []

    def counting(requests):
        asked.extend(term for _, term, _ in requests)
        return expand(requests)

    watches = [*FIRST, watch("Egypt OR @moscow", "new")]
    now = compile_changes(former, watches, ENTITIES, expand=counting)
    assert set(asked) == {"Egypt", "Moscow", "Москва", "موسكو"}
    asked.clear()
    # Another entity, and everything may be found elsewhere.
    compile_changes(now, watches, [*ENTITIES, entity("x", names={"en": ["Xanadu"]})], expand=counting)
    assert "envoy" in asked


def test_many_changes_one_after_the_other(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(changes, "_FEW", 2)
    now = compiled(FIRST)
    layers = []
    for number in range(10):
        watches = [replace(it, query=f"{it.query} OR oil{number}") for it in FIRST[:1]]
        watches += [*FIRST[1:], *(watch("oil", f"n{it}") for it in range(number))]
        now = changed(now, watches)
        layers.append(len(now.watch_set._layers))
    assert max(layers) <= 4
    assert min(layers[3:]) < 4, "never put together again"


def test_a_mistake_in_what_changed_is_told_as_ever():
    former = compiled(FIRST)
    wrong = changed(former, [*FIRST, watch("@hamaz", "new"), watch("gas AND", "worse")])
    assert {mistake.key for mistake in wrong.mistakes} == {'watch "new": query', 'watch "worse": query'}
    assert "did you mean" in str(wrong.mistakes)
    right = changed(wrong, FIRST)
    assert right.mistakes == ()
