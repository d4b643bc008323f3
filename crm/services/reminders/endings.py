"""Assignments that end: a lead whom nobody follows, a deputy who stops, a person lent to a unit for a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from crm.services.languages import Language
from crm.services.reminders.absences import cios
from crm.services.reminders.due import FURTHER, Due, Ground, Told
from models.mail import MailKind
from models.person import Person
from models.unit import LENT, Assignment, BusinessUnit, Cover, Membership

#: So long before the end the rep is told; and, of a unit that nobody will lead, the CIO.
NOTICE, NOTICE_OF_CIO = timedelta(days=14), timedelta(days=5)


def soon(session: Session, ground: Ground) -> Iterator[Due]:
    """What ends within two weeks. Three statements."""
    yield from _assignments(session, ground)
    yield from _lent(session, ground)


def _assignments(session: Session, ground: Ground) -> Iterator[Due]:
    found = session.scalars(
        select(Assignment)
        .join(Assignment.unit)
        .where(
            Assignment.in_force(ground.today),
            Assignment.until <= ground.today + NOTICE + FURTHER,
            BusinessUnit.closed_on.is_(None),
            ~_goes_on(),
        )
        .options(contains_eager(Assignment.unit), joinedload(Assignment.rep))
        .order_by(Assignment.until, Assignment.id)
    ).all()
    watching = cios(session) if found else ()
    for assignment in found:
        if assignment.cover is Cover.LEAD:
            yield _of_lead(assignment, assignment.rep, NOTICE, ground)
            yield from (_of_lead(assignment, person, NOTICE_OF_CIO, ground) for person in watching)
        elif assignment.unit_id in ground.reps:
            yield _of_deputy(assignment, ground)


def _goes_on() -> ColumnElement[bool]:
    """Somebody else leads from that day on; or the same person stays, in whatever part."""
    following = aliased(Assignment)
    return exists().where(
        following.unit_id == Assignment.unit_id,
        following.id != Assignment.id,
        or_(following.cover == Cover.LEAD, following.rep_id == Assignment.rep_id),
        or_(Assignment.cover == Cover.LEAD, following.rep_id == Assignment.rep_id),
        following.since <= Assignment.until,
        or_(following.until.is_(None), following.until > Assignment.until),
    )


def _of_lead(assignment: Assignment, person: Person, notice: timedelta, ground: Ground) -> Due:
    unit, until = assignment.unit, _end(assignment.until)

    def tell(say: Language) -> Told:
        name, day = assignment.rep.name, say.weekday(until, ground.today)
        if person.id == assignment.rep_id:
            why = say("You look after it until {day}, and nobody follows.", day=day)
        else:
            why = say("{name} looks after it until {day}, and nobody follows.", name=name, day=day)
        return Told(say("{unit} is about to have no rep", unit=unit.name), why, say("Hand it over"))

    return _ending(assignment.id, unit, until, person, notice, f"/units/{unit.id}/handover", tell)


def _of_deputy(assignment: Assignment, ground: Ground) -> Due:
    unit, until = assignment.unit, _end(assignment.until)

    def tell(say: Language) -> Told:
        return Told(
            what=say("{name} stops deputising for {unit}", name=assignment.rep.name, unit=unit.name),
            why=say("It ends on {day}.", day=say.weekday(until, ground.today)),
            button=say("Look at it"),
        )

    return _ending(assignment.id, unit, until, ground.reps[unit.id], NOTICE, f"/units/{unit.id}", tell)


def _lent(session: Session, ground: Ground) -> Iterator[Due]:
    found = session.scalars(
        select(Membership)
        .join(Membership.unit)
        .where(
            Membership.part.in_(LENT),
            Membership.in_force(ground.today),
            Membership.until <= ground.today + NOTICE + FURTHER,
            BusinessUnit.closed_on.is_(None),
        )
        .options(contains_eager(Membership.unit), joinedload(Membership.person))
        .order_by(Membership.until, Membership.id)
    )
    return (_of_lent(lent, ground) for lent in found if lent.unit_id in ground.reps)


def _of_lent(lent: Membership, ground: Ground) -> Due:
    unit, until = lent.unit, _end(lent.until)

    def tell(say: Language) -> Told:
        return Told(
            what=say("{name} leaves {unit}", name=lent.person.name, unit=unit.name),
            why=say("The access ends by itself on {day}.", day=say.weekday(until, ground.today)),
            button=say("Look at it"),
        )

    path = f"/units/{unit.id}/roster/{lent.id}"
    return _ending(lent.id, unit, until, ground.reps[unit.id], NOTICE, path, tell, period="lent:")


def _ending(
    about: int,
    unit: BusinessUnit,
    until: date,
    person: Person,
    notice: timedelta,
    path: str,
    tell: Callable[[Language], Told],
    *,
    period: str = "",
) -> Due:
    return Due(
        kind=MailKind.ENDING,
        about=about,
        person=person,
        unit=unit,
        period=f"{period}{until}",
        falls_on=until - notice,
        lies_ahead=True,
        path=path,
        tell=tell,
    )


def _end(until: date | None) -> date:
    assert until is not None, "the statement asked for those that end"  # noqa: S101
    return until
