"""All units beside each other: which of the four questions are out of date, and where the two sides see the
relationship differently."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from crm import policy
from crm.policy import Action, Actor
from crm.services import pages
from crm.services.assessments import cycle, maturity
from crm.services.assessments.levels import LEVELS, Level, nearest
from crm.services.question_sets import MATURITY
from crm.services.search import contains
from models.engagement import Assessment, FourQuestion, Maturity
from models.total import RoundTotal
from models.unit import BusinessUnit

#: The mean that the unit's survey gave, whose nearest level lies this far from IT's: two levels or more.
_FAR = maturity.APART - 0.5


class Only(StrEnum):
    """Which units a list shows."""

    ALL = ""
    STALE = "stale"
    APART = "apart"


@dataclass(frozen=True)
class Line:
    """One unit: how many of the four are fresh, the last cycle in which one was answered, and both sides' levels."""

    unit: BusinessUnit
    fresh: int
    answered_in: date | None
    ours: Level | None
    theirs: Level | None
    n: int

    @property
    def stale(self) -> int:
        return len(FourQuestion) - self.fresh

    @property
    def gap(self) -> int | None:
        return maturity.gap_of(self.ours.step if self.ours else None, self.theirs.step if self.theirs else None)


def listed(
    session: Session,
    *,
    by: Actor,
    only: Only = Only.ALL,
    text: str = "",
    number: int = 1,
    size: int = pages.SIZE,
) -> pages.Page[Line]:
    """Open units the actor sees: those of which least is known first, then by name. One statement. Raises Forbidden."""
    policy.require(by, Action.SEE_ASSESSMENTS)
    wanted = _lines(by, only)
    if text:
        wanted = wanted.where(contains(text, BusinessUnit.name, BusinessUnit.code))
    found = pages.of_rows(session, wanted, number, size)
    return pages.Page([_line(*row) for row in found.rows], found.number, found.has_next)


def _lines(by: Actor, only: Only) -> Select[BusinessUnit, int, date | None, int | None, int | None, int | None]:
    fresh, ours = _fresh(by.today), _ours()
    total, n = _theirs(RoundTotal.total), _theirs(RoundTotal.n)
    last = select(func.max(Assessment.period_on)).where(Assessment.unit_id == BusinessUnit.id).scalar_subquery()
    wanted = select(BusinessUnit, fresh, last, ours, total, n).where(
        policy.visible_units(by), BusinessUnit.closed_on.is_(None)
    )
    if only is Only.STALE:
        wanted = wanted.where(fresh < len(FourQuestion))
    elif only is Only.APART:
        # Of a mean between two levels the lower one counts, so the two ends differ.
        wanted = wanted.where(or_(ours * n - total >= _FAR * n, total - ours * n > _FAR * n))
    return wanted.order_by(fresh, BusinessUnit.name, BusinessUnit.id)


def _fresh(today: date) -> ScalarSelect[int]:
    of_late = and_(Assessment.unit_id == BusinessUnit.id, Assessment.period_on >= cycle.before(today).since)
    return select(func.count(Assessment.question.distinct())).where(of_late).scalar_subquery()


def _ours() -> ScalarSelect[int]:
    mine = select(Maturity.level).where(Maturity.unit_id == BusinessUnit.id)
    return mine.order_by(Maturity.id.desc()).limit(1).scalar_subquery()


def _theirs(column: InstrumentedAttribute[int]) -> ScalarSelect[int]:
    said = and_(
        RoundTotal.unit_id == BusinessUnit.id,
        RoundTotal.measure == MATURITY,
        RoundTotal.speaks_for_unit,
        RoundTotal.n > 0,
    )
    newest = select(column).where(said).order_by(RoundTotal.opened_at.desc(), RoundTotal.round_id.desc())
    return newest.limit(1).scalar_subquery()


def _line(
    unit: BusinessUnit, fresh: int, last: date | None, ours: int | None, total: int | None, n: int | None
) -> Line:
    theirs = nearest(total / n) if total and n else None
    return Line(unit, fresh, last, LEVELS[ours] if ours else None, theirs, n or 0)
