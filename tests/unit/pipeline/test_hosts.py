"""A host in trouble is left alone as a whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marsad.model import FetchFailed, FetchProblem, NotModified
from marsad.pipeline.hosts import Hosts
from tests.unit.feeds.samples import NOW

MINUTE = timedelta(minutes=1)
HOST = "agency.example"


def failed(problem: FetchProblem, *, retry_after: timedelta | None = None) -> FetchFailed:
    return FetchFailed(problem=problem, detail="", retry_after=retry_after)


def rests(hosts: Hosts, ending: FetchFailed | NotModified, host: str = HOST) -> timedelta | None:
    until = hosts.rest_after(host, ending, now=NOW)
    return None if until is None else until - NOW


def test_a_host_rests_after_three_failures_in_a_row_longer_and_longer() -> None:
    hosts = Hosts()
    waits = [rests(hosts, failed(FetchProblem.SERVER_ERROR)) for _ in range(9)]
    minutes = [1, 2, 4, 8, 15, 15, 15]
    assert waits == [None, None, *(n * MINUTE for n in minutes)]


@pytest.mark.parametrize(
    "well", [NotModified(), failed(FetchProblem.NOT_FOUND), failed(FetchProblem.NOT_A_FEED)]
)
def test_any_answer_that_is_not_the_hosts_fault_ends_it(well: FetchFailed | NotModified) -> None:
    hosts = Hosts()
    for _ in range(5):
        rests(hosts, failed(FetchProblem.TIMEOUT))
    assert rests(hosts, well) is None
    assert [rests(hosts, failed(FetchProblem.CONNECT)) for _ in range(3)] == [None, None, MINUTE]


def test_a_host_that_is_asked_too_often_rests_at_once_for_as_long_as_it_says() -> None:
    assert rests(Hosts(), failed(FetchProblem.THROTTLED)) == MINUTE
    assert rests(Hosts(), failed(FetchProblem.THROTTLED, retry_after=5 * MINUTE)) == 5 * MINUTE
    assert rests(Hosts(), failed(FetchProblem.THROTTLED, retry_after=600 * MINUTE)) == 15 * MINUTE


def test_hosts_are_counted_apart_and_files_have_none() -> None:
    hosts = Hosts()
    for _ in range(2):
        assert rests(hosts, failed(FetchProblem.TIMEOUT), "a.example") is None
        assert rests(hosts, failed(FetchProblem.TIMEOUT), "b.example") is None
    assert rests(hosts, failed(FetchProblem.TIMEOUT), "a.example") == MINUTE
    for _ in range(9):
        assert rests(hosts, failed(FetchProblem.DNS), "c.example") is None
        assert rests(hosts, failed(FetchProblem.TIMEOUT), "") is None
