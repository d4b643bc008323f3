"""Tells people what is due, on the morning of their own clock."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services import reminders


def run(work: Work) -> int:
    """How many reminders are new."""
    with work.begin() as session:
        return reminders.due(session, now=work.now)
