"""Asking the head and key users of a unit for a rating: who can be asked, and the personal links that go out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import clock, outbox, rounds, totals, words
from crm.services.rounds import DAYS
from crm.services.rounds import closing as closing
from crm.services.rounds import last_day as last_day
from crm.stats.suppression import SCORES_FROM
from models.person import Person
from models.question import Instrument
from models.rating import Audience, Confidentiality, Invitation, Response, Round
from models.unit import BusinessUnit, Membership, Part

#: Who is asked in which way.
AUDIENCE = {
    Confidentiality.NAMED: (Part.HEAD, Part.KEY_USER),
    Confidentiality.CONFIDENTIAL: (Part.KEY_USER, Part.MEMBER),
    Confidentiality.ANONYMOUS: (Part.KEY_USER, Part.MEMBER),
}
#: Nobody is asked about the same unit again within so many days while the link still works.
PAUSE = timedelta(days=7)


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be asked. ``obstacle``: why not now, as a sentence; "" when nothing stands in the way."""

    person: Person
    part: Part
    obstacle: str = ""


def candidates(
    session: Session,
    *,
    by: Actor,
    unit: BusinessUnit,
    now: datetime,
    confidentiality: Confidentiality = Confidentiality.NAMED,
) -> list[Candidate]:
    """The head of the unit, then its key users by name, with what keeps each from being asked. Two statements.

    Anonymous: its key users and members. A unit has one head, who would not stay unknown.
    """
    policy.require(by, Action.ASK_RATING, unit)
    today = clock.local_date(now, unit.time_zone)
    asked = _asked_lately(session, unit, now)
    return [
        Candidate(member.person, member.part, _obstacle(member.person, asked.get(member.person_id), unit, today))
        for member in _members(session, unit, today, AUDIENCE[confidentiality])
    ]


def _members(session: Session, unit: BusinessUnit, today: date, parts: tuple[Part, ...]) -> Sequence[Membership]:
    """Each person once, by the first of these parts."""
    found = session.scalars(
        select(Membership)
        .join(Membership.person)
        .where(
            Membership.unit_id == unit.id,
            Membership.part.in_(parts),
            Membership.in_force(today),
            Person.left_on.is_(None),
        )
        .options(joinedload(Membership.person))
        .order_by(_place(parts), func.lower(Person.name), Membership.id)
    )
    return list({member.person_id: member for member in reversed(found.all())}.values())[::-1]


def _place(parts: tuple[Part, ...]) -> ColumnElement[int]:
    return case({part: place for place, part in enumerate(parts)}, value=Membership.part, else_=len(parts))


def _asked_lately(session: Session, unit: BusinessUnit, now: datetime) -> dict[int, datetime]:
    """Whose link of the last seven days still works: person id to when it was sent."""
    rows = session.execute(
        select(Invitation.person_id, func.max(Round.opened_at))
        .join(Invitation.round)
        .where(
            Round.unit_id == unit.id,
            Round.opened_at > now - PAUSE,
            Round.closes_at > now,
            Invitation.revoked_at.is_(None),
        )
        .group_by(Invitation.person_id)
    )
    return {row[0]: row[1] for row in rows}


def _obstacle(person: Person, asked_at: datetime | None, unit: BusinessUnit, today: date) -> str:
    if not outbox.has_address(person):
        return f"{person.name} has no mail address, so no link can be sent."
    if asked_at is None:
        return ""
    asked_on, again_on = (clock.local_date(at, unit.time_zone) for at in (asked_at, asked_at + PAUSE))
    when = "today" if asked_on == today else f"on {words.day(asked_on, today)}"
    return f"{person.name} was asked {when}, and that link still works. Ask again from {words.day(again_on, today)}."


def ask(
    session: Session,
    *,
    by: Actor,
    unit: BusinessUnit,
    now: datetime,
    person_ids: Collection[int] | None = None,
    days: int = DAYS,
    instrument: Instrument = Instrument.PULSE,
    confidentiality: Confidentiality = Confidentiality.NAMED,
) -> Round:
    """Open a round and send each person a link: the head, or those named of the head and key users; everyone who can
    be asked when it is anonymous.

    It closes at the end of the last day, in the unit's time zone. Raises Invalid or Conflict on "people", with a
    sentence that says who cannot be asked and why.
    """
    policy.require(by, Action.ASK_RATING, unit)
    if not unit.is_open:
        raise Invalid("people", f"{unit.name} is closed, so nobody is asked about it.")
    # One at a time for each unit: of two reps who ask at once, the second is told.
    session.execute(select(BusinessUnit.id).where(BusinessUnit.id == unit.id).with_for_update())
    known = candidates(session, by=by, unit=unit, now=now, confidentiality=confidentiality)
    is_named = confidentiality is Confidentiality.NAMED
    people = _chosen(known, unit, person_ids) if is_named else _everyone(known, unit)
    return rounds.open_round(
        session,
        unit=unit,
        people=people,
        instrument=instrument,
        confidentiality=confidentiality,
        audience=Audience.PEOPLE if is_named else Audience.END_USERS,
        now=now,
        by=by,
        days=days,
    )


def _chosen(known: list[Candidate], unit: BusinessUnit, person_ids: Collection[int] | None) -> list[Person]:
    if person_ids is None:
        wanted = {candidate.person.id: candidate for candidate in known if candidate.part is Part.HEAD}
    else:
        wanted = {candidate.person.id: candidate for candidate in known if candidate.person.id in person_ids}
    if person_ids and len(wanted) < len(set(person_ids)):
        raise Invalid("people", f"Only the head and the key users of {unit.name} can be asked.")
    if not wanted:
        raise Invalid("people", f"Choose who of {unit.name} is to be asked.")
    for candidate in wanted.values():
        if candidate.obstacle:
            raise Conflict("people", candidate.obstacle)
    return [candidate.person for candidate in wanted.values()]


def _everyone(known: list[Candidate], unit: BusinessUnit) -> list[Person]:
    """Whoever can be asked, if together they are enough to stay unknown."""
    able = [candidate.person for candidate in known if not candidate.obstacle]
    if len(able) < SCORES_FROM:
        raise Invalid(
            "people",
            f"{words.capital(words.counted(len(able), 'person', 'people'))} of {unit.name} can be asked. Scores of an "
            f"anonymous round show from {words.number(SCORES_FROM)} answers, so ask by name instead.",
        )
    return able


def withdraw(session: Session, *, by: Actor, round_id: int, invitation_id: int, now: datetime) -> Invitation:
    """Cut one link of a round with names. An answer already given stays; who did not answer was, in the end, not asked.

    Raises NotFound, also where there are no names: how many are left would say whether that person had answered.
    """
    # The link before its round, as answering does: two that wait for each other would wait for ever.
    invitation = session.get(
        Invitation,
        invitation_id,
        options=[joinedload(Invitation.person, innerjoin=True)],
        with_for_update={"of": Invitation},
        populate_existing=True,
    )
    opened = session.get(Round, round_id, with_for_update=True, populate_existing=True)
    if (
        opened is None
        or invitation is None
        or invitation.round_id != round_id
        or not opened.bears_names
        or not policy.can(by, Action.SEE_UNIT, opened)
    ):
        raise NotFound("There is no such link.")
    policy.require(by, Action.ASK_RATING, opened)
    if invitation.revoked_at is None:
        invitation.revoked_at = now
        if not session.scalar(select(Response.id).where(Response.invitation_id == invitation.id)):
            opened.asked -= 1
            totals.changed(session, round_ids=[round_id])
    return invitation
