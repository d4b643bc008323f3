"""Rounds open by themselves: once on each local morning it is worked out what is due, and the links go out."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.services import organisation
from crm.services.reminders import mornings
from crm.services.rounds import rules as house_rules
from crm.services.rounds.drawing import Able, drawn
from crm.services.rounds.due import Due, all_due
from crm.services.rounds.known import Known, load
from crm.services.rounds.opening import open_round
from crm.services.rounds.resting import resting
from crm.services.rounds.walking import Step, Walk
from models.base import Json
from models.mail import Errand
from models.person import Person
from models.rating import Round
from models.unit import BusinessUnit


def due_now(session: Session, *, now: datetime) -> list[Step]:
    """What opens this morning, where it is morning and nobody has asked yet; the caller commits, and then it is taken.

    At most fifteen statements, whatever the number of units.
    """
    house = organisation.current(session)
    come = mornings.claim(session, errand=Errand.ASK, house=house, now=now)
    if not come:
        return []
    known = load(session, now=now, until=max(one.day for one in come), house=house)
    dues = [due for due in all_due(known) if not due.is_expected]
    return [step for one in come for step in _of_morning(known, dues, one)]


def _of_morning(known: Known, dues: Sequence[Due], come: mornings.Come) -> list[Step]:
    steps = Walk(known, come.day, dues).steps(come.day)
    return [
        step
        for step in steps
        if step.people and step.day == come.day and known.units[step.due.unit_id].time_zone in come.zones
    ]


def open_all(session: Session, steps: Collection[Step], *, now: datetime) -> int:
    """Open these rounds, as far as nobody was faster. Returns how many. Safe to repeat.

    Four statements, and a fixed number for each round.
    """
    people = _people(session, steps)
    rules = house_rules.current(session)
    asked = set(resting(session, person_ids=people, now=now, days=rules.rest_days))
    done = set(session.scalars(select(Round.occasion).where(Round.occasion.in_([s.due.occasion for s in steps]))))
    units = _units(session, steps)
    opened = 0
    for step in steps:
        due, unit = step.due, units.get(step.due.unit_id)
        able = [able for able in step.people if able.person_id in people and able.person_id not in asked]
        if unit is None or due.occasion in done or len(able) < due.need:
            continue
        chosen = _open(session, due, unit, able, people, rules.sample, now)
        asked.update(chosen)
        opened += 1
    return opened


def _open(
    session: Session,
    due: Due,
    unit: BusinessUnit,
    able: Sequence[Able],
    people: Mapping[int, Person],
    sample: int,
    now: datetime,
) -> Sequence[int]:
    lot = drawn(able, size=sample, seed=secrets.token_hex(8))
    open_round(
        session,
        unit=unit,
        people=[people[person_id] for person_id in lot.person_ids],
        instrument=due.instrument,
        confidentiality=due.confidentiality,
        audience=due.audience,
        now=now,
        by=policy.application(now.date()),
        occasion=due.occasion,
        review_id=due.review_id,
        project_id=due.project_id,
        draw=_record(due, able, lot.record),
    )
    return lot.person_ids


def _record(due: Due, able: Sequence[Able], lot: Json | None) -> Json:
    """How those asked came to be asked: how many could be, how many were left in peace, and the draw."""
    record: Json = {"able": len(able), "resting": len(due.group) - len(able)}
    return record | ({"too_few": due.too_few} if due.too_few is not None else {}) | (lot or {})


def _people(session: Session, steps: Collection[Step]) -> dict[int, Person]:
    """Those still here by id, locked in one order: nobody else can ask them meanwhile."""
    ids = {able.person_id for step in steps for able in step.people}
    wanted = select(Person).where(Person.id.in_(ids), Person.left_on.is_(None)).order_by(Person.id)
    locked = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    return {person.id: person for person in session.scalars(locked)}


def _units(session: Session, steps: Collection[Step]) -> dict[int, BusinessUnit]:
    """Those still open."""
    ids = {step.due.unit_id for step in steps}
    wanted = select(BusinessUnit).where(BusinessUnit.id.in_(ids), BusinessUnit.closed_on.is_(None))
    return {unit.id: unit for unit in session.scalars(wanted)}
