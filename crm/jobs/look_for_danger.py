"""Looks for behaviour that contradicts what a unit and IT say they are to each other."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services.engagement import danger


def run(work: Work) -> int:
    """How many signs were raised, changed or taken down."""
    with work.begin() as session:
        return danger.look(session, now=work.now)
