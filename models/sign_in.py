"""Ways in: sessions kept on the server, links to set a password, and attempts to slow down guessing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import SECRET, Base, Key
from models.person import Person


class SignIn(Base):
    """One browser in which a person is signed in. Ended by deleting the row."""

    __tablename__ = "sign_in"
    __audited__ = False

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(unique=True, info=SECRET)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    address: Mapped[str]
    browser: Mapped[str]

    person: Mapped[Person] = relationship(lazy="raise")


class PasswordLink(Base):
    """A link by which a person sets a password, once."""

    __tablename__ = "password_link"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True, info=SECRET)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")


class Attempt(Base):
    """Something a stranger tried, counted to slow down guessing. ``key`` is hashed: no address is kept in clear."""

    __tablename__ = "attempt"
    __audited__ = False
    __table_args__ = (Index("ix_attempt_kind_key_at", "kind", "key", "at"),)

    id: Mapped[Key]
    kind: Mapped[str]
    key: Mapped[str]
    at: Mapped[datetime]
