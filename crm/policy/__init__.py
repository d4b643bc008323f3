"""Who may do what, said once: used by the access check, the services, the templates and every list."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Protocol

from sqlalchemy import ColumnElement, CompoundSelect, Integer, Select, SQLColumnExpression, bindparam, or_, select, true
from sqlalchemy.orm import Session

from crm.errors import Forbidden
from crm.policy.actions import Action as Action
from models.absence import Absence
from models.person import Person
from models.unit import LENT, Assignment, BusinessUnit, Membership, Part

#: Whose units are asked for, in statements that are put together once a day.
_PERSON = bindparam("person", type_=Integer())


class InUnit(Protocol):
    """A unit, or anything that belongs to one."""

    @property
    def unit_id(self) -> int: ...


@dataclass(frozen=True)
class Actor:
    """Who acts, and what that person is to the units on this day. Without a person: the application itself."""

    person: Person | None
    today: date
    #: Units this person looks after today: as lead, as deputy, or for somebody who is away.
    covers: frozenset[int] = field(default_factory=frozenset)
    #: Units this person heads or is a key user of, and all below them; and those the person is lent to.
    belongs: frozenset[int] = field(default_factory=frozenset)

    @property
    def id(self) -> int | None:
        return self.person.id if self.person else None

    @cached_property
    def sight(self) -> Hashable:
        """All that decides what this person may see, by value and without a name. Two who differ in nothing of it
        are the same person on the same day."""
        person = self.person
        roles = (person.roles, person.leaves_on, person.left_on) if person else None
        return self.id, roles, self.today, self.covers, self.belongs


Rule = Callable[[Actor, InUnit | None], bool]


def anyone(actor: Actor, _: InUnit | None) -> bool:
    return actor.person is not None


def administrator(actor: Actor, _: InUnit | None) -> bool:
    return actor.person is not None and actor.person.is_administrator


def cio(actor: Actor, _: InUnit | None) -> bool:
    return actor.person is not None and actor.person.is_cio


def rep(actor: Actor, _: InUnit | None) -> bool:
    return actor.person is not None and actor.person.is_rep


def covering_rep(actor: Actor, subject: InUnit | None) -> bool:
    """A rep, on a unit looked after today. Without a subject: a rep at all."""
    return rep(actor, None) and (subject is None or subject.unit_id in actor.covers)


def business_of_unit(actor: Actor, subject: InUnit | None) -> bool:
    """A head or key user, on the own units and those below. Without a subject: a business person at all."""
    if actor.person is None or not actor.person.is_business:
        return False
    return subject is None or subject.unit_id in actor.belongs


def reader_of_unit(actor: Actor, subject: InUnit | None) -> bool:
    """The same, and whoever is embedded or deputised there for a time, with or without a role."""
    if actor.person is None or not (actor.person.is_business or actor.belongs):
        return False
    return subject is None or subject.unit_id in actor.belongs


def not_of_the_business(actor: Actor, _: InUnit | None) -> bool:
    """A specialist: from IT without a role here."""
    return actor.person is not None and not actor.person.is_business


def owner(actor: Actor, subject: InUnit | None) -> bool:
    """Whose promise it is."""
    return actor.person is not None and subject is not None and getattr(subject, "owner_id", None) == actor.person.id


def incoming(actor: Actor, subject: InUnit | None) -> bool:
    """To whom a unit is handed over."""
    return actor.person is not None and subject is not None and getattr(subject, "to_id", None) == actor.person.id


POLICY: dict[Action, tuple[Rule, ...]] = {
    Action.SEE_HOME: (anyone,),
    Action.SEE_OWN_ACCOUNT: (anyone,),
    Action.SEE_UNITS: (rep, cio, administrator, reader_of_unit),
    Action.SEE_UNIT: (rep, cio, administrator, reader_of_unit),
    Action.MANAGE_UNITS: (administrator,),
    Action.ASSIGN_REP: (administrator, cio),
    Action.SET_CADENCE: (covering_rep, administrator),
    Action.PLAN_REVIEW: (covering_rep,),
    Action.SEE_REVIEWS: (rep, cio, administrator, reader_of_unit),
    Action.START_MEETING: (rep,),
    Action.LOG_MEETING: (covering_rep,),
    Action.SEE_MEETINGS: (rep, cio, reader_of_unit),
    Action.SEE_INTERNAL_NOTES: (rep, cio),
    Action.PREPARE_REVIEW: (covering_rep,),
    Action.SEE_AGENDA: (rep, cio),
    Action.SEE_CALENDAR: (rep, cio, administrator, reader_of_unit),
    Action.SEE_LOAD: (rep, cio),
    Action.KEEP_PROJECT: (covering_rep,),
    Action.HAND_OVER: (covering_rep, cio, administrator),
    Action.SEE_HANDOVER: (rep, cio, administrator),
    Action.TAKE_OVER: (incoming,),
    Action.RECORD_ABSENCE: (rep, cio, administrator),
    Action.RECORD_ANY_ABSENCE: (cio, administrator),
    Action.SEE_ROSTER: (rep, cio, administrator),
    Action.LEND_PEOPLE: (covering_rep, administrator),
    Action.SEE_PROMISES: (rep, cio, reader_of_unit),
    Action.SETTLE_ACTION: (covering_rep, owner),
    Action.ADD_REQUEST: (covering_rep, business_of_unit),
    Action.DECIDE_REQUEST: (covering_rep,),
    Action.CONFIRM_REQUEST: (business_of_unit,),
    Action.EDIT_REQUEST: (covering_rep, business_of_unit),
    Action.SHARE_NEED: (covering_rep, cio),
    Action.ESCALATE_COMPLAINT: (covering_rep, cio, business_of_unit),
    Action.SEE_REQUEST_FIGURES: (rep, cio),
    Action.SET_REQUEST_RULES: (cio, administrator),
    Action.SEE_TICKETS: (rep, cio, reader_of_unit),
    Action.IMPORT_TICKETS: (cio, administrator),
    Action.SEE_ENGAGEMENT: (rep, cio, reader_of_unit),
    Action.SET_ENGAGEMENT: (covering_rep, cio),
    Action.SEE_DANGER: (rep, cio),
    Action.ACKNOWLEDGE_DANGER: (covering_rep, cio),
    Action.SEE_ASSESSMENTS: (rep, cio),
    Action.ASSESS_UNIT: (covering_rep, cio),
    Action.ASK_RATING: (covering_rep,),
    Action.SEE_RATINGS: (rep, cio),
    Action.ANSWER_RATING: (covering_rep, cio),
    Action.REBASE_CHART: (cio,),
    Action.COMPARE_RATINGS: (rep, cio),
    Action.MANAGE_ASKING: (cio, administrator),
    Action.SEE_ASKING: (rep, cio, administrator),
    Action.SET_SERVICES: (covering_rep, cio, administrator),
    Action.SEE_EVALUATIONS: (rep, cio, administrator, not_of_the_business),
    Action.IMPORT_SURVEYS: (cio, administrator),
    Action.SEE_PORTFOLIO: (rep, cio),
    Action.SEE_HEALTH: (rep, cio),
    Action.SET_HEALTH: (cio,),
    Action.MAKE_REVIEW_PACK: (covering_rep, cio),
    Action.MAKE_BOARD_PACK: (cio,),
    Action.SEE_PACKS: (rep, cio),
    Action.SET_PACK_LOOK: (cio, administrator),
    Action.SEE_OWN_MAIL: (anyone,),
    Action.SEE_ALL_MAIL: (administrator,),
    Action.STEER_MAIL: (administrator,),
    Action.SORT_INCOMING_MAIL: (administrator,),
    Action.MANAGE_WEBHOOKS: (administrator,),
    Action.MANAGE_PEOPLE: (administrator,),
    Action.FORGET_PERSON: (administrator,),
    Action.IMPORT_ORGANISATION: (administrator,),
    Action.CHANGE_SETTINGS: (administrator,),
    Action.SEE_AUDIT: (administrator,),
    Action.SEE_JOBS: (administrator,),
}


def can(actor: Actor, action: Action, subject: InUnit | None = None) -> bool:
    """Whether the actor may do it (to the subject). The application itself may do everything."""
    if actor.person is None:
        return True
    return actor.person.is_here(actor.today) and any(rule(actor, subject) for rule in POLICY[action])


def require(actor: Actor, action: Action, subject: InUnit | None = None) -> None:
    """Raises Forbidden unless the actor may."""
    if not can(actor, action, subject):
        raise Forbidden(f"You may not {action}.")


def sees_all_units(actor: Actor) -> bool:
    return actor.person is None or any(rule(actor, None) for rule in (rep, cio, administrator))


def visible_units(actor: Actor) -> ColumnElement[bool]:
    """The condition on BusinessUnit that every list, report, export and API answer carries."""
    return true() if sees_all_units(actor) else BusinessUnit.id.in_(actor.belongs)


def in_visible_units(actor: Actor, unit_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The same condition, on the ``unit_id`` of what belongs to a unit."""
    return true() if sees_all_units(actor) else unit_id.in_(actor.belongs)


def application(today: date) -> Actor:
    """The application itself: a job, a command, the set-up."""
    return Actor(None, today)


def actor_for(session: Session, person: Person, today: date) -> Actor:
    """What this person is to the units today. Two statements at most."""
    covers = _covered_units(session, person, today) if person.is_rep else frozenset[int]()
    # A specialist without a role may be embedded somewhere; whoever has a role in IT sees all units anyway.
    may_belong = person.is_business or not person.is_from_it
    belongs = _own_units_and_below(session, person, today) if may_belong else frozenset[int]()
    return Actor(person, today, covers, belongs)


def _covered_units(session: Session, person: Person, today: date) -> frozenset[int]:
    return frozenset(session.scalars(_covered(today), {"person": person.id}))


@lru_cache(maxsize=8)
def _covered(today: date) -> Select[int]:
    """Led or deputised; and while somebody is away, all that they look after by whom they chose to cover."""
    away = select(Absence.person_id).where(Absence.covered_by_id == _PERSON, Absence.in_force(today))
    mine = or_(Assignment.rep_id == _PERSON, Assignment.rep_id.in_(away))
    return select(Assignment.unit_id).where(mine, Assignment.in_force(today))


def _own_units_and_below(session: Session, person: Person, today: date) -> frozenset[int]:
    return frozenset(session.scalars(_belonging(today), {"person": person.id}))


@lru_cache(maxsize=8)
def _belonging(today: date) -> CompoundSelect[int]:
    mine = Membership.person_id == _PERSON, Membership.in_force(today)
    own = (
        select(Membership.unit_id.label("id"))
        .where(*mine, Membership.part.in_((Part.HEAD, Part.KEY_USER)))
        .cte("own_units", recursive=True)
    )
    below = own.union(select(BusinessUnit.id).join(own, BusinessUnit.parent_id == own.c.id))
    return select(below.c.id).union(select(Membership.unit_id).where(*mine, Membership.part.in_(LENT)))
