"""Filters of lists that a person keeps by name."""

from __future__ import annotations

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key


class SavedFilter(Base):
    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("person_id", "list_name", "name"),)
    __audited__ = False  # a convenience of one person

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: "meetings", "reviews", "actions", "requests", "ratings", "units".
    list_name: Mapped[str]
    name: Mapped[str]
    #: The part of the address after "?": "whose=all&text=finance".
    query: Mapped[str]
