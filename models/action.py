"""Promises: who does what by when."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import SECRET, Base, Key
from models.meeting import Meeting
from models.person import Person
from models.unit import BusinessUnit


class ActionState(enum.StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Action(Base):
    """A promise made to or by a unit. Without owner or due date it says so: both are None."""

    __tablename__ = "action"
    __table_args__ = (
        Index("ix_action_unit_id_state_due_on", "unit_id", "state", "due_on"),
        Index("ix_action_owner_id_state_due_on", "owner_id", "state", "due_on"),
        Index("ix_action_state_due_on", "state", "due_on", "id"),
        Index("ix_action_unit_id_made_at", "unit_id", "made_at", "id"),
        Index("ix_action_unit_id_settled_at", "unit_id", "settled_at", "id"),
    )

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    text: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date | None]
    state: Mapped[ActionState] = mapped_column(default=ActionState.OPEN)
    settled_at: Mapped[datetime | None]
    made_at: Mapped[datetime | None]

    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
    meeting: Mapped[Meeting | None] = relationship(lazy="raise")
    owner: Mapped[Person | None] = relationship(lazy="raise")


class Step(enum.StrEnum):
    """What can happen to an action."""

    MADE = "made"
    NEW_DAY = "new_day"
    NEW_OWNER = "new_owner"
    DONE = "done"
    DROPPED = "dropped"
    REOPENED = "reopened"
    NOT_YET = "not_yet"  # whoever owes it was asked by link, and said why it is still open


class ActionStep(Base):
    """The history of an action, in the order of ids."""

    __tablename__ = "action_step"
    __table_args__ = (Index("ix_action_step_action_id", "action_id", "id"),)

    id: Mapped[Key]
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    step: Mapped[Step]
    at: Mapped[datetime]
    #: Who did it; None: the application.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: "12 Nov to 19 Nov", or a remark.
    words: Mapped[str] = mapped_column(default="")

    by: Mapped[Person | None] = relationship(lazy="raise")


class ActionLink(Base):
    """A personal link by which the owner of an action settles it without signing in."""

    __tablename__ = "action_link"

    id: Mapped[Key]
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True, info=SECRET)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    action: Mapped[Action] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")
