"""What is asked: sets of questions, versioned, so that an old answer keeps the question it was given to."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Dated, Key, ends_after_it_begins
from models.person import Person
from models.unit import BusinessUnit


class Instrument(enum.StrEnum):
    PULSE = "pulse"  # after a review: one question and a comment
    SURVEY = "survey"  # once a quarter
    PROJECT = "project"  # at delivery, and three and six months after


class QuestionKind(enum.StrEnum):
    SCORE = "score"  # 1 (very poorly) to 5 (very well)
    EXTENT = "extent"  # 1 (not at all) to 5 (fully)
    CHANCE = "chance"  # 0 (certainly not) to 10 (certainly)
    LEVEL = "level"  # how far the relationship has come, 1 (ad hoc) to 5 (strategic partner)


class Per(enum.StrEnum):
    """Whether a question is asked once, or about each of something."""

    ONCE = "once"
    SERVICE = "service"  # each service the unit uses
    PERSON = "person"  # each named person of IT whom one has met


class QuestionSet(Base):
    """One version of what an instrument asks. The newest holds; an older one stays with its answers."""

    __tablename__ = "question_set"
    __table_args__ = (UniqueConstraint("instrument", "version"),)

    id: Mapped[Key]
    instrument: Mapped[Instrument]
    version: Mapped[int]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Why it is not as before.
    reason: Mapped[str] = mapped_column(default="", server_default=text("''"))

    made_by: Mapped[Person | None] = relationship(lazy="raise")
    questions: Mapped[list[Question]] = relationship(
        lazy="raise", back_populates="question_set", order_by="Question.position"
    )


class Question(Base):
    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("set_id", "key"), Index("ix_question_key", "key"))

    id: Mapped[Key]
    set_id: Mapped[int] = mapped_column(ForeignKey("question_set.id"))
    position: Mapped[int]
    #: What is measured, the same in every version that asks the same: "understands".
    key: Mapped[str]
    #: As it is asked; "{unit}", "{service}" and "{person}" stand for their names.
    text: Mapped[str]
    kind: Mapped[QuestionKind]
    per: Mapped[Per] = mapped_column(default=Per.ONCE, server_default="once")
    #: Also asks how much it matters, in three steps.
    is_weighed: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: Also asks the least that would do, and what is wished for.
    has_zone: Mapped[bool] = mapped_column(default=False, server_default=false())

    question_set: Mapped[QuestionSet] = relationship(lazy="raise", back_populates="questions")


class Service(Base):
    """What IT provides, by the name the business knows it by."""

    __tablename__ = "service"

    id: Mapped[Key]
    name: Mapped[str]
    #: The name without regard to case: what makes it unique.
    name_key: Mapped[str] = mapped_column(unique=True)
    ended_on: Mapped[date | None]


class ServiceUse(Dated, Base):
    """A unit uses a service."""

    __tablename__ = "service_use"
    __table_args__ = (ends_after_it_begins(), Index("ix_service_use_unit_id", "unit_id"))

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), index=True)

    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
    service: Mapped[Service] = relationship(lazy="raise")
