"""Whose surname it is: what the words beside a Russian surname say about its gender and case.

`Захарова` is a woman, or the genitive of a man; `Марии`, `по словам` or `заявила` beside it tell which. All
this works at text time, without the dictionary, on forenames and words of our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from marsad.language.fold import fold
from marsad.language.russian_endings import CASES, decline, feminine_in_soft_sign
from marsad.language.tokens import Break, Text
from marsad.language.wordlists import sections

Readings = frozenset[str]
"""Each a gender and a case: "masc gent"."""

_FILE: Final = "ru_people.txt"
_GENDERS: Final = {"men": "masc", "men's titles": "masc", "women": "femn", "women's titles": "femn"}

_PATRONYMICS: Final = {
    **{f"ович{e}": f"masc {c}" for e, c in (("", "nomn"), ("у", "datv"), ("ем", "ablt"), ("е", "loct"))},
    **{f"евич{e}": f"masc {c}" for e, c in (("", "nomn"), ("у", "datv"), ("ем", "ablt"), ("е", "loct"))},
    "овича": "masc gent/masc accs",
    "евича": "masc gent/masc accs",
    **{
        f"{stem}{ending}": readings
        for stem in ("овн", "евн", "ичн")
        for ending, readings in (
            ("а", "femn nomn"),
            ("ы", "femn gent"),
            ("е", "femn datv/femn loct"),
            ("у", "femn accs"),
            ("ой", "femn ablt"),
            ("ою", "femn ablt"),
        )
    },
}
"""By the last letters; the forename before may be missing, the patronymic never stands for one."""


def plain(word: str) -> str:
    """Return the folded *word* as Russian compares it: ё is е, and stress marks are off."""
    if _USUAL.fullmatch(word):
        return word.lower().replace("ё", "е")
    folded = fold(word)
    while (again := fold(folded.translate(_ONE_LETTER))) != folded:
        folded = again
    return folded


_USUAL: Final = re.compile("[а-яёА-ЯЁ]+")
"""Nearly every word: nothing but case and ё to fold."""
_ONE_LETTER: Final = str.maketrans("ёѐѝѓќ", "ееигк")
"""NFKC has composed some letters and the stress mark after them to letters that Russian does not have."""


@cache
def forenames() -> dict[str, Readings]:
    """Return what each form of a known forename or title says of the surname beside it."""
    found: dict[str, set[str]] = {}
    for section, gender in _GENDERS.items():
        for entry in sections(_FILE)[section]:
            name, _, stem = entry.lower().partition(":")
            forms = list(decline(stem or name, genders=gender))
            if gender == "femn" and name.endswith("ь"):
                forms += feminine_in_soft_sign(name)
            for form in forms:
                # A stem (павл) is no form: the nominative is the name as written.
                word = name if form.case == "nomn" else form.word
                found.setdefault(plain(word), set()).add(f"{gender} {form.case}")
    return {word: frozenset(readings) for word, readings in found.items()}


def gender_of_forename(word: str) -> str | None:
    """Return "masc" or "femn" where *word* is a known forename or patronymic in the nominative of one sex."""
    nominative = {reading.split()[0] for reading in _person(plain(word)) if reading.endswith("nomn")}
    return nominative.pop() if len(nominative) == 1 else None


def is_forename(word: str) -> bool:
    return any(reading.endswith("nomn") for reading in _person(plain(word)))


def may_be_middle_name(key: str) -> bool:
    """Tell whether *key* (folded, of a capitalised word) may stand between a forename and a surname.

    An initial, a patronymic, a forename, or anything that does not look like a surname of its own.
    """
    return not _SURNAME.search(key) or bool(_person(key))


_SURNAME: Final = re.compile("(?:[ое]в|[иы]н|[сц]к|ко|ук|юк|ян)(?:а|у|ым|ой|е|ы|их|ими?|ого|ому|ий|ая|ую)?$")


def fits(own: Readings, other: Readings, text: Text, position: int) -> bool | None:
    """Tell whether the surname at *position* is to be read as *own* rather than as *other*.

    None where nothing beside it tells.
    """
    for evidence in _evidence(text, position):
        if evidence & own:
            return True
        if evidence & other:
            return False
    return None


def _evidence(text: Text, position: int) -> Iterator[Readings]:
    """Yield what the words beside the token at *position* say, the surest first."""
    tokens = text.tokens
    before = after = ""
    if position and tokens[position].before == Break.SPACE:
        before = tokens[position - 1].text
    if position + 1 < len(tokens) and tokens[position + 1].before == Break.SPACE:
        after = tokens[position + 1].text
    if before:
        word = plain(before)
        yield _person(word)
        yield _words().get(word, frozenset())
        yield _verbs().get(word, frozenset())
    if after and (not before or plain(before) in _conjunctions()):
        # Not after any other word: пресс-служба Захарова заявила.
        yield _verbs().get(plain(after), frozenset())
    if after[:1].isupper():
        yield _person(plain(after))


def _person(word: str) -> Readings:
    found = forenames().get(word)
    if found is None:
        for length in (4, 5, 6):
            found = _patronymics().get(word[-length:]) if len(word) > length else None
            if found is not None:
                break
    return found or frozenset()


@cache
def _patronymics() -> dict[str, Readings]:
    return {ending: frozenset(readings.split("/")) for ending, readings in _PATRONYMICS.items()}


@cache
def _words() -> dict[str, Readings]:
    """Return which cases may follow a preposition or the like, for either gender."""
    lists = sections(_FILE)
    cases = {
        "prepositions with the genitive": "gent",
        "words of a speaker in the genitive": "gent",
        "prepositions with the dative": "datv",
        "prepositions with the accusative": "accs",
        "prepositions with the instrumental": "ablt",
        "prepositions with the prepositional": "loct",
    }
    return {plain(word): _either((case,)) for section, case in cases.items() for word in lists[section]}


def _either(cases: Iterable[str]) -> Readings:
    return frozenset(f"{gender} {case}" for gender in ("masc", "femn") for case in cases)


@cache
def _conjunctions() -> frozenset[str]:
    return frozenset(sections(_FILE)["conjunctions"])


@cache
def _verbs() -> dict[str, Readings]:
    found: dict[str, Readings] = {}
    for verb in sections(_FILE)["verbs of speech"]:
        found[plain(verb)] = frozenset({f"masc {CASES[0]}"})
        feminine = f"{verb}а" if verb.endswith("л") else verb
        found[plain(feminine)] = found.get(plain(feminine), frozenset()) | {f"femn {CASES[0]}"}
    return found
