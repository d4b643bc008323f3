"""What somebody has filled in and wants to go on with later, by the same link, on any device. Never an answer: nobody
reads it, nothing counts it, and it goes when the answer is sent or the round has closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from crm.errors import Forbidden, Invalid
from crm.services import answering
from crm.services.languages import later
from models.rating import Confidentiality, Invitation, PartialAnswer, Round

#: Of all fields together. What is too long to be sent is kept all the same, to be shortened later.
MOST_CHARACTERS = 20_000
NOTHING_YET = later("Nothing is filled in yet, so there is nothing to keep.")
TOO_MUCH = later("That is more than can be kept. Shorten it a little.")


def keep(session: Session, *, token: str, fields: Mapping[str, str], now: datetime) -> None:
    """Keep the fields of the form as they were typed, in place of what was kept before.

    Raises NotFound and Gone as answering does; Forbidden for an anonymous round, where nothing may lead back to a
    person; Invalid("comment") when it is nothing, or more than there is room for.
    """
    invitation, link = answering.open_link(session, token=token, now=now)
    if not may_keep(invitation):
        raise Forbidden("Nothing is kept here before it is sent, so that nothing leads back to you.")
    typed = {name: value.replace("\0", "") for name, value in fields.items() if value.strip("\0 \r\n\t")}
    if not typed:
        raise Invalid("comment", NOTHING_YET)
    if sum(map(len, typed.values())) > MOST_CHARACTERS:
        raise Invalid("comment", TOO_MUCH)
    if link.partial is None:
        session.add(PartialAnswer(invitation_id=invitation.id, fields=typed, saved_at=now))
    else:
        link.partial.fields, link.partial.saved_at = typed, now
    session.flush()


def may_keep(invitation: Invitation) -> bool:
    return invitation.round.confidentiality is not Confidentiality.ANONYMOUS


def forget_closed(session: Session, *, now: datetime) -> int:
    """Of closed rounds and withdrawn links: it can no longer be sent. Returns how many. One statement."""
    over = (
        select(Invitation.id)
        .join(Round, Round.id == Invitation.round_id)
        .where(or_(Round.closes_at <= now, Invitation.revoked_at.is_not(None)))
    )
    gone = session.execute(delete(PartialAnswer).where(PartialAnswer.invitation_id.in_(over)))
    return int(gone.rowcount)  # type: ignore[attr-defined]
