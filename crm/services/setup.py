"""The first minutes of an empty product: a code in the terminal makes the first administrator."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Invalid
from crm.services import organisation, passwords, throttle
from crm.services.secrets import hashed, new_token
from models.person import Person
from models.setting import Setting

CODE = "set-up code"
LETTERS_SHOWN = 20


def is_needed(session: Session) -> bool:
    """Whether there is no administrator yet."""
    somebody = exists().where(Person.is_administrator, Person.left_on.is_(None))
    return not session.scalar(select(somebody))


def new_code(session: Session, now: datetime) -> str:
    """A fresh code to print in the terminal; an older one holds no longer."""
    code = new_token()[:LETTERS_SHOWN]
    session.execute(delete(Setting).where(Setting.name == CODE))
    session.add(Setting(name=CODE, value=hashed(code), at=now))
    return code


def create_administrator(
    session: Session,
    *,
    code: str,
    name: str,
    email: str,
    password: str,
    organisation_name: str,
    time_zone: str,
    address: str,
    now: datetime,
) -> Person:
    """The first administrator. Raises Conflict when there is one, Invalid for a wrong code or a weak password."""
    throttle.check(session, throttle.SET_UP_BY_ADDRESS, address, now)
    throttle.check(session, throttle.SET_UP_BY_ADDRESS, address, now)
    if not is_needed(session):
        raise Conflict("code", "This is set up already. Sign in instead.")
    expected = session.scalar(select(Setting.value).where(Setting.name == CODE)) or ""
    if not hmac.compare_digest(expected, hashed(code.strip())):
        throttle.count(session, throttle.SET_UP_BY_ADDRESS, address, now)
        raise Invalid("code", "That is not the code in the terminal in which Rapport was started.")
    person = Person(name=name, email=email, is_administrator=True)
    passwords.set_for(person, password, context=(organisation_name,))
    session.add(person)
    session.execute(delete(Setting).where(Setting.name == CODE))
    application = policy.application(now.date())
    wanted = replace(organisation.current(session), name=organisation_name, time_zone=time_zone)
    organisation.change(session, by=application, wanted=wanted, reason="set-up", now=now)
    session.flush()
    return person
