"""Bytes of a feed to text, whatever the server, the document and its author say about the encoding. Pure.

In order: byte-order mark, two- and four-byte encodings by their zeros, UTF-8 where the bytes are UTF-8
(other encodings do not look like it by chance), UTF-8 with replacement where it is declared or clearly meant,
then the declared encodings and the common ones of the web, judged by how much the text resembles a language.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

from charset_normalizer import from_bytes

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: it begins with its mark
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)

# Labels of the web that Python does not know.
_LABELS = {
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-gbk": "gb18030",
    "x-euc-jp": "euc_jp",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "unicode": "utf-16",
    "ucs-2": "utf-16",
    "iso-10646-ucs-2": "utf-16",
}
# As the WHATWG Encoding Standard reads labels: the Windows code page includes what the label promises.
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "koi8-r": "koi8-u",
}
_READABLE = frozenset(
    {
        *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
        *(f"cp{page}" for page in (866, 874, 932, 949, 950, *range(1250, 1259))),
        *(f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
        *("koi8-u", "koi8-t", "gb18030", "big5", "big5hkscs", "euc_jp", "iso2022_jp"),
    }
)
"""Codecs that a document may ask for; Python has others that unzip, or that run for ever."""
_MULTI_BYTE = ("gb18030", "cp932", "cp949", "big5", "euc_jp")
_GUESSED = (
    "cp1252",
    "cp1251",
    "cp1256",
    "koi8_u",
    *_MULTI_BYTE,
    "cp1250",
    "cp1254",
    "cp1253",
    "cp1255",
    "cp874",
    "iso8859_5",
    "iso8859_6",
    "cp866",
)
"""What is tried where nothing else fits; of equals the first wins."""
_SAMPLE_BYTES = 8192
_DECLARATION = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")


@dataclass(frozen=True, kw_only=True)
class Decoded:
    text: str
    encoding: str
    note: str = ""
    """Why an operator should look at the text, or ""."""


def decode(body: bytes, *, charset: str | None) -> Decoded:
    """Return the text of *body*; *charset* is what the HTTP header said. Never fails: see `note`."""
    for mark, name in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return _replacing(body[len(mark) :], name)
    wide = _wide(body)
    if wide is not None:
        return _replacing(body, wide)
    declared = _declared(body, charset)
    if body.isascii():
        if "iso2022_jp" in declared and b"\x1b" in body:
            return _replacing(body, "iso2022_jp")
        return Decoded(text=body.decode("ascii"), encoding="utf-8")
    as_utf8 = _as_utf8(body, declared)
    if as_utf8 is not None:
        return as_utf8
    return _legacy(body, [name for name in declared if not name.startswith("utf-")])


def codec_name(label: str | None) -> str | None:
    """Return the codec for an encoding's *label*, or None where it is unknown or unsafe."""
    plain = (label or "").strip().strip("\"'").lower()
    try:
        name = codecs.lookup(_LABELS.get(plain, plain)).name
    except (LookupError, ValueError, OSError):  # OSError: one not loaded, in a worker that opens no files
        return None
    name = _WIDER.get(name, name)
    return name if name in _READABLE else None


def load_codecs() -> None:
    """Load every codec that a document may ask for; Python would open its file at the first use."""
    for name in _READABLE:
        codecs.lookup(name)


def _declared(body: bytes, charset: str | None) -> list[str]:
    """Name the declared encodings, the HTTP header's first."""
    found = _DECLARATION.match(body[:1024])
    labels = (charset, found[1].decode("ascii") if found else None)
    names = [name for name in map(codec_name, labels) if name is not None]
    return list(dict.fromkeys(names))


def _wide(body: bytes) -> str | None:
    """Recognise UTF-16 and UTF-32 without a mark by the zeros around the first character."""
    head = body[:4]
    if len(head) < 4:
        return None
    zeros = "".join("0" if byte == 0 else "x" for byte in head)
    return {"000x": "utf-32-be", "x000": "utf-32-le", "0x0x": "utf-16-be", "x0x0": "utf-16-le"}.get(zeros)


def _replacing(body: bytes, name: str) -> Decoded:
    text = body.decode(name, "replace")
    bad = text.count("\ufffd")
    return Decoded(text=text, encoding=name, note=_bad_note(bad, name) if bad else "")


def _as_utf8(body: bytes, declared: Sequence[str]) -> Decoded | None:
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    others = [name for name in declared if name != "utf-8"]
    if bad == 0:
        note = (
            f"encoding suspect: declared {others[0]}, read as utf-8"
            if declared and others == declared
            else ""
        )
        return Decoded(text=text, encoding="utf-8", note=note)
    good = len(text) - len(text.encode("ascii", "ignore")) - text.count("\ufffd")
    clearly_meant = good >= 10 * bad and good >= 5
    if clearly_meant or ("utf-8" in declared and good >= 2 * bad):
        return Decoded(text=text, encoding="utf-8", note=_bad_note(bad, "utf-8"))
    return None


def _legacy(body: bytes, declared: Sequence[str]) -> Decoded:
    """Choose among 8-bit and East Asian encodings by the text that they make of the same bytes."""
    sample = _sample(body)
    guess = _guess(sample)
    scores = {name: _resemblance(sample, name) for name in dict.fromkeys([*declared, guess])}
    known = {name: score for name, score in scores.items() if score is not None}
    # A declaration has the benefit of the doubt, as the right one scores 0.5 and koi8-r read as windows-1251
    # below 0.4; Latin-1 less so, as servers declare it for everything.
    trusted = {name: known[name] - (0.1 if name == "cp1252" else 0.0) for name in declared if name in known}
    if trusted:
        name = max(trusted, key=trusted.__getitem__)
        if name == codec_name(guess) or trusted[name] >= known.get(guess, 0.0) - 0.12:
            return _replacing(body, name)
    decoded = _replacing(body, codec_name(guess) or guess)
    said = f"declared {declared[0]}" if declared else "undeclared"
    return Decoded(
        text=decoded.text,
        encoding=decoded.encoding,
        note=f"encoding suspect: {said}, read as {decoded.encoding}",
    )


def _sample(body: bytes) -> bytes:
    """Return the passages between tags that are not ASCII, up to a few kilobytes."""
    passages = []
    size = 0
    for passage in re.finditer(rb"[^<>]*[\x80-\xff][^<>]*", body):
        passages.append(passage[0][:_SAMPLE_BYTES])
        size += len(passages[-1])
        if size >= _SAMPLE_BYTES:
            break
    return b"\n".join(passages)


def _guess(sample: bytes) -> str:
    best = from_bytes(sample, cp_isolation=list(_GUESSED)).best()
    if best is not None and best.encoding in _MULTI_BYTE:
        # Few texts are valid in these by chance.
        return best.encoding
    scores = {name: _resemblance(sample, name) for name in _GUESSED if name not in _MULTI_BYTE}
    known = {name: score for name, score in scores.items() if score is not None}
    if not known:
        return "cp1252"
    top = max(known.values())
    return next(name for name, score in known.items() if score >= top - 0.01)


def _resemblance(sample: bytes, name: str) -> float | None:
    """Say how much *sample* read in *name* resembles a language (about 0.5 for the right one), or None.

    None where more than one byte in a hundred means nothing in that encoding.
    """
    clean = sample.decode(name, "ignore").encode(name, "ignore")
    if len(sample) - len(clean) > 1 + len(sample) // 100:
        return None
    found = from_bytes(clean, cp_isolation=[name], threshold=1.0, steps=8, chunk_size=1024).best()
    return None if found is None else found.coherence - found.chaos / 2


def _bad_note(bad: int, name: str) -> str:
    plural = "character is" if bad == 1 else "characters are"
    return f"encoding suspect: {bad} {plural} not valid {name}"
