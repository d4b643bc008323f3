"""Asking for a rating, and what was answered."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import PRIVATE, SECRET, Base, Key
from models.person import Person
from models.unit import BusinessUnit

#: The words of the scale, worst first.
WORDS = {1: "Very poorly", 2: "Poorly", 3: "Neither well nor poorly", 4: "Well", 5: "Very well"}


class Confidentiality(enum.StrEnum):
    NAMED = "named"
    ANONYMOUS = "anonymous"  # nobody is asked so yet; what may be shown: crm.services.confidentiality


class Round(Base):
    """Asking one audience once. Confidentiality is fixed when it opens."""

    __tablename__ = "round"
    __table_args__ = (
        Index("ix_round_opened_at", "opened_at", "id"),
        Index("ix_round_unit_id_opened_at", "unit_id", "opened_at"),
    )

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    confidentiality: Mapped[Confidentiality] = mapped_column(default=Confidentiality.NAMED)
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    #: How many people were asked.
    asked: Mapped[int]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
    asked_by: Mapped[Person | None] = relationship(lazy="raise")


class Invitation(Base):
    """One person's link in a round. The link itself is never stored, only its hash."""

    __tablename__ = "invitation"

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True, info=SECRET)
    revoked_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")


class Response(Base):
    """What was answered: once per invitation, corrected in place until the round closes."""

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", name="score_on_the_scale"),
        Index("ix_response_unit_id_answered_at", "unit_id", "answered_at"),
        Index("ix_response_round_id", "round_id"),
    )

    id: Mapped[Key]
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    #: 1 (very poorly) to 5 (very well).
    score: Mapped[int] = mapped_column(info=PRIVATE)
    comment: Mapped[str] = mapped_column(default="", info=PRIVATE)
    answered_at: Mapped[datetime]
    corrected_at: Mapped[datetime | None]

    invitation: Mapped[Invitation] = relationship(lazy="raise")
    round: Mapped[Round] = relationship(lazy="raise")
    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
