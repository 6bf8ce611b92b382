"""What stands for a Turkish term, and what only looks like it."""

from __future__ import annotations

import pytest

from marsad.language.base import Kind
from marsad.language.registry import language_for
from marsad.language.tokens import tokenize
from marsad.language.turkish_suffixes import harmonises, splits
from marsad.matching import find
from marsad.matching.terms import find_term


def found(term: str, text: str, kind: str = "keyword") -> list[str]:
    return [text[start:end] for start, end in find("tr", term, text, kind)]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("bakan", "bakanların, bakanımız, bakandan, bakanlık", ["bakanların", "bakanımız", "bakandan"]),
        ("ev", "evlerimizdekilerden, evimde, evli, evsiz", ["evlerimizdekilerden", "evimde"]),
        ("kitap", "kitabı, kitaplar, kitaplık, kitabevi", ["kitabı", "kitaplar"]),
        ("renk", "rengi, renkler, renkli", ["rengi", "renkler"]),
        ("şehir", "şehri, şehirde, şehirli", ["şehri", "şehirde"]),
        ("hak", "hakkı, haklar, haklı", ["hakkı", "haklar"]),
        ("saat", "saati, saatler, saatçi", ["saati", "saatler"]),
        ("elçilik", "elçiliği, elçiliklerin, elçi", ["elçiliği", "elçiliklerin"]),
        ("görüşmeler", "görüşme, görüşmede, görüşmelerin", ["görüşme", "görüşmede", "görüşmelerin"]),
        ("kâğıt", "kağıdı, kâğıtlar", ["kağıdı", "kâğıtlar"]),
        ("ateşkes", "ateşkesin, ateşkestedir", ["ateşkesin", "ateşkestedir"]),
        ("deprem", "depremdi, depremmiş, depremdir", ["depremdir"]),
        ("iç", "içi, için", ["içi"]),
        ("yapı", "yapıyı, yapısının, yapın, yapıt", ["yapıyı", "yapısının", "yapın"]),
    ],
)
def test_a_keyword_takes_the_chain_of_a_noun(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("Erdoğan", "Erdoğan'ın, Erdoğan’la, ERDOĞAN'A, erdoğan'ın", 3),
        ("Ankara", "Ankara'da, Ankaradan, Ankaralı, Ankara'daki", 3),
        ("Lavrov", "Lavrov'un, Lavrovlar", 1),
        ("Zonguldak", "Zonguldak'a, Zonguldağa", 1),
        ("Dışişleri Bakanlığı", "Dışişleri Bakanlığı'nın, Dışişleri Bakanlığına", 2),
        ("BM", "BM'nin, BM, bm", 2),
        ("NATO", "NATO'nun, Nato'ya, nato", 2),
    ],
)
def test_names(term, text, expected):
    assert len(found(term, text, "name")) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("İran", "İran'ın, İRAN, Iran, iran", ["İran'ın", "İRAN"]),
        ("ışık", "IŞIK, Işıklar, işik", ["IŞIK", "Işıklar"]),
        ("istanbul", "İstanbul, İSTANBUL, Istanbul", ["İstanbul", "İSTANBUL"]),
    ],
)
def test_dotted_and_dotless_i_are_two_letters(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("stem", "chain", "fits"),
    [
        ("ev", "lerimizdekilerden", True),
        ("okul", "un", True),
        ("okul", "in", False),
        ("kitap", "ta", True),
        ("kitap", "da", False),
        ("kitab", "ımdaki", True),
        ("yol", "dayken", True),
    ],
)
def test_vowel_harmony(stem, chain, fits):
    assert harmonises(stem, chain) is fits


def test_a_stem_may_take_front_vowels_against_its_own():
    assert not harmonises("saat", "i")
    assert harmonises("saat", "i", front=True)


def test_a_token_is_split_in_every_way_that_is_a_chain():
    assert list(splits("evlerin")) == [("evleri", "n"), ("evler", "in"), ("ev", "lerin")]


def test_the_reason_names_the_suffix():
    forms = language_for("tr").expand("Lavrov", Kind.NAME)
    assert [hit.reason for hit in find_term(forms, tokenize("Lavrov'un"))] == ["Lavrov + 'un"]
