"""What stands for a Finnish term, and what only looks like it."""

from __future__ import annotations

import pytest

from marsad.matching import find


def found(term: str, text: str, kind: str = "keyword") -> list[str]:
    return [text[start:end] for start, end in find("fi", term, text, kind)]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("suurlähetystö", "suurlähetystössä, suurlähetystöjen, suurlähettiläs", 2),
        ("hallitus", "hallituksen, hallituksensa, hallituksessaan, hallita", 3),
        ("kaupunki", "kaupungissakin, kaupunkeihin, kaupungissaan, kaupunkilainen", 3),
        ("sota", "sodassa, sotaakaan, sotilas", 2),
        ("vaalit", "vaaleissa, vaaleja, vaalea", 2),
        ("ihmisoikeus", "ihmisoikeudet, ihmisoikeuksien", 2),
        ("piiri", "piirissä, piirin, piirtää", 2),
        ("kyberhyökkäys", "kyberhyökkäyksen, kyberhyökkäyksiä", 2),
        ("rauhanneuvottelut", "rauhanneuvotteluissa, rauhanneuvotteluja", 2),
        ("pakotelista", "pakotelistalla, pakotelistoille", 2),
    ],
)
def test_keywords(term, text, expected):
    assert len(found(term, text)) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("Stubb", "Stubbin, Stubbille, Stubbia, Stubbiin, stubbin", 4),
        ("Putin", "Putinin, Putinille, Putinista, putti", 3),
        ("Niinistö", "Niinistön, Niinistöä, Niinistöllä", 3),
        ("Orpo", "Orvon, Orpoa, Orvolle", 3),
        ("Sammalniemi", "Sammalniemessä", 1),
        ("Macron", "Macronin, Macronia, Makron", 2),
        ("Virtanen", "Virtasen, Virtasta, Virtaselle", 3),
        ("Kiova", "Kiovassa, Kiovaan, Kiovasta", 3),
        ("Rebekka", "Rebekan, Rebekkaa, Rebekalle", 3),
        ("Wallace", "Wallacen, Wallacea, Wallacelle", 3),
        ("Venäjä", "Venäjällä, Venäjän, venäläinen", 2),
    ],
)
def test_names(term, text, expected):
    assert len(found(term, text, "name")) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("EU", "EU:n jäsenet, EU:ssa, EU-maat, eu", ["EU:n", "EU:ssa", "EU"]),
        ("NATO", "Naton jäsen, NATO:n, Natoon, nato", ["Naton", "NATO:n", "Natoon"]),
        ("Yhdistyneet kansakunnat", "Yhdistyneiden kansakuntien", ["Yhdistyneiden kansakuntien"]),
    ],
)
def test_acronyms_and_phrases(term, text, expected):
    assert found(term, text) == expected


def test_a_capital_takes_a_word_for_the_case_that_it_may_be():
    # Putin is also a form of putti, a cupid.
    assert found("Putin", "putissa Putissa Putinissa") == ["Putinissa"]
