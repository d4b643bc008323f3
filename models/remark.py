"""What else a meeting leaves behind: decisions and praise."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.meeting import Meeting
from models.person import Person
from models.unit import BusinessUnit


class Decision(Base):
    """What was settled with a unit. ``revisit_on``: the day from which it is worth asking again."""

    __tablename__ = "decision"
    __table_args__ = (
        Index("ix_decision_unit_id_decided_on", "unit_id", "decided_on", "id"),
        Index("ix_decision_unit_id_revisit_on", "unit_id", "revisit_on"),
    )

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    text: Mapped[str]
    decided_on: Mapped[date]
    revisit_on: Mapped[date | None]

    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
    meeting: Mapped[Meeting | None] = relationship(lazy="raise")


class Praise(Base):
    """A thank you from the unit, to a person where one was named."""

    __tablename__ = "praise"
    __table_args__ = (Index("ix_praise_unit_id_said_on", "unit_id", "said_on", "id"),)

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str]
    said_on: Mapped[date]

    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
    meeting: Mapped[Meeting | None] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise")
