"""What stands for a Hungarian term, and what only looks like it."""

from __future__ import annotations

import pytest

from marsad.matching import find


def found(term: str, text: str, kind: str = "keyword") -> list[str]:
    return [text[start:end] for start, end in find("hu", term, text, kind)]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("kormány", "a kormánynak, kormányok, kormányának, kormányzó", 3),
        ("választás", "a választásokon, választással, választásának, választó", 3),
        ("miniszter", "miniszterrel, miniszterek, miniszterét, minisztérium", 3),
        ("nagykövet", "nagykövetet, nagykövetével, nagykövetség", 2),
        ("kéz", "kezek, kezével, kézzel, kezet, kezdet", 4),
        ("hatalom", "hatalmát, hatalmak, hatalommal, hatalmas", 3),
        ("szó", "szavak, szót, szavait, szavaz", 3),
        ("háború", "háborút, háborúban, háborúja, háborúk, háborús", 4),
        ("bokor", "bokrok, bokorban", 2),
        ("tűzszünet", "tűzszünetet, tűzszünetről, tűz", 2),
        ("kibertámadás", "kibertámadások, kibertámadással, kibertámadása", 3),
        ("hotel", "hotelban, hotelben", 2),
        ("hír", "híreket, hírek, híres", 2),
    ],
)
def test_keywords(term, text, expected):
    assert len(found(term, text)) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("Putyin", "Putyinnak, Putyinnal, Putyint, Putyinék", 3),
        ("Orbán", "Orbánnak, Orbánt, Orbánhoz, orbánnak", 3),
        ("Merkel", "Merkellel, Merkelnek, Merkelről", 3),
        ("Obama", "Obamának, Obamával, Obamát, Obama", 4),
        ("Oslo", "Oslóban, Oslóból", 2),
        ("Párizs", "Párizsban, Párizzsal, párizsi", 2),
        ("Budapest", "Budapesten, Budapestről, budapesti", 2),
        ("Oroszország", "Oroszországgal, Oroszországban, orosz", 2),
        ("Szijjártó", "Szijjártónak, Szijjártóval", 2),
    ],
)
def test_names(term, text, expected):
    assert len(found(term, text, "name")) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("NATO", "a NATO-ban, NATO-tag, NATO", ["NATO-ban", "NATO", "NATO"]),
        ("ENSZ", "az ENSZ-szel, ENSZ", ["ENSZ-szel", "ENSZ"]),
        ("Bush", "Bush-hoz, Bush", ["Bush-hoz", "Bush"]),
        ("Európai Unió", "az Európai Unióban, az Európai Uniónak", ["Európai Unióban", "Európai Uniónak"]),
    ],
)
def test_acronyms_phrases_and_endings_after_a_hyphen(term, text, expected):
    assert found(term, text) == expected
