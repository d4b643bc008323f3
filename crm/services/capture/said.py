"""What somebody said about a day: one day, none, or several between which they have to choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from crm.services import words

#: Stands in a question for what was typed.
SOME_DAY = "\0"
WHICH = f"Which day is {SOME_DAY}?"


@dataclass(frozen=True)
class Said:
    """Sure with nothing to ask: then it is the one day, or none ("no date"). Otherwise the days it may mean."""

    days: tuple[date, ...]
    ask: str = ""

    @property
    def is_sure(self) -> bool:
        return not self.ask

    @property
    def day(self) -> date | None:
        return self.days[0] if self.is_sure and self.days else None


def from_now_on(day: date, on: date) -> Said:
    """That day, unless it has passed: then the same day of a coming year, to be asked."""
    return Said((day,)) if day >= on else passed(day, on)


def passed(day: date, on: date) -> Said:
    """A day that lies behind the meeting."""
    again = day + relativedelta(years=on.year - day.year)
    again += relativedelta(years=again < on)
    return Said((again,), f"{words.capital(words.day(day, on))} is before the meeting. Which day?")


def which(days: list[date]) -> Said:
    """One of these; sure when they are all the same."""
    different = tuple(sorted(set(days)))
    return Said(different, WHICH if len(different) > 1 else "")
