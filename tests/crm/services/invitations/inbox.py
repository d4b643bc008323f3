"""A small model of people's calendars: what their programs show once they have taken the mails, as RFC 5546 has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import OutboxMessage, OutboxState
from models.mail import MailKind


@dataclass(frozen=True)
class Shown:
    starts: datetime
    ends: datetime
    organiser: str
    place: str


@dataclass
class Program:
    """One person's calendar program."""

    #: UID to the newest that came of it; None once it was cancelled.
    shown: dict[str, Shown | None] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)

    def take(self, text: str) -> None:
        """Apply one object, unless something newer came before (RFC 5546, 2.1.5)."""
        calendar = Calendar.from_ical(text)
        (event,) = calendar.walk("VEVENT")
        uid, sequence = str(event["UID"]), int(str(event["SEQUENCE"]))
        if sequence <= self.sequences.get(uid, -1):
            return
        self.sequences[uid] = sequence
        self.shown[uid] = None if calendar["METHOD"] == "CANCEL" else _shown(event)

    @property
    def standing(self) -> dict[str, Shown]:
        return {uid: shown for uid, shown in self.shown.items() if shown is not None}


def _shown(event: Any) -> Shown:
    organiser = str(event["ORGANIZER"]).removeprefix("mailto:")
    return Shown(event["DTSTART"].dt, event["DTEND"].dt, organiser, str(event.get("LOCATION", "")))


def mails(session: Session) -> list[OutboxMessage]:
    """Every invitation that was queued, in order."""
    session.flush()
    mine = select(OutboxMessage).where(OutboxMessage.kind == MailKind.INVITATION)
    return list(session.scalars(mine.order_by(OutboxMessage.id)))


def leaving(session: Session) -> list[OutboxMessage]:
    """Those of them that no newer one has replaced."""
    return [message for message in mails(session) if message.state is not OutboxState.CANCELLED]


def calendars(messages: Iterable[OutboxMessage]) -> dict[int, Program]:
    """What each person's calendar shows, by the person's id."""
    found: dict[int, Program] = {}
    for message in messages:
        assert message.to_person_id is not None
        found.setdefault(message.to_person_id, Program()).take(message.calendar)
    return found
