"""What a feed files its items under, in every format."""

from __future__ import annotations

import pytest

from marsad.feeds.parse import parse
from marsad.model import ParsedFeed

RSS = """<rss version="2.0"><channel><title>A</title><item><title>T</title>
<category>Politics</category><category domain="x"><![CDATA[Middle  East]]></category>
<category>politics</category><category/><category>سياسة &amp;amp; اقتصاد</category></item>
<item><title>U</title></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><id>1</id><title>T</title>
<category term="pol" label="Politics"/><category term="world"/></entry></feed>"""
JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "A",
"items": [{"id": "1", "content_text": "T", "tags": ["Politics", 5, "", "a\\u0000b"]},
{"id": "2", "tags": "x"}]}"""


def categories(body: str) -> list[tuple[str, ...]]:
    parsed = parse(body.encode(), url="https://a.example/", charset=None, content_type=None)
    assert isinstance(parsed, ParsedFeed)
    return [item.revision.categories for item in parsed.items]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (RSS, [("Politics", "Middle East", "سياسة & اقتصاد"), ()]),
        (ATOM, [("Politics", "world")]),
        (JSON, [("Politics", "ab"), ()]),
    ],
)
def test_categories(body, expected):
    assert categories(body) == expected


def test_they_are_bounded_and_make_no_other_revision():
    many = "".join(
        f"<category>{'c' * 500}{number}</category><category>n{number}</category>" for number in range(90)
    )
    body = f"<rss><channel><item><title>T</title>{many}</item><item><title>T</title></item></channel></rss>"
    first, second = categories(body)
    assert len(first) <= 50
    assert max(map(len, first)) <= 100
    assert second == ()
    parsed = parse(body.encode(), url="", charset=None, content_type=None)
    assert isinstance(parsed, ParsedFeed)
    assert len({item.revision.hash for item in parsed.items}) == 1
