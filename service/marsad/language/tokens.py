"""A text as tokens: words found in the original, so that every offset is an offset into the original.

A token is a maximal run of letters or of digits with the marks and ignorable characters inside it;
apostrophes, geresh and gershayim between letters belong to it, and so do the dots of an acronym (U.S.).
Every hyphen splits, and so does the border of letters and digits (but for 1990s and 31's): `cease-fire`,
`F16` and `F 16` are two tokens each. In scripts without spaces a token is no word but what no word is cut
in: an ideograph, a run of katakana, a syllable (`language.scripts`). Ignorable characters at the edges lie
outside, and so does a mark with no letter before it; a mark after a letter is part of that letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import accumulate
from typing import Final, NamedTuple, overload

from marsad.language.abbreviations import ABBREVIATIONS
from marsad.language.capitals import are_all_capitals, has_capitals
from marsad.language.scripts import (
    HANGUL,
    IDEOGRAPHS,
    KATAKANA,
    SYLLABLES,
    UNSPACED_CHARACTER,
    divides,
    is_hangul,
    syllable,
)


class Break(IntEnum):
    """What stands between a token and the one before it, the strongest of all that does."""

    NONE = 0
    """Nothing, a hyphen, or an ignorable: `cease-fire`, `F16` at the border of letters and digits."""
    SPACE = 1
    MARK = 2
    """Quotation marks, brackets, dashes, slashes, and the points inside 1,000.5: a phrase crosses them."""
    COMMA = 3
    """Comma or colon: ends a phrase."""
    SENTENCE = 4
    BLOCK = 5
    """The edge of a paragraph, heading or list item ("\\n" in a revision), or the start of the text."""


class Token(NamedTuple):
    """One word of a text. Offsets are code points of the original; ignorables at its edges lie outside."""

    start: int
    end: int
    text: str
    """`original[start:end]`."""
    before: Break
    glued: bool = False
    """True where only a hyphen, or nothing, stands between it and the token before."""


IGNORABLE: Final = "\u00ad\u0640\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
"""Characters that stand in a word without being of it, as the body of a regex class: soft hyphen, tatweel,
zero-width and bidi controls, byte-order mark."""

HYPHENS: Final = "-\u058a\u05be\u1400\u1806\u2010\u2011\u2012\u2e17\u2e1a\u30a0\ufe63\uff0d"
APOSTROPHES: Final = "'`\u00b4\u2018\u2019\u201b\u2032\u05f3\u055a\uff07"
GERSHAYIM: Final = '"\u05f4\u201c\u201d\u201e\u2033'


def _classes() -> tuple[str, str, str]:
    """Return the letters, the decimal digits and the marks, each as the body of a regex class.

    The letters are those of scripts with spaces; Hangul, as those without, has a class of its own.

    Written out, as `[^\\W\\d_]` is four times slower than a class that `re` compiles to one table look-up;
    that table ends at U+FFFF, so of what lies beyond only a few long ranges are named (scripts of the past,
    mathematical alphabets, rare Han), whose own marks count as letters.
    """
    others = re.compile(f"[{IDEOGRAPHS}{KATAKANA}{HANGUL}{SYLLABLES}]")
    bodies: dict[str, list[list[int]]] = {"L": [], "D": [], "M": []}
    for code in range(0x30, 0x10000):
        character = chr(code)
        if character.isdecimal():
            ranges = bodies["D"]
        elif character.isalnum():
            # Tatweel is ignorable; the honorifics U+FDFA and U+FDFB stand apart in every text.
            if code in (0x0640, 0xFDFA, 0xFDFB) or others.match(character):
                continue
            ranges = bodies["L"]
        elif unicodedata.category(character)[0] == "M":
            ranges = bodies["M"]
        else:
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    letters, digits, marks = (
        "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in ranges) for ranges in bodies.values()
    )
    beyond = "\U00010000-\U0001d0ff\U0001d400-\U0001d7ff\U0001e000-\U0001efff"
    return letters + beyond, digits, marks + "\U000e0100-\U000e01ef"


_LETTERS, _DIGITS, _MARKS = _classes()
_LETTER: Final = f"[{_LETTERS}]"
_INSIDE: Final = f"[{IGNORABLE}{_MARKS}]"
_HEBREW: Final = "[\u05d0-\u05ea]"

_TOKEN: Final = re.compile(
    rf"""
    ( [{_LETTERS}{_DIGITS}{IDEOGRAPHS}{KATAKANA}{HANGUL}{SYLLABLES}]
    (?:
      (?<= {_LETTER} ) {_LETTER}*+
      (?:
        (?= [{IGNORABLE}{_MARKS}{APOSTROPHES}{GERSHAYIM}.] )           # else the word ends here, as most do
        (?: (?<! {_LETTER}{_LETTER} )
            (?: \. {_LETTER} (?! [{_LETTERS}{_DIGITS}{_MARKS}] ) )++ \.?  # U.S.  В.В.  أ.ف.ب
            (?: [{APOSTROPHES}] s (?! [{_LETTERS}{_DIGITS}{_MARKS}] ) )?  # U.N.'s
          | (?: (?: {_INSIDE}++
                  | [{APOSTROPHES}]
                  | (?<= {_HEBREW} ) [{GERSHAYIM}] (?= {_HEBREW} )
                ) {_LETTER}++
            )*+
            [{_MARKS}]*+
        )
      )?+
    | (?<= [{IDEOGRAPHS}] ) [{_MARKS}]*+
    | (?<= [{_DIGITS}] ) [{_DIGITS}]*+ (?: {_INSIDE}++ [{_DIGITS}]++ )*+ [{_MARKS}]*+
      (?: [{APOSTROPHES}]?+ s (?! [{_LETTERS}{_DIGITS}{_MARKS}] ) )?+   # 31's, 1990s, F-16s
    | (?<= [{HANGUL}] ) [{HANGUL}]*+ (?: {_INSIDE}++ [{HANGUL}]++ )*+ [{_MARKS}]*+
    | (?<= [{KATAKANA}] ) [{KATAKANA}]*+ (?: {_INSIDE}++ [{KATAKANA}]++ )*+ [{_MARKS}]*+
    | {syllable(_MARKS)}
    ) )
    """,
    re.VERBOSE,
)
"""A word, as a group, so that to split at it keeps it."""

_BLOCK: Final = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_STOPS: Final = frozenset(".!?…؟。;؛！？．；｡۔।॥։።፧။៕‼⁇⁈⁉\u037e\u05c3\u2e2e\u203d")
_COMMAS: Final = frozenset(",:،、，：﹐﹑､፣፥\u1363\u2e41\u2e32\u05c0")
_NUMBER_POINTS: Final = frozenset(".,:'’٫٬")
_HYPHEN_ALONE: Final = re.compile(rf"[{IGNORABLE}{_MARKS}]*[{re.escape(HYPHENS)}]?[{IGNORABLE}{_MARKS}]*")
_IGNORED: Final = re.compile(rf"[{IGNORABLE}{_MARKS}]+")


class Text:
    """A text with its tokens: what the matcher and `Language.admits` look at. Never changes.

    The words come first and cheaply, as most texts mention nothing; offsets and breaks are worked out when
    they are asked for.
    """

    __slots__ = (
        "_all_capitals",
        "_edges",
        "_no_capitals",
        "_tokens",
        "_unspaced",
        "original",
        "parts",
        "words",
    )

    def __init__(self, original: str) -> None:
        self.original = original
        self.parts: list[str] = _TOKEN.split(original)
        """What stands before the first word, the word, what stands between, the next word … to the end."""
        self.words: list[str] = self.parts[1::2]
        """`[token.text for token in tokens]`."""
        self._edges: list[int] | None = None
        self._tokens: _Tokens | None = None
        self._all_capitals: bool | None = None
        self._no_capitals: bool | None = None
        self._unspaced: bool | None = None

    @property
    def edges(self) -> list[int]:
        """Where each of the parts ends; the word at `n` is `original[edges[2 * n] : edges[2 * n + 1]]`."""
        if self._edges is None:
            self._edges = list(accumulate(map(len, self.parts)))
        return self._edges

    def break_before(self, position: int) -> Break:
        """Return `tokens[position].before`, without a token."""
        return _break_before(self.parts, 2 * position)[0]

    @property
    def tokens(self) -> Sequence[Token]:
        if self._tokens is None:
            self._tokens = _Tokens(self)
        return self._tokens

    def follows_on(self, position: int) -> bool:
        """Tell whether the word at *position*, not the first, touches the one before."""
        return not self.parts[2 * position]

    @property
    def all_capitals(self) -> bool:
        """True for a headline in capitals: letters enough to tell, and (nearly) all of them capitals."""
        if self._all_capitals is None:
            self._all_capitals = are_all_capitals(self.original, self.words)
        return self._all_capitals

    @property
    def no_capitals(self) -> bool:
        """True for a text of some words that has no capital at all, where a small letter says nothing."""
        if self._no_capitals is None:
            self._no_capitals = len(self.words) > 3 and not has_capitals(self.original)
        return self._no_capitals

    @property
    def unspaced(self) -> bool:
        """True where a script without spaces stands in it, if only as one word."""
        if self._unspaced is None:
            # In most texts no word begins with such a character: a look at the last of them tells.
            self._unspaced = (
                bool(self.words)
                and max(self.words) >= "\u0e01"
                and UNSPACED_CHARACTER.search(self.original) is not None
            )
        return self._unspaced

    def __repr__(self) -> str:
        return f"Text({self.original!r})"


def tokenize(text: str) -> Text:
    """Return *text* with its tokens."""
    return Text(text)


class _Tokens(Sequence[Token]):
    """The tokens of a text, each made when it is asked for."""

    __slots__ = ("_made", "_missing", "_text")

    def __init__(self, text: Text) -> None:
        self._text = text
        self._made: list[Token | None] = [None] * len(text.words)
        self._missing = True

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, index: int) -> Token: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Token]: ...
    def __getitem__(self, index: int | slice) -> Token | Sequence[Token]:
        if isinstance(index, slice):
            return [self[it] for it in range(*index.indices(len(self._made)))]
        found = self._made[index]
        if found is None:
            if index < 0:
                index += len(self._made)
            found = self._made[index] = _token(self._text.parts, self._text.edges, index)
        return found

    def __iter__(self) -> Iterator[Token]:
        return iter(self._all())

    def _all(self) -> list[Token]:
        if self._missing:
            parts, edges = self._text.parts, self._text.edges
            self._made = [it or _token(parts, edges, index) for index, it in enumerate(self._made)]
            self._missing = False
        return self._made  # type: ignore[return-value]  # none is missing


def _token(parts: list[str], edges: list[int], index: int) -> Token:
    at = 2 * index
    before, glued = _break_before(parts, at)
    # `tuple.__new__` makes a Token in half the time of its own.
    return tuple.__new__(Token, (edges[at], edges[at + 1], parts[at + 1], before, glued))


def _break_before(parts: list[str], at: int) -> tuple[Break, bool]:
    """Return what stands before the word after the gap *at*, and whether it glues it to the one before."""
    gap = parts[at]
    if not at:
        return Break.BLOCK, False
    if gap == " ":
        return Break.SPACE, False
    if not gap:
        # В.В.Путин: the last dot has gone into the token before.
        return (Break.SPACE, False) if parts[at - 1][-1] == "." else (Break.NONE, True)
    return _GAPS.get(gap) or _between(gap, parts[at - 1], parts[at + 1])


def runs_on(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether the token at *index* runs on from the one before, so that no word ends there: F16."""
    if not 0 < index < len(tokens):
        return False
    token, before = tokens[index], tokens[index - 1]
    return token.start == before.end and token.glued and not divides(before.text[0], token.text[0])


def goes_on(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether the word before the token at *index* goes on in it; Hangul only hangs on: COP31에서."""
    return runs_on(tokens, index) and not is_hangul(tokens[index].text[0])


_GAPS: Final[dict[str, tuple[Break, bool]]] = {}
"""What is between two words (and whether it glues them), where that is told by the gap alone."""


def _between(gap: str, word: str, following: str) -> tuple[Break, bool]:
    """Return what *gap* between two words is, not empty, and whether it glues them."""
    before = _break(gap)
    if gap[0] == "." or gap in _NUMBER_POINTS:
        before = _weaker(gap, word, following, before)
    elif len(_GAPS) < 4096:
        _GAPS[gap] = before, before is Break.NONE
    return before, before is Break.NONE


def _break(gap: str) -> Break:
    """Classify what stands between two tokens, by its characters alone."""
    if _HYPHEN_ALONE.fullmatch(gap):
        return Break.NONE
    strongest = Break.SPACE
    for character in gap:
        if character in _BLOCK:
            return Break.BLOCK
        if character in _STOPS:
            strongest = Break.SENTENCE
        elif character in _COMMAS:
            strongest = max(strongest, Break.COMMA)
        elif not character.isspace():
            strongest = max(strongest, Break.MARK)
    if strongest is Break.MARK and not _IGNORED.sub("", gap).strip():
        return Break.SPACE
    return strongest


def _weaker(gap: str, word: str, following: str, found: Break) -> Break:
    """Return *found*, or what is left of it where its point ends no sentence and no phrase."""
    if gap in _NUMBER_POINTS and word[-1].isdigit() and following[0].isdigit():
        return Break.MARK
    if gap[0] != "." or found is Break.BLOCK:
        return found
    if gap == "." and following[0].islower() and word[-1].isascii() and following[0].isascii():
        return Break.MARK  # example.org
    if (len(word) == 1 and UNSPACED_CHARACTER.match(word) is None) or word.casefold() in ABBREVIATIONS:
        # A single digit is no initial, and its full stop ends a sentence.
        if word.isdigit():
            return found
        return _break(gap[1:]) if len(gap) > 1 else Break.SPACE
    return found
