"""What stands for a French, Italian, Spanish or Portuguese term, and what only looks like it."""

from __future__ import annotations

import pytest

from marsad.language.base import Kind
from marsad.language.registry import language_for
from marsad.matching import find


def found(language: str, term: str, text: str, kind: str = "keyword") -> list[str]:
    return [text[start:end] for start, end in find(language, term, text, kind)]


@pytest.mark.parametrize(
    ("language", "term", "text", "expected"),
    [
        ("fr", "journal", "deux journaux, le journal, un journaliste", ["journaux", "journal"]),
        ("fr", "vote", "les votes, le votant", ["votes"]),
        ("fr", "bal", "des bals", ["bals"]),
        ("fr", "nouveau", "la nouvelle loi, de nouveaux accords", ["nouvelle", "nouveaux"]),
        ("fr", "œil", "les yeux, un oeil", ["yeux", "oeil"]),
        ("fr", "négociations", "la négociation, un négociateur", ["négociation"]),
        ("it", "banca", "le banche, il banco", ["banche"]),
        ("it", "uovo", "due uova", ["uova"]),
        ("it", "amico", "gli amici", ["amici"]),
        ("it", "programma", "i programmi, il programmatore", ["programmi"]),
        ("it", "crisi", "una crisi, il critico", ["crisi"]),
        ("es", "nación", "las naciones, la nacionalidad", ["naciones"]),
        ("es", "régimen", "dos regímenes", ["regímenes"]),
        ("es", "luz", "las luces, el lúser", ["luces"]),
        ("es", "ministra", "dos ministras y un ministro", ["ministras"]),
        ("es", "nuevo", "una nueva ley, nuevos pactos, la novedad", ["nueva", "nuevos"]),
        ("es", "poder", "los poderes; pueden", ["poderes"]),
        ("es", "ministro", "el Consejo de Ministros", ["Ministros"]),
        ("pt", "eleição", "as eleições, o eleitor", ["eleições"]),
        ("pt", "jornal", "dois jornais, um jornalzinho", ["jornais"]),
        ("pt", "homem", "os homens", ["homens"]),
        ("pt", "alemão", "os alemães, a alemã", ["alemães", "alemã"]),
        ("pt", "país", "os países, os pais", ["países"]),
    ],
)
def test_number_and_agreement(language, term, text, expected):
    assert found(language, term, text) == expected


@pytest.mark.parametrize(
    ("language", "term", "text", "expected"),
    [
        ("fr", "blocage", "les blocages", ["blocages"]),
        ("fr", "cyberattaque", "des cyberattaques", ["cyberattaques"]),
        ("it", "cyberattacco", "i cyberattacchi", ["cyberattacchi"]),
        ("es", "ciberataque", "los ciberataques", ["ciberataques"]),
        ("es", "narcolancha", "unas narcolanchas", ["narcolanchas"]),
        ("pt", "ciberataque", "os ciberataques", ["ciberataques"]),
        ("pt", "desvalorização", "as desvalorizações", ["desvalorizações"]),
    ],
)
def test_words_no_dictionary_knows_have_the_regular_plural(language, term, text, expected):
    assert found(language, term, text) == expected


@pytest.mark.parametrize(
    ("language", "term", "text", "expected"),
    [
        ("fr", "Irak", "la guerre d'Irak, l’Irak et L'IRAK", ["Irak", "Irak", "IRAK"]),
        ("fr", "État islamique", "de l'État islamique", ["État islamique"]),
        ("fr", "aujourd'hui", "d'aujourd'hui, aujourd’hui", ["aujourd'hui", "aujourd’hui"]),
        ("fr", "ONU", "l'ONU", ["ONU"]),
        ("it", "Ucraina", "dell'Ucraina, all’Ucraina, l'ucraina", ["Ucraina", "Ucraina"]),
        ("it", "accordo", "un accordo, l'accordo, degli accordi", ["accordo", "accordo", "accordi"]),
    ],
)
def test_a_hit_begins_after_the_elided_article(language, term, text, expected):
    assert found(language, term, text) == expected


@pytest.mark.parametrize(
    ("language", "term", "text", "expected"),
    [
        ("fr", "États-Unis", "Etats-Unis, ÉTATS-UNIS, ETATS-UNIS, États-Unis, etats-unis", 4),
        ("fr", "marché", "le marché, il marche, MARCHE", 2),
        ("fr", "marche", "le marché, il marche, MARCHÉ", 1),
        ("fr", "election", "une élection, des élections", 2),
        ("es", "Perú", "el Perú, PERU, Peru", 2),
        ("es", "Peru", "el Perú, Peru", 2),
        ("es", "papa", "el papa y su papá", 1),
        ("pt", "São Paulo", "São Paulo, SAO PAULO, Sao Paulo", 2),
        ("it", "città", "la città, LA CITTA', la citta' vecchia, citta", 3),
        ("it", "perché", "perchè e perché, perche", 2),
        ("it", "Papa", "papà, Papà, Papa", 1),
    ],
)
def test_accents(language, term, text, expected):
    assert len(found(language, term, text)) == expected


def test_names_stand_for_themselves():
    assert found("fr", "Bourbon", "des Bourbons, Bourbon", "name") == ["Bourbon"]
    assert found("es", "Marco", "Marcos y Marco, marco", "name") == ["Marco"]


def test_the_guard_leaves_another_word_out_and_says_so():
    forms = language_for("fr").expand("fil", Kind.KEYWORD)
    assert "fils" not in {form.key for form in forms.sequences[0][0]}
    assert forms.hints == ('left out (fr), as they rather are forms of another word than "fil": fils',)
