"""What texts call somebody in other scripts: spellings that sound alike, for a person to choose from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from marsad.language.registry import language_for, primary, script_of
from marsad.language.skeleton import likeness, skeleton
from marsad.language.tokens import Break, Token, tokenize
from marsad.model import Revision

NEAR: Final = 0.2
"""How far apart two words may sound (docs/adr/0014)."""
_CASED: Final = ("Latn", "Cyrl")
_CONTEXTS: Final = 2
_AROUND: Final = 40
"""Code points of a context before the name, and after it."""
_WORD: Final = re.compile(r"[^\W\d_][\w\u064b-\u0652'’]*")
"""Roughly what `tokenize` takes for a word."""
_ENDING: Final = re.compile(r"(?:ого|ому|ыми|ими|ами|ями|ой|ою|ей|ею|ым|им|ом|ем|ах|ях|ам|ям|[аяуюыиеьй])$")
"""Of Russian names: what may differ between the cases of one."""


Met = tuple[int, float, str]
"""Which word of the name another sounds like, how far apart the two are, and the other without clitics."""


@dataclass(frozen=True)
class Candidate:
    """One spelling, with the forms in which it stands."""

    language: str
    spelling: str
    """The form that sounds most like what was asked for."""
    distance: float
    items: int
    forms: tuple[tuple[str, int], ...]
    """As they stand, and in how many items; the commonest first."""
    contexts: tuple[tuple[str, str, str, str], ...]
    """(feed id, text before, the name, text after)."""


@dataclass
class _Group:
    """The forms of one name, as far as their stems tell."""

    items: int = 0
    forms: Counter[str] = field(default_factory=Counter)
    distances: dict[str, float] = field(default_factory=dict)
    contexts: list[tuple[str, str, str, str]] = field(default_factory=list)


class Soundalikes:
    """Collects what sounds like *name*, in the scripts of *languages*, from one text after another."""

    def __init__(self, name: str, languages: Sequence[str], *, near: float = NEAR) -> None:
        self._words = [word for word in tokenize(name).words if skeleton(word)]
        self._order = list(dict.fromkeys(map(primary, languages)))
        self._languages = {language_for(code).script: code for code in reversed(self._order)}
        self._near = near
        self._met: dict[str, tuple[Met, ...]] = {}
        self._groups: dict[tuple[str, str], _Group] = {}

    def add(self, revision: Revision, feed_id: str) -> None:
        """Look through one item; what it repeats counts once."""
        if not self._words:
            return
        seen: set[tuple[str, str]] = set()
        forms: set[tuple[str, str, str]] = set()
        for text in (revision.title, revision.summary, revision.content):
            for language, spelled, distance, start, end in self._find(text, revision.language):
                key = (language, _stem(spelled))
                group = self._groups.setdefault(key, _Group())
                group.distances[spelled] = min(distance, group.distances.get(spelled, 1.0))
                if key not in seen:
                    seen.add(key)
                    group.items += 1
                    if len(group.contexts) < _CONTEXTS:
                        group.contexts.append((feed_id, *_context(text, start, end)))
                if (*key, spelled) not in forms:
                    forms.add((*key, spelled))
                    group.forms[spelled] += 1

    def _find(self, text: str, stated: str | None) -> Iterator[tuple[str, str, float, int, int]]:
        """Yield (language, name without what is joined to it, distance, start, end)."""
        # Most texts hold nothing near: a glance at their words is a tenth of the work.
        if not any(map(self._meets, set(_WORD.findall(text)))):
            return
        tokens = tokenize(text).tokens
        count = len(self._words)
        straight, turned = range(count), [count - 1, *range(count - 1)]
        for first in range(len(tokens) - count + 1):
            if not self._meets(tokens[first].text):
                continue
            language = self._language(tokens[first].text, stated)
            if language is None:
                continue
            window = tokens[first : first + count]
            if any(token.before > Break.MARK for token in window[1:]):
                continue
            for order in (straight, turned) if count > 1 else (straight,):
                found = _in_order(window, order, self._meets)
                if found is not None:
                    distance, spelled = found
                    yield language, spelled, distance, window[0].start, window[-1].end
                    break

    def _language(self, word: str, stated: str | None) -> str | None:
        script = script_of(word)
        language = self._languages.get(script)
        if language is None or stated is None:
            return language
        # An item that says it is Ukrainian says nothing of Russian spelling.
        return None if language_for(stated).script == script and primary(stated) != language else language

    def _meets(self, word: str) -> tuple[Met, ...]:
        """Return (place of a word of the name, distance, spelling) of those that *word* sounds like."""
        found = self._met.get(word)
        if found is None:
            found = self._met[word] = tuple(self._compare(word))
        return found

    def _compare(self, word: str) -> Iterator[Met]:
        script = script_of(word)
        if script not in self._languages or (script in _CASED and not word[:1].isupper()):
            return
        for place, wanted in enumerate(self._words):
            near = [(likeness(wanted, spelled, self._near), spelled) for spelled in _bare(word, script)]
            distance, spelled = min(near, key=lambda it: (it[0], len(it[1])))
            if distance <= self._near:
                yield place, distance, spelled

    def candidates(self, *, most: int) -> tuple[Candidate, ...]:
        """Return at most *most* spellings of each language."""
        found: dict[str, list[Candidate]] = {code: [] for code in self._order}
        for (language, _), group in self._groups.items():
            near = {form: round(distance, 2) for form, distance in group.distances.items()}
            forms = sorted(group.forms.items(), key=lambda it: (-it[1], near[it[0]], it[0]))
            spelling = min(forms, key=lambda it: (near[it[0]], it[0].isupper(), -it[1], it[0]))[0]
            found[language].append(
                Candidate(
                    language,
                    spelling,
                    near[spelling],
                    group.items,
                    tuple(forms),
                    tuple(group.contexts),
                )
            )
        for listed in found.values():
            listed.sort(key=lambda it: (it.distance > self._near / 2, -it.items, it.distance, it.spelling))
        return tuple(candidate for code in self._order for candidate in found[code][:most])


def _in_order(
    window: Sequence[Token], order: Iterable[int], meets: Callable[[str], tuple[Met, ...]]
) -> tuple[float, str] | None:
    """Return how far *window* is from the words of the name in this order, and its words as spelled."""
    farthest, spelled = 0.0, []
    for token, place in zip(window, order, strict=True):
        met = next((it for it in meets(token.text) if it[0] == place), None)
        if met is None:
            return None
        farthest = max(farthest, met[1])
        spelled.append(met[2])
    return farthest, " ".join(spelled)


def _bare(word: str, script: str) -> Iterator[str]:
    """Yield *word* with and without what may be joined to a name: proclitics, 's."""
    yield word
    if script == "Arab":
        joined = re.match("[وف]?[بلك]?", word)
        for size in range(1, joined.end() + 1 if joined else 1):
            if len(word) - size > 2:
                yield word[size:]
    elif script == "Latn" and word[-2:] in ("'s", "’s"):
        yield word[:-2]


def _stem(spelled: str) -> str:
    """Return what the cases of a name share."""
    words = [word.casefold() for word in spelled.split()]
    return " ".join(
        short if script_of(word) == "Cyrl" and len(short := _ENDING.sub("", word)) > 2 else word
        for word in words
    )


def _context(text: str, start: int, end: int) -> tuple[str, str, str]:
    before = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    after = text[end : end + _AROUND].partition("\n")[0]
    return before, text[start:end], after
