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
    #: One of crm.services.saved_filters.LISTS: "meetings", "reviews", "comments".
    list_name: Mapped[str]
    name: Mapped[str]
    #: The part of the address after "?": "whose=all&text=finance".
    query: Mapped[str]
