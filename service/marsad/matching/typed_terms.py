"""What stands for words in a query: terms, phrases, prefixes, exact words; and what a term must be."""

from __future__ import annotations

import re
from typing import Final

from marsad.language.registry import is_one_letter, script_of
from marsad.language.scripts import UNSPACED_CHARACTER
from marsad.language.tokens import Break, tokenize
from marsad.matching.expressions import WrongExpression, expression
from marsad.matching.foreign import check_word
from marsad.matching.query import Chain, Link, LinkKind
from marsad.matching.quotes import CLOSERS, DOUBLE, INNER_QUOTE, quotable
from marsad.matching.stopwords import is_stop_word
from marsad.matching.symbols import DEFAULT_DISTANCE, MAX_DISTANCE, MAX_WORDS, Typed
from marsad.matching.words import (
    AnyCase,
    Compound,
    Exact,
    Node,
    Pattern,
    Prefix,
    Regex,
    Related,
    Term,
    Wildcard,
)

_SLOP: Final = re.compile(r"~([^\s()]*)")
_REGEX: Final = re.compile(r"/(?P<pattern>(?:[^/\\\n]|\\.)+)/(?P<flags>\w*)")
_LEAST_LETTERS: Final = 3
"""Of a prefix and of a word with wildcards."""
_MIXABLE: Final = frozenset({"Latn", "Cyrl", "Grek"})
"""Scripts with letters that look alike: two of them in one word are a slip of the keyboard, or a trap."""


def _is_one(written: str) -> bool:
    """Tell whether *written*, without spaces, is one word, or words that nothing tells apart."""
    return len(tokenize(written).words) == 1 or UNSPACED_CHARACTER.search(written) is not None


class TermReader:
    """Reads what stands for words at a place of a query; each method returns where it ends, too."""

    def __init__(self, typed: Typed) -> None:
        self._typed = typed
        self._text = typed.text
        self._columns = typed.columns
        self._fail = typed.fail
        self._warn = typed.warn

    def exact(self, at: int, start: int) -> tuple[Exact, int]:
        """Return what stands at *start* as it is typed; *at* is where its sign or field begins."""
        text, end = self.lexeme(at, start, self._text[at:start])
        text = quotable(text)
        self._check(text, at, exact=True)
        return Exact(text, column=self._columns[at]), end

    def anycase(self, at: int, start: int) -> tuple[AnyCase, int]:
        """Return what stands at *start* in capitals or not; *at* is where its field begins."""
        text, end = self.lexeme(at, start, "anycase:")
        text = quotable(text)
        self._check(text, at, exact=True)
        return AnyCase(text, column=self._columns[at]), end

    def related(self, at: int, start: int) -> tuple[Related, int]:
        """Return what stands at *start* with what is related to it."""
        text, end = self.lexeme(at, start, "related:")
        return Related(self.checked_term(text, at).text, column=self._columns[at]), end

    def compound(self, at: int, start: int) -> tuple[Compound, int]:
        """Return the word at *start*, also as a part of others."""
        text, end = self.lexeme(at, start, "compound:")
        term = self.checked_term(text, at)
        if len(tokenize(term.text).words) > 1:
            self._fail(at, "compound: takes one word", "as in compound:bank")
        if len(term.text) < (_LEAST_LETTERS if script_of(term.text) != "Kore" else 2):
            self._fail(at, f"{term.text} would find too much", f"give at least {_LEAST_LETTERS} letters")
        return Compound(term.text, column=self._columns[at]), end

    def regex(self, at: int) -> tuple[Regex, int]:
        """Return the regular expression between the slashes at *at*."""
        found = _REGEX.match(self._text, at)
        if found is None:
            self._fail(at, "this regular expression is never closed", "add / at its end")
        flags = found["flags"]
        if flags not in ("", "i"):
            problem = f'"{flags}" is no flag of a regular expression'
            self._fail(found.start("flags"), problem, "write /…/, or /…/i to ignore case")
        try:
            expression(0, found["pattern"], ignore_case=flags == "i")
        except WrongExpression as wrong:
            self._fail(at, wrong.problem, wrong.hint)
        return Regex(found["pattern"], flags == "i", column=self._columns[at]), found.end()

    def lexeme(self, at: int, start: int, before: str) -> tuple[str, int]:
        """Return the word or the inside of the quotation marks at *start*, and where it ends."""
        if start < len(self._text) and self._text[start] in CLOSERS:
            return self._quoted(start)
        found = self._typed.word(start)
        if found is None:
            self._fail(at, f"{before} takes a word or a phrase", "a phrase stands in quotation marks")
        return found.group(), found.end()

    def _quoted(self, at: int) -> tuple[str, int]:
        """Return what stands in the quotation marks that open at *at*, and where they end."""
        closers = CLOSERS[self._text[at]]
        for end in range(at + 1, len(self._text)):
            if self._text[end] in closers and not INNER_QUOTE.match(self._text, end):
                return self._text[at + 1 : end], end + 1
        self._fail(
            at, "this quotation mark is never closed", f"add {closers[-1] if closers != DOUBLE else chr(34)}"
        )

    def term(self, at: int) -> tuple[Node, int]:
        """Return the bare word or the phrase at *at*."""
        if self._text[at] in CLOSERS:
            text, end = self._quoted(at)
            if slop := _SLOP.match(self._text, end):
                return self._loose(text, slop[1], at), slop.end()
            return self._phrase(text, at), end
        found = self._typed.word(at)
        if found is None:
            self._fail(at, "this quotation mark opens nothing", 'write phrases as "foreign ministry"')
        word = found.group()
        check_word(self._typed, word, at)
        word = word.lstrip("#＃")
        if "*" in word or "?" in word:
            return self._prefix(word, at), found.end()
        return self.checked_term(word, at), found.end()

    def checked_term(self, text: str, at: int, *, name: bool = False) -> Term:
        """Return *text* as a term, or refuse it."""
        text = quotable(text)
        if "*" in text:
            self._fail(at, "a prefix cannot be a name", "write the name out")
        self._check(text, at)
        return Term(text, name=name, column=self._columns[at])

    def _phrase(self, text: str, at: int) -> Node:
        if "*" not in text and not re.search(r"\w\?\w", text):
            return self.checked_term(text, at)
        parts: list[Term | Prefix | Wildcard] = []
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
        distance = self.distance(written, '"…"~', at) if written else self.distance(None, "", at)
        words = [word for it in text.split() for word in ([it] if _is_one(it) else tokenize(it).words)]
        if len(words) < 2:
            self._fail(at, "~ needs two words in the quotation marks", 'as in "foreign ministry"~5')
        self._check_length(text, at)
        operands = tuple(self.checked_term(word, at) for word in words)
        links = (Link(LinkKind.NEAR, distance),) * (len(operands) - 1)
        return Chain(operands, links, column=self._columns[at])

    def _prefix(self, word: str, at: int) -> Prefix | Wildcard:
        stem = word.removesuffix("*")
        if "*" in stem:
            self._fail(at, "* stands at the end of a word only", "as in minist*")
        if "?" in word:
            return self._wildcard(word, at)
        tokens = tokenize(stem).tokens
        if not tokens or "".join(token.text for token in tokens) != stem or not _is_one(stem):
            self._fail(at, "* needs one word before it", "as in minist*")
        least = 2 if script_of(stem) == "Hans" else _LEAST_LETTERS
        if len(stem) < least:
            self._fail(at, f"{word} would find too much", f"give at least {least} letters before *")
        self._check_scripts(stem, at)
        return Prefix(stem, column=self._columns[at])

    def _wildcard(self, word: str, at: int) -> Wildcard:
        stem = word.removesuffix("*")
        letters, filled = stem.replace("?", ""), stem.replace("?", "x")
        if tokenize(filled).words != [filled] or UNSPACED_CHARACTER.search(letters):
            self._fail(at, "? stands for one letter of a word", "as in wom?n; or write the spellings with OR")
        if len(letters) < _LEAST_LETTERS:
            hint = f"give at least {_LEAST_LETTERS} letters beside ?"
            self._fail(at, f"{word} would find too much", hint)
        self._check_scripts(letters, at)
        return Wildcard(word, column=self._columns[at])

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
            if is_one_letter(word):
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

    def distance(self, written: str | None, operator: str, at: int) -> int:
        """Return the number written after *operator*; None is none."""
        if written is None:
            return DEFAULT_DISTANCE
        if re.fullmatch(r"[0-9]{1,3}", written) and int(written) <= MAX_DISTANCE:
            return int(written)
        hint = f"write {operator}/5"
        if ordered := re.fullmatch(r"([0-9]{1,3})[fF]", written):
            hint = f"for this order of the words write ONEAR/{ordered[1]}"
        self._fail(at, f"{operator} needs a number from 0 to {MAX_DISTANCE}", hint)
