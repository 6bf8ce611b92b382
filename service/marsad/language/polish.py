"""Polish: the lexeme of the dictionary, case endings for what it does not know."""

from __future__ import annotations

import re
from typing import Final

from marsad.language.base import Reading
from marsad.language.tables import Endings, Table, TableLanguage, table

_PLURAL: Final = "y ów om ami ach owie"

ENDINGS: Final[Table] = table(
    ("[sc]ki|dzki", Endings(0, "ego emu m", "ch mi e 2cy", "1a ej 1ą 1o")),
    ("[kg]i", Endings(0, "ego emu m", "ch mi", "e ej 1a 1ą"), Endings(1, "ów", "- om ami ach")),
    ("i", Endings(0, "ego emu m", "ch mi"), Endings(1, "ów - om ami ach")),
    ("y", Endings(1, "ego emu ym", "ych ymi i", "e a ej ą"), Endings(1, "ów - om ami ach")),
    ("(?:[sc]k|dzk)a", Endings(1, "iej ą", "ie ich im imi"), Endings(1, "i 1ce ę o")),
    ("(?:ow|[ei]w|in|yn)a", Endings(1, "ej ą y ie ę o", "y - om ami ach")),
    ("ka", Endings(1, "i 1ce ę ą o", "i 1ek - om ami ach")),
    ("ga", Endings(1, "i 1dze ę ą o", "i - om ami ach")),
    ("cha", Endings(1, "y 2sze ę ą o", "y - om ami ach")),
    ("(?:[cs]z|rz|ż|c|dz)a", Endings(1, "y ę ą o", "e - ów om ami ach y")),
    ("ia", Endings(1, "i ę ą o", "e om ami ach"), Endings(1, "ii", "e")),
    ("[jl]a", Endings(1, "i ę ą o", "e i - om ami ach")),
    ("sta", Endings(1, "y 2ście ę ą o", "y ów om ami ach 1ci")),
    ("ta", Endings(1, "y 1cie ę ą o", "y - om ami ach")),
    ("da", Endings(1, "y 1dzie ę ą o", "y - om ami ach")),
    ("ra", Endings(1, "y 1rze ę ą o", "y - om ami ach")),
    ("ła", Endings(1, "y 1le ę ą o", "y - om ami ach")),
    ("a", Endings(1, "y ie ę ą o", "y - om ami ach")),
    ("ko", Endings(1, "a u iem owi i 1ce ę ą", "a - om ami ach")),
    ("go", Endings(1, "a u iem owi i 1dze ę ą", "a - om ami ach")),
    ("to", Endings(1, "a u em owi 1cie y ę ą", "a - om ami ach")),
    ("[wsmnzp]o", Endings(1, "a u em owi ie y ę ą", "a - om ami ach")),
    ("o", Endings(1, "a u em owi y ę ą", "a - om ami ach")),
    ("nie|cie", Endings(1, "a u em", "a om ami ach"), Endings(3, "ń ć")),
    ("[iy]ce", Endings(1, "- om ami ach", "e y"), Endings(1, "y ę ą")),
    ("[^aeiouy]e", Endings(1, "a u em", "a - om ami ach y"), Endings(1, "ego emu m ym", "ych ymi")),
    ("um", Endings(2, "um", "a ów om ami ach")),
    ("ów", Endings(2, "owa owowi owem owie owu", "owy owów")),
    (
        "ek",
        Endings(2, "ka kowi kiem ku", "ki ków kom kami kach kowie"),
        Endings(0, "a owi iem u", "i ów om ami ach"),
    ),
    ("iec", Endings(3, "ca cowi cem cu", "cy ców com cami cach")),
    ("ec", Endings(2, "ca cowi cem cu", "cy ców com cami cach")),
    ("eł", Endings(2, "ła łowi łem le", "łowie łów łom łami łach"), Endings(0, "a owi em 1le")),
    (
        "el",
        Endings(2, "la lowi lem lu", "le li lom lami lach"),
        Endings(0, "a owi em u", "e i ów om ami ach"),
    ),
    (
        "er",
        Endings(2, "ra rowi rem rze", "rzy rów rom rami rach"),
        Endings(0, "a owi em u 1rze", "y ów om ami ach owie"),
    ),
    ("(?:ień|eń)", Endings(1, "nia niowi niem niu", "nie ni niom niami niach")),
    ("ń", Endings(1, "nia niowi niem niu ni nią", "nie ni niom niami niach")),
    ("ość", Endings(1, "ci cią", "ci ciom ciami ciach")),
    ("ść|ć", Endings(1, "cia ciowi ciem ciu ci cią", "cie ciom ciami ciach")),
    ("ś", Endings(1, "sia siowi siem siu si sią", "sie siom siami siach")),
    ("ź", Endings(1, "zia ziowi ziem ziu zi zią", "zie ziom ziami ziach")),
    ("anin", Endings(0, "a owi em ie", "2ów 2om 2ami 2ach 2ie 2-")),
    ("[jl]", Endings(0, "a u owi em i ą", "e i ów om ami ach owie")),
    ("cz|sz|rz|ż|dz|c", Endings(0, "a u owi em y ą", "e y ów om ami ach owie")),
    ("k", Endings(0, "a u owi iem", "i ów om ami ach owie 1cy")),
    ("g", Endings(0, "a u owi iem", "i ów om ami ach owie 1dzy")),
    ("ch|h", Endings(0, "a u owi em", f"{_PLURAL} 1si")),
    ("x", Endings(1, "ksa ksowi ksem ksie")),
    ("st", Endings(0, "a u owi em 2ście", f"{_PLURAL} 1ci")),
    ("t", Endings(0, "a u owi em 1cie", f"{_PLURAL} 1ci")),
    ("d", Endings(0, "a u owi em 1dzie", f"{_PLURAL} 1dzi")),
    ("r", Endings(0, "a u owi em 1rze", f"{_PLURAL} 1rzy")),
    ("ł", Endings(0, "a u owi em 1le", f"{_PLURAL} 1li")),
    ("[bfmnpswz]", Endings(0, "a u owi em ie", f"{_PLURAL} i")),
    ("v", Endings(0, "a u owi em ie", _PLURAL)),
)


def _opened(endings: str, length: int, opened: str) -> str:
    """Return *endings* with the last *length* letters of the word, as they are before an ending."""
    found = []
    for ending in endings.split():
        cut = int(ending[0]) if ending[0].isdigit() else 0
        kept = opened[: length - cut]
        found.append(f"{length}{kept}{ending.lstrip('0123456789').removeprefix('-')}")
    return " ".join(found)


_CLOSED: Final = re.compile("(ó|ą)([^aąeęioóuy]{1,2})$")

_AFTER_APOSTROPHE: Final = frozenset(
    ("a", "u", "owi", "em", "m", "ego", "emu", "ie", "i", "y", "ów", "om", "ami", "ach", "owie")
)
"""Villeneuve'a, Kennedy'ego: names whose last letters are not spoken."""


class Polish(TableLanguage):
    code = "pl"
    script = "Latn"
    endings = ENDINGS
    plural = re.compile("(?:ach|ami|om|ów|owie)$")
    plural_name = re.compile("[yie]$")
    infinitive = re.compile("[ćc]$")
    verbal_noun = re.compile("[nc]ie$")

    def paradigms(self, word: str) -> tuple[Endings, ...]:
        found = super().paradigms(word)
        # Wybór, wybory; urząd, urzędy: the vowel of a closed syllable.
        if (closed := _CLOSED.search(word)) is not None:
            opened = {"ó": "o", "ą": "ę"}[closed[1]] + closed[2]
            length = len(opened)
            found += tuple(
                Endings(0, _opened(it.singular, length, opened), _opened(it.plural, length, opened))
                for it in found
            )
        return found

    def read_apostrophe(self, key: str, word: str) -> tuple[Reading, ...]:
        before, _, rest = key.rpartition("'")
        return (Reading(before, suffix=f"'{rest}"),) if rest in _AFTER_APOSTROPHE else ()
