"""What was said for a day happens on that day: units go over, with the replies owed there, and people leave."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services import clock, follow_up_owing, handovers, leaving, organisation


def run(work: Work) -> int:
    """How many handovers and leavings are settled."""
    with work.begin() as session:
        today = clock.local_date(work.now, organisation.current(session).time_zone)
        settled = handovers.settle_due(session, today=today, now=work.now)
        left = leaving.depart_due(session, today=today, now=work.now)
        follow_up_owing.follow_leads(session, today=today)
        return settled + left
