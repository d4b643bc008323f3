"""Replies owed to whoever rated low or asked for something."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import clock, follow_up_opening, follow_ups, units
from crm.services.exports import lists as exports
from crm.services.follow_ups import WHY, Only
from models.follow_up import FollowUp
from models.rating import WORDS
from views import access, downloads, list_tools
from views.access import allow
from views.arguments import chosen_id
from views.forms.ratings import ReplyForm
from views.paging import page_number

bp = Blueprint("follow_ups", __name__, url_prefix="/follow-ups")


@bp.get("")
@allow(Action.SEE_RATINGS)
def index() -> ResponseReturnValue:
    session, by = db.session(), access.actor()
    given, unit_id, branch = request.args.get("only", ""), chosen_id("unit"), access.branch(chosen_id("branch"))
    only = Only(given) if given in set(Only) else Only.OWED
    is_mine = request.args.get("whose") == "mine"
    unit = access.unit(unit_id) if unit_id else None
    of_units = partial(follow_ups.listed, unit_id=unit_id, branch_id=branch.id if branch else None)
    listed = partial(of_units, session, by=by, only=only, is_mine=is_mine)
    if kind := downloads.wanted():
        return downloads.send("replies", exports.replies(listed), kind)
    return render_template(
        "follow_ups/index.html",
        page=listed(number=page_number()),
        only=only,
        unit=unit,
        branch=branch,
        is_mine=is_mine,
        own=units.own_choices(session, by, unit_id),
        marks=WORDS,
        today=access.today(),
        tools=list_tools.of("follow_ups"),
    )


@bp.get("/<int:follow_up_id>")
@allow(Action.SEE_RATINGS)
def show(follow_up_id: int) -> ResponseReturnValue:
    return _page(_read(follow_up_id), ReplyForm(formdata=None))


@bp.post("/<int:follow_up_id>")
@allow(Action.ANSWER_RATING)
def reply(follow_up_id: int) -> ResponseReturnValue:
    found, form = _read(follow_up_id), ReplyForm()
    if form.validate():
        try:
            follow_ups.reply(
                db.session(), by=access.actor(), follow_up=found, text=form.text.data or "", now=access.now()
            )
            flash(f"{found.person.given_name} gets your reply, and says whether it is settled.")
            return redirect(url_for("follow_ups.show", follow_up_id=found.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(found, form), 422


@bp.post("/<int:follow_up_id>/dismiss")
@allow(Action.ANSWER_RATING)
def dismiss(follow_up_id: int) -> ResponseReturnValue:
    found, form = _read(follow_up_id), ReplyForm(formdata=None)
    try:
        follow_up_opening.dismiss(db.session(), by=access.actor(), follow_up=found, now=access.now())
        flash(f"Set aside: what {found.person.given_name} wrote asks for nothing.")
        return redirect(url_for("follow_ups.index"), 303)
    except Invalid as error:
        form.refuse(error)
    return _page(found, form), 422


@bp.post("/of/<int:response_id>")
@allow(Action.ANSWER_RATING)
def owe(response_id: int) -> ResponseReturnValue:
    opened = follow_up_opening.owe(db.session(), by=access.actor(), response_id=response_id, now=access.now())
    return redirect(url_for("follow_ups.show", follow_up_id=opened.id), 303)


def _read(follow_up_id: int) -> FollowUp:
    return follow_ups.read(db.session(), by=access.actor(), follow_up_id=follow_up_id)


def _page(found: FollowUp, form: ReplyForm) -> str:
    return render_template(
        "follow_ups/show.html",
        found=found,
        form=form,
        marks=WORDS,
        why=WHY,
        local_today=clock.local_date(access.now(), found.unit.time_zone),
    )
