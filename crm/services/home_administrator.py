"""The administrator's start page: the first steps, and what is missing for the others to begin."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from crm.services import job_runs
from crm.services.rep_needs import unwritable
from models.job_run import JobRun
from models.mail import IncomingMail, IncomingState
from models.person import Person
from models.review import Cadence
from models.unit import Assignment, BusinessUnit, Cover, Membership, Part

#: How many of the people who cannot be written to are named.
NAMED = 5


@dataclass(frozen=True)
class Household:
    """How far the organisation is set up; all of open units, today."""

    units: int
    without_lead: int
    without_rhythm: int
    reps: int
    #: Heads and key users who cannot be written to: how many, and the first of them by name.
    unwritable: int
    first_unwritable: Sequence[Person]
    #: Mails that came in and wait to be sorted.
    mails_aside: int
    #: Jobs that failed at every try.
    given_up: Sequence[JobRun]

    @property
    def has_units(self) -> bool:
        return self.units > 0

    @property
    def has_leads(self) -> bool:
        return self.has_units and self.without_lead == 0

    @property
    def has_rhythm(self) -> bool:
        return self.has_units and self.without_rhythm == 0

    @property
    def is_set_up(self) -> bool:
        """Whether somebody is looked after in a rhythm: the first steps are behind us."""
        return self.has_units and self.without_lead < self.units and self.without_rhythm < self.units


def household(session: Session, *, by: Actor, jobs: Collection[str]) -> Household:
    """Three statements. ``jobs``: the names of those that are to run."""
    policy.require(by, Action.MANAGE_PEOPLE)
    led = exists().where(
        Assignment.unit_id == BusinessUnit.id, Assignment.cover == Cover.LEAD, Assignment.in_force(by.today)
    )
    paced = exists().where(Cadence.unit_id == BusinessUnit.id, Cadence.in_force(by.today))
    belongs = exists().where(
        Membership.person_id == Person.id,
        Membership.part.in_((Part.HEAD, Part.KEY_USER)),
        Membership.in_force(by.today),
    )
    is_open = BusinessUnit.closed_on.is_(None)
    units = select(func.count()).select_from(BusinessUnit).where(is_open)
    people = select(func.count()).select_from(Person)
    silent = (unwritable(), belongs)
    aside = select(func.count()).where(IncomingMail.state == IncomingState.ASIDE)
    row = session.execute(
        select(
            units.scalar_subquery().label("units"),
            units.where(~led).scalar_subquery().label("without_lead"),
            units.where(~paced).scalar_subquery().label("without_rhythm"),
            people.where(Person.is_rep, Person.left_on.is_(None)).scalar_subquery().label("reps"),
            people.where(*silent).scalar_subquery().label("unwritable"),
            aside.scalar_subquery().label("mails_aside"),
        )
    ).one()
    first = select(Person).where(*silent).order_by(Person.name, Person.id).limit(NAMED)
    return Household(
        **row._mapping, first_unwritable=session.scalars(first).all(), given_up=job_runs.given_up(session, jobs=jobs)
    )
