"""Spreading units over the month, so that no week of their rep is overloaded: each gets a weekday of its own.

Unit after unit, in the order given, takes the weekday (Monday to Friday, in the first to the fourth week, in any month
of the period) on which the weeks of its rep are emptiest; among equals the one nearest to the rule asked for. The time
stays; only where somebody is taken at it on every such day does another hour of the day come into question. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, time
from itertools import islice

from crm.services.cadence_rules import MONTHS, Rule
from crm.services.diaries import Booking, Diary
from crm.services.review_load import monday
from models.review import DayRule

HOURS = tuple(time(hour) for hour in range(9, 17))
#: At another hour only so many days are tried: the emptiest.
TRIED = 5

#: The reviews of one unit, were this its rule.
Reviews = Callable[[Rule], Sequence[Booking]]


class Weeks:
    """Minutes by rep and week, and by rep and day."""

    def __init__(self) -> None:
        self._minutes: dict[tuple[int | None, date, bool], int] = defaultdict(int)

    def add(self, rep: int | None, booking: Booking) -> None:
        self._minutes[rep, monday(booking.day), True] += booking.minutes
        self._minutes[rep, booking.day, False] += booking.minutes

    def weight(self, rep: int | None, bookings: Sequence[Booking]) -> tuple[int, int, int]:
        """How full it would get: the fullest week, all weeks together, all days together."""
        weeks = [self._minutes[rep, monday(booking.day), True] + booking.minutes for booking in bookings]
        days = [self._minutes[rep, booking.day, False] for booking in bookings]
        return max(weeks, default=0), sum(weeks), sum(days)


def variants(rule: Rule) -> Iterator[Rule]:
    """The rule on every weekday of the first four weeks of each month of its period; those nearest to it first."""
    wanted = (rule.anchor_month, rule.nth if rule.nth > 0 else 4, rule.weekday)
    places = [
        (month, nth, weekday)
        for month in range(1, MONTHS[rule.frequency] + 1)
        for nth in range(1, 5)
        for weekday in range(5)
    ]
    places.sort(key=lambda place: [abs(mine - asked) for mine, asked in zip(place, wanted, strict=True)])
    for month, nth, weekday in places:
        yield replace(rule, day_rule=DayRule.WEEKDAY, anchor_month=month, nth=nth, weekday=weekday)


def _clashing(rule: Rule, reviews: Reviews, diary: Diary) -> Iterator[Booking]:
    return (booking for booking in reviews(rule) if diary.clashes(booking))


def choose(rule: Rule, *, rep: int | None, reviews: Reviews, diary: Diary, weeks: Weeks) -> Rule:
    """The rule for one unit. Nothing is written down: put the chosen reviews into ``diary`` and ``weeks`` next."""
    ranked = sorted(variants(rule), key=lambda one: weeks.weight(rep, reviews(one)))
    elsewhen = [replace(one, at=at) for at in HOURS if at != rule.at for one in ranked[:TRIED]]
    best, fewest = ranked[0], len(reviews(ranked[0])) + 1
    for one in (*ranked, *elsewhen):
        clashing = sum(1 for _ in islice(_clashing(one, reviews, diary), fewest))
        if clashing < fewest:
            best, fewest = one, clashing
        if fewest == 0:
            break
    return best
