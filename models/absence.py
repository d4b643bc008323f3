"""When people are away and who covers for them; days on which the house is closed."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Dated, Key, ends_after_it_begins
from models.person import Person
from models.unit import BusinessUnit


class Absence(Dated, Base):
    """A person away from ``since`` until (not on) ``until``. Who covers may do what the person may, meanwhile."""

    __tablename__ = "absence"
    __table_args__ = (
        ends_after_it_begins(),
        Index("ix_absence_person_id", "person_id", "since"),
        Index("ix_absence_covered_by_id", "covered_by_id", "since"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    covered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: "Parental leave"; read by IT.
    note: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    covered_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[covered_by_id])


class ClosedDays(Dated, Base):
    """Days without work besides weekends and public holidays; of one unit, or of all."""

    __tablename__ = "closed_days"
    __table_args__ = (ends_after_it_begins(), Index("ix_closed_days_since", "since"))

    id: Mapped[Key]
    #: None: everywhere.
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("business_unit.id"), index=True)
    name: Mapped[str]

    unit: Mapped[BusinessUnit | None] = relationship(lazy="raise")

    @property
    def last(self) -> date | None:
        """The last of the days; None when there is no end."""
        return self.until - timedelta(days=1) if self.until else None
