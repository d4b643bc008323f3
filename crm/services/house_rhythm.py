"""The rhythm of the house: every open unit without one of its own follows it, through a rhythm that says so."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Invalid
from crm.policy import Action, Actor
from crm.services import audit, cadence_rules, cadences, organisation, review_planning
from crm.services.cadence_rules import Rule
from crm.services.organisation import Organisation
from models.audit import Change
from models.review import Cadence, DayRule, Frequency
from models.unit import BusinessUnit


@dataclass(frozen=True)
class HouseRhythm:
    rule: Rule
    place: str

    def to_json(self) -> str:
        return json.dumps({**asdict(self.rule), "at": f"{self.rule.at:%H:%M}", "place": self.place})

    @classmethod
    def from_json(cls, kept: str) -> HouseRhythm:
        said: dict[str, Any] = json.loads(kept)
        place = said.pop("place")
        frequency, day_rule = Frequency(said.pop("frequency")), DayRule(said.pop("day_rule"))
        at = time.fromisoformat(said.pop("at"))
        return cls(Rule(frequency=frequency, day_rule=day_rule, at=at, **said), place)

    @property
    def in_words(self) -> str:
        return cadence_rules.in_words(self.rule)


def of(house: Organisation) -> HouseRhythm | None:
    """The rhythm of the house; None when nobody has chosen one, or it was given up."""
    return HouseRhythm.from_json(house.cadence) if house.cadence else None


def change(session: Session, *, by: Actor, wanted: HouseRhythm | None, reason: str, today: date, now: datetime) -> int:
    """Make this the rhythm of the house from today on; None: there is none any more. What was stays as history.

    The units that follow it are brought into line and planned anew; returns how many that are. Raises Invalid for an
    impossible rule, as for a unit's own.
    """
    policy.require(by, Action.CHANGE_SETTINGS)
    if wanted is not None:
        cadences.refuse_impossible(wanted.rule, wanted.place, today, today)
    house = organisation.current(session)
    if wanted == of(house):
        return 0
    kept = wanted.to_json() if wanted else ""
    organisation.change(session, by=by, wanted=replace(house, cadence=kept), reason=reason, now=now)
    session.flush()
    return follow_all(session, today)


def follow_again(session: Session, *, by: Actor, unit: BusinessUnit, today: date) -> None:
    """End the unit's own rhythm, and follow that of the house from today on. Raises Invalid when there is none, or the
    unit is closed."""
    policy.require(by, Action.SET_CADENCE, unit)
    if not unit.is_open:
        raise Invalid("since", f"{unit.name} is closed, so no reviews are due there.")
    if of(organisation.current(session)) is None:
        raise Invalid("since", "The house has no rhythm to follow.")
    cadences.end_from(session, unit, today)
    follow(session, [unit.id], today)


def follow_all(session: Session, today: date) -> int:
    """:func:`follow` for every open unit."""
    open_units = session.scalars(select(BusinessUnit.id).where(BusinessUnit.closed_on.is_(None)))
    return follow(session, open_units.all(), today)


def follow(session: Session, unit_ids: Collection[int], today: date) -> int:
    """Bring these units into line with the rhythm of the house, and plan those anew for which something changed.

    A unit with a rhythm of its own keeps it; closed ones are left alone. Returns how many units changed.
    """
    house = of(organisation.current(session))
    alone, following = _without_own(session, unit_ids)
    behind = [cadence for cadence in following if house is None or _differs(cadence, house)]
    for cadence in behind:
        cadence.until = max(cadence.since, today)
    session.flush()  # before the new ones begin: one flush would insert first, and the database would refuse
    changed = {*(cadence.unit_id for cadence in behind), *(alone if house else ())}
    if house is not None:
        _begin(session, house, {unit_id: max(today, alone.get(unit_id) or today) for unit_id in changed})
    review_planning.plan_many(session, changed, today)
    return len(changed)


def _without_own(session: Session, unit_ids: Collection[int]) -> tuple[dict[int, date | None], list[Cadence]]:
    """Units in which no rhythm goes on, with the day on which the last one ends; and rhythms that follow the house."""
    mine = BusinessUnit.id.in_(unit_ids) & BusinessUnit.closed_on.is_(None)
    goes_on = select(Cadence.unit_id).where(Cadence.until.is_(None))
    ends = select(Cadence.unit_id, func.max(Cadence.until).label("on")).group_by(Cadence.unit_id).subquery()
    alone = select(BusinessUnit.id, ends.c.on).outerjoin(ends, ends.c.unit_id == BusinessUnit.id)
    rows = session.execute(alone.where(mine, BusinessUnit.id.not_in(goes_on)))
    following = select(Cadence).join(Cadence.unit).where(mine, Cadence.until.is_(None), Cadence.is_default)
    return {row.id: row.on for row in rows}, list(session.scalars(following))


def _differs(cadence: Cadence, house: HouseRhythm) -> bool:
    return cadence_rules.rule_of(cadence) != house.rule or cadence.place != house.place


def _begin(session: Session, house: HouseRhythm, begins: Mapping[int, date]) -> None:
    """Rhythms that follow the house in each of the units, from the day given; in bulk, the audit trail with them."""
    common = {**vars(house.rule), "place": house.place, "is_default": True}
    rows = [{"unit_id": unit_id, "since": since, **common} for unit_id, since in begins.items()]
    if rows:
        told = (Cadence.id, Cadence.unit_id, Cadence.since)
        made = session.connection().execute(insert(Cadence).returning(*told), rows).all()
        said = [({"unit_id": row.unit_id, "since": row.since, **common}, row.id) for row in made]
        audit.write(session, [audit.entry(Cadence, Change.CREATED, key, {}, after) for after, key in said])


def followers(session: Session) -> tuple[int, int]:
    """How many open units follow the rhythm of the house, and how many have one of their own."""
    goes_on = select(Cadence.is_default, func.count()).join(Cadence.unit).group_by(Cadence.is_default)
    rows = session.execute(goes_on.where(Cadence.until.is_(None), BusinessUnit.closed_on.is_(None)))
    counts = {row[0]: row[1] for row in rows}
    return counts.get(True, 0), counts.get(False, 0)
