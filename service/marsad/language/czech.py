"""Czech: the lexeme of the dictionary, case endings for what it does not know, surnames in -ová."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from marsad.language.base import Form, Kind, TermForms
from marsad.language.inflected import INFLECTED
from marsad.language.tables import Endings, Table, TableLanguage, table
from marsad.language.tokens import tokenize

_PLURAL: Final = "i y ové é ů ům ech"
_SOFT_PLURAL: Final = "e i ové ů ům ích i"
_FEMININE: Final = "y - ám ách ami"
_HE: Final = "y ovi u ou o"
"""Of men whose name or office ends in -a: Svoboda, předseda."""

ENDINGS: Final[Table] = table(
    ("ová", Endings(1, "é ou", "ých ým ými")),
    ("ský", Endings(1, "ého ému ým ém", "é ých ými 2ští", "á ou")),
    ("cký", Endings(1, "ého ému ým ém", "é ých ými 2čtí", "á ou")),
    ("ý", Endings(1, "ého ému ým ém", "í é ých ými", "á ou")),
    ("[sc]ká", Endings(1, "é ou", "ých ým ými")),
    ("á", Endings(1, "é ou", "ých ým ými")),
    ("ní", Endings(0, "m", "ch mi"), Endings(0, "ho mu m", "ch mi")),
    ("í", Endings(0, "ho mu m", "ch mi")),
    ("ista", Endings(1, "y ovi u ou o", "é i ové ů ům ech y")),
    ("ka", Endings(1, "y 1ce u ou o", f"{_FEMININE} 1ek"), Endings(1, _HE, "ové ů ům 1cích")),
    ("[hg]a", Endings(1, "y 1ze u ou o", _FEMININE), Endings(1, _HE, "ové ů ům 1zích")),
    ("cha", Endings(1, "y 2še u ou o", _FEMININE), Endings(1, _HE, "ové ů ům 2ších")),
    ("ra", Endings(1, "y 1ře u ou o", _FEMININE), Endings(1, _HE, "ové ů ům ech")),
    ("[jšžčřcďťň]a", Endings(1, "i e u ou o ovi", "e i - ím ích emi"), Endings(1, f"{_HE} e", "ové ů ům")),
    ("ia", Endings(1, "e i u ou", "e í ím ích emi")),
    ("a", Endings(1, "y ě e u ou o", _FEMININE), Endings(1, _HE, "ové ů ům ech")),
    ("ost", Endings(0, "i í", "em ech mi")),
    ("ie", Endings(1, "e i í", "í ím ích emi")),
    ("iště|ště", Endings(1, "ě i ěm", "ě - ím ích i")),
    ("[iy]ce", Endings(1, "e i í - ím ích emi")),
    (
        "[eě]",
        Endings(1, "i í e", "í ím ích emi - ěmi"),
        Endings(1, "i em e", "í ím ích i ata at atům atech aty"),
    ),
    ("[kgh]o|cho", Endings(1, "a u em ovi", "a - ům ách y")),
    ("ro", Endings(1, "a u em ovi 1ře", "a - ům ech y")),
    ("o", Endings(1, "a u em ě e ovi", "a - ům ech y")),
    ("ium", Endings(2, "a u em", "a í ům ích i")),
    ("um", Endings(2, "a u em", "a í ům ech y"), Endings(0, "u em", "y ů ům ech")),
    ("us", Endings(2, "a u em ovi e", "i ové ů ům ech y"), Endings(0, "u em e a ovi", _PLURAL)),
    ("ky", Endings(1, "1ek ů ám ům ách ami")),
    ("y", Endings(1, "- ů ám ům ách ech ami")),
    ("é", Endings(1, "ého ému ým ém ých ými"), Endings(0, "ho mu m")),
    ("[iuóú]", Endings(0, "ho mu m", ""), Endings(1, "ů ům ích -")),
    ("ek", Endings(2, "ka kovi ku kem ke ku", "ci ky kové ků kům cích"), Endings(0, "u em a ovi", "y ů ům")),
    ("ec", Endings(2, "ce ci cem covi če", "ci cové ců cům cích"), Endings(0, "e i em ovi", _SOFT_PLURAL)),
    ("e[lnrst]", Endings(0, "a u ovi em e i", f"{_PLURAL} ích")),
    ("ň", Endings(1, "ně ni ní něm ňovi", "ni ňů ňům ních")),
    ("ď", Endings(1, "dě di dí děm ďovi", "di ďů ďům dích")),
    ("ť", Endings(1, "tě ti tí těm ťovi", "ti ťů ťům tích")),
    ("[šžčřcj]", Endings(0, "e i em í ovi", _SOFT_PLURAL)),
    ("k", Endings(0, "a u ovi em 1če", "1ci y ové ů ům 1cích")),
    ("[hg]", Endings(0, "a u ovi em 1že", "1zi y ové ů ům 1zích")),
    ("ch", Endings(0, "a u ovi em 2še", "2ši y ové ů ům 2ších")),
    ("r", Endings(0, "a u ovi em e 1ře", f"{_PLURAL} 1ři")),
    ("[bdflmnpstvwxz]", Endings(0, "a u ovi em e ě", _PLURAL)),
)

_INFLECTED: Final = frozenset({INFLECTED})
_FLEETING: Final = re.compile("e([lnrst])$")


class Czech(TableLanguage):
    code = "cs"
    script = "Latn"
    endings = ENDINGS
    plural = re.compile("(?:ům|ách|ech|ích|ami|ové)$")
    plural_name = re.compile("[yie]$")
    infinitive = re.compile("t$|ct$|ci$")
    verbal_noun = re.compile("[nt]í$")

    def paradigms(self, word: str) -> tuple[Endings, ...]:
        found = super().paradigms(word)
        if (end := _FLEETING.search(word)) is not None and len(word) > 4:
            last = end[1]
            # Havel, Havla; Karel, Karla.
            found += (
                Endings(
                    2, f"{last}a {last}u {last}ovi {last}em {last}e", f"{last}i {last}y {last}ové {last}ů"
                ),
            )
        return found

    def expand(self, term: str, kind: Kind) -> TermForms:
        """As for every language; a woman's foreign surname is also found as Czech writes it: Harrisová."""
        found = super().expand(term, kind)
        names = [token.text for token in tokenize(term).tokens]
        surname = _feminine(names)
        if surname is None:
            return found
        forms = [surname, *self.decline(surname)]
        extra = tuple(
            Form(self.fold(form), f"{form.capitalize()}: a form of {names[-1]}", _INFLECTED, names[-1])
            for form in forms
        )
        sequences = tuple(
            (*words[:-1], tuple({form.key: form for form in (*extra, *words[-1])}.values()))
            for words in found.sequences
        )
        return replace(found, sequences=sequences)


def _feminine(names: list[str]) -> str | None:
    """Return the Czech surname, in small letters, of a woman whom her forename tells; else None."""
    if len(names) < 2 or not all(name[:1].isupper() and name[1:].islower() for name in (names[0], names[-1])):
        return None
    forename, surname = names[0].lower(), names[-1].lower()
    if not forename.endswith(("a", "ie")) or surname.endswith(("á", "ova")):
        return None
    return f"{surname.removesuffix('a').removesuffix('o').removesuffix('e')}ová"
