"""Signing in and out. Sessions are rows here; the browser holds only a token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session, joinedload

from crm.errors import Invalid, NotFound
from crm.services import passwords, throttle
from crm.services.secrets import hashed, new_token
from models.person import Person, email_key
from models.sign_in import SignIn

#: A session ends after this long without a request, and after this long in any case.
IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=14)
#: How often "seen" is written down: not at every click.
SEEN_EVERY = timedelta(minutes=10)

NO_MATCH = (
    "That did not match. Check the address and the password. Nothing is locked; after five tries we wait a minute."
)
#: Asked with every request, so put together once.
_BEHIND_TOKEN = select(SignIn).where(SignIn.token_hash == bindparam("token")).options(joinedload(SignIn.person))


@dataclass(frozen=True)
class Begun:
    """A session that has just begun. The token is known here and to the browser, nowhere else."""

    token: str
    sign_in: SignIn


def with_password(session: Session, *, email: str, password: str, address: str, browser: str, now: datetime) -> Begun:
    """Sign in.

    Raises TooMany, or Invalid with the same words and after the same work whether the address is known or not. What it
    counted must be kept although it raises (``db.keep``).
    """
    account = email_key(email) or ""
    throttle.check(session, throttle.SIGN_IN_BY_ADDRESS, address, now)
    throttle.check(session, throttle.SIGN_IN_BY_ACCOUNT, account, now)
    person = session.scalar(select(Person).where(Person.email_key == account, Person.left_on.is_(None)))
    if not passwords.verify(person.password_hash if person else None, password) or person is None:
        throttle.count(session, throttle.SIGN_IN_BY_ADDRESS, address, now)
        throttle.count(session, throttle.SIGN_IN_BY_ACCOUNT, account, now)
        raise Invalid("password", NO_MATCH)
    throttle.forget(session, throttle.SIGN_IN_BY_ACCOUNT, account)
    passwords.renew_if_old(person, password)
    return begin(session, person=person, address=address, browser=browser, now=now)


def begin(session: Session, *, person: Person, address: str, browser: str, now: datetime) -> Begun:
    """A new session for this person, always under a new token."""
    token = new_token()
    sign_in = SignIn(
        token_hash=hashed(token),
        person=person,
        began_at=now,
        seen_at=now,
        address=address[:64],
        browser="".join(letter for letter in browser if letter.isprintable())[:200],
    )
    session.add(sign_in)
    session.flush()
    return Begun(token, sign_in)


def find(session: Session, *, token: str, now: datetime) -> SignIn | None:
    """The living session behind a token, with its person; None when ended, expired or the person has left."""
    found = session.scalar(_BEHIND_TOKEN, {"token": hashed(token)})
    if found is None or not found.person.is_active:
        return None
    if now - found.seen_at > IDLE or now - found.began_at > ABSOLUTE:
        return None
    return found


def is_due_to_be_seen(sign_in: SignIn, now: datetime) -> bool:
    return now - sign_in.seen_at > SEEN_EVERY


def see(session: Session, *, sign_in_id: int, now: datetime) -> None:
    sign_in = session.get(SignIn, sign_in_id)
    if sign_in is not None:
        sign_in.seen_at = now


def of_person(session: Session, person: Person) -> Sequence[SignIn]:
    """Where this person is signed in, newest first."""
    mine = select(SignIn).where(SignIn.person_id == person.id)
    return session.scalars(mine.order_by(SignIn.seen_at.desc(), SignIn.id.desc()).limit(50)).all()


def end(session: Session, *, sign_in_id: int, person: Person) -> None:
    """End one of this person's own sessions. Raises NotFound for anyone else's."""
    mine = session.scalar(select(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == person.id))
    if mine is None:
        raise NotFound("That session has ended already.")
    session.delete(mine)


def end_all(session: Session, *, person: Person, except_id: int | None = None) -> None:
    """Sign this person out everywhere, but for one session if given."""
    everywhere = delete(SignIn).where(SignIn.person_id == person.id)
    session.execute(everywhere if except_id is None else everywhere.where(SignIn.id != except_id))


def remove_expired(session: Session, now: datetime) -> int:
    """Sessions that can no longer be used; how many there were."""
    dead = (SignIn.seen_at < now - IDLE) | (SignIn.began_at < now - ABSOLUTE)
    return int(session.execute(delete(SignIn).where(dead)).rowcount)  # type: ignore[attr-defined]
