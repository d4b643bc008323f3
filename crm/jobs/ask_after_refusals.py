"""Asks units how they solved what IT said no to, three months on."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services import after_refusal_asking, after_refusals


def run(work: Work) -> int:
    """How many mails were written."""
    with work.begin() as session:
        after_refusals.catch_up(session, now=work.now)
    with work.begin() as session:
        return after_refusal_asking.ask(session, now=work.now)
