"""Whoever rated closes the reply by personal link. No sign-in; looking records nothing, only sending does."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.services import clock, follow_up_links, languages, words
from crm.services.languages import Language
from models.follow_up import FollowUp
from models.rating import WORDS
from views import access, unknown_links
from views.access import PUBLIC, allow
from views.filters import field_errors
from views.forms.ratings import ClosingForm

bp = Blueprint("closings", __name__, url_prefix="/f")


@bp.get("/<token>")
@allow(PUBLIC)
def show(token: str) -> ResponseReturnValue:
    found = _find(token)
    return _page(found, ClosingForm(formdata=None)) if found else _unknown()


@bp.post("/<token>")
@allow(PUBLIC)
def say(token: str) -> ResponseReturnValue:
    """``word``: settled or not_yet; ``said``: what is missing."""
    found = _find(token)
    if found is None:
        return _unknown()
    form = ClosingForm()
    if form.validate() and form.told is not None:
        try:
            follow_up_links.say(db.session(), token=token, word=form.told, said=form.said.data or "", now=access.now())
            return redirect(url_for("closings.show", token=token), 303)
        except Invalid as error:
            form.refuse(Invalid(error.field, _language(found).as_written(str(error))))
    return _page(found, form), 422


def _find(token: str) -> FollowUp | None:
    found = follow_up_links.find(db.session(), token=token)
    if found is None:
        unknown_links.count()
    return found if found and found.person.is_active else None


def _unknown() -> ResponseReturnValue:
    return unknown_links.unknown()


def _page(found: FollowUp, form: ClosingForm) -> str:
    say, zone = _language(found), found.unit.time_zone
    today = clock.local_date(access.now(), zone)
    days = {"told": found.response.answered_at, "closed": found.closed_at}
    return render_template(
        "closings/show.html",
        say=say,
        found=found,
        form=form,
        mark=say.as_written(WORDS[found.score]),
        due=say.day(found.due_on, today),
        days={name: say.day(clock.local_date(at, zone), today) for name, at in days.items() if at},
        wrong=words.capital(
            say.many("{n} thing needs another look.", "{n} things need another look.", len(field_errors(form)))
        ),
    )


def _language(found: FollowUp) -> Language:
    return languages.of(found.person, access.organisation().language)
