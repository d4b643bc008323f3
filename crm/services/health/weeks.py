"""The Mondays of each unit, with what was made of them on that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from crm.services.health import weekly
from crm.services.health.reading_facts import Span
from crm.services.health.snapshots import Rules, Stretch
from crm.services.health.weekly import HALF_A_YEAR
from models.health import HealthWeek

WEEK = timedelta(days=7)
#: Score by Monday.
Scores = Mapping[date, int | None]


def mondays(span: Span) -> list[date]:
    first = span.first + timedelta(days=-span.first.weekday() % 7)
    return [first + WEEK * number for number in range((span.last - first).days // 7 + 1)]


def before(session: Session, unit_ids: Collection[int], span: Span) -> dict[int, dict[date, int | None]]:
    """By unit: the Mondays before, as many as are looked at. One statement, none for days without a Monday."""
    found: dict[int, dict[date, int | None]] = defaultdict(dict)
    if mondays(span):
        earlier = (HealthWeek.week_on >= span.first - WEEK * HALF_A_YEAR, HealthWeek.week_on < span.first)
        wanted = select(HealthWeek.unit_id, HealthWeek.week_on, HealthWeek.score)
        for unit_id, week_on, score in session.execute(wanted.where(HealthWeek.unit_id.in_(unit_ids), *earlier)):
            found[unit_id][week_on] = score
    return found


def rows(
    unit_id: int, stretches: Sequence[Stretch], known: Scores, span: Span, rules: Rules
) -> Iterator[dict[str, Any]]:
    """The Mondays of these days on which the unit was there."""
    scores = dict(known)
    for monday in mondays(span):
        stretch = next((one for one in stretches if _holds(one, monday)), None)
        if stretch:
            scores[monday] = stretch.content.score
            verdict = weekly.verdict(_series(scores, monday, rules))
            yield {"unit_id": unit_id, "week_on": monday, "score": stretch.content.score} | vars(verdict)


def _holds(stretch: Stretch, day: date) -> bool:
    return stretch.since <= day and (stretch.until is None or day < stretch.until)


def _series(scores: Scores, monday: date, rules: Rules) -> list[int | None]:
    """The oldest first; not from before the weights changed, when it was another figure."""
    begun = max(day for day in rules.days if day <= monday)
    days = (monday - WEEK * back for back in reversed(range(HALF_A_YEAR)))
    return [scores.get(day) for day in days if day >= begun]


def write(session: Session, found: Sequence[dict[str, Any]]) -> None:
    if found:
        session.execute(insert(HealthWeek), found)


def forget_since(session: Session, unit_ids: Collection[int], day: date) -> None:
    session.execute(delete(HealthWeek).where(HealthWeek.unit_id.in_(unit_ids), HealthWeek.week_on >= day))
