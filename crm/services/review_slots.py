"""Where the reviews of a unit belong: one slot for each period of each of its rhythms. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from crm.services import cadence_rules, words
from crm.services.cadence_rules import LONGEST, Period, Rule
from crm.services.working_days import WEEKDAYS_ONLY, Calendar
from models.review import Cadence


@dataclass(frozen=True)
class Slot:
    """Where a period's review belongs: the period, the rhythm it follows, the local day."""

    period: Period
    cadence: Cadence
    day: date
    #: The day the rule alone gives, and why nobody meets then; "" when that is the day.
    ruled: date
    because: str

    @property
    def shift(self) -> str:
        """Why it is not on the day of its rule, in words; "" when it is."""
        return words.shift(self.day, self.ruled, self.because) if self.because else ""


def slots(rhythms: Sequence[Cadence], since: date, until: date, calendar: Calendar = WEEKDAYS_ONLY) -> dict[str, Slot]:
    """The reviews due to a unit in the periods from ``since`` on whose rule falls before ``until``, by period key.

    ``rhythms`` are the unit's, in order of time. A rhythm's first review is the first whose rule falls on or after the
    rhythm's ``since``; its last is the last before its ``until``. Where one follows upon another, the period of the
    change keeps the day of the old one if the new one has none in it: no period is lost by a change.
    """
    due: dict[str, Slot] = {}
    # One period further than asked, to see whether a period in which the rhythm changes has a review later on.
    for slot in _in_force(rhythms, since, until + LONGEST if len(rhythms) > 1 else until, calendar):
        due.setdefault(slot.period.key, slot)
    for old, new in reversed(list(pairwise(rhythms))):
        period = cadence_rules.period_of(old.frequency, new.since)
        lost = _slot(period, old, cadence_rules.rule_of(old), calendar)
        if _is_lost(lost, new, due.values()):
            due.setdefault(lost.period.key, lost)
    return {key: slot for key, slot in due.items() if slot.period.until > since and slot.ruled < until}


def _in_force(rhythms: Iterable[Cadence], since: date, until: date, calendar: Calendar) -> Iterator[Slot]:
    for cadence in rhythms:
        rule = cadence_rules.rule_of(cadence)
        begins = cadence_rules.period_of(cadence.frequency, since).since
        end = min(cadence.until or until, until)
        for period in cadence_rules.periods(cadence.frequency, max(cadence.since, begins), end):
            slot = _slot(period, cadence, rule, calendar)
            if cadence.since <= slot.ruled < end:
                yield slot


def _slot(period: Period, cadence: Cadence, rule: Rule, calendar: Calendar) -> Slot:
    day = cadence_rules.placed(period, rule, calendar, not_before=cadence.since)
    return Slot(period, cadence, day.on, day.ruled, day.because)


def _is_lost(slot: Slot, new: Cadence, due: Collection[Slot]) -> bool:
    """Whether the old rhythm's slot falls into the time of the new one, which has none in that period."""
    follows = slot.cadence.until == new.since > slot.period.since and slot.ruled >= new.since
    return follows and not any(
        other.period.since < slot.period.until and slot.period.since < other.period.until for other in due
    )
