"""What units needed and did not get, by theme: how many refusals stand, of how many units, what became of them, and
what it would have been worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import case, func
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from crm.services import no_register
from crm.services.no_register import Outcome, Wanted, became, has_value
from crm.services.stretches import Stretch
from models.request import Request
from models.request_part import RequestTheme


@dataclass(frozen=True)
class Worth:
    """What was wanted, in one currency: the sum of what was said at least and at most, of so many requests."""

    currency: str
    low: Decimal
    high: Decimal
    requests: int


@dataclass(frozen=True)
class Demand:
    """One theme. ``theme_id`` is NOT_SORTED for what has none yet."""

    theme_id: int
    name: str
    refusals: int
    units: int
    still: int
    outside: int
    worth: Sequence[Worth] = field(default=())


def by_theme(
    session: Session, *, by: Actor, stretch: Stretch | None = None, unit_id: int | None = None
) -> list[Demand]:
    """What still stands refused, the most refused first; what has no theme last. Three statements at most."""
    policy.require(by, Action.SEE_REQUEST_FIGURES)
    zoned = no_register.zoned(session, Wanted(stretch=stretch, unit_id=unit_id, stands=True))
    key = func.coalesce(Request.theme_id, no_register.NOT_SORTED)
    many = func.count(Request.id)
    statement = no_register.refused(
        by,
        zoned,
        key,
        func.max(RequestTheme.name),
        many,
        func.count(func.distinct(Request.unit_id)),
        func.sum(case((became(Outcome.STILL), 1), else_=0)),
        func.sum(case((became(Outcome.OUTSIDE), 1), else_=0)),
    )
    ordered = statement.outerjoin(Request.theme).group_by(key).order_by(key == no_register.NOT_SORTED, many.desc(), key)
    worth = _worth(session, by, zoned)
    return [
        Demand(row[0], row[1] or "", row[2], row[3], int(row[4]), int(row[5]), worth.get(row[0], ()))
        for row in session.execute(ordered)
    ]


def _worth(session: Session, by: Actor, zoned: no_register.Zoned) -> dict[int, list[Worth]]:
    """By theme; the largest first."""
    key = func.coalesce(Request.theme_id, no_register.NOT_SORTED)
    low = func.sum(func.coalesce(Request.value_low, Request.value_high))
    high = func.sum(func.coalesce(Request.value_high, Request.value_low))
    statement = no_register.refused(by, zoned, key, Request.currency, low, high, func.count(Request.id))
    found: dict[int, list[Worth]] = defaultdict(list)
    wanted = statement.where(has_value()).group_by(key, Request.currency).order_by(high.desc(), Request.currency)
    for row in session.execute(wanted):
        found[row[0]].append(Worth(row[1], Decimal(row[2]), Decimal(row[3]), row[4]))
    return found
