"""An item as the matcher sees it: its fields as tokens, its language, and what it says twice."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import accumulate, islice
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from marsad.language.registry import is_written_in, primary
from marsad.language.scripts import is_part_of_a_word
from marsad.language.tokens import Break, Text, tokenize
from marsad.model import FeedDefinition, Field, Revision

FIELDS: Final = tuple(Field)
TITLE, SUMMARY, CONTENT, AUTHOR = range(4)
TEXT_FIELDS: Final = (TITLE, SUMMARY, CONTENT)
LEAD_WORDS: Final = 60
"""Words of the content that belong to the lead."""
_A_WORD: Final = 2
"""Tokens of a script without spaces that count as a word, as nothing tells its words."""
_SAMPLE: Final = 160
"""Code points of the text by which a stated language is believed."""
_LEAST_REPEATED: Final = 4
"""Words that a repeated line must have to be known inside another; a shorter one is only known whole."""


_NO_BREAK: Final = frozenset({"", " "})

_MOST_LINES: Final = 200
"""Lines of a field that are looked for in a later one."""
MOST_TEXT: Final = 50_000
"""Code points of the content that are matched, some 25 pages; what follows is not looked at."""
MOST_SUMMARY: Final = 20_000
"""The same of the summary, in which some feeds put whole articles."""
MOST_TITLE: Final = 2_000
"""The same of the title, and of the author."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where an item comes from, as far as watches ask."""

    feed_id: str
    tags: tuple[str, ...] = ()
    language: str | None = None
    """Of the feed; an item's own counts first."""
    country: str | None = None
    rank: int | None = None
    seen_at: datetime | None = None
    """When the item was first seen; in searches of the archive."""

    @classmethod
    def of(cls, feed: FeedDefinition, *, language: str | None = None) -> Source:
        """Return what is known of *feed*; *language* is what it says itself, where the operator says none."""
        return cls(
            feed_id=feed.id,
            tags=feed.tags,
            language=feed.language or language,
            country=feed.country,
            rank=feed.rank,
        )


class Repetition(NamedTuple):
    """A passage that stood in an earlier field already."""

    field: int
    first: int
    """Token."""
    tokens: int
    earlier: int
    """Field."""
    earlier_first: int
    """Token."""


class Document:
    """One revision, read as far as a query needs it. Offsets are those of the revision's fields."""

    def __init__(self, revision: Revision, source: Source) -> None:
        self.revision = revision
        self.source = source
        originals = (
            revision.title[:MOST_TITLE],
            revision.summary[:MOST_SUMMARY],
            revision.content[:MOST_TEXT],
            revision.author[:MOST_TITLE],
        )
        self.originals = originals
        self._texts: list[Text | None] = [None] * len(FIELDS)
        self._extents: dict[int, list[int]] = {}
        self._language: str | None = ""
        self._lead_tokens = -1
        self._repeated: tuple[Repetition, ...] | None = None
        self._blocks: dict[int, list[int]] = {}
        self._sentences: dict[int, list[int]] = {}

    def text(self, field: int) -> Text:
        found = self._texts[field]
        if found is None:
            found = self._texts[field] = tokenize(self.originals[field])
        return found

    @property
    def cut(self) -> str:
        """For people: which fields are longer than what is looked at; "" where none is."""
        longer = [
            f"of its {field} the first {len(looked_at):,} of {len(whole):,} characters are looked at"
            for field, looked_at in zip(FIELDS, self.originals, strict=True)
            if len(whole := str(getattr(self.revision, field))) > len(looked_at)
        ]
        return ", ".join(longer)

    @property
    def dated(self) -> datetime | None:
        """When the item was published, else first seen."""
        return self.revision.published or self.source.seen_at

    @cached_property
    def site(self) -> str | None:
        """The host that the item's link leads to."""
        return host_name(self.revision.link or "")

    @property
    def language(self) -> str | None:
        """The language the item or its feed states, unless the script of the text contradicts it."""
        if self._language == "":
            self._language = None
            for stated in (self.revision.language, self.source.language):
                if stated and self.may_be(code := primary(stated)):
                    self._language = code
                    break
        return self._language

    def may_be(self, language: str) -> bool:
        """Tell whether the text stands in the script of *language*."""
        return is_written_in(self._sample, language)

    @property
    def _sample(self) -> str:
        title, summary, content, _ = self.originals
        sample = f"{title} {summary[:_SAMPLE]}"
        return (sample if len(sample) >= _SAMPLE else f"{sample} {content[:_SAMPLE]}")[:_SAMPLE]

    def words_between(self, field: int, last: int, first: int) -> int:
        """Return the words between two tokens: half as many as tokens, in a script without spaces.

        Negative where *first* does not follow *last*.
        """
        if not self.text(field).unspaced:
            return first - last - 1
        extents = self._extents_of(field)
        return (extents[first] - extents[last + 1]) // _A_WORD

    def most_tokens(self, field: int, words: int) -> int:
        """Return in how many tokens at most so many words stand."""
        return words * _A_WORD + 1 if self.text(field).unspaced else words

    @property
    def lead_tokens(self) -> int:
        """How many tokens of the content belong to the lead."""
        if self._lead_tokens < 0:
            self._lead_tokens = LEAD_WORDS
            text = self.text(CONTENT)
            if text.unspaced:
                extents = accumulate(_extents(text, LEAD_WORDS * _A_WORD))
                self._lead_tokens = bisect_right(list(extents), LEAD_WORDS * _A_WORD)
        return self._lead_tokens

    def _extents_of(self, field: int) -> list[int]:
        """Return for each token, and for the end, how much of the text stands before, in parts of a word."""
        found = self._extents.get(field)
        if found is None:
            found = self._extents[field] = [0, *accumulate(_extents(self.text(field)))]
        return found

    def blocks(self, field: int) -> list[int]:
        """Return the number of the paragraph of each token."""
        found = self._blocks.get(field)
        if found is None:
            text = self.text(field)
            if len(text.original.splitlines()) == 1:  # as nearly all titles and many summaries are
                found = [1] * len(text.words)
            else:
                gaps = islice(text.parts, 2, len(text.parts) - 1, 2)
                edges = (gap != " " and gap.splitlines() not in ([gap], []) for gap in gaps)
                found = list(accumulate(edges, initial=1)) if text.words else []
            self._blocks[field] = found
        return found

    def sentences(self, field: int) -> list[int]:
        """Return the number of the sentence of each token; a paragraph's edge ends one."""
        found = self._sentences.get(field)
        if found is None:
            text = self.text(field)
            gaps = islice(text.parts, 2, len(text.parts) - 1, 2)
            edges = (
                gap != " " and text.break_before(position) >= Break.SENTENCE
                for position, gap in enumerate(gaps, start=1)
            )
            found = self._sentences[field] = list(accumulate(edges, initial=1)) if text.words else []
        return found

    def paragraph(self, field: int, token: int) -> tuple[int, int]:
        """Return the first token of the paragraph of *token*, and the one after its last."""
        blocks = self.blocks(field)
        number = blocks[token]
        return bisect_left(blocks, number), bisect_right(blocks, number)

    @property
    def repeated(self) -> tuple[Repetition, ...]:
        """What a later field says again.

        A feed's content often begins with its summary, and a summary with the title.
        """
        if self._repeated is None:
            # A passage that stood there twice is known by its first place.
            known = {
                (it.field, it.first, it.tokens, it.earlier): it for it in reversed([*self._repetitions()])
            }
            self._repeated = tuple(known.values())
        return self._repeated

    def _repetitions(self) -> Iterator[Repetition]:
        lines: dict[int, list[tuple[int, list[str]]]] = {}
        for field in (SUMMARY, CONTENT):
            words = self.text(field).words
            if not words:
                continue
            known = set(words)
            whole = ""
            own: set[tuple[str, ...]] | None = None
            for earlier in range(field):
                if earlier not in lines:
                    lines[earlier] = list(islice(self._lines(earlier), _MOST_LINES))
                for first, line in lines[earlier]:
                    if line[0] not in known or line[-1] not in known:
                        continue
                    whole = whole or _joined(words)
                    if len(line) < _LEAST_REPEATED and line != words:
                        if own is None:
                            own = {tuple(it) for _, it in self._lines(field) if len(it) < _LEAST_REPEATED}
                        if tuple(line) not in own:
                            continue
                    at = whole.find(_joined(line))
                    if at >= 0:
                        yield Repetition(field, whole.count("\0", 0, at), len(line), earlier, first)

    def _lines(self, field: int) -> Iterator[tuple[int, list[str]]]:
        """Yield the first token and the words of each paragraph, without the last word of a cut one."""
        words, original = self.text(field).words, self.originals[field]
        if not words:
            return
        if len(original.splitlines()) == 1:  # as nearly all titles and most summaries are
            starts = [0]
        else:
            blocks = self.blocks(field)
            starts = [index for index, block in enumerate(blocks) if index == 0 or block != blocks[index - 1]]
        is_cut = original.rstrip(" ])").endswith(("…", "..."))
        for start, end in zip(starts, [*starts[1:], len(words)], strict=True):
            cut = is_cut and end == len(words) and end - start > 1
            yield start, words[start : end - cut]


def host_name(url_or_host: str) -> str | None:
    """Return a host in its comparable form: small letters, ASCII, no `www.`; None where there is none."""
    try:
        host = urlsplit(url_or_host if "//" in url_or_host else f"//{url_or_host}").hostname or ""
        host = host.rstrip(".").encode("idna").decode("ascii")
    except ValueError:  # UnicodeError among them: a label that is empty or too long
        return None
    return host.removeprefix("www.") or None


def _extents(text: Text, most: int | None = None) -> Iterator[int]:
    """Yield how much of a word each token is, in parts of one; of *most* tokens at most."""
    return (1 if is_part_of_a_word(word) else _A_WORD for word in islice(text.words, most))


def _joined(words: list[str]) -> str:
    return "\0" + "\0".join(words) + "\0"
