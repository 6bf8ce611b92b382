"""A query as typed, cut into the symbols of its grammar; whatever cannot be one gets advice here."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple, NoReturn

from marsad.errors import WatchSyntaxError
from marsad.language.registry import primary, script_of
from marsad.language.tokens import Break, tokenize
from marsad.matching.query import (
    OPERATORS,
    About,
    Chain,
    EntityName,
    Exact,
    Link,
    LinkKind,
    Node,
    Pattern,
    Prefix,
    QueryWarning,
    Source,
    Term,
    Where,
)
from marsad.matching.stopwords import is_stop_word
from marsad.ops import visible

MAX_LENGTH: Final = 20_000
"""Code points of a query."""
MAX_DEPTH: Final = 40
"""Parentheses inside parentheses."""
MAX_TERMS: Final = 2_000
MAX_WORDS: Final = 40
"""Words of one phrase."""
MAX_DISTANCE: Final = 100
DEFAULT_DISTANCE: Final = 4
"""Of a NEAR that says none."""


class Symbol(NamedTuple):
    """A terminal of the grammar with what it stands for."""

    type: str
    """LEAF, FIELD, LINK, FILTER, NOT, AND, OR, OPEN, CLOSE."""
    column: int
    text: str
    """As typed, for messages."""
    value: Node | Link | Where | int | None = None
    """LEAF: its node. LINK: a Link. FIELD: a Where. FILTER: the distance, None for EXCEPT."""


@dataclass(frozen=True)
class Lexed:
    symbols: tuple[Symbol, ...]
    warnings: tuple[QueryWarning, ...]


_BIDI: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_DOUBLE: Final = '"“”„‟＂'
_CLOSERS: Final = dict.fromkeys(_DOUBLE, _DOUBLE) | {
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹›",
    "「": "」",
    "『": "』",
    "《": "》",
}
_QUOTES: Final = "".join(_CLOSERS) + "」』》"
_LETTER: Final = r"[^\W\d_]"
_INNER_QUOTE: Final = rf"(?<={_LETTER})[{_DOUBLE}](?={_LETTER})"
_SPACE: Final = re.compile(r"\s+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
_COMMENT: Final = re.compile(r"(?://|#(?=[\s]|$))[^\n]*")
_OPERATOR: Final = re.compile(
    rf"(?P<not_near>NOT\s+NEAR(?![^\W_])(?:/(?P<not_near_n>[^\s()]*))?)"
    rf"|(?P<near>(?P<near_kind>O?NEAR)(?:/(?P<near_n>[^\s()]*)|(?=[\s()]|$)))"
    rf"|(?P<word>AND|OR|NOT|SENT|PARA|EXCEPT)(?=[\s()\-=@{_QUOTES}]|$)"
)
_FIELD: Final = re.compile(rf"({_LETTER}[\w-]*):(?!//)")
_WORD: Final = re.compile(rf"(?:[^\s()（）{_QUOTES}]|{_INNER_QUOTE})+")
_ID: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?")
_FOREIGN: Final = re.compile(
    r"(?P<within>(?:w|W|adj|ADJ|/n|/N|n|N)/?(?P<within_n>\d+))|(?P<before>(?:pre|PRE|p|P)/(?P<before_n>\d+))"
)
_SYMBOLS: Final = {
    "&": "AND",
    "&&": "AND",
    "+": "AND",
    "|": "OR",
    "||": "OR",
    "!": "NOT",
    "،": "OR",
    ",": "OR",
}
_FOREIGN_OPERATORS: Final = {
    "И": "AND",
    "ИЛИ": "OR",
    "НЕ": "NOT",
    "UND": "AND",
    "ODER": "OR",
    "NICHT": "NOT",
    "ET": "AND",
    "OU": "OR",
}
_MEANINGLESS: Final = (
    {it: (f'"{it}" separates nothing here', "write OR for either, AND for both") for it in ",;،؛、，；"}
    | {it: (f'"{it}" means nothing here', "groups stand in ( )") for it in "[]{}<>"}
    | {it: (f'"{it}" means nothing in a word', "remove it") for it in "^\\"}
    | {
        "~": ('"~" means nothing after a word', 'words near each other are "foreign ministry"~5'),
        "=": ('"=" stands before a word, not in it', 'as in ="US"'),
        ":": ("a colon follows the name of a field", "text with a colon stands in quotation marks"),
    }
)
"""Characters that a bare word never holds, with what a person may have meant by them."""
_LATER: Final = {
    "anycase": "anycase:",
    "related": "related:",
    "compound": "compound:",
    "watch": "watch:",
    "site": "site:",
    "category": "category:",
    "country": "country:",
    "rank": "rank:",
    "date": "date:",
}
_FIELDS: Final = (
    *(where.value for where in Where),
    *(about.value for about in About),
    "exact",
    "name",
    "entity",
)
_MIXABLE: Final = frozenset({"Latn", "Cyrl", "Grek"})
"""Scripts with letters that look alike: two of them in one word are a slip of the keyboard, or a trap."""


def lex(query: str) -> Lexed:
    """Return the symbols of *query*; WatchSyntaxError names the column of what is none."""
    if len(query) > MAX_LENGTH:
        raise WatchSyntaxError(
            _excerpt(query),
            MAX_LENGTH + 1,
            f"the query is {len(query):,} characters long, more than {MAX_LENGTH:,}",
            "list the names in an entity, or make several watches of it",
        )
    if found := _CONTROL.search(query):
        problem = f"a control character ({visible(found[0])}) stands here"
        raise WatchSyntaxError(query, found.start() + 1, problem, "remove it: it cannot be seen")
    lexer = _Lexer(query)
    symbols = tuple(lexer.symbols())
    return Lexed(symbols, tuple(lexer.warnings))


def _excerpt(query: str) -> str:
    return query[:200] + "…"


class _Lexer:
    def __init__(self, query: str) -> None:
        self.query = query
        self.warnings: list[QueryWarning] = []
        kept = [place for place, character in enumerate(query) if not _BIDI.match(character)]
        self._text = "".join(query[place] for place in kept)
        self._columns = [place + 1 for place in kept] + [len(query) + 1]
        if len(kept) < len(query):
            first = next(match.start() for match in _BIDI.finditer(query))
            self._warn_at(
                first + 1,
                "invisible direction marks in the query are ignored",
                "they come with text copied from right-to-left pages",
            )
        self._terms = 0

    def _fail(self, at: int, problem: str, hint: str = "") -> NoReturn:
        raise WatchSyntaxError(self.query, self._columns[at], problem, hint)

    def _warn(self, at: int, problem: str, hint: str = "") -> None:
        self._warn_at(self._columns[at], problem, hint)

    def _warn_at(self, column: int, problem: str, hint: str) -> None:
        self.warnings.append(QueryWarning(column=column, problem=problem, hint=hint))

    def symbols(self) -> Iterator[Symbol]:
        """Yield symbols until the end of the text; parentheses are known to match."""
        open_at: list[int] = []
        at = 0
        while at < len(self._text):
            if skipped := _SPACE.match(self._text, at) or _COMMENT.match(self._text, at):
                at = skipped.end()
                continue
            start = at
            symbol, at = self._next(at)
            if symbol.type == "OPEN":
                open_at.append(start)
                if len(open_at) > MAX_DEPTH:
                    self._fail(start, f"parentheses stand more than {MAX_DEPTH} deep", "simplify the query")
            elif symbol.type == "CLOSE":
                if not open_at:
                    self._fail(start, "this parenthesis closes nothing", "remove it, or open one before")
                open_at.pop()
            elif symbol.type == "LEAF":
                self._terms += 1
                if self._terms > MAX_TERMS:
                    self._fail(start, f"more than {MAX_TERMS:,} terms", "list the names in an entity")
            yield symbol
        if open_at:
            self._fail(open_at[-1], "this parenthesis is never closed", "add ) where the group ends")

    def _next(self, at: int) -> tuple[Symbol, int]:
        character = self._text[at]
        column = self._columns[at]
        if character in "(（":
            return Symbol("OPEN", column, "("), at + 1
        if character in ")）":
            return Symbol("CLOSE", column, ")"), at + 1
        if character in "-−" and at + 1 < len(self._text) and not _SPACE.match(self._text, at + 1):
            return Symbol("NOT", column, "-"), at + 1
        if operator := _OPERATOR.match(self._text, at):
            return self._operator(operator, at), operator.end()
        if named := _FIELD.match(self._text, at):
            return self._field(named, at)
        node: Node
        if character in "=＝":
            node, end = self._exact(at, at + 1)
        elif character in "@＠":
            node, end = self._entity(at, at + 1)
        else:
            node, end = self._term(at)
        return Symbol("LEAF", column, self._text[at:end], node), end

    # ── operators ───────────────────────────────────────────────────────────────────────────────

    def _operator(self, found: re.Match[str], at: int) -> Symbol:
        column, text = self._columns[at], found.group()
        if found["not_near"] is not None:
            return Symbol("FILTER", column, text, self._distance(found["not_near_n"], "NOT NEAR", at))
        if found["near"] is not None:
            kind = LinkKind(found["near_kind"])
            return Symbol("LINK", column, text, Link(kind, self._distance(found["near_n"], kind, at)))
        word = found["word"]
        if word in (LinkKind.SENT, LinkKind.PARA):
            return Symbol("LINK", column, text, Link(LinkKind(word)))
        return Symbol("FILTER" if word == "EXCEPT" else word, column, text)

    def _distance(self, written: str | None, operator: str, at: int) -> int:
        if written is None:
            return DEFAULT_DISTANCE
        if re.fullmatch(r"[0-9]{1,3}", written) and int(written) <= MAX_DISTANCE:
            return int(written)
        hint = f"write {operator}/5"
        if ordered := re.fullmatch(r"([0-9]{1,3})[fF]", written):
            hint = f"for this order of the words write ONEAR/{ordered[1]}"
        self._fail(at, f"{operator} needs a number from 0 to {MAX_DISTANCE}", hint)

    # ── fields ──────────────────────────────────────────────────────────────────────────────────

    def _field(self, found: re.Match[str], at: int) -> tuple[Symbol, int]:
        name, column, end = found[1], self._columns[at], found.end()
        if name in _LATER:
            self._fail(at, f"{name}: is not available in this version")
        if name == "raw":
            self._fail(at, 'no field is called "raw"', 'for a word exactly as typed write exact:US or ="US"')
        if name not in _FIELDS:
            self._unknown_field(name, at)
        if end == len(self._text) or _SPACE.match(self._text, end) or self._text[end] in ")）":
            self._fail(at, f"nothing follows {name}:", f"write {name}: and its word without a space between")
        if name in set(Where):
            return Symbol("FIELD", column, found.group(), Where(name)), end
        node: Node
        if name in set(About):
            node, end = self._source(About(name), at, end)
        elif name == "exact":
            node, end = self._exact(at, end)
        elif name == "entity":
            node, end = self._entity(at, end)
        else:
            text, end = self._lexeme(at, end, "name:")
            node = self._checked_term(text, at, name=True)
        return Symbol("LEAF", column, self._text[at:end], node), end

    def _unknown_field(self, name: str, at: int) -> NoReturn:
        near = difflib.get_close_matches(name.lower(), _FIELDS, n=1, cutoff=0.7)
        hint = f"did you mean {near[0]}:?" if near else "fields are " + ", ".join(f"{it}:" for it in _FIELDS)
        self._fail(at, f'no field is called "{name}"', hint + "; text with a colon stands in quotation marks")

    def _source(self, about: About, at: int, start: int) -> tuple[Source, int]:
        if self._text[start] in "(（":
            self._fail(
                at, f"{about}: takes one value", f"write ({about}:one OR {about}:other) with values of yours"
            )
        value, end = self._lexeme(at, start, f"{about}:")
        if about is About.LANGUAGE:
            value = primary(value)
            if not re.fullmatch("[a-z]{2,3}", value):
                self._fail(at, f'"{value}" is no language code', "write two letters, such as lang:ar")
        elif about is About.FEED and not _ID.fullmatch(value):
            self._fail(at, f'"{value}" is no id of a feed', "a feed is named by its id in feeds.toml")
        elif quotable(value) != value:
            self._fail(at, f'"{value}" is no tag', "a tag is one word")
        return Source(about, value, column=self._columns[at]), end

    def _entity(self, at: int, start: int) -> tuple[EntityName, int]:
        found = _ID.match(self._text, start)
        rest = _WORD.match(self._text, start)
        if found is None or rest is None or rest.end() != found.end():
            written = rest.group() if rest else ""
            self._fail(
                at,
                f'"{written}" is no id of an entity' if written else "an entity is named by its id after @",
                "write @ and an id of entities.toml, as in @hamas",
            )
        return EntityName(found.group(), column=self._columns[at]), found.end()

    def _exact(self, at: int, start: int) -> tuple[Exact, int]:
        text, end = self._lexeme(at, start, self._text[at:start])
        text = quotable(text)
        self._check(text, at, exact=True)
        return Exact(text, column=self._columns[at]), end

    def _lexeme(self, at: int, start: int, before: str) -> tuple[str, int]:
        """Return the word or the inside of the quotation marks at *start*, and where it ends."""
        if start < len(self._text) and self._text[start] in _CLOSERS:
            return self._quoted(start)
        found = _WORD.match(self._text, start)
        if found is None:
            self._fail(at, f"{before} takes a word or a phrase", "a phrase stands in quotation marks")
        return found.group(), found.end()

    # ── terms ───────────────────────────────────────────────────────────────────────────────────

    def _quoted(self, at: int) -> tuple[str, int]:
        """Return what stands in the quotation marks that open at *at*, and where they end."""
        closers = _CLOSERS[self._text[at]]
        for end in range(at + 1, len(self._text)):
            if self._text[end] in closers and not re.compile(_INNER_QUOTE).match(self._text, end):
                return self._text[at + 1 : end], end + 1
        self._fail(
            at, "this quotation mark is never closed", f"add {closers[-1] if closers != _DOUBLE else chr(34)}"
        )

    def _term(self, at: int) -> tuple[Node, int]:
        if self._text[at] in _CLOSERS:
            text, end = self._quoted(at)
            if slop := re.compile(r"~([^\s()]*)").match(self._text, end):
                return self._loose(text, slop[1], at), slop.end()
            return self._phrase(text, at), end
        found = _WORD.match(self._text, at)
        if found is None:
            self._fail(at, "this quotation mark opens nothing", 'write phrases as "foreign ministry"')
        word = found.group()
        self._check_word(word, at)
        word = word.lstrip("#＃")
        if "*" in word or "?" in word:
            return self._prefix(word, at), found.end()
        return self._checked_term(word, at), found.end()

    def _check_word(self, word: str, at: int) -> None:
        """Refuse what other query languages call an operator, and what punctuation was meant to do."""
        if word in _SYMBOLS or (word[0] in "&|+!" and len(word) > 1):
            operator = _SYMBOLS.get(word) or _SYMBOLS[word[0]]
            self._fail(
                at, f'"{word[:2] if word in _SYMBOLS else word[0]}" is no operator', f"write {operator}"
            )
        if word in _FOREIGN_OPERATORS:
            self._fail(
                at,
                f'"{word}" is no operator',
                f'write {_FOREIGN_OPERATORS[word]}; for the word itself write ="{word}"',
            )
        if foreign := _FOREIGN.fullmatch(word):
            number = foreign["within_n"] or foreign["before_n"]
            if foreign["before"] or "/" in word or word.lower().startswith("adj"):
                kind = "ONEAR" if foreign["before"] else "NEAR"
                self._fail(at, f'"{word}" is no operator', f"write {kind}/{int(number) % 1000}")
        if re.fullmatch(r"(?i)o?near(?:/.*|:?\d+[a-z]?|~.*)", word):
            number = "".join(re.findall(r"\d+", word))[:3] or "5"
            kind = "ONEAR" if word[0] in "oO" else "NEAR"
            self._fail(at, f'"{word}" is no operator', f"write {kind}/{number}, in capitals")
        if word.upper() in ("AND", "OR", "NOT"):
            self._fail(
                at,
                f'"{word}" in small letters is no operator, and too common to be a term',
                f"write {word.upper()}",
            )
        if word.upper() in OPERATORS:
            self._warn(at, f'"{word}" is taken as a word', f"the operator is written {word.upper()}")
        if re.match(r"/[^/\s]+", word):
            self._fail(at, "regular expressions are not available in this version")
        if re.fullmatch(r"count|score", word) and self._text[at + len(word) :].lstrip()[:1] == "(":
            self._fail(at, f"{word}( ) is not available in this version")
        if "://" in word:
            self._fail(at, "a link is no term: only text is matched", "use feed: with the id of a feed")
        self._check_punctuation(word, at)

    def _check_punctuation(self, word: str, at: int) -> None:
        for offset, character in enumerate(word):
            if character in ",:" and word[offset - 1 : offset].isdigit() and word[offset + 1 :][:1].isdigit():
                continue  # 1,000 and 10:30
            if character in _MEANINGLESS:
                self._fail(at + offset, *_MEANINGLESS[character])

    def _checked_term(self, text: str, at: int, *, name: bool = False) -> Term:
        text = quotable(text)
        if "*" in text:
            self._fail(at, "a prefix cannot be a name", "write the name out")
        self._check(text, at)
        return Term(text, name=name, column=self._columns[at])

    def _phrase(self, text: str, at: int) -> Node:
        if "*" not in text and not re.search(r"\w\?\w", text):
            return self._checked_term(text, at)
        parts: list[Term | Prefix] = []
        plain: list[str] = []
        words = text.split()
        if len(words) == 1:
            return self._prefix(quotable(words[0]), at)
        for word in words:
            if "*" in word or re.search(r"\w\?\w", word):
                if plain:
                    parts.append(Term(" ".join(plain), column=self._columns[at]))
                    plain.clear()
                parts.append(self._prefix(quotable(word), at))
            elif tokenize(word).words:
                plain.append(quotable(word))
        if plain:
            parts.append(Term(" ".join(plain), column=self._columns[at]))
        if len(parts) == 1:
            return parts[0]
        self._check_length(text, at)
        return Pattern(tuple(parts), column=self._columns[at])

    def _loose(self, text: str, written: str, at: int) -> Node:
        """Return the words of a phrase as a chain: `"a b"~5` is `a NEAR/5 b`."""
        distance = self._distance(written, '"…"~', at) if written else self._distance(None, "", at)
        words = tokenize(text).words
        if len(words) < 2:
            self._fail(at, "~ needs two words in the quotation marks", 'as in "foreign ministry"~5')
        self._check_length(text, at)
        operands = tuple(self._checked_term(word, at) for word in words)
        links = (Link(LinkKind.NEAR, distance),) * (len(operands) - 1)
        return Chain(operands, links, column=self._columns[at])

    def _prefix(self, word: str, at: int) -> Prefix:
        if "?" in word:
            self._fail(at, "the wildcard ? is not available in this version", "write the spellings with OR")
        stem = word.removesuffix("*")
        if "*" in stem:
            self._fail(at, "* stands at the end of a word only", "as in minist*")
        tokens = tokenize(stem).tokens
        if len(tokens) != 1 or tokens[0].text != stem:
            self._fail(at, "* needs one word before it", "as in minist*")
        least = 2 if script_of(stem) == "Hans" else 3
        if len(stem) < least:
            self._fail(at, f"{word} would find too much", f"give at least {least} letters before *")
        self._check_scripts(stem, at)
        return Prefix(stem, column=self._columns[at])

    # ── what a term must be ─────────────────────────────────────────────────────────────────────

    def _check(self, text: str, at: int, *, exact: bool = False) -> None:
        tokens = tokenize(text).tokens
        if not tokens:
            problem = f'"{text}" holds no letter and no digit' if text else "the quotation marks are empty"
            self._fail(at, problem, "write a word")
        self._check_length(text, at)
        if any(token.before >= Break.COMMA for token in tokens[1:]):
            self._warn(
                at,
                f'"{text}" crosses punctuation, which a phrase never does',
                "it finds nothing; join parts with AND",
            )
        if len(tokens) == 1:
            word = tokens[0].text
            if len(word) == 1 and script_of(word) not in ("Hans", "Jpan"):
                self._fail(
                    at, f'"{word}" is one letter: it would find nearly everything', "write a longer term"
                )
            if is_stop_word(word) and not exact:
                self._fail(
                    at,
                    f'"{word}" stands in nearly every text',
                    "leave it out, or put it into a phrase in quotation marks",
                )
        for token in tokens:
            self._check_scripts(token.text, at)

    def _check_length(self, text: str, at: int) -> None:
        words = tokenize(text).words
        if len(words) > MAX_WORDS or max(map(len, words), default=0) > 100:
            self._fail(
                at, f"a phrase of {len(words)} words is too long", f"at most {MAX_WORDS}, of 100 letters each"
            )

    def _check_scripts(self, word: str, at: int) -> None:
        scripts = {script_of(letter) for letter in set(word) if letter.isalpha()}
        if len(scripts & _MIXABLE) > 1:
            names = {"Latn": "Latin", "Cyrl": "Cyrillic", "Grek": "Greek"}
            self._warn(
                at,
                f'"{word}" mixes '
                + " and ".join(sorted(names[it] for it in scripts & _MIXABLE))
                + " letters",
                "some of them look alike: type the word again",
            )


def quotable(text: str) -> str:
    """Return *text* with one space between words, and without marks that cannot stand in a phrase."""
    inner = re.compile(_INNER_QUOTE)
    kept = "".join(
        character if character not in _QUOTES or inner.match(text, place) else " "
        for place, character in enumerate(text)
    )
    return " ".join(_SPACE.sub(" ", kept).split())
