"""The outbox: mail that waits, has left, or could not."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.config import Settings
from crm.errors import NotFound
from crm.policy import Action
from crm.services import answering, languages, mail_text, outbox
from crm.services.outbox import Shown
from crm.services.webhook_payloads import News
from models.outbox import OutboxMessage
from views import access
from views.access import allow
from views.paging import page_number

bp = Blueprint("outbox", __name__, url_prefix="/outbox")


@bp.get("")
@allow(Action.SEE_OWN_MAIL)
def index() -> ResponseReturnValue:
    text = request.args.get("text", "").strip()[:100]
    show = request.args.get("show", "")
    shown = Shown(show) if show in set(Shown) else Shown.ALL
    by, session = access.actor(), db.session()
    page = outbox.visible(session, by=by, everything=_everything(), text=text, shown=shown, page=page_number())
    return render_template(
        "outbox/index.html",
        page=page,
        text=text,
        shown=shown.value,
        connected=_settings().mail_server is not None,
        troubled=outbox.troubled(session) if policy.can(by, Action.SEE_ALL_MAIL) else 0,
    )


@bp.get("/<int:message_id>")
@allow(Action.SEE_OWN_MAIL)
def show(message_id: int) -> ResponseReturnValue:
    message = outbox.find(db.session(), by=access.actor(), message_id=message_id, everything=_everything())
    if message.webhook_id is not None:
        return _hook_page(message)
    return render_template(
        "outbox/show.html",
        message=message,
        base_url=_settings().base_url,
        connected=_settings().mail_server is not None,
        link_shown=_shows_link(message),
        waits=message.due_at > access.now(),
    )


@bp.get("/<int:message_id>/as-mail")
@allow(Action.SEE_OWN_MAIL)
def as_mail(message_id: int) -> ResponseReturnValue:
    """The HTML as it will look, for a frame on the page of the message; its links lead nowhere."""
    message = outbox.find(db.session(), by=access.actor(), message_id=message_id, everything=_everything())
    if message.to_person_id is None:
        raise NotFound("That goes to no person.")
    return mail_text.preview(message)


def _hook_page(message: OutboxMessage) -> str:
    """What a webhook is told, in the words of a chat. Webhooks need no mail server."""
    lines = News.read(message.body).lines(languages.of(None, message.language))
    settings = _settings()
    return render_template(
        "outbox/hook.html",
        message=message,
        lines=lines,
        base_url=settings.base_url,
        connected=not settings.demonstration,
    )


@bp.post("/<int:message_id>/send-again")
@allow(Action.STEER_MAIL)
def send_again(message_id: int) -> ResponseReturnValue:
    message = outbox.find(db.session(), by=access.actor(), message_id=message_id)
    outbox.send_again(db.session(), by=access.actor(), message=message, now=access.now())
    flash(f"The message to {message.to_name} goes out within a minute.")
    return redirect(url_for("outbox.show", message_id=message.id), 303)


@bp.post("/<int:message_id>/cancel")
@allow(Action.STEER_MAIL)
def cancel(message_id: int) -> ResponseReturnValue:
    message = outbox.find(db.session(), by=access.actor(), message_id=message_id)
    outbox.cancel(db.session(), by=access.actor(), message=message)
    flash(f"The message to {message.to_name} stays here.")
    return redirect(url_for("outbox.show", message_id=message.id), 303)


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _everything() -> bool:
    """In the demonstration all mail is open, so that one person can play everybody."""
    return _settings().demonstration


def _shows_link(message: OutboxMessage) -> bool:
    """An administrator may pass a link on, but once it holds an answer, or a part of one, it is that person's alone;
    and so from the start where nobody is to know who answered."""
    if _everything() or message.to_person_id == access.actor().id:
        return True
    token = message.path.removeprefix("/r/")
    if token == message.path:
        return True
    link = answering.find_invitation(db.session(), token=token, now=access.now())
    is_nobodys = link.response is None and link.partial is None
    return is_nobodys and (link.invitation is None or link.invitation.round.bears_names)
