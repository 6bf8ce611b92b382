"""What an index of the archive is asked for never hides a mention, in any script or language."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from marsad.matching.document import Source
from marsad.matching.narrowing import keys_of, narrowed
from marsad.matching.watchset import compile_watch_set
from marsad.model import EntityDefinition, Narrowing, Revision, WatchDefinition
from tests.shared_data import shared

NOW = datetime(2026, 3, 10, tzinfo=UTC)
ENTITIES = [
    EntityDefinition(
        id="zakharova",
        kind="person",
        name="Maria Zakharova",
        names=(("ar", ("ماريا زاخاروفا",)), ("ru", ("Мария Захарова",)), ("en", ("Maria Zakharova",))),
        weak=(("ru", ("Захарова",)),),
    ),
    EntityDefinition(id="bbc", kind="organisation", name="BBC", names=(("ar", ("BBC", "بي بي سي")),)),
]


def revision(text: str, language: str | None) -> Revision:
    return Revision(
        title="",
        summary="",
        content=text,
        author="",
        language=language,
        link=None,
        published=None,
        hash="",
    )


def is_candidate(keys: Iterable[str], narrowing: Narrowing) -> bool:
    """Ask as an index does."""
    known = set(keys)
    return all(
        any(
            all(
                word.keys & known or any(key.startswith(tuple(word.beginnings)) for key in known)
                for word in conjunction
            )
            for conjunction in conjunctions
        )
        for conjunctions in narrowing
    )


def judged(query: str, text: str, *languages: str, language: str | None = None) -> tuple[bool, bool]:
    """Return whether a watch mentions a text, and whether the index would offer it."""
    watch = WatchDefinition(id="w", name="w", label="w", query=query, languages=languages)
    compilation = compile_watch_set([watch], ENTITIES)
    assert not compilation.mistakes, compilation.mistakes
    watch_set = compilation.watch_set
    item = revision(text, language)
    matches = watch_set.match(item, Source(feed_id="f"), now=NOW).matches
    narrowing = narrowed(watch_set, watch_set.watches[0])
    assert narrowing is not None
    return bool(matches), is_candidate(keys_of(item), narrowing)


@pytest.mark.parametrize(
    ("query", "text", "languages"),
    [
        ("روسيا", "اتهام لروسيا", ()),
        ("سفير", "استدعاء السفراء", ()),
        ("@zakharova", "по словам Марии Захаровой", ()),
        ("@zakharova AND талк", "Захаровой и талка Марии Захаровой", ()),
        ("@bbc", "حسب BBC أمس", ()),
        ("minist*", "the Ministries", ()),
        ("wom?n", "two women", ()),
        ("استدع*", "واستدعت الخارجية", ()),
        ('exact:"Foreign Office"', "the Foreign Office said", ()),
        ("F-16", "six F16 jets", ()),
        ('"foreign ministry" OR visit', "two foreign ministries", ()),
        ("title:talks OR talks NEAR/3 peace", "talks of peace", ()),
        ("talks NEAR/3 peace NEAR/3 Cairo", "talks of peace in Cairo", ()),
        ("(talks OR visit) NOT NEAR/3 peace AND Cairo", "a visit to Cairo", ()),
        ("talks AND (minist* OR /k[aeo]bul/) NOT peace", "talks in Kabul: kabul", ()),
        ("talks AND NOT (peace OR war)", "talks", ()),
        ("count(talks) >= 2 AND Cairo", "talks and talks in Cairo", ()),
        ("score(1: talks, 1: Cairo) >= 1 AND visit", "a visit to Cairo", ()),
        ("Straße AND @zakharova SENT визит", "Straße: визит Марии Захаровой", ("de", "ru")),
        ("Straße", "in Strassen und STRASSE", ("de",)),
        ("État", "l’Etat français", ("fr",)),
        ("İstanbul", "İstanbul'da", ("tr",)),
        ("Београд", "u Beogradu", ("sr",)),
        ("中国", "他去中国访问", ("zh",)),
        ("東京", "東京で会議", ("ja",)),
        ("서울", "서울에서 열린", ("ko",)),
        ("רוסיה", "שגריר ברוסיה", ("he",)),
    ],
)
def test_what_is_found_is_offered(query: str, text: str, languages: tuple[str, ...]) -> None:
    assert judged(query, text, *languages) == (True, True)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("روسيا", "الرئيس الروسي"),
        ('"foreign ministry"', "a foreign visit"),
        ("minist*", "an administration"),
        ("talks AND Cairo", "talks in Tunis"),
        ("Cairo AND talks", "talks in Tunis"),
        ("talks NEAR/3 Cairo AND (visit OR peace)", "talks in Cairo"),
        ("(talks OR visit) EXCEPT war AND @zakharova", "a visit"),
    ],
)
def test_what_cannot_be_found_is_mostly_left_out(query: str, text: str) -> None:
    assert judged(query, text) == (False, False)


def test_it_hides_nothing_of_what_people_wrote() -> None:
    path = shared("data/languages/dev.items.jsonl")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    found = 0
    told = [row for row in rows if row["should_match"] and len(row["query"]) > 3]
    for row in random.Random(5).sample(told, 120):  # noqa: S311
        mentioned, offered = judged(f'"{row["query"]}"', row["text"], row["lang"], language=row["lang"])
        assert offered or not mentioned, row
        found += mentioned
    assert found > 90
