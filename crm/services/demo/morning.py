"""The mail of the last working morning: written by what writes it every day, so that the outbox shows how it reads."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from crm.services import cadence_rules, digests, digests_weekly, organisation, reminders, working_days
from crm.services.reminders import mornings
from crm.services.working_days import DAY
from models.mail import Errand

#: Nobody in the demonstration is without a working day for longer.
BACK = timedelta(days=14)


def write_mail(session: Session, *, today: date, now: datetime) -> int:
    """Daily and weekly mail, and reminders, as they came that morning at the organisation's seat. How many."""
    zone = ZoneInfo(organisation.current(session).time_zone)
    calendar = working_days.organisation_calendar(session, since=today - BACK, until=today + DAY)
    begun = now >= cadence_rules.instant(today, mornings.BEGINS[Errand.REMIND], zone)
    day = calendar.last_working(today - BACK, today + DAY if begun else today) or today
    at = {errand: cadence_rules.instant(day, begins, zone) for errand, begins in mornings.BEGINS.items()}
    return (
        digests.send_daily(session, now=at[Errand.DIGEST])
        + digests_weekly.send_weekly(session, now=at[Errand.WEEKLY])
        + reminders.due(session, now=at[Errand.REMIND])
    )
