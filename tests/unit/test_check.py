"""A configuration is checked as a whole: files, keys, queries and names, each mistake at its place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from marsad import config
from marsad.errors import ConfigurationError
from marsad.language.base import Kind
from marsad.language.forms import FormsCache, Request
from marsad.operations.check import Checked, check_configuration, compile_settings, load_configuration
from tests.unit.config_folder import FEED, VALID, Files, write


def check(folder: Path, files: Files | None = None) -> Checked:
    return check_configuration(write(folder, {"marsad.toml": '[service]\nstate = "."\n', **(files or {})}))


def mistakes(folder: Path, files: Files) -> list[str]:
    return [str(mistake) for mistake in check(folder, files).mistakes]


def warnings(folder: Path, files: Files) -> list[str]:
    return [str(warning) for warning in check(folder, files).warnings]


def query(text: str, more: str = "") -> dict[str, str | bytes | None]:
    send = '[[watch.send]]\nto = "anna"\n'
    return {"watches.toml": f'[[watch]]\nid = "a"\nquery = {text}\n{more}{send}'}


def entity(*lines: str) -> dict[str, str | bytes | None]:
    first = ["[[entity]]", 'id = "who"', 'kind = "person"']
    return {"entities.toml": "\n".join([*first, *lines, ""])}


def test_a_right_configuration_is_compiled(tmp_path):
    checked = check(tmp_path, entity('name = "Maria Zakharova"') | query("'@who OR talks'"))
    assert checked.mistakes == ()
    assert [watch.definition.id for watch in checked.watch_set.watches] == ["a"]
    assert (tmp_path / "forms.sqlite").exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'talks AND (visit'", 'watches.toml:3: watch "a": query: column 11: this parenthesis is never'),
        ('"  "', "column 1: the query is empty (write at least one term)"),
        ('"talks\\u0000"', "column 6: a control character (\\x00) stands here (remove it: it cannot"),
        ("'talks AND @hamsa'", 'column 11: no entity has the id "hamsa" (entities are defined in ent'),
        ("'talks feed:tsas'", 'column 7: no feed has the id "tsas" (did you mean "tass"?)'),
        ("'talks tag:wire'", 'column 7: no feed has the tag "wire" (tags are given to feeds in feeds.toml'),
        ("'talks w/5 visit'", 'column 7: "w/5" is no operator (write NEAR/5)'),
    ],
)
def test_a_mistake_in_a_query_has_file_line_key_column_and_hint(tmp_path, text, expected):
    (told,) = mistakes(tmp_path, query(text))
    assert told.startswith('watches.toml:3: watch "a": query: column')
    assert expected in told


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("'''\ntalks\nOR (visit\n'''", 5, 4),
        ("'''talks OR\n  (visit\n'''", 4, 3),
        ('"""\ntalks OR\n\n  visit AND (aa OR bb\n"""', 6, 13),
        ("'''\r\ntalks\r\nOR (visit\r\n'''", 5, 4),
        ('"talks OR\\n(visit"', 3, 10),
        ('"""talks OR \\\n  (visit"""', 3, 10),
    ],
)
def test_a_mistake_in_a_query_of_several_lines_names_the_line(tmp_path, text, line, column):
    (mistake,) = check(tmp_path, query(text)).mistakes
    assert (mistake.line, mistake.column) == (line, column)


LISTS = """[[watch]]
id = "a"
any = [
  "talks OR (visit",
  '''
trip
OR @nobody''',
]
all_of = ["the", "aid AND summit OR visit"]
none = ["football"]
"""


def test_mistakes_in_lists_name_the_text_and_its_line(tmp_path):
    checked = check(tmp_path, {"watches.toml": LISTS})
    assert [str(mistake).partition(" (")[0] for mistake in checked.mistakes] == [
        'watches.toml:4: watch "a": any[1]: column 10: this parenthesis is never closed',
        'watches.toml:7: watch "a": any[2]: column 4: no entity has the id "nobody"',
        'watches.toml:9: watch "a": all_of[1]: column 1: "the" stands in nearly every text',
    ]
    mixed = [str(warning) for warning in checked.warnings if "mixed" in str(warning)]
    assert mixed[0].startswith('watches.toml:9: watch "a": all_of[2]: column 1: AND and OR are mixed')


def test_lists_that_could_match_without_a_term(tmp_path):
    (told,) = mistakes(tmp_path, {"watches.toml": '[[watch]]\nid = "a"\nnone = ["talks"]\n'})
    assert told.startswith('watches.toml:1: watch "a": NOT talks could match without any term (add a term')


def test_mistakes_of_watches_name_the_file_they_stand_in(tmp_path):
    watches = {f"watches.d/{name}.toml": f'[[watch]]\nid = "{name}"\nquery = "talks OR"\n' for name in "bc"}
    told = mistakes(tmp_path, watches)
    assert [line.split(" column")[0] for line in told] == [
        'watches.d/b.toml:3: watch "b": query:',
        'watches.d/c.toml:3: watch "c": query:',
    ]


def test_all_kinds_of_mistakes_are_told_at_once_in_the_order_of_the_files(tmp_path):
    files = entity('name = "W"', 'weak.ru = ["Захарова"]', "with = 'МИД AND ('")
    files |= query("'talks AND'") | {"feeds.toml": FEED + 'evry = "5m"\n'}
    told = mistakes(tmp_path, files)
    assert [line.partition(" (")[0] for line in told] == [
        'feeds.toml:4: feed "tass": evry: unknown key',
        'entities.toml:4: entity "who": name: "W" is one letter: it would find nearly everything',
        'entities.toml:6: entity "who": with: column 9: this parenthesis is never closed',
        'watches.toml:3: watch "a": query: column 7: nothing follows AND',
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (['name = "…"'], '4: entity "who": name: "…" holds no letter and no digit'),
        (
            ['name = "Z1"', 'names.ru = ["Захарова", "а"]'],
            '5: entity "who": names.ru[2]: "а" is one letter',
        ),
        (['name = "Z1"', 'names.en = ["the"]'], 'names.en[1]: "the" stands in nearly every text'),
        (['name = "Z1"', 'not = ["?"]'], '"who": not[1]: "?" holds no letter'),
        (
            ['name = "Захарова"', 'weak.ru = ["Захарова"]'],
            '"who": weak: weak names alone never count (add a strong name under names',
        ),
        (
            ['name = "Z1"', 'weak.ru = ["Захарова"]', "with = '@who'"],
            "with: comes back to itself: @who → @who (break the circle)",
        ),
        (
            ['name = "Z1"', 'weak.ru = ["Захарова"]', "with = 'МИД OR @whom'"],
            'with: column 8: no entity has the id "whom" (did you mean "who"?)',
        ),
        (
            ['name = "Z1"', 'weak.ru = ["Захарова"]', "with = 'МИД OR watch:talks'"],
            "with: column 8: watch:talks cannot stand in an entity (write what it looks for)",
        ),
        (
            ['name = "Z1"', 'weak.ru = ["Захарова"]', "with = 'МИД date:7d'"],
            "with: column 5: date:7d is for searches of the archive",
        ),
    ],
)
def test_mistakes_of_entities(tmp_path, lines, expected):
    (told,) = mistakes(tmp_path, entity(*lines))
    assert expected in told


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (query("'talks AND visit OR trip'"), '3: watch "a": query: column 1: AND and OR are mixed without'),
        (query("'\u200ftalks'"), "column 1: invisible direction marks in the query are ignored"),
        (query("'Mосква'"), '"Mосква" mixes Cyrillic and Latin letters'),
        (
            entity('name = "Maria Zakharova"', "with = 'visit'"),
            '5: entity "who": with: has no effect (it is for weak names, and there are none)',
        ),
        (
            entity('name = "Z1"', 'names.ru = ["Захарова"]', 'weak.ru = ["Захарова"]'),
            '6: entity "who": weak.ru[1]: "Захарова" is a strong name too (keep one of them)',
        ),
    ],
)
def test_what_is_doubtful_is_a_warning(tmp_path, files, expected):
    (told,) = warnings(tmp_path, files)
    assert expected in told


def test_a_watch_on_a_wrong_entity_is_no_further_mistake_where_the_file_tells_it_already(tmp_path):
    wrong_key = entity('name = "Maria Zakharova"', "nmaes = 5")
    (told,) = mistakes(tmp_path, wrong_key | query("'@who NEAR/5 talks'"))
    assert "nmaes: unknown key" in told
    (told,) = mistakes(tmp_path, {"entities.toml": "["} | query("'@who OR @whom'"))
    assert told.startswith("entities.toml:")


def test_what_uses_an_entity_that_is_lost_is_no_mistake_either(tmp_path):
    more = '[[entity]]\nid = "b"\nkind = "other"\nname = "B1"\nweak.en = ["B2"]\nwith = "@who"\n'
    files = entity('name = "Maria Zakharova"', "nmaes = 5")
    files["entities.toml"] = str(files["entities.toml"]) + more
    (told,) = mistakes(tmp_path, files | query("'@b'"))
    assert "nmaes: unknown key" in told


def test_feeds_that_cannot_be_read_make_no_further_mistakes_in_queries(tmp_path):
    (told,) = mistakes(tmp_path, {"feeds.toml": "["} | query("'talks feed:b OR visit tag:wire'"))
    assert told.startswith("feeds.toml:")


def test_a_watch_that_names_a_broken_entity_says_which(tmp_path):
    told = mistakes(tmp_path, entity('name = "W"') | query("'talks OR @who'"))
    assert told[1].endswith('column 10: the entity "who" cannot be used (see what is wrong with it)')


def test_what_is_loaded_has_no_mistake(tmp_path):
    write(tmp_path, query("'talks AND'"))
    with pytest.raises(ConfigurationError, match="nothing follows AND"):
        load_configuration(tmp_path)
    write(tmp_path, query("'talks'"))
    assert len(load_configuration(tmp_path).watch_set) == 1


def test_settings_are_compiled_with_the_forms_that_are_given(tmp_path):
    settings = config.load(write(tmp_path, query("'talks'")))
    cache = FormsCache()
    assert len(compile_settings(settings, cache).watch_set) == 1
    assert cache.get(Request("en", "talks", Kind.KEYWORD))
    assert not (tmp_path.parent / "var").exists()


def marsad(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "marsad", "--config", str(folder), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_tells_warnings_and_mistakes_and_ends_with_2(tmp_path):
    write(tmp_path, VALID | query("'talks AND visit OR trip OR @hamsa'"))
    ended = marsad(tmp_path, "check")
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.splitlines() == [
        'warning: watches.toml:3: watch "a": query: column 1: AND and OR are mixed without parentheses'
        " (AND binds first: it is read as (talks AND visit) OR trip OR @hamsa)",
        'watches.toml:3: watch "a": query: column 28: no entity has the id "hamsa"'
        " (entities are defined in entities.toml)",
        "1 mistake in the configuration",
    ]
    write(tmp_path, query("'talks'"))
    ended = marsad(tmp_path, "check")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.endswith("1 feeds, 1 watches, 0 entities, 1 recipients; no mistakes\n")
