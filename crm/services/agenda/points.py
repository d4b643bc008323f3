"""The points of an agenda: those that are kept, and those the evidence suggests, as many as the review has time for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from crm.services import clock, words
from crm.services.agenda import evidence, left_over, rated, telling, window
from crm.services.agenda.evidence import Evidence
from crm.services.agenda.left_over import Kept, Points
from crm.services.agenda.window import Window
from models.agenda import AgendaItem, Source
from models.review import Review
from models.unit import BusinessUnit

#: Every review begins with it; kept as an own point about 0.
OPENING = "How things are going, in their words"
OPENING_ABOUT = 0
#: So many decisions are looked at again in one review, unless the rep wants more.
MOST_DECISIONS = 3
#: Minutes of a point that says nothing else.
USUAL_MINUTES = 5
#: Own points come before all others, then what was left over last time: where they stand, how much they matter.
OWN_PLACE, CARRIED_PLACE = 0, 1
OWN_WEIGHT, CARRIED_WEIGHT = -1, 1


@dataclass(frozen=True)
class Point:
    """Something to raise. ``key`` names it in a form; ``item`` is None while it is only suggested."""

    key: str
    source: Source
    about: int | None
    text: str
    minutes: int | None
    evidence: Evidence | None = None
    #: The day of the review that left it over.
    carried_from: date | None = None
    item: AgendaItem | None = None

    @property
    def place(self) -> int:
        if self.source is Source.OWN or self.evidence is None:
            return OWN_PLACE if self.source is Source.OWN else CARRIED_PLACE
        return CARRIED_PLACE if self.source is Source.CARRIED else self.evidence.place

    @property
    def weight(self) -> int:
        """How much it matters, most first."""
        if self.source is Source.OWN or self.evidence is None:
            return OWN_WEIGHT if self.source is Source.OWN else CARRIED_WEIGHT
        late = self.evidence.is_late or self.source is not Source.CARRIED
        return self.evidence.weight if late else CARRIED_WEIGHT

    @property
    def is_settled(self) -> bool:
        return self.item is not None and self.item.settled


@dataclass(frozen=True)
class Arranged:
    """A point on the agenda as it was told: which, and its time box in minutes."""

    key: str
    minutes: int | None = None


@dataclass(frozen=True)
class Agenda:
    """``on``: the points in their order; ``off``: taken off, or without time; ``news``: came since it was kept."""

    window: Window
    on: Sequence[Point]
    off: Sequence[Point]
    news: Sequence[Point]
    is_kept: bool

    @property
    def by_key(self) -> dict[str, Point]:
        return {point.key: point for point in (*self.on, *self.off, *self.news)}


def read(session: Session, *, by: Actor, review: Review, now: datetime) -> Agenda:
    """The agenda of a review; before it is kept, one that fits its time. Four statements.

    Raises Forbidden for whoever may not see agendas.
    """
    policy.require(by, Action.SEE_AGENDA, review)
    unit = session.get_one(BusinessUnit, review.unit_id)
    today = clock.local_date(now, unit.time_zone)
    since = window.before(session, review, unit)
    kept = left_over.read(session, review=review, today=today)
    known = kept.known
    found = evidence.read(session, unit=unit, window=since, known=known, on=review.planned_on, today=today)
    things = [telling.told(one, zone=unit.time_zone, today=today) for one in found]
    if policy.can(by, Action.SEE_RATINGS, review):
        things += rated.read(session, unit=unit, window=since, known=known.get(Source.RATING, ()), today=today)
    return _agenda(review, since, kept, things)


def _agenda(review: Review, since: Window, kept: Points, things: Sequence[Evidence]) -> Agenda:
    about = {(thing.source, thing.id): thing for thing in things}
    here = [_stored(one, about.get((one.source, one.about or 0))) for one in kept.here]
    carried = [_carried(one, about.get((one.source, one.about or 0))) for one in kept.carried]
    spoken_for = {(one.source, one.about) for one in (*kept.here, *kept.carried)}
    fresh = [_suggested(thing) for thing in things if (thing.source, thing.id) not in spoken_for]
    on = [point for point in here if point.item and not point.item.dropped]
    off = [point for point in here if point.item and point.item.dropped]
    if review.prepared_at is not None or here:
        return Agenda(since, on, off, [*carried, *fresh], is_kept=True)
    on, off = fitting([_opening(), *carried, *fresh], review.minutes)
    return Agenda(since, on, off, (), is_kept=False)


def fitting(points: Sequence[Point], minutes: int) -> tuple[list[Point], list[Point]]:
    """What matters most as far as it fits the time, in the usual way of a review; and the rest likewise."""
    chosen, left = set[str](), minutes
    decisions = [point.key for point in points if point.source is Source.DECISION]
    for point in sorted(points, key=lambda point: point.weight):
        if (point.minutes or 0) <= left and point.key not in decisions[MOST_DECISIONS:]:
            chosen.add(point.key)
            left -= point.minutes or 0
    ordered = sorted(points, key=lambda point: (point.place, point.weight))
    return [one for one in ordered if one.key in chosen], [one for one in ordered if one.key not in chosen]


def _opening() -> Point:
    return Point(f"{Source.OWN}-{OPENING_ABOUT}", Source.OWN, OPENING_ABOUT, OPENING, USUAL_MINUTES)


def _suggested(thing: Evidence) -> Point:
    return Point(thing.key, thing.source, thing.id, thing.text, thing.minutes, thing)


def _carried(kept: Kept, thing: Evidence | None) -> Point:
    item, key = kept.item, f"{Source.CARRIED}-{kept.item.id}"
    minutes = item.minutes or USUAL_MINUTES
    return Point(key, Source.CARRIED, item.id, item.text, minutes, thing, carried_from=kept.day)


def _stored(kept: Kept, thing: Evidence | None) -> Point:
    item = kept.item
    about = item.id if item.source_id is None else item.source_id
    key = f"{item.source}-{about}"
    return Point(key, item.source, item.source_id, item.text, item.minutes, thing, kept.carried_from, item)


def as_told(agenda: Agenda, on: Sequence[Arranged], off: Sequence[str]) -> Agenda:
    """The same agenda arranged as it was told, not kept: what a refused form shows again."""
    by_key = agenda.by_key
    arranged = [replace(by_key[told.key], minutes=told.minutes) for told in on if told.key in by_key]
    named = {*(told.key for told in on), *off}
    unnamed = [point for point in agenda.on if agenda.is_kept and point.key not in named]
    news = [point for point in agenda.news if point.key not in named]
    return replace(agenda, on=[*arranged, *unnamed], off=[by_key[key] for key in off if key in by_key], news=news)


def most_weighty(points: Sequence[Point], most: int) -> tuple[list[Point], list[Point]]:
    """Those that matter most, in the order they have, as many as that; and the rest."""
    chosen = {id(point) for point in sorted(points, key=lambda point: point.weight)[:most]}
    return [one for one in points if id(one) in chosen], [one for one in points if id(one) not in chosen]


def time_in_words(points: Sequence[Point], length: int) -> str:
    """ "55 of 60 minutes", "75 minutes, 15 more than there are"."""
    total = sum(point.minutes or 0 for point in points)
    if total > length:
        return f"{total} minutes, {total - length} more than there are"
    return f"{total} of {length} minutes"


def without_time(points: Sequence[Point]) -> int:
    """How many points have no time box."""
    return sum(1 for point in points if not point.minutes)


def count_in_words(points: Sequence[Point]) -> str:
    """ "Nine points"."""
    return words.capital(words.counted(len(points), "point"))
