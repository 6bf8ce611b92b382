"""Mails as their readers get them, hostile feeds and secret names included."""

from __future__ import annotations

import email
import email.header
import email.policy
import re
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.channels.headers import FSI, LRM, PDI, RLM, clean, encoded, field
from marsad.channels.links import ascii_domain, link_from
from marsad.channels.render import compose
from marsad.channels.views import view_of
from marsad.errors import ChannelError, MessageTooLarge, PermanentSendError
from marsad.model import (
    DeliveryContent,
    DeliveryKind,
    Field,
    Hit,
    MentionView,
    Message,
    Prominence,
    Revision,
    StoryView,
)

NOW = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)

TITLE = "وزارة الخارجية تستضيف جولة محادثات جديدة"
SUMMARY = (
    "وصل الوفدان مساء الأحد. وأكدت وزارة الخارجية أن الجولة تبدأ غدا. وتستمر يومين. ولم يعلن جدول الأعمال."
)


def hit(text: str, term: str, *, field: Field = Field.SUMMARY, reason: str = "as typed") -> Hit:
    source = TITLE if field is Field.TITLE else SUMMARY
    start = source.index(text)
    return Hit(
        field=field,
        start=start,
        end=start + len(text),
        text=text,
        term=term,
        entity=None,
        language="ar",
        reason=reason,
    )


def mention(*hits: Hit, name: str = "الخارجية", label: str = "دبلوماسية") -> MentionView:
    return MentionView(
        watch_id="w",
        watch_name=name,
        watch_label=label,
        prominence=Prominence.LEAD,
        hits=hits,
        found_at=NOW,
    )


def story(
    *mentions: MentionView,
    title: str = TITLE,
    summary: str = SUMMARY,
    link: str | None = "https://news.example/1",
    source: str = "وكالة المرصد",
    published: datetime | None = NOW,
) -> StoryView:
    revision = Revision(
        title=title,
        summary=summary,
        content="",
        author="",
        language="ar",
        link=link,
        published=published,
        hash="0",
    )
    return StoryView(item_id=1, feed_id="f", feed_name=source, revision=revision, mentions=mentions)


def composed(
    *stories: StoryView,
    kind: DeliveryKind = DeliveryKind.INSTANT,
    omitted: int = 0,
    recipient: str = "amal@example.org",
    sender: str = "marsad@example.org",
    max_bytes: int | None = None,
) -> Message:
    return compose(
        DeliveryContent(kind=kind, window="1", timezone="Africa/Cairo", stories=stories, omitted=omitted),
        message_id="<1@marsad.example>",
        sender=sender,
        sender_name="مرصد",
        recipient=recipient,
        planned_at=NOW,
        contact="press@example.org",
        max_bytes=max_bytes,
    )


def parsed(message: Message) -> EmailMessage:
    mail = email.message_from_bytes(message.data, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def part(message: Message, subtype: str) -> str:
    body = parsed(message).get_body((subtype,))
    assert body is not None
    return str(body.get_content())


class _Marks(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.marks: list[str] = []
        self.tags: set[str] = set()
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._open = tag == "mark"
        if self._open:
            self.marks.append("")

    def handle_endtag(self, tag: str) -> None:
        self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            self.marks[-1] += data


def read_html(message: Message) -> _Marks:
    reader = _Marks()
    reader.feed(part(message, "html"))
    return reader


ORDINARY = story(mention(hit("وزارة الخارجية", "وزارة الخارجية")))


def test_a_mail_shows_the_sentence_with_its_neighbours_the_source_the_time_and_the_reason() -> None:
    text = part(composed(ORDINARY), "plain")
    assert "وصل الوفدان مساء الأحد. وأكدت *وزارة الخارجية* أن الجولة تبدأ غدا. وتستمر يومين." in text
    assert "ولم يعلن" not in text
    assert "وكالة المرصد" in text
    assert "Mon 2 Mar 2026, 08:30 Cairo" in text
    assert "https://news.example/1" in text
    assert f"{FSI}وزارة الخارجية{PDI} — as typed" in text


def test_exactly_the_hits_are_marked_and_overlapping_ones_once() -> None:
    both = story(
        mention(hit("وزارة الخارجية", "a"), hit("وزارة", "b", field=Field.TITLE)),
        mention(hit("الخارجية أن", "c")),
    )
    assert read_html(composed(both)).marks == ["وزارة", "وزارة الخارجية أن"]


def test_a_hit_that_is_not_what_stands_there_is_not_marked() -> None:
    wrong = Hit(
        field=Field.SUMMARY, start=0, end=3, text="xyz", term="x", entity=None, language="en", reason=""
    )
    assert read_html(composed(story(mention(wrong)))).marks == []


def test_right_to_left_text_has_its_direction_and_its_subject_is_isolated() -> None:
    message = composed(ORDINARY)
    assert '<div dir="rtl" lang="ar"' in part(message, "html")
    assert parsed(message)["Subject"] == f"{FSI}دبلوماسية{PDI}: {FSI}{TITLE}{PDI}" == message.subject


def test_names_of_watches_stand_in_the_body_alone() -> None:
    message = composed(story(mention(name="Operation Heron", label="talks"), title="Talks"))
    head = message.data.partition(b"\r\n\r\n")[0]
    assert "Operation Heron" in part(message, "plain")
    assert "Operation Heron" not in str(parsed(message)["Subject"])
    assert b"Heron" not in head
    assert parsed(message)["Subject"] == "talks: Talks"


def test_each_watch_is_shown_where_it_was_found_however_many_others_were_found_before() -> None:
    """A reader whose watch is met once, far down, must see that sentence, not three of somebody else's."""
    blocks = [f"Gas is mentioned in paragraph {number}." for number in range(9)]
    blocks[7] = "The minister met Zakharova there."
    summary = "\n".join(blocks)
    everywhere = [
        hit("وزارة", "gas")._replace(text="Gas", start=at, end=at + 3)
        for at in (found.start() for found in re.finditer("Gas", summary))
    ]
    at = summary.index("Zakharova")
    once = hit("وزارة", "z")._replace(text="Zakharova", start=at, end=at + 9)
    text = part(
        composed(
            story(mention(*everywhere, name="gas"), mention(once, name="z"), title="x", summary=summary)
        ),
        "plain",
    )
    assert text.count("*Gas*") == 2
    assert "The minister met *Zakharova* there." in text
    assert "and 6 more hits in this item" in text


def test_a_watch_with_two_terms_is_shown_where_both_were_found() -> None:
    summary = "Hamas alone.\nHamas again.\nMoscow alone.\nGas.\nHamas went to Moscow."
    hits = [
        hit("وزارة", word)._replace(text=word, start=found.start(), end=found.end())
        for word in ("Hamas", "Moscow")
        for found in re.finditer(word, summary)
    ]
    shown = view_of(
        story(mention(*hits), title="x", summary=summary), when=lambda moment: moment.isoformat()
    ).excerpts
    assert ["".join(piece.text for piece in one) for one in shown][-1] == "Hamas went to Moscow."


def test_an_item_that_is_full_of_hits_is_shown_in_a_moment() -> None:
    summary = "\n".join(f"Gas number {number}." for number in range(20_000))
    hits = [
        hit("وزارة", "gas")._replace(text="Gas", start=found.start(), end=found.end())
        for found in re.finditer("Gas", summary)
    ]
    mentions = [mention(*hits, name=f"w{number}") for number in range(5)]
    begin = time.perf_counter()
    composed(story(*mentions, title="x", summary=summary))
    assert time.perf_counter() - begin < 20


def test_arabic_that_begins_with_a_foreign_name_still_reads_from_right_to_left() -> None:
    title = "NATO: وزارة الخارجية تستضيف جولة محادثات"
    text = part(composed(story(mention(), title=title)), "plain")
    line = next(line for line in text.splitlines() if "NATO" in line)
    # The first letter that counts, outside and inside of the isolate, is of the paragraph's direction.
    assert line == f"{RLM}{FSI}{RLM}{title}{PDI}"
    english = "The ministry (الخارجية) speaks"
    text = part(composed(story(mention(), title=english, summary="It speaks of much.")), "plain")
    assert f"{FSI}{LRM}{english}{PDI}" in text


def test_a_reason_that_begins_with_arabic_does_not_turn_what_follows_around() -> None:
    found = hit("وزارة الخارجية", "وزارة الخارجية", reason="ل + روسيا")._replace(entity="russia")
    message = composed(story(mention(found)))
    assert f"{FSI}ل + روسيا{PDI}; a name of @russia" in part(message, "plain")
    assert "<bdi>ل + روسيا</bdi>; a name of <bdi>@russia</bdi>" in part(message, "html")


def test_the_head_says_who_when_and_that_no_one_wrote_it() -> None:
    mail = parsed(composed(ORDINARY))
    assert mail["Message-ID"] == "<1@marsad.example>"
    assert mail["To"] == "amal@example.org"
    assert mail["From"].addresses[0].display_name == "مرصد"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == NOW
    assert mail["Content-Language"] == "ar, en"
    assert "alerts.marsad.example.org" in mail["List-Id"]
    assert mail.get_content_type() == "multipart/alternative"


def test_nothing_is_fetched_when_the_mail_is_opened() -> None:
    reader = read_html(composed(ORDINARY))
    assert not reader.tags & {"img", "link", "script", "iframe", "object", "video", "audio", "base", "form"}
    assert "url(" not in part(composed(ORDINARY), "html")


def test_markup_of_a_feed_is_shown_as_text() -> None:
    evil = '<script>alert(1)</script><img src=x onerror="alert(1)">'
    message = composed(story(mention(name=evil, label=evil), title=evil, summary=evil, source=evil))
    assert not read_html(message).tags & {"script", "img"}
    assert evil in part(message, "plain")


@pytest.mark.parametrize("sep", ["\r\n", "\n", "\r", "\u2028", "\u2029", "\x00", "\x85"])
def test_a_feed_adds_no_header(sep: str) -> None:
    evil = f"Talks{sep}Bcc: spy@example.org{sep}{sep}body"
    mail = parsed(composed(story(mention(label=evil), title=evil, source=evil)))
    assert mail["Bcc"] is None
    assert mail["Subject"].count("Bcc") == 2
    assert mail.get_content_type() == "multipart/alternative"


def test_overrides_of_direction_reach_no_reader() -> None:
    message = composed(story(mention(label="a\u202eb"), title="x\u202e\u2066y\u2069", summary="z\u202d"))
    assert "\u202e" not in message.subject
    for subtype in ("plain", "html"):
        assert not re.search("[\u202a-\u202e\u2066\u2067]", part(message, subtype))


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "jAvA\tscript:alert(1)", "data:text/html,x", "//host/x", "ftp://x/", "http://"],
)
def test_only_http_links_are_links(url: str) -> None:
    assert link_from(url) is None
    assert "<a " not in part(composed(story(mention(), link=url)), "html")


def test_a_host_in_letters_that_pass_for_others_is_shown_as_punycode() -> None:
    cyrillic = link_from("https://user:secret@аррlе.com/x y"[:-4])
    assert cyrillic is not None
    assert cyrillic.host.startswith("xn--")
    assert "secret" not in cyrillic.url
    arabic = link_from("https://موقع.مصر/خبر?a=1")
    assert arabic is not None
    assert arabic.host == "موقع.مصر"
    assert arabic.url.isascii()


def test_an_undated_item_says_when_it_was_first_seen() -> None:
    text = part(composed(story(mention(), published=None)), "plain")
    assert "first seen Mon 2 Mar 2026, 08:30 Cairo" in text


@pytest.mark.parametrize("year", [1, 9999])
def test_a_date_beyond_the_calendar_is_told_as_it_is(year: int) -> None:
    moment = datetime(year, 1 if year == 1 else 12, 1 if year == 1 else 31, 23, 59, tzinfo=UTC)
    assert str(year) in part(composed(story(mention(), published=moment)), "plain")


def test_a_catch_up_counts_what_it_does_not_show() -> None:
    message = composed(*[ORDINARY] * 30, kind=DeliveryKind.CATCH_UP, omitted=12)
    assert "Catch-up, 30 of 42 stories" in message.subject
    assert "and 12 more stories" in part(message, "plain")
    assert part(message, "html").count('href="#s') == 30


def test_a_mail_that_is_too_long_names_the_rest_and_then_counts_it() -> None:
    stories = [story(mention(), title=f"headline {n}", summary="word " * 60) for n in range(40)]
    whole = composed(*stories, kind=DeliveryKind.DIGEST)
    cut = composed(*stories, kind=DeliveryKind.DIGEST, max_bytes=len(whole.data) // 2)
    assert len(cut.data) <= len(whole.data) // 2
    assert all(f"headline {n}" in part(cut, "plain") for n in range(40))
    assert "in short" in part(cut, "plain")
    shortest = composed(*stories, kind=DeliveryKind.DIGEST, max_bytes=20_000)
    assert len(shortest.data) <= 20_000
    assert "more stories, counted only" in part(shortest, "plain")
    with pytest.raises(MessageTooLarge):
        composed(*stories, kind=DeliveryKind.DIGEST, max_bytes=100)


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert composed(ORDINARY).data == composed(ORDINARY).data


def test_an_address_with_a_line_end_is_refused() -> None:
    with pytest.raises(PermanentSendError):
        composed(ORDINARY, recipient="a@example.org\r\nBcc: b@example.org")
    with pytest.raises(ChannelError):
        composed(ORDINARY, sender="nobody")
    assert ascii_domain("amal@пример.рф") == "amal@xn--e1afmkfd.xn--p1ai"


@given(st.text(max_size=600))
def test_any_header_text_reads_back_equal(text: str) -> None:
    told = clean(text)
    line = field("Subject", told)
    assert all(len(piece) <= 78 for piece in line.split(b"\r\n"))
    mail = email.message_from_bytes(line + b"\r\n", policy=email.policy.default)
    assert mail["Subject"] == told
    assert mail.keys() == ["Subject"]


def test_a_long_arabic_subject_with_emoji_is_torn_nowhere() -> None:
    text = "محادثات 👩‍👩‍👧‍👦 " * 30
    words = encoded(text).split(b"\r\n ")
    assert (
        "".join(str(email.header.make_header(email.header.decode_header(word.decode()))) for word in words)
        == text
    )
    assert all(len(word) <= 75 for word in words)


anything = st.text(st.characters(codec=None), max_size=120)


@given(title=anything, summary=anything, source=anything, name=anything, label=anything, data=st.data())
def test_no_text_of_a_feed_breaks_a_mail(
    title: str, summary: str, source: str, name: str, label: str, data: st.DataObject
) -> None:
    hits = []
    if summary:
        start = data.draw(st.integers(0, len(summary) - 1))
        end = data.draw(st.integers(start + 1, len(summary)))
        hits = [
            Hit(
                field=Field.SUMMARY,
                start=start,
                end=end,
                text=summary[start:end],
                term=name,
                entity=None,
                language="",
                reason=label,
            )
        ]
    message = composed(
        story(
            mention(*hits, name=name, label=label), title=title, summary=summary, source=source, link=source
        )
    )
    mail = parsed(message)
    assert mail["Subject"] == message.subject
    assert all(len(line) <= 998 for line in message.data.split(b"\r\n"))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", message.data)
    assert [p.get_content_type() for p in mail.iter_parts()] == ["text/plain", "text/html"]
    assert part(message, "html").rstrip().endswith("</html>")
