"""Case endings of Russian names by their last letters alone: for names no dictionary knows.

Everything is lower-case. Where a name could be declined in two ways (a surname in -ой, a foreign surname in
-ин) both are given: a form that nobody writes costs nothing, as a name is only found with a capital.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple


class Inflected(NamedTuple):
    """One form of a name in the singular."""

    word: str
    gender: str
    """"masc", "femn" or "neut"; "" for the plural of a place."""
    case: str
    """One of CASES."""


CASES: Final = ("nomn", "gent", "datv", "accs", "ablt", "loct")

_VOWELS: Final = "аеёиоуыэюя"
_HUSHING: Final = "жшчщ"
_VELAR: Final = "гкх"
_SLAVIC: Final = ("ов", "ев", "ёв", "ин", "ын")
_SLAVIC_FEMININE: Final = tuple(f"{ending}а" for ending in _SLAVIC)
_PLACES: Final = ("ово", "ево", "ёво", "ино", "ыно")


def decline(name: str, *, genders: str = "masc femn", places: bool = False) -> Iterator[Inflected]:
    """Yield the forms of *name*, itself first, as that of a man, of a woman or (with *places*) of a place."""
    for gender in genders.split():
        yield Inflected(name, gender, "nomn")
    if len(name) < 2:
        return
    if "masc" in genders:
        yield from _spread(name, "masc", _masculine(name))
    if "femn" in genders:
        yield from _spread(name, "femn", _feminine(name))
    if places:
        yield from _spread(name, "neut", _neuter(name))
        yield from _spread(name, "", _plural(name))


def counterpart(surname: str, gender: str) -> str | None:
    """Return the surname of the other sex: захаров for захарова, толстая for толстой; None if it is one."""
    if gender == "masc":
        if surname.endswith(_SLAVIC):
            return f"{surname}а"
        if _is_adjective(surname):
            return f"{surname[:-2]}яя" if surname.endswith("ний") else f"{surname[:-2]}ая"
    elif gender == "femn":
        if surname.endswith(_SLAVIC_FEMININE):
            return surname[:-1]
        if surname.endswith(("ская", "цкая")):
            return f"{surname[:-2]}ий"
        if surname.endswith("ая"):
            return f"{surname[:-2]}ой" if surname.endswith("тая") else f"{surname[:-2]}ый"
    return None


def surname_gender(surname: str) -> str | None:
    """Return the gender that the ending tells, if it does."""
    if surname.endswith(_SLAVIC_FEMININE) or surname.endswith(("ская", "цкая", "ая")):
        return "femn"
    if surname.endswith(_SLAVIC) or _is_adjective(surname):
        return "masc"
    return None


def syllables(word: str) -> int:
    return sum(letter in _VOWELS for letter in word)


def _spread(name: str, gender: str, paradigms: Iterator[tuple[str, str]]) -> Iterator[Inflected]:
    """Turn (stem, "gent datv accs ablt loct") into forms; "/" divides variants, "=" is the name itself."""
    for stem, endings in paradigms:
        for case, variants in zip(CASES[1:], endings.split(), strict=True):
            for ending in variants.split("/"):
                yield Inflected(name if ending == "=" else stem + ending.strip("-"), gender, case)


def _is_adjective(word: str) -> bool:
    if len(word) < 4:
        return False
    return word.endswith(("ский", "цкий", "ый", "ний")) or (word.endswith("ой") and syllables(word) > 1)


def _masculine(name: str) -> Iterator[tuple[str, str]]:
    stem, last = name[:-1], name[-1]
    if last == "й":
        if _is_adjective(name) or name.endswith(("кий", "гий", "хий", "щий", "чий", "жий", "ший")):
            yield _adjective(name)
            if not name.endswith(("ой", "кий", "гий", "хий", "ний")) or name.endswith(("ский", "цкий")):
                return
        yield stem, "я ю я ем/ём " + ("и" if stem[-1] == "и" else "е")
    elif last == "ь":
        yield stem, "я ю я ем/ём е"
        if name.endswith(("ень", "ель")) and len(name) > 4 and name[-4] not in _VOWELS:
            yield name[:-3] + name[-2], "я ю я ем/ём е"
    elif last in "ая":
        yield from _in_a(name)
    elif last in _VOWELS or not last.isalpha() or name.endswith(("ых", "их")):
        # A surname in -ых is that of all the family, in every case.
        yield name, "= = = = ="
    elif name.endswith(_SLAVIC):
        yield name, "а у а ым/ом е"
    else:
        soft = last in _HUSHING or last == "ц"
        for each in _stems(name):
            yield each, "а у а ом/ем е" if soft else "а у а ом е"


def _stems(name: str) -> Iterator[str]:
    """Yield *name* and what is left of it when its last vowel goes: стрелец, стрельц."""
    yield name
    vowel, last = name[-2], name[-1]
    if len(name) < 4 or vowel not in "еёо" or last not in "цк" or (vowel == "о" and last == "ц"):
        return
    before = name[:-2]
    if before[-1] in _VOWELS:
        yield f"{before}й{last}"
        return
    yield before + last
    if vowel != "о" and before[-1] in "лнрс":
        yield f"{before}ь{last}"


def _feminine(name: str) -> Iterator[tuple[str, str]]:
    if name.endswith(("ая", "яя")):
        soft = name.endswith("яя") or name[-3:-2] in tuple(_HUSHING)
        yield (
            name[:-2],
            ("ей ей {} ей/ею ей" if soft else "ой ой {} ой/ою ой").format(
                "юю" if name.endswith("яя") else "ую"
            ),
        )
        if len(name) < 5:
            yield from _in_a(name)
    elif name.endswith(_SLAVIC_FEMININE):
        yield name[:-1], "ой ой у ой/ою ой"
    elif name[-1] in "ая":
        yield from _in_a(name)
    else:
        # Foreign feminine surnames in a consonant, -ко and all other vowels: the same in every case.
        yield name, "= = = = ="


def feminine_in_soft_sign(name: str) -> Iterator[Inflected]:
    """Yield the forms of Любовь, Рязань, which a surname (Меркель) does not have."""
    return _spread(name, "femn", iter([(name[:-1], "и и ь ью и")]))


def feminine_place(name: str) -> Iterator[Inflected]:
    """Yield the forms of a place in -а, which a surname in -ина has not: Приштины."""
    return _spread(name, "femn", _in_a(name)) if name.endswith(("а", "я")) else iter(())


def _in_a(name: str) -> Iterator[tuple[str, str]]:
    stem, last = name[:-1], name[-1]
    before = stem[-1]
    if last == "а":
        genitive = "и" if before in _VELAR + _HUSHING or before == "и" else "ы"
        if before in _HUSHING or before == "ц":
            yield stem, f"{genitive} е у ой/ей/ою/ею е"
        else:
            yield stem, f"{genitive} е у ой/ою е"
    elif before == "и":
        yield stem, "и и ю ей/ею и"
    else:
        yield stem, "и е ю ей/ёй/ею е"


def _adjective(name: str) -> tuple[str, str]:
    stem, before = name[:-2], name[-3]
    if name.endswith("ний") or (name.endswith("ий") and before in _HUSHING):
        return stem, "его ему его им ем"
    hard = "им" if before in _VELAR + _HUSHING else "ым"
    return stem, f"ого ому ого {hard} ом"


def _neuter(name: str) -> Iterator[tuple[str, str]]:
    """Yield how a place declines that also stands unchanged: в Домодедове, в Домодедово."""
    stem = name[:-1]
    if name.endswith(_PLACES):
        yield stem, "а/о у/о о ом/о е/о"
    elif name.endswith("ое"):
        hard = "им" if name[-3:-2] in tuple(_VELAR + _HUSHING) else "ым"
        yield name[:-2], f"ого ому ое {hard} ом"
    elif name.endswith("ее"):
        yield name[:-2], "его ему ее им ем"
    elif name.endswith("ье"):
        yield stem, "я ю е ем е"
    elif name.endswith("ие"):
        yield stem, "я ю е ем и"


def _plural(name: str) -> Iterator[tuple[str, str]]:
    """Yield how a place in the plural declines: Мытищи, Черкассы."""
    stem, last = name[:-1], name[-1]
    if last == "ы" or (last == "и" and stem[-1] in _VELAR + _HUSHING):
        genitive = "-/ов/ей" if stem[-1] in _HUSHING else "-/ов"
        yield stem, f"{genitive} ам = ами ах"
