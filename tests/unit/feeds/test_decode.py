"""A body's text is the publisher's text, whatever was declared."""

from __future__ import annotations

import json
from collections import defaultdict

import pytest

from marsad.feeds.decode import codec_name, decode
from tests.shared_data import shared

ARABIC = "أعلنت الوزارة اليوم عن افتتاح الطريق الجديد بين المدينتين، وقال الوزير إن العمل بدأ قبل عام."
RUSSIAN = "Министерство сообщило сегодня об открытии новой дороги между городами, работа началась год назад."
CHINESE = "外交部发言人今天在北京表示,两国将继续加强合作,共同推动地区和平与发展。"
JAPANESE = "外務省の報道官は本日、両国が協力を続け、地域の平和と発展に取り組むと述べました。"
GERMAN = "Die Behörde hält an den Plänen für die Straße fest; über Änderungen wird später entschieden."


def document(text: str, declared: str | None = None) -> str:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return f"{declaration}<rss><channel><item><title>{text}</title></item></channel></rss>"


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (ARABIC, "windows-1256"),
        (ARABIC, "iso-8859-6"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "iso-8859-5"),
        (CHINESE, "gb18030"),
        (CHINESE, "gbk"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
        (GERMAN, "iso-8859-1"),
        (GERMAN, "windows-1252"),
        (ARABIC, "utf-8"),
    ],
)
@pytest.mark.parametrize(
    "told", ["declared", "by HTTP", "both", "not at all", "as utf-8", "as latin-1 by HTTP"]
)
def test_text_is_read_as_it_was_written(text: str, codec: str, told: str) -> None:
    inside = {"declared": codec, "both": codec, "as utf-8": "utf-8", "as latin-1 by HTTP": codec}.get(told)
    charset = {"by HTTP": codec, "both": codec, "as latin-1 by HTTP": "iso-8859-1"}.get(told)
    text = text.encode(codec, "ignore").decode(codec)
    original = document(text, inside)
    decoded = decode(original.encode(codec), charset=charset)
    assert decoded.text == original
    truthful = told in {"declared", "by HTTP", "both"} or codec == "utf-8"
    assert truthful or decoded.note or told == "as latin-1 by HTTP" or text == GERMAN


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("charset", [None, "utf-8", "utf-16"])
def test_wide_encodings_are_read_with_and_without_a_mark(codec: str, charset: str | None) -> None:
    original = document(ARABIC, "utf-16")
    assert decode(original.encode(codec), charset=charset).text == original


def test_a_utf8_mark_is_no_text() -> None:
    assert decode(b"\xef\xbb\xbf<rss/>", charset="windows-1256").text == "<rss/>"


@pytest.mark.parametrize("declared", ["utf-8", None, "windows-1251"])
@pytest.mark.parametrize("text", [ARABIC, RUSSIAN, GERMAN * 3])
def test_one_bad_byte_costs_one_character(text: str, declared: str | None) -> None:
    good = document(text, declared).encode()
    middle = good.index(b" ", good.index(b"<title>"))
    decoded = decode(good[:middle] + b"\xff" + good[middle:], charset=None)
    assert decoded.text.replace("\ufffd", "") == good.decode()
    assert "1 character is not valid utf-8" in decoded.note


@pytest.mark.parametrize(
    ("written", "header", "declared"),
    [("windows-1251", "koi8-r", "windows-1251"), ("koi8-r", "koi8-r", "windows-1251")],
)
def test_header_and_declaration_disagree_and_the_text_decides(
    written: str, header: str, declared: str
) -> None:
    original = document(RUSSIAN, declared)
    assert decode(original.encode(written), charset=header).text == original


def test_utf8_declared_as_something_else_is_utf8_and_says_so() -> None:
    decoded = decode(document(ARABIC, "windows-1256").encode(), charset="windows-1256")
    assert ARABIC in decoded.text
    assert decoded.note == "encoding suspect: declared cp1256, read as utf-8"


def test_iso_2022_jp_is_read_although_it_is_ascii() -> None:
    body = document(JAPANESE, "iso-2022-jp").encode("iso2022_jp")
    assert JAPANESE in decode(body, charset=None).text


@pytest.mark.parametrize(
    "label",
    ["zip", "hex", "rot13", "unicode_escape", "idna", "punycode", "utf-7", "no such", "", None, "a\0b"],
)
def test_codecs_that_are_no_encodings_are_never_used(label: str | None) -> None:
    assert codec_name(label) is None
    assert decode(b"<rss>+AGE-</rss>", charset=label).text == "<rss>+AGE-</rss>"


@pytest.mark.parametrize("body", [b"", b"\xff", b"\xfe\xff", b"\x00", b"\x80" * 1000, bytes(range(256)) * 20])
def test_no_bytes_are_refused(body: bytes) -> None:
    assert isinstance(decode(body, charset="utf-8").text, str)


def test_arabic_russian_and_persian_sentences_are_recognised_undeclared() -> None:
    """Measured on foreign text: 40 documents each of about 600 bytes, all of them right."""
    texts: dict[str, list[str]] = defaultdict(list)
    with shared("data/languages/dev.items.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            if entry["lang"] in {"ar", "ru", "fa"}:
                texts[entry["lang"]].append(entry["text"])
    wrong = 0
    for language, codec in (("ar", "cp1256"), ("fa", "cp1256"), ("ru", "cp1251"), ("ru", "koi8-r")):
        for start in range(40):
            passage = " ".join(texts[language][start * 8 : start * 8 + 5])
            body = document(passage).encode(codec, "ignore")
            wrong += decode(body, charset=None).text != body.decode(codec)
    assert wrong == 0
