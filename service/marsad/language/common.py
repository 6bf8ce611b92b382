"""Which names are words of the language as well, as far as our dictionaries of Arabic, Russian, English know.

The dictionary of Russian loads in this process: for commands, never for the daemon.
"""

from __future__ import annotations

from functools import cache

from marsad.language.fold import fold
from marsad.language.registry import primary


def is_common_word(language: str, name: str) -> bool:
    """Tell whether *name*, one word, is also a common word; False in languages that we have no list of."""
    match primary(language):
        case "en":
            from marsad.language.english_words import is_common

            return is_common(fold(name))
        case "ru":
            from marsad.language import russian_lexemes

            word = name.lower()
            return russian_lexemes.known(word) and any(
                reading.nominative and not reading.is_name and reading.score >= russian_lexemes.RARE
                for reading in russian_lexemes.readings(word)
            )
        case "ar":
            from marsad.language.arabic_fold import fold_arabic

            word = fold_arabic(name)
            return word in _arabic_words() or word.removeprefix("ال") in _arabic_words()
        case _:
            return False


@cache
def _arabic_words() -> frozenset[str]:
    """Return the words of our lists, folded: some thousand nouns and what looks like other words."""
    from marsad.language.arabic_fold import fold_arabic
    from marsad.language.arabic_plurals import listed_nouns
    from marsad.language.wordlists import sections

    listed = [*listed_nouns(), *(word for words in sections("ar_words.txt").values() for word in words)]
    return frozenset(map(fold_arabic, listed))
