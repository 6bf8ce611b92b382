"""How nouns and adjectives make their plural in French, Italian, Spanish and Portuguese.

Each function yields what the plural of a word in small letters may be; where spelling leaves two, both. A
word that is the same in both numbers has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from marsad.language.wordlists import sections

_UNSTRESSED: Final = str.maketrans("áéíóúâêô", "aeiouaeo")


def french(word: str) -> Iterator[str]:
    if word.endswith(("s", "x", "z")):
        return
    lists = sections("romance.txt")
    if word.endswith(("au", "eu")) and word not in lists["fr: -au and -eu with -s"]:
        yield f"{word}x"
    elif word.endswith("al") and word not in lists["fr: -al with -s"]:
        yield f"{word[:-1]}ux"
    elif word in lists["fr: -ail with -aux"]:
        yield f"{word[:-2]}ux"
    elif word in lists["fr: -ou with -x"]:
        yield f"{word}x"
    else:
        yield f"{word}s"


def spanish(word: str) -> Iterator[str]:
    last = word[-1]
    if last == "z":
        yield f"{word[:-1]}ces"
    elif last in "aeiouáéó":
        yield f"{word}s"
    elif last in "íú":
        yield f"{word}s"
        yield f"{word}es"
    elif last in "nsl" and word[-2] in "áéíóú":
        # Nación, interés: with a syllable more the accent is not written.
        yield f"{word[:-2]}{word[-2].translate(_UNSTRESSED)}{last}es"
    elif last != "s" and last.isalpha():
        yield f"{word}es"


def portuguese(word: str) -> Iterator[str]:
    if word.endswith("ão"):
        yield f"{word[:-2]}ões"
        yield f"{word[:-2]}ãos"
        yield f"{word[:-2]}ães"
    elif word.endswith("m"):
        yield f"{word[:-1]}ns"
    elif word.endswith(("al", "ol", "ul", "el")):
        vowel = word[-2]
        yield f"{word[:-2]}{ {'o': 'ó', 'e': 'é'}.get(vowel, vowel) }is"
        if vowel in "eo":
            yield f"{word[:-2]}{vowel}is"
    elif word.endswith("il"):
        yield f"{word[:-1]}s"
        yield f"{word[:-2]}eis"
    elif word.endswith(("r", "z", "n")):
        yield f"{word}es"
    elif word.endswith(("ês", "ás", "ís", "ós", "és", "ús")):
        yield f"{word[:-2]}{word[-2].translate(_UNSTRESSED)}ses"
    elif word[-1] not in "sx":
        yield f"{word}s"


def italian(word: str) -> Iterator[str]:
    stem = word[:-1]
    if word.endswith(("co", "go")):
        yield f"{stem}hi"
        yield f"{stem}i"
    elif word.endswith(("ca", "ga")):
        yield f"{stem}he"
        yield f"{stem}hi"
    elif word.endswith(("cia", "gia")):
        yield f"{word[:-2]}e"
        yield f"{stem}e"
    elif word.endswith("io"):
        yield stem
    elif word.endswith("ista"):
        yield f"{stem}i"
        yield f"{stem}e"
    elif word.endswith(("ma", "ta")):
        yield f"{stem}e"
        yield f"{stem}i"
    elif word.endswith("a"):
        yield f"{stem}e"
    elif word.endswith(("o", "e")):
        yield f"{stem}i"
