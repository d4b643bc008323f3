"""Tells webhooks what is due. A run of its own, and a short one, so that mail does not wait for slow programs."""

from __future__ import annotations

from datetime import timedelta

from crm.jobs.work import Work
from crm.services import clock, sending
from crm.services.sending import To

#: Nothing is begun after so long; the next run goes on.
WITHIN = timedelta(seconds=20)


def run(work: Work) -> int:
    """How many webhooks were told something. In the demonstration all stays in the outbox."""
    if work.hooks is None:
        return 0
    return sending.send_due(work.begin, post=work.hooks, clock=clock.now, to=To.WEBHOOKS, within=WITHIN)
