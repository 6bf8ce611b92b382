"""Russian lexemes from pymorphy's dictionary. Only `Russian.expand` comes here: it loads 15 MB once."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, NamedTuple

NAME_TAGS: Final = frozenset({"Name", "Surn", "Patr", "Geox", "Orgn", "Trad"})
PERSON_TAGS: Final = frozenset({"Name", "Surn", "Patr"})

_DECLINED: Final = frozenset({"NOUN", "ADJF", "PRTF", "NPRO", "NUMR"})
_GROUPS: Final = {
    "ADJS": "ADJF",
    "COMP": "ADJF",
    "VERB": "INFN",
    "PRTF": "INFN",
    "PRTS": "INFN",
    "GRND": "INFN",
}
"""Parts of speech that share a lexeme, by the one that leads it."""
_LEFT_OUT: Final = ("Supr", "Cmp2", "Abbr", "Erro", "V-be", "V-bi", "V-sh")
"""Superlatives (новейший is a word of its own), abbreviations and variants (рожденье): only if typed so."""
_PARTICIPLE: Final = ("actv", "pssv", "past", "pres")
"""What tells the participles of one verb apart: each is a word of its own, and the verb is none of them."""
RARE: Final = 0.05
"""A form that belongs to the term less often than this finds another word: после, стали."""


class Reading(NamedTuple):
    """One way in which the dictionary reads a word."""

    tag: frozenset[str]
    lemma: str
    group: str
    """Part of speech of the lexeme."""
    score: float
    parse: Any

    @property
    def nominative(self) -> bool:
        """True where the word is what a dictionary would list, or has no cases."""
        part = self.parse.tag.POS
        return "nomn" in self.tag or part == "INFN" or part not in _DECLINED

    @property
    def declines(self) -> bool:
        return self.parse.tag.POS in _DECLINED or self.parse.tag.POS == "INFN"

    @property
    def is_name(self) -> bool:
        return not NAME_TAGS.isdisjoint(self.tag)

    @property
    def is_adjective_of_place(self) -> bool:
        """True for украинский, which the dictionary marks as a name, and which has all forms all the same."""
        return self.group == "ADJF" and "Geox" in self.tag

    @property
    def is_person(self) -> bool:
        return not PERSON_TAGS.isdisjoint(self.tag)

    @property
    def gender(self) -> str:
        """ "masc", "femn", "neut", or "" for both and for none."""
        # pymorphy's grammemes refuse to be compared with what is none of them.
        return str(self.parse.tag.gender or "")

    @property
    def number(self) -> str:
        return str(self.parse.tag.number or "")


class LexemeForm(NamedTuple):
    """One form of a lexeme."""

    word: str
    gender: str
    number: str
    case: str


@cache
def _analyzer() -> Any:
    # Imported when first asked for: the daemon itself must never load the dictionary.
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer(lang="ru")


@cache
def known(word: str) -> bool:
    """Tell whether the dictionary has *word* (lower-case), in any form."""
    return bool(_analyzer().word_is_known(word))


@cache
def only_name(word: str) -> bool:
    """Tell whether *word* (lower-case) is in no common word's paradigm: путин, but not газа."""
    return not known(word) or all(reading.is_name for reading in readings(word))


def readings(word: str) -> list[Reading]:
    """Return how *word* (lower-case) can be read, the likeliest first; guesses only for unknown words."""
    found = []
    in_dictionary = known(word)
    for parse in _analyzer().parse(word):
        if in_dictionary and parse.methods_stack[0][0].__class__.__name__ != "DictionaryAnalyzer":
            continue
        tag = frozenset(parse.tag.grammemes)
        part = parse.tag.POS or ""
        found.append(Reading(tag, parse.normal_form, _GROUPS.get(part, part), parse.score, parse))
    return found


def lexeme(reading: Reading) -> list[LexemeForm]:
    """Return all forms of the lexeme that *reading* belongs to, but for variants it is none of."""
    unwanted = [mark for mark in _LEFT_OUT if mark not in reading.tag]
    wanted = [mark for mark in ("V-be",) if mark in reading.tag]
    participle = str(reading.parse.tag.POS) == "PRTF"
    if participle:
        wanted += [mark for mark in _PARTICIPLE if mark in reading.tag]
    forms = []
    for form in reading.parse.lexeme:
        tag = form.tag
        if any(mark in tag for mark in unwanted) or not all(mark in tag for mark in wanted):
            continue
        if participle and str(tag.POS) not in ("PRTF", "PRTS"):
            continue
        forms.append(LexemeForm(form.word, str(tag.gender or ""), str(tag.number or ""), str(tag.case or "")))
    return forms


class Use(NamedTuple):
    """How a word form is used in running text."""

    rare: bool
    """It nearly always is a form of another word."""
    name: bool
    """With a capital it is a known name of another lemma: Газе."""


def use_of(word: str, lexemes: frozenset[tuple[str, str]]) -> Use:
    """Tell how *word* is used besides as a form of *lexemes*, which are (lemma, group)."""
    own = 0.0
    name = False
    lemmas = {lemma for lemma, _ in lexemes}
    for reading in readings(word):
        if (reading.lemma, reading.group) in lexemes and (
            not reading.is_name or reading.is_adjective_of_place
        ):
            own += reading.score
        elif reading.is_name and reading.lemma not in lemmas:
            name = True
    return Use(own < RARE, name and known(word))
