"""Forms are computed in a child that exits, and remembered."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from marsad.errors import ExpansionError
from marsad.language import forms as forms_module
from marsad.language.base import Kind
from marsad.language.forms import FormsCache, Request, expand_in_child, expand_terms

TERMS = [("en", "ministry", Kind.KEYWORD), ("en", "J.D. Vance", Kind.NAME), ("gv", "thie", Kind.KEYWORD)]


def test_the_child_answers_what_this_process_would():
    assert expand_in_child(TERMS, cache=FormsCache()) == expand_terms(TERMS)


def test_the_parent_never_imports_a_dictionary():
    code = """
import sys
from marsad.language.base import Kind
from marsad.language.forms import FormsCache, expand_in_child
from marsad.language.names import known_names
from marsad.matching.terms import TermIndex
from marsad.language.tokens import tokenize
terms = [("ru", "посольство", Kind.KEYWORD), ("ar", "سفارة", Kind.KEYWORD), ("fr", "journal", Kind.KEYWORD)]
forms = expand_in_child(terms, cache=FormsCache())
index = TermIndex(((r.term, f) for r, f in forms.items()), {c: known_names(c) for c in ("ru", "ar", "fr")})
print(sorted(index.positions(tokenize("Здание посольства. مبنى السفارة. Les journaux"))))
print([name for name in sys.modules if "pymorphy" in name or "simplemma" in name])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found, loaded = run.stdout.splitlines()
    assert "посольство" in found
    assert "journal" in found
    assert loaded == "[]"


def test_what_is_cached_needs_no_child(monkeypatch):
    cache = FormsCache()
    first = expand_in_child(TERMS, cache=cache)
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    assert expand_in_child(TERMS, cache=cache) == first
    assert expand_in_child([], cache=cache) == {}


def test_a_child_that_dies_of_a_term_names_it_and_the_others_are_kept(monkeypatch):
    killer = """
import os
from marsad.language import english
plain = english.English.expand
def expand(self, term, kind):
    if term == "poison":
        os.kill(os.getpid(), 9)
    if term == "thorn":
        raise ValueError("a thorn")
    return plain(self, term, kind)
english.English.expand = expand
serve()
"""
    monkeypatch.setattr(forms_module, "_CHILD", forms_module._CHILD.replace("serve()\n", killer))
    cache = FormsCache()
    terms = [("en", term, Kind.KEYWORD) for term in ("envoy", "poison", "treaty", "thorn", "truce")]
    with pytest.raises(ExpansionError) as caught:
        expand_in_child(terms, cache=cache)
    assert [(language, term) for language, term, _ in caught.value.failed] == [
        ("en", "poison"),
        ("en", "thorn"),
    ]
    assert "signal 9" in str(caught.value)
    assert "a thorn" in str(caught.value)
    for term in ("envoy", "treaty", "truce"):
        assert cache.get(Request("en", term, Kind.KEYWORD)) is not None


def test_a_child_that_cannot_start_fails_every_term_after_two_tries(monkeypatch):
    monkeypatch.setattr(forms_module, "_CHILD", "raise SystemExit('no dictionaries here')")
    with pytest.raises(ExpansionError, match="no dictionaries here") as caught:
        expand_in_child([("en", str(n), Kind.KEYWORD) for n in range(50)], cache=FormsCache())
    assert len(caught.value.failed) == 50


def test_forms_outlive_the_process(tmp_path, monkeypatch):
    first = expand_in_child(TERMS, cache=FormsCache(tmp_path / "state"))
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    assert expand_in_child(TERMS, cache=FormsCache(tmp_path / "state")) == first
    assert sorted(path.name for path in (tmp_path / "state").iterdir()) == ["dictionaries", "forms.sqlite"]


@pytest.mark.parametrize("content", [b"", b"{", b"SQLite format 3\0" + b"x" * 4096, b"\xff\xfe" * 10_000])
def test_a_file_that_cannot_be_read_is_as_good_as_none(tmp_path, content):
    (tmp_path / "forms.sqlite").write_bytes(content)
    made = expand_terms(TERMS)
    assert FormsCache(tmp_path).find(made) == {}
    expand_in_child(TERMS, cache=FormsCache(tmp_path))
    assert expand_in_child(TERMS, cache=FormsCache(tmp_path)) == made
    assert set(FormsCache(tmp_path).find(made)) == set(made)


def test_a_row_that_a_broken_disk_changed_is_computed_again(tmp_path):
    expand_in_child(TERMS, cache=FormsCache(tmp_path))
    with closing(sqlite3.connect(tmp_path / "forms.sqlite")) as file, file:
        file.execute("UPDATE forms SET packed = substr(packed, 1, length(packed) - 9)")
    assert expand_in_child(TERMS, cache=FormsCache(tmp_path)) == expand_terms(TERMS)


def test_another_format_is_computed_again(tmp_path):
    with closing(sqlite3.connect(tmp_path / "forms.sqlite")) as file, file:
        file.execute("CREATE TABLE forms (other)")
        file.execute("PRAGMA user_version = 1")
    made = expand_terms(TERMS)
    assert expand_in_child(TERMS, cache=FormsCache(tmp_path)) == made
    assert set(FormsCache(tmp_path).find(made)) == set(made)


def test_the_file_forgets_what_was_asked_for_longest_ago(tmp_path):
    made = expand_terms([("en", term, Kind.KEYWORD) for term in ("one", "two", "three")])
    one, two, three = made
    for request in (one, two):
        cache = FormsCache(tmp_path, limit=2)
        cache.put(request, made[request])
        cache.save()
    cache = FormsCache(tmp_path, limit=2)
    assert cache.get(one) == made[one]
    cache.put(three, made[three])
    cache.save()
    assert list(FormsCache(tmp_path).find(made)) == [one, three]


def test_a_file_that_another_process_writes_is_left_to_it(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr("marsad.language.forms_cache._PATIENCE", 0.05)
    expand_in_child(TERMS[:1], cache=FormsCache(tmp_path))
    with closing(sqlite3.connect(tmp_path / "forms.sqlite", isolation_level=None)) as file:
        file.execute("BEGIN IMMEDIATE")
        assert len(expand_in_child(TERMS, cache=FormsCache(tmp_path))) == 3
        file.execute("COMMIT")
    assert "forms not saved" in caplog.text


def test_other_rules_are_other_forms(monkeypatch):
    cache = FormsCache()
    expand_in_child(TERMS, cache=cache)
    monkeypatch.setattr("marsad.language.english.English.rules", 999)
    assert cache.get(Request("en", "ministry", Kind.KEYWORD)) is None


def test_a_cache_forgets_what_was_asked_for_longest_ago():
    cache = FormsCache(limit=2)
    made = expand_terms([("en", term, Kind.KEYWORD) for term in ("one", "two", "three")])
    one, two, three = made
    cache.put(one, made[one])
    cache.put(two, made[two])
    assert cache.get(one)
    cache.put(three, made[three])
    assert cache.get(two) is None
    assert cache.get(one)
    assert cache.get(three)


def test_a_folder_that_refuses_costs_only_time(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    cache = FormsCache(tmp_path / "file")
    assert len(expand_in_child(TERMS, cache=cache)) == 3
