"""The gate: who is calling, and whether the endpoint is for them. An endpoint that says nothing is closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from flask import Flask, abort, current_app, g, request
from flask.typing import ResponseReturnValue, RouteCallable
from flask_login import LoginManager, UserMixin, current_user

from crm import db, policy
from crm.errors import NotFound
from crm.policy import Action, Actor
from crm.services import audit, clock, sign_ins
from crm.services import organisation as organisations
from crm.services.organisation import Organisation
from models.sign_in import SignIn
from models.unit import BusinessUnit

PUBLIC = "public"
#: Endpoints of libraries, which serve files and cannot be marked.
OPEN_ENDPOINTS = frozenset({"static", "bootstrap.static", "htmx.static"})

View = TypeVar("View", bound=RouteCallable)


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps. Its id is the secret token of a session row, so that ending the row signs out."""

    def __init__(self, token: str, sign_in: SignIn) -> None:
        self.token = token
        self.sign_in = sign_in
        self.person = sign_in.person

    def get_id(self) -> str:
        return self.token


def init_app(app: Flask) -> None:
    manager = LoginManager()
    manager.session_protection = None  # sessions are rows here; they carry their own checks
    manager.user_loader(_load)
    manager.init_app(app)
    app.before_request(check)


def allow(action: Action | str) -> Callable[[View], View]:
    """Says who may call an endpoint: an Action of the policy table, or PUBLIC."""

    def mark(view: View) -> View:
        view.access = action  # type: ignore[union-attr]
        return view

    return mark


def _load(token: str) -> SignedIn | None:
    sign_in = sign_ins.find(db.session(), token=token, now=now())
    if sign_in is None:
        return None
    if sign_ins.is_due_to_be_seen(sign_in, now()) and request.method in db.READING:
        with db.apart() as session:
            sign_ins.see(session, sign_in_id=sign_in.id, now=now())
    return SignedIn(token, sign_in)


def check() -> ResponseReturnValue | None:
    """Refuses an endpoint that declares no right, a stranger, and a person without the right."""
    if request.endpoint is None or request.endpoint in OPEN_ENDPOINTS:
        return None
    action = getattr(current_app.view_functions[request.endpoint], "access", None)
    if action is None:
        abort(403)
    if action == PUBLIC:
        return None
    if not is_signed_in():
        answer: ResponseReturnValue = current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        return answer
    policy.require(actor(), Action(action))
    return None


def now() -> datetime:
    """One "now" for the whole request."""
    if "now" not in g:
        g.now = clock.now()
    moment: datetime = g.now
    return moment


def organisation() -> Organisation:
    """What holds for the whole organisation; read once in a request."""
    if "organisation" not in g:
        g.organisation = organisations.current(db.session())
    found: Organisation = g.organisation
    return found


def today() -> date:
    """The date at the organisation's seat."""
    return clock.local_date(now(), organisation().time_zone)


def is_signed_in() -> bool:
    return bool(current_user.is_authenticated)


def signed_in() -> SignedIn:
    """Whose session this is. Only behind the gate, or after asking ``is_signed_in``."""
    found: SignedIn = current_user._get_current_object()
    return found


def actor() -> Actor:
    """Who is calling, and what that person is to the units today."""
    if "actor" not in g:
        g.actor = policy.actor_for(db.session(), signed_in().person, today())
        audit.act_as(db.session(), g.actor.id)
    found: Actor = g.actor
    return found


def branch(unit_id: int | None) -> BusinessUnit | None:
    """The unit that an address narrows a list to, with all below it; None where it names none. Raises NotFound."""
    return None if unit_id is None else unit(unit_id)


def unit(unit_id: int, action: Action = Action.SEE_UNIT) -> BusinessUnit:
    """The unit, through access: unseen is NotFound, unpermitted is Forbidden."""
    found = db.session().get(BusinessUnit, unit_id)
    if found is None or not policy.can(actor(), Action.SEE_UNIT, found):
        raise NotFound("There is no such unit.")
    policy.require(actor(), action, found)
    return found
