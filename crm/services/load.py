"""Hours: how long people from IT sat in meetings, per unit and rep. Always with how many meetings say how long.

An hour of two people is two hours. A meeting without a duration adds nothing, and is counted as such.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, Subquery, case, func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from crm.services import attendees, pages, words
from crm.services.pages import Page
from crm.services.stretches import Stretch
from models.meeting import Attendance, Meeting, Presence
from models.person import Person
from models.unit import BusinessUnit

REPS_SHOWN = 50


@dataclass(frozen=True)
class Hours:
    """Minutes of people; in meetings of which so many say how long they took, of so many in all."""

    minutes: int = 0
    timed: int = 0
    meetings: int = 0

    @property
    def text(self) -> str:
        """ "4.5", "14": hours, to one decimal, half up."""
        tenths = (self.minutes * 10 + 30) // 60
        return f"{tenths / 10:.1f}" if tenths % 10 else str(tenths // 10)

    @property
    def said(self) -> str:
        """ "4.5 hours", "1 hour"."""
        return f"{self.text} hour{'' if self.text == '1' else 's'}"

    @property
    def known(self) -> str:
        """ "12 of 14 meetings"."""
        return f"{self.timed} of {self.meetings} meeting{'' if self.meetings == 1 else 's'}"


@dataclass(frozen=True)
class Share:
    """What one person did in one unit."""

    person_id: int
    name: str
    is_rep: bool
    hours: Hours


@dataclass(frozen=True)
class UnitLine:
    unit_id: int
    name: str
    hours: Hours
    #: The most hours first.
    shares: Sequence[Share] = field(default_factory=tuple)


@dataclass(frozen=True)
class RepLine:
    rep_id: int
    name: str
    hours: Hours
    units: int


@dataclass(frozen=True)
class Load:
    total: Hours
    units: Page[UnitLine]
    reps: Sequence[RepLine]


def read(session: Session, *, by: Actor, stretch: Stretch, rep_id: int | None = None, number: int = 1) -> Load:
    """The units that took the most hours first; with a rep, only what that rep did. Four statements."""
    policy.require(by, Action.SEE_LOAD)
    sat = who_sat(by, stretch, rep_id)
    found = pages.of_rows(session, _units(by, stretch, sat, every_meeting=rep_id is None), number)
    shares = _shares(session, sat, [row.id for row in found.rows])
    lines = [UnitLine(row.id, row.name, _hours(row), shares[row.id]) for row in found.rows]
    return Load(
        total=_total(session, by, stretch, sat, every_meeting=rep_id is None),
        units=Page(lines, found.number, found.has_next),
        reps=_reps(session, who_sat(by, stretch, None)),
    )


def who_sat(by: Actor, stretch: Stretch, rep_id: int | None) -> Subquery:
    """Who from IT was present at which meeting of that time."""
    statement = (
        select(Attendance.meeting_id, Attendance.person_id, Meeting.unit_id, Meeting.lasted, Person.name, Person.is_rep)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .join(Person, Person.id == Attendance.person_id)
        .where(
            *_within(by, stretch),
            Attendance.presence == Presence.PRESENT,
            attendees.is_from_it() if rep_id is None else Person.id == rep_id,
        )
    )
    return statement.subquery("sat")


def _within(by: Actor, stretch: Stretch) -> tuple[Any, ...]:
    held = Meeting.held_on >= stretch.since, Meeting.held_on < stretch.until
    return (*held, policy.in_visible_units(by, Meeting.unit_id))


def _figures(meeting_id: Any, lasted: Any, person_id: Any) -> tuple[Any, ...]:
    return (
        func.coalesce(func.sum(case((person_id.is_not(None), lasted))), 0).label("minutes"),
        func.count(case((lasted.is_not(None), meeting_id)).distinct()).label("timed"),
        func.count(meeting_id.distinct()).label("meetings"),
    )


def _hours(row: Any) -> Hours:
    return Hours(int(row.minutes), row.timed, row.meetings)


def _units(by: Actor, stretch: Stretch, sat: Subquery, *, every_meeting: bool) -> Select[Any]:
    minutes, timed, meetings = _figures(Meeting.id, Meeting.lasted, sat.c.person_id)
    joined = (
        select(BusinessUnit.id, BusinessUnit.name, minutes, timed, meetings)
        .join(Meeting, Meeting.unit_id == BusinessUnit.id)
        .join(sat, sat.c.meeting_id == Meeting.id, isouter=every_meeting)
        .where(*_within(by, stretch))
    )
    grouped: Select[Any] = joined.group_by(BusinessUnit.id, BusinessUnit.name)
    return grouped.order_by(minutes.desc(), meetings.desc(), BusinessUnit.name, BusinessUnit.id)


def _total(session: Session, by: Actor, stretch: Stretch, sat: Subquery, *, every_meeting: bool) -> Hours:
    figures = _figures(Meeting.id, Meeting.lasted, sat.c.person_id)
    joined = select(*figures).select_from(Meeting).join(sat, sat.c.meeting_id == Meeting.id, isouter=every_meeting)
    return _hours(session.execute(joined.where(*_within(by, stretch))).one())


def _shares(session: Session, sat: Subquery, units: Collection[int]) -> dict[int, list[Share]]:
    minutes, timed, meetings = _figures(sat.c.meeting_id, sat.c.lasted, sat.c.person_id)
    rows = session.execute(
        select(sat.c.unit_id, sat.c.person_id, sat.c.name, sat.c.is_rep, minutes, timed, meetings)
        .where(sat.c.unit_id.in_(units))
        .group_by(sat.c.unit_id, sat.c.person_id, sat.c.name, sat.c.is_rep)
        .order_by(sat.c.unit_id, minutes.desc(), sat.c.name, sat.c.person_id)
    )
    found: dict[int, list[Share]] = defaultdict(list)
    for row in rows:
        found[row.unit_id].append(Share(row.person_id, row.name, row.is_rep, _hours(row)))
    return found


def _reps(session: Session, sat: Subquery) -> list[RepLine]:
    minutes, timed, meetings = _figures(sat.c.meeting_id, sat.c.lasted, sat.c.person_id)
    units = func.count(sat.c.unit_id.distinct()).label("units")
    rows = session.execute(
        select(sat.c.person_id, sat.c.name, minutes, timed, meetings, units)
        .where(sat.c.is_rep)
        .group_by(sat.c.person_id, sat.c.name)
        .order_by(minutes.desc(), sat.c.name, sat.c.person_id)
        .limit(REPS_SHOWN)
    )
    return [RepLine(row.person_id, row.name, _hours(row), row.units) for row in rows]


@dataclass(frozen=True)
class Lede:
    """The sentence under the title: the finding, then what it rests on."""

    finding: str
    rest: str


def lede(load: Load, stretch: Stretch, rep_name: str = "") -> Lede:
    """ "Finance took 14 of our 62 hours." """
    total, first = load.total, next(iter(load.units.rows), None)
    if not total.meetings:
        return Lede(f"{'No meeting' if not rep_name else f'{rep_name} met nobody'} in {stretch.words}.", "")
    known = words.capital(f"{total.known} say how long they took.")
    if not total.minutes or first is None:
        return Lede("No meeting says how long it took.", "Say the duration when you log one.")
    if rep_name:
        return Lede(f"{rep_name} spent {first.hours.text} of {total.said} with {first.name}.", known)
    return Lede(f"{first.name} took {first.hours.text} of our {total.said}.", known)
