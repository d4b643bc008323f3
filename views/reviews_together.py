"""Many reviews at once: some working days later or earlier, or left out for one reason."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action
from crm.services import bulk_reviews, reviews
from crm.services.bulk import Outcome
from models.review import Review
from views import access, together
from views.access import allow
from views.filters import day
from views.forms.base import Form
from views.forms.together import MoveReviewsForm, SkipReviewsForm
from views.together import Kind, Line, Way

bp = Blueprint("reviews_together", __name__)

WAYS = {
    "move": Way(
        "Move",
        "{} will be on another day.",
        "{} moved.",
        "Say by how many working days; you see what happens before anything changes.",
        "days",
        "−2 is two working days earlier. Weekends, holidays and absences are left out.",
    ),
    "skip": Way(
        "Skip",
        "{} will be left out.",
        "{} left out, with the reason.",
        "Say why; you see what happens before anything changes.",
        "reason",
    ),
}


@bp.get("/reviews/together")
@allow(Action.PLAN_REVIEW)
def choose() -> ResponseReturnValue:
    chosen = _chosen()
    return _page(chosen, _form(fresh=True)) if chosen else together.nothing_ticked(_kind())


@bp.post("/reviews/together")
@allow(Action.PLAN_REVIEW)
def change() -> ResponseReturnValue:
    """First what would happen, then, when that is agreed, it happens."""
    chosen = _chosen()
    if not chosen:
        return together.nothing_ticked(_kind())
    form = _form(fresh=False)
    return together.carry_out(
        _kind(),
        WAYS[_what()],
        form,
        _said(form),
        outcome=partial(_outcome, chosen, form),
        page=lambda outcome: _page(_chosen(), form, outcome),
    )


def _what() -> str:
    given = request.args.get("what", "")
    return given if given in WAYS else "move"


def _chosen() -> Sequence[Review]:
    return bulk_reviews.find(db.session(), by=access.actor(), ids=together.ids())


def _kind() -> Kind:
    return Kind("review", "reviews", "Reviews", url_for("reviews.index"))


def _form(*, fresh: bool) -> Form:
    given = {"formdata": None} if fresh else {}
    return MoveReviewsForm(**given) if _what() == "move" else SkipReviewsForm(**given)


def _said(form: Form) -> str:
    """What was typed, as it is sent back once it was shown."""
    return str(form[WAYS[_what()].field].data or "")


def _outcome(chosen: Sequence[Review], form: Form) -> Outcome:
    session, by, now = db.session(), access.actor(), access.now()
    if _what() == "move":
        return bulk_reviews.move(session, by=by, chosen=chosen, days=form["days"].data, now=now)
    return bulk_reviews.skip(session, by=by, chosen=chosen, reason=form["reason"].data or "", now=now)


def _page(chosen: Sequence[Review], form: Form, outcome: Outcome | None = None) -> str:
    lines = [Line(review.id, review.unit.name, _facts(review)) for review in chosen]
    return together.page(_kind(), WAYS[_what()], lines, form, outcome, _said(form))


def _facts(review: Review) -> tuple[str, ...]:
    return day(review.planned_on, access.today()), reviews.period_in_words(review)
