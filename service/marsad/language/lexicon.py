"""Dictionaries of word forms: which lemma a form is of, which forms a lemma has. The one door to simplemma.

simplemma knows the lemma of a form. The other way about needs an index over its data, which is made once per
version of the data and kept in a file of a few MB: which blocks of the sorted forms hold a lemma. The forms
themselves stay as they come, front-coded, and a block of 64 is decoded where it is looked into. So Polish,
3.7 million forms, takes 40 MB instead of 420, and 0.3 s to load instead of 4.

Only processes that compile terms come here (`forms.expand_in_child`), never the one that matches.
"""

from __future__ import annotations

import logging
import os
import tempfile
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final
from zlib import crc32

from simplemma.strategies.dictionaries import dictionary_factory, frontcode

from marsad.language.fold import without_accents

log = logging.getLogger(__name__)

_BLOCK: Final = 64
"""Forms in a block: decoding one takes 25 µs."""
_FORMAT: Final = b"marsad lexicon 1\n"
_CODES: Final = {"sr": "hbs", "hr": "hbs", "bs": "hbs", "sh": "hbs", "no": "nb"}
"""Languages that simplemma keeps under another code."""
_OPEN_AT_ONCE: Final = 2
"""Languages are compiled one after the other; each takes 5 to 40 MB."""

_folder: Path | None = None


def keep_in(folder: Path) -> None:
    """Keep the indexes below *folder* from now on; before, it is the user's cache."""
    global _folder
    _folder = folder


@cache
def is_available(language: str) -> bool:
    """Tell whether there is a dictionary of *language* (a primary subtag)."""
    return _code(language) in dictionary_factory.SUPPORTED_LANGUAGES


def lexicon(language: str) -> Lexicon:
    """Return the dictionary of *language*; ValueError where there is none."""
    return _lexicon(_code(language))


@lru_cache(maxsize=_OPEN_AT_ONCE)
def _lexicon(code: str) -> Lexicon:
    packed = dictionary_factory.DATA_FOLDER / f"{code}.plzma"
    data = dictionary_factory._read_decompressed(code)
    version = crc32(packed.read_bytes())
    path = _index_file(code)
    index = _load(path, version) if path is not None else None
    if index is None:
        index = _Index.of(data)
        if path is not None:
            _save(path, index, version)
    return Lexicon(data, index)


def _code(language: str) -> str:
    return _CODES.get(language, language)


def alike(word: str) -> str:
    """Return what *word* and its spellings with other capitals and (Latin, Greek) accents have in common."""
    folded = word.casefold()
    return folded if "\u0400" <= folded[:1] <= "\u052f" else without_accents(folded)


class Lexicon:
    """The dictionary of one language. Words are in NFC, with the capitals of their lemma."""

    def __init__(self, data: bytes, index: _Index) -> None:
        self._data = data
        self._index = index
        self._block = lru_cache(maxsize=512)(self._decode)

    def lemma(self, form: str) -> str | None:
        """Return the lemma of *form*, written exactly so; None if it is not in the dictionary.

        A form has one lemma here, even where the language has several.
        """
        key = form.encode(errors="replace")
        block = bisect_right(self._index.firsts, key) - 1
        if block < 0:
            return None
        found = self._block(block).get(key)
        return found.decode() if found is not None else None

    def forms(self, lemma: str) -> tuple[str, ...]:
        """Return the forms of *lemma*, in the order of their code points; () if it is not a lemma."""
        key = lemma.encode(errors="replace")
        return tuple(
            form.decode()
            for block in _blocks(self._index.lemmas, key)
            for form, its in self._block(block).items()
            if its == key
        )

    def lemmas_like(self, word: str) -> tuple[str, ...]:
        """Return the lemmas that are *word* but for capitals and accents: Élection for election."""
        bare = alike(word)
        found = (
            lemma.decode()
            for block in _blocks(self._index.bare, bare.encode(errors="replace"))
            for lemma, its in self._block(block).items()
            if lemma == its
        )
        return tuple(lemma for lemma in found if alike(lemma) == bare)

    def __contains__(self, form: str) -> bool:
        return self.lemma(form) is not None

    def _decode(self, block: int) -> dict[bytes, bytes]:
        records = frontcode._iter_records(self._data, *self._index.seed(block))
        return {key: value for (_, key, value), _ in zip(records, range(_BLOCK), strict=False)}


class _Index:
    """Where in the data to look.

    *firsts* are the first forms of the blocks; *offsets*, *keys* and *values* what decoding one starts from;
    *lemmas* and *bare* pairs of a hash and the number of a block, sorted.
    """

    def __init__(
        self,
        firsts: list[bytes],
        offsets: array[int],
        keys: list[bytes],
        values: list[bytes],
        lemmas: array[int],
        bare: array[int],
    ) -> None:
        self.firsts = firsts
        self.offsets = offsets
        self.keys = keys
        self.values = values
        self.lemmas = lemmas
        self.bare = bare

    def seed(self, block: int) -> tuple[int, bytes, bytes]:
        return self.offsets[block], self.keys[block], self.values[block]

    @classmethod
    def of(cls, data: bytes) -> _Index:
        """Read *data* once, some 1.5 million forms a second."""
        reverse, _, position = frontcode._read_header(data)
        if reverse:
            raise ValueError("a dictionary sorted by the ends of its words cannot be indexed")
        firsts: list[bytes] = []
        offsets: array[int] = array("Q")
        keys: list[bytes] = []
        values: list[bytes] = []
        lemmas: set[int] = set()
        bare: set[int] = set()
        previous = last = b""
        block = -1
        for number, (start, form, lemma) in enumerate(frontcode._iter_records(data, position)):
            if number % _BLOCK == 0:
                block += 1
                firsts.append(form)
                offsets.append(start)
                keys.append(previous)
                values.append(last)
                last = b""
            if lemma != last:
                lemmas.add(crc32(lemma) << 32 | block)
                last = lemma
            if form == lemma:
                bare.add(crc32(alike(lemma.decode()).encode()) << 32 | block)
            previous = form
        return cls(firsts, offsets, keys, values, array("Q", sorted(lemmas)), array("Q", sorted(bare)))

    def dump(self) -> bytes:
        parts = [self.offsets.tobytes(), self.lemmas.tobytes(), self.bare.tobytes()]
        parts += [b"\n".join(words) for words in (self.firsts, self.keys, self.values)]
        return b"".join(len(part).to_bytes(8, "little") + part for part in parts)

    @classmethod
    def read(cls, dumped: bytes) -> _Index:
        """ValueError where *dumped* is not whole."""
        parts = list(_parts(dumped))
        offsets, lemmas, bare = (array("Q", part) for part in parts[:3])
        firsts, keys, values = (part.split(b"\n") for part in parts[3:])
        if not len(firsts) == len(keys) == len(values) == len(offsets):
            raise ValueError("its parts do not fit together")
        return cls(firsts, offsets, keys, values, lemmas, bare)


def _parts(dumped: bytes) -> Iterator[bytes]:
    at = 0
    for _ in range(6):
        size = int.from_bytes(dumped[at : at + 8], "little")
        yield dumped[at + 8 : at + 8 + size]
        at += 8 + size
    if at != len(dumped):
        raise ValueError("it is cut off")


def _blocks(pairs: array[int], key: bytes) -> Iterable[int]:
    low = crc32(key) << 32
    for at in range(bisect_left(pairs, low), len(pairs)):
        pair = pairs[at]
        if pair >> 32 != low >> 32:
            return
        yield pair & 0xFFFFFFFF


def _index_file(code: str) -> Path | None:
    try:
        folder = _folder or Path.home() / ".cache" / "marsad"
    except RuntimeError:  # a user without a home
        return None
    return folder / "dictionaries" / f"{code}.index"


def _load(path: Path, version: int) -> _Index | None:
    try:
        content = path.read_bytes()
        head = _FORMAT + version.to_bytes(4, "little")
        if not content.startswith(head):
            return None
        body = content[len(head) + 4 :]
        if crc32(body).to_bytes(4, "little") != content[len(head) : len(head) + 4]:
            return None
        return _Index.read(body)
    except (OSError, ValueError):
        return None


def _save(path: Path, index: _Index, version: int) -> None:
    """Write the file, whole or not at all. Where it cannot be written the next process makes it again."""
    body = index.dump()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=f"{path.stem}-", delete=False) as file:
            try:
                file.write(_FORMAT + version.to_bytes(4, "little") + crc32(body).to_bytes(4, "little") + body)
                file.close()
                os.replace(file.name, path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as exc:
        log.debug("index of a dictionary not saved", extra={"file": str(path), "detail": str(exc)})
