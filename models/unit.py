"""Business units, the people in them, and the reps who look after them."""

from __future__ import annotations

import enum
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Dated, Key, ends_after_it_begins
from models.person import Person


class BusinessUnit(Base):
    """What an account rep looks after; a tree. Closing keeps the history."""

    __tablename__ = "business_unit"
    __table_args__ = (
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),
        Index("ix_business_unit_name", "name", "id"),
        Index("ix_business_unit_mail_name", "mail_name", unique=True),
    )

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("business_unit.id"), index=True)
    time_zone: Mapped[str]
    closed_on: Mapped[date | None]
    #: Whose public holidays count here: ISO 3166 codes, "GB" and "SCT"; None: as the organisation says.
    country: Mapped[str | None]
    region: Mapped[str | None]
    #: What this unit calls its reviews: "IT round table"; "": a review.
    calls_review: Mapped[str] = mapped_column(default="", server_default=text("''"))
    #: The name before the @ (or after the +) under which mail to this unit arrives; None: none does.
    mail_name: Mapped[str | None]

    parent: Mapped[BusinessUnit | None] = relationship(remote_side="BusinessUnit.id", lazy="raise")

    @property
    def unit_id(self) -> int:
        """So that a unit and what belongs to a unit answer to the same name."""
        return self.id

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


class Part(enum.StrEnum):
    """What a person is in a business unit."""

    HEAD = "head"
    KEY_USER = "key_user"
    MEMBER = "member"
    EMBEDDED = "embedded"  # from IT, working inside the unit for a time
    DEPUTISED = "deputised"  # of the unit, doing a part of IT's work for a time


#: Those who are in a unit for a time, with access that ends by itself.
LENT = (Part.EMBEDDED, Part.DEPUTISED)


class Membership(Dated, Base):
    """A person in a unit. The database refuses two heads of one unit on one day."""

    __tablename__ = "membership"
    __table_args__ = (
        ends_after_it_begins(),
        Index("ix_membership_unit_id_part", "unit_id", "part"),
        Index("ix_membership_person_id_part", "person_id", "part"),
    )

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    part: Mapped[Part]
    #: For EMBEDDED and DEPUTISED: what they may do meanwhile, in words. It ends by itself with ``until``.
    access: Mapped[str] = mapped_column(default="", server_default=text("''"))

    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")


class Cover(enum.StrEnum):
    """How a rep looks after a unit."""

    LEAD = "lead"
    DEPUTY = "deputy"


class Assignment(Dated, Base):
    """A rep looking after a unit. The database refuses two leads of one unit on one day."""

    __tablename__ = "assignment"
    __table_args__ = (
        ends_after_it_begins(),
        Index("ix_assignment_unit_id_cover", "unit_id", "cover"),
        Index("ix_assignment_rep_id", "rep_id"),
    )

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"))
    rep_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    cover: Mapped[Cover]

    unit: Mapped[BusinessUnit] = relationship(lazy="raise")
    rep: Mapped[Person] = relationship(lazy="raise")
