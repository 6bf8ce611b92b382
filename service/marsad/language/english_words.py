"""The forms of one English word: plurals, tenses, British and American spelling.

No dictionary, only rules and the exceptions in data/english.txt.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from marsad.language.wordlists import sections

_VOWELS: Final = "aeiou"
_LISTS: Final = sections("english.txt")


def _table(section: str) -> dict[str, tuple[str, ...]]:
    entries = (entry.split("=") for entry in _LISTS[section])
    return {first: tuple(rest) for first, *rest in entries}


_IRREGULAR_PLURALS: Final = _table("irregular plurals")
_IRREGULAR_SINGULARS: Final = {
    plural: singular for singular, plurals in _IRREGULAR_PLURALS.items() for plural in plurals
}
_NO_SINGULAR: Final = frozenset(_LISTS["no singular"])
_PLURAL_ONLY: Final = frozenset(_LISTS["plural only"])
_CH_AS_K: Final = frozenset(_LISTS["ch as k"])
_MAN_NO_MEN: Final = frozenset(_LISTS["man, but no men"])
_NO_PLURAL: Final = frozenset(_LISTS["no plural"])
_IRREGULAR_VERBS: Final = _table("irregular verbs")
_VERBS: Final = frozenset(_LISTS["verbs"]) | frozenset(_IRREGULAR_VERBS)
_ATE_NOUNS: Final = frozenset(_LISTS["-ate words that are nouns"])
_ISE_STAYS: Final = frozenset(_LISTS["-ise words that stay"])
_IZE_STAYS: Final = frozenset(_LISTS["-ize words that stay"])
_OUR: Final = frozenset(_LISTS["-our words"])
_OR: Final = {british.replace("our", "or"): british for british in _OUR}
_OUR_ENDINGS: Final = (
    "",
    "s",
    "ed",
    "ing",
    "er",
    "ers",
    "ful",
    "less",
    "able",
    "ite",
    "ites",
    "al",
    "ly",
    "hood",
)
_PEOPLES: Final = frozenset(_LISTS["peoples"])
_BRITISH: Final = {british: american for british, (american,) in _table("British=American").items()}
_AMERICAN: Final = {american: british for british, american in _BRITISH.items()}
_NOUNS: Final = frozenset(_LISTS["words"])
_SHORT_DATES: Final = _table("short dates")
_COMMON: Final = _NOUNS | _NO_PLURAL | _VERBS | frozenset(_IRREGULAR_PLURALS) | frozenset(_BRITISH)

_ALSO_NAMES: Final = frozenset(_LISTS["words that are names too"])

_DERIVED: Final = re.compile(
    r".{3,}(tion|sion|ment|ness|ship|hood|ity|ism|ist|ance|ence|ology|graphy|able|ible|ful|less|ous|ical|cracy)"
)


@cache
def is_common(word: str) -> bool:
    """Tell whether *word*, in small letters, is a word of the language and not only a name."""
    if word in _COMMON or _DERIVED.fullmatch(word):
        return True
    bases = (*singulars(word), *other_spellings(word), _inverted_verbs().get(word))
    return any(base in _COMMON for base in bases)


def is_only_a_name(word: str) -> bool:
    """Tell whether *word*, in small letters, can hardly be anything but the name: mexico, not turkey."""
    return word not in _ALSO_NAMES and not is_common(word)


def is_people(word: str) -> bool:
    """Tell whether *word*, typed with a capital, has a plural all the same: Russian, Muslim, Sunday."""
    return word in _PEOPLES or (len(word) > 5 and word.endswith(("ian", "ean")))


def is_function_word(word: str) -> bool:
    return word in _NO_PLURAL


def plurals(word: str) -> tuple[str, ...]:
    """Return the plurals of the noun *word*; () where it has none of its own."""
    if word in _IRREGULAR_PLURALS:
        return _IRREGULAR_PLURALS[word]
    if word in _NO_PLURAL or len(word) < 3 or not word.isalpha():
        return ()
    if word in _NO_SINGULAR and not word.endswith(("us", "ss", "x")):
        return {"gas": ("gases",), "bias": ("biases",), "lens": ("lenses",), "atlas": ("atlases",)}.get(
            word, ()
        )
    if word == "man" or (word.endswith("man") and word not in _MAN_NO_MEN):
        return (word[:-2] + "en",)
    if word.endswith(("sis", "xis")):
        return (word[:-2] + "es",)
    if word.endswith(("s", "x", "z", "sh")) or (word.endswith("ch") and word not in _CH_AS_K):
        return (word + "es", word + "zes") if word.endswith("iz") else (word + "es",)
    if word.endswith("y") and word[-2] not in _VOWELS:
        return (word[:-1] + "ies",)
    if word.endswith("quy"):
        return (word[:-1] + "ies",)
    if word.endswith("o") and word[-2] not in _VOWELS:
        return (word + "s", word + "es")
    plural = word + "s"
    # news is no plural of new, nor customs of custom: two words that meet in their letters.
    return () if plural in _NO_SINGULAR else (plural,)


def singulars(word: str) -> tuple[str, ...]:
    """Return what *word* may be the plural of, () for no plural. Some of it may be no word at all."""
    if word in _IRREGULAR_SINGULARS:
        return (_IRREGULAR_SINGULARS[word],)
    if word.endswith("men") and len(word) > 3 and word[:-2] + "an" not in _MAN_NO_MEN and word != "specimen":
        if word in {"regimen", "abdomen", "semen", "omen", "stamen", "yemen", "bitumen", "acumen", "amen"}:
            return ()
        return (word[:-2] + "an",)
    if (
        len(word) < 4
        or not word.endswith("s")
        or not word.isalpha()
        or word in _NO_SINGULAR
        or word in _PLURAL_ONLY
        or word.endswith(("ss", "us", "is", "ous"))
    ):
        return ()
    if word.endswith("ies"):
        return (word[:-1],) if len(word) < 6 else (word[:-3] + "y", word[:-1])
    found = [word[:-1]]
    if word.endswith(("yses", "eses", "oses", "ases", "ises")) or word == "axes":
        found.append(word[:-2] + "is")
    if word.endswith(("ses", "xes", "zes", "shes", "ches", "oes")):
        found.append(word[:-2])
    return tuple(base for base in found if base not in _NO_PLURAL)


def is_verb(word: str) -> bool:
    """Tell whether *word* is the base of a verb that is no noun."""
    if word in _VERBS:
        return True
    if word in _ATE_NOUNS or len(word) < 6:
        return False
    if word.endswith(("ise", "ize")):
        return word not in _ISE_STAYS and word not in _IZE_STAYS
    return word.endswith(("ate", "ify"))


def verb_forms(base: str) -> tuple[str, ...]:
    """Return the third person, past, participle and -ing of a verb."""
    if base.endswith("y") and base[-2] not in _VOWELS:
        third, regular, ing = base[:-1] + "ies", [base[:-1] + "ied"], [base + "ing"]
    elif base.endswith("ie"):
        third, regular, ing = base + "s", [base + "d"], [base[:-2] + "ying"]
    elif base.endswith("e"):
        third, regular = base + "s", [base + "d"]
        ing = [base + "ing" if base.endswith(("ee", "oe", "ye")) else base[:-1] + "ing"]
    else:
        third = base + ("es" if base.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")
        regular, ing = [base + "ed"], [base + "ing"]
        if _doubles(base):
            regular.append(base + base[-1] + "ed")
            ing.append(base + base[-1] + "ing")
    return (third, *_IRREGULAR_VERBS.get(base, regular), *ing)


def _doubles(base: str) -> bool:
    """Tell whether the last consonant may be doubled: committed. Some never are, which harms nobody."""
    return (
        len(base) > 2
        and base[-1] not in _VOWELS + "wxyh"
        and base[-2] in _VOWELS
        and (base[-3] not in _VOWELS or base[-3:-1] == "ui")
    )


@cache
def _inverted_verbs() -> dict[str, str]:
    return {form: base for base in sorted(_VERBS) for form in verb_forms(base) if form not in _VERBS}


def verb_of(word: str) -> str | None:
    """Return the verb that *word* is a form of: None where none is known, or where *word* is a noun too.

    Words in -ing are taken for nouns (meeting, warning).
    """
    if word in _NOUNS or word.endswith("ing"):
        return None
    return _inverted_verbs().get(word)


def other_spellings(word: str) -> tuple[str, ...]:
    """Return the British spelling of an American word, or the other way about."""
    found = []
    if word in _BRITISH:
        found.append(_BRITISH[word])
    if word in _AMERICAN:
        found.append(_AMERICAN[word])
    if (swapped := _iz_is(word)) is not None:
        found.append(swapped)
    for ending in _OUR_ENDINGS:
        stem = word[: len(word) - len(ending)]
        if word.endswith(ending) and stem in _OUR:
            found.append(stem.replace("our", "or") + ending)
        elif word.endswith(ending) and stem in _OR:
            found.append(_OR[stem] + ending)
    return tuple(dict.fromkeys(found))


def short_date(word: str) -> tuple[str, ...]:
    """Return the abbreviations of a month or a day of the week: () for any other word."""
    return _SHORT_DATES.get(word, ())


_IS: Final = re.compile(r"(.{3,})i([sz])(e|es|ed|ing|er|ers|ation|ations|ational|able)")


def _iz_is(word: str) -> str | None:
    match = _IS.fullmatch(word)
    if match is None:
        return None
    stem, letter, ending = match.groups()
    base = f"{stem}ise" if ending.startswith("ation") else f"{stem}i{letter}e"
    if base in _ISE_STAYS or base in _IZE_STAYS or f"{stem}ise" in _ISE_STAYS:
        return None
    return f"{stem}i{'z' if letter == 's' else 's'}{ending}"
