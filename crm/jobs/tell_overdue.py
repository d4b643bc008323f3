"""Tells other programs which actions are overdue since yesterday."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services import overdue_actions


def run(work: Work) -> int:
    """How many messages there are about them."""
    with work.begin() as session:
        return overdue_actions.tell(session, work.now)
