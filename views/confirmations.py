"""Confirming minutes by personal link. No sign-in; looking records nothing, only sending does."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.services import clock, minutes_replies
from crm.services.minutes_replies import Link, LinkState
from crm.services.text_changes import difference
from models.minutes import MinutesReply, Reply
from views import access, unknown_links
from views.access import PUBLIC, allow
from views.forms.minutes import ReplyForm

bp = Blueprint("confirmations", __name__, url_prefix="/m")


@bp.get("/<token>")
@allow(PUBLIC)
def show(token: str) -> ResponseReturnValue:
    link = _find(token)
    if link.reply is None or link.state is not LinkState.OPEN:
        return _ended(link)
    said = "" if link.reply.reply is Reply.WAITING else link.reply.reply.value
    return _question(link.reply, ReplyForm(formdata=None, reply=said, said=link.reply.said))


@bp.post("/<token>")
@allow(PUBLIC)
def send(token: str) -> ResponseReturnValue:
    link = _find(token)
    if link.reply is None or link.state is not LinkState.OPEN:
        return _ended(link)
    form = ReplyForm()
    if form.validate():
        try:
            minutes_replies.answer(
                db.session(), token=token, reply=form.told, said=form.said.data or "", now=access.now()
            )
            return redirect(url_for("confirmations.thanks", token=token), 303)
        except Invalid as error:
            form.refuse(error)
    return _question(link.reply, form), 422


@bp.get("/<token>/thanks")
@allow(PUBLIC)
def thanks(token: str) -> ResponseReturnValue:
    link = _find(token)
    if link.reply is None or link.state is not LinkState.OPEN:
        return _ended(link)
    if link.reply.reply is Reply.WAITING:
        return redirect(url_for("confirmations.show", token=token), 303)
    return render_template("confirmations/thanks.html", token=token, **_about(link.reply))


def _find(token: str) -> Link:
    link = minutes_replies.find(db.session(), token=token, now=access.now())
    if link.state is LinkState.UNKNOWN:
        unknown_links.count()
    return link


def _question(reply: MinutesReply, form: ReplyForm) -> str:
    before = minutes_replies.text_before(db.session(), version=reply.version)
    pieces = difference(before, reply.version.text) if before is not None else []
    return render_template("confirmations/show.html", form=form, pieces=pieces, **_about(reply))


def _about(reply: MinutesReply) -> dict[str, object]:
    meeting = reply.version.meeting
    return {
        "reply": reply,
        "person": reply.person,
        "version": reply.version,
        "meeting": meeting,
        "unit": meeting.unit,
        "sharer": reply.version.shared_by,
        "local_today": clock.local_date(access.now(), meeting.unit.time_zone),
    }


def _ended(link: Link) -> ResponseReturnValue:
    """A link that takes no reply, kindly. Of a withdrawn one nothing is told: it may be in the wrong hands."""
    if link.reply is None:
        return unknown_links.unknown()
    if link.state is LinkState.REVOKED:
        return unknown_links.withdrawn()
    is_replaced = link.state is LinkState.REPLACED
    return render_template("confirmations/ended.html", is_replaced=is_replaced, **_about(link.reply)), 410
