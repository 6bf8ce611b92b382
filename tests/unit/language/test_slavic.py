"""What stands for a Ukrainian, Polish, Serbian or Czech term, and what only looks like it."""

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
        ("uk", "посольство", "у посольстві, посольств, посольський", ["посольстві", "посольств"]),
        ("uk", "санкції", "санкцій, санкціями, санкціонований", ["санкцій", "санкціями"]),
        ("uk", "речник", "речникові, речників, речниця", ["речникові", "речників"]),
        ("uk", "зв'язок", "звʼязку, зв’язком, зв'язковий", ["звʼязку", "зв’язком"]),
        ("uk", "безпілотник", "безпілотників, безпілотний", ["безпілотників"]),
        ("pl", "ambasada", "w ambasadzie, ambasad, ambasador", ["ambasadzie", "ambasad"]),
        ("pl", "wybory", "w wyborach, wyborów, wyborca", ["wyborach", "wyborów"]),
        ("pl", "urząd", "w urzędzie, urzędów, urzędnik", ["urzędzie", "urzędów"]),
        ("pl", "człowiek", "ludzi, człowiekiem, człowieczy", ["ludzi", "człowiekiem"]),
        ("pl", "spotkanie", "po spotkaniu, spotkań, spotykać", ["spotkaniu", "spotkań"]),
        ("sr", "ambasada", "u ambasadi, амбасаде, ambasador", ["ambasadi", "амбасаде"]),
        ("sr", "извештај", "izveštaju, извештајем, izvestiti", ["izveštaju", "извештајем"]),
        ("sr", "predsednik", "predsednici, predsedniče, predsedništvo", ["predsednici", "predsedniče"]),
        ("sr", "zasedanje", "na zasedanju, zasedanja, zasedati", ["zasedanju", "zasedanja"]),
        ("hr", "veleposlanik", "veleposlanika, veleposlanici", ["veleposlanika", "veleposlanici"]),
        ("cs", "velvyslanec", "s velvyslancem, velvyslanci, velvyslanectví", ["velvyslancem", "velvyslanci"]),
        ("cs", "vláda", "ve vládě, vlád, vládnout", ["vládě", "vlád"]),
        ("cs", "jednání", "po jednáních, jednáním, jednatel", ["jednáních", "jednáním"]),
    ],
)
def test_a_keyword_has_its_lexeme(language, term, text, expected):
    assert found(language, term, text) == expected


@pytest.mark.parametrize(
    ("language", "term", "text", "expected"),
    [
        ("uk", "кібератака", "кібератаки, кібератакою, кібератак", 3),
        ("uk", "документообіг", "документообігу, документообігом", 2),
        ("uk", "Шмигаль", "Шмигаля, Шмигалем, шмигаля", 2),
        ("uk", "Подоляк", "Подоляка, Подоляком, Подолянський", 2),
        ("pl", "Waszczykowski", "Waszczykowskiego, Waszczykowskim", 2),
        ("pl", "Macron", "Macrona, Macronem, Macronie, macronizm", 3),
        ("pl", "Kennedy", "Kennedy'ego, Kennedy’emu", 2),
        ("pl", "Szymański", "Szymańskiego, Szymańskiemu", 2),
        ("pl", "cyberatak", "cyberataki, cyberataków, cyberatakiem", 3),
        ("sr", "Makron", "Makrona, Макроном, Makronu", 3),
        ("sr", "Orban", "Orbanov, Orbana, Орбаном", 2),
        ("sr", "Basesku", "Baseskua, Baseskuom", 2),
        ("cs", "Macron", "Macrona, Macronem, Macronovi", 3),
        ("cs", "Merkelová", "Merkelové, Merkelovou, Merkel", 2),
        ("cs", "Fiala", "Fialy, Fialou, Fialovi", 3),
        ("cs", "Pekarová Adamová", "s Pekarovou Adamovou, Pekarové Adamové", 2),
        ("cs", "kyberútok", "kyberútoky, kyberútoku, kyberútoků", 3),
    ],
)
def test_what_no_dictionary_knows_has_the_endings_of_its_kind(language, term, text, expected):
    assert len(found(language, term, text)) == expected


@pytest.mark.parametrize(
    ("language", "term", "text", "expected"),
    [
        ("uk", "Зеленський", "Зеленського, Зеленська, Зеленською, зеленський", ["Зеленського"]),
        ("uk", "Київ", "у Києві, з Києва, київський", ["Києві", "Києва"]),
        ("uk", "Афіни", "в Афінах, з Афін", ["Афінах", "Афін"]),
        ("pl", "Tusk", "Tuska, Tuskiem, Tuskowie, tuska", ["Tuska", "Tuskiem"]),
        ("pl", "Niemcy", "w Niemczech, do Niemiec, niemiecki", ["Niemczech", "Niemiec"]),
        ("pl", "Warszawa", "w Warszawie, Warszaw", ["Warszawie"]),
        ("sr", "Moskva", "Москве, Moskvom, москвич", ["Москве", "Moskvom"]),
        ("cs", "Praha", "v Praze, Prahou, pražský", ["Praze", "Prahou"]),
    ],
)
def test_a_name_has_the_cases_of_its_own_number_and_gender(language, term, text, expected):
    assert found(language, term, text, "name") == expected


@pytest.mark.parametrize(
    ("language", "term", "text", "expected"),
    [
        ("uk", "Верховна Рада", "Верховної Ради, у Верховній Раді", 2),
        ("uk", "ВАКС", "ВАКСу, ВАКСом, вакса", 2),
        ("uk", "НАТО", "НАТО, Нато, нато", 2),
        ("pl", "Rada Bezpieczeństwa", "Radzie Bezpieczeństwa, rady bezpieczeństwa", 1),
        ("pl", "ONZ", "ONZ, ONZ-etu, onz", 2),
        ("sr", "Narodna skupština", "Народне скупштине, u Narodnoj skupštini", 2),
        ("cs", "Poslanecká sněmovna", "Poslanecké sněmovně, poslanecká sněmovna", 1),
    ],
)
def test_phrases_and_acronyms(language, term, text, expected):
    assert len(found(language, term, text)) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("Kamala Harris", "s Kamalou Harrisovou, Kamala Harris, Kamala Harrisová", 3),
        ("Ursula von der Leyen", "Ursula von der Leyenová", 1),
        ("Donald Trump", "Donalda Trumpa, Donald Trumpová", 1),
        ("Harris", "Harrisová, Harrise", 1),
    ],
)
def test_a_foreign_womans_surname_is_czech_too(term, text, expected):
    assert len(found("cs", term, text, "person")) == expected


def test_the_guard_leaves_another_word_out_and_says_so():
    forms = language_for("uk").expand("раз", Kind.KEYWORD)
    assert "разу" in {form.key for form in forms.sequences[0][0]}
    assert forms.hints == ('left out (uk), as they rather are forms of another word than "раз": разом',)
    assert not found("uk", "раз", "Разом із ними")
    assert not found("uk", "сталь", "вони стали")
