"""The bodies everybody watches: each name is found as its own, and namesakes are not."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from functools import cache

import pytest

from marsad.language.names import fold_name
from marsad.matching.document import Source
from marsad.matching.matcher import WatchSet
from marsad.matching.packs import BODIES, COUNTRIES, pack
from marsad.matching.watchset import compile_watch_set
from marsad.model import Revision, WatchDefinition
from tests.unit.matching.country_lines import framed, name_forms, word_forms

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@cache
def every_body() -> WatchSet:
    watches = [WatchDefinition(id=it, name=it, label=it, query=f"@{it}") for it in pack(BODIES)]
    compilation = compile_watch_set(watches, packs=[BODIES])
    assert [str(it) for it in (*compilation.mistakes, *compilation.warnings)] == []
    return compilation.watch_set


def hits(text: str, language: str) -> dict[str, list[tuple[int, int]]]:
    revision = Revision(
        title="", summary="", content=text, author="", language=language, link=None, published=None, hash="0"
    )
    result = every_body().match(revision, Source(feed_id="a"), now=NOW)
    return {match.watch_id: [(hit.start, hit.end) for hit in match.hits] for match in result.matches}


def test_every_name_is_found_in_its_forms() -> None:
    missed = []
    for identity, body in pack(BODIES).items():
        for language in ("ar", "ru", "en"):
            forms = [
                form
                for words, inflect in (
                    (body.names, name_forms),
                    (body.weak, name_forms),
                    (body.related, word_forms),
                )
                for its, listed in words
                if its == language
                for word in listed
                for form in inflect(language, word)
            ]
            lines = [framed(language, form) for form in forms]
            places = hits("\n".join(lines), language).get(identity, [])
            start = 0
            for line in lines:
                if not any(start <= first and last <= start + len(line) for first, last in places):
                    missed.append((identity, line))
                start += len(line) + 1
    assert missed == []


def test_no_name_belongs_to_two_entities_of_the_packs() -> None:
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for identity, body in pack(BODIES).items():
        for words in (body.names, body.related):
            for language, listed in words:
                for word in listed:
                    mark = "+" if word.endswith("+") else ""
                    owners[language, fold_name(language, word) + mark].add(identity)
    assert {key: ids for key, ids in owners.items() if len(ids) > 1} == {}
    assert set(pack(BODIES)).isdisjoint(pack(COUNTRIES))


@pytest.mark.parametrize(
    ("identity", "language", "text", "expected"),
    [
        ("hamas", "ar", "أكدت حماس أن وفد الحركة وصل", ["حماس"]),
        ("hamas", "ar", "هتف الجمهور بحماس شديد", []),
        ("hamas", "ru", "Переговоры с ХАМАСом: хамасовцы и движение «ХАМАС»",
         ["ХАМАСом", "хамасовцы", "ХАМАС"]),
        ("fatah", "ar", "فتح معبر رفح أمام المساعدات", []),
        ("fatah", "ar", "قال قيادي في حركة فتح إن الحركة ترحب", ["حركة فتح"]),
        ("taliban", "ar", "أصيب طالبان في حادث قرب المدرسة", []),
        ("taliban", "ar", "قالت طالبان في كابول إن المدارس تفتح", ["طالبان"]),
        ("al-qaeda", "ar", "استهدفت طائرة القاعدة الجوية", []),
        ("al-qaeda", "en", "Fighters of al-Qaeda and al Qaida", ["al-Qaeda", "al Qaida"]),
        ("opec", "en", "OPEC+ agreed; OPEC itself did not", ["OPEC"]),
        ("opec-plus", "en", "OPEC+ agreed; OPEC itself did not", ["OPEC+"]),
        ("opec-plus", "ar", "قرر تحالف أوبك+ خفض الإنتاج", ["تحالف أوبك"]),
        ("opec-plus", "ru", "Страны ОПЕК+ сократят добычу, ОПЕК ждёт", ["ОПЕК+"]),
        ("who", "en", "Those who ask the WHO know who it is", ["WHO"]),
        ("un", "en", "The U.N. envoy and the UN's chief; un ami", ["U.N.", "UN's"]),
        ("un-security-council", "ru", "Совбез РФ собрался; Совбез ООН тоже", ["Совбез ООН"]),
        ("un-security-council", "ar", "اجتمع مجلس الأمن القومي التركي", []),
        ("un-security-council", "ar", "دعت الأمم المتحدة مجلس الأمن إلى التحرك", ["مجلس الأمن"]),
        ("eu", "ar", "قرر الاتحاد الأوروبي لكرة القدم إيقاف لاعب", []),
        ("eu", "ar", "قال الاتحاد الأوروبي إنه يدعم", ["الاتحاد الأوروبي"]),
        ("houthis", "ar", "هاجم الحوثيون سفينة، وقالت القوات الحوثية", ["الحوثيون", "الحوثية"]),
        ("houthis", "ru", "Хуситы атаковали, удар по хуситам", ["Хуситы", "хуситам"]),
        ("islamic-state", "en", "The IS of the matter IS this", []),
        ("wagner-group", "ru", "Опера Рихарда Вагнера", []),
        ("wagner-group", "ru", "Бойцы ЧВК «Вагнер» и вагнеровцы", ["ЧВК «Вагнер", "вагнеровцы"]),
        ("nato", "ru", "В НАТО и натовские базы", ["НАТО", "натовские"]),
        ("nato", "ar", "قال أمين عام الناتو إن حلف شمال الأطلسي مستعد", ["الناتو", "حلف شمال الأطلسي"]),
        ("arab-league", "ar", "طلاب الجامعة العربية المفتوحة", []),
        ("imf", "ar", "قال صندوق النقد العربي", []),
    ],
)  # fmt: skip
def test_a_body_is_not_its_namesake(identity: str, language: str, text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in hits(text, language).get(identity, [])] == expected
