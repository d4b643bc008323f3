"""The cycle of the four questions: once a quarter."""

from __future__ import annotations

from datetime import date, timedelta

from crm.services.cadence_rules import Period, period_in_words, period_of
from models.review import Frequency


def cycle_of(day: date) -> Period:
    return period_of(Frequency.QUARTERLY, day)


def before(day: date) -> Period:
    """The cycle before that of the day."""
    return cycle_of(cycle_of(day).since - timedelta(days=1))


def in_words(since: date) -> str:
    """ "the fourth quarter of 2026", by the first day of the cycle."""
    return period_in_words(cycle_of(since).key, since)


def is_stale(answered_in: date | None, today: date) -> bool:
    """Whether an answer is out of date: of neither this cycle nor the one before, or there is none."""
    return answered_in is None or answered_in < before(today).since
