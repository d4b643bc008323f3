"""Asking for a rating, and what was answered."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    and_,
    false,
    or_,
    text,
    true,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import PRIVATE, SECRET, Base, Json, Key
from models.person import Person
from models.question import Instrument, Question, QuestionSet
from models.unit import BusinessUnit

#: The condition of an index of answers about one service or person.
IS_ABOUT_ONE = text("about <> ''")
#: The words of the scale, worst first.
WORDS = {1: "Very poorly", 2: "Poorly", 3: "Neither well nor poorly", 4: "Well", 5: "Very well"}


class Confidentiality(enum.StrEnum):
    NAMED = "named"
    CONFIDENTIAL = "confidential"  # the link is kept, so that one can correct oneself; nobody here reads the name
    ANONYMOUS = "anonymous"  # no path from an answer to a person; what may be shown: crm.services.confidentiality


class Audience(enum.StrEnum):
    """Who a round is for."""

    PEOPLE = "people"  # the head and key users
    HEAD = "head"
    KEY_USERS = "key_users"
    END_USERS = "end_users"  # key users and members, drawn by lot when they are many
    ATTENDEES = "attendees"  # who of the business was at the review


class Round(Base):
    """Asking one audience once. What is asked, confidentiality and thresholds are fixed when it opens."""

    __tablename__ = "round"
    __table_args__ = (
        Index("ix_round_opened_at", "opened_at", "id"),
        Index("ix_round_unit_id_opened_at", "unit_id", "opened_at"),
    )

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    instrument: Mapped[Instrument] = mapped_column(default=Instrument.PULSE, server_default="pulse")
    audience: Mapped[Audience] = mapped_column(default=Audience.PEOPLE, server_default="people")
    #: What made it open by itself, once: "review:12:pulse", "unit:5:2026-10:survey"; None: somebody asked by hand.
    occasion: Mapped[str | None] = mapped_column(unique=True)
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    #: How those asked were drawn from those who could be: seed, and of each unit and role how many of how many.
    draw: Mapped[Json | None]
    #: None: the one question of a pulse, and a comment.
    set_id: Mapped[int | None] = mapped_column(ForeignKey("question_set.id"), index=True)
    confidentiality: Mapped[Confidentiality] = mapped_column(default=Confidentiality.NAMED)
    #: Its scores, and its comments, may be read: at once when it bears names; otherwise once it has closed, if enough
    #: have answered. crm.services.confidentiality decides; every list and figure obeys.
    scores_shown: Mapped[bool] = mapped_column(default=True, server_default=true())
    comments_shown: Mapped[bool] = mapped_column(default=True, server_default=true())
    #: Of a round without names: from how many answers its scores, and its comments, are shown.
    scores_from: Mapped[int] = mapped_column(default=1, server_default="1")
    comments_from: Mapped[int] = mapped_column(default=1, server_default="1")
    #: Of a round without names: it has closed, its answers were counted, and what may be shown was decided for good.
    is_settled: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: Of a round without names that fell for real: the local day it came to light.
    fell_on: Mapped[date | None]
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    #: How many people were asked.
    asked: Mapped[int]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
    asked_by: Mapped[Person | None] = relationship(lazy="raise")
    question_set: Mapped[QuestionSet | None] = relationship(lazy="raise")

    @hybrid_property
    def speaks_for_unit(self) -> bool:
        """Whether it is about the relationship as a whole, by those who answer for the unit: neither about one
        project, nor by end users, who are read by themselves."""
        return self.instrument is not Instrument.PROJECT and self.audience is not Audience.END_USERS

    @speaks_for_unit.inplace.expression
    @classmethod
    def _speaks_for_unit(cls) -> ColumnElement[bool]:
        return and_(cls.instrument != Instrument.PROJECT, cls.audience != Audience.END_USERS)

    @hybrid_property
    def bears_names(self) -> bool:
        """Whether a name stands beside each answer. Where none does, nobody may be told from anybody else: neither by
        what was said, nor by having answered."""
        return self.confidentiality is Confidentiality.NAMED

    @bears_names.inplace.expression
    @classmethod
    def _bears_names(cls) -> ColumnElement[bool]:
        return cls.confidentiality == Confidentiality.NAMED

    @hybrid_property
    def is_counted(self) -> bool:
        """Whether one may know how many have answered: while a round without names is open, a number that grows says
        who has just answered."""
        return self.bears_names or self.is_settled

    @is_counted.inplace.expression
    @classmethod
    def _is_counted(cls) -> ColumnElement[bool]:
        return or_(cls.confidentiality == Confidentiality.NAMED, cls.is_settled)


class Invitation(Base):
    """One person's link in a round. The link itself is never stored, only its hash. In an anonymous round it knows
    that it was used, and nothing of when and what."""

    __tablename__ = "invitation"

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True, info=SECRET)
    revoked_at: Mapped[datetime | None]
    #: Of an anonymous round: an answer was sent. Kept out of the audit trail, whose entries have a time.
    is_used: Mapped[bool] = mapped_column(default=False, server_default=false(), info=SECRET)

    round: Mapped[Round] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")


class Response(Base):
    """What was answered: once per invitation, corrected in place until the round closes.

    Of a round without names: no time but the day the round opened, and drawn ids, so that neither the time nor the
    order of answers is kept; and when it is anonymous no invitation, and so no correction.
    """

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", name="score_on_the_scale"),
        Index("ix_response_unit_id_answered_at", "unit_id", "answered_at"),
        Index("ix_response_answered_at", "answered_at", "id"),
        Index("ix_response_round_id", "round_id"),
    )

    id: Mapped[Key]
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitation.id"), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    #: Overall: 1 (very poorly) to 5 (very well).
    score: Mapped[int] = mapped_column(info=PRIVATE)
    comment: Mapped[str] = mapped_column(default="", info=PRIVATE)
    answered_at: Mapped[datetime]
    corrected_at: Mapped[datetime | None]

    invitation: Mapped[Invitation | None] = relationship(lazy="raise")
    round: Mapped[Round] = relationship(lazy="raise")
    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
    answers: Mapped[list[Answer]] = relationship(lazy="raise", back_populates="response", cascade="all, delete-orphan")


class Answer(Base):
    """What a response says to one question, of one service or person where it asks about each."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("response_id", "question_id", "about"),
        Index("ix_answer_question_id", "question_id"),
        Index("ix_answer_about", "about", sqlite_where=IS_ABOUT_ONE, postgresql_where=IS_ABOUT_ONE),
    )
    __audited__ = False  # the response is

    id: Mapped[Key]
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    #: "service:3", "person:7", or "" where it is asked once.
    about: Mapped[str] = mapped_column(default="", server_default=text("''"))
    #: On the question's own scale.
    value: Mapped[int] = mapped_column(info=PRIVATE)
    #: 1 (matters little) to 3 (matters most).
    weight: Mapped[int | None] = mapped_column(info=PRIVATE)
    #: The least that would do, and what is wished for, on the same scale as the value.
    minimum: Mapped[int | None] = mapped_column(info=PRIVATE)
    desired: Mapped[int | None] = mapped_column(info=PRIVATE)

    response: Mapped[Response] = relationship(lazy="raise", back_populates="answers")
    question: Mapped[Question] = relationship(lazy="raise")


class CommentOutcome(Base):
    """What came of a comment: told to whoever wrote it, when that is known, and to the unit where one chooses so."""

    __tablename__ = "comment_outcome"
    __table_args__ = (Index("ix_comment_outcome_unit_id_made_at", "unit_id", "made_at"),)

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), unique=True)
    #: What was said, in words that may be shown to the unit; "" while only the writer reads it.
    said: Mapped[str] = mapped_column(default="", server_default=text("''"))
    done: Mapped[str]
    is_for_unit: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: When it was said last.
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Its writer was told by mail, or wants no such mail.
    told_at: Mapped[datetime | None]

    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
    response: Mapped[Response] = relationship(lazy="raise")
    made_by: Mapped[Person | None] = relationship(lazy="raise")


class PartialAnswer(Base):
    """What somebody asked to keep and go on with later; never of an anonymous round. Gone when the answer is sent."""

    __tablename__ = "partial_answer"
    __audited__ = False  # what is not sent is not said

    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"), primary_key=True)
    #: Field name to value, as the browser sends a form.
    fields: Mapped[Json] = mapped_column(info=PRIVATE)
    saved_at: Mapped[datetime]


class Prediction(Base):
    """What the rep expected a round to say, entered before anybody had answered."""

    __tablename__ = "prediction"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: 1 (very poorly) to 5 (very well).
    expected: Mapped[int]
    entered_at: Mapped[datetime]

    round: Mapped[Round] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")


class Rebasing(Base):
    """From this round on the limits of a unit's chart are drawn anew, for a reason; taken back for one, too."""

    __tablename__ = "rebasing"
    __table_args__ = (
        Index(
            "uq_rebasing_in_force",
            "round_id",
            "measure",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    #: "overall", or the key of a question.
    measure: Mapped[str]
    reason: Mapped[str]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Why the limits are as before again.
    withdrawn_reason: Mapped[str] = mapped_column(default="", server_default=text("''"))

    made_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=made_by_id)
