"""What is expected of a unit before anybody there answered: for the order in which units stand.

Of the first day of each month: the place of a unit then changes because of itself, and not each day because of others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services.health.pieces import DAY
from crm.services.health.reading_facts import Span
from crm.services.health.satisfaction import COUNTS_FOR
from crm.stats.moments import Moments
from crm.stats.shrinkage import Prior, prior_of
from models.rating import Round
from models.total import OVERALL, RoundTotal


@dataclass(frozen=True)
class Priors:
    """By the first of a month; None where nobody had answered."""

    by_month: Mapping[date, Prior | None] = field(default_factory=dict)

    def on(self, day: date) -> Prior | None:
        return self.by_month.get(day.replace(day=1))


def of(session: Session, *, span: Span, zone: ZoneInfo) -> Priors:
    """One statement: all rounds that counted on the first of one of these months."""
    months = months_of(span)
    earliest = Span(months[0], span.last).instant(COUNTS_FOR)
    told = (RoundTotal.unit_id, RoundTotal.n, RoundTotal.total, RoundTotal.squares, Round.closes_at)
    overall = (RoundTotal.measure == OVERALL, RoundTotal.speaks_for_unit, RoundTotal.n > 0)
    rows = session.execute(
        select(*told).join(Round, Round.id == RoundTotal.round_id).where(*overall, Round.closes_at >= earliest)
    )
    rounds = [(unit, n, total, squares, at.astimezone(zone).date() + DAY) for unit, n, total, squares, at in rows]
    return Priors({month: _prior(rounds, month) for month in months})


def _prior(rounds: list[tuple[int, int, int, int, date]], month: date) -> Prior | None:
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for unit_id, n, total, squares, since in rounds:
        if since <= month < since + COUNTS_FOR:
            of_unit = sums[unit_id]
            of_unit[0] += n
            of_unit[1] += total
            of_unit[2] += squares
    return prior_of(Moments(*sums[unit_id]) for unit_id in sorted(sums))


def months_of(span: Span) -> list[date]:
    """The first of each month that these days touch."""
    found = [span.first.replace(day=1)]
    while (following := (found[-1] + 31 * DAY).replace(day=1)) <= span.last:
        found.append(following)
    return found
