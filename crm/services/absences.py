"""When people are away: recording it, changing it, ending it early; and what may be read of it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import pages, review_planning, words
from crm.services.pages import Page
from models.absence import Absence
from models.person import Person

NOTE_LENGTH = 200


class Show(enum.StrEnum):
    """Which absences a list shows."""

    AHEAD = "ahead"  # now and later
    PAST = "past"
    ALL = "all"


@dataclass(frozen=True)
class Told:
    """What is said of an absence. ``until``: the day of the return, None when it is not known.

    ``covered_by``: None means the deputies of each unit.
    """

    since: date
    until: date | None
    covered_by: Person | None
    note: str = ""


def listed(
    session: Session, *, by: Actor, show: Show = Show.AHEAD, person_id: int | None = None, number: int = 1
) -> Page[Absence]:
    """Absences with the people in them: the next first, past ones newest first. One statement a page.

    Reps read their own and those they cover; the CIO and administrators read all.
    """
    policy.require(by, Action.RECORD_ABSENCE)
    wanted = _readable(by).where(_shown(show, by.today))
    if person_id is not None:
        wanted = wanted.where(Absence.person_id == person_id)
    order = (Absence.since, Absence.id) if show is Show.AHEAD else (Absence.since.desc(), Absence.id.desc())
    return pages.of_objects(session, wanted.order_by(*order), number)


def find(session: Session, *, by: Actor, absence_id: int) -> Absence:
    """One that ``by`` may change. Raises NotFound for what is not there to be read, Forbidden for somebody else's."""
    found = session.scalar(_readable(by).where(Absence.id == absence_id))
    if found is None:
        raise NotFound("There is no such absence.")
    _require(by, found.person_id)
    return found


def _readable(by: Actor) -> Select[Absence]:
    everyone = policy.can(by, Action.RECORD_ANY_ABSENCE)
    mine = true() if everyone else or_(Absence.person_id == by.id, Absence.covered_by_id == by.id)
    people = joinedload(Absence.person), joinedload(Absence.covered_by)
    return select(Absence).where(mine, came_true()).options(*people)


def came_true() -> ColumnElement[bool]:
    """The condition that an absence was not taken back before it began."""
    return or_(Absence.until.is_(None), Absence.until > Absence.since)


def _shown(show: Show, today: date) -> ColumnElement[bool]:
    if show is Show.ALL:
        return true()
    return Absence.until <= today if show is Show.PAST else or_(Absence.until.is_(None), Absence.until > today)


def _require(by: Actor, person_id: int) -> None:
    policy.require(by, Action.RECORD_ABSENCE if person_id == by.id else Action.RECORD_ANY_ABSENCE)


def record(session: Session, *, by: Actor, person: Person, told: Told) -> Absence:
    """The person is away; reviews of the units led are planned around it.

    Raises Invalid for impossible days or a cover who cannot, Conflict("since") when the person is away then already.
    """
    _require(by, person.id)
    if not person.is_active or not person.is_rep:
        raise Invalid("person_id", f"{person.name} is not an account rep here.")
    _check(session, person, told, besides=None)
    absence = Absence(person=person, since=told.since, until=told.until, covered_by=told.covered_by, note=told.note)
    session.add(absence)
    session.flush()
    review_planning.plan_led_by(session, [absence.person_id], by.today)
    return absence


def change(session: Session, *, by: Actor, absence: Absence, told: Told) -> None:
    """Say it anew. Raises as :func:`record` does."""
    _require(by, absence.person_id)
    _check(session, absence.person, told, besides=absence.id)
    absence.since, absence.until, absence.note = told.since, told.until, told.note
    absence.covered_by = told.covered_by
    session.flush()
    review_planning.plan_led_by(session, [absence.person_id], by.today)


def end(session: Session, *, by: Actor, absence: Absence) -> None:
    """The person is back today; what has not begun is taken back."""
    _require(by, absence.person_id)
    if absence.until is None or absence.until > by.today:
        absence.until = max(absence.since, by.today)
        session.flush()
        review_planning.plan_led_by(session, [absence.person_id], by.today)


def _check(session: Session, person: Person, told: Told, *, besides: int | None) -> None:
    if told.until is not None and told.until <= told.since:
        raise Invalid("until", "The return has to come after the first day away.")
    if len(told.note) > NOTE_LENGTH:
        raise Invalid("note", f"Keep the note under {NOTE_LENGTH} letters.")
    if told.covered_by is not None:
        _check_cover(person, told.covered_by)
    session.refresh(person, with_for_update=True)  # two may record an absence of one person at once
    clash = session.scalars(_overlapping(person.id, told.since, told.until, besides)).first()
    if clash is not None:
        raise Conflict("since", f"{person.name} is away {span(clash, told.since)} already. Change that one instead.")


def _check_cover(person: Person, cover: Person) -> None:
    if cover.id == person.id:
        raise Invalid("covered_by_id", "Somebody else has to cover.")
    if not cover.is_active or not cover.is_rep:
        raise Invalid("covered_by_id", f"{cover.name} is not an account rep here, so could log nothing.")


def _overlapping(person_id: int, since: date, until: date | None, besides: int | None) -> Select[Absence]:
    reaches = or_(Absence.until.is_(None), Absence.until > since)
    begins = true() if until is None else Absence.since < until
    mine = select(Absence).where(Absence.person_id == person_id, came_true(), reaches, begins)
    return (mine if besides is None else mine.where(Absence.id != besides)).order_by(Absence.since, Absence.id).limit(1)


def span(absence: Absence, today: date) -> str:
    """ "from 16 November until 30 November"; without an end "from 16 November on"."""
    since = f"from {words.day(absence.since, today)}"
    return f"{since} on" if absence.until is None else f"{since} until {words.day(absence.until, today)}"


def cover_is_away(session: Session, absence: Absence) -> Absence | None:
    """The absence of who is to cover, when it falls into this one."""
    if absence.covered_by_id is None:
        return None
    theirs = _overlapping(absence.covered_by_id, absence.since, absence.until, None)
    return session.scalars(theirs.options(joinedload(Absence.person))).first()
