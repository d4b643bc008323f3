"""People: from IT or from the business, whether they sign in or not."""

from __future__ import annotations

import enum
from datetime import date, time

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from models.base import SECRET, Base, Key


class Role(enum.StrEnum):
    """What a person may do here. One person may have several."""

    REP = "rep"
    BUSINESS = "business"
    CIO = "cio"
    ADMINISTRATOR = "administrator"


class Person(Base):
    __tablename__ = "person"

    id: Mapped[Key]
    name: Mapped[str]
    job_title: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None]
    #: The address without regard to case: what makes it unique.
    email_key: Mapped[str | None] = mapped_column(unique=True)
    #: The id an imported personnel list gives this person or post; unique within its organisation tree.
    external_id: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None] = mapped_column(info=SECRET)
    is_rep: Mapped[bool] = mapped_column(default=False)
    is_business: Mapped[bool] = mapped_column(default=False)
    is_cio: Mapped[bool] = mapped_column(default=False)
    is_administrator: Mapped[bool] = mapped_column(default=False)
    left_on: Mapped[date | None]
    #: Who leads this person in IT, and reads what the business says of the work together.
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: Name, address and words were taken out of the books, for good.
    forgotten_on: Mapped[date | None]
    #: The first day without this person, while it is still ahead.
    leaves_on: Mapped[date | None]
    #: "light", "dark", or None: as the system says.
    theme: Mapped[str | None]
    #: The language mail is written in: "en", "de"; "": as the organisation says.
    language: Mapped[str] = mapped_column(default="", server_default=text("''"))
    #: Where this person's clock stands; None: with the unit, or the organisation.
    time_zone: Mapped[str | None]
    #: No mail that can wait arrives between these, on that clock; both None: as the house says.
    quiet_since: Mapped[time | None]
    quiet_until: Mapped[time | None]

    @validates("email")
    def _key_follows_email(self, _: str, email: str | None) -> str | None:
        self.email_key = email_key(email)
        return email

    @property
    def is_active(self) -> bool:
        return self.left_on is None

    def is_here(self, on: date) -> bool:
        """Not gone, and not going by then: access ends on the day, whether or not the job has run."""
        return self.is_active and (self.leaves_on is None or self.leaves_on > on)

    @property
    def roles(self) -> frozenset[Role]:
        flags = {
            Role.REP: self.is_rep,
            Role.BUSINESS: self.is_business,
            Role.CIO: self.is_cio,
            Role.ADMINISTRATOR: self.is_administrator,
        }
        return frozenset(role for role, held in flags.items() if held)

    @property
    def is_from_it(self) -> bool:
        return self.is_rep or self.is_cio or self.is_administrator

    @property
    def given_name(self) -> str:
        return self.name.split()[0] if self.name.split() else self.name

    @property
    def initials(self) -> str:
        words = [word for word in self.name.split() if word[0].isalpha()] or self.name.split() or ["?"]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def email_key(email: str | None) -> str | None:
    """The form in which addresses are compared."""
    return email.strip().casefold() if email else None
