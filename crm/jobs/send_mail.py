"""Sends the mail that is due."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services import clock, sending


def run(work: Work) -> int:
    """How many messages were sent. Without a mail server they stay in the outbox."""
    return sending.send_due(work.begin, post=work.post, clock=clock.now) if work.post else 0
