"""Absences in which a unit would be left alone: told to who goes, and to the CIO when it stays so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm.services import covering
from crm.services.covering import Gap
from crm.services.languages import Language
from crm.services.reminders.due import FURTHER, Due, Ground, Told
from crm.services.working_days import DAY
from models.absence import Absence
from models.mail import MailKind
from models.person import Person

#: So long before the first day away the rep is told.
NOTICE = timedelta(days=14)


def without_cover(session: Session, ground: Ground) -> Iterator[Due]:
    """To the rep two weeks before; to every CIO the working day before, or when it has begun. Three statements."""
    gaps = {
        gap.absence_id: gap
        for gap in covering.uncovered(session, today=ground.today, ahead=NOTICE + FURTHER)
        if gap.absence_id is not None
    }
    if not gaps:
        return
    watching = cios(session)
    wanted = select(Absence).where(Absence.id.in_(gaps)).options(joinedload(Absence.person)).order_by(Absence.id)
    for absence in session.scalars(wanted):
        gap = gaps[absence.id]
        if absence.since > ground.today:
            yield _due(absence, gap, absence.person, absence.since - NOTICE, ground)
        others = (person for person in watching if person.id != absence.person_id)
        yield from (_due(absence, gap, person, absence.since - DAY, ground) for person in others)


def cios(session: Session) -> Sequence[Person]:
    """Who watches over all relationships. One statement."""
    return session.scalars(select(Person).where(Person.is_cio, Person.left_on.is_(None)).order_by(Person.id)).all()


def _due(absence: Absence, gap: Gap, person: Person, falls_on: date, ground: Ground) -> Due:
    is_own = person.id == absence.person_id
    return Due(
        kind=MailKind.COVER,
        about=absence.id,
        person=person,
        unit=None,
        period=absence.since.isoformat(),
        falls_on=falls_on,
        lies_ahead=True,
        path=f"/absences/{absence.id}",
        tell=lambda say: _own(gap, ground, say) if is_own else _others(gap, ground, say),
    )


def _own(gap: Gap, ground: Ground, say: Language) -> Told:
    return Told(
        what=say("Nobody covers {units} while you are away", units=_units(gap, say)),
        why=say("You are away from {day}.", day=say.weekday(gap.since, ground.today)),
        button=say("Say who covers"),
    )


def _others(gap: Gap, ground: Ground, say: Language) -> Told:
    day = say.weekday(gap.since, ground.today)
    since = say("{name} is away from {day}.", name=gap.person_name, day=day)
    return Told(
        what=say("Nobody covers {units} while {name} is away", units=_units(gap, say), name=gap.person_name),
        why=since,
        button=say("Say who covers"),
    )


def _units(gap: Gap, say: Language) -> str:
    return say.listed([name for _, name in gap.units])
