"""Which mail people want; reminders that wait to be told; mail that came in."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import PRIVATE, SECRET, Base, Key
from models.person import Person
from models.unit import BusinessUnit


class MailKind(enum.StrEnum):
    """What a mail is about. Which of them are optional, and in whose words: crm.services.mail_kinds."""

    ACCOUNT = "account"  # a link to set a password
    HANDOVER = "handover"
    MINUTES = "minutes"
    PROMISE = "promise"  # what the business promised, with a link to settle it
    RATING = "rating"
    RATING_REMINDER = "rating_reminder"
    REQUESTED = "requested"  # what became of what somebody asked for
    OUTCOME = "outcome"  # what came of a comment
    INVITATION = "invitation"  # a review in the calendar: new, changed or cancelled
    AGENDA = "agenda"  # a review comes near, and has no agenda
    LOG = "log"  # a review was planned, and nobody wrote down that it took place
    ACTION = "action"  # due tomorrow, or overdue
    REQUEST = "request"  # waits for a decision past its limit
    AFTER_REFUSAL = "after_refusal"  # three months after a "no": how did you solve it?
    ENDING = "ending"  # an assignment ends
    COVER = "cover"  # somebody is away, and nobody covers
    DIGEST = "digest"
    WEEKLY = "weekly"
    HOOK = "hook"  # to a chat or another program
    OTHER = "other"


class MailChoice(enum.StrEnum):
    NOW = "now"
    DIGEST = "digest"  # within the daily mail
    NEVER = "never"


class MailPreference(Base):
    """What a person chose for one kind of mail. Without a row the kind's own default holds."""

    __tablename__ = "mail_preference"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[MailKind] = mapped_column(primary_key=True)
    choice: Mapped[MailChoice]
    chosen_at: Mapped[datetime]


class Reminder(Base):
    """One thing one person is to be told, once: by a mail of its own, or within one that gathers several."""

    __tablename__ = "reminder"
    __audited__ = False
    __table_args__ = (
        Index("ix_reminder_person_id_message_id", "person_id", "message_id", "id"),
        Index("ix_reminder_made_at", "made_at", "id"),
    )

    id: Mapped[Key]
    #: kind, object, recipient, due period: "agenda:17:4:2026-11-24".
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[MailKind]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("business_unit.id"), index=True)
    #: The local day it is told.
    due_on: Mapped[date]
    #: What is to be done, and why it is said: in the recipient's language.
    what: Mapped[str]
    why: Mapped[str]
    #: The one click that settles it, and its label.
    path: Mapped[str] = mapped_column(info=SECRET)
    button: Mapped[str]
    made_at: Mapped[datetime]
    #: The mail that told it; None while it waits, and for ever when it was settled or unwanted before.
    message_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_message.id"), index=True)
    #: It was settled, or not wanted, before any mail told it.
    dropped_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")
    unit: Mapped[BusinessUnit | None] = relationship(lazy="raise")


class Errand(enum.StrEnum):
    """What is done once each local morning."""

    DIGEST = "digest"
    REMIND = "remind"
    WEEKLY = "weekly"
    ASK = "ask"
    AFTER_REFUSAL = "after_refusal"


class Morning(Base):
    """Up to which local day an errand is done where the clock shows the same: what makes it happen once a day."""

    __tablename__ = "morning"
    __audited__ = False

    time_zone: Mapped[str] = mapped_column(primary_key=True)
    errand: Mapped[Errand] = mapped_column(primary_key=True)
    done_on: Mapped[date]


class IncomingState(enum.StrEnum):
    TAKEN = "taken"
    ASIDE = "aside"  # kept, with its reason, until somebody looks
    DISMISSED = "dismissed"


class IncomingMail(Base):
    """A mail read from the mailbox, once: what came of it, or why it was kept aside."""

    __tablename__ = "incoming_mail"
    __table_args__ = (
        Index("ix_incoming_mail_received_at", "received_at", "id"),
        Index("ix_incoming_mail_state_received_at", "state", "received_at", "id"),
    )

    id: Mapped[Key]
    #: What makes it the same mail when it is read again: its Message-ID, or a hash of it.
    key: Mapped[str] = mapped_column(unique=True)
    received_at: Mapped[datetime]
    from_address: Mapped[str]
    subject: Mapped[str]
    state: Mapped[IncomingState]
    #: What came of it, or why it is kept aside, as a sentence.
    outcome: Mapped[str]
    #: The start of it, for whoever sorts it; the administrator and the unit's reps only.
    body: Mapped[str] = mapped_column(default="", server_default=text("''"), info=PRIVATE)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("business_unit.id"), index=True)

    person: Mapped[Person | None] = relationship(lazy="raise")
    unit: Mapped[BusinessUnit | None] = relationship(lazy="raise")
