"""Mail of ours that came back."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services.incoming import outcomes
from crm.services.incoming.outcomes import Outcome
from crm.services.incoming.reports import Report
from crm.services.sending import REASON_LENGTH
from models.outbox import OutboxMessage, OutboxState

#: Message-IDs of one report that are looked up.
MOST = 20


def take(session: Session, report: Report) -> Outcome:
    """Say on the message in the outbox that it did not arrive. Its Message-ID is known to those alone who got it."""
    wanted = select(OutboxMessage).where(OutboxMessage.message_id.in_(report.of[:MOST])).order_by(OutboxMessage.id)
    message = session.scalar(wanted.limit(1).with_for_update())
    if message is None:
        return outcomes.aside("It says what became of a mail that did not leave from here.")
    if report.action != "failed":
        return outcomes.dismissed(f"The mail to {message.to_address} is {report.action or 'on its way'}.")
    if message.state not in (OutboxState.SENT, OutboxState.UNCERTAIN):
        return outcomes.dismissed(f"The mail to {message.to_address} came back, and was not waited for any more.")
    why = f"It came back: {report.why}" if report.why else "It came back, without a reason."
    message.state, message.error = OutboxState.FAILED, why[:REASON_LENGTH]
    session.flush()
    return outcomes.taken(
        f"The mail “{message.subject}” to {message.to_address} did not arrive.", person_id=message.to_person_id
    )
