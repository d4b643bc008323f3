"""The link in a reply to a rating: whoever rated says that it is settled, or not yet. Looking records nothing."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm.errors import Gone, Invalid, NotFound
from crm.services import audit, clock, follow_up_owing
from crm.services.languages import later
from crm.services.secrets import hashed
from models.follow_up import FollowUp, FollowUpState

LONGEST = 1000
MISSING = later("Say in a few words what is missing.")
TOO_LONG = later("Keep it under 1,000 letters.")


class Word(StrEnum):
    SETTLED = "settled"
    NOT_YET = "not_yet"


def find(session: Session, *, token: str) -> FollowUp | None:
    """What the link in a reply leads to, with unit, person, owner and answer. One statement."""
    return session.scalar(
        select(FollowUp)
        .where(FollowUp.token_hash == hashed(token))
        .options(
            joinedload(FollowUp.unit, innerjoin=True),
            joinedload(FollowUp.person, innerjoin=True),
            joinedload(FollowUp.response, innerjoin=True),
            joinedload(FollowUp.owner),
        )
    )


def say(session: Session, *, token: str, word: Word, said: str, now: datetime) -> FollowUp:
    """Settled, or not yet: then a reply is owed again, within two working days. Sent twice, it is said once.

    Raises NotFound for an unknown link, Gone for whoever has left, Invalid("said") for a "not yet" without a word.
    """
    found = find(session, token=token)
    if found is None:
        raise NotFound("This link is not known here.")
    if not found.person.is_active:
        raise Gone("This link has had its day.")
    session.refresh(found, ["state"], with_for_update=True)
    if found.state is not FollowUpState.ANSWERED:
        return found
    audit.act_as(session, found.person_id)
    if word is Word.SETTLED:
        found.state, found.closed_at = FollowUpState.CLOSED, now
    else:
        _open_again(session, found, said, now)
    session.flush()
    return found


def _open_again(session: Session, found: FollowUp, said: str, now: datetime) -> None:
    if not said:
        raise Invalid("said", MISSING)
    if len(said) > LONGEST:
        raise Invalid("said", TOO_LONG)
    today = clock.local_date(now, found.unit.time_zone)
    found.state, found.said, found.not_yet = FollowUpState.OPEN, said, found.not_yet + 1
    found.due_on, found.raised_at = follow_up_owing.due(session, found.unit, today), None
    session.flush()
    follow_up_owing.follow_leads(session, today=today, unit_ids=[found.unit_id])
