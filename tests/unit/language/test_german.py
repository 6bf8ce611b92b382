"""What stands for a German term, and what only looks like it. Spans are told as the words found."""

from __future__ import annotations

import pytest

from marsad.language.base import Kind
from marsad.language.registry import language_for
from marsad.matching import find


def found(term: str, text: str, kind: str = "keyword") -> list[str]:
    return [text[start:end] for start, end in find("de", term, text, kind)]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("Botschaft", "Die Botschaft, beide Botschaften, der Botschafter", ["Botschaft", "Botschaften"]),
        ("Haus", "ein Haus, des Hauses, viele Häuser, im Haushalt", ["Haus", "Hauses", "Häuser"]),
        ("Vertrag", "Verträge des Vertrags, die Vertraglichkeit", ["Verträge", "Vertrags"]),
        ("Präsident", "dem Präsidenten; Präsidentin", ["Präsidenten"]),
        ("Ministerin", "zwei Ministerinnen, ein Minister", ["Ministerinnen"]),
        ("Museum", "zwei Museen", ["Museen"]),
        ("Abgeordnete", "ein Abgeordneter, des Abgeordneten", ["Abgeordneter", "Abgeordneten"]),
        ("Vorsitzende", "der Vorsitzenden, ein Vorsitzender", ["Vorsitzenden", "Vorsitzender"]),
        ("Legende", "Legenden, ein legender", ["Legenden"]),
        ("Russe", "drei Russen, das Russland", ["Russen"]),
        ("Leistung", "Leistungen im Leistungsvergleich, Leistungs- und", ["Leistungen"]),
    ],
)
def test_nouns_have_their_paradigm(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("Klimagipfel", "des Klimagipfels, auf Klimagipfeln", ["Klimagipfels", "Klimagipfeln"]),
        ("Vizekanzlerin", "Vizekanzlerinnen", ["Vizekanzlerinnen"]),
        ("Waffenruhepakt", "Waffenruhepakte, des Waffenruhepakts", ["Waffenruhepakte", "Waffenruhepakts"]),
        ("Bank", "die Bank, eine Sparbank, das Bankhaus", ["Bank"]),
    ],
)
def test_a_compound_declines_as_its_last_part_and_is_a_word_of_its_own(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("Präsident", "Praesident und PRÄSIDENT, ein Prasident", ["Praesident", "PRÄSIDENT"]),
        ("Aussenminister", "der Außenminister, die Außenministerin", ["Außenminister"]),
        ("Muenchen", "in München", ["München"]),
    ],
)
def test_umlauts_and_sharp_s_may_be_spelled_out(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("Scholz", "Scholz, Scholzens und scholz", ["Scholz"]),
        ("Guterres", "Guterres' Rede", ["Guterres"]),
        ("Selenskyj", "Selenskyjs Reise", ["Selenskyjs"]),
        ("Baerbock", "Baerbock’s Reise", ["Baerbock’s"]),
        ("Niederlande", "in den Niederlanden", ["Niederlanden"]),
        ("Putin", "Putins Rede vor Putinisten", ["Putins"]),
    ],
)
def test_names_take_the_genitive(term, text, expected):
    assert found(term, text, "name") == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("haus", "Haus, Häuser, hausen", ["Haus", "Häuser"]),
        ("Haus", "haus HAUS", ["HAUS"]),
        ("neu", "eine neue Regel, des neuen Amtes, die Neuerung", ["neue", "neuen"]),
        ("Deutsche Bank", "der Deutschen Bank, deutsche Bank", ["Deutschen Bank"]),
        ("EU", "EU-Gipfel der EU, eu", ["EU", "EU"]),
        ("NATO", "Nato, NATO und nato", ["Nato", "NATO"]),
        ("LKW", "zwei LKWs", ["LKWs"]),
        ("IST", "DAS IST EIN SATZ IN KAPITALEN", []),
    ],
)
def test_capitals(term, text, expected):
    assert found(term, text) == expected


def test_a_form_says_what_it_is():
    forms = language_for("de").expand("Haus", Kind.KEYWORD).sequences[0][0]
    assert {form.key: form.reason for form in forms}["haeuser"] == "Häuser: a form of Haus"
