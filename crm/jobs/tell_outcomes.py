"""Tells whoever wrote a comment what came of it."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services import outcome_mail


def run(work: Work) -> int:
    """How many people were told."""
    with work.begin() as session:
        return outcome_mail.tell(session, now=work.now)
