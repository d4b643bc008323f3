"""When mail that can wait may arrive: not in somebody's quiet hours, on that person's clock."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.errors import Invalid
from crm.services.mail_kinds import QUIET_SINCE, QUIET_UNTIL
from models.person import Person

MINUTE = timedelta(minutes=1)
#: Somebody who is awake for less than this each day would get nothing on time.
LONGEST = timedelta(hours=20)


def of(person: Person) -> tuple[time, time]:
    """Since when and until when; the same time twice: never. Without own hours those of the house."""
    if person.quiet_since is None or person.quiet_until is None:
        return QUIET_SINCE, QUIET_UNTIL
    return person.quiet_since, person.quiet_until


def are_on(local: time, since: time, until: time) -> bool:
    """Whether it is quiet at this time of the day. They may go past midnight."""
    if since <= until:
        return since <= local < until
    return local >= since or local < until


def after(now: datetime, zone: ZoneInfo, since: time, until: time) -> datetime:
    """``now``, or the first minute after it that is not quiet.

    Looked for minute by minute on the wall clock: so it is right too in the nights in which a time comes twice or not
    at all.
    """
    moment = now
    while are_on(moment.astimezone(zone).time(), since, until):
        moment = moment.replace(second=0, microsecond=0) + MINUTE
    return moment


def checked(since: time | None, until: time | None) -> tuple[time | None, time | None]:
    """Both or neither, in whole minutes. Raises Invalid("quiet_since" | "quiet_until")."""
    if (since is None) != (until is None):
        raise Invalid("quiet_since" if since is None else "quiet_until", "Give both times, or neither.")
    if since is None or until is None:
        return None, None
    since, until = since.replace(second=0, microsecond=0), until.replace(second=0, microsecond=0)
    if _length(since, until) > LONGEST:
        raise Invalid("quiet_until", "That leaves less than four hours of the day for mail.")
    return since, until


def _length(since: time, until: time) -> timedelta:
    minutes = (until.hour - since.hour) * 60 + until.minute - since.minute
    return timedelta(minutes=minutes % (24 * 60))
