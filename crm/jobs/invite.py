"""Invites to reviews that come near, and tells calendars what planning changed: other days, other people, no review."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services import invitations

#: So many reviews in one transaction.
AT_ONCE = 200


def run(work: Work) -> int:
    """How many mails were queued."""
    with work.begin() as session:
        reviews = invitations.differing(session, now=work.now)
    queued = 0
    for start in range(0, len(reviews), AT_ONCE):
        with work.begin() as session:
            queued += invitations.changed(session, reviews=reviews[start : start + AT_ONCE], now=work.now)
    return queued
