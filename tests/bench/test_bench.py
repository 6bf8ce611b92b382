"""The benchmarks run; `make bench` is for their figures."""

from __future__ import annotations

import pytest

from tests.bench.__main__ import SECTIONS, main


@pytest.mark.bench
@pytest.mark.parametrize("section", SECTIONS)
def test_a_smoke_run_prints_figures(section: str, capsys: pytest.CaptureFixture[str]):
    main([section, "--smoke"])
    printed = capsys.readouterr().out
    assert f"## {section}" in printed
    assert {
        "matching": "| watches |",
        "archive": "mentions |",
        "hostile": "over 50 ms |",
        "pairs": "| pairs |",
    }[section] in printed


def test_an_unknown_section_is_refused():
    with pytest.raises(SystemExit):
        main(["nothing"])
