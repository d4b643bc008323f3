"""The rhythms of the demonstration, by what people call them."""

from __future__ import annotations

from datetime import time

from crm.services.cadence_rules import Rule
from models.review import DayRule, Frequency

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)
LAST = -1


def _weekday(nth: int, weekday: int, at: time, *, anchor_month: int | None = None, minutes: int = 60) -> Rule:
    """Monthly, or quarterly in that month of the quarter."""
    return Rule(
        frequency=Frequency.QUARTERLY if anchor_month else Frequency.MONTHLY,
        anchor_month=anchor_month or 1,
        day_rule=DayRule.WEEKDAY,
        nth=nth,
        weekday=weekday,
        month_day=1,
        at=at,
        minutes=minutes,
    )


def _month_day(day: int, at: time, *, anchor_month: int | None = None, minutes: int = 60) -> Rule:
    return Rule(
        frequency=Frequency.QUARTERLY if anchor_month else Frequency.MONTHLY,
        anchor_month=anchor_month or 1,
        day_rule=DayRule.MONTH_DAY,
        nth=1,
        weekday=MONDAY,
        month_day=day,
        at=at,
        minutes=minutes,
    )


def _working_day(frequency: Frequency, nth: int, at: time, *, anchor_month: int, minutes: int = 60) -> Rule:
    return Rule(
        frequency=frequency,
        anchor_month=anchor_month,
        day_rule=DayRule.WORKING_DAY,
        nth=nth,
        weekday=MONDAY,
        month_day=1,
        at=at,
        minutes=minutes,
    )


RULES = {
    "second Thursday": _weekday(2, THURSDAY, time(10), minutes=45),
    "third Wednesday": _weekday(3, WEDNESDAY, time(13, 30)),
    "third Wednesday at nine": _weekday(3, WEDNESDAY, time(9), minutes=45),
    "first Monday": _weekday(1, MONDAY, time(14, 30)),
    "last Monday": _weekday(LAST, MONDAY, time(11), minutes=45),
    "the 12th": _month_day(12, time(15), minutes=45),
    "first Tuesday of the second month": _weekday(1, TUESDAY, time(14), anchor_month=2),
    "second Tuesday of the first month": _weekday(2, TUESDAY, time(13, 30), anchor_month=1, minutes=90),
    "last Thursday of the third month": _weekday(LAST, THURSDAY, time(10), anchor_month=3, minutes=90),
    "second Wednesday of the third month": _weekday(2, WEDNESDAY, time(15), anchor_month=3),
    "fourth Thursday of the first month": _weekday(4, THURSDAY, time(9, 30), anchor_month=1),
    "the 15th of the second month": _month_day(15, time(11), anchor_month=2, minutes=90),
    "first Friday of the third month": _weekday(1, FRIDAY, time(10, 30), anchor_month=3),
    "last Tuesday of the second month": _weekday(LAST, TUESDAY, time(16), anchor_month=2),
    "the last day of the third month": _month_day(31, time(9), anchor_month=3),
    "third working day of every other month": _working_day(Frequency.TWO_MONTHLY, 3, time(9, 30), anchor_month=1),
    "last working day of May and November": _working_day(
        Frequency.HALF_YEARLY, LAST, time(15), anchor_month=5, minutes=90
    ),
    "tenth working day of March": _working_day(Frequency.YEARLY, 10, time(10, 30), anchor_month=3, minutes=120),
}
MONTHLY = tuple(name for name, rule in RULES.items() if rule.frequency is Frequency.MONTHLY)
QUARTERLY = tuple(name for name, rule in RULES.items() if rule.frequency is Frequency.QUARTERLY)
PLACES = ("Room Larch", "Room Alder", "Room Hazel", "In their office", "By video", "Room Rowan")
