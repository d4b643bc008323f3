"""Removes what has had its day: expired sign-ins, counts of attempts that no limit looks at, forgotten drafts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from crm.services import drafts, sign_ins, throttle


def run(session: Session, now: datetime) -> int:
    """How many rows are gone."""
    return throttle.remove_old(session, now) + sign_ins.remove_expired(session, now) + drafts.remove_old(session, now)
