"""How many reviews, and how many hours of them, fall into each week, and which weeks are the heaviest. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crm.services import words
from crm.services.diaries import Booking

PEAKS_NAMED = 3


@dataclass(frozen=True)
class Week:
    """A week from Monday on (an ISO week)."""

    monday: date
    reviews: int
    minutes: int
    #: How many of them not everybody can come to.
    clashes: int = 0

    @property
    def month(self) -> tuple[int, int]:
        return self.monday.year, self.monday.month

    @property
    def said(self) -> str:
        """ "three reviews, 3 hours"."""
        return f"{words.counted(self.reviews, 'review')}, {hours(self.minutes)}"


@dataclass
class Load:
    """The weeks that have a review, in order of time, and the most reviews that one rep has in a week."""

    weeks: Sequence[Week]
    most_of_one: int = 0
    reps: int = 1

    @property
    def heaviest(self) -> Sequence[Week]:
        """By their minutes, then their reviews; of these weeks the first."""
        by_weight = sorted(self.weeks, key=lambda week: (-week.minutes, -week.reviews, week.monday))
        return by_weight[:PEAKS_NAMED]

    @property
    def most(self) -> int:
        """The most minutes in one week: what the longest bar stands for."""
        return max((week.minutes for week in self.weeks), default=0)


def hours(minutes: int) -> str:
    """ "45 minutes", "1 hour", "2½ hours", in steps of a quarter of an hour."""
    if minutes < 60:
        return f"{minutes} minutes"
    whole, quarters = divmod(round(minutes / 15), 4)
    part = ("", "¼", "½", "¾")[quarters]
    return f"{whole}{part} {'hour' if (whole, quarters) == (1, 0) else 'hours'}"


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def of(bookings: Iterable[tuple[Booking, str]], clashing: Iterable[Booking] = ()) -> Load:
    """The load of these reviews, each with the name of the rep who comes to it."""
    by_week: dict[date, list[Booking]] = defaultdict(list)
    by_rep: dict[tuple[str, date], int] = defaultdict(int)
    for booking, rep in bookings:
        by_week[monday(booking.day)].append(booking)
        by_rep[rep, monday(booking.day)] += 1
    taken: dict[date, int] = defaultdict(int)
    for booking in clashing:
        taken[monday(booking.day)] += 1
    weeks = [_week(begins, found, taken[begins]) for begins, found in sorted(by_week.items())]
    return Load(weeks, max(by_rep.values(), default=0), len({rep for rep, _ in by_rep}))


def _week(begins: date, found: Sequence[Booking], clashes: int = 0) -> Week:
    return Week(begins, len(found), sum(booking.minutes for booking in found), clashes)


def in_words(load: Load, today: date) -> tuple[str, str]:
    """(the most of one rep, which of the weeks have the most hours)."""
    if not load.weeks:
        return "No review falls into the next twelve months.", ""
    whose = " of one rep" if load.reps > 1 else ""
    finding = f"At most {words.counted(load.most_of_one, 'review')} in a week{whose}."
    if all(week.reviews == 1 for week in load.weeks):
        return finding, "No week has more than one."
    together = " of all together" if load.reps > 1 else ""
    return finding, f"Most hours{together}: {'; '.join(_named(load.heaviest, today))}."


def _named(weeks: Sequence[Week], today: date) -> Iterator[str]:
    """ "the weeks of 11 January and 8 February (five reviews, 5 hours)", for each load."""
    alike: dict[str, list[str]] = defaultdict(list)
    for week in weeks:
        alike[week.said].append(words.day(week.monday, today))
    for said, mondays in alike.items():
        yield f"the {'week' if len(mondays) == 1 else 'weeks'} of {words.listed(mondays)} ({said})"
