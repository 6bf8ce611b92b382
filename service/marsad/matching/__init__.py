"""What a text mentions. For programs of your own: docs/guide/library.md."""

from __future__ import annotations

from marsad.matching.find import find
from marsad.matching.library import compile_queries, match_text
from marsad.matching.matcher import WatchSet
from marsad.model import EntityDefinition, Hit, Match

__all__ = ["EntityDefinition", "Hit", "Match", "WatchSet", "compile_queries", "find", "match_text"]
