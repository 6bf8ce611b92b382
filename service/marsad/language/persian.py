"""Persian: plurals, ezafe, pronouns, with a zero-width non-joiner before them, a space, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from functools import cache
from itertools import product
from typing import Final

from marsad.language.arabic_plurals import broken_plurals as arabic_plurals
from marsad.language.arabic_plurals import listed_plurals
from marsad.language.base import Form, Kind, Reading, TermForms, Text
from marsad.language.fold import fold
from marsad.language.spellings import Spelling, Word, sequences, spellings
from marsad.language.wordlists import sections

ZWNJ: Final = "\u200c"
_MOST_WORDS: Final = 4
"""Words of a phrase that may be written together: نخست وزیر, نخست‌وزیر, نخستوزیر."""

_LETTERS: Final = str.maketrans(
    {
        letter: plain
        for plain, letters in {"ی": "ىيےئ", "ک": "ك", "ه": "ہھۃةۀۂ", "ا": "أإٱ", "و": "ؤ"}.items()
        for letter in letters
    }
)
"""One shape each. Persian writes ه for ة, and often ی and و for what has a hamza."""

_AFTER_CONSONANT: Final = ("م", "ت", "ش", "مان", "تان", "شان")
_AFTER_HE: Final = ("ام", "ات", "اش", "مان", "تان", "شان")
_AFTER_YE: Final = (*_AFTER_HE[:3], "شان")
_AFTER_VOWEL: Final = ("یم", "یت", "یش", "یمان", "یتان", "یشان", "م", "ت", "ش", "مان", "تان", "شان")
_MANY: Final = "ها"
_AFTER_MANY: Final = ("", "ی", "یی", *_AFTER_VOWEL, "ست")
_AFTER_JOINER: Final = ("ای", "ام", "ات", "اش")
_JOINER: Final = "joiner"
"""One of these endings after ه or ی is set off: روزه‌ای is one fast, روزهای are days."""
_INFLECTED: Final = frozenset({"inflected"})
_SET_OFF: Final = frozenset({"inflected", _JOINER})


def fold_persian(word: str) -> str:
    """Return the normal form of *word*: Arabic and Persian letters are one, hamzas and آ are plain."""
    folded = fold(word)
    while (again := fold(folded.replace("ئو", "وو").translate(_LETTERS))) != folded:
        folded = again
    return folded


class Persian:
    code = "fa"
    script = "Arab"
    rules = 3

    def fold(self, word: str) -> str:
        return fold_persian(word)

    def readings(self, word: str) -> tuple[Reading, ...]:
        return (Reading(fold_persian(word)),)

    def expand(self, term: str, kind: Kind) -> TermForms:
        found = tuple(
            dict.fromkeys(joined for spelling in spellings(term) for joined in written_apart_or_not(spelling))
        )
        hints: list[str] = []

        def forms_of(word: Word) -> tuple[Form, ...]:
            return tuple(_forms(word.text, kind, hints))

        return TermForms(self.code, term, kind, sequences(found, forms_of), tuple(dict.fromkeys(hints)))

    def admits(self, form: Form, reading: Reading, text: Text, position: int, names: Container[str]) -> bool:
        if not form.marks:
            return True
        if _JOINER in form.marks and not text.tokens[position].text.endswith(ZWNJ + form.key[-2:]):
            return False
        return reading.key not in names


def written_apart_or_not(spelling: Spelling) -> Iterator[Spelling]:
    """Yield *spelling*, and what it is with a ZWNJ for a space or a space for a ZWNJ, or with neither."""
    parts = [part for word in spelling for part in word.text.split(ZWNJ) if part]
    if not 1 < len(parts) <= _MOST_WORDS or any(word.initials for word in spelling):
        yield spelling
        return
    for apart in product((True, False), repeat=len(parts) - 1):
        words = [parts[0]]
        for part, alone in zip(parts[1:], apart, strict=True):
            if alone:
                words.append(part)
            else:
                words[-1] += part
        yield tuple(Word(word, index == len(words) - 1) for index, word in enumerate(words))


def _forms(typed: str, kind: Kind, hints: list[str]) -> Iterator[Form]:
    key = fold_persian(typed)
    yield Form(key, typed=typed)
    if key.startswith("آ") and len(key) > 3:
        yield Form("ا" + key[1:], f"{typed} without its madda", typed=typed)
    if not key.isalpha() or len(key) < 2:
        return
    left_out = []
    for stem in dict.fromkeys((key, "ا" + key[1:] if key.startswith("آ") and len(key) > 3 else key)):
        endings = _name_endings(stem) if kind is not Kind.KEYWORD else _endings(stem)
        for form, reason in endings:
            if form in look_alikes():
                left_out.append(form)
            else:
                set_off = stem[-1] in "هی" and form[len(stem) :] in _AFTER_JOINER
                marks = _SET_OFF if set_off else _INFLECTED
                yield Form(form, reason.format(typed), marks, typed)
    if left_out:
        hints.append(f"{' '.join(left_out)}: left out, as nearly always another word than a form of {typed}")


def _name_endings(key: str) -> Iterator[tuple[str, str]]:
    if key[-1] in "او":
        yield key + "ی", "{} with ezafe"
    if key[-1] == "ا" and len(key) > 4:
        yield key + "ست", "{} and is"


def _endings(key: str) -> Iterator[tuple[str, str]]:
    last = key[-1]
    yield from _name_endings(key)
    if len(key) > 2:
        yield key + "ی", "{} with ezafe or one of its kind"
        yield from _pronouns(key)
    for ending in _AFTER_MANY:
        yield key + _MANY + ending, "plural of {}"
    if last not in "هاو":
        yield key + "ان", "plural of {}"
    if len(key) > 2:
        if last == "ه":
            # ستاره: ستارگان; خانه: خانه‌ای
            yield key[:-1] + "گان", "plural of {}"
            yield key + "ای", "one of {}"
            yield key + "یی", "one of {}"
        elif last in "او":
            yield key + "یان", "plural of {}"
        elif last != "ی":
            yield from ((key + "ان" + ending, "plural of {}") for ending in ("ی", "ش", "شان", "م", "مان"))
        yield from _arabic_plurals(key)


def _pronouns(key: str) -> Iterator[tuple[str, str]]:
    endings: tuple[str, ...] = _AFTER_CONSONANT
    if key[-1] == "ه":
        endings = _AFTER_HE
    elif key[-1] == "ی":
        endings = _AFTER_YE
    elif key[-1] in "او":
        endings = _AFTER_VOWEL
    for ending in endings:
        yield key + ending, "{} with a pronoun"


def _arabic_plurals(key: str) -> Iterator[tuple[str, str]]:
    """Yield the plurals that Persian took over from Arabic: اطلاعات, مسئولین, مدارس, وزرا."""
    plurals = list(broken_plurals(key, fold_persian))
    plurals.append((key[:-1] if key[-1] in "هت" else key) + "ات")
    if len(key) > 4 and key[-1] not in "هتا" and not key.endswith("تر"):
        plurals.append(key + "ین")
    for plural in plurals:
        yield plural, "plural of {}"
        if plural[-1] in "او":
            yield plural + "ی", "plural of {}, with ezafe"
        else:
            yield plural + "ی", "plural of {}"
            yield from ((plural + ending, "plural of {}, with a pronoun") for ending in _AFTER_CONSONANT)


def broken_plurals(key: str, fold_word: Callable[[str], str]) -> tuple[str, ...]:
    """Return the Arabic broken plurals of *key*, folded by *fold_word*, as Persian and Urdu write them.

    A noun that our Arabic list has not gets the plural of its pattern: علامت علائم, تصویر تصاویر.
    """
    listed = _listed(fold_word).get(key)
    if listed is not None:
        return listed
    arabic = (key[:-1] + "ة" if key[-1] in "هت" else key).replace("ک", "ك").replace("ی", "ي")
    return tuple(written for plural in arabic_plurals(arabic) for written in _written(plural, fold_word))


@cache
def _listed(fold_word: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for singular, plurals in listed_plurals().items():
        ours = tuple(dict.fromkeys(written for plural in plurals for written in _written(plural, fold_word)))
        keys = {fold_word(singular)}
        if singular.endswith("ة"):
            keys.add(fold_word(singular[:-1] + "ت"))
        for key in keys:
            found[key] = found.get(key, ()) + ours
    return found


def _written(plural: str, fold_word: Callable[[str], str]) -> Iterator[str]:
    folded = fold_word(plural)
    yield folded
    if folded.endswith("اء"):
        yield folded[:-1]
    if plural.endswith("اة"):
        yield folded[:-1] + "ت"  # قضات


@cache
def look_alikes() -> frozenset[str]:
    """Return words, folded, that look like a form of another and hardly ever are one."""
    return frozenset(map(fold_persian, sections("fa_words.txt")["look like forms"]))
