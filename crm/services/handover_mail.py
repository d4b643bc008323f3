"""What a handover says by mail, to who gives and to who takes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from crm.services import outbox, words
from models.handover import Handover
from models.person import Person


def tell(session: Session, handover: Handover, *, now: datetime, today: date) -> None:
    """Tell both reps; the same person, day and unit are told once."""
    unit, on = handover.unit.name, words.day(handover.on, today)
    giver = f"{handover.outgoing.name} hands it over. " if handover.outgoing else ""
    _queue(
        session,
        handover,
        handover.incoming,
        f"{unit} comes to you on {on}",
        f"{handover.incoming.given_name}, you look after {unit} from {on} on. {giver}"
        "What is promised, who is who and how to talk with them stands on one page. Read it, and say that you have.",
        now,
    )
    if handover.outgoing is not None:
        _queue(
            session,
            handover,
            handover.outgoing,
            f"{unit} goes to {handover.incoming.name} on {on}",
            f"{handover.outgoing.given_name}, {handover.incoming.name} looks after {unit} from {on} on. "
            "Write down how to talk with them, and what went wrong before: no page can gather that by itself.",
            now,
        )


def _queue(session: Session, handover: Handover, to: Person, subject: str, body: str, now: datetime) -> None:
    key = f"handover:{handover.id}:{to.id}:{handover.to_id}:{handover.on}"
    outbox.queue(session, key=key, to=to, subject=subject, body=body, path=f"/handovers/{handover.id}", now=now)


def call_off(session: Session, handover: Handover, *, to: Person, now: datetime) -> None:
    """Say that nothing comes of it."""
    unit = handover.unit.name
    stays = f" It stays with {handover.outgoing.name}." if handover.outgoing and handover.outgoing.id != to.id else ""
    outbox.queue(
        session,
        key=f"handover-off:{handover.id}:{to.id}:{now.isoformat()}",
        to=to,
        subject=f"{unit} is not handed over",
        body=f"{to.given_name}, the handover of {unit} is called off.{stays}",
        path=f"/units/{handover.unit_id}",
        now=now,
    )
