"""Ukrainian: the lexeme of the dictionary, case endings for what it does not know."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from marsad.language.fold import fold
from marsad.language.inflected import Typed
from marsad.language.tables import Endings, Table, TableLanguage, table

if TYPE_CHECKING:
    from marsad.language.lexicon import Lexicon

_APOSTROPHE: Final = str.maketrans({"ʼ": "'", "ѐ": "е", "ѝ": "и"})
"""The letter that looks like an apostrophe is one; and what NFKC makes of a stressed letter is the letter."""

_HARD: Final = "и ів ам ами ах"
_SOFT: Final = "і ів ям ями ях"

ENDINGS: Final[Table] = table(
    ("ий", Endings(2, "ого ому им ім", "і их ими", "а ої ій у ою е")),
    ("[нтжчшщ]ій", Endings(2, "ього ьому ім", "і іх іми", "я ьої ю ьою є"), Endings(1, "я ю єві єм ї")),
    ("й", Endings(1, "я ю єві єм ї є", "ї їв ям ями ях")),
    ("(?:ськ|цьк|зьк)а", Endings(1, "ої ій у ою", "і их им ими")),
    ("(?:ов|ев|єв|їв|ін|їн|ин)а", Endings(1, "ої ій у ою и і", "и - ам ами ах")),
    ("[аеиіїоуюя']я", Endings(1, "ї ю єю є", "ї й ям ями ях")),
    ("([нтлсздчжшц])\\1я", Endings(1, "я ю ям і", "1ь ям ями ях")),
    ("я", Endings(1, "і ю ею е", "і ь ям ями ях")),
    ("ка", Endings(1, "и 1ці у ою о", "и 1ок - ам ами ах")),
    ("га", Endings(1, "и 1зі у ою о", "и - ам ами ах")),
    ("ха", Endings(1, "и 1сі у ою о", "и - ам ами ах")),
    ("[жчшщ]а", Endings(1, "і у ею е", "і - ам ами ах")),
    ("а", Endings(1, "и і у ою о", "и - ам ами ах")),
    ("єць", Endings(3, "йця йцю йцеві йцем йці", "йці йців йцям йцями йцях")),
    ("ець", Endings(3, "ця цю цеві цем ці че", "ці ців цям цями цях")),
    ("ень", Endings(3, "ня ню неві нем ні", "ні нів ням нями нях"), Endings(1, "я ю еві ем і", _SOFT)),
    ("ість", Endings(4, "ості істю", "ості остей остям остями остях")),
    ("ь", Endings(1, "я ю еві ем і е", _SOFT), Endings(1, "і =ю ю", "і ей ям ями ях")),
    ("їв", Endings(2, "єва єву євом єві"), Endings(0, "а у ом і")),
    (
        "ів",
        Endings(2, "ова ову овом овим ові"),
        Endings(2, "єва єву євом єві"),
        Endings(0, "а у ові ом им і", _HARD),
    ),
    ("ов|ев|єв|ін|їн|ин", Endings(0, "а у ові им ом і е", "и их им ими ів ам ами ах")),
    ("[жчшщ]", Endings(0, "а у еві ові ем і е", "і ів ам ами ах")),
    ("[оеє]к", Endings(2, "ка ку кові ком", "ки ків кам ками ках"), Endings(0, "а у ові ом 1ці", _HARD)),
    ("к", Endings(0, "а у ові ом 1ці 1че", _HARD)),
    ("г", Endings(0, "а у ові ом 1зі 1же", _HARD)),
    ("х", Endings(0, "а у ові ом 1сі 1ше", _HARD)),
    ("ко", Endings(1, "а у ові ом 1ці", "и ів ам ами ах")),
    ("о", Endings(1, "а у ові ом і", "а - ам ами ах")),
    ("це", Endings(1, "я ю ем і", "я ь ям ями ях")),
    ("[жчшщ]е", Endings(1, "а у ем і", "а - ам ами ах")),
    ("е", Endings(1, "я ю ем і", "я ів ям ями ях"), Endings(1, "ого ому им ім", "і их ими")),
    ("и", Endings(1, "ів - ам ами ах ей")),
    ("і", Endings(1, "ів ей ь - ям ями ях ам ами ах"), Endings(1, "их им ими")),
    ("ї", Endings(1, "їв й ям ями ях")),
    ("[бвгґдзклмнпрстфхц]", Endings(0, "а у ові ом і е", _HARD)),
)


class Ukrainian(TableLanguage):
    code = "uk"
    script = "Cyrl"
    endings = ENDINGS
    plural = re.compile("(?:[ая]м|[ая]ми|[ая]х|ів|їв)$")
    plural_name = re.compile("[иії]$")
    infinitive = re.compile("ти(?:ся)?$")
    verbal_noun = re.compile("(?:нн|тт)я$")
    acronym_endings = ("у", "а", "ом", "ові", "і", "и", "ів")

    def fold(self, word: str) -> str:
        return fold(fold(word).translate(_APOSTROPHE))

    def derived(self, lemma: str, form: str) -> bool:
        # Президентка is no form of президент, nor речниця of речник.
        return form in (f"{lemma}ка", f"{lemma[:-1]}ця")

    def lemmas(self, word: Typed, words: Lexicon) -> tuple[str, ...]:
        found = super().lemmas(word, words)
        if found or not any(mark in word.text for mark in "'’ʼ"):
            return found
        for mark in "'’ʼ":
            text = re.sub("['’ʼ]", mark, word.text)
            found = super().lemmas(word._replace(text=text, lower=text.lower()), words)
            if found:
                return found
        return ()
