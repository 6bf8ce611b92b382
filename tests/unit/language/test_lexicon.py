"""The index over simplemma's data: which forms a lemma has."""

from __future__ import annotations

import os

import pytest
from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES, DefaultDictionaryFactory

from marsad.language import lexicon as module
from marsad.language import registry
from marsad.language.lexicon import is_available, keep_in, lexicon


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_folder", None)
    module._lexicon.cache_clear()
    keep_in(tmp_path)
    yield tmp_path / "dictionaries"
    module._lexicon.cache_clear()


def test_the_index_is_the_dictionary_the_other_way_about(folder):
    plain = DefaultDictionaryFactory().get_dictionary("gv")
    forms: dict[str, set[str]] = {}
    for form in plain:
        forms.setdefault(plain[form], set()).add(form)
    words = lexicon("gv")
    assert all(set(words.forms(lemma)) == its for lemma, its in forms.items())
    assert all(words.lemma(form) == plain[form] for form in plain)


def test_lemmas_are_found_by_other_capitals_and_without_accents():
    words = lexicon("fr")
    assert words.lemmas_like("election") == ("élection",)
    assert words.lemmas_like("ÉLECTION") == ("élection",)
    assert words.lemmas_like("elektion") == ()
    assert "journaux" in words
    assert "" not in words
    assert "journalx" not in words
    assert words.forms("journaux") == ()
    assert words.lemma("\ud800") is None


def test_the_index_is_made_once(folder, monkeypatch):
    first = lexicon("gv").forms("thie")
    assert [path.name for path in folder.iterdir()] == ["gv.index"]
    module._lexicon.cache_clear()
    monkeypatch.setattr(module._Index, "of", None)
    assert lexicon("gv").forms("thie") == first


@pytest.mark.parametrize("damage", [b"", b"marsad lexicon 0\n", b"half", b"other"])
def test_an_index_that_cannot_be_read_is_made_again(folder, damage):
    first = lexicon("gv").forms("thie")
    path = folder / "gv.index"
    whole = path.read_bytes()
    if damage == b"half":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == b"other":  # of another version of the data
        path.write_bytes(whole[:17] + b"\0\0\0\0" + whole[21:])
    else:
        path.write_bytes(damage)
    module._lexicon.cache_clear()
    assert lexicon("gv").forms("thie") == first
    assert path.read_bytes() == whole


def test_a_folder_that_cannot_be_written_costs_time_alone(folder, tmp_path):
    file = tmp_path / "file"
    file.write_text("no folder")
    keep_in(file)
    assert lexicon("gv").forms("thie")
    assert os.listdir(tmp_path) == ["file"]


def test_the_registry_names_the_dictionaries_there_are():
    own = {code for code in SUPPORTED_LANGUAGES if code in registry._RULES}
    # Old forms of a language, and those that are written without spaces or vowels, are not expanded.
    left = SUPPORTED_LANGUAGES - own - {"enm", "grc", "hbs", "fa", "he", "hi"}
    assert left <= registry._WITH_DICTIONARY
    assert all(is_available(code) for code in registry._WITH_DICTIONARY)
    assert not is_available("xx")
