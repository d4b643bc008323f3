"""Putting up Fernhill: its people and its twelve units, then as many generated ones as the scale asks for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from crm.services.demo import cast, desk, grown, staffing
from crm.services.demo.cadences import PLACES, RULES
from crm.services.demo.cast import CastUnit
from crm.services.demo.era import Era
from crm.services.demo.people import Crowd, Known, Term
from crm.services.demo.rows import Rows
from crm.services.demo.stories import ORDINARY, UNUSUAL
from crm.services.demo.units import SEED, Character, Unit
from crm.services.demo.wording import Skill
from models.person import Role
from models.review import Cadence
from models.setting import Setting
from models.unit import Assignment, BusinessUnit, Cover, Membership, Part


class Fernhill:
    """Adds people and units row by row, and hands out each unit with what its history needs."""

    def __init__(self, rows: Rows, era: Era) -> None:
        self._rows, self._era = rows, era
        self._rng = Random(f"{SEED}/organisation")  # noqa: S311 - nothing secret
        self.crowd = Crowd(rows, self._rng, _names_of_the_cast())
        self.cio = self.crowd.add(*cast.CIO, Role.CIO)
        self.administrator = self.crowd.add(*cast.ADMINISTRATOR, Role.ADMINISTRATOR)
        left = {cast.LEO: era.ago(cast.LEO_LEFT)}
        self.reps = {name: self.crowd.add(name, cast.REP_TITLE, Role.REP, left_on=left.get(name)) for name in cast.REPS}
        self.specialists = {skill: self.crowd.add(*who) for skill, who in cast.SPECIALISTS.items()}
        self._ids: dict[str, int] = {}

    def settle(self, now: datetime, marks: dict[str, str]) -> None:
        """The choices of the organisation."""
        common = {"at": now, "by_id": self.administrator.id, "reason": "demonstration"}
        for name, value in {"name": cast.NAME, "time_zone": cast.TIME_ZONE, "country": cast.COUNTRY, **marks}.items():
            self._rows.add(Setting, name=name, value=value, **common)
        staffing.write_closed_days(self._rows, self._era)
        staffing.write_absences(self._rows, self._era, self.reps)
        desk.write_filter(self._rows, self.reps[cast.INES])

    def cast_units(self, *, nested: bool) -> Iterator[Unit]:
        """The twelve; ``nested``: in their two levels, else all at the top."""
        for told in cast.UNITS:
            yield self._cast_unit(told, self._ids[told.parent] if nested and told.parent else None)

    def grown_units(self, many: int) -> Iterator[Unit]:
        """So many generated units below the twelve."""
        reps = [self.crowd.invent(cast.REP_TITLE, Role.REP) for _ in range(-(-many // grown.UNITS_PER_REP))]
        desks = [self._desk() for _ in range(max(1, many // grown.UNITS_PER_DESK))]
        for place, plan in enumerate(grown.plans(many)):
            yield self._grown_unit(plan, reps, place, desks[place % len(desks)])

    def _cast_unit(self, told: CastUnit, parent_id: int | None) -> Unit:
        unit_id = self._unit(told.code, told.name, parent_id, told.time_zone, cast.COUNTRIES[told.time_zone])
        users = tuple(
            self.crowd.add(name, title, Role.BUSINESS, mail=name not in told.without_mail) for name, title in told.users
        )
        deputy, leads = self.reps[told.deputy] if told.deputy else None, self._leads_of_cast(told)
        unit = Unit(
            id=unit_id,
            code=told.code,
            name=told.name,
            time_zone=told.time_zone,
            theme=told.theme,
            heads=self._heads_of_cast(told),
            users=users,
            leads=leads,
            deputy=deputy,
            specialists=self.specialists,
            rhythms=self._rhythms_of_cast(told, unit_id),
            cio=self.cio,
            calendar=staffing.calendar(self._era, cast.COUNTRIES[told.time_zone], leads),
            character=Character(usual=told.usual, talks=told.talks, slips=told.slips),
            story=UNUSUAL.get(told.code, ORDINARY),
        )
        self._people_in(unit)
        staffing.write_lent(self._rows, unit, self._era)
        staffing.write_handover(self._rows, unit, self._era)
        desk.write_draft(self._rows, unit, self._era, self.reps[cast.INES])
        return unit

    def _heads_of_cast(self, told: CastUnit) -> tuple[Term, ...]:
        title = f"Head of {told.name}"
        if told.head_before is None:
            return (Term(self.crowd.add(told.head, title, Role.BUSINESS), self._era.start),)
        name, days = told.head_before
        change = self._era.ago(days)
        before = self.crowd.add(name, title, Role.BUSINESS, left_on=change)
        return (
            Term(before, self._era.start, change),
            Term(self.crowd.add(told.head, title, Role.BUSINESS), change),
        )

    def _leads_of_cast(self, told: CastUnit) -> tuple[Term, ...]:
        begins = [self._era.start if days is None else self._era.ago(days) for _, days in told.leads]
        last = self._era.ago(cast.LEO_LEFT) if told.leads[-1][0] == cast.LEO else None
        ends = [*begins[1:], last]
        return tuple(
            Term(self.reps[name], since, until)
            for (name, _), since, until in zip(told.leads, begins, ends, strict=True)
        )

    def _rhythms_of_cast(self, told: CastUnit, unit_id: int) -> tuple[Cadence, ...]:
        place = PLACES[unit_id % len(PLACES)]
        if told.rule_before is None:
            return (self._cadence(unit_id, told.rule, place, self._era.start),)
        rule, quarters = told.rule_before
        change = self._era.quarter_start(quarters)
        return (
            self._cadence(unit_id, rule, place, self._era.start, change),
            self._cadence(unit_id, told.rule, place, change),
        )

    def _grown_unit(self, plan: grown.Plan, reps: list[Known], place: int, desk: dict[Skill, Known]) -> Unit:
        unit_id = self._unit(plan.code, plan.name, self._ids[plan.parent], plan.time_zone)
        rng = Random(f"{SEED}/{plan.code}")  # noqa: S311 - nothing secret
        titles = rng.sample(plan.theme.job_titles, 2)
        start = self._era.start
        unit = Unit(
            id=unit_id,
            code=plan.code,
            name=plan.name,
            time_zone=plan.time_zone,
            theme=plan.theme,
            heads=(Term(self.crowd.invent(f"Head of {plan.name}", Role.BUSINESS), start),),
            users=tuple(self.crowd.invent(title, Role.BUSINESS) for title in titles),
            leads=self._leads_by_chance(rng, reps, place),
            deputy=None,
            specialists=desk,
            rhythms=(self._cadence(unit_id, grown.rule(rng), rng.choice(PLACES), start),),
            cio=self.cio,
            calendar=staffing.calendar(self._era),
            character=grown.character(rng),
        )
        self._people_in(unit)
        return unit

    def _leads_by_chance(self, rng: Random, reps: list[Known], place: int) -> tuple[Term, ...]:
        """The rep of this part of the tree; in some units there was another before, in a few there is none now."""
        rep = reps[place // grown.UNITS_PER_REP]
        luck, days = rng.random(), rng.randint(60, 800)
        if luck < grown.UNCOVERED:
            return (Term(rep, self._era.start, self._era.ago(days // 4)),)
        if luck < grown.HANDED_OVER:
            other = reps[(place // grown.UNITS_PER_REP + 1) % len(reps)]
            change = self._era.ago(days)
            return (Term(other, self._era.start, change), Term(rep, change))
        return (Term(rep, self._era.start),)

    def _desk(self) -> dict[Skill, Known]:
        return {skill: self.crowd.invent(title) for skill, (_, title) in cast.SPECIALISTS.items()}

    def _unit(
        self, code: str, name: str, parent_id: int | None, time_zone: str, where: cast.Country = (None, None)
    ) -> int:
        country, region = where
        unit_id = self._rows.add(
            BusinessUnit,
            code=code,
            name=name,
            parent_id=parent_id,
            time_zone=time_zone,
            closed_on=None,
            country=country,
            region=region,
        )
        self._ids[code] = unit_id
        return unit_id

    def _cadence(self, unit_id: int, rule: str, place: str, since: date, until: date | None = None) -> Cadence:
        values = {
            "unit_id": unit_id,
            **vars(RULES[rule]),
            "place": place,
            "is_default": False,
            "since": since,
            "until": until,
        }
        return Cadence(id=self._rows.add(Cadence, **values), **values)

    def _people_in(self, unit: Unit) -> None:
        for term in unit.heads:
            self._member(unit, term, Part.HEAD)
        for number, user in enumerate(unit.users):
            since = self._era.start + timedelta(days=90 * (number // 2))
            self._member(unit, Term(user, since), Part.KEY_USER)
        for term in unit.leads:
            self._assigned(unit, term, Cover.LEAD)
        if unit.deputy:
            self._assigned(unit, Term(unit.deputy, self._era.start), Cover.DEPUTY)

    def _member(self, unit: Unit, term: Term, part: Part) -> None:
        common = {"unit_id": unit.id, "since": term.since, "until": term.until}
        self._rows.add(Membership, person_id=term.who.id, part=part, access="", **common)

    def _assigned(self, unit: Unit, term: Term, cover: Cover) -> None:
        common = {"unit_id": unit.id, "since": term.since, "until": term.until}
        self._rows.add(Assignment, rep_id=term.who.id, cover=cover, **common)


def _names_of_the_cast() -> frozenset[str]:
    heads = [unit.head for unit in cast.UNITS] + [unit.head_before[0] for unit in cast.UNITS if unit.head_before]
    users = [name for unit in cast.UNITS for name, _ in unit.users]
    specialists = [name for name, _ in cast.SPECIALISTS.values()]
    return frozenset([cast.CIO[0], cast.ADMINISTRATOR[0], *cast.REPS, *heads, *users, *specialists])
