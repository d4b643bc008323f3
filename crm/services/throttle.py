"""Slowing down guessing: attempts are counted in the database, so that all web processes count together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from crm.errors import TooMany
from crm.services.secrets import hashed
from models.sign_in import Attempt


@dataclass(frozen=True)
class Limit:
    """At most ``times`` in ``minutes`` for each key."""

    kind: str
    times: int
    minutes: int


SIGN_IN_BY_ACCOUNT = Limit("sign-in account", 5, 1)
SIGN_IN_BY_ADDRESS = Limit("sign-in address", 30, 10)
SET_UP_BY_ADDRESS = Limit("set-up address", 10, 10)
LINK_BY_ADDRESS = Limit("unknown link", 30, 10)
FORGOTTEN_BY_ADDRESS = Limit("forgotten password", 10, 10)


def count(session: Session, limit: Limit, key: str, now: datetime) -> None:
    """One more attempt."""
    session.add(Attempt(kind=limit.kind, key=hashed(key), at=now))


def check(session: Session, limit: Limit, key: str, now: datetime) -> None:
    """Raises TooMany when the limit is reached."""
    since = now - timedelta(minutes=limit.minutes)
    mine = (Attempt.kind == limit.kind, Attempt.key == hashed(key), Attempt.at > since)
    tried, oldest = session.execute(select(func.count(Attempt.id), func.min(Attempt.at)).where(*mine)).one()
    if tried >= limit.times:
        wait = max(1, round((oldest + timedelta(minutes=limit.minutes) - now).total_seconds()))
        raise TooMany("That was tried too often in a short time. Nothing is locked.", wait)


def forget(session: Session, limit: Limit, key: str) -> None:
    """Attempts that ended well count no longer."""
    session.execute(delete(Attempt).where(Attempt.kind == limit.kind, Attempt.key == hashed(key)))


def remove_old(session: Session, now: datetime) -> int:
    """Attempts of more than a day ago; how many there were."""
    removed = session.execute(delete(Attempt).where(Attempt.at < now - timedelta(days=1)))
    return int(removed.rowcount)  # type: ignore[attr-defined]
