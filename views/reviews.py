"""Reviews: the list, and moving and skipping one."""

from __future__ import annotations

from datetime import date, time, timedelta
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from crm import db, policy
from crm.errors import Invalid
from crm.policy import Action
from crm.services import bookings, cadence_rules, clock, invitations, review_lists, reviews, stretches
from crm.services.exports import lists as exports
from crm.services.review_lists import Filter, Which
from models.person import Person
from models.review import Review
from views import access, downloads, list_tools
from views.access import allow
from views.arguments import chosen_id
from views.filters import moment
from views.forms.reviews import MoveForm, SkipForm
from views.paging import page_number

bp = Blueprint("reviews", __name__)


@bp.get("/reviews")
@allow(Action.SEE_REVIEWS)
def index() -> ResponseReturnValue:
    session, by, now = db.session(), access.actor(), access.now()
    wanted = _filter()
    listed = partial(review_lists.listed, session, by=by, wanted=wanted, now=now)
    if kind := downloads.wanted():
        return downloads.send("reviews", exports.reviews(listed), kind)
    return render_template(
        "reviews/index.html",
        unit=access.unit(wanted.unit_id) if wanted.unit_id else None,
        page=listed(number=page_number()),
        waiting=review_lists.attention(session, by=by, wanted=wanted, now=now),
        wanted=wanted,
        branch=access.branch(wanted.branch_id),
        rep=session.get(Person, wanted.rep_id) if wanted.rep_id else None,
        stretches=stretches.with_chosen(wanted.stretch, access.today()),
        has_own=bool(by.covers),
        tools=list_tools.of("reviews"),
        home_zone=access.organisation().time_zone,
    )


def _filter() -> Filter:
    """A rep begins with the own units, everybody else with all there are to see."""
    which, whose = request.args.get("show", ""), request.args.get("whose", "")
    unit_id = chosen_id("unit")
    return Filter(
        which=Which(which) if which in set(Which) else Which.NEXT if unit_id else Which.ATTENTION,
        unit_id=unit_id,
        branch_id=chosen_id("branch"),
        mine=bool(access.actor().covers) and whose != "all",
        text=request.args.get("text", "").strip()[:100],
        rep_id=chosen_id("rep"),
        stretch=stretches.named(request.args.get("period", ""), access.today()),
    )


@bp.get("/reviews/<int:review_id>/move")
@allow(Action.PLAN_REVIEW)
def move(review_id: int) -> ResponseReturnValue:
    review = _review(review_id)
    wall = review.planned_at.astimezone(review.unit.zone)
    return _move_page(review, MoveForm(formdata=None, day=review.planned_on, at=wall.time()))


@bp.post("/reviews/<int:review_id>/move")
@allow(Action.PLAN_REVIEW)
def put(review_id: int) -> ResponseReturnValue:
    """Move it; a day off, or a time at which somebody cannot come, is told first, and taken once that is known."""
    review = _review(review_id)
    form = MoveForm()
    if form.validate():
        day, at = form.day.data or review.planned_on, form.at.data or time()
        if request.form.get("anyway") != _named(day, at) and not _suits(review, day, at):
            return _move_page(review, form, to=(day, at)), 422
        before = review.planned_at
        try:
            reviews.move(db.session(), by=access.actor(), review=review, day=day, at=at, now=access.now())
            told = _who_is_told(review, "the new time") if review.planned_at != before else ""
            flash(f"{review.unit.name} is now planned for {moment(review.planned_at, review.unit.time_zone)}.{told}")
            return redirect(url_for("reviews.index", show=Which.NEXT.value), 303)
        except Invalid as error:
            form.refuse(error)
    return _move_page(review, form), 422


@bp.get("/reviews/<int:review_id>/skip")
@allow(Action.PLAN_REVIEW)
def skip(review_id: int) -> ResponseReturnValue:
    return _skip_page(_review(review_id), SkipForm(formdata=None))


@bp.post("/reviews/<int:review_id>/skip")
@allow(Action.PLAN_REVIEW)
def leave_out(review_id: int) -> ResponseReturnValue:
    review = _review(review_id)
    form = SkipForm()
    if form.validate():
        try:
            reason = form.reason.data or ""
            told = _who_is_told(review, "a cancellation")
            reviews.skip(db.session(), by=access.actor(), review=review, reason=reason, now=access.now())
            flash(_skipped(review, told))
            return redirect(url_for("reviews.index"), 303)
        except Invalid as error:
            form.refuse(error)
    return _skip_page(review, form), 422


@bp.post("/reviews/<int:review_id>/unskip")
@allow(Action.PLAN_REVIEW)
def unskip(review_id: int) -> ResponseReturnValue:
    review = _review(review_id)
    reviews.unskip(db.session(), by=access.actor(), review=review, now=access.now())
    told = _who_is_told(review, "it back into the calendar")
    flash(f"{review.unit.name} is planned again for {moment(review.planned_at, review.unit.time_zone)}.{told}")
    return redirect(url_for("reviews.index", show=Which.NEXT.value), 303)


def _review(review_id: int) -> Review:
    """The review, through access: unseen is NotFound, unpermitted is Forbidden."""
    review = reviews.get(db.session(), by=access.actor(), review_id=review_id)
    policy.require(access.actor(), Action.PLAN_REVIEW, review)
    return review


def _who_is_told(review: Review, what: str) -> str:
    """ " Amara and Ines get the new time."; "" when nobody has it in the calendar."""
    told = invitations.of_review(db.session(), review.id)
    return f" {invitations.names(told)} {'gets' if len(told) == 1 else 'get'} {what}." if told else ""


def _skipped(review: Review, told: str) -> Markup:
    words = Markup('{} skips {}. The reason is kept.{} <a href="{}">Undo</a>')
    undo = url_for("reviews.skip", review_id=review.id)
    return words.format(review.unit.name, reviews.period_in_words(review), told, undo)


def _named(day: date, at: time) -> str:
    """The time that a warning was about: what "Move all the same" sends back."""
    return f"{day}T{at:%H:%M}"


def _suits(review: Review, day: date, at: time) -> bool:
    """Whether people work that day and all can come. Where it cannot go at all, that does not matter."""
    if not _first_day(review) <= day < review.period_until:
        return True
    instant = cadence_rules.instant(day, at, review.unit.zone)
    return bookings.moving(db.session(), review=review, to=instant, now=access.now()).suits


def _first_day(review: Review) -> date:
    return max(clock.local_date(access.now(), review.unit.time_zone), review.period_since)


def _move_page(review: Review, form: MoveForm, to: tuple[date, time] | None = None) -> str:
    """With the days it may move to: those left of its period. ``to``: a time that does not suit."""
    wanted = cadence_rules.instant(*to, review.unit.zone) if to else None
    moving = bookings.moving(db.session(), review=review, to=wanted, now=access.now())
    if to and moving.day_off:
        form.refuse(Invalid("day", f"No working day in {review.unit.name}: {moving.day_off}."))
    return _page(
        "reviews/move.html",
        review,
        form,
        first_day=_first_day(review),
        last_day=review.period_until - timedelta(days=1),
        moving=moving,
        warned=wanted,
        anyway=_named(*to) if to else "",
    )


def _skip_page(review: Review, form: SkipForm) -> str:
    return _page("reviews/skip.html", review, form)


def _page(template: str, review: Review, form: MoveForm | SkipForm, **more: Any) -> str:
    today = clock.local_date(access.now(), review.unit.time_zone)
    return render_template(
        template,
        review=review,
        unit=review.unit,
        form=form,
        day=today,
        period=reviews.period_in_words(review),
        where=reviews.standing(review, today),
        invited=invitations.of_review(db.session(), review.id),
        **more,
    )
