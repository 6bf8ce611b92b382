"""Case endings of Finnish words by their last letters: for names and words no dictionary knows.

Everything is in small letters. Where a word could decline in two ways (with or without consonant gradation,
Blaken and Blakeen) both are given: a form that nobody writes costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

_VOWELS: Final = "aeiouyäöå"
_BACK: Final = "aouå"
_FRONT: Final = "äöy"
_GRADES: Final = (
    ("kk", "k"),
    ("pp", "p"),
    ("tt", "t"),
    ("nk", "ng"),
    ("mp", "mm"),
    ("nt", "nn"),
    ("lt", "ll"),
    ("rt", "rr"),
    ("lk", "l"),
    ("rk", "r"),
    ("p", "v"),
    ("t", "d"),
    ("k", ""),
)
"""Strong and weak grade before the last vowel, the longest that fits: Sammalselkä, Sammalselän."""
_WITHOUT: Final = ("st", "sk", "tk", "sp", "ht", "hk")
"""Groups before the last vowel that mostly stay: Asteriski, Asteriskin."""


class _Stem(NamedTuple):
    strong: str
    weak: str
    partitive: str
    illative: str


def decline(word: str, *, plural: bool) -> Iterator[list[str]]:
    """Yield the paradigms that *word* may have: the singular, with *plural* the plural too."""
    if not word or not word[-1].isalpha():
        return
    for a in _harmony(word):
        if word.endswith(("neet", "nut", "nyt")):
            yield list(_participle(word.removesuffix("neet").removesuffix("nut").removesuffix("nyt"), a))
            return
        for stem in _stems(word):
            forms = list(_singular(stem, a))
            if plural:
                forms += [f"{stem.weak}t", *_plural(stem, a)]
            yield forms


def _participle(stem: str, a: str) -> Iterator[str]:
    """Yield the forms of the past participle: yhdistynyt, yhdistyneiden."""
    u = "u" if a == "a" else "y"
    yield from (f"{stem}n{u}t", f"{stem}n{u}tt{a}", f"{stem}neeseen", f"{stem}neisiin", f"{stem}neet")
    yield from (f"{stem}neiden", f"{stem}neit{a}", f"{stem}neen")
    for vowel in ("nee", "nei"):
        for ending in (f"n{a}", f"ss{a}", f"st{a}", f"ll{a}", f"lt{a}", "lle", "ksi"):
            yield stem + vowel + ending


def _harmony(word: str) -> str:
    """Return the vowels of the endings: "a", "ä", or both where only e and i stand in *word*."""
    for letter in reversed(word):
        if letter in _BACK:
            return "a"
        if letter in _FRONT:
            return "ä"
    return "aä"


def _stems(word: str) -> Iterator[_Stem]:
    last = word[-1]
    if word.endswith("nen"):
        stem = f"{word[:-3]}se"
        yield _Stem(stem, stem, f"{word[:-3]}st", f"{stem}en")
    elif last == "s" and len(word) > 3:
        yield from _in_s(word)
    elif last not in _VOWELS:
        stem = f"{word}i"
        yield _Stem(stem, stem, stem, f"{stem}in")
    elif last == "e":
        long = f"{word}e"
        yield _Stem(word, word, word, f"{word}en")
        yield _Stem(long, long, f"{word}tt", f"{long}seen")
    elif (
        len(word) > 1
        and word[-2] in _VOWELS
        and not word.endswith(("ia", "iä", "io", "iö", "ea", "eo", "ua"))
    ):
        yield _Stem(word, word, f"{word}t", f"{word}h{last}n")
        yield _Stem(word, word, f"{word}t", f"{word}seen")
        yield _Stem(word, word, word, f"{word}{last}n")
    else:
        yield _Stem(word, word, word, f"{word}{last}n")
        weak = _weak(word)
        if weak != word:
            yield _Stem(word, weak, word, f"{word}{last}n")


def _in_s(word: str) -> Iterator[_Stem]:
    stem = f"{word}i"
    yield _Stem(stem, stem, stem, f"{stem}in")
    vowel, base = word[-2], word[:-2]
    if vowel in "uy" and base[-1:] in tuple(_VOWELS):
        # Oikeus, oikeuden; vapaus, vapauteen.
        yield _Stem(f"{base}{vowel}te", f"{base}{vowel}de", f"{base}{vowel}tt", f"{base}{vowel}teen")
    if vowel in "uyoö":
        stem = f"{base}{vowel}kse"
        yield _Stem(stem, stem, f"{word}t", f"{stem}en")
    elif vowel in "aäei":
        stem = f"{base}{vowel}{vowel}"
        yield _Stem(stem, stem, f"{word}t", f"{stem}seen")
    if vowel == "i":
        stem = f"{base}ikse"
        yield _Stem(stem, stem, f"{word}t", f"{stem}en")


def _weak(word: str) -> str:
    body, vowel = word[:-1], word[-1]
    if body.endswith(_WITHOUT):
        return word
    for strong, weak in _GRADES:
        if body.endswith(strong):
            # A single k, p, t changes after a vowel alone, and not at the beginning.
            if len(strong) == 1 and (len(body) < 2 or body[-2] not in _VOWELS + "lrh"):
                return word
            return body[: -len(strong)] + weak + vowel
    return word


def _singular(stem: _Stem, a: str) -> Iterator[str]:
    yield f"{stem.weak}n"
    yield f"{stem.partitive}{a}"
    yield stem.illative
    yield f"{stem.strong}n{a}"
    for ending in (f"ss{a}", f"st{a}", f"ll{a}", f"lt{a}", "lle", "ksi", f"tt{a}"):
        yield stem.weak + ending


def _plural(stem: _Stem, a: str) -> Iterator[str]:
    for strong, weak in _plural_stems(stem):
        short = strong[-1] == "i" and strong[-2:-1] not in _VOWELS
        yield f"{strong}{a}" if short else f"{strong[:-1]}j{a}"
        yield f"{strong}en" if short else f"{strong[:-1]}jen"
        if stem.strong[-1] == "i":
            yield f"{stem.strong}en"
        if stem.partitive.endswith("st"):
            yield f"{stem.partitive}en"
        yield f"{strong}in" if short else f"{strong}hin"
        yield f"{strong}n{a}"
        for ending in (f"ss{a}", f"st{a}", f"ll{a}", f"lt{a}", "lle", "ksi"):
            yield weak + ending


def _plural_stems(stem: _Stem) -> Iterator[tuple[str, str]]:
    last = stem.strong[-1]
    strong, weak = stem.strong[:-1], stem.weak[:-1]
    if last == "a":
        yield f"{strong}oi", f"{weak}oi"
    if last in "aäe":
        yield f"{strong}i", f"{weak}i"
    elif last == "i":
        yield f"{strong}ei", f"{weak}ei"
    else:
        yield f"{stem.strong}i", f"{stem.weak}i"
