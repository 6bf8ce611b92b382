"""The picture in the README is of a mail that the shipped configuration really makes."""

from __future__ import annotations

from marsad.model import DeliveryKind
from tests.docs.alert_picture import ROOT, mail_about, part, stories


def test_the_alert_in_the_picture_is_found_by_the_shipped_watches() -> None:
    found = stories((ROOT / "config" / "sample.xml").read_bytes(), name="", queries=[])
    mail = mail_about([found[1]], kind=DeliveryKind.INSTANT)
    assert "Hamas and Moscow" in mail["Subject"]
    assert "*حماس*" in part(mail, "plain")
    assert part(mail, "html").count("<mark") == 5
    assert (ROOT / "docs" / "alert.png").stat().st_size < 200_000
