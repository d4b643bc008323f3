"""Putting a person into the browser's session, and taking them out."""

from __future__ import annotations

from flask import current_app, g, request, session
from flask_login import login_user, logout_user

from crm import db
from crm.services import sign_ins
from crm.services.sign_ins import Begun
from models.person import Person
from views import access


def address() -> str:
    """The caller's address; proxies in front are believed only as configured."""
    return request.remote_addr or "unknown"


def browser() -> str:
    return request.user_agent.string


def enter(person: Person) -> None:
    """A new session on the server, under a new token; whatever the browser held before is dropped."""
    begun = sign_ins.begin(db.session(), person=person, address=address(), browser=browser(), now=access.now())
    carry(begun)


def carry(begun: Begun) -> None:
    """Give the browser the token of a session that has just begun."""
    session.clear()
    g.pop(current_app.config["WTF_CSRF_FIELD_NAME"], None)  # Flask-WTF would go on with the token of the old session
    login_user(access.SignedIn(begun.token, begun.sign_in))


def leave() -> None:
    """End the session on the server and in the browser."""
    signed_in = access.signed_in()
    sign_ins.end(db.session(), sign_in_id=signed_in.sign_in.id, person=signed_in.person)
    forget()


def forget() -> None:
    """Take the token out of the browser."""
    logout_user()
    session.clear()
