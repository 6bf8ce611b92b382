"""Digest windows: every slot of the recipient's calendar ends exactly one window, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.model import Schedule
from marsad.schedule import Window, closed_window, next_window_end


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def windows(schedule: str, zone: str, since: str, until: str) -> list[Window]:
    """All windows that end after *since* and by *until*, as a daemon that ticks at each end sees them."""
    parsed, now, found = Schedule.parse(schedule), utc(since), []
    while (end := next_window_end(parsed, ZoneInfo(zone), now)) is not None and end <= utc(until):
        window = closed_window(parsed, ZoneInfo(zone), end)
        assert window is not None
        assert window.end == end
        found.append(window)
        now = end
    return found


def local_ends(schedule: str, zone: str, since: str, until: str) -> list[str]:
    return [f"{w.end.astimezone(ZoneInfo(zone)):%m-%d %H:%M}" for w in windows(schedule, zone, since, until)]


def test_an_instant_subscription_has_no_windows():
    assert closed_window(Schedule.parse("instant"), ZoneInfo("UTC"), utc("2026-11-24T10:00")) is None
    assert next_window_end(Schedule.parse("instant"), ZoneInfo("UTC"), utc("2026-11-24T10:00")) is None


def test_a_window_ends_at_the_slot_itself_and_is_closed_from_then_on():
    schedule, zone = Schedule.parse("daily 07:30,13:00"), ZoneInfo("Europe/Berlin")
    before = closed_window(schedule, zone, utc("2026-11-24T06:29:59"))
    at = closed_window(schedule, zone, utc("2026-11-24T06:30"))
    assert before == Window(key="daily 07:30,13:00 2026-11-23 13:00", end=utc("2026-11-23T12:00"))
    assert at == Window(key="daily 07:30,13:00 2026-11-24 07:30", end=utc("2026-11-24T06:30"))
    assert next_window_end(schedule, zone, utc("2026-11-24T06:30")) == utc("2026-11-24T12:00")


def test_a_weekly_schedule_looks_back_over_the_days_it_does_not_name():
    schedule, zone = Schedule.parse("sun-thu 08:00"), ZoneInfo("Asia/Riyadh")
    saturday = utc("2026-11-28T12:00")
    assert closed_window(schedule, zone, saturday) == Window(
        key="mon,tue,wed,thu,sun 08:00 2026-11-26 08:00", end=utc("2026-11-26T05:00")
    )
    assert next_window_end(schedule, zone, saturday) == utc("2026-11-29T05:00")


def test_hourly_windows_follow_the_utc_hour_so_that_none_is_lost_when_clocks_are_set_back():
    found = windows("hourly", "Europe/Berlin", "2026-10-24T22:30", "2026-10-25T03:30")
    assert [w.key for w in found] == [f"hourly {h}Z" for h in (
        "2026-10-24T23", "2026-10-25T00", "2026-10-25T01", "2026-10-25T02", "2026-10-25T03"
    )]  # fmt: skip


@pytest.mark.parametrize(
    ("schedule", "zone", "day", "expected"),
    [
        # Clocks go forward: 02:30 does not exist, the first time after the gap stands for it.
        ("daily 02:30", "Europe/Berlin", "2026-03-29", "03-29 03:00"),
        ("daily 02:30", "America/New_York", "2026-03-08", "03-08 03:00"),
        ("daily 00:00", "Africa/Cairo", "2026-04-24", "04-24 01:00"),
        ("daily 00:30", "Asia/Tehran", "2022-03-22", "03-22 01:00"),
        ("daily 02:15", "Australia/Lord_Howe", "2026-10-04", "10-04 02:30"),
        # Clocks go back: the time exists twice, the first one counts.
        ("daily 02:30", "Europe/Berlin", "2026-10-25", "10-25 02:30"),
        ("daily 01:30", "America/New_York", "2026-11-01", "11-01 01:30"),
        ("daily 23:30", "Africa/Cairo", "2026-10-29", "10-29 23:30"),
        ("daily 23:30", "Asia/Tehran", "2022-09-21", "09-21 23:30"),
        ("daily 01:45", "Australia/Lord_Howe", "2026-04-05", "04-05 01:45"),
    ],
)
def test_a_day_on_which_clocks_change_has_exactly_one_digest(schedule, zone, day, expected):
    around = date.fromisoformat(day)
    since, until = (f"{around + timedelta(days=days)}T12:00" for days in (-3, 3))
    ends = local_ends(schedule, zone, since, until)
    assert expected in ends
    keys = [w.key for w in windows(schedule, zone, since, until)]
    assert len(keys) == len(set(keys)) == 6
    assert f"{schedule} {day} {schedule.split()[1]}" in keys


def test_a_time_that_exists_twice_is_the_first_of_both():
    berlin = windows("daily 02:30", "Europe/Berlin", "2026-10-24T12:00", "2026-10-25T12:00")
    assert [w.end for w in berlin] == [utc("2026-10-25T00:30")]
    cairo = windows("daily 23:30", "Africa/Cairo", "2026-10-29T12:00", "2026-10-30T12:00")
    assert [w.end for w in cairo] == [utc("2026-10-29T20:30")]


def test_clocks_set_back_over_midnight_do_not_reopen_a_window_that_has_ended():
    # At 00:01 of 7 November 2010 it was 23:01 of the 6th again.
    schedule, zone = Schedule.parse("daily 00:00"), ZoneInfo("America/St_Johns")
    first_midnight = utc("2010-11-07T02:30")
    for minutes in (0, 1, 30, 61, 120):
        window = closed_window(schedule, zone, first_midnight + timedelta(minutes=minutes))
        assert window == Window(key="daily 00:00 2010-11-07 00:00", end=first_midnight)
    assert next_window_end(schedule, zone, first_midnight) == utc("2010-11-08T03:30")


def test_a_day_that_was_skipped_whole_ends_with_the_first_moment_of_the_next():
    # Samoa had no 30 December 2011.
    found = windows("daily 08:00", "Pacific/Apia", "2011-12-29T00:00", "2011-12-31T12:00")
    assert [(w.key, f"{w.end.astimezone(ZoneInfo('Pacific/Apia')):%m-%d %H:%M}") for w in found] == [
        ("daily 08:00 2011-12-29 08:00", "12-29 08:00"),
        ("daily 08:00 2011-12-30 08:00", "12-31 00:00"),
        ("daily 08:00 2011-12-31 08:00", "12-31 08:00"),
    ]


def test_slots_inside_one_gap_are_one_window_under_the_name_of_the_last():
    found = windows("daily 02:10,02:40,03:00", "Europe/Berlin", "2026-03-29T00:00", "2026-03-29T12:00")
    assert [w.key for w in found] == ["daily 02:10,02:40,03:00 2026-03-29 03:00"]


schedules = st.builds(
    lambda days, times: Schedule.parse(f"{','.join(days)} " + ",".join(f"{t:%H:%M}" for t in times)),
    st.lists(st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), min_size=1, max_size=7),
    st.lists(st.times().map(lambda t: time(t.hour, t.minute)), min_size=1, max_size=4),
)
# Zones whose clocks change, or have changed in an odd way, more often than the others.
ODD_ZONES = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/New_York",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Pyongyang",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Apia",
    "Pacific/Kwajalein",
]
zones = st.sampled_from(ODD_ZONES) | st.sampled_from(sorted(available_timezones()))


@given(schedules, zones, st.dates(date(1993, 1, 1), date(2037, 12, 1)), st.integers(1, 40))
def test_every_slot_ends_exactly_one_window_and_ends_ascend(schedule, name, first_day, span):
    zone = ZoneInfo(name)
    now = datetime.combine(first_day, time(), tzinfo=UTC)
    until = now + timedelta(days=span)
    found: list[Window] = []
    while (end := next_window_end(schedule, zone, now)) is not None and end <= until:
        assert end > now
        window = closed_window(schedule, zone, end)
        earlier = closed_window(schedule, zone, end - timedelta(microseconds=1))
        assert window is not None
        assert earlier is not None
        assert window.end == end
        assert earlier.end < end
        assert not found or earlier == found[-1]
        found.append(window)
        now = end
    assert len({w.key for w in found}) == len(found)
    ends = {w.end for w in found}
    for offset in range(span + 3):
        day = first_day + timedelta(days=offset - 1)
        for slot in schedule.times if day.weekday() in schedule.days else ():
            shown = first_shown(day, slot, zone)
            if found and found[0].end <= shown <= found[-1].end:
                assert shown in ends


def first_shown(day: date, slot: time, zone: ZoneInfo) -> datetime:
    """The oracle: walk minute by minute until the clocks of *zone* show *slot*, or are past it."""
    target = datetime.combine(day, slot)
    moment = datetime.combine(day, slot, tzinfo=UTC) - timedelta(hours=27)
    while moment.astimezone(zone).replace(tzinfo=None) < target:
        ahead = target - moment.astimezone(zone).replace(tzinfo=None)
        # Far from the target and from any change of clocks an hour at a time is exact as well.
        step = timedelta(hours=1) if ahead > timedelta(hours=26) else timedelta(minutes=1)
        moment += step
    return moment
