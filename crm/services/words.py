"""Figures, days and lists as a colleague would say them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from crm.numerals import number as number  # words.number, for those who say the rest from here too

NEAR = ("today", "tomorrow")
DAYS_OF_THE_WEEK = 7


def counted(count: int, one: str, many: str | None = None) -> str:
    """ "one action", "two actions", "no actions"."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def capital(sentence: str) -> str:
    """The first letter large, the rest as it is."""
    return sentence[:1].upper() + sentence[1:]


def whose(name: str) -> str:
    """ "Finance’s", "Facilities’"."""
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def day(on: date, today: date) -> str:
    """ "4 August"; the year only when it differs."""
    return f"{on.day} {on:%B}" if on.year == today.year else f"{on.day} {on:%B %Y}"


def shift(on: date, ruled: date, because: str) -> str:
    """Why something is not on the day of its rule: "Moved from Fri 25 December: Christmas Day."."""
    if on == ruled:
        return f"Stays on {ruled:%a} {ruled.day} {ruled:%B} ({because}): no working day is left in its period."
    return f"Moved from {ruled:%a} {ruled.day} {ruled:%B}: {because}."


def listed(parts: Sequence[str]) -> str:
    """ "Finance, Legal and Research"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def score(total: int, answers: int) -> str:
    """The mean of scores on the scale of 1 to 5, to one decimal, half up; without decimal when whole: "4", "3.2"."""
    tenths = (20 * total + answers) // (2 * answers)
    return f"{tenths / 10:.1f}" if tenths % 10 else str(tenths // 10)


def people(answers: int, asked: int) -> str:
    """Who stands behind a figure: "one person", "two of five people", "all five people"."""
    if answers == 1:
        return "one person" if asked <= 1 else f"one of {number(asked)} people"
    if answers >= asked:
        return "both people" if answers == 2 else f"all {number(answers)} people"
    return f"{number(answers)} of {number(asked)} people"


def late(due: date, today: date) -> str:
    """ "two days late"."""
    return f"{counted((today - due).days, 'day')} late"


def soon(on: date, today: date) -> str:
    """ "today", "tomorrow", the weekday within the next six days, or the day: what is ahead."""
    days = (on - today).days
    if days < len(NEAR):
        return NEAR[days]
    return f"on {on:%A}" if days < DAYS_OF_THE_WEEK else f"on {day(on, today)}"


def waiting(since: date, today: date) -> str:
    """ "new today", "waiting for nine days"."""
    days = (today - since).days
    return f"waiting for {counted(days, 'day')}" if days > 0 else "new today"
