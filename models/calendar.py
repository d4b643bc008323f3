"""Reviews in people's own calendars: the invitation of each, who was invited, and private feeds."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import SECRET, Base, Key
from models.person import Person
from models.unit import BusinessUnit


class CalendarAnswer(enum.StrEnum):
    """RFC 5545, 3.2.12, in our words."""

    NONE = "none"
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


class ReviewInvitation(Base):
    """The invitation of one review: the UID stays for ever, the sequence rises with each change.

    It outlives its review: whose key may be given anew, and a calendar takes no smaller sequence.
    """

    __tablename__ = "review_invitation"
    __audited__ = False

    review_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(ForeignKey("business_unit.id"), index=True)
    uid: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    #: The sequence all were sent last: an answer to a smaller one says nothing of the time that holds now.
    told_sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    organiser_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: What was sent last: time and length, and a hash of place, organiser and words. Only a change of it sends an
    #: update.
    fingerprint: Mapped[str]
    sent_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]

    organiser: Mapped[Person] = relationship(lazy="raise")
    unit: Mapped[BusinessUnit] = relationship(lazy="raise")


class ReviewInvitee(Base):
    """One person in the invitation of a review, and what that person answered."""

    __tablename__ = "review_invitee"
    __audited__ = False
    __table_args__ = (Index("ix_review_invitee_person_id", "person_id", "review_id"),)

    review_id: Mapped[int] = mapped_column(ForeignKey("review_invitation.review_id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    answer: Mapped[CalendarAnswer] = mapped_column(default=CalendarAnswer.NONE, server_default="none")
    answered_at: Mapped[datetime | None]
    #: The sequence that was answered: an answer to an older one says nothing of the new time.
    answered_sequence: Mapped[int | None]
    #: What the reply said besides, at most a few hundred letters.
    said: Mapped[str] = mapped_column(default="", server_default=text("''"))
    #: Who is no longer invited was sent a cancellation.
    removed_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")
    invitation: Mapped[ReviewInvitation] = relationship(lazy="raise")


class FeedLink(Base):
    """One person's private calendar address. The address itself is never stored, only its hash."""

    __tablename__ = "feed_link"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True, info=SECRET)
    #: "Phone", in the person's words.
    name: Mapped[str] = mapped_column(default="", server_default=text("''"))
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    #: What was served last: its hash, since when it is so, and when somebody last came for it.
    etag: Mapped[str] = mapped_column(default="", server_default=text("''"), info=SECRET)
    changed_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")
