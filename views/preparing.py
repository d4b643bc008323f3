"""Preparing a review: its agenda from evidence, arranged by the rep, printed, taken into the meeting."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.errors import Invalid
from crm.policy import Action
from crm.services import agenda, clock, invitations, reviews
from crm.services.agenda import Agenda, brief, points
from crm.services.reviews import Standing
from models.review import Review
from views import access
from views.access import allow
from views.forms.agenda import AgendaForm, Told

bp = Blueprint("preparing", __name__)
#: More points than this are named in one line at the end of the sheet.
MOST_PRINTED = 36


@bp.get("/reviews/<int:review_id>/prepare")
@allow(Action.SEE_AGENDA)
def show(review_id: int) -> ResponseReturnValue:
    review = _review(review_id)
    return _page(review, _read(review), AgendaForm(formdata=None))


@bp.post("/reviews/<int:review_id>/prepare")
@allow(Action.PREPARE_REVIEW)
def keep(review_id: int) -> ResponseReturnValue:
    review = _review(review_id)
    policy.require(access.actor(), Action.PREPARE_REVIEW, review)
    form = AgendaForm()
    valid = form.validate()
    told = form.told()
    if valid and not form.form_errors:
        try:
            _keep(review, told, form)
            return _onwards(review, told)
        except Invalid as error:
            form.refuse(error)
    return _page(review, points.as_told(_read(review), told.on, told.off), form), 422


def _keep(review: Review, told: Told, form: AgendaForm) -> None:
    agenda.keep(
        db.session(),
        by=access.actor(),
        review=review,
        on=told.on,
        off=told.off,
        own=form.own,
        now=access.now(),
    )


def _onwards(review: Review, told: Told) -> ResponseReturnValue:
    """Into the meeting, to the printer, or back to where the button was."""
    if told.pressed == "log":
        return redirect(url_for("log_meeting.new", unit_id=review.unit_id, review=review.id, agenda=1), 303)
    if told.pressed == "print":
        return redirect(url_for("preparing.printed", review_id=review.id), 303)
    if told.pressed in ("up", "down"):
        return redirect(url_for("preparing.show", review_id=review.id, did=told.pressed, at=told.key), 303)
    if told.pressed == "keep":
        flash("The agenda is kept.")
    return redirect(url_for("preparing.show", review_id=review.id), 303)


@bp.get("/reviews/<int:review_id>/prepare/print")
@allow(Action.SEE_AGENDA)
def printed(review_id: int) -> ResponseReturnValue:
    """``?for=me``: with what the rep should know first, which is not for the table."""
    review = _review(review_id)
    found, for_me = _read(review), request.args.get("for") == "me"
    shown, rest = points.most_weighty(found.on, MOST_PRINTED)
    return render_template(
        "preparing/print.html",
        review=review,
        unit=review.unit,
        shown=shown,
        rest=rest,
        notes=_brief(review, found) if for_me else (),
        for_me=for_me,
        time=points.time_in_words(found.on, review.minutes),
        today=clock.local_date(access.now(), review.unit.time_zone),
        period=reviews.period_in_words(review),
    )


def _review(review_id: int) -> Review:
    """The review, through access: unseen is NotFound, unpermitted is Forbidden."""
    review = reviews.get(db.session(), by=access.actor(), review_id=review_id)
    policy.require(access.actor(), Action.SEE_AGENDA, review)
    return review


def _read(review: Review) -> Agenda:
    return agenda.read(db.session(), by=access.actor(), review=review, now=access.now())


def _brief(review: Review, found: Agenda) -> list[brief.Note]:
    return brief.read(db.session(), by=access.actor(), review=review, window=found.window, now=access.now())


def _page(review: Review, found: Agenda, form: AgendaForm) -> str:
    today = clock.local_date(access.now(), review.unit.time_zone)
    where = reviews.standing(review, today)
    is_open = agenda.is_open(db.session(), review=review, now=access.now())
    return render_template(
        "preparing/show.html",
        review=review,
        unit=review.unit,
        agenda=found,
        notes=_brief(review, found),
        form=form,
        today=today,
        where=where,
        arranges=is_open and policy.can(access.actor(), Action.PREPARE_REVIEW, review),
        logs=where in (Standing.TODAY, Standing.OVERDUE),
        count=points.count_in_words(found.on),
        time=points.time_in_words(found.on, review.minutes),
        period=reviews.period_in_words(review),
        answered=invitations.in_words(invitations.of_review(db.session(), review.id)),
        did=request.args.get("did", ""),
        at=request.args.get("at", ""),
    )
