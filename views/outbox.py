"""The outbox: mail that waits here, since no mail server is connected."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from crm import db
from crm.config import Settings
from crm.policy import Action
from crm.services import answering, outbox
from models.outbox import OutboxMessage
from views import access
from views.access import allow
from views.paging import page_number

bp = Blueprint("outbox", __name__, url_prefix="/outbox")


@bp.get("")
@allow(Action.SEE_OWN_MAIL)
def index() -> ResponseReturnValue:
    text = request.args.get("text", "").strip()[:100]
    page = outbox.visible(db.session(), by=access.actor(), everything=_everything(), text=text, page=page_number())
    return render_template("outbox/index.html", page=page, text=text)


@bp.get("/<int:message_id>")
@allow(Action.SEE_OWN_MAIL)
def show(message_id: int) -> ResponseReturnValue:
    message = outbox.find(db.session(), by=access.actor(), message_id=message_id, everything=_everything())
    return render_template(
        "outbox/show.html",
        message=message,
        base_url=_settings().base_url,
        link_shown=_shows_link(message),
    )


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _everything() -> bool:
    """In the demonstration all mail is open, so that one person can play everybody."""
    return _settings().demonstration


def _shows_link(message: OutboxMessage) -> bool:
    """An administrator may pass a link on, but once it holds somebody's answer, it is that person's alone."""
    if _everything() or message.to_person_id == access.actor().id:
        return True
    token = message.path.removeprefix("/r/")
    if token == message.path:
        return True
    return answering.find_invitation(db.session(), token=token, now=access.now()).response is None
