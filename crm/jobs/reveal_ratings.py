"""Shows what enough people said in anonymous rounds that have closed; of all that have, forgets what was not sent."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services import confidentiality, partial_answers, unnamed_drops


def run(work: Work) -> int:
    """In how many rounds something came to light."""
    with work.begin() as session:
        partial_answers.forget_closed(session, now=work.now)
        revealed = confidentiality.reveal_closed(session, now=work.now)
        unnamed_drops.note(session, now=work.now)
        return revealed
