"""Languages known by their dictionary alone: a word stands for the forms that the dictionary gives it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from marsad.language.inflected import InflectedLanguage, Typed, Variant

if TYPE_CHECKING:
    from marsad.language.lexicon import Lexicon

_GENITIVE_IN_S: Final = frozenset({"da", "nb", "nn", "no", "sv", "nl", "lb"})

_ARTICLES: Final = {"ca": frozenset(("l", "d", "s", "n", "m", "t"))}
"""What is elided before a vowel: l'elecció."""


class DictionaryLanguage(InflectedLanguage):
    """A word the dictionary does not know stands for itself, a Germanic name for its genitive too."""

    def __init__(self, code: str, script: str) -> None:
        self.code = code
        self.script = script
        self.articles = _ARTICLES.get(code, frozenset())

    def paradigm(self, word: Typed, words: Lexicon) -> Iterator[Variant]:
        for lemma in dictionary_lemmas(word, words):
            for form in words.forms(lemma):
                yield Variant(form, sure=True)
        if (
            self.code in _GENITIVE_IN_S
            and word.text[:1].isupper()
            and not word.lower.endswith(("s", "x", "z"))
        ):
            yield Variant(f"{word.text}s", "case")


def dictionary_lemmas(word: Typed, words: Lexicon) -> tuple[str, ...]:
    """Return the lemmas that *word* is; where it is none, the one it is a form of; () if it is not known.

    A capital means a name, where there is one that is written so.
    """
    spelled = [word.text]
    if word.text != word.lower:
        title = word.lower.capitalize()
        spelled = [word.text, title]
        if not (word.name and word.alone):
            spelled.append(word.lower)
    for one in spelled:
        if words.forms(one):
            return (one,)
    for one in spelled:
        lemma = words.lemma(one)
        if lemma is not None:
            return (lemma,)
    return ()
