"""What an item mentions."""

from __future__ import annotations

from marsad.matching.find import find

__all__ = ["find"]
