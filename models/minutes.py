"""Shared minutes: each version as it was shared, and what those who were there say of it."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import PRIVATE, SECRET, Base, Key
from models.meeting import Meeting
from models.person import Person


def _unit_of_the_meeting(context: Any) -> int:
    given = context.get_current_parameters()["meeting_id"]
    found: int = context.connection.scalar(select(Meeting.unit_id).where(Meeting.id == given))
    return found


class MinutesVersion(Base):
    """What the unit reads of a meeting. It never changes; a correction is the next version."""

    __tablename__ = "minutes_version"
    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        Index("ix_minutes_version_unit_id_shared_at", "unit_id", "shared_at", "id"),
    )

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    #: The meeting's, repeated so that a unit's versions are found in their order; filled in where it is left out.
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"), default=_unit_of_the_meeting)
    #: 1, 2, 3 ... for each meeting.
    number: Mapped[int]
    #: Markdown.
    text: Mapped[str]
    #: Why there is a later one; empty for the first.
    reason: Mapped[str] = mapped_column(default="")
    shared_at: Mapped[datetime]
    shared_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    meeting: Mapped[Meeting] = relationship(lazy="raise")
    shared_by: Mapped[Person | None] = relationship(lazy="raise")


class Reply(enum.StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    OBJECTED = "objected"


class MinutesReply(Base):
    """One attendee asked, by personal link, whether a version says it right."""

    __tablename__ = "minutes_reply"
    __table_args__ = (UniqueConstraint("version_id", "person_id"),)

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("minutes_version.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True, info=SECRET)
    reply: Mapped[Reply] = mapped_column(default=Reply.WAITING)
    #: What is wrong, in the words of who objects.
    said: Mapped[str] = mapped_column(default="", info=PRIVATE)
    replied_at: Mapped[datetime | None]

    version: Mapped[MinutesVersion] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")
