"""Project work under way for a unit: a light list, updated in place, that carries over from review to review."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.meeting import Meeting
from models.person import Person
from models.unit import BusinessUnit


class Stage(enum.StrEnum):
    IDEA = "idea"
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    PAUSED = "paused"
    DELIVERED = "delivered"
    STOPPED = "stopped"


#: What is over; the rest carries over to the next review.
OVER = (Stage.DELIVERED, Stage.STOPPED)


class Project(Base):
    """As it stands now."""

    __tablename__ = "project"
    __table_args__ = (Index("ix_project_unit_id_stage", "unit_id", "stage"),)

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    name: Mapped[str]
    #: Who leads it in IT.
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    stage: Mapped[Stage]
    #: How it stands, in words; the unit reads it.
    state: Mapped[str] = mapped_column(default="")
    milestone: Mapped[str] = mapped_column(default="")
    milestone_on: Mapped[date | None]
    #: When it last moved, on the unit's calendar.
    moved_on: Mapped[date]

    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
    lead: Mapped[Person | None] = relationship(lazy="raise")


class ProjectStep(Base):
    """As it stood from then on; the first one is its beginning."""

    __tablename__ = "project_step"
    __table_args__ = (Index("ix_project_step_project_id", "project_id", "id"),)

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    at: Mapped[datetime]
    on: Mapped[date]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    stage: Mapped[Stage]
    state: Mapped[str] = mapped_column(default="")
    milestone: Mapped[str] = mapped_column(default="")
    milestone_on: Mapped[date | None]

    project: Mapped[Project] = relationship(lazy="raise")
    meeting: Mapped[Meeting | None] = relationship(lazy="raise")
    by: Mapped[Person | None] = relationship(lazy="raise")
