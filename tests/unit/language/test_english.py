"""What stands for an English term, and what only looks like it. Spans are told as the words found."""

from __future__ import annotations

import pytest

from marsad.language.base import Kind
from marsad.language.english import English
from marsad.matching import find


def found(term: str, text: str, kind: str = "keyword") -> list[str]:
    return [text[start:end] for start, end in find("en", term, text, kind)]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("embassy", "The embassy warned that embassies may close", ["embassy", "embassies"]),
        ("crisis", "One crisis, many crises, a critic", ["crisis", "crises"]),
        ("spokesman", "Spokesmen of the spokesman", ["Spokesmen", "spokesman"]),
        ("child", "children and a child, childish", ["children", "child"]),
        ("follow-up", "follow-ups, a followup", ["follow-ups", "followup"]),
        ("hero", "heroes of a hero", ["heroes", "hero"]),
        ("monarch", "two monarchs in one monarchy", ["monarchs"]),
        ("sanctions", "a new sanction, old sanctions", ["sanction", "sanctions"]),
        ("taxes", "taxes, a tax and two taxis", ["taxes", "tax"]),
        ("analyses", "an analysis of analyses", ["analysis", "analyses"]),
        ("new", "The news is new", ["new"]),
        ("custom", "an old custom at the customs", ["custom"]),
        ("arm", "an arm and two arms", ["arm", "arms"]),
        ("arms", "arms for one arm", ["arms"]),
        ("corps", "a corps and its corpses", ["corps"]),
        ("economic", "economic policy and economics", ["economic"]),
        ("human", "humans and humen", ["humans"]),
        ("it", "its news, it said", ["it"]),
    ],
)
def test_number(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        (
            "evacuate",
            "they evacuate, were evacuated, are evacuating; evacuation",
            ["evacuate", "evacuated", "evacuating"],
        ),
        ("commit", "committed and committing to a committee", ["committed", "committing"]),
        ("withdraw", "It withdrew; troops withdrawn; it withdraws", ["withdrew", "withdrawn", "withdraws"]),
        ("deny", "denied, denying, denies; a denial", ["denied", "denying", "denies"]),
        ("evacuated", "They will evacuate those evacuated", ["evacuate", "evacuated"]),
        ("attack", "an attack, attacks; they attacked, attacking", ["attack", "attacks"]),
        ("meeting", "a meeting, two meetings; they meet", ["meeting", "meetings"]),
    ],
)
def test_only_verbs_that_are_no_nouns_take_tenses(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("organisation", "An organization of organisations", ["organization", "organisations"]),
        ("labor", "labour and labor", ["labour", "labor"]),
        ("neighbours", "neighbors of a neighbour", ["neighbors", "neighbour"]),
        ("defense", "the defence", ["defence"]),
        ("centres", "two centers", ["centers"]),
        ("realize", "they realised", ["realised"]),
        ("traveller", "two travelers", ["travelers"]),
        ("prize", "a prise", []),
        ("rise", "a rize", []),
        ("World Health Organization", "the World Health Organisation", ["World Health Organisation"]),
    ],
)
def test_british_and_american_spelling_are_one(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("Egypt", "Egypt's envoy, Egypt’s army, Egyptʼs port, Egyptian", ["Egypt's", "Egypt’s", "Egyptʼs"]),
        ("minister", "the minister’s and the ministers’ aides", ["minister’s", "ministers"]),
        ("Sanaa", "Sana'a and Sana’a's port", ["Sana'a"]),
        ("Sana'a", "Sanaa", ["Sanaa"]),
        ("Erdoğan", "Erdogan and Erdoğan’s aide", ["Erdogan", "Erdoğan’s"]),
        ("Walesa", "Lech Wałęsa", ["Wałęsa"]),
        ("café", "two cafes", ["cafes"]),
    ],
)
def test_apostrophes_and_accents(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("WHO", "The WHO, which is who we asked, said WHO's team", ["WHO", "WHO's"]),
        ("WHO", "THE MAN WHO CAME TO DINNER", []),
        ("US", "THEY TOLD US NOTHING AT ALL", []),
        ("US", "US$5, US 5, U.S. and us", ["US", "U.S."]),
        ("US", "The USS Cole and the U.S.S. Enterprise of the US", ["US"]),
        ("MP", "Two MPs, and MPS in CAPITALS", ["MPs"]),
        ("UNESCO", "Unesco, UNESCO and U.N.E.S.C.O.", ["Unesco", "UNESCO", "U.N.E.S.C.O."]),
        ("SWIFT", "a Swift reply by SWIFT", ["SWIFT"]),
        ("EU", "Eu and EU-led", ["EU"]),
        ("NGO", "two NGOs, an NGO and N.G.O.", ["NGOs", "NGO", "N.G.O."]),
        ("Interpol", "INTERPOL and interpol", ["INTERPOL"]),
        ("COP31", "COP31, COP-31, COP 31 and COP310", ["COP31", "COP-31", "COP 31"]),
        ("F-16", "an F16, two F-16s, an F 16", ["F16", "F-16s", "F 16"]),
        ("G7", "the G7’s host", ["G7’s"]),
        ("1990", "1990, the 1990s and 1990's budget", ["1990", "1990's"]),
        ("1990s", "the 1990s, the 1990's and 1990", ["1990s", "1990's"]),
    ],
)
def test_acronyms(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("Turkey", "turkey in Turkey, TURKEY", ["Turkey", "TURKEY"]),
        ("turkey", "Turkeys and a turkey", ["Turkeys", "turkey"]),
        ("Ministry", "a ministry, the Ministry, Ministries", ["Ministry", "Ministries"]),
        ("Robert", "Roberts met Robert’s friend", ["Robert’s"]),
        ("German", "Germans and a German", ["Germans", "German"]),
        ("brook", "a brook, brooks, and Brooks came", ["brook", "brooks", "Brooks"]),
        ("chad", "a chad; N'Djamena and Chad", ["chad", "Chad"]),
        ("Al-Azhar", "al-Azhar and Al Azhar", ["al-Azhar", "Al Azhar"]),
        ("The Hague", "in the Hague, not the hague", ["the Hague"]),
        ("Bank of England", "Bank Of England", ["Bank Of England"]),
        ("January", "on Jan. 5, in January; Jan said", ["Jan.", "January"]),
    ],
)
def test_case_and_names(term, text, expected):
    assert found(term, text) == expected


def test_an_inflected_form_that_is_a_known_name_is_vetoed():
    # "Gates" is a name of world news; the plural of gate inside a sentence begins with a small letter.
    assert found("gate", "the gates, then Gates spoke") == ["gates"]


def test_a_name_has_no_plural():
    assert found("Ministry", "Ministries", kind="name") == []
    assert found("Ministry", "the Ministry's", kind="name") == ["Ministry's"]


@pytest.mark.parametrize("text", ["J.D. Vance", "J. D. Vance", "JD Vance", "J D Vance", "J.D.Vance"])
@pytest.mark.parametrize("term", ["J.D. Vance", "J. D. Vance", "JD Vance"])
def test_initials_in_any_spelling(term, text):
    assert found(term, f"Then {text} spoke", "name") == [text]


def test_reasons_are_told():
    rules = English()
    forms = {form.key: form.reason for form in rules.expand("ministry", Kind.KEYWORD).sequences[0][0]}
    assert forms == {"ministry": "", "ministries": "plural of ministry"}


def test_a_capitalised_common_word_gets_a_hint():
    assert "common word" in English().expand("Sanctions", Kind.KEYWORD).hints[0]
    assert English().expand("Lavrov", Kind.KEYWORD).hints == ()
    assert English().expand("Foreign Ministry", Kind.KEYWORD).hints == ()
