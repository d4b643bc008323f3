"""The portfolio: every relationship one may see, the one that most needs attention first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, and_, exists, select
from sqlalchemy.orm import Session, aliased

from crm import policy
from crm.policy import Action, Actor
from crm.services import attention, attention_words, pages, unit_facts, words
from crm.services.attention import Facts, Level
from crm.services.attention_words import Status
from crm.services.branches import branch as branch
from crm.services.pages import Page
from crm.services.search import contains
from models.person import Person
from models.unit import Assignment, BusinessUnit, Cover

#: How many relationships the opening sentence names.
NAMED = 2
#: The choice of status that means all that need attention.
NEEDS_YOU = "needs-you"


@dataclass(frozen=True)
class Filters:
    """What an address asks for. ``status`` is a level's slug or NEEDS_YOU; whatever it does not know shows all."""

    rep_id: int | None = None
    branch_id: int | None = None
    status: str = ""
    text: str = ""

    @property
    def levels(self) -> frozenset[Level]:
        if self.status == NEEDS_YOU:
            return frozenset(level for level in Level if level.needs_you)
        return frozenset(level for level in Level if level.slug == self.status) or frozenset(Level)

    @property
    def narrows(self) -> bool:
        """Whether any relationship is left out, its status aside."""
        return bool(self.rep_id or self.branch_id or self.text)


@dataclass(frozen=True)
class Line:
    """One relationship."""

    facts: Facts
    status: Status


@dataclass(frozen=True)
class Portfolio:
    page: Page[Line]
    #: How many of each level there are, whatever status is chosen.
    counts: Counter[Level]
    #: The relationships the opening sentence names.
    worst: Sequence[Line] = field(default_factory=tuple)
    better: Line | None = None

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def needing(self) -> int:
        return sum(count for level, count in self.counts.items() if level.needs_you)


def read(session: Session, *, by: Actor, filters: Filters, page: int, now: datetime) -> Portfolio:
    """A page of the portfolio. Two statements, however many units: one that sorts all, one for what is shown."""
    policy.require(by, Action.SEE_PORTFOLIO)
    ranked = _ranked(session, by, filters, now)
    wanted = filters.levels
    chosen = [unit for unit, level in ranked if level in wanted]
    named = [unit for unit, level in ranked[:NAMED] if Level(level).needs_you]
    better = next((unit for unit, level in ranked if level == Level.RATED_HIGHER), None)
    shown = chosen[(page - 1) * pages.SIZE : page * pages.SIZE]
    found = lines(session, by=by, units=[*shown, *named, *([better] if better else [])], now=now)
    return Portfolio(
        page=Page([found[unit] for unit in shown], page, len(chosen) > page * pages.SIZE),
        counts=_counted(ranked),
        worst=[found[unit] for unit in named],
        better=found[better] if better else None,
    )


def lines(session: Session, *, by: Actor, units: Sequence[int], now: datetime) -> dict[int, Line]:
    """The relationships with these open units, by id, as far as the actor may see them. One statement."""
    found = unit_facts.of(session, by=by, units=units, now=now)
    return {unit: Line(facts, attention_words.status_of(facts, by.today)) for unit, facts in found.items()}


def _ranked(session: Session, by: Actor, filters: Filters, now: datetime) -> Sequence[Row[int, int]]:
    """Every unit that passes the filters, but for the status, with its level; worst first."""
    condition = and_(policy.visible_units(by), BusinessUnit.closed_on.is_(None), *conditions(filters, by.today))
    signs = unit_facts.signs(by=by, condition=condition, now=now)
    level = attention.level_in_sql(signs.c).label("level")
    return session.execute(select(signs.c.unit_id, level).order_by(level, signs.c.name, signs.c.unit_id)).all()


def _counted(ranked: Sequence[Row[int, int]]) -> Counter[Level]:
    """How many units there are of each level: numbers are counted, and only then named."""
    return Counter({Level(level): count for level, count in Counter(level for _, level in ranked).items()})


def conditions(filters: Filters, today: date) -> list[ColumnElement[bool]]:
    """What units must meet to pass the filters, the status aside; who leads is told of that day."""
    found: list[ColumnElement[bool]] = []
    if filters.rep_id:
        led = (Assignment.rep_id == filters.rep_id, Assignment.cover == Cover.LEAD, Assignment.in_force(today))
        found.append(BusinessUnit.id.in_(select(Assignment.unit_id).where(*led)))
    if filters.branch_id:
        found.append(BusinessUnit.id.in_(branch(filters.branch_id)))
    if filters.text:
        found.append(contains(filters.text, BusinessUnit.name, BusinessUnit.code))
    return found


def reps_to_choose(session: Session, *, by: Actor) -> Sequence[Person]:
    """Who leads a visible unit today, by name."""
    leads = exists().where(
        Assignment.rep_id == Person.id,
        Assignment.cover == Cover.LEAD,
        Assignment.in_force(by.today),
        policy.in_visible_units(by, Assignment.unit_id),
    )
    return session.scalars(select(Person).where(leads).order_by(Person.name, Person.id)).all()


def branches_to_choose(session: Session, *, by: Actor) -> Sequence[BusinessUnit]:
    """The visible open units that have open units below them, by name."""
    child = aliased(BusinessUnit)
    parents = exists().where(child.parent_id == BusinessUnit.id, child.closed_on.is_(None))
    condition = and_(policy.visible_units(by), BusinessUnit.closed_on.is_(None), parents)
    return session.scalars(select(BusinessUnit).where(condition).order_by(BusinessUnit.name, BusinessUnit.id)).all()


@dataclass(frozen=True)
class Lede:
    """The sentence under the title: the finding, then why."""

    finding: str
    rest: str


def lede(portfolio: Portfolio, filters: Filters) -> Lede:
    """What the portfolio says, in one or two sentences."""
    if not portfolio.total:
        return Lede("No relationship matches." if filters.narrows else "No units yet.", "")
    here = " here" if filters.narrows else ""
    everyone = words.counted(portfolio.total, "relationship")
    rest = [_why(portfolio), _better(portfolio)]
    if portfolio.needing:
        need = "needs" if portfolio.needing == 1 else "need"
        finding = words.capital(f"{words.number(portfolio.needing)} of {everyone}{here} {need} you.")
    elif portfolio.total == 1:
        finding = "The only relationship here needs nothing from you today."
    else:
        finding = words.capital(f"none of {everyone}{here} needs you today.")
        rest.insert(0, _unrated(portfolio))
    return Lede(finding, " ".join(sentence for sentence in rest if sentence))


def _why(portfolio: Portfolio) -> str:
    if not portfolio.worst:
        return ""
    named = "; ".join(f"{line.facts.name} {line.status.said}" for line in portfolio.worst)
    more = portfolio.needing - len(portfolio.worst)
    return f"{named}; and {words.number(more)} more." if more else f"{named}."


def _better(portfolio: Portfolio) -> str:
    return f"{portfolio.better.facts.name} {portfolio.better.status.said}." if portfolio.better else ""


def _unrated(portfolio: Portfolio) -> str:
    unrated = portfolio.counts[Level.NOT_RATED]
    are = "is" if unrated == 1 else "are"
    return words.capital(f"{words.number(unrated)} {are} not rated yet.") if unrated else ""
