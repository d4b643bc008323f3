"""Addresses of chats and other programs that are told what happens."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import SECRET, Base, Json, Key
from models.person import Person
from models.unit import BusinessUnit


class WebhookKind(enum.StrEnum):
    TEAMS = "teams"
    SLACK = "slack"
    JSON = "json"  # signed: HMAC over timestamp and body


class Webhook(Base):
    """Where to tell, and what. Internal notes and what people answered in confidence never leave this way."""

    __tablename__ = "webhook"

    id: Mapped[Key]
    name: Mapped[str]
    kind: Mapped[WebhookKind]
    #: Whoever knows it can write there.
    url: Mapped[str] = mapped_column(info=SECRET)
    #: Signs what is sent; for JSON only.
    secret: Mapped[str] = mapped_column(default="", server_default=text("''"), info=SECRET)
    #: {"events": ["meeting.logged", ...]}
    wants: Mapped[Json]
    #: Only of this unit and those below it; None: of all.
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("business_unit.id"), index=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Nothing more goes there.
    ended_at: Mapped[datetime | None]

    unit: Mapped[BusinessUnit | None] = relationship(lazy="raise")
    made_by: Mapped[Person | None] = relationship(lazy="raise")
