"""Diaries: who is to be at which review, who is away, and where two things meet. Read once, then asked in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, literal, select, true, union, union_all
from sqlalchemy.orm import Session, aliased

from crm.services.review_planning import UNTOUCHED
from models.absence import Absence
from models.base import Dated
from models.person import Person
from models.review import Review, ReviewState
from models.unit import Assignment, BusinessUnit, Cover, Membership, Part


@dataclass(frozen=True)
class Booking:
    """A review as it stands in people's diaries, or as it would stand there."""

    unit_id: int
    unit_name: str
    #: The unit's local day.
    day: date
    starts: datetime
    minutes: int
    #: None: not stored.
    review_id: int | None = None

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.minutes)

    def overlaps(self, other: Booking) -> bool:
        return self.starts < other.ends and other.starts < self.ends

    def is_same(self, other: Booking) -> bool:
        return self is other or (self.review_id is not None and self.review_id == other.review_id)


@dataclass(frozen=True)
class Who:
    """A person with a part in a unit (its lead, a deputy, its head) from ``since`` until (not on) ``until``."""

    unit_id: int
    person_id: int
    name: str
    part: Cover | Part
    since: date
    until: date | None

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True)
class Away:
    """A person's absence; ``stands_in`` is who covers, if somebody does."""

    person_id: int
    since: date
    until: date | None
    stands_in_id: int | None
    stands_in: str

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True)
class Clash:
    """Why a time is not free: this person has another review then, or is away that day."""

    person_id: int
    name: str
    #: The other review; None: the person is away.
    other: Booking | None = None
    #: Who comes instead of a rep who is away; "" for nobody.
    stands_in: str = ""


class Diary:
    """What some units' people have planned. Asking it takes no statement."""

    def __init__(self, people: Iterable[Who], absences: Iterable[Away], bookings: Iterable[Booking]) -> None:
        self._of_unit: dict[int, list[Who]] = defaultdict(list)
        for who in people:
            self._of_unit[who.unit_id].append(who)
        self._away: dict[int, list[Away]] = defaultdict(list)
        for away in absences:
            self._away[away.person_id].append(away)
        self.bookings: list[Booking] = []
        #: By person and day (in UTC).
        self._planned: dict[tuple[int, date], list[Booking]] = defaultdict(list)
        for booking in bookings:
            self.put(booking)

    def put(self, booking: Booking) -> None:
        """Write it into the diaries of everybody who would be there."""
        self.bookings.append(booking)
        for person_id, _ in self.present(booking.unit_id, booking.day):
            for day in _days(booking):
                self._planned[person_id, day].append(booking)

    def clashes(self, booking: Booking) -> list[Clash]:
        """What stands against it: first who is away, then what overlaps, in order of time."""
        overlapping = {
            (person_id, other.starts, other.unit_id): Clash(person_id, name, other)
            for person_id, name in self.present(booking.unit_id, booking.day)
            for day in _days(booking)
            for other in self._planned.get((person_id, day), ())
            if other.overlaps(booking) and not other.is_same(booking)
        }
        found = sorted(overlapping.values(), key=lambda clash: clash.other.starts if clash.other else booking.starts)
        return [*self._who_is_away(booking.unit_id, booking.day), *found]

    def present(self, unit_id: int, day: date) -> list[tuple[int, str]]:
        """(id, name) of the rep who would come, or who stands in, and of the head: those who are there that day."""
        found = dict[int, str]()
        rep = self.rep(unit_id, day)
        if rep:
            found[rep[0]] = rep[1]
        head = self._holder(unit_id, Part.HEAD, day)
        if head and not self._absence(head.person_id, day):
            found[head.person_id] = head.name
        return list(found.items())

    def rep(self, unit_id: int, day: date) -> tuple[int, str] | None:
        """The lead; when away whoever covers, else a deputy who is there."""
        return next((rep for rep in self._reps(unit_id, day) if not self._absence(rep[0], day)), None)

    def _reps(self, unit_id: int, day: date) -> Iterator[tuple[int, str]]:
        lead = self._holder(unit_id, Cover.LEAD, day)
        if lead:
            yield lead.person_id, lead.name
            away = self._absence(lead.person_id, day)
            if away and away.stands_in_id is not None:
                yield away.stands_in_id, away.stands_in
        yield from (
            (who.person_id, who.name) for who in self._of_unit[unit_id] if who.part is Cover.DEPUTY and who.holds(day)
        )

    def _who_is_away(self, unit_id: int, day: date) -> Iterator[Clash]:
        lead, head = (self._holder(unit_id, part, day) for part in (Cover.LEAD, Part.HEAD))
        if lead and self._absence(lead.person_id, day):
            rep = self.rep(unit_id, day)
            yield Clash(lead.person_id, lead.name, stands_in=rep[1] if rep else "")
        if head and self._absence(head.person_id, day):
            yield Clash(head.person_id, head.name)

    def _holder(self, unit_id: int, part: Cover | Part, day: date) -> Who | None:
        return next((who for who in self._of_unit[unit_id] if who.part is part and who.holds(day)), None)

    def _absence(self, person_id: int, day: date) -> Away | None:
        return next((away for away in self._away.get(person_id, ()) if away.holds(day)), None)


def _days(booking: Booking) -> set[date]:
    return {booking.starts.astimezone(UTC).date(), booking.ends.astimezone(UTC).date()}


# ---- Reading them


@dataclass(frozen=True)
class Span:
    """Local days from ``since`` to before ``until``, and what overlaps them."""

    since: date
    until: date

    def meets(self, dated: type[Dated]) -> ColumnElement[bool]:
        return (dated.since < self.until) & (dated.until.is_(None) | (dated.until > self.since))


def read(session: Session, *, unit_ids: Collection[int], span: Span, without: Collection[int] = ()) -> Diary:
    """The diaries of all who lead, cover or head these units in that span. Three statements, however many units.

    ``without``: units about to be planned anew; of theirs only what planning leaves alone is read.
    """
    people = [_who(row) for row in session.execute(_people_of(_units_sharing_people(unit_ids, span), span))]
    units = {who.unit_id for who in people}
    reviews = session.execute(_reviews(units, span, without)) if units else ()
    return Diary(people, _absences(session, people, span), [booking_of(row.Review, row.name) for row in reviews])


def booking_of(review: Review, unit_name: str) -> Booking:
    return Booking(review.unit_id, unit_name, review.planned_on, review.planned_at, review.minutes, review.id)


def _units_sharing_people(unit_ids: Collection[int], span: Span) -> Select[int]:
    """The units with a lead, deputy, head or stand-in who has a part in one of these."""
    away = aliased(Absence)
    people = union(
        select(Assignment.rep_id.label("id")).where(Assignment.unit_id.in_(unit_ids), span.meets(Assignment)),
        select(Membership.person_id).where(Membership.unit_id.in_(unit_ids), _heads(span)),
        select(away.covered_by_id)
        .join(Assignment, Assignment.rep_id == away.person_id)
        .where(Assignment.unit_id.in_(unit_ids), away.covered_by_id.is_not(None), span.meets(Assignment)),
    ).subquery()
    shared = select(people.c.id)
    units = union(
        select(Assignment.unit_id.label("id")).where(Assignment.rep_id.in_(shared), span.meets(Assignment)),
        select(Membership.unit_id).where(Membership.person_id.in_(shared), _heads(span)),
        select(Assignment.unit_id)
        .join(Absence, Absence.person_id == Assignment.rep_id)
        .where(Absence.covered_by_id.in_(shared), span.meets(Absence), span.meets(Assignment)),
    ).subquery()
    return select(units.c.id)


def _heads(span: Span) -> ColumnElement[bool]:
    return (Membership.part == Part.HEAD) & span.meets(Membership)


def _people_of(units: Select[int], span: Span) -> Select[*tuple[Any, ...]]:
    """Leads and deputies (in the order they came) and heads of these units."""
    reps = select(
        Assignment.unit_id.label("unit_id"),
        Assignment.rep_id.label("person_id"),
        cast(Assignment.cover, String).label("part"),
        Assignment.since.label("since"),
        Assignment.until.label("until"),
    ).where(Assignment.unit_id.in_(units), span.meets(Assignment))
    heads = select(
        Membership.unit_id, Membership.person_id, literal(Part.HEAD.value, String), Membership.since, Membership.until
    ).where(Membership.unit_id.in_(units), _heads(span))
    held = union_all(reps, heads).subquery()
    named = select(held, Person.name).join(Person, Person.id == held.c.person_id)
    return named.order_by(held.c.since, held.c.person_id)


_PARTS: dict[str, Cover | Part] = {Cover.LEAD: Cover.LEAD, Cover.DEPUTY: Cover.DEPUTY, Part.HEAD: Part.HEAD}


def _who(row: Any) -> Who:
    return Who(row.unit_id, row.person_id, row.name, _PARTS[row.part], row.since, row.until)


def _absences(session: Session, people: Collection[Who], span: Span) -> list[Away]:
    """Of these people and of those who stand in for them."""
    ids = {who.person_id for who in people}
    if not ids:
        return []
    standing_in = select(Absence.covered_by_id).where(Absence.person_id.in_(ids), span.meets(Absence))
    found = (
        select(Absence.person_id, Absence.since, Absence.until, Absence.covered_by_id, Person.name)
        .outerjoin(Person, Person.id == Absence.covered_by_id)
        .where(Absence.person_id.in_(ids) | Absence.person_id.in_(standing_in), span.meets(Absence))
        .order_by(Absence.since, Absence.id)
    )
    return [Away(*row[:4], stands_in=row.name or "") for row in session.execute(found)]


def _reviews(unit_ids: Collection[int], span: Span, without: Collection[int]) -> Select[*tuple[Any, ...]]:
    planned = (Review.state == ReviewState.PLANNED, Review.planned_on >= span.since, Review.planned_on < span.until)
    return (
        select(Review, BusinessUnit.name)
        .join(BusinessUnit, BusinessUnit.id == Review.unit_id)
        .where(Review.unit_id.in_(unit_ids), BusinessUnit.closed_on.is_(None), *planned)
        .where(~(Review.unit_id.in_(without) & UNTOUCHED) if without else true())
        .order_by(Review.planned_at, Review.id)
    )
