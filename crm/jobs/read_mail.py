"""Reads the mail that came in."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services import clock
from crm.services.incoming import taking


def run(work: Work) -> int:
    """How many mails were new. Without a mailbox there is nothing to read."""
    return taking.read_new(work.begin, mailbox=work.mailbox, clock=clock.now) if work.mailbox else 0
