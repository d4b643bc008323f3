"""How many reviews, and how many hours of them, fall into each week, and which weeks are the heaviest. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Peak:
    """A heavy week of one rep; "" where nobody leads the units."""

    rep: str
    week: Week


@dataclass
class Load:
    """The weeks that have a review, in order of time, and the heaviest of one rep first."""

    weeks: Sequence[Week]
    peaks: Sequence[Peak] = field(default_factory=tuple)
    reps: int = 1

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
    by_rep: dict[tuple[str, date], list[Booking]] = defaultdict(list)
    for booking, rep in bookings:
        by_week[monday(booking.day)].append(booking)
        by_rep[rep, monday(booking.day)].append(booking)
    taken: dict[date, int] = defaultdict(int)
    for booking in clashing:
        taken[monday(booking.day)] += 1
    weeks = [_week(begins, found, taken[begins]) for begins, found in sorted(by_week.items())]
    peaks = [Peak(rep, _week(begins, found)) for (rep, begins), found in by_rep.items()]
    heaviest = sorted(peaks, key=lambda peak: (-peak.week.minutes, peak.week.monday, peak.rep))
    return Load(weeks, heaviest[:PEAKS_NAMED], len({rep for rep, _ in by_rep}))


def _week(begins: date, found: Sequence[Booking], clashes: int = 0) -> Week:
    return Week(begins, len(found), sum(booking.minutes for booking in found), clashes)


def in_words(load: Load, today: date) -> tuple[str, str]:
    """(the finding, which weeks are the heaviest)."""
    if not load.peaks:
        return "No review falls into the next twelve months.", ""
    most = max(peak.week.reviews for peak in load.peaks)
    whose = " of one rep" if load.reps > 1 else ""
    finding = f"At most {words.counted(most, 'review')} in a week{whose}."
    named = list(_named([peak for peak in load.peaks if peak.week.reviews > 1], load.reps > 1, today))
    return finding, f"The heaviest: {'; '.join(named)}." if named else "No week has more than one."


def _named(peaks: Sequence[Peak], with_reps: bool, today: date) -> Iterator[str]:
    """ "the weeks of 11 January and 8 February (five reviews, 5 hours)", for each rep and load."""
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for peak in peaks:
        alike[peak.rep if with_reps else "", peak.week.said].append(words.day(peak.week.monday, today))
    for (rep, said), mondays in alike.items():
        who = f"{rep}, " if rep else ""
        yield f"{who}the {'week' if len(mondays) == 1 else 'weeks'} of {words.listed(mondays)} ({said})"
