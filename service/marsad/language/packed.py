"""The forms of a term in few bytes: as they are saved, and as they wait in memory until a text meets them.

As objects the forms of a term take some 8 KB, packed 0.5.
"""

from __future__ import annotations

import json
import zlib
from functools import lru_cache
from typing import Any

from marsad.language.base import Form, Kind, TermForms


def pack(forms: TermForms) -> bytes:
    return zlib.compress(json.dumps(encode(forms), ensure_ascii=False, separators=(",", ":")).encode(), 1)


def unpack(packed: bytes) -> TermForms:
    """Return what was packed; ValueError where it is not that."""
    try:
        return decode(json.loads(zlib.decompress(packed)))
    except (zlib.error, TypeError, RecursionError) as error:
        raise ValueError(f"no packed forms: {error}") from error


def is_packed(packed: object) -> bool:
    """Tell whether *packed* is whole, as it may come from a broken disk."""
    try:
        return isinstance(packed, bytes) and bool(zlib.decompress(packed))
    except zlib.error:
        return False


def encode(forms: TermForms) -> list[Any]:
    """Return *forms* as JSON has it."""
    sequences = [
        [[[form.key, form.reason, sorted(form.marks), form.typed] for form in word] for word in sequence]
        for sequence in forms.sequences
    ]
    return [forms.language, forms.term, forms.kind, sequences, forms.hints]


def decode(encoded: list[Any]) -> TermForms:
    language, term, kind, sequences, hints = encoded
    return TermForms(
        language,
        term,
        Kind(kind),
        tuple(
            tuple(
                tuple(Form(key, reason, _marks(*marks), typed) for key, reason, marks, typed in word)
                for word in sequence
            )
            for sequence in sequences
        ),
        tuple(hints),
    )


@lru_cache(maxsize=1024)
def _marks(*marks: str) -> frozenset[str]:
    """Return the same set for the same marks: there are few, and forms by the hundred thousand."""
    return frozenset(marks)
