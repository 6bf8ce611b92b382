"""How near names sound across scripts: pairs that are one, and pairs that are not."""

from __future__ import annotations

import random
import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.language.skeleton import distance, likeness, skeleton
from tests.shared_data import shared

NEAR = 0.2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zakharova", "Захарова"),
        ("Zakharova", "زاخاروفا"),
        ("Захарова", "زاخاروفا"),
        ("Nebenzya", "نيبينزيا"),
        ("Erdoğan", "Эрдоган"),
        ("Steinmeier", "شتاينماير"),
        ("Gaddafi", "القذافي"),
        ("Khamenei", "Хаменеи"),
        ("Mustafa", "مصطفى"),
    ],
)
def test_one_name_in_two_scripts_is_near(one: str, other: str) -> None:
    assert likeness(one, other) <= NEAR


@pytest.mark.parametrize(
    ("one", "other"),
    [("Lavrov", "Ларин"), ("Putin", "باتيلي"), ("Zakharova", "Захарченко"), ("Merkel", "ماكرون"), ("Xi", "")],
)
def test_another_name_is_not(one: str, other: str) -> None:
    assert likeness(one, other) > NEAR


@given(st.text(max_size=12), st.text(max_size=12))
def test_a_distance_is_between_0_and_1_and_has_no_direction(one: str, other: str) -> None:
    a, b = skeleton(one), skeleton(other)
    assert 0 <= distance(a, b) <= 1
    assert distance(a, b) == pytest.approx(distance(b, a))
    if a:
        assert distance(a, a) == 0
    # A limit spares work and changes nothing below it.
    if (near := distance(a, b)) <= NEAR:
        assert distance(a, b, NEAR) == near
    else:
        assert distance(a, b, NEAR) > NEAR


@pytest.mark.parametrize(("one", "other"), [("en", "ru"), ("en", "ar"), ("ru", "ar")])
def test_persons_of_our_own_list_are_near_themselves(one: str, other: str) -> None:
    lines = (files("marsad.language") / "data" / "persons.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    first, second = rows[0].index(one), rows[0].index(other)
    pairs = [(row[first].split("/")[0], row[second].split("/")[0]) for row in rows[1:]]
    pairs = [pair for pair in pairs if all(pair) and not re.search("[ -]", "".join(pair))]
    near = [pair for pair in pairs if likeness(*pair) <= NEAR]
    assert len(near) >= 0.95 * len(pairs) > 100


def test_recall_and_namesakes_among_names_of_wikipedia() -> None:
    lines = shared("data/languages/names_ar_en.tsv").read_text(encoding="utf-8").splitlines()
    listed = [(arabic, english) for arabic, english in (line.split("\t") for line in lines)]
    pairs = [pair for pair in listed if re.fullmatch("[a-z]{3,}", pair[1])]
    random.Random(7).shuffle(pairs)  # noqa: S311  # a sample, no secret
    told = [likeness(arabic, english) <= NEAR for arabic, english in pairs[:1000]]
    assert sum(told) / len(told) >= 0.92
    others = [english for _, english in pairs[1000:1500]]
    false = sum(likeness(arabic, english) <= NEAR for arabic, _ in pairs[:60] for english in others)
    assert false / 60 * (4000 / 500) <= 4
