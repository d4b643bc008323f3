"""Now is passed in, never read deep inside. This is where it comes from, and how it becomes a date."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    return datetime.now(UTC)


def local_date(now: datetime, time_zone: str) -> date:
    """The date on the wall there, at that instant."""
    return now.astimezone(ZoneInfo(time_zone)).date()
