"""Asking the head and key users of a unit for a rating: who can be asked, and the personal links that go out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import clock, outbox, rounds, totals, words
from crm.services.rounds import DAYS, drawing, rules
from crm.services.rounds import closing as closing
from crm.services.rounds import last_day as last_day
from crm.services.rounds.drawing import Able
from crm.stats.suppression import SCORES_FROM
from models.person import Person
from models.project import Project, Stage
from models.question import Instrument
from models.rating import Audience, Confidentiality, Invitation, Response, Round
from models.unit import BusinessUnit, Membership, Part

#: Who belongs to which audience. A unit has one head, who would not stay unknown.
PARTS = {
    Audience.PEOPLE: (Part.HEAD, Part.KEY_USER),
    Audience.KEY_USERS: (Part.KEY_USER,),
    Audience.END_USERS: (Part.KEY_USER, Part.MEMBER),
}
ORDER = (Part.HEAD, Part.KEY_USER, Part.MEMBER)


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be asked. ``obstacle``: why not now, as a sentence; "" when nothing stands in the way."""

    person: Person
    part: Part
    obstacle: str = ""
    #: Of this unit: end users of units below are asked too.
    unit_id: int = 0


def everybody(session: Session, *, by: Actor, unit: BusinessUnit, now: datetime) -> list[Candidate]:
    """The head, the key users and the members by name, with what keeps each from being asked; each person once.

    Members of the units below too. Three statements.
    """
    policy.require(by, Action.ASK_RATING, unit)
    days, today = rules.current(session).rest_days, clock.local_date(now, unit.time_zone)
    members = _members(session, unit, today)
    asked = rounds.resting(session, person_ids=None, now=now, days=days)
    return [
        Candidate(
            member.person,
            member.part,
            _obstacle(member.person, asked.get(member.person_id), days, unit, today),
            member.unit_id,
        )
        for member in members
    ]


def candidates(
    session: Session,
    *,
    by: Actor,
    unit: BusinessUnit,
    now: datetime,
    confidentiality: Confidentiality = Confidentiality.NAMED,
    audience: Audience | None = None,
) -> list[Candidate]:
    """Those of :func:`everybody` who belong to the audience: by name the head and key users, else key users and
    members."""
    parts = PARTS[audience or usual(confidentiality)]
    return [one for one in everybody(session, by=by, unit=unit, now=now) if one.part in parts]


def usual(confidentiality: Confidentiality) -> Audience:
    return Audience.PEOPLE if confidentiality is Confidentiality.NAMED else Audience.END_USERS


def _members(session: Session, unit: BusinessUnit, today: date) -> Sequence[Membership]:
    """Each person once, by the first of the parts."""
    top = select(BusinessUnit.id).where(BusinessUnit.id == unit.id).cte("branch", recursive=True)
    lower = select(BusinessUnit.id).join(top, BusinessUnit.parent_id == top.c.id)
    branch = top.union(lower.where(BusinessUnit.closed_on.is_(None)))
    below = Membership.unit_id.in_(select(branch.c.id)) & (Membership.part == Part.MEMBER)
    found = session.scalars(
        select(Membership)
        .join(Membership.person)
        .where(
            ((Membership.unit_id == unit.id) & Membership.part.in_(ORDER)) | below,
            Membership.in_force(today),
            Person.left_on.is_(None),
        )
        .options(joinedload(Membership.person))
        .order_by(case({part: place for place, part in enumerate(ORDER)}, value=Membership.part))
        .order_by(func.lower(Person.name), Membership.id)
    )
    return list({member.person_id: member for member in reversed(found.all())}.values())[::-1]


def _obstacle(person: Person, asked_at: datetime | None, days: int, unit: BusinessUnit, today: date) -> str:
    if not outbox.has_address(person):
        return f"{person.name} has no mail address, so no link can be sent."
    if asked_at is None:
        return ""
    asked_on, again_on = clock.local_date(asked_at, unit.time_zone), rounds.again_on(asked_at, days, unit.time_zone)
    when = "today" if asked_on == today else f"on {words.day(asked_on, today)}"
    return (
        f"{person.name} was asked {when}. Nobody is asked more than once in {words.number(days)} days, so the next "
        f"time is from {words.day(again_on, today)}."
    )


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
    audience: Audience | None = None,
    project_id: int | None = None,
) -> Round:
    """Open a round and send each person a link: the head, or those named of the head and key users; without names
    everyone of the audience who can be asked, or as many as are drawn of a large one.

    It closes at the end of the last day, in the unit's time zone. Raises Invalid or Conflict on "people", with a
    sentence that says who cannot be asked and why; Invalid("project_id") without a delivered project of the unit.
    """
    policy.require(by, Action.ASK_RATING, unit)
    if not unit.is_open:
        raise Invalid("people", f"{unit.name} is closed, so nobody is asked about it.")
    is_named = confidentiality is Confidentiality.NAMED
    audience = Audience.PEOPLE if is_named else audience or Audience.END_USERS
    about = _project(session, unit, project_id) if instrument is Instrument.PROJECT else None
    # One at a time for each unit: of two reps who ask at once, the second is told.
    session.execute(select(BusinessUnit.id).where(BusinessUnit.id == unit.id).with_for_update())
    known = candidates(session, by=by, unit=unit, now=now, confidentiality=confidentiality, audience=audience)
    chosen = _chosen(known, unit, person_ids) if is_named else _everyone(known, unit)
    lot = drawing.drawn(chosen, size=len(chosen) if is_named else rules.current(session).sample, seed=token_hex(8))
    people = {one.person.id: one.person for one in known}
    _hold(session, [people[person_id] for person_id in lot.person_ids], now)
    return rounds.open_round(
        session,
        unit=unit,
        people=[people[person_id] for person_id in lot.person_ids],
        instrument=instrument,
        confidentiality=confidentiality,
        audience=audience,
        now=now,
        by=by,
        project_id=about,
        draw=lot.record and {"able": len(chosen), "resting": len(known) - len(chosen), **lot.record},
        days=days,
    )


def delivered(session: Session, *, unit: BusinessUnit) -> Sequence[Project]:
    """The projects one may be asked about, the latest first; ten at most. One statement."""
    mine = select(Project).where(Project.unit_id == unit.id, Project.stage == Stage.DELIVERED)
    return session.scalars(mine.order_by(Project.moved_on.desc(), Project.id.desc()).limit(10)).all()


def _project(session: Session, unit: BusinessUnit, project_id: int | None) -> int:
    found = session.get(Project, project_id) if project_id else None
    if found is None or found.unit_id != unit.id or found.stage is not Stage.DELIVERED:
        raise Invalid("project_id", f"Choose which delivered project of {unit.name} it is about.")
    return found.id


def _chosen(known: list[Candidate], unit: BusinessUnit, person_ids: Collection[int] | None) -> list[Able]:
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
    return [_able(candidate) for candidate in wanted.values()]


def _everyone(known: list[Candidate], unit: BusinessUnit) -> list[Able]:
    """Whoever can be asked, if together they are enough to stay unknown."""
    able = [_able(candidate) for candidate in known if not candidate.obstacle]
    if len(able) < SCORES_FROM:
        raise Invalid(
            "people",
            f"{words.capital(words.counted(len(able), 'person', 'people'))} of {unit.name} can be asked. Scores "
            f"without names show from {words.number(SCORES_FROM)} answers, so ask by name instead.",
        )
    return able


def _able(candidate: Candidate) -> Able:
    return Able(candidate.person.id, candidate.unit_id, candidate.part)


def _hold(session: Session, people: Sequence[Person], now: datetime) -> None:
    """Nobody else asks these until the transaction ends. Raises Conflict when somebody did a moment ago."""
    days = rules.current(session).rest_days
    asked = rounds.hold(session, person_ids=[person.id for person in people], now=now, days=days)
    for person in people:
        if person.id in asked:
            raise Conflict("people", f"Somebody else asked {person.name} a moment ago.")


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
