"""Greek: the lexeme of the dictionary, ending classes for what it does not know. Accents are folded."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import TYPE_CHECKING, Final

from marsad.language.fold import fold, without_accents
from marsad.language.inflected import Typed
from marsad.language.tables import Endings, Table, TableLanguage, table

if TYPE_CHECKING:
    from marsad.language.lexicon import Lexicon

# Without accents, and with one sigma. The dictionary tells νόμος, νόμοι from λάθος, λάθη.
ENDINGS: Final[Table] = table(
    ("(?:ικ|ακ|τ)οσ", Endings(2, "ου ο ε", "οι ων ουσ", "η ησ εσ α"), Endings(2, "ουσ", "η ων")),
    ("οσ", Endings(2, "ου ο ε", "οι ων ουσ"), Endings(2, "ουσ", "η ων")),
    ("ησ", Endings(2, "η", "εσ ων ηδεσ ηδων εισ"), Endings(2, "ουσ", "εισ ων")),
    ("ασ", Endings(2, "α", "εσ ων αδεσ αδων εισ"), Endings(2, "α οσ", "εσ ων")),
    ("εασ", Endings(3, "εα", "εισ εων")),
    ("εσ", Endings(1, "", "δεσ δων"), Endings(2, "ων", "")),
    ("ουσ", Endings(1, "", "δεσ δων")),
    ("οι", Endings(2, "ων ουσ")),
    ("μα", Endings(1, "ατοσ", "ατα ατων"), Endings(1, "ασ", "εσ ων")),
    ("α", Endings(1, "ασ", "εσ ων"), Endings(1, "ων")),
    ("η", Endings(1, "ησ", "εσ ων"), Endings(1, "ησ εωσ", "εισ εων")),
    ("ι", Endings(0, "ου", "α ων")),
    ("ο", Endings(1, "ου", "α ων")),
    ("ω", Endings(1, "ωσ ουσ")),
    ("υ", Endings(0, "οσ", "α ων")),
    ("εισ", Endings(3, "εων")),
)


class Greek(TableLanguage):
    code = "el"
    script = "Grek"
    endings = ENDINGS
    plural = re.compile("(?:οι|ων|ουσ|εσ|εισ|ατα)$")
    plural_name = re.compile("(?:εσ|οι|εισ|α)$")
    infinitive = re.compile("ω$")
    verbal_noun = re.compile("(?!)")

    def fold(self, word: str) -> str:
        return without_accents(fold(word))

    def plain(self, word: str) -> str:
        return self.fold(word)

    def lemmas(self, word: Typed, words: Lexicon) -> tuple[str, ...]:
        """Return the lemmas that *word* is: typed without accents (κυβερνηση), any that it may be."""
        found = super().lemmas(word, words)
        if found or word.text != without_accents(word.text):
            return found
        return words.lemmas_like(word.text)

    def _is_of_another(self, word: str, typed: Typed, own: Container[str], words: Lexicon) -> bool:
        """Tell whether *word*, from the table and so without accents, is another lemma's nominative."""
        others = set(words.lemmas_like(word))
        return bool(others) and not any(lemma in own for lemma in others)
