"""Chinese: traditional and simplified are one."""

from __future__ import annotations

from collections.abc import Mapping

from marsad.language import han
from marsad.language.unspaced import Unspaced


class Chinese(Unspaced):
    """As any language without spaces; its word list is in simplified characters, as its terms are folded."""

    def __init__(self) -> None:
        super().__init__("zh", "Hans")

    def shapes(self) -> Mapping[int, str]:
        return han.simplified()
