"""Settling what one promised, by personal link. No sign-in; looking records nothing, only sending does."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.services import action_links, clock
from crm.services.action_links import Link, LinkState, Word
from models.action import Action, ActionLink
from views import access, unknown_links
from views.access import PUBLIC, allow
from views.forms.base import key
from views.forms.promises import SayForm

bp = Blueprint("promises", __name__, url_prefix="/a")

TOLD = {
    Word.DONE: "“{}” is done. Thank you.",
    Word.NOT_YET: "Thank you. “{}” stays open, and your rep reads why.",
    Word.OPEN_AGAIN: "“{}” is open again.",
}


@bp.get("/<token>")
@allow(PUBLIC)
def show(token: str) -> ResponseReturnValue:
    link = _find(token)
    if link.found is None or link.state is not LinkState.OPEN:
        return _ended(link)
    return _page(token, link.found)


@bp.post("/<token>")
@allow(PUBLIC)
def settle(token: str) -> ResponseReturnValue:
    """``action``: which one; ``word``: done, not_yet or open_again; ``remark``."""
    link = _find(token)
    if link.found is None or link.state is not LinkState.OPEN:
        return _ended(link)
    form = SayForm()
    if form.validate() and form.told is not None:
        try:
            action = action_links.say(
                db.session(),
                token=token,
                action_id=_action_id(),
                word=form.told,
                remark=form.remark.data or "",
                now=access.now(),
            )
            flash(TOLD[form.told].format(action.text))
            return redirect(url_for("promises.show", token=token), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(token, link.found, form), 422


def _action_id() -> int:
    try:
        return key(request.form.get("action", ""))
    except ValueError:
        return 0


def _find(token: str) -> Link:
    link = action_links.find(db.session(), token=token, now=access.now())
    if link.state is LinkState.UNKNOWN:
        unknown_links.count()
    return link


def _page(token: str, link: ActionLink, form: SayForm | None = None) -> str:
    found = action_links.promised(db.session(), link=link, now=access.now())
    return render_template(
        "promises/show.html",
        token=token,
        forms=[(action, _form_of(action, form)) for action in found],
        person=link.person,
        unit=link.action.unit,
        meeting=link.action.meeting,
        until=clock.local_date(link.expires_at, link.action.unit.time_zone),
        local_today=clock.local_date(access.now(), link.action.unit.time_zone),
    )


def _form_of(action: Action, sent: SayForm | None) -> SayForm:
    """The form of one action; the one that was refused keeps what was typed."""
    if sent is not None and _action_id() == action.id:
        return sent
    return SayForm(formdata=None)


def _ended(link: Link) -> ResponseReturnValue:
    """A link that settles nothing, kindly. Of a withdrawn one nothing is told: it may be in the wrong hands."""
    if link.found is None:
        return unknown_links.unknown()
    if link.state is LinkState.REVOKED:
        return unknown_links.withdrawn()
    return render_template("promises/ended.html", person=link.found.person, unit=link.found.action.unit), 410
