"""Every mistake says where it stands and what to write instead, and none hides another."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad import config
from marsad.errors import ConfigurationError
from tests.unit.config_folder import FEED, WATCH, Files, mistake, mistakes, warnings, write


def feed(**keys: str) -> dict[str, str | bytes | None]:
    """A feeds.toml with one feed whose keys are written as given."""
    values = {"id": '"tass"', "url": '"https://tass.example.org/rss"'} | keys
    return {
        "feeds.toml": "[[feed]]\n" + "".join(f"{key} = {value}\n" for key, value in values.items() if value)
    }


def watch(**keys: str) -> dict[str, str | bytes | None]:
    values = {"id": '"talks"', "query": '"talks"', "send": '[{ to = "anna", when = "instant" }]'} | keys
    return {"watches.toml": "[[watch]]\n" + "".join(f"{k} = {v}\n" for k, v in values.items() if v)}


def entity(**keys: str) -> dict[str, str | bytes | None]:
    values = {"id": '"x"', "kind": '"person"', "name": '"X"', "names": '{ en = ["X"] }'} | keys
    return {"entities.toml": "[[entity]]\n" + "".join(f"{k} = {v}\n" for k, v in values.items() if v)}


def recipient(**keys: str) -> dict[str, str | bytes | None]:
    values = {"id": '"anna"', "address": '"anna@example.org"'} | keys
    return {"recipients.toml": "[[recipient]]\n" + "".join(f"{k} = {v}\n" for k, v in values.items() if v)}


def main(text: str) -> dict[str, str | bytes | None]:
    return {"marsad.toml": text}


SMTP = '[mail]\nchannel = "smtp"\nfrom = "m@example.org"\n[mail.smtp]\nhost = "mail.example.org"\n'


# ── files ────────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_that_does_not_exist(tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        config.load(tmp_path / "nowhere", environ={})
    assert str(caught.value).endswith(
        "nowhere: does not exist (name the folder of marsad.toml with --config or MARSAD_CONFIG)"
    )


def test_missing_files_are_told_together_with_the_mistakes_of_the_others(tmp_path):
    found = mistakes(tmp_path, {"marsad.toml": None, "feeds.toml": None} | recipient(address='"x"'))
    assert [each.file for each in found] == ["marsad.toml", "feeds.toml", "recipients.toml"]
    assert "an empty file will do" in found[0].hint
    assert "[[feed]]" in found[1].hint


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[[feed]]\nid = "a\n', "feeds.toml:2: column 8: Illegal character"),
        ("[[feed]]\nid = tass\n", "feeds.toml:2: column 6: Invalid value"),
        ("[[feed]]\nid 5\n", "feeds.toml:2: column 4: Expected '=' after a key"),
        ('[[feed]]\nid = "a"\nid = "b"\n', "feeds.toml:3: column 9: Cannot overwrite a value (the key"),
        ('[[feed]]\ntags = ["a"\n', "feeds.toml:3: "),
        ('[[feed]]\nid = "\\q"\n', "feeds.toml:2: column 9: Unescaped"),
    ],
)
def test_a_syntax_mistake_has_line_and_column(tmp_path, text, expected):
    assert expected in mistake(tmp_path, {"feeds.toml": text})


@pytest.mark.parametrize("text", ["a = " + "[" * 10_000, "a = " + "9" * 10_000])
def test_a_hostile_file_is_a_mistake_and_no_crash(tmp_path, text):
    assert "too large or too deep" in mistake(tmp_path, {"feeds.toml": text})


def test_a_file_in_another_encoding_names_the_line(tmp_path):
    text = (FEED + 'name = "ТАСС"\n').encode("cp1251")
    assert mistake(tmp_path, {"feeds.toml": text}) == (
        "feeds.toml:4: is not UTF-8 from here on (save it as UTF-8)"
    )
    assert "UTF-16" in mistake(tmp_path, {"feeds.toml": FEED.encode("utf-16")})


def test_a_folder_a_pipe_or_a_loop_in_place_of_a_file(tmp_path):
    write(
        tmp_path, {"feeds.toml": None, "entities.toml": None, "recipients.toml": None, "watches.toml": None}
    )
    (tmp_path / "feeds.toml").mkdir()
    os.mkfifo(tmp_path / "entities.toml")
    (tmp_path / "watches.toml").symlink_to("watches.toml")
    with pytest.raises(ConfigurationError) as caught:
        config.load(tmp_path, environ={})
    told = [str(each) for each in caught.value.mistakes]
    assert "feeds.toml: is a folder" in told[0]
    assert "entities.toml: is no regular file" in told[1]
    assert "watches.toml: cannot be read: Too many levels of symbolic links" in told[2]


def test_a_folder_in_the_home_of_nobody():
    with pytest.raises(ConfigurationError, match="~no-such-user/config: does not exist"):
        config.load("~no-such-user/config", environ={})


def test_a_configuration_folder_behind_a_loop_of_links(tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(ConfigurationError, match=r"cannot be opened: .*symbolic links"):
        config.load(tmp_path / "loop", environ={})


def test_watches_d_as_a_file(tmp_path):
    assert "watches.d: is a file" in mistake(tmp_path, {"watches.d": ""})


def test_a_file_that_nobody_reads_is_pointed_out(tmp_path):
    assert warnings(tmp_path, {"feed.toml": "", "more.toml": ""}) == [
        'feed.toml: is not read by marsad (did you mean "feeds"?)',
        "more.toml: is not read by marsad (further watches belong into watches.d/)",
    ]


def test_a_broken_file_makes_no_further_mistakes_of_what_refers_to_it(tmp_path):
    found = mistakes(tmp_path, {"recipients.toml": "[", "feeds.toml": "["} | watch(feeds='["tass"]'))
    assert [each.file for each in found] == ["feeds.toml", "recipients.toml"]


# ── keys and types ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (feed(evry='"5m"'), 'feeds.toml:4: feed "tass": evry: unknown key (did you mean "every"?)'),
        (feed(xyzzy="1"), 'feed "tass": xyzzy: unknown key (known are: id, url, name, every, tags,'),
        (feed(url=""), 'feeds.toml:1: feed "tass": url: is missing (add url = "https://…")'),
        (feed(id=""), "feeds.toml:1: feed[1].id: is missing"),
        (feed(tags='"wire"'), 'feeds.toml:4: feed "tass": tags: must be a list, not text (write ["wire"])'),
        (feed(name="5"), 'feed "tass": name: must be text in quotes, not a number'),
        (feed(allow_private='"yes"'), "allow_private: must be true or false, without quotes, not text"),
        (feed(headers='"x"'), 'headers: must be a table, not text (write headers = { Name = "value" })'),
        ({"feeds.toml": '[feed]\nid = "a"\n'}, "feeds.toml:1: feed: is written with single brackets"),
        ({"feeds.toml": FEED + '[[feeds]]\nid="b"\n'}, "feeds.toml:4: feeds: unknown key"),
        ({"feeds.toml": "feed = [1]\n"}, "feeds.toml:1: feed[1]: must be a table, not a number"),
        ({"feeds.toml": "feed = 1\n"}, "feeds.toml:1: feed: must be tables, not a number"),
        (main("[pol]\n"), 'marsad.toml:1: pol: unknown key (did you mean "poll"?)'),
        (main('timezone = "UTC"\n'), "timezone: unknown key (it belongs under [service])"),
        (main("poll = 5\n"), "marsad.toml:1: poll: must be a table, not a number (write [poll]"),
        (main("[poll]\nconcurrency = 0\n"), "poll.concurrency: 0 is too small (at least 1 is accepted)"),
        (main("[poll]\nper_host = -1\n"), "poll.per_host: -1 is too small"),
        (main("[poll]\nper_host = 1.5\n"), "poll.per_host: must be a whole number, without quotes"),
        (main(SMTP + "port = 70000\n"), "marsad.toml:6: mail.smtp.port: 70000 is too large"),
        (main(SMTP + 'hst = "x"\n'), 'mail.smtp.hst: unknown key (did you mean "host"?)'),
        (watch(send='{ to = "anna" }'), 'watch "talks": send: is written with single brackets'),
        (watch(send='[{ to = "anna", wen = "hourly" }]'), 'send[1].wen: unknown key (did you mean "when"?)'),
        (watch(query="5"), 'watches.toml:3: watch "talks": query: must be text in quotes, not a number'),
        (watch(**{"from": '"2026"'}), "from: must be a date, not text (write it without quotes: 2026-"),
        (entity(kind='"persn"'), 'entity "x": kind: "persn" is not accepted (did you mean "person"?)'),
        (entity(kind='"zebra"'), 'kind: "zebra" is not accepted (write "person", "organisation", "place"'),
        (entity(names='{ en = "X" }'), 'entity "x": names.en: must be a list, not text (write ["X"])'),
    ],
)  # fmt: skip
def test_keys_and_types(tmp_path, files, expected):
    assert expected in mistake(tmp_path, files)


# ── values ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (feed(id='"Новости"'), "ids are up to 64 of a-z A-Z 0-9 . _ - and begin with a letter or digit"),
        (feed(id='"a b"'), "\"a b\" is no id: holds ' '"),
        (feed(id='""'), "id: is empty"),
        (feed(id='"-a"'), '"-a" is no id'),
        (feed(name='""'), "name: is empty"),
        (feed(name='"a\\nb"'), "name: holds a control character or line break (\\n)"),
        (feed(tags='["a b"]'), 'tags[1]: "a b" is no tag'),
        (feed(every="15"), 'every: must be a duration with its unit, in quotes (for example "15m" or "2h")'),
        (feed(every='"15"'), 'every: "15" is no duration'),
        (feed(every='"-5m"'), 'every: "-5m" is negative (at least 1s is accepted)'),
        (feed(every='"30s"'), 'feed "tass": every: is too short (at least "1m" is accepted'),
        (feed(every='"900d"'), 'every: "900d" is too long (at most 7d is accepted)'),
        (feed(language='"arabic"'), 'language: "arabic" is no known language (did you mean "ar"?)'),
        (feed(language='"qq"'), 'language: "qq" is no known language'),
        (feed(first_contact='"some"'), 'first_contact: "some" is no duration'),
        (feed(identity='"guid"'), 'identity: "guid" is not accepted'),
        (main('[poll]\nevery = "30s"\n'), 'poll.every: "30s" is too short (at least 1m is accepted)'),
        (main('[poll]\nmax_body = "3 cups"\n'), 'poll.max_body: "3 cups" is no size'),
        (main('[poll]\nmax_body = "90 GiB"\n'), "poll.max_body: 90 GiB is out of range"),
        (main("[poll]\nmax_body = true\n"), "poll.max_body: must be a size"),
        (main('[service]\ntimezone = "Berlin"\n'), 'no known timezone (did you mean "Europe/Berlin"?)'),
        (main('[service]\ntimezone = "../etc/passwd"\n'), "is no known timezone (write an IANA name"),
        (recipient(timezone='"Africa/Kairo"'), 'did you mean "Africa/Cairo"'),
        (watch(query=""), 'watches.toml:1: watch "talks": has no query (add query ='),
        (watch(any='["x"]'), 'watches.toml:3: watch "talks": query: stands beside any (keep one, or put'),
        (watch(query="", none='"x"'), 'none: must be a list, not text (write ["x"])'),
        (watch(languages='["english"]'), 'languages[1]: "english" is no known language (did you mean "en"?)'),
        (watch(**{"from": "2026-11-25", "until": "2026-11-24"}), "until: is not after from"),
        (watch(send='[{ to = "anna", when = "dayly 7" }]'), 'send[1].when: "dayly" is no day'),
        (watch(send='[{ to = "anna", when = "daily 25:00" }]'), '"25:00" is no time of day'),
        (watch(send='[{ to = "anna", when = "now" }]'), '"now" is no schedule (write "instant", "hourly"'),
        (entity(names='{ english = ["X"] }'), 'names.english: "english" is no known language'),
        (entity(names='{ en = [""] }'), "names.en[1]: is empty"),
        (entity(country='"Egipt"', kind='"place"'), '"Egipt" is no country (did you mean "EG"?)'),
        (entity(country='"EU"', kind='"place"'), '"EU" is no country (write its ISO 3166 code'),
        (entity(country='"EG"'), 'country: is for places (write kind = "place")'),
        (entity(capital="true", kind='"place"'), "capital: has no effect without a country"),
        (entity(use='"marsad:bodies"'), 'use: stands inside an entity (write it above the first [[entity]])'),
        ({"entities.toml": 'use = "marsad:country"'}, 'use: "marsad:country" is no pack of entities (did'),
        ({"entities.toml": 'use = ["marsad:bodies", 1]'}, "use: must be the name of a pack, or a list of"),
    ],
)  # fmt: skip
def test_values(tmp_path, files, expected):
    assert expected in mistake(tmp_path, files)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", "is empty"),
        ("tass.example.org/rss", "has no scheme (did you mean https://tass.example.org/rss?)"),
        ("//tass.example.org/rss", "has no scheme (did you mean https://tass.example.org/rss?)"),
        ("localhost:8080/rss", "has no scheme (did you mean https://localhost:8080/rss?)"),
        ("feed://tass.example.org", 'has the scheme "feed" (write https://tass.example.org)'),
        ("htps://tass.example.org", "write https://tass.example.org"),
        ("gopher://x", "http, https and file are accepted"),
        ("javascript:alert(1)", "http, https and file are accepted"),
        ("https://", "names no host"),
        ("https:///rss", "names no host"),
        ("https://a b/rss", "spaces in a URL are written %20"),
        ("https://a\\r\\nHost: b/", "holds a control character (\\r)"),
        ("https://a:99999/", "has a port that is no number from 1 to 65535"),
        ("https://a:0/", "has a port"),
        ("https://a:x/", "has a port"),
        ("https://[::1/", "is no URL that can be read"),
        ("https://-a-.org/", '"-a-.org" is no host name'),
        ("https://1.2.3/", '"1.2.3" is no host name'),
        ("file:../secret.xml", "lies outside"),
        ("file:///etc/passwd", "lies outside"),
        ("file:%2e%2e/secret.xml", "lies outside"),
        ("file:link.xml", "lies outside"),
        ("file:", "names no file"),
        ("file://host/x.xml", "names a host"),
        ("file:loop.xml/a", "loop of symbolic links"),
    ],
)
def test_urls_that_cannot_be_polled(tmp_path, url, expected):
    (tmp_path / "secret.xml").write_text("")
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "link.xml").symlink_to(tmp_path / "secret.xml")
    (folder / "loop.xml").symlink_to("loop.xml")
    told = mistake(folder, feed(url=f'"{url}"'))
    assert 'feeds.toml:3: feed "tass": url: ' in told
    assert expected in told


@pytest.mark.parametrize(
    "url",
    [
        "https://пример.рф/лента?а=б",
        "http://1.2.3.4:8080/",
        "https://[2001:4860:4860::8888]/rss",
        "https://a_b.example.org./rss",
        "file:feeds.toml",
        "HTTPS://Example.org",
    ],
)
def test_urls_that_can_be_polled(tmp_path, url):
    assert warnings(tmp_path, feed(url=f'"{url}"')) == []


def test_a_credential_in_a_wrong_url_is_not_shown(tmp_path):
    for url in ("feed://user:canary@h/rss", "https://user:canary@/rss", "user:canary@h/rss?token=canary"):
        assert "canary" not in mistake(tmp_path, feed(url=f'"{url}"'))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("anna", "has no @"),
        ("@example.org", "lacks what stands before the @"),
        ("anna@", "lacks what stands after the @"),
        ("a@x.org, b@x.org", "holds several addresses"),
        ("a@x.org b@x.org", "holds several addresses"),
        ("Anna <a@x.org>", "is not a bare address"),
        ("a@x.org\\r\\nBcc: b@x.org", "holds a control character or line break (\\r)"),
        ("a@x.org\\n", "holds a control character or line break (\\n)"),
        ("a@x\\u0000.org", "holds a control character"),
        ("a@x\\u2028.org", "holds a control character"),
        ("a..b@x.org", "cannot stand before the @"),
        ("a@b@x.org", "cannot stand before the @"),
        ("a@x..org", "is no host name"),
        ("a@x org", "is no host name"),
        ("a@[1.2.3]", "is no host name"),
        ("x" * 65 + "@x.org", "is too long"),
    ],
)
def test_addresses_that_cannot_receive(tmp_path, address, expected):
    told = mistake(tmp_path, recipient(address=f'"{address}"'))
    assert 'recipients.toml:3: recipient "anna": address: ' in told
    assert expected in told


@pytest.mark.parametrize(
    "address",
    ["root@localhost", "o'neil+news@x.example.org", "анна@пример.рф", "a@[192.0.2.1]", "a@[IPv6:::1]"],
)
def test_addresses_that_can_receive(tmp_path, address):
    assert warnings(tmp_path, recipient(address=f'"{address}"')) == []


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ('{ Host = "x" }', 'the header "Host" cannot be set (it is that of the URL)'),
        ('{ content-length = "5" }', "cannot be set"),
        ('{ Connection = "close" }', "cannot be set"),
        ('{ If-None-Match = "x" }', "requests are made conditional by marsad"),
        ('{ Proxy-Authorization = "x" }', "cannot be set"),
        ('{ "X Y" = "x" }', '"X Y" is no header name'),
        ('{ "X:" = "x" }', "is no header name"),
        ('{ X = "a\\r\\nY: b" }', 'the header "X" holds a control character or line break (\\r)'),
        ('{ X = "" }', 'the header "X" is empty'),
        ('{ X = "é" }', "holds letters beyond ASCII"),
        ('{ X = "1", x = "2" }', 'the headers "X" and "x" are one'),
    ],
)
def test_headers_that_cannot_be_sent(tmp_path, headers, expected):
    assert expected in mistake(tmp_path, feed(headers=headers))


# ── what refers to something else ────────────────────────────────────────────────────────────────


def test_a_duplicate_id_names_both_places(tmp_path):
    assert mistake(tmp_path, {"feeds.toml": FEED + FEED.replace("/rss", "/other")}) == (
        'feeds.toml:5: feed "tass": id: a feed with this id stands at feeds.toml:1 already'
        " (give each an id of its own)"
    )


def test_a_duplicate_watch_is_found_across_files(tmp_path):
    assert 'watches.d/a.toml:2: watch "talks": id: a watch with this id stands at watches.toml:1' in (
        mistake(tmp_path, {"watches.d/a.toml": WATCH})
    )


def test_ids_that_differ_only_by_capitals(tmp_path):
    other = FEED.replace("tass", "TASS", 1).replace("/rss", "/other")
    assert 'differs from "tass" at feeds.toml:1 only by capitals' in mistake(
        tmp_path, {"feeds.toml": FEED + other}
    )


def test_a_wrong_entry_still_counts_as_defined(tmp_path):
    told = mistake(tmp_path, recipient(address='"x"'))
    assert "has no @" in told


def test_undefined_ids_name_what_was_meant(tmp_path):
    files = watch(feeds='["tas", "xyzzy"]', send='[{ to = "ana" }, { to = "anna@example.org" }]')
    assert [str(each) for each in mistakes(tmp_path, files)] == [
        'watches.toml:4: watch "talks": send[1].to: no recipient has the id "ana" (did you mean "anna"?)',
        'watches.toml:4: watch "talks": send[2].to: no recipient has the id "anna@example.org"'
        " (name a recipient's id here; its address stands in recipients.toml)",
        'watches.toml:5: watch "talks": feeds[1]: no feed has the id "tas" (did you mean "tass"?)',
        'watches.toml:5: watch "talks": feeds[2]: no feed has the id "xyzzy"'
        ' (add [[feed]] with id = "xyzzy" to feeds.toml)',
    ]


def test_a_subscription_that_stands_twice(tmp_path):
    watches = WATCH + '[[watch.send]]\nto = "anna"\nwhen = "Instant"\n'
    assert mistake(tmp_path, {"watches.toml": watches}) == (
        'watches.toml:7: watch "talks": send[2]: "anna" hears of this watch "instant" twice'
        " (remove it: watches.toml:4 says the same)"
    )


def test_lines_are_right_after_long_strings_that_look_like_tables(tmp_path):
    watches = "[[watch]]\nid = 'a'\nquery = '''\n[[watch]]\nid = 'x'\n'''\n[[watch]]\nid = 'b'\nquery = 5\n"
    assert mistake(tmp_path, {"watches.toml": watches}).startswith('watches.toml:9: watch "b": query: ')


# ── mail, passwords, database ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[mail]\nchannel = "smtp"\nfrom = "m@x.org"\n', 'the channel is "smtp", but no server is named'),
        (SMTP.replace('from = "m@example.org"\n', ""), 'the channel is "smtp", but from is missing'),
        (SMTP.replace("smtp", "stmp", 1), 'mail.channel: "stmp" is not accepted (did you mean "smtp"?)'),
        (SMTP.replace("m@example.org", "Marsad"), "mail.from: \"Marsad\" has no @"),
        (SMTP.replace("m@example.org", "Marsad <m@x.org"), "mail.from: "),
        (SMTP.replace("m@example.org", "M\\r\\n <m@x.org>"), "mail.from: holds a control character"),
        (SMTP.replace("mail.example.org", "mail.example.org:25"), "the port is a key of its own"),
        (SMTP + 'tls = "ssl"\n', 'mail.smtp.tls: "ssl" is not accepted (write "starttls" or "implicit"'),
        (SMTP + 'username = "u"\n', "there is a username, but no password"),
        (SMTP + 'password_env = "P"\n', "there is a password, but no username"),
        (SMTP + 'username = "u"\npassword_env = "Q"\n', "the environment variable Q is not set"),
        (SMTP + 'username = "u"\npassword_env = "E"\n', "the environment variable E is empty"),
        (SMTP + 'username = "u"\npassword_env = "P"\npassword_file = "x"\n', "stands beside password_file"),
        (SMTP + 'username = "u"\npassword_file = "nowhere"\n', "nowhere does not exist"),
        (SMTP + 'username = "u"\npassword_file = "."\n', "is no regular file"),
        (SMTP + 'username = "u"\npassword_env = "P"\ntls = "none"\n', "would send the password in the clear"),
        (SMTP + 'ca_file = "nowhere.pem"\n', "nowhere.pem is not a file"),
        (SMTP + 'ca_file = "feeds.toml"\n', "feeds.toml holds no certificate (name a readable"),
        ('[store]\nurl = "mysql://x/y"\n', '"mysql" is no known database'),
        ('[store]\nurl = "marsad.sqlite"\n', "is no known database"),
        ('[store]\nurl = "sqlite://"\n', "names no file"),
        ('[store]\nurl = "sqlite:///:memory:"\n', "a database in memory is lost"),
        ('[store]\nurl = "sqlite:///."\n', "is a folder (name a file in it)"),
        ('[store]\npassword_env = "P"\n', "SQLite has no password"),
        ('[store]\nurl = "postgresql://host"\n', "names no database"),
        ('[store]\nurl = "postgresql://host:x/db"\n', "store.url: cannot be read"),
        ('[store]\nurl = "postgresql://h/db"\npassword_env = "P"\n', "names no user for the password"),
        ('[store]\nurl = "postgresql://u:p@h/db"\npassword_env = "P"\n', "holds a password beside"),
        ('[service]\nstate = "feeds.toml"\n', "is not a folder"),
        ('[service]\nstate = "~no-such-user/var"\n', "~no-such-user/var cannot be opened"),
        (SMTP + 'ca_file = "~no-such-user/ca"\n', "~no-such-user/ca is not a file"),
        (SMTP + 'username = "u"\npassword_file = "~no-such-user/p"\n', "~no-such-user/p does not exist"),
        ('[store]\nurl = "sqlite:///loop/marsad.db"\n', "loop/marsad.db leads through a loop of symbolic"),
        ('[poll]\nevery = "' + "9" * 3000 + 'm"\n', "9999999999…\" is 3001 characters long"),
    ],
)  # fmt: skip
def test_mail_and_store(tmp_path, text, expected):
    (tmp_path / "loop").symlink_to("loop")
    told = mistake(tmp_path, main(text), {"P": "canary", "E": ""})
    assert expected in told
    assert "canary" not in told


def test_a_password_goes_without_tls_to_this_machine_only(tmp_path):
    for host in ("127.0.0.1", "localhost", "::1"):
        text = SMTP.replace("mail.example.org", host) + 'tls = "none"\nusername = "u"\npassword_env = "P"\n'
        found = warnings(tmp_path, main(text), {"P": "x"})
        assert all("contact" in each for each in found)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"a\nb\n", "holds more than one line"),
        (b"\xff\n", "is not UTF-8"),
    ],
)
def test_secret_files_that_hold_no_password(tmp_path, content, expected):
    (tmp_path / "secret").write_bytes(content)
    text = SMTP + 'username = "u"\npassword_file = "secret"\n'
    assert expected in mistake(tmp_path, main(text))


@pytest.mark.parametrize(
    ("content", "password"), [("hunter2", "hunter2"), ("hunter2\n", "hunter2"), (" p w \r\n", " p w ")]
)
def test_one_line_break_at_the_end_of_a_secret_is_not_part_of_it(tmp_path, content, password):
    (tmp_path / "secret").write_bytes(content.encode())
    (tmp_path / "secret").chmod(0o600)
    text = SMTP + 'username = "u"\npassword_file = "secret"\n'
    smtp = config.load(write(tmp_path, main(text)), environ={}).mail.smtp
    assert smtp is not None
    assert smtp.password is not None
    assert smtp.password.get_secret_value() == password


@pytest.mark.parametrize(("mode", "who"), [(0o640, "its group"), (0o644, "everybody")])
def test_a_secret_that_others_can_read_is_warned_about(tmp_path, mode, who):
    (tmp_path / "secret").write_text("x")
    (tmp_path / "secret").chmod(mode)
    text = '[service]\ncontact = "x"\n' + SMTP + 'username = "u"\npassword_file = "secret"\n'
    (told,) = warnings(tmp_path, main(text))
    assert f"is open to {who} (chmod 600 " in told


# ── what is accepted, but doubtful ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"feeds.toml": ""}, "feeds.toml: names no feed, so nothing is polled"),
        (feed(url='"http://10.0.0.1/rss"'), "10.0.0.1 is not a public address, so it is not asked (add"),
        (feed(url='"http://localhost/rss"'), "localhost is not a public address"),
        (feed(url='"http://u:p@a.example.org/rss"'), "credentials go over http in the clear"),
        (feed(url='"file:absent.xml"'), "absent.xml is not there"),
        ({"feeds.toml": FEED + FEED.replace("tass", "b", 1)}, "is the URL of the feed at feeds.toml:1 too"),
        (watch(send=""), 'watch "talks": tells nobody'),
        (watch(tags='["wires"]'), 'no feed has the tag "wires"'),
        (main(SMTP), "contact is empty, so the user agent names nobody"),
        (main('[service]\ncontact = "x"\n' + SMTP + 'tls = "none"\n'), "sends every alert in the clear"),
        (main('[service]\ncontact = "x"\n' + SMTP + "port = 465\n"), "465 is commonly for implicit TLS"),
        (main('[store]\nurl = "postgresql://u:canary@h/db"\n'), "holds a password in plain text"),
    ],
)  # fmt: skip
def test_doubtful_but_accepted(tmp_path, files, expected):
    (told,) = warnings(tmp_path, files)
    assert expected in told
    assert "canary" not in told


# ── nothing ever gets out but a ConfigurationError ───────────────────────────────────────────────

scalars = st.one_of(
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.dates(),
    st.datetimes(),
    st.times(),
)
tables = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
)
FILES = ["marsad.toml", "feeds.toml", "entities.toml", "recipients.toml", "watches.toml"]
KEYS = [
    "id",
    "url",
    "name",
    "every",
    "tags",
    "language",
    "first_contact",
    "identity",
    "headers",
    "allow_private",
    "kind",
    "names",
    "weak",
    "with",
    "not",
    "use",
    "related",
    "country",
    "demonyms",
    "capital",
    "query",
    "label",
    "languages",
    "feeds",
    "from",
    "until",
    "send",
    "to",
    "when",
    "address",
    "timezone",
    "service",
    "store",
    "poll",
    "mail",
    "smtp",
    "host",
    "port",
    "tls",
    "username",
    "password_file",
    "password_env",
    "state",
    "contact",
    "channel",
    "max_body",
    "retry_for",
    "feed",
    "watch",
    "entity",
    "recipient",
]


def toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return '"' + "".join(f"\\U{ord(c):08x}" for c in value) + '"'
        case dict():
            return "{" + ", ".join(f"{toml(key)} = {toml(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(toml(item) for item in value) + "]"
        case int() | float():
            return str(value)
        case _:
            return str(value)


def assert_loads_or_tells(folder: Path, files: Files) -> None:
    told = None
    try:
        config.load(write(folder, files), environ={})
    except ConfigurationError as error:
        told = error.mistakes
    assert told is None or (told and all(each.file and each.problem for each in told))


@given(st.sampled_from(FILES), st.dictionaries(st.sampled_from(KEYS), tables, max_size=5), st.booleans())
def test_no_value_of_any_type_raises_anything_else(tmp_path_factory, name, values, in_table):
    kind = {"feeds.toml": "feed", "entities.toml": "entity", "watches.toml": "watch"}.get(name, "recipient")
    header = f"[[{kind}]]\n" if in_table and name != "marsad.toml" else ""
    text = header + "".join(f"{key} = {toml(value)}\n" for key, value in values.items())
    assert_loads_or_tells(tmp_path_factory.mktemp("config"), {name: text})


@given(st.binary(max_size=60), st.sampled_from(FILES))
def test_no_bytes_raise_anything_else(tmp_path_factory, data, name):
    assert_loads_or_tells(tmp_path_factory.mktemp("config"), {name: data})


@given(st.sampled_from(["id", "url", "name", "address", "timezone", "language", "every"]), st.text())
def test_no_text_raises_anything_else(tmp_path_factory, key, text):
    name = "recipients.toml" if key in ("address", "timezone") else "feeds.toml"
    kind = name.removesuffix("s.toml")
    content = f"[[{kind}]]\n{key} = {toml(text)}\n"
    assert_loads_or_tells(tmp_path_factory.mktemp("config"), {name: content})
