"""On which day a unit is asked, by its own rhythm. Pure: reviews and working days come from the caller."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from crm.services.cadence_rules import Period, period_of
from crm.services.working_days import Calendar
from models.review import Frequency

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
#: What no review decides is spread over so many days of the quarter, so that time is left to put it off.
SPREAD = 63
#: So many steps from one unit to the next: neighbours are not asked in the same week.
STEP = 23
#: After so many months a project is asked about.
MONTHS = (0, 3, 6)


def quarter_of(day: date) -> Period:
    return period_of(Frequency.QUARTERLY, day)


def survey_day(quarter: Period, unit_id: int, reviews: Sequence[date], calendar: Calendar, rest: int) -> date:
    """When the heads and key users of a unit are asked.

    So long after a review that its pulse, the survey and the next pulse all fit; where reviews come too often for that,
    a week after the first one of the quarter; where there is none, spread over the quarter. Units with the same rhythm
    are spread over a week.
    """
    shift = unit_id % 5 * DAY
    apart = (rest + 2) * DAY
    for review in reviews:
        if not _holds(quarter, review + apart + shift):
            continue
        day = working(review + apart + shift, calendar)
        if _holds(quarter, day) and not any(day - apart < other < day + apart for other in reviews if other != review):
            return day
    for review in reviews:
        if _holds(quarter, review) and _holds(quarter, day := working(review + WEEK + shift, calendar)):
            return day
    return spread_day(quarter, unit_id, calendar)


def spread_day(quarter: Period, unit_id: int, calendar: Calendar) -> date:
    """A day of the first nine weeks, another for each unit."""
    return working(quarter.since + unit_id * STEP % SPREAD * DAY, calendar)


@lru_cache(maxsize=10_000)
def working(day: date, calendar: Calendar) -> date:
    """The first working day from that day on; the day itself where nobody works for two months."""
    return calendar.next_working(day, day + 60 * DAY) or day


def months_after(day: date, months: int) -> date:
    return day + relativedelta(months=months)


def _holds(quarter: Period, day: date) -> bool:
    return quarter.since <= day < quarter.until


def project_occasion(project_id: int, months: int) -> str:
    """What a round about a delivered project opens for, so many months after: "project:7:3m"."""
    return f"project:{project_id}:{months}m"


def months_of(occasion: str | None) -> int | None:
    """So many months after its project was delivered; None for an occasion of another kind, and for none."""
    kind, _, rest = (occasion or "").partition(":")
    months = rest.rpartition(":")[2].removesuffix("m")
    return int(months) if kind == "project" and months.isdecimal() else None
