"""Queries, items and hostile texts for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from marsad.matching.document import Source
from marsad.model import Revision
from tests.unit.matching.world import item

WORDS = {
    "ar": [
        "وزير",
        "الخارجية",
        "حماس",
        "روسيا",
        "الروس",
        "روسي",
        "لروسيا",
        "موسكو",
        "سفير",
        "السفراء",
        "زاخاروفا",
    ],
    "ru": ["министр", "Захарова", "Захаровой", "Мария", "Москвы", "МИД", "газ", "Газе", "визит", "ХАМАСа"],
    "en": ["minister", "foreign", "ministries", "US", "us", "Hamas", "Moscow", "visit", "Zakharova", "F-16"],
}
TERMS = [
    *("وزير", "حماس", "روسيا", "روس", "السفير", "زيارة", "министр", "Захарова", "газ", "МИД", "визит"),
    *("minister", "ministry", "US", "Moscow", "visit", "COP31", "cease-fire"),
]
PHRASES = [
    '"وزارة الخارجية"',
    '"министр визит"',
    '"foreign ministry"',
    "«foreign minister»",
    '"foreign minist*"',
]
SEPARATORS = [" ", " ", " ", " ", " ", ", ", ". ", "\n", "-", "«", "» ", "’s ", "", "\u200f", " — "]

terms = st.sampled_from(TERMS)
entities = st.sampled_from(["@zakharova", "@hamas", "@moscow", "entity:hamas"])
words = st.one_of(
    terms,
    st.sampled_from(PHRASES),
    entities,
    st.sampled_from(['="US"', "exact:visit", "exact:«министр»", "name:حماس", '"foreign minister"~3']),
    st.sampled_from(
        [
            "minist*",
            "Захар*",
            "m?nist*",
            "виз?т",
            "سفي?",
            "anycase:us",
            "anycase:МИД",
            "related:روسيا",
            "related:Russia",
        ]
    ),
    st.sampled_from(["/minist.r/i", r"/\bвиз\w+\b/", "/ال?روس/"]),
)
links = st.one_of(
    st.builds("{}/{}".format, st.sampled_from(["NEAR", "ONEAR"]), st.integers(0, 12)),
    st.sampled_from(["NEAR", "SENT", "PARA"]),
)
filters = st.one_of(st.builds("NOT NEAR/{}".format, st.integers(0, 9)), st.just("EXCEPT"))


def _group(part: str) -> str:
    return f"({part})"


def _spots(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    grouped = inner.map(_group)
    return st.one_of(
        st.lists(grouped, min_size=2, max_size=3).map(" OR ".join).map(_group),
        st.builds("{} {} {}".format, grouped, links, grouped).map(_group),
        st.builds("{} {} {} {} {}".format, grouped, links, grouped, links, grouped).map(_group),
        st.builds("{} {} {}".format, grouped, filters, grouped).map(_group),
    )


spots = st.recursive(words, _spots, max_leaves=5)
"""What stands at places of the text."""
fields = st.builds(
    "{}:{}".format, st.sampled_from(["title", "summary", "content", "lead", "author"]), spots.map(_group)
)
sources = st.sampled_from(["lang:ar", "lang:ru", "feed:tass", "tag:wire", "feed:other", "tag:none"])


def _wholes(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    grouped = inner.map(_group)
    return st.one_of(
        st.lists(grouped, min_size=2, max_size=3).map(" AND ".join),
        st.lists(grouped, min_size=2, max_size=3).map(" ".join),
        st.lists(grouped, min_size=2, max_size=3).map(" OR ".join),
        st.builds("{} NOT {}".format, grouped, grouped),
        st.builds("{} -{}".format, grouped, grouped),
        st.builds("{} AND {}".format, grouped, sources),
        st.builds("{} NOT {}".format, grouped, sources),
        st.builds("count({}) >= {}".format, spots, st.integers(1, 4)),
        st.builds(
            "score({}: {}, {}: {}) >= {}".format,
            st.integers(1, 3),
            inner,
            st.integers(-3, 3),
            inner,
            st.integers(1, 5),
        ),
    )


queries = st.recursive(st.one_of(spots, spots, fields), _wholes, max_leaves=4)
"""Queries that can be read."""


@st.composite
def texts(draw: st.DrawFn, *, longest: int = 14) -> str:
    """Running text of known words, in one language or in several."""
    known = draw(st.sampled_from([*WORDS.values(), [word for known in WORDS.values() for word in known]]))
    pairs = st.tuples(st.sampled_from(known), st.sampled_from(SEPARATORS))
    return "".join(word + separator for word, separator in draw(st.lists(pairs, max_size=longest)))


@st.composite
def items(draw: st.DrawFn) -> Revision:
    title, summary = draw(texts(longest=6)), draw(texts(longest=8))
    content = draw(texts(longest=80)) if draw(st.booleans()) else draw(texts())
    if draw(st.booleans()):
        content = f"{summary}\n{content}"  # feeds repeat themselves
    return item(
        title,
        content,
        summary=summary,
        author=draw(st.sampled_from(["", "Maria Zakharova", "министр"])),
        language=draw(st.sampled_from([None, "ar", "ru", "en", "fa", "de"])),
    )


item_sources = st.builds(
    Source,
    feed_id=st.sampled_from(["tass", "other"]),
    tags=st.sampled_from([(), ("wire",), ("wire", "none")]),
    language=st.sampled_from([None, "ar", "ru"]),
)
hostile = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("\x00\ud800\udfff\u0301\u064b\u0651\u200d\u202e\u2066\ufeff'’\"*?.:-ًّـ١۳ﷺ𝒜ё"),
        st.sampled_from("روسياحمMоскваUS"),
    ),
    max_size=80,
)
"""Any characters at all, lone surrogates, marks without a letter, NUL."""
