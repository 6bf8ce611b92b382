"""Dates as feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from marsad.feeds.dates import from_parts, read_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 مارس 2026", "2026-03-12 00:00"),
        ("١٢ آذار ٢٠٢٦ ١٠:٣٠", "2026-03-12 10:30"),
        ("5 كانون الثاني 2026", "2026-01-05 00:00"),
        ("الخميس 12 تشرين الأول 2026 03:05 م", "2026-10-12 15:05"),
        ("12 марта 2026, 15:40 +0300", "2026-03-12 12:40"),
        ("Чт, 12 мар. 2026 15:40", "2026-03-12 15:40"),
        ("12 de marzo de 2026", "2026-03-12 00:00"),
        ("März 12, 2026", "2026-03-12 00:00"),
        ("3.4.2026 12:00", "2026-04-03 12:00"),
        ("13/05/2026 2:30 PM", "2026-05-13 14:30"),
        ("05/13/2026", "2026-05-13 00:00"),
        ("2026/04/03 23:11:60", "2026-04-03 23:11"),
        ("2026/04/03 10:00 GMT+02:00", "2026-04-03 08:00"),
        ("12 رمضان 1447", None),
        ("1447/09/12", None),
        ("31/02/2026", None),
        ("00/00/2026", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_date_is_read_or_is_none(text: str, expected: str | None) -> None:
    found = read_date(text)
    wanted = datetime.fromisoformat(expected).replace(tzinfo=UTC) if expected else None
    assert (found.replace(second=0) if found else None) == wanted


@pytest.mark.parametrize(
    "parts", [None, (), (2026,), (999999, 1, 1, 0, 0, 0), (0, 1, 1, 0, 0, 0), (2026, 99, 1, 0, 0, 0)]
)
def test_a_time_outside_the_calendar_is_none(parts: tuple[int, ...] | None) -> None:
    assert from_parts(parts) is None


def test_a_leap_second_is_the_next_second() -> None:
    assert from_parts((2016, 12, 31, 23, 59, 60, 5, 366, 0)) == datetime(2017, 1, 1, tzinfo=UTC)
