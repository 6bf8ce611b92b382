"""What a correct configuration becomes."""

from __future__ import annotations

import dataclasses
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from marsad import config
from marsad.config import ChannelName, Tls
from marsad.model import FirstContact, IdentityPolicy
from tests.unit.config_folder import FEED, RECIPIENT, load, warnings, write

SHIPPED = Path(__file__).resolve().parents[2] / "config"


def test_an_empty_main_file_gives_the_documented_defaults(tmp_path):
    settings = load(tmp_path / "config")
    assert settings.folder == tmp_path / "config"
    assert settings.service.state == tmp_path / "var"
    assert settings.service.timezone == "UTC"
    assert settings.store.file == tmp_path / "var/marsad.sqlite"
    assert settings.store.url == f"sqlite:///{tmp_path}/var/marsad.sqlite"
    assert settings.poll.every == timedelta(minutes=15)
    assert settings.poll.timeout == timedelta(seconds=30)
    assert settings.poll.max_body == 15 * 1024 * 1024
    assert settings.poll.per_host == 1
    assert settings.poll.first_contact == FirstContact(window=timedelta(hours=24))
    assert settings.mail.channel is ChannelName.MAILDIR
    assert settings.mail.maildir == tmp_path / "var/mail"
    assert settings.mail.retry_for == timedelta(days=3)
    assert settings.mail.smtp is None
    assert settings.warnings == ()


def test_a_path_with_a_space_and_other_letters_works(tmp_path):
    settings = load(tmp_path / "my مرصد 100%")
    assert settings.store.url == f"sqlite:///{tmp_path}/var/marsad.sqlite"
    assert settings.folder.name == "my مرصد 100%"


def test_relative_paths_are_relative_to_marsad_toml_and_not_to_where_one_stands(tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    main = '[service]\nstate = "state"\n[store]\nurl = "sqlite:///db/x.sqlite"\n'
    settings = load(tmp_path, {"marsad.toml": main})
    assert settings.service.state == tmp_path / "state"
    assert settings.store.file == tmp_path / "db/x.sqlite"


def test_an_absolute_database_path_has_four_slashes(tmp_path):
    main = f'[store]\nurl = "sqlite:///{tmp_path}/elsewhere.sqlite"\n'
    assert load(tmp_path / "config", {"marsad.toml": main}).store.file == tmp_path / "elsewhere.sqlite"


def test_the_folder_may_be_named_by_its_main_file_or_by_the_environment(tmp_path):
    folder = write(tmp_path / "config")
    expected = config.load(folder, environ={})
    assert config.load(folder / "marsad.toml", environ={}) == expected
    assert config.load(None, environ={"MARSAD_CONFIG": str(folder)}) == expected


def test_everything_that_a_feed_may_say(tmp_path):
    feed = """
[[feed]]
id = "mfa.ru_2-x"
url = "https://user:secret@mfa.example.org:8443/rss?a=b"
name = "МИД"
every = "5 min"
tags = ["wire", "body", "wire"]
language = "ru-RU"
first_contact = "7d"
country = "ru"
rank = 2
identity = "link"
headers = { User-Agent = "Mozilla/5.0", Authorization = " Bearer x " }
allow_private = true
"""
    (found,) = load(tmp_path, {"feeds.toml": feed}).feeds
    assert found.id == "mfa.ru_2-x"
    assert found.url == "https://user:secret@mfa.example.org:8443/rss?a=b"
    assert found.name == "МИД"
    assert found.every == timedelta(minutes=5)
    assert found.tags == ("wire", "body")
    assert found.language == "ru"
    assert found.first_contact == FirstContact(window=timedelta(days=7))
    assert (found.country, found.rank) == ("RU", 2)
    assert found.identity is IdentityPolicy.LINK
    assert found.headers == (("User-Agent", "Mozilla/5.0"), ("Authorization", "Bearer x"))
    assert found.allow_private


def test_a_feed_is_called_by_its_id_where_it_has_no_name(tmp_path):
    assert load(tmp_path).feeds[0].name == "tass"


def test_a_feed_of_ones_own_may_be_asked_every_second(tmp_path):
    feeds = '[[feed]]\nid = "a"\nurl = "http://127.0.0.1:1/"\nevery = "1s"\nallow_private = true\n'
    feeds += '[[feed]]\nid = "b"\nurl = "file:feeds.toml"\nevery = "2s"\n'
    found = load(tmp_path, {"feeds.toml": feeds}).feeds
    assert [feed.every for feed in found] == [timedelta(seconds=1), timedelta(seconds=2)]


def test_an_entity_keeps_its_names_by_language_in_the_order_of_the_file(tmp_path):
    entities = """
[[entity]]
id = "zakharova"
kind = "person"
name = "Maria Zakharova"
names.ru = ["Мария Захарова"]
names.ar = ["ماريا زاخاروفا"]
weak.ru = ["Захарова"]
with = 'МИД'
not = ["Екатерина Захарова"]
"""
    (found,) = load(tmp_path, {"entities.toml": entities}).entities
    assert found.names == (("ru", ("Мария Захарова",)), ("ar", ("ماريا زاخاروفا",)))
    assert found.weak == (("ru", ("Захарова",)),)
    assert found.with_query == "МИД"
    assert found.not_names == ("Екатерина Захарова",)


def test_packs_and_countries_of_entities(tmp_path):
    entities = """
use = "marsad:countries"
[[entity]]
id = "egypt"
kind = "place"
name = "Egypt"
country = "eg"
capital = true
related.ru = ["каирский"]
"""
    settings = load(tmp_path, {"entities.toml": entities})
    (found,) = settings.entities
    assert (found.country, found.demonyms, found.capital) == ("EG", True, True)
    assert found.related == (("ru", ("каирский",)),)
    assert settings.packs == ("marsad:countries",)
    both = {"entities.toml": 'use = ["marsad:countries", "marsad:bodies"]'}
    assert load(tmp_path, both).packs == ("marsad:countries", "marsad:bodies")


def test_watches_come_from_watches_toml_then_from_the_folder_by_name(tmp_path):
    files = {f"watches.d/{n}.toml": f'[[watch]]\nid = "{n}"\nquery = "x"\n' for n in ("b", "a", ".hidden")}
    settings = load(tmp_path, files | {"watches.d/notes.txt": "no toml"})
    assert [watch.id for watch in settings.watches] == ["talks", "a", "b"]
    places = [settings.places.locate("watch", watch.id, ("query",)) for watch in settings.watches]
    assert [(place.file, place.line) for place in places] == [
        ("watches.toml", 3),
        ("watches.d/a.toml", 3),
        ("watches.d/b.toml", 3),
    ]


def test_a_query_may_be_written_as_lists(tmp_path):
    watches = '[[watch]]\nid = "a"\nany = ["x OR y", "z\\n"]\nall_of = ["v"]\nnone = ["u", "w"]\n'
    (watch,) = load(tmp_path, {"watches.toml": watches}).watches
    assert watch.lists == (("all_of", ("v",)), ("any", ("x OR y", "z\n")), ("none", ("u", "w")))
    assert watch.query == "((v)) AND ((x OR y) OR (z)) AND NOT ((u) OR (w))"


def test_a_watch_may_look_at_all_items(tmp_path):
    watches = "".join(
        f'[[watch]]\nid = "{n}"\nquery = "x"\n{more}\n' for n, more in (("a", ""), ("b", "all = true"))
    )
    assert [watch.all_items for watch in load(tmp_path, {"watches.toml": watches}).watches] == [False, True]


def test_a_watch_is_told_by_its_label_where_it_has_one_else_by_its_name_else_by_its_id(tmp_path):
    watches = "".join(
        f'[[watch]]\nid = "{n}"\nquery = "x"\n{more}\n'
        for n, more in {"a": "", "b": 'name = "B!"', "c": 'name = "secret"\nlabel = "C"'}.items()
    )
    found = load(tmp_path, {"watches.toml": watches}).watches
    assert [(watch.name, watch.label) for watch in found] == [("a", "a"), ("B!", "B!"), ("secret", "C")]


def test_dates_of_a_watch_are_whole_days_of_the_services_timezone(tmp_path):
    main = '[service]\ntimezone = "Africa/Cairo"\n'
    watches = '[[watch]]\nid = "a"\nquery = "x"\nfrom = 2026-11-24\nuntil = 2026-11-24\n'
    watches += '[[watch]]\nid = "b"\nquery = "x"\nfrom = 2026-11-24T10:00:00\nuntil = 2026-11-24T10:00:00Z\n'
    one, other = load(tmp_path, {"marsad.toml": main, "watches.toml": watches}).watches
    assert one.active_from == datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
    assert one.active_until == datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    assert other.active_from == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    assert other.active_until == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def test_a_recipient_without_timezone_has_that_of_the_service(tmp_path):
    recipients = RECIPIENT + '[[recipient]]\nid = "b"\naddress = "b@localhost"\ntimezone = "Asia/Tehran"\n'
    main = '[service]\ntimezone = "Africa/Cairo"\n'
    settings = load(tmp_path, {"marsad.toml": main, "recipients.toml": recipients})
    assert [each.timezone for each in settings.recipients] == ["Africa/Cairo", "Asia/Tehran"]


@pytest.mark.parametrize(("tls", "port"), [("starttls", 587), ("implicit", 465), ("none", 25)])
def test_the_smtp_port_follows_the_tls_mode(tmp_path, tls, port):
    main = '[mail]\nchannel = "smtp"\nfrom = "Marsad مرصد <m@example.org>"\n'
    main += f'[mail.smtp]\nhost = "127.0.0.1"\ntls = "{tls}"\n'
    mail = load(tmp_path, {"marsad.toml": main}).mail
    assert mail.smtp is not None
    assert mail.smtp.port == port
    assert mail.smtp.tls is Tls(tls)
    assert (mail.sender_name, mail.sender) == ("Marsad مرصد", "m@example.org")


def test_settings_are_frozen_and_equal_where_the_files_say_the_same(tmp_path):
    settings = load(tmp_path)
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.feeds = ()  # type: ignore[misc]  # the point of the test
    assert load(tmp_path, {"feeds.toml": "# a comment\n" + FEED}) == settings


def test_a_file_with_byte_order_mark_and_windows_line_ends_is_read(tmp_path):
    crlf = FEED.replace("\n", "\r\n").encode()
    assert load(tmp_path, {"feeds.toml": b"\xef\xbb\xbf" + crlf}).feeds[0].id == "tass"


def test_files_may_be_links_as_kubernetes_mounts_them(tmp_path):
    write(tmp_path / "real")
    folder = tmp_path / "mounted"
    folder.mkdir()
    for path in (tmp_path / "real").iterdir():
        (folder / path.name).symlink_to(path)
    assert config.load(folder, environ={}).folder == folder
    assert config.load(folder / "marsad.toml", environ={}).feeds[0].id == "tass"


def test_the_shipped_configuration_is_correct_beyond_doubt(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "config")
    settings = config.load(tmp_path / "config", environ={})
    assert settings.warnings == ()
    assert {feed.language for feed in settings.feeds} == {"ar", "ru", "en"}
    # Feeds of one host are asked one after the other: without a network the first mail would wait for them.
    hosts = [feed.url.split("/")[2] for feed in settings.feeds if feed.url.startswith("https://")]
    assert len(hosts) == len(set(hosts)) >= 8
    sample = next(feed for feed in settings.feeds if feed.url == "file:sample.xml")
    assert sample.first_contact == FirstContact(window=None)


def test_the_shipped_smtp_example_is_correct_once_its_comment_signs_are_taken_away(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "config")
    main = tmp_path / "config/marsad.toml"
    lines = [line.removeprefix("# ") if " = " in line or "[mail.smtp]" in line else line
             for line in main.read_text().splitlines()]  # fmt: skip
    main.write_text("\n".join(lines).replace('channel = "maildir"', 'channel = "smtp"'))
    for name in ("database", "smtp"):
        secret = tmp_path / "config/secrets" / name
        secret.parent.mkdir(exist_ok=True)
        secret.write_text("secret\n")
        secret.chmod(0o600)
    settings = config.load(tmp_path / "config", environ={})
    assert settings.warnings == ()
    assert settings.store.url == "postgresql://marsad:secret@localhost/marsad"
    assert settings.mail.smtp is not None


def test_ten_thousand_feeds_load_in_a_second_or_so(tmp_path):
    feeds = "".join(
        f'[[feed]]\nid = "f{n}"\nurl = "https://h{n}.example.org/rss"\ntags = ["wire"]\n'
        for n in range(10_000)
    )
    started = time.monotonic()
    assert len(load(tmp_path, {"feeds.toml": feeds}).feeds) == 10_000
    assert time.monotonic() - started < 10


def test_no_secret_shows_when_settings_are_printed(tmp_path):
    main = '[mail]\nchannel = "smtp"\nfrom = "m@example.org"\n[store]\nurl = "postgresql://u:canary1@h/db"\n'
    main += '[mail.smtp]\nhost = "h"\nusername = "u"\npassword_env = "P"\n'
    settings = load(tmp_path, {"marsad.toml": main}, {"P": "canary2"})
    assert "canary" not in f"{settings!r} {settings}"
    assert settings.mail.smtp is not None
    assert settings.mail.smtp.password is not None
    assert settings.mail.smtp.password.get_secret_value() == "canary2"


def test_a_folder_without_warnings_is_what_the_tests_start_from(tmp_path):
    assert warnings(tmp_path) == []
