"""One unit at a glance: what each part of its page shows, as far as the reader may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, String, cast, select, union_all
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from crm import policy
from crm.policy import Actor
from crm.services import attention_words, clock, covering, tallies, unit_facts, unit_promises, words
from crm.services.attention import Facts
from crm.services.attention_words import Status
from crm.services.health import sheet
from crm.services.health.sheet import Sheet
from crm.services.statements import UNIT, put_together_once
from crm.services.unit_promises import Promised
from crm.stats.scores import Score
from models.absence import Absence
from models.person import Person
from models.review import Cadence
from models.total import OVERALL, RoundTotal
from models.unit import Assignment, BusinessUnit, Cover, Membership, Part

ROUNDS_SHOWN = 12
PEOPLE_READ = 200
UNITS_SHOWN = 50


@dataclass(frozen=True)
class Held:
    """A person in a part, from a day until a day (None: still)."""

    person: Person
    part: Cover | Part
    since: date
    until: date | None

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or self.until > on)


@dataclass(frozen=True)
class Rated:
    """One round of asking and what came of it."""

    round_id: int
    #: The unit's local day.
    opened_on: date
    score: Score


@dataclass(frozen=True)
class UnitPage:
    unit: BusinessUnit
    facts: Facts
    #: None for those who do not read the portfolio: it is IT's view of itself.
    status: Status | None
    rhythm: Cadence | None
    #: The lead's, if away today.
    absence: Absence | None
    sees_parent: bool
    children: Sequence[BusinessUnit]
    people: Sequence[Held]
    #: Newest first.
    ratings: Sequence[Rated]
    promised: Promised
    #: None for those who do not see it.
    health: Sheet | None

    def now_in(self, part: Cover | Part, today: date) -> list[Held]:
        """Who holds that part today."""
        return [held for held in self.people if held.part == part and held.holds(today)]

    def before(self, today: date) -> list[Held]:
        """Who led the unit before, the newest first."""
        return [held for held in self.people if held.part is Cover.LEAD and held.until and held.until <= today]

    @property
    def latest(self) -> Rated | None:
        """The newest round that has an answer."""
        return next((rated for rated in self.ratings if rated.score.is_known), None)


def read(session: Session, *, by: Actor, unit: BusinessUnit, now: datetime) -> UnitPage:
    """What this person may know of the unit; what one may not read is empty. Seven statements at most.

    The caller has loaded the unit through access.
    """
    policy.require(by, policy.Action.SEE_UNIT, unit)
    facts, rhythm, absence = _facts(session, by, unit, now)
    sees = {action: policy.can(by, action, unit) for action in policy.Action}
    promised = unit_promises.of(
        session, unit=unit, promises=sees[policy.Action.SEE_PROMISES], meetings=sees[policy.Action.SEE_MEETINGS]
    )
    judges = sees[policy.Action.SEE_PORTFOLIO]
    return UnitPage(
        unit=unit,
        facts=facts,
        status=attention_words.status_of(facts, by.today) if judges and unit.is_open else None,
        rhythm=rhythm,
        absence=absence,
        sees_parent=unit.parent_id is not None and (policy.sees_all_units(by) or unit.parent_id in by.belongs),
        children=_children(session, by, unit),
        people=_people(session, unit, by.today),
        ratings=newest_ratings(session, unit) if sees[policy.Action.SEE_RATINGS] else (),
        promised=promised,
        health=sheet.read(session, by=by, unit=unit, last_review=facts.last_held_on),
    )


def _facts(
    session: Session, by: Actor, unit: BusinessUnit, now: datetime
) -> tuple[Facts, Cadence | None, Absence | None]:
    of_unit = _with_rhythm_and_absence(by.today, unit_facts.Sees.what(by))
    row = session.execute(of_unit, {"units": [unit.id], "now": now}).one()
    return unit_facts.facts_from(row), row.Cadence, row.Absence


@put_together_once
def _with_rhythm_and_absence(today: date, sees: unit_facts.Sees) -> Select[Any]:
    """The facts, and what is in force on that day."""
    cover = aliased(Person)
    in_force = (Cadence.unit_id == BusinessUnit.id) & Cadence.in_force(today)
    away = (Absence.person_id == unit_facts.Lead.rep_id) & Absence.in_force(today)
    return (
        unit_facts.of_units(today, sees)
        .outerjoin(Cadence, in_force)
        .outerjoin(Absence, away)
        .outerjoin(cover, cover.id == Absence.covered_by_id)
        .add_columns(Cadence, Absence)
        .options(contains_eager(Absence.covered_by.of_type(cover)), joinedload(Absence.person))
    )


def _children(session: Session, by: Actor, unit: BusinessUnit) -> Sequence[BusinessUnit]:
    return session.scalars(_named_below(by), {"unit": unit.id}).all()


@put_together_once
def _named_below(by: Actor) -> Select[BusinessUnit]:
    below = (BusinessUnit.parent_id == UNIT, BusinessUnit.closed_on.is_(None), policy.visible_units(by))
    return select(BusinessUnit).where(*below).order_by(BusinessUnit.name, BusinessUnit.id).limit(UNITS_SHOWN)


def _people(session: Session, unit: BusinessUnit, today: date) -> list[Held]:
    """Reps of today and before, head and key users of today; in the order of their parts, the newest first."""
    rows = session.execute(_held(today), {"unit": unit.id})
    return [Held(row.Person, _PARTS[row.part], row.since, row.until) for row in rows]


@put_together_once
def _held(today: date) -> Select[Person, str, date, date | None]:
    cover = select(
        Assignment.rep_id.label("person_id"),
        cast(Assignment.cover, String).label("part"),
        Assignment.since.label("since"),
        Assignment.until.label("until"),
    ).where(Assignment.unit_id == UNIT)
    belongs = select(Membership.person_id, cast(Membership.part, String), Membership.since, Membership.until).where(
        Membership.unit_id == UNIT, Membership.in_force(today), Membership.part != Part.MEMBER
    )
    held = union_all(cover, belongs).subquery()
    return (
        select(Person, held.c.part, held.c.since, held.c.until)
        .join(held, held.c.person_id == Person.id)
        .order_by(held.c.since.desc(), Person.name, Person.id)
        .limit(PEOPLE_READ)
    )


_PARTS: dict[str, Cover | Part] = {part.value: part for part in (*Cover, *Part)}


def newest_ratings(session: Session, unit: BusinessUnit) -> list[Rated]:
    """The newest rounds, answered or not, newest first."""
    return [_rated(total, unit) for total in session.scalars(_NEWEST_ROUNDS, {"unit": unit.id})]


_NEWEST_ROUNDS = (
    select(RoundTotal)
    .where(RoundTotal.unit_id == UNIT, RoundTotal.measure == OVERALL, RoundTotal.speaks_for_unit)
    .order_by(RoundTotal.opened_at.desc(), RoundTotal.round_id.desc())
    .limit(ROUNDS_SHOWN)
)


def _rated(total: RoundTotal, unit: BusinessUnit) -> Rated:
    opened_on = clock.local_date(total.opened_at, unit.time_zone)
    return Rated(total.round_id, opened_on, tallies.of_total(total, asked=total.asked).score)


@dataclass(frozen=True)
class Lede:
    """The sentence under the title: the finding, then more."""

    finding: str
    rest: str


def lede(page: UnitPage, *, by: Actor) -> Lede:
    """What the page says first, to this reader."""
    name, facts = page.unit.name, page.facts
    if page.unit.closed_on:
        return Lede(f"{name} is closed since {words.day(page.unit.closed_on, by.today)}.", "Its history stays.")
    away = _away(page, by.today)
    if page.status:
        return Lede(f"{name} {page.status.said}.", f"{_open(facts)} {away}".strip())
    if facts.lead_name is None:
        return Lede(f"Nobody in IT looks after {name}{' yet' if facts.uncovered_since is None else ' now'}.", "")
    return Lede(f"{facts.lead_name} looks after {name}.", away)


def _away(page: UnitPage, today: date) -> str:
    deputies = [held.person for held in page.now_in(Cover.DEPUTY, today)]
    return covering.in_words(page.absence, deputies, today) if page.absence else ""


def _open(facts: Facts) -> str:
    are = "is" if facts.open_requests + facts.open_actions <= 1 else "are"
    return words.capital(f"{facts.open_in_words} {are} open.")
