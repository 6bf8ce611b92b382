"""Russian terms in the cases of running news, and their look-alikes."""

from __future__ import annotations

import pytest

from marsad.matching import find


@pytest.mark.parametrize(
    ("term", "kind", "text", "found"),
    [
        ("Захарова", "name", "По словам Захаровой, переговоры идут", ["Захаровой"]),
        ("Захарова", "name", "Илья Захаров встретился с Захаровыми", []),
        ("Мария Захарова", "name", "Брифинг Марии Захаровой завершён", ["Марии Захаровой"]),
        ("посольство", "keyword", "У посольств и перед посольством", ["посольств", "посольством"]),
        ("посол", "keyword", "После встречи посла отозвали", ["посла"]),
        ("Россия", "keyword", "Россиянин вернулся из России", ["России"]),
        ("МИД", "keyword", "В МИДе сообщили, что мидии подешевели", ["МИДе"]),
        ("Нидерланды", "name", "Из Нидерландов", ["Нидерландов"]),
    ],
)
def test_a_term_is_found_in_its_cases_alone(term: str, kind: str, text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in find("ru", term, text, kind=kind)] == found
