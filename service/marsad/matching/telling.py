"""What is told of a watch that was found: its hits, and how prominent they are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from marsad.matching.document import CONTENT, FIELDS, SUMMARY, TITLE, Document, Repetition
from marsad.matching.places import Evaluation, Place
from marsad.matching.plan import Leaf, Part, Spot
from marsad.model import Hit, Prominence


def told_places(plan: Part, at: Evaluation) -> list[Place]:
    """Return the places that make *plan* hold: by field, then start; none where it does not hold.

    None is told twice: not by two terms of the query that are one word here (عُمان, عمان), nor in a passage
    that repeats an earlier one.
    """
    if plan.plain and isinstance(plan, Spot):
        places = plan.places(at)
    elif not plan.holds(at):
        return []
    else:
        gathered: set[Place] = set()
        plan.gather(at, gathered)
        places = sorted(gathered) if len(gathered) > 1 else list(gathered)
    if len(places) < 2:
        return places
    places = told_once(places, at.document)
    if isinstance(plan, Leaf):
        return places  # none of which overlaps another
    told: dict[tuple[int, int, int, str], Place] = {}
    for place in places:
        told.setdefault((place.field, place.start, place.end, place.entity), place)
    return list(told.values()) if len(told) < len(places) else places


def told_once(places: list[Place], document: Document) -> list[Place]:
    """Return *places* of one term, in order, without those in a passage that repeats another."""
    if len(places) > 1 and places[-1].field != TITLE and document.repeated:
        return without_repetition(document, places)
    return places


def without_repetition(document: Document, places: Sequence[Place]) -> list[Place]:
    """Return *places* save those in a passage that repeats an earlier field, where they are told already."""
    told = {(place.field, place.first, place.term) for place in places}
    of_field: dict[int, list[Repetition]] = {}
    for repetition in sorted(document.repeated):
        of_field.setdefault(repetition.field, []).append(repetition)
    starts = {field: [it.first for it in its] for field, its in of_field.items()}
    longest = max((it.tokens for it in document.repeated), default=0)

    def is_again(place: Place) -> bool:
        its = of_field.get(place.field, ())
        for number in range(bisect_right(starts[place.field], place.first) - 1 if its else -1, -1, -1):
            repetition = its[number]
            offset = place.first - repetition.first
            if offset >= longest:
                return False
            ends = place.last < repetition.first + repetition.tokens
            if ends and (repetition.earlier, offset + repetition.earlier_first, place.term) in told:
                return True
        return False

    return [place for place in places if not is_again(place)]


def prominence(places: Sequence[Place], document: Document) -> Prominence:
    """Return where the most prominent of *places*, which are in order, stands."""
    if not places:
        return _BODY
    field = places[0].field
    if field == TITLE:
        return _HEADLINE
    lead = document.lead_tokens
    if field == SUMMARY or (field == CONTENT and places[0].last < lead):
        return _LEAD
    if len(places) > 1 and any(it.last < lead for it in places if it.field == CONTENT):
        return _LEAD
    return _BODY


# A look into an enum costs as much as the rest.
_HEADLINE, _LEAD, _BODY = Prominence.HEADLINE, Prominence.LEAD, Prominence.BODY


def hit_of(place: Place, document: Document) -> Hit:
    """Return *place* with the words that stand there."""
    field, _, _, start, end, term, entity, language, reason = place
    # `tuple.__new__` makes a Hit in a third of the time of its own: there may be hundreds in an item.
    return tuple.__new__(
        Hit,
        (
            FIELDS[field],
            start,
            end,
            document.originals[field][start:end],
            term,
            entity or None,
            language,
            reason,
        ),
    )
