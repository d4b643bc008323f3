"""Signing in and out; what was typed before an expired sign-in comes along."""

from __future__ import annotations

import ipaddress
import json

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy import select

from crm import db
from crm.errors import Gone, Invalid, NotFound, TooMany
from crm.policy import Action
from crm.services import people, setup, sign_ins, throttle
from models.person import Person
from models.unit import Membership, Part
from views import access, errors, session, unknown_links
from views.access import PUBLIC, allow
from views.arguments import is_own_path
from views.forms.accounts import ForgottenForm, PasswordForm, SignInForm

bp = Blueprint("sign_ins", __name__)
#: Fields that are the browser's business, not what somebody typed.
NOT_KEPT = frozenset({"csrf_token"})


def init_app(app: Flask) -> None:
    app.login_manager.unauthorized_handler(ask_to_sign_in)  # type: ignore[attr-defined]
    app.register_error_handler(CSRFError, keep_what_was_typed)


def ask_to_sign_in() -> ResponseReturnValue:
    """A stranger at a closed door. A form sent there is kept and sent again after signing in."""
    if request.method in db.READING:
        if setup.is_needed(db.session()):
            return redirect(url_for("setup.new"), 303)
        return redirect(url_for("sign_ins.new", next=_here()), 303)
    form = SignInForm(formdata=None)
    form.next.data = request.path
    form.kept.data = json.dumps(_typed())
    return _page(form), 401


def keep_what_was_typed(_: CSRFError) -> ResponseReturnValue:
    """A form of an older session, sent from one of our own pages: nothing in it is lost.

    A form from elsewhere gets no such help: the browser says where it came from.
    """
    if request.headers.get("Sec-Fetch-Site") != "same-origin" or not _typed():
        return errors.page(400, errors.EXPIRED)
    if not access.is_signed_in():
        return ask_to_sign_in()
    return render_template("sign_ins/resume.html", target=request.path, fields=_typed(), person=None), 400


def _typed() -> list[tuple[str, str]]:
    return [pair for pair in request.form.items(multi=True) if pair[0] not in NOT_KEPT]


def _here() -> str:
    return request.full_path.rstrip("?") if request.path != "/" else ""


def _page(form: SignInForm) -> str:
    return render_template("sign_ins/new.html", form=form, cast=_cast())


def is_demonstration_here() -> bool:
    """One-click sign-in: in the demonstration only, and only from this very machine by a loopback name."""
    host = request.host.rpartition(":")[0] or request.host
    return current_app.extensions["settings"].demonstration and _is_loopback(request.remote_addr) and _is_loopback(host)


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address((host or "").strip("[]")).is_loopback
    except ValueError:
        return False


def _cast() -> list[tuple[str, list[Person]]]:
    """The demonstration's people by role, a few of each."""
    if not is_demonstration_here():
        return []
    heads = select(Membership.person_id).where(Membership.part == Part.HEAD, Membership.until.is_(None))
    roles = (
        ("Account reps", Person.is_rep),
        ("Business heads", Person.is_business & Person.id.in_(heads)),
        ("The CIO", Person.is_cio),
        ("The administrator", Person.is_administrator),
    )
    here = select(Person).where(Person.left_on.is_(None)).order_by(Person.id).limit(4)
    return [(title, list(db.session().scalars(here.where(role)))) for title, role in roles]


@bp.get("/sign-in")
@allow(PUBLIC)
def new() -> ResponseReturnValue:
    if access.is_signed_in():
        return redirect(url_for("home.index"), 303)
    if setup.is_needed(db.session()) and not is_demonstration_here():
        return redirect(url_for("setup.new"), 303)
    form = SignInForm(formdata=None)
    form.next.data = request.args.get("next", "")
    return _page(form)


@bp.post("/sign-in")
@allow(PUBLIC)
def create() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate():
        try:
            begun = sign_ins.with_password(
                db.session(),
                email=form.email.data or "",
                password=form.password.data or "",
                address=session.address(),
                browser=session.browser(),
                now=access.now(),
            )
            session.carry(begun)
            return _go_on(form.next.data or "", form.kept.data or "", begun.sign_in.person)
        except Invalid as error:
            db.keep()  # the failed attempt counts
            form.refuse(error)
        except TooMany as error:
            form.refuse(Invalid("password", f"{error} Try again in {error.seconds} seconds."))
            return _page(form), 429, {"Retry-After": str(error.seconds)}
    return _page(form), 422


@bp.post("/sign-in/as/<int:person_id>")
@allow(PUBLIC)
def create_as(person_id: int) -> ResponseReturnValue:
    """The demonstration's one click."""
    person = db.session().get(Person, person_id) if is_demonstration_here() else None
    if person is None or not person.is_active:
        raise NotFound("There is nothing here.")
    session.enter(person)
    return _go_on(request.form.get("next", ""), request.form.get("kept", ""), person)


def _go_on(path: str, kept: str, person: Person) -> ResponseReturnValue:
    """Back to where the person was going; with what was typed there, if anything was."""
    target = path if is_own_path(path) else url_for("home.index")
    fields = _fields(kept)
    if fields and target == path:
        return render_template("sign_ins/resume.html", target=target, fields=fields, person=person)
    return redirect(target, 303)


def _fields(kept: str) -> list[tuple[str, str]]:
    try:
        pairs = json.loads(kept) if kept else []
        return [(str(name), str(value)) for name, value in pairs]
    except (ValueError, TypeError):
        return []


@bp.post("/sign-out")
@allow(Action.SEE_OWN_ACCOUNT)
def end() -> ResponseReturnValue:
    session.leave()
    answer = redirect(url_for("sign_ins.new"), 303)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@bp.get("/forgotten")
@allow(PUBLIC)
def forgotten() -> ResponseReturnValue:
    return render_template("sign_ins/forgotten.html", form=ForgottenForm(formdata=None), sent=False)


@bp.post("/forgotten")
@allow(PUBLIC)
def remind() -> ResponseReturnValue:
    """The same answer whether the address is known or not."""
    form = ForgottenForm()
    if not form.validate():
        return render_template("sign_ins/forgotten.html", form=form, sent=False), 422
    throttle.check(db.session(), throttle.FORGOTTEN_BY_ADDRESS, session.address(), access.now())
    throttle.count(db.session(), throttle.FORGOTTEN_BY_ADDRESS, session.address(), access.now())
    people.remind(db.session(), email=form.email.data or "", now=access.now())
    return render_template("sign_ins/forgotten.html", form=form, sent=True)


@bp.get("/password/<token>")
@allow(PUBLIC)
def password(token: str) -> ResponseReturnValue:
    person = _of_link(token)
    return render_template("sign_ins/password.html", form=PasswordForm(formdata=None), person=person)


@bp.post("/password/<token>")
@allow(PUBLIC)
def set_password(token: str) -> ResponseReturnValue:
    person = _of_link(token)
    form = PasswordForm()
    if form.validate():
        try:
            people.set_password_by_link(db.session(), token=token, password=form.password.data or "", now=access.now())
            session.enter(person)
            flash("Your password is set. You are signed in.")
            return redirect(url_for("home.index"), 303)
        except Invalid as error:
            form.refuse(error)
    return render_template("sign_ins/password.html", form=form, person=person), 422


def _of_link(token: str) -> Person:
    try:
        return people.of_link(db.session(), token=token, now=access.now())
    except Gone:
        unknown_links.count()
        raise
