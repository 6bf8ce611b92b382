"""Languages written without spaces: Chinese, Japanese, Thai, Lao, Khmer, Burmese.

A term stands wherever its tokens follow one another, which the cut of the text into tokens makes strict
already: no edge lies inside a run of katakana, letters or digits, nor inside a syllable. Two checks are
added. One or two ideographs must be a word (`han_words`). And what stands inside the longer name of a
territory is none (印度 in 印度尼西亚, ซูดาน in ซูดานใต้), unless the rest only says what kind of state it is, or
where (アメリカ in アメリカ合衆国).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

from babel import Locale

from marsad.language import han_words
from marsad.language.base import BEGINS, JOINED, UNSPACED, Form, Kind, Reading, TermForms, Text
from marsad.language.fold import fold
from marsad.language.scripts import HAN, KATAKANA, UNSPACED_CHARACTER
from marsad.language.spellings import Word, capitals_match, sequences, spellings
from marsad.language.tokens import tokenize

_HAN: Final = re.compile(f"[{HAN}]")
_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
"""They choose a shape of the ideograph before them, as in names."""
_KATAKANA: Final = re.compile(f"[{KATAKANA}]")
_DESCRIBES: Final = re.compile(
    "(?:[南北東东西中新大央国領领属島岛]|合[衆众]国|共和国|連邦|联邦|王国|民主|人民|[首酋][長长]国|連合|联合|[群諸诸][島岛]"
    "|特[別别]行政区|自治|地区|ใต้|เหนือ|กลาง|สาธารณรัฐ|ราชอาณาจักร)+"
)
"""What the name of a state says besides the name."""
_LONGEST_NAME: Final = 8
"""Tokens of a territory's name that is one word; longer ones are descriptions (中国香港特别行政区)."""


class Unspaced:
    """A language without spaces and inflection: a term stands for itself, in any shape of its letters."""

    rules: int | str = 1

    def __init__(self, code: str, script: str) -> None:
        self.code = code
        self.script = script
        self._longer = lru_cache(maxsize=1 << 16)(self._names_around)

    # ── what a language may say of its own ──────────────────────────────────────────────────────

    def shapes(self) -> Mapping[int, str]:
        """Return the ideographs that stand for others, folded, for `str.translate`."""
        return {}

    def simplified(self) -> Mapping[int, str]:
        """Return what makes its folded ideographs simplified Chinese ones."""
        return {}

    def written(self, term: str) -> Iterator[tuple[str, str]]:
        """Yield other ways to write *term*, each with what it is."""
        yield from ()

    def hints(self, term: str) -> Iterator[str]:
        """Yield what a person who watches *term* should know."""
        if len(term) == 1 and _HAN.match(term):
            yield (
                f'"{term}" is one character: it is found only where it is a word by itself;'
                " write the words it is a part of, too"
            )

    def is_word(self, form: Form, text: Text, folded: Sequence[str], first: int, last: int) -> bool:
        """Tell whether the tokens from *first* to *last* are words there, and no part of others."""
        if last - first > 1 or not _HAN.match(folded[first]) or not _HAN.match(folded[last]):
            return True
        start, end = _ideographs_around(text, folded, first, last)
        if end - start == last + 1 - first:
            return True
        around = "".join(folded[start:end]).translate(self.simplified())
        return han_words.stands_alone(around, first - start, last + 1 - start)

    # ── Language ────────────────────────────────────────────────────────────────────────────────

    def fold(self, word: str) -> str:
        folded = fold(word)
        if len(folded) > 1:
            folded = _SELECTORS.sub("", folded)
        return folded.translate(self.shapes())

    def expand(self, term: str, kind: Kind) -> TermForms:
        if UNSPACED_CHARACTER.search(term) is None:
            return TermForms(self.code, term, kind, sequences(spellings(term), self._spaced_forms))
        forms: dict[str, Form] = {}
        for spelling, reason in ((term, ""), *self.written(term)):
            for key in self._keys(spelling):
                forms.setdefault(key, Form(key, reason, frozenset({UNSPACED}), term))
        return TermForms(
            self.code, term, kind, tuple(((form,),) for form in forms.values()), tuple(self.hints(term))
        )

    def _spaced_forms(self, word: Word) -> tuple[Form, ...]:
        return (Form(self.fold(word.text), typed=word.text),)

    def _keys(self, term: str) -> Iterator[str]:
        """Yield the keys of *term*: as typed, and with katakana words that stand apart written in one."""
        tokens = tokenize(term).tokens
        apart: list[str] = []
        joined: list[str] = []
        gaps: list[str] = []
        for before, token in zip((None, *tokens), tokens, strict=False):
            gap = " "
            if before is not None and token.glued and token.start == before.end:
                gap = JOINED
            kana = before is not None and gap == " " and _KATAKANA.match(before.text) is not None
            apart += (gap, self.fold(token.text))
            if kana and _KATAKANA.match(token.text):
                joined[-1] += token.text
            else:
                joined.append(token.text)
                gaps.append(gap)
        yield "".join(apart[1:])
        if len(joined) < len(tokens):
            folded = (self.fold(text) for text in joined)
            yield "".join(it for pair in zip(gaps, folded, strict=True) for it in pair)[1:]

    def readings(self, word: str) -> tuple[Reading, ...]:
        return (Reading(self.fold(word)),)

    def admits(self, form: Form, reading: Reading, text: Text, position: int, names: Container[str]) -> bool:
        return capitals_match(form.typed, text, position)

    # ── UnspacedLanguage ────────────────────────────────────────────────────────────────────────

    def beginning(self, typed: str) -> TermForms:
        marks = frozenset({UNSPACED, BEGINS})
        forms = tuple(((Form(key, f"{typed}*", marks, typed),),) for key in self._keys(typed))
        return TermForms(self.code, typed, Kind.KEYWORD, forms)

    def stands(self, form: Form, text: Text, folded: Sequence[str], first: int, last: int) -> bool:
        if not self.is_word(form, text, folded, first, last):
            return False
        longer = self._longer(form.key)
        if not longer or BEGINS in form.marks:
            return True
        return not any(_stands_around(text, folded, first, last, *around) for around in longer)

    def _names_around(self, key: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
        """Return what stands before and after *key* in the longer names that hold it."""
        wanted = tuple(key.replace(JOINED, " ").split(" "))
        size = len(wanted)
        names = self._names()
        return tuple(
            (name[:start], name[start + size :])
            for name in names
            if size < len(name)
            for start in range(len(name) - size + 1)
            if name[start : start + size] == wanted
            and (wanted in names or not _DESCRIBES.fullmatch("".join(name[:start] + name[start + size :])))
        )

    @cache  # noqa: B019 (one object a language, for the life of the process)
    def _names(self) -> frozenset[tuple[str, ...]]:
        """Return the folded tokens of the names of territories that are one word."""
        found = set()
        for code, name in Locale.parse(self.code).territories.items():
            tokens = tokenize(name).tokens
            if len(code) == 2 and len(tokens) <= _LONGEST_NAME and all(it.glued for it in tokens[1:]):
                found.add(tuple(self.fold(token.text) for token in tokens))
        return frozenset(found)


def _ideographs_around(text: Text, folded: Sequence[str], first: int, last: int) -> tuple[int, int]:
    """Return where the ideographs around some begin and end, as far as they are looked at."""
    parts = text.parts
    start, least = first, max(0, first - han_words.CONTEXT)
    while start > least and not parts[2 * start] and _HAN.fullmatch(folded[start - 1]):
        start -= 1
    end, most = last + 1, min(len(folded), last + 1 + han_words.CONTEXT)
    while end < most and not parts[2 * end] and _HAN.fullmatch(folded[end]):
        end += 1
    return start, end


def _stands_around(
    text: Text, folded: Sequence[str], first: int, last: int, before: Sequence[str], after: Sequence[str]
) -> bool:
    """Tell whether *before* and *after* stand around the tokens from *first* to *last*, as one word."""
    start, end = first - len(before), last + len(after)
    return (
        start >= 0
        and tuple(folded[start:first]) == before
        and tuple(folded[last + 1 : end + 1]) == after
        and all(map(text.follows_on, range(start + 1, end + 1)))
    )
