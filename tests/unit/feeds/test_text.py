"""Markup becomes text: blocks are lines, tags inside a word are nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.feeds.text import clean, markup_to_text, plain_to_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<b>Ac</b>me &amp; Sons", "Acme & Sons"),
        ("<p>one</p><p>two<br>three</p>", "one\ntwo\nthree"),
        ("<div><div> a\n b </div></div>c", "a b\nc"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a\nb"),
        ("<h1>Title</h1>text", "Title\ntext"),
        ("بال<b>روس</b>ية", "بالروسية"),
        ("5 < 6 & 7 > 3", "5 < 6 & 7 > 3"),
        ("AT&T R&D &copy &nbsp;&#8217;&#x2019;", "AT&T R&D © ’’"),
        ("&amp;lt;p&amp;gt;", "<p>"),
        ("&lt;p&gt;escaped &lt;b&gt;tw&lt;/b&gt;ice&lt;/p&gt;", "escaped twice"),
        ("AT&amp;amp;T", "AT&T"),
        ("a<![CDATA[ b ]]>c", "a b c"),
        ("a<script>if (x < y) alert('</p>')</script>b<style>p{}</style>c", "abc"),
        ("<svg><title>shape</title></svg>a", "a"),
        ("<iframe src=x>frame</iframe><noscript>no</noscript>a", "a"),
        ('<img src="x" alt="a picture" title="t">text', "text"),
        ("<!-- hidden -->shown<!-- never closed", "shown"),
        ("<p title='a>b'>x</p>", "x"),
        ("<a href=x>link</a>. <i>Next</i>", "link. Next"),
        ("zero\u200bwidth s\u00adoft \u202eturned\u202c", "zero\u200bwidth s\u00adoft \u202eturned\u202c"),
        ("&#0;&#1;a&#xD800;&#xFFFE;b", None),
        ("<br>" * 1000, ""),
        ("   \n ", ""),
        ("", ""),
    ],
)
def test_markup_becomes_text(markup: str, text: str | None) -> None:
    found = markup_to_text(markup)
    if text is None:
        assert not clean(found)[1]
    else:
        assert found == text


@pytest.mark.parametrize(
    ("plain", "text"),
    [
        ("a  b\nc", "a b c"),
        ("one\n\ntwo\r\n \r\nthree", "one\ntwo\nthree"),
        ("1 < 2 <b>", "1 < 2 <b>"),
        ("Fish &amp; chips", "Fish & chips"),
        ("<p>escaped by mistake</p>", "escaped by mistake"),
        ("a &unknown; b & c", "a &unknown; b & c"),
    ],
)
def test_plain_text_keeps_what_looks_like_a_tag(plain: str, text: str) -> None:
    assert plain_to_text(plain) == text


def test_depth_and_size_are_no_matter() -> None:
    assert markup_to_text("<div>" * 50_000 + "deep" + "</div>" * 50_000 + "after") == "deep\nafter"
    assert markup_to_text("<b>x</b>" * 50_000) == "x" * 50_000


@given(st.text(alphabet=st.characters(codec=None), max_size=200))
def test_no_text_keeps_a_control_character_or_a_surrogate(text: str) -> None:
    for found in (markup_to_text(clean(text)[0]), plain_to_text(clean(text)[0])):
        assert clean(found) == (found, 0)
        found.encode("utf-8")
        assert "\x00" not in found
        assert found == "\n".join(" ".join(line.split()) for line in found.split("\n"))
