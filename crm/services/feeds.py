"""Private calendar addresses: a person's reviews and due actions, for whichever calendar that person reads."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from crm.errors import Invalid, NotFound
from crm.services import feed_entries
from crm.services.secrets import hashed, new_token
from models.calendar import FeedLink
from models.person import Person

NAME_LENGTH = 60
#: So many addresses at once; more are hard to tell apart.
MOST = 10
#: That an address is in use is written down this often at most.
SEEN_EVERY = timedelta(hours=1)


class LinkState(StrEnum):
    OPEN = "open"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Link:
    """What an address leads to. ``found`` (with its person) is None when unknown."""

    state: LinkState
    found: FeedLink | None = None


@dataclass(frozen=True)
class Served:
    """A calendar as it leaves. ``is_news``: it has to be written down that it is so from now on."""

    text: str
    etag: str
    changed_at: datetime
    is_news: bool


def of_person(session: Session, *, person: Person) -> Sequence[FeedLink]:
    """The addresses in force, the newest first. One statement."""
    mine = select(FeedLink).where(FeedLink.person_id == person.id, FeedLink.revoked_at.is_(None))
    return session.scalars(mine.order_by(FeedLink.made_at.desc(), FeedLink.id.desc())).all()


def make(session: Session, *, person: Person, name: str, now: datetime) -> str:
    """A new address; returns its token, which nobody can read again. Raises Invalid("name")."""
    name = " ".join(name.split())
    if not name:
        raise Invalid("name", "Say where it is for, so that you know it again.")
    if len(name) > NAME_LENGTH:
        raise Invalid("name", f"Keep the name under {NAME_LENGTH} letters.")
    in_force = select(func.count()).where(FeedLink.person_id == person.id, FeedLink.revoked_at.is_(None))
    if (session.scalar(in_force) or 0) >= MOST:
        raise Invalid("name", f"You have {MOST} addresses already. Withdraw one that is no longer used.")
    token = new_token()
    session.add(FeedLink(person_id=person.id, token_hash=hashed(token), name=name, made_at=now))
    session.flush()
    return token


def revoke(session: Session, *, person: Person, link_id: int, now: datetime) -> FeedLink:
    """From now on the address leads nowhere. Again changes nothing. Raises NotFound when it is not this person's."""
    link = session.scalar(select(FeedLink).where(FeedLink.id == link_id, FeedLink.person_id == person.id))
    if link is None:
        raise NotFound("There is no such address.")
    link.revoked_at = link.revoked_at or now
    session.flush()
    return link


def find(session: Session, *, token: str) -> Link:
    """The address behind a token. One statement, whether it is known or not. Reads only."""
    mine = select(FeedLink).where(FeedLink.token_hash == hashed(token)).options(joinedload(FeedLink.person))
    found = session.scalar(mine)
    if found is None:
        return Link(LinkState.UNKNOWN)
    is_open = found.revoked_at is None and found.person.is_active
    return Link(LinkState.OPEN if is_open else LinkState.REVOKED, found)


def serve(session: Session, *, link: FeedLink, base_url: str, now: datetime) -> Served:
    """The calendar of whoever the address belongs to, and since when it is as it is. Reads only: see :func:`note`."""
    text = feed_entries.text(session, person=link.person, since=link.made_at, base_url=base_url, now=now)
    etag = hashlib.sha256(text.encode()).hexdigest()
    is_same = etag == link.etag and link.changed_at is not None
    changed_at = link.changed_at if is_same and link.changed_at else now
    was_seen = link.read_at is not None and link.read_at > now - SEEN_EVERY
    return Served(text, etag, changed_at, is_news=not (is_same and was_seen))


def note(session: Session, *, link_id: int, served: Served, now: datetime) -> None:
    """Write down what was served, and that somebody came for it."""
    link = session.get_one(FeedLink, link_id)
    link.etag, link.changed_at, link.read_at = served.etag, served.changed_at, now
