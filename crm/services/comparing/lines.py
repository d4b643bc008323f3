"""Units, services and reps beside each other: ordered with small samples drawn to the average, shown as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from crm.services import pages, predictions, survey
from crm.services.comparing.wanted import SERVICE, Group, Months, Order, Show, Wanted, groups, sums
from crm.services.measures import scale_of
from crm.services.pages import Page
from crm.services.predictions import Known
from crm.services.tallies import Tally
from crm.stats.difference import Difference, difference
from crm.stats.moments import Moments
from crm.stats.scale import RATING, Scale
from crm.stats.shrinkage import Ranked, ranking
from models.person import Person
from models.total import PeriodTotal
from models.unit import BusinessUnit

#: Fewer answers than so many are marked.
FEW = 5
NOBODY = "Nobody led the unit"


@dataclass(frozen=True)
class Line:
    """One unit, service or rep. ``key``: its id; None where nobody led the unit. ``shrunken``: what it is ordered by.

    ``change``: against the time before. ``apart``: from all the others together. ``known``: of a rep, how far what was
    expected is from what was said.
    """

    key: int | None
    name: str
    tally: Tally
    before: Tally
    shrunken: float
    change: Difference
    apart: Difference
    scale: Scale = RATING
    known: Known | None = None
    #: A rep who led other units in the time before: a change would be that of units, not of scores.
    is_of_others: bool = False

    @property
    def is_few(self) -> bool:
        return self.tally.n < FEW

    @property
    def changed(self) -> str:
        """The verdict on the change, in words."""
        if self.is_of_others:
            return "Led other units before"
        if not self.change.is_told:
            return "Not rated before" if not self.before.n and self.tally.n else "Too few to tell"
        if not self.change.way:
            return "No real change"
        return f"A real change: {'up' if self.change.way > 0 else 'down'} {self._by(self.change)}"

    @property
    def standing(self) -> str:
        """How it stands to all the others together."""
        if not self.apart.is_told:
            return "Too few to tell it from the others"
        if not self.apart.way:
            return "No real difference from the others"
        return f"{self._by(self.apart)} {'above' if self.apart.way > 0 else 'below'} the others, more than chance"

    def _by(self, found: Difference) -> str:
        return self.scale.text(abs(found.by or 0))


@dataclass(frozen=True)
class Compared:
    """``page``: the lines of one page; ``together``: everything that was compared; ``many``: how many lines in all."""

    page: Page[Line]
    together: Tally
    many: int
    #: Of all lines, those that really fell, and rose, against the time before.
    fell: Sequence[Line]
    rose: Sequence[Line]


def read(
    session: Session, *, by: Actor, show: Show, wanted: Wanted, number: int = 1, size: int = pages.SIZE
) -> Compared:
    """A page of the comparison. Two statements, one more of services and two more of reps, however many ratings."""
    lines = _lines(session, by, show, wanted)
    told = [line for line in lines if wanted.text.lower() in line.name.lower()]
    shown = told[(number - 1) * size : number * size]
    return Compared(
        page=Page(shown, number, len(told) > number * size),
        together=sum((line.tally for line in lines), Tally()),
        many=len(lines),
        fell=[line for line in lines if line.change.way < 0],
        rose=[line for line in lines if line.change.way > 0],
    )


def listed(
    session: Session, *, by: Actor, show: Show, wanted: Wanted, number: int = 1, size: int = pages.SIZE
) -> Page[Line]:
    """The lines alone, for a file."""
    return read(session, by=by, show=show, wanted=wanted, number=number, size=size).page


def _lines(session: Session, by: Actor, show: Show, wanted: Wanted) -> list[Line]:
    policy.require(by, Action.SEE_LOAD if show is Show.REPS else Action.COMPARE_RATINGS)
    measure = SERVICE if show is Show.SERVICES else wanted.measure
    now, before = (
        groups(session, statement(show, wanted, by, months, measure), measure)
        for months in (wanted.months, wanted.before)
    )
    names = _names(session, show, now)
    known = {one.rep.id: one for one in predictions.of_reps(session, by=by)} if show is Show.REPS else {}
    lines = [
        replace(line, name=names[key], scale=scale_of(measure), known=known.get(line.key or 0))
        for key, line in beside(now, before, show).items()
    ]
    return sorted(lines, key=lambda line: _order(line, wanted.order))


def beside(now: Mapping[Any, Group], before: Mapping[Any, Group], show: Show) -> dict[Any, Line]:
    """What each says, against the time before and against all the others; in the order of a ranking."""
    moments = {key: group.tally.moments for key, group in now.items()}
    together = sum(moments.values(), Moments())
    return {
        place.key: _line(place, now[place.key], before.get(place.key, Group()), together, show)
        for place in ranking(moments)
    }


def _line(place: Ranked[Any], now: Group, before: Group, together: Moments, show: Show) -> Line:
    is_of_others = show is Show.REPS and before.tally.n > 0 and before.units != now.units
    mine = now.tally.moments
    return Line(
        key=_id(place.key),
        name=now.name,
        tally=now.tally,
        before=before.tally,
        shrunken=place.shrunken,
        change=Difference() if is_of_others else difference(before.tally.moments, mine),
        apart=difference(_less(together, mine), mine),
        is_of_others=is_of_others,
    )


def statement(show: Show, wanted: Wanted, by: Actor, months: Months, measure: str) -> Select[Any]:
    """The sums of a time by unit, service or rep, as ``groups`` reads them."""
    if show is Show.UNITS:
        keys = BusinessUnit.id.label("key"), BusinessUnit.name.label("name")
        return sums(wanted, by, months, *keys, measure=measure).where(BusinessUnit.closed_on.is_(None))
    if show is Show.SERVICES:
        about = PeriodTotal.about
        return sums(wanted, by, months, about.label("key"), about.label("name"), measure=measure)
    led = sums(wanted, by, months, PeriodTotal.lead_id.label("key"), Person.name.label("name"), measure=measure)
    return led.outerjoin(Person, Person.id == PeriodTotal.lead_id)


def _names(session: Session, show: Show, found: Mapping[Any, Group]) -> dict[Any, str]:
    if show is Show.SERVICES:
        return survey.named(session, abouts=list(found))
    return {key: group.name or NOBODY for key, group in found.items()}


def _id(key: Any) -> int | None:
    """The number in "service:3"; ids as they are."""
    return int(key.partition(":")[2]) if isinstance(key, str) else key


def _less(all_of_them: Moments, one: Moments) -> Moments:
    """The others, without this one."""
    return Moments(all_of_them.n - one.n, all_of_them.total - one.total, all_of_them.squares - one.squares)


def _order(line: Line, order: Order) -> tuple[Any, ...]:
    """Whoever said nothing stands last, but by name; equals by name."""
    silent, name = not line.tally.n, (line.name.lower(), line.key or 0)
    if order is Order.NAME:
        return name
    if order is Order.LEAST_HEARD:
        return (line.tally.heard.value or 0, *name)
    return (silent, line.shrunken if order is Order.WEAKEST else -line.shrunken, *name)
