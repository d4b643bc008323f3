"""Keeps what speaks for and against each relationship, and what that came to, today and on days that were missed."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services.health import daily, making
from crm.services.health.making import Made


def run(work: Work) -> int:
    """How many days were taken.

    Some units in each transaction, so that nobody waits for long; the days count as taken with the last one. Whatever
    died on the way is made anew.
    """
    with work.begin() as session:
        span = daily.due(session, now=work.now)
        if span is None:
            return 0
        ground, batches = making.ground(session, span=span, now=work.now), list(making.batches(session, span))
    made = Made()
    for unit_ids in batches:
        with work.begin() as session:
            made.add(making.make(session, unit_ids=unit_ids, ground=ground))
    with work.begin() as session:
        return daily.close(session, span=span, made=made, now=work.now)
