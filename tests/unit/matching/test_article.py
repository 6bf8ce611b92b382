"""The article that Marsad was made for, and its counterparts: a watch finds just what a reader would mark."""

from __future__ import annotations

import pytest

from marsad.feeds.parse import parse
from marsad.matching.document import Source
from marsad.model import Field, ParsedFeed, Prominence, Revision
from tests.shared_data import shared
from tests.unit.matching.world import compiled, entity, item, match, watch

ENTITIES = (
    entity(
        "zakharova",
        "person",
        names={"ar": ["ماريا زاخاروفا"], "ru": ["Мария Захарова"], "en": ["Maria Zakharova"]},
        weak={"ar": ["زاخاروفا"], "ru": ["Захарова"], "en": ["Zakharova"]},
        with_query='МИД OR "foreign ministry" OR الخارجية',
    ),
    entity("hamas", "organisation", names={"ar": ["حماس"], "ru": ["ХАМАС"], "en": ["Hamas"]}),
    entity("moscow", "place", names={"ar": ["موسكو"], "ru": ["Москва"], "en": ["Moscow"]}),
)
QUERIES = (
    *("@zakharova", "روسيا", "@hamas", "@hamas NEAR/10 @moscow", '"وزارة الخارجية"', "حماسة", "روس"),
    *("@zakharova NOT @hamas", "Россия", '"министерство иностранных дел"', "Russia", '"foreign ministry"'),
)
WATCHES = compiled([watch(query, query) for query in QUERIES], ENTITIES)

Marked = dict[str, list[tuple[str, str]]]


def marked(revision: Revision) -> Marked:
    """Return for each query that matches what it marks: (field, text) in reading order."""
    matches = match(WATCHES, revision, Source(feed_id="vision")).matches
    return {found.watch_id: [(hit.field, hit.text) for hit in found.hits] for found in matches}


def words(field: Field, *texts: str) -> list[tuple[str, str]]:
    return [(field, text) for text in texts]


def test_the_arabic_article_as_it_was_published():
    body = shared("data/seed/feed.xml").read_bytes()
    parsed = parse(body, url="https://example.org/", charset=None, content_type=None)
    assert isinstance(parsed, ParsedFeed)
    (article,) = parsed.items
    found = marked(article.revision)
    title, summary, content = (lambda *texts, field=field: words(field, *texts) for field in list(Field)[:3])
    # What the content repeats of the summary is told once, in the summary.
    assert found == {
        "@zakharova": content("ماريا زاخاروفا"),
        "روسيا": summary("روسيا") + content("روسيا", "لروسيا", "روسيا", "روسيا", "روسيا"),
        "@hamas": title("حماس") + summary("حماس") + content(*["حماس"] * 9),
        "@hamas NEAR/10 @moscow": title("حماس", "موسكو")
        + summary("حماس", "موسكو")
        + content("حماس", "موسكو", "حماس", "موسكو")
        + content("حماس", "حماس", "موسكو", "موسكو", "حماس", "حماس", "موسكو"),
        '"وزارة الخارجية"': summary("وزارة الخارجية")
        + content("وزارة الخارجية", "لوزارة الخارجية", *["وزارة الخارجية"] * 2, "لوزارة الخارجية"),
        "روس": content("الروس", "الروس"),
    }
    text = article.revision.content
    around = [
        text[hit.start - 6 : hit.end + 7]
        for hit in match(WATCHES, article.revision).matches[-1].hits
        if hit.term == "روس"
    ]
    assert around == ["إجلاء الروس من قطا", "اطنين الروس والأجا"]


ARABIC = item(
    "وزيرة تشرح سبب وصول وفد «حماس» إلى موسكو",
    "قالت ماريا زاخاروفا، المتحدثة باسم وزارة الخارجية الروسية، إن روسيا استقبلت الوفد.\n"
    "وأضافت أن الدعوة جاءت من روسيا، وأن حماسة البعض لا تكفي لوزارة الخارجية.\n"
    "وأُجلي الروس عبر المعبر، ولم ترد حركة حماس على ما كتبته الصحف الروسية عن لروسيا دورها.",
    language="ar",
)
RUSSIAN = item(
    "В Москве объяснили визит делегации ХАМАС",
    "Представитель министерства иностранных дел Мария Захарова рассказала о приёме ХАМАСа.\n"
    "По словам Захаровой, Россия поддерживает переговоры; о России писал и Захаров.\n"
    "Российская сторона с Марией Захаровой согласна. Москвичи и хамасовцы не комментировали.",
    language="ru",
)
ENGLISH = item(
    "Moscow explains why it received Hamas",
    "Maria Zakharova of the foreign ministry spoke of Hamas’s visit to Moscow.\n"
    "Zakharova's words on Russia were quoted; Russian foreign ministries abroad kept silent.\n"
    "Zakharov was not asked, nor were the people of hummus and Muscovy.",
    language="en",
)


def test_our_own_arabic_counterpart():
    content = Field.CONTENT
    assert marked(ARABIC) == {
        "@zakharova": words(content, "ماريا زاخاروفا"),
        "روسيا": words(content, "روسيا", "روسيا", "لروسيا"),
        "@hamas": [*words(Field.TITLE, "حماس"), *words(content, "حماس")],
        "@hamas NEAR/10 @moscow": words(Field.TITLE, "حماس", "موسكو"),
        '"وزارة الخارجية"': words(content, "وزارة الخارجية", "لوزارة الخارجية"),
        "حماسة": words(content, "حماسة"),
        "روس": words(content, "الروس"),
    }


def test_the_russian_counterpart():
    content = Field.CONTENT
    assert marked(RUSSIAN) == {
        "@zakharova": words(content, "Мария Захарова", "Захаровой", "Марией Захаровой"),
        "@hamas": [*words(Field.TITLE, "ХАМАС"), *words(content, "ХАМАСа")],
        "@hamas NEAR/10 @moscow": words(Field.TITLE, "Москве", "ХАМАС"),
        "Россия": words(content, "Россия", "России"),
        '"министерство иностранных дел"': words(content, "министерства иностранных дел"),
    }


def test_the_english_counterpart():
    content = Field.CONTENT
    assert marked(ENGLISH) == {
        "@zakharova": words(content, "Maria Zakharova", "Zakharova's"),
        "@hamas": [*words(Field.TITLE, "Hamas"), *words(content, "Hamas’s")],
        "@hamas NEAR/10 @moscow": [
            *words(Field.TITLE, "Moscow", "Hamas"),
            *words(content, "Hamas’s", "Moscow"),
        ],
        "Russia": words(content, "Russia"),
        '"foreign ministry"': words(content, "foreign ministry", "foreign ministries"),
    }


@pytest.mark.parametrize("revision", [ARABIC, RUSSIAN, ENGLISH])
def test_prominence_is_that_of_the_best_hit(revision):
    of = {found.watch_id: found.prominence for found in match(WATCHES, revision).matches}
    assert of["@hamas"] is Prominence.HEADLINE
    assert of["@zakharova"] is Prominence.LEAD
