"""What somebody is typing and has not saved: kept by the server, so that nothing is lost."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import PRIVATE, Base, Json, Key
from models.person import Person
from models.unit import BusinessUnit


class Draft(Base):
    """One person's form, as it was sent last. ``key`` names the form: "log:12" (unit), "correct:7" (meeting)."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("person_id", "key"),)
    __audited__ = False  # what is typed is not yet said

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"), index=True)
    #: Field name to the list of its values, as the browser sends a form.
    fields: Mapped[Json] = mapped_column(info=PRIVATE)
    saved_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise")
    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
