"""Conversations that took place, and who was there."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.person import Person
from models.review import Review
from models.unit import BusinessUnit


class MeetingKind(enum.StrEnum):
    REVIEW = "review"
    TOUCHPOINT = "touchpoint"
    OWN = "own"  # the unit's own meeting, which IT attends
    OURS = "ours"  # IT's own meeting, which people of the unit attend
    ESCALATION = "escalation"


class AskedBy(enum.StrEnum):
    """Who asked for a meeting."""

    UNIT = "unit"
    IT = "it"


class Meeting(Base):
    """A conversation with a unit. ``internal_notes`` never leave IT. ``minutes`` are written by IT; the unit reads the
    versions that were shared (:class:`models.minutes.MinutesVersion`), never this working copy."""

    __tablename__ = "meeting"
    __table_args__ = (
        Index("ix_meeting_held_on", "held_on", "id"),
        Index("ix_meeting_unit_id_held_on", "unit_id", "held_on", "id"),
    )

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    #: The review this meeting held, if it held one. A review is held by exactly one meeting.
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"), unique=True)
    kind: Mapped[MeetingKind]
    #: None: nobody said. The unit's own meeting is its own idea anyway.
    asked_by: Mapped[AskedBy | None]
    held_on: Mapped[date]
    #: How long it lasted, in minutes of the clock.
    lasted: Mapped[int | None]
    #: Markdown.
    minutes: Mapped[str] = mapped_column(default="")
    #: Markdown, for IT only.
    internal_notes: Mapped[str] = mapped_column(default="")
    #: Rises with each change of what was written, so that nobody overwrites what they have not seen.
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    #: The number of the newest shared version; 0 before the first.
    shared_version: Mapped[int] = mapped_column(default=0, server_default="0")
    logged_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    logged_at: Mapped[datetime]
    #: What the browser sent to make a second click on "Save" harmless.
    form_key: Mapped[str | None] = mapped_column(unique=True)

    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
    review: Mapped[Review | None] = relationship(lazy="raise")
    logged_by: Mapped[Person | None] = relationship(lazy="raise")


class Presence(enum.StrEnum):
    PRESENT = "present"
    EXCUSED = "excused"
    ABSENT = "absent"


class Attendance(Base):
    __tablename__ = "attendance"
    __table_args__ = (Index("ix_attendance_person_id", "person_id"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    presence: Mapped[Presence] = mapped_column(default=Presence.PRESENT)

    meeting: Mapped[Meeting] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")
