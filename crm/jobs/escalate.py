"""Passes complaints up that nobody solves or answers in time."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services import escalation_rule


def run(work: Work) -> int:
    """How many went up."""
    with work.begin() as session:
        return escalation_rule.pass_up_due(session, now=work.now)
