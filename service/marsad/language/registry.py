"""Which languages there are, and which of them a term may be of."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from typing import Final

from marsad.language.base import Language
from marsad.language.dictionary import DictionaryLanguage
from marsad.language.other import OtherLanguage
from marsad.language.scripts import UNSPACED_CHARACTER, is_hangul
from marsad.language.unspaced import Unspaced

_SCRIPTS: Final = {
    "Arab": "ar fa ur ps ckb ug sd",
    "Cyrl": "ru uk be bg mk sr kk ky mn tg tt",
    "Hebr": "he yi",
    "Deva": "hi mr ne",
    "Grek": "el",
    "Hans": "zh",
    "Jpan": "ja",
    "Kore": "ko",
    "Thai": "th",
    "Armn": "hy",
    "Geor": "ka",
    "Ethi": "am ti",
    "Beng": "bn as",
    "Taml": "ta",
    "Mlym": "ml",
    "Khmr": "km",
    "Laoo": "lo",
    "Mymr": "my",
}
_SCRIPT_OF: Final = {code: script for script, codes in _SCRIPTS.items() for code in codes.split()}
"""Languages not named here are written in Latin letters."""

_BY_CHARACTER_NAME: Final = {
    "ARABIC": "Arab",
    "CYRILLIC": "Cyrl",
    "HEBREW": "Hebr",
    "DEVANAGARI": "Deva",
    "GREEK": "Grek",
    "LATIN": "Latn",
    "CJK": "Hans",
    "HIRAGANA": "Jpan",
    "KATAKANA": "Jpan",
    "HANGUL": "Kore",
    "THAI": "Thai",
    "ARMENIAN": "Armn",
    "GEORGIAN": "Geor",
    "ETHIOPIC": "Ethi",
    "BENGALI": "Beng",
    "TAMIL": "Taml",
    "MALAYALAM": "Mlym",
    "KHMER": "Khmr",
    "LAO": "Laoo",
    "MYANMAR": "Mymr",
}
_ALSO: Final = {("Hans", "Jpan"), ("Hans", "Kore"), ("Cyrl", "Latn:sr"), ("Latn", "Cyrl:sr")}


def primary(code: str) -> str:
    """Return the primary subtag of a BCP 47 code as feeds write it: `ar-EG`, `en_US`, `RU`."""
    return code.replace("_", "-").split("-")[0].strip().lower()


_RULES: Final = {
    "ar": "arabic:Arabic",
    "bs": "serbian:Bosnian",
    "cs": "czech:Czech",
    "de": "german:German",
    "el": "greek:Greek",
    "en": "english:English",
    "es": "romance:Spanish",
    "fa": "persian:Persian",
    "fi": "finnish:Finnish",
    "fr": "romance:French",
    "he": "hebrew:Hebrew",
    "hi": "hindi:Hindi",
    "hr": "serbian:Croatian",
    "hu": "hungarian:Hungarian",
    "it": "romance:Italian",
    "ja": "japanese:japanese",
    "ko": "korean:Korean",
    "pl": "polish:Polish",
    "pt": "romance:Portuguese",
    "ru": "russian:Russian",
    "sr": "serbian:Serbian",
    "th": "thai:thai",
    "tr": "turkish:Turkish",
    "uk": "ukrainian:Ukrainian",
    "ur": "urdu:Urdu",
    "zh": "chinese:Chinese",
}
"""Imported when first asked for, as a language brings data that only its users should pay for."""
_DICTIONARIES: Final = (
    "ast bg bs ca cs cy da el eo es et fi fr ga gd gl gv hr hu hy id is it ka la lb lt lv mk ml ms nb nl nn"
    " no pl pt ro se sh sk sl sq sr sv sw tl tr uk"
)
"""Languages without rules of their own whose words a dictionary inflects."""
_WITH_DICTIONARY: Final = frozenset(_DICTIONARIES.split())
_UNSPACED: Final = frozenset({"zh", "ja", "th", "lo", "km", "my"})
"""Languages written without spaces."""


def language_for(code: str) -> Language:
    """Return the rules of the language *code* (BCP 47; only its primary subtag counts).

    Never fails: a language without rules of its own has the forms of its dictionary, and one without a
    dictionary is matched by the folded whole word.
    """
    return _language(primary(code))


@lru_cache(maxsize=256)
def _language(code: str) -> Language:
    if code in _RULES:
        module, name = _RULES[code].split(":")
        rules: Language = getattr(import_module(f"marsad.language.{module}"), name)()
        return rules
    if code in _UNSPACED:
        return Unspaced(code, _SCRIPT_OF[code])
    if code in _WITH_DICTIONARY:
        return DictionaryLanguage(code, _SCRIPT_OF.get(code, "Latn"))
    return OtherLanguage(code, _SCRIPT_OF.get(code, "Latn"))


@lru_cache(maxsize=256)
def languages_written_in(script: str) -> tuple[str, ...]:
    """Return the languages with rules or a dictionary whose words may stand in *script*, and "" (any other).

    All of them where it is "", as digits are written in every script.
    """
    known = dict.fromkeys((*_RULES, *sorted(_WITH_DICTIONARY), *sorted(_UNSPACED)))
    return (*(code for code in known if not script or _writes(code, script)), "")


def is_unspaced(language: str) -> bool:
    """Tell whether *language* is written without spaces: its rules are then an `UnspacedLanguage`."""
    return language in _UNSPACED


def language_of(language: str, term: str) -> str:
    """Return the language by whose rules *term*, listed under *language*, is found.

    A term in Hangul or in a script without spaces is found by the rules of that script, whatever it is listed
    under: a Chinese name among English ones.
    """
    if language in _UNSPACED or term.isascii():
        return language
    if any(map(is_hangul, term)):
        return "ko"
    scripts = {_script(character) for character in term if UNSPACED_CHARACTER.match(character)}
    if not scripts:
        return language
    script = next((it for it in ("Jpan", "Hans") if it in scripts), min(scripts))
    return _SCRIPTS.get(script, language)


def is_one_letter(word: str) -> bool:
    """Tell whether *word* is a letter alone, which an ideograph or a syllable of Hangul is not."""
    return len(word) == 1 and script_of(word) not in ("Hans", "Kore")


def script_of(term: str) -> str:
    """Return the script of most letters of *term* ("Arab", "Cyrl", "Latn" …), "" for digits alone."""
    if term.isascii():
        return "Latn" if term.upper() != term.lower() else ""
    counts: dict[str, int] = {}
    # Each letter once, as they come: a text has few.
    for character in dict.fromkeys(term):
        if character.isalpha():
            script = _script(character)
            counts[script] = counts.get(script, 0) + term.count(character)
    return max(counts, key=counts.__getitem__) if counts else ""


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    name = unicodedata.name(unicodedata.normalize("NFKC", character)[0], "").split(" ")[0].split("-")[0]
    return _BY_CHARACTER_NAME.get(name, name.title()[:4])


def languages_of(term: str, among: Iterable[str]) -> tuple[str, ...]:
    """Return those of the languages *among* that *term* may be of, by its script, in their order.

    All of them for a term without letters; where none fits, "" (the rule for any language), so that a Latin
    brand watched in Arabic feeds is still found there.
    """
    script = script_of(term)
    codes = tuple(dict.fromkeys(primary(code) for code in among))
    if not script:
        return codes or ("",)
    return tuple(code for code in codes if _writes(code, script)) or ("",)


def is_written_in(text: str, code: str) -> bool:
    """Tell whether *text* stands in the script of the language *code*: the same as `languages_of` says."""
    script = _SCRIPT_OF.get(code, "Latn")
    # More than half of it stands in one block of Unicode: no need to look at each character's name.
    if script == "Latn":
        if text.isascii() and text.upper() != text.lower():
            return True
    elif script in _BLOCKS:
        upper_bytes = text.encode("utf-16-le", errors="replace")[1::2]
        if 2 * upper_bytes.count(_BLOCKS[script]) > len(upper_bytes):
            return True
    return languages_of(text, (code,)) == (code,)


_BLOCKS: Final = {"Cyrl": 0x04, "Arab": 0x06}
"""The first byte of most characters of a script."""


def _writes(code: str, script: str) -> bool:
    own = _SCRIPT_OF.get(code, "Latn")
    return own == script or (script, own) in _ALSO or (script, f"{own}:{code}") in _ALSO
