"""Reading the mailbox: each mail once, whatever it holds, and whenever the process dies."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from crm.services.incoming import bounces, notes, outcomes, reading, replies
from crm.services.incoming.outcomes import Outcome
from crm.services.incoming.parcels import Mailbox, Parcel
from crm.services.incoming.reading import BODY_LENGTH, Mail
from crm.services.sending import Begin, Clock
from models.mail import IncomingMail, IncomingState
from models.outbox import OutboxMessage

log = logging.getLogger("crm.incoming")

#: So many mails are read in one run, and of each so much.
MOST = 100
MOST_BYTES = 5_000_000


def read_new(begin: Begin, *, mailbox: Mailbox, clock: Clock) -> int:
    """Read what came, the oldest first, each in a transaction of its own. Returns how many were new.

    A mail is marked after what came of it is committed: if the process dies between the two it is read again, known
    by its key, and only marked. Raises Unreachable.
    """
    new = 0
    for uid in mailbox.waiting(MOST):
        parcel = mailbox.open(uid, MOST_BYTES)
        if parcel is None:
            continue
        with begin() as session:
            new += keep(session, parcel, now=clock())
        mailbox.taken(uid)
    return new


def keep(session: Session, parcel: Parcel, *, now: datetime) -> bool:
    """Write down what came of it; False when it is known already."""
    mail = reading.read(parcel)
    row = IncomingMail(
        key=mail.key,
        received_at=parcel.received_at,
        from_address=mail.from_address,
        subject=mail.subject,
        state=IncomingState.ASIDE,
        outcome="",
        body=mail.text[:BODY_LENGTH],
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    outcome = _sorted(session, mail, parcel, now)
    row.state, row.outcome, row.person_id, row.unit_id = (
        outcome.state,
        outcome.said,
        outcome.person_id,
        outcome.unit_id,
    )
    session.flush()
    return True


def _sorted(session: Session, mail: Mail, parcel: Parcel, now: datetime) -> Outcome:
    """What comes of it. What nobody thought of keeps one mail aside, and holds up no other."""
    try:
        with session.begin_nested():
            return _sort(session, mail, parcel, now)
    except DBAPIError as error:
        if not isinstance(error, DataError):
            raise  # the database is busy or gone: another time
        return outcomes.aside("It holds what the database does not take.")
    except Exception as error:
        log.exception("a mail could not be sorted")
        return outcomes.aside(f"It could not be sorted ({type(error).__name__}).")


def _sort(session: Session, mail: Mail, parcel: Parcel, now: datetime) -> Outcome:
    if mail.is_broken:
        return outcomes.aside("It cannot be read. It is still in the mailbox.")
    if mail.report:
        return bounces.take(session, mail.report)
    if mail.calendar is not None:  # before the automatic ones: some calendars send answers as such
        return replies.take(session, mail, now=now)
    if mail.message_id and session.scalar(select(exists().where(OutboxMessage.message_id == mail.message_id))):
        return outcomes.dismissed("It is a mail of ours that came back.")
    if mail.is_automatic:
        return outcomes.dismissed("No person wrote it: a holiday reply, a newsletter or a list.")
    if not parcel.is_whole:
        most = MOST_BYTES // 1_000_000
        return outcomes.aside(f"It is larger than {most} MB, so only its head was read. It is still in the mailbox.")
    return notes.take(session, mail, received_at=parcel.received_at, now=now)
