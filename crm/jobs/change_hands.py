"""What was said for a day happens on that day: units go over, and people leave."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from crm.services import clock, handovers, leaving, organisation


def run(session: Session, now: datetime) -> int:
    """How many handovers and leavings are settled."""
    today = clock.local_date(now, organisation.current(session).time_zone)
    settled = handovers.settle_due(session, today=today, now=now)
    return settled + leaving.depart_due(session, today=today, now=now)
