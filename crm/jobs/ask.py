"""Opens the rounds that open by themselves, on the morning of each unit's working day."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services.rounds import planning

#: So many rounds in one transaction.
AT_ONCE = 50


def run(work: Work) -> int:
    """How many rounds were opened."""
    with work.begin() as session:
        steps = planning.due_now(session, now=work.now)
    opened = 0
    for start in range(0, len(steps), AT_ONCE):
        with work.begin() as session:
            opened += planning.open_all(session, steps[start : start + AT_ONCE], now=work.now)
    return opened
