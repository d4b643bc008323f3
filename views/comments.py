"""Comments beside ratings, and what came of each."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import clock, comment_outcomes, units
from crm.services.comment_outcomes import Comment, Only
from crm.services.exports import lists as exports
from views import access, downloads, list_tools
from views.access import allow
from views.arguments import chosen_id
from views.forms.outcomes import OutcomeForm
from views.paging import page_number

bp = Blueprint("comments", __name__, url_prefix="/comments")


@bp.get("")
@allow(Action.SEE_RATINGS)
def index() -> ResponseReturnValue:
    session, by = db.session(), access.actor()
    given, unit_id = request.args.get("only", ""), chosen_id("unit")
    only = Only(given) if given in set(Only) else Only.WAITING
    unit = access.unit(unit_id) if unit_id else None
    listed = partial(comment_outcomes.listed, session, by=by, only=only, unit_id=unit_id)
    if kind := downloads.wanted():
        return downloads.send("comments", exports.comments(listed), kind)
    return render_template(
        "comments/index.html",
        page=listed(number=page_number()),
        only=only,
        unit=unit,
        own=units.own_choices(session, by, unit_id),
        tools=list_tools.of("comments"),
    )


@bp.get("/<int(signed=True):response_id>")
@allow(Action.SEE_RATINGS)
def show(response_id: int) -> ResponseReturnValue:
    found = _read(response_id)
    # Of a comment without a name only the unit can be told.
    return _page(found, OutcomeForm(formdata=None, obj=found.outcome, is_for_unit=not found.is_named))


@bp.post("/<int(signed=True):response_id>")
@allow(Action.ANSWER_RATING)
def write(response_id: int) -> ResponseReturnValue:
    form = OutcomeForm()
    if form.validate():
        try:
            outcome = comment_outcomes.write(
                db.session(),
                by=access.actor(),
                response_id=response_id,
                done=form.done.data or "",
                said=form.said.data or "",
                is_for_unit=bool(form.is_for_unit.data),
                now=access.now(),
            )
            found = _read(response_id)
            flash(_told(found, outcome.is_for_unit))
            return redirect(url_for("ratings.show", round_id=found.response.round_id), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(_read(response_id), form), 422


def _told(found: Comment, is_for_unit: bool) -> str:
    """Who reads it now."""
    readers = [found.person.given_name] if found.person else []
    readers += [f"everyone in {found.response.unit.name} who is asked"] if is_for_unit else []
    return f"Kept. {' and '.join(readers)} will read it." if readers else "Kept."


def _read(response_id: int) -> Comment:
    return comment_outcomes.read(db.session(), by=access.actor(), response_id=response_id)


def _page(found: Comment, form: OutcomeForm) -> str:
    unit = found.response.unit
    return render_template(
        "comments/show.html",
        found=found,
        form=form,
        unit=unit,
        local_today=clock.local_date(access.now(), unit.time_zone),
    )
