"""Which start page is whose, and how it greets."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from models.person import Person, Role

#: The most useful first, for those with several roles.
ORDER = (Role.REP, Role.CIO, Role.BUSINESS, Role.ADMINISTRATOR)
NOON, EVENING = 12, 18


def homes_of(person: Person) -> list[Role]:
    """The start pages this person has, the first one first; none without a role."""
    return [role for role in ORDER if role in person.roles]


def chosen(person: Person, wanted: str) -> Role | None:
    """The start page asked for, when it is this person's; else the first."""
    own = homes_of(person)
    return next((role for role in own if role.value == wanted), own[0] if own else None)


def greeting(person: Person, *, now: datetime, time_zone: str) -> str:
    """ "Good morning, Ines": by the clock at the organisation's seat."""
    hour = now.astimezone(ZoneInfo(time_zone)).hour
    part = "morning" if hour < NOON else "afternoon" if hour < EVENING else "evening"
    return f"Good {part}, {person.given_name}"
