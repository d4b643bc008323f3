"""All that the page of one unit's health shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from crm.services import words
from crm.services.health import history, moved, reading, rules, telling
from crm.services.health.history import History
from crm.services.health.moved import Moved
from crm.services.health.reading import UnitHealth
from crm.services.health.telling import Said
from crm.services.pages import Page
from crm.stats.health import Part
from models.health import Component, HealthDay, HealthEvidence, HealthSnapshot
from models.review import Review, ReviewState
from models.unit import BusinessUnit

#: So many pieces of evidence of a component are shown among the others, and on a page of its own.
SHOWN, PAGE = 6, 25
MONTHS = {"month": ("a month", 1), "quarter": ("a quarter", 3), "year": ("a year", 12)}
REVIEW = "review"


@dataclass(frozen=True)
class Taken:
    """``on``: the newest day with snapshots, None before the first; ``first``: the unit's first day with a score;
    ``review``: the day of its last review before today."""

    on: date | None
    first: date | None
    review: date | None


@dataclass(frozen=True)
class Span:
    """Two days to compare; ``key``: of the preset, "" for days of one's own."""

    key: str
    since: date
    until: date


@dataclass(frozen=True)
class Line:
    """One component in the table. ``since``: points more or fewer than on the first day; None where not known then."""

    component: Component
    name: str
    part: Part | None
    since: int | None
    #: What would make it known; "" where it is.
    missing: str = ""


@dataclass(frozen=True)
class Piece:
    """One piece of evidence as it is shown."""

    said: Said
    on: date
    credit: str
    weight: int
    ages_on: date | None


@dataclass(frozen=True)
class Heap:
    """The evidence of one component."""

    component: Component
    name: str
    number: int
    pieces: Page[Piece]


@dataclass(frozen=True)
class HealthPage:
    unit: BusinessUnit
    taken: Taken
    span: Span
    moved: Moved
    lines: Sequence[Line]
    history: History
    heaps: Sequence[Heap]
    #: The one component whose evidence alone is shown.
    only: Component | None

    @property
    def health(self) -> UnitHealth | None:
        return self.moved.after

    @property
    def score(self) -> int | None:
        return self.health.health.score if self.health else None


#: What would make a component known.
MISSING: Mapping[Component, str] = {
    Component.SATISFACTION: "nobody has rated us lately. Ask for a rating",
    Component.RHYTHM: "no review was due yet. Set a rhythm",
    Component.PROMISES: "nothing was due or asked lately. Log a meeting with what we promise",
    Component.ENGAGEMENT: "the four questions were never answered. Answer them",
}


def taken(session: Session, *, unit_id: int, today: date) -> Taken:
    """One statement."""
    first = select(func.min(HealthSnapshot.since)).where(
        HealthSnapshot.unit_id == unit_id, HealthSnapshot.score.is_not(None)
    )
    held = select(func.max(Review.held_on)).where(
        Review.unit_id == unit_id, Review.state == ReviewState.HELD, Review.held_on < today
    )
    newest = select(func.max(HealthDay.day)).where(HealthDay.day <= today)
    row = session.execute(select(newest.scalar_subquery(), first.scalar_subquery(), held.scalar_subquery())).one()
    return Taken(*row)


def span_of(key: str, since: str, until: str, found: Taken, today: date) -> Span:
    """What an address asks for: two days of one's own, a preset; since the last review, or a quarter, for neither."""
    last = found.on or today
    first, end = _day(since), min(_day(until) or last, last)
    if first is not None and first < end:
        return Span("", first, end)
    if key in MONTHS:
        return Span(key, last - relativedelta(months=MONTHS[key][1]), last)
    if found.review is not None and found.review < last:
        return Span(REVIEW, found.review, last)
    return Span("quarter", last - relativedelta(months=3), last)


def presets(found: Taken) -> list[tuple[str, str]]:
    """Key and label of all that are offered."""
    review = [(REVIEW, "the last review")] if found.review else []
    return [*review, *((key, label) for key, (label, _) in MONTHS.items())]


def read(
    session: Session, *, by: Actor, unit: BusinessUnit, span: Span, found: Taken, part: str = "", number: int = 1
) -> HealthPage:
    """The page of a unit between these days. Three statements; the caller has loaded the unit through access."""
    policy.require(by, Action.SEE_HEALTH, unit)
    days = (span.since, span.until)
    standing = reading.on_days(session, unit_ids=[unit.id], days=days)[unit.id]
    ledger = reading.evidence(session, unit_id=unit.id, days=days)
    why = moved.told(standing, ledger, span.since, span.until)
    only = Component(part) if part in [*Component] else None
    heaps = _heaps(ledger[span.until], only, number, by.today)
    rule = why.after.rule if why.after else rules.DEFAULT
    weeks = history.read(session, unit=unit, until=span.until, rule=rule)
    return HealthPage(unit, found, span, why, lines(why), weeks, heaps, only)


def lines(why: Moved) -> list[Line]:
    """The table that adds up: every component that weighs something."""
    if why.after is None:
        return []
    before = why.before.health.parts if why.before and why.before.health.score is not None else {}
    return [_line(Component(name), why.after, before) for name, weight in why.after.rule.weights.items() if weight]


def _line(component: Component, after: UnitHealth, before: Mapping[str, Part]) -> Line:
    part, old = after.health.parts.get(component), before.get(component)
    since = part.points - old.points if part and old else None
    return Line(component, rules.NAMES[component], part, since, "" if part else MISSING[component])


def _heaps(found: Sequence[HealthEvidence], only: Component | None, number: int, today: date) -> list[Heap]:
    return [_heap(component, found, only, number, today) for component in Component if only in (None, component)]


def _heap(
    component: Component, found: Sequence[HealthEvidence], only: Component | None, number: int, today: date
) -> Heap:
    mine = [one for one in found if one.component is component]
    size, number = (PAGE, number) if only else (SHOWN, 1)
    rows = mine[(number - 1) * size : number * size]
    page = Page([_piece(one, today) for one in rows], number, len(mine) > number * size)
    return Heap(component, rules.NAMES[component], len(mine), page)


def _piece(one: HealthEvidence, today: date) -> Piece:
    return Piece(telling.said(one, today), one.happened_on, telling.credit_in_words(one), one.weight, one.ages_on)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def lede(page: HealthPage, today: date) -> tuple[str, str]:
    """The finding, and the rest: what the page says first."""
    name = page.unit.name
    if page.taken.on is None:
        return "Health is told from tomorrow morning on.", "It is taken every day at five."
    if page.health is None:
        return f"Nothing is known of {name} yet.", "Health is taken every morning, from what was kept until then."
    health = page.health.health
    if health.score is None:
        return f"Too little is known of {name} for a score.", f"It would be {health.based_on}."
    figure = f"{health.score} of 100, {health.level}, {health.based_on}"
    way = page.history.way
    if way:
        return f"{name} is {way}: {figure}.", _main_cause(page.moved, today)
    return f"{name} stands at {figure}.", _main_cause(page.moved, today)


def _main_cause(why: Moved, today: date) -> str:
    points = why.points
    if points is None:
        return ""
    since = words.day(why.since, today)
    if not points:
        return f"As on {since}."
    more = "more" if points > 0 else "fewer"
    return f"{words.capital(words.counted(abs(points), 'point'))} {more} than on {since}."
