"""Serbian (and Croatian, Bosnian): the lexeme of the dictionary, case endings for what it does not know.

Cyrillic and Latin are one spelling: everything is compared in Latin letters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from marsad.language.fold import fold
from marsad.language.inflected import Typed
from marsad.language.tables import Endings, Table, TableLanguage, table

if TYPE_CHECKING:
    from marsad.language.lexicon import Lexicon

_ALPHABETS: Final = (
    "а=a б=b в=v г=g д=d ђ=đ е=e ж=ž з=z и=i ј=j к=k л=l љ=lj м=m н=n њ=nj о=o п=p р=r с=s т=t ћ=ć у=u ф=f"
    " х=h ц=c ч=č џ=dž ш=š"
)
_PAIRS: Final = {pair[0]: pair[2:] for pair in _ALPHABETS.split()}
_LATIN: Final = str.maketrans(
    _PAIRS | {letter.upper(): latin.capitalize() for letter, latin in _PAIRS.items()}
)
_CYRILLIC: Final = {latin: letter for letter, latin in _PAIRS.items()}
_LETTER: Final = re.compile("lj|nj|dž|[a-zčćđšž]")

_PLURAL: Final = "i a ima e ovi ova ovima ove"
_SOFT_PLURAL: Final = "i a ima e evi eva evima eve"
_ADJECTIVE: Final = "og oga om ome omu im"

ENDINGS: Final[Table] = table(
    ("(?:sk|čk|šk|ck|n)i", Endings(1, _ADJECTIVE, "ih ima e", "a oj u o"), Endings(0, "ja ju jem")),
    ("(?:sk|čk|šk|ck)a", Endings(1, "e oj u om o", "ih im ima")),
    ("ija", Endings(1, "e i u om o", "a ama")),
    ("ka", Endings(1, "e i 1ci u om o", "a ama 1aka 1i")),
    ("ga", Endings(1, "e i 1zi u om o", "a ama")),
    ("ha", Endings(1, "e i 1si u om o", "a ama")),
    ("a", Endings(1, "e i u om o", "a ama")),
    ("io", Endings(0, "na nu nom"), Endings(1, "ja ju jem jom"), Endings(1, "la lu lom le", "li")),
    ("o", Endings(1, "a u om e i", "a ima ama"), Endings(0, "a u m")),
    ("(?:[njlšžčćđ]|nj|lj|dž|št|ž[dđ])e", Endings(1, "a u em", "a ima"), Endings(0, "a u om", "ta tu tom")),
    (
        "e",
        Endings(1, "a u em om", "a ima i"),
        Endings(0, "a u om ta tu tom"),
        Endings(0, "na nu nom", "na nima"),
    ),
    (
        "i",
        Endings(0, "ja ju jem", "ja jima je"),
        Endings(1, "a ima e", "ova ovima ove"),
        Endings(1, "og om im", "ih ima"),
    ),
    ("[uy]", Endings(0, "a u om ja ju jem", "i a ima")),
    ("ost", Endings(0, "i", "ima"), Endings(2, "šću")),
    ("ac", Endings(2, "ca cu cem če", "ci cima ce aca"), Endings(0, "a u em om", _PLURAL)),
    ("ak", Endings(2, "ka ku kom če", "ci cima ke aka"), Endings(0, "a u om 1če", "1ci a 1cima e")),
    ("zam", Endings(2, "ma mu mom me", "mi mima"), Endings(0, "a u om e", _PLURAL)),
    ("anin", Endings(0, "a u om e", "2i 2a 2ima 2e")),
    ("[aeo]k|k", Endings(0, "a u om 1če", "1ci a 1cima e ovi ova ovima ove")),
    ("g", Endings(0, "a u om 1že", "1zi a 1zima e ovi ova ovima ove")),
    ("h", Endings(0, "a u om 1še", "1si a 1sima e ovi ova ovima ove")),
    ("[jšžčćđ]|nj|lj|dž|št", Endings(0, "a u em om e", _SOFT_PLURAL)),
    ("c|z|s|x", Endings(0, "a u om em e", f"{_PLURAL} evi eva evima eve")),
    ("[bdfklmnprtvw]", Endings(0, "a u om e", _PLURAL)),
)


class Serbian(TableLanguage):
    code = "sr"
    script = "Cyrl"
    endings = ENDINGS
    plural = re.compile("(?:ima|ama|ov[aei]|ev[aei])$")
    plural_name = re.compile("[ie]$")
    infinitive = re.compile("[tć]i$")
    verbal_noun = re.compile("nje$")

    def fold(self, word: str) -> str:
        folded = fold(word)
        return folded if folded.isascii() else folded.translate(_LATIN)

    def plain(self, word: str) -> str:
        return to_latin(word.lower())

    def lemmas(self, word: Typed, words: Lexicon) -> tuple[str, ...]:
        """Return the lemmas of both alphabets: the dictionary has some words in one of them alone."""
        latin = to_latin(word.text)
        found: list[str] = []
        for text in (latin, to_cyrillic(latin)):
            found += super().lemmas(word._replace(text=text, lower=text.lower()), words)
        return tuple(dict.fromkeys(found))


class Croatian(Serbian):
    code = "hr"
    script = "Latn"


class Bosnian(Serbian):
    code = "bs"
    script = "Latn"


def to_latin(word: str) -> str:
    return word.translate(_LATIN)


def to_cyrillic(word: str) -> str:
    """Return *word*, in Latin letters, in Cyrillic ones; lj, nj and dž are taken for one letter."""
    lower = _LETTER.sub(lambda match: _CYRILLIC.get(match[0], match[0]), word.lower())
    return lower.capitalize() if word[:1].isupper() else lower
