"""A unit going from one lead rep to the next, with everything the next one needs to know."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.person import Person
from models.unit import BusinessUnit


class Handover(Base):
    """What no page can gather by itself; open promises, people and rhythm are read when the page is."""

    __tablename__ = "handover"
    __table_args__ = (
        Index("ix_handover_unit_id_on", "unit_id", "on", "id"),
        Index("ix_handover_to_id_acknowledged_at", "to_id", "acknowledged_at"),
    )

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    from_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: The first day of the new lead.
    on: Mapped[date]
    #: How to talk with the unit, and what went wrong before; for IT only.
    tone: Mapped[str] = mapped_column(default="")
    went_wrong: Mapped[str] = mapped_column(default="")
    #: Whether what the outgoing rep owes the unit goes over too.
    with_actions: Mapped[bool] = mapped_column(default=True)
    started_at: Mapped[datetime]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    acknowledged_at: Mapped[datetime | None]
    #: When the day had come and all went over.
    done_at: Mapped[datetime | None]

    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
    outgoing: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[from_id])
    incoming: Mapped[Person] = relationship(lazy="raise", foreign_keys=[to_id])
