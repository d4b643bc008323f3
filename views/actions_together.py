"""Many actions at once: done, another day, another owner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action as Right
from crm.services import bulk_actions, words
from crm.services.bulk import Outcome
from models.action import Action
from views import access, together
from views.access import allow
from views.forms.base import Form
from views.forms.together import GiveActionsForm, MoveActionsForm, SureForm
from views.together import Kind, Line, Way

bp = Blueprint("actions_together", __name__)

WAYS = {
    "done": Way("Complete", "{} will be marked as done.", "{} marked as done."),
    "move": Way(
        "Move",
        "{} will have another day.",
        "{} moved to another day.",
        "Say which day; you see what happens before anything changes.",
        "due_on",
        "Leave it empty for no day yet.",
    ),
    "give": Way(
        "Hand over",
        "{} will go to somebody else.",
        "{} handed over.",
        "Say to whom; you see what happens before anything changes.",
        "owner_id",
    ),
}


@bp.get("/actions/together")
@allow(Right.SEE_PROMISES)
def choose() -> ResponseReturnValue:
    chosen = _chosen()
    if not chosen:
        return together.nothing_ticked(_kind())
    refused = bulk_actions.obstacles(access.actor(), chosen)
    outcome = Outcome({action.id: "done" for action in chosen if action.id not in refused}, refused)
    return _page(chosen, _form(chosen, fresh=True), outcome if _what() == "done" else None)


@bp.post("/actions/together")
@allow(Right.SEE_PROMISES)
def change() -> ResponseReturnValue:
    """First what would happen, then, when that is agreed, it happens."""
    chosen = _chosen()
    if not chosen:
        return together.nothing_ticked(_kind())
    form = _form(chosen, fresh=False)
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
    return given if given in WAYS else "done"


def _chosen() -> Sequence[Action]:
    return bulk_actions.find(db.session(), by=access.actor(), ids=together.ids())


def _kind() -> Kind:
    return Kind("action", "actions", "Actions", url_for("actions.index"))


def _form(chosen: Sequence[Action], *, fresh: bool) -> Form:
    given = {"formdata": None} if fresh else {}
    if _what() == "give":
        form = GiveActionsForm(**given)
        people = bulk_actions.takers(db.session(), chosen=chosen, today=access.today())
        form.owner_id.choices = [("", "Nobody yet"), *((person.id, person.name) for person in people)]
        return form
    return MoveActionsForm(**given) if _what() == "move" else SureForm(**given)


def _said(form: Form) -> str:
    """What was typed or chosen, as it is sent back once it was shown."""
    field = WAYS[_what()].field
    return str(form[field].data or "") if field else _what()


def _outcome(chosen: Sequence[Action], form: Form) -> Outcome:
    session, by, now = db.session(), access.actor(), access.now()
    if _what() == "move":
        return bulk_actions.move(session, by=by, chosen=chosen, due_on=form["due_on"].data, now=now)
    if _what() == "give":
        return bulk_actions.give(session, by=by, chosen=chosen, owner_id=form["owner_id"].data, now=now)
    return bulk_actions.complete(session, by=by, chosen=chosen, now=now)


def _page(chosen: Sequence[Action], form: Form, outcome: Outcome | None = None) -> str:
    lines = [Line(action.id, action.text, _facts(action, access.today())) for action in chosen]
    return together.page(_kind(), WAYS[_what()], lines, form, outcome, _said(form))


def _facts(action: Action, today: date) -> tuple[str, ...]:
    owner = action.owner.name if action.owner else "nobody yet"
    return action.unit.name, owner, f"due {words.day(action.due_on, today)}" if action.due_on else "no day yet"
