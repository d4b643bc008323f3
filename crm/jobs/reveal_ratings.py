"""Shows what enough people said in anonymous rounds that have closed."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services import confidentiality


def run(work: Work) -> int:
    """In how many rounds something came to light."""
    with work.begin() as session:
        return confidentiality.reveal_closed(session, now=work.now)
