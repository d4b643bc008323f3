"""People who use the product while it is measured: signed in as the database knows it, with real forms."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import html5lib
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import create_app
from crm.config import Settings
from crm.db import Database
from crm.services import sign_ins
from crm.services.secrets import hashed, new_token
from models import Assignment, BusinessUnit, Cover, Invitation, Person, Round
from tests.bench.server import HOST, SECRET_KEY, Answer, Served

FINANCE = "FIN"
HTML = "{http://www.w3.org/1999/xhtml}"
FIELDS = (f"{HTML}input", f"{HTML}textarea", f"{HTML}select")


@dataclass
class People:
    """Cookies of those who are signed in, and what they look at."""

    app: Flask
    database: Database
    cookies: dict[str, str] = field(default_factory=dict)
    unit_id: int = 0


def assembled(url: str) -> People:
    """The rep and the CIO signed in, and a stranger with a link."""
    settings = Settings(database_url=url, secret_key=SECRET_KEY, production=True, base_url=f"https://{HOST}")
    app = create_app(settings)
    people = People(app, app.extensions["database"])
    with people.database.session(writes=True) as session, session.begin():
        unit = session.scalars(select(BusinessUnit).where(BusinessUnit.code == FINANCE)).one()
        today = datetime.now(UTC).date()
        lead = (Assignment.unit_id == unit.id, Assignment.cover == Cover.LEAD, Assignment.in_force(today))
        rep = session.get_one(Person, session.scalars(select(Assignment.rep_id).where(*lead)).one())
        cio = session.scalars(select(Person).where(Person.is_cio).limit(1)).one()
        people.unit_id = unit.id
        people.cookies = {"rep": _cookie(app, session, rep), "cio": _cookie(app, session, cio)}
    people.cookies["stranger"] = _sealed(app, {"csrf_token": "0" * 40})
    return people


def _cookie(app: Flask, session: Session, person: Person) -> str:
    begun = sign_ins.begin(session, person=person, address="192.0.2.7", browser="bench", now=datetime.now(UTC))
    return _sealed(app, {"_user_id": begun.token, "_fresh": True, "csrf_token": "0" * 40})


def _sealed(app: Flask, values: dict[str, object]) -> str:
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(values)}"


def csrf_token(app: Flask) -> str:
    return str(URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps("0" * 40))


def links(people: People, many: int) -> list[str]:
    """So many personal links of a named pulse of Finance that is open."""
    now, tokens = datetime.now(UTC), [new_token() for _ in range(many)]
    with people.database.session(writes=True) as session, session.begin():
        persons = session.scalars(select(Person.id).where(Person.left_on.is_(None)).order_by(Person.id)).all()
        asked = Round(unit_id=people.unit_id, opened_at=now, closes_at=now + timedelta(days=10), asked=many)
        session.add(asked)
        session.flush()
        for place, token in enumerate(tokens):
            person = persons[place % len(persons)]
            session.add(Invitation(round_id=asked.id, person_id=person, token_hash=hashed(token)))
    return tokens


def save_a_meeting(served: Served, people: People) -> tuple[str, str]:
    """The form as it comes, with notes of three lines: address and body."""
    path = f"/units/{people.unit_id}/meetings/new"
    fields = filled_in(served.ask("GET", path, cookie=people.cookies["rep"]))
    fields = [(name, value) for name, value in fields if name not in ("minutes", "csrf_token", "as_it_stands")]
    notes = "Month-end went well.\n- [ ] Send the list of accounts\nThe rest is as it was."
    kept = [*fields, ("minutes", notes), ("kept_as", secrets.token_hex(8)), ("csrf_token", csrf_token(people.app))]
    return path, urlencode(kept)


def filled_in(answer: Answer) -> list[tuple[str, str]]:
    """What a browser would send of the main form of a page if nothing was touched."""
    document = html5lib.parse(answer.body)
    form = next(each for each in document.iter(f"{HTML}form") if any(True for _ in each.iter(f"{HTML}textarea")))
    found = []
    for field_ in form.iter():
        if field_.tag not in FIELDS:
            continue
        name, kind = field_.get("name"), field_.get("type", "text")
        if not name or kind in ("submit", "file") or (kind in ("checkbox", "radio") and field_.get("checked") is None):
            continue
        if field_.tag == f"{HTML}select":
            chosen = [each for each in field_.iter(f"{HTML}option") if each.get("selected") is not None]
            first = next(field_.iter(f"{HTML}option"), None)
            option = chosen[0] if chosen else first
            found.append((name, (option.get("value") or "") if option is not None else ""))
        else:
            found.append((name, field_.text or "" if field_.tag == f"{HTML}textarea" else field_.get("value", "")))
    return found
