"""Ending one kind of mail by its own link (RFC 8058): no sign-in. Looking records nothing, only sending does."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.config import Settings
from crm.errors import NotFound
from crm.services import audit, languages, mail_preferences, stop_links
from crm.services.mail_kinds import KINDS
from models.mail import MailChoice, MailKind
from models.person import Person
from views import access, unknown_links
from views.access import PUBLIC, allow

bp = Blueprint("mail_stops", __name__, url_prefix="/stop")

#: What a mail program sends for its reader's one click; the page's own button does not.
ONE_CLICK = ("List-Unsubscribe", "One-Click")


@bp.get("/<token>")
@allow(PUBLIC)
def show(token: str) -> ResponseReturnValue:
    person, kind = _find(token)
    say = languages.of(person, access.organisation().language)
    is_stopped = not mail_preferences.is_wanted(db.session(), person=person, kind=kind)
    return render_template(
        "mail_stops/show.html",
        say=say,
        token=token,
        person=person,
        kind=KINDS[kind],
        is_daily=kind is MailKind.DIGEST,
        is_stopped=is_stopped,
    )


@bp.post("/<token>")
@allow(PUBLIC)
def stop(token: str) -> ResponseReturnValue:
    """Taken without a cookie or a form's token: whoever holds the signed link may end this mail, and nothing else."""
    person, kind = _find(token)
    _choose(person, kind, MailChoice.NEVER)
    if request.form.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        return Response("It has stopped.\n", mimetype="text/plain")  # RFC 8058, 3.1: no redirect
    return redirect(url_for("mail_stops.show", token=token), 303)


@bp.post("/<token>/undo")
@allow(PUBLIC)
def undo(token: str) -> ResponseReturnValue:
    person, kind = _find(token)
    _choose(person, kind, KINDS[kind].default)
    return redirect(url_for("mail_stops.show", token=token), 303)


@bp.errorhandler(NotFound)
def unknown(_: NotFound) -> ResponseReturnValue:
    return unknown_links.unknown()


def _find(token: str) -> tuple[Person, MailKind]:
    settings: Settings = current_app.extensions["settings"]
    try:
        return stop_links.read(db.session(), secret_key=settings.secret_key, token=token)
    except NotFound:
        unknown_links.count()
        raise


def _choose(person: Person, kind: MailKind, choice: MailChoice) -> None:
    audit.act_as(db.session(), person.id)
    mail_preferences.choose(db.session(), person_id=person.id, kind=kind, choice=choice, now=access.now())
