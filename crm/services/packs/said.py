"""What every pack says the same way: of when it tells, and when, from what and by whom it was made."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from crm.documents.content import Item
from crm.policy import Actor
from crm.services import words


def period(since: date, until: date, today: date) -> str:
    """ "4 August to 12 November"."""
    return f"{words.day(since, today if since.year == until.year else until)} to {_full(until)}"


def _full(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def made(by: Actor, source: str, time_zone: str, now: datetime) -> str:
    """ "Made on 10 November 2026 at 09:12 by Ines Carvalho, from Finance’s record in Rapport"."""
    here = now.astimezone(ZoneInfo(time_zone))
    who = f" by {by.person.name}" if by.person else ""
    return f"Made on {_full(here.date())} at {here:%H:%M}{who}, from {words.whose(source)} record in Rapport."


def items(texts: Iterable[str]) -> tuple[Item, ...]:
    return tuple(Item(text) for text in texts)
