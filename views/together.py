"""Changing many things of a list at once: what was ticked, and one page that says what will happen before it does.

Everything chosen stands in the address: ``?what=move&id=3&id=7&back=/actions``. The form adds what was shown already:
``shown`` (the day, the person) and ``known`` (the ids that are refused). Only what was shown is done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.services import words
from crm.services.bulk import MOST, Outcome
from views.arguments import back_or
from views.forms.base import Form


@dataclass(frozen=True)
class Way:
    """Something that can be done with many. Words take the number: "Complete {}"."""

    #: "Complete", "Move": the first word of the button.
    verb: str
    #: "{} will be marked as done."
    will: str
    #: "{} are done."
    did: str
    #: What is asked for before, in the lede; "" when nothing is.
    asks: str = ""
    #: The name of the form's field.
    field: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Line:
    """One of those chosen, in words."""

    id: int
    what: str
    meta: Sequence[str]


@dataclass(frozen=True)
class Kind:
    """What the things are, and where their list is."""

    one: str
    many: str
    title: str
    list_url: str

    def counted(self, count: int) -> str:
        return words.counted(count, self.one, self.many)


def ids(most: int = MOST) -> frozenset[int]:
    """Of what was ticked."""
    given = request.args.getlist("id")[:most]
    return frozenset(int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 10)


def is_agreed(outcome: Outcome, said: str) -> bool:
    """Whether this was shown before: the same said, and nothing refused that was not."""
    known = set(request.form.get("known", "").split(","))
    refused = {str(row_id) for row_id in outcome.refused}
    return bool(outcome.done) and request.form.get("shown") == said and refused <= known


def nothing_ticked(kind: Kind) -> ResponseReturnValue:
    flash(f"Tick the {kind.many} first.", "error")
    return redirect(back_or(kind.list_url), 303)


def done(kind: Kind, way: Way, outcome: Outcome) -> ResponseReturnValue:
    told = words.capital(way.did.format(kind.counted(len(outcome.done))))
    stayed = len(outcome.refused)
    flash(f"{told} {words.capital(words.number(stayed))} stayed as before." if stayed else told)
    return redirect(back_or(kind.list_url), 303)


def carry_out(
    kind: Kind,
    way: Way,
    form: Form,
    said: str,
    *,
    outcome: Callable[[], Outcome],
    page: Callable[[Outcome | None], str],
    afterwards: Callable[[Outcome], None] | None = None,
) -> ResponseReturnValue:
    """First what would happen, then, when that is agreed, it happens. ``page``: what was chosen, read anew."""
    if not form.validate():
        return page(None), 422
    trial = db.session().begin_nested()
    try:
        found = outcome()
    except Invalid as error:
        trial.rollback()
        form.refuse(error)
        return page(None), 422
    if not is_agreed(found, said):
        trial.rollback()
        return page(found)
    trial.commit()
    answer = done(kind, way, found)
    if afterwards:
        afterwards(found)
    return answer


def page(
    kind: Kind, way: Way, lines: Sequence[Line], form: Form, outcome: Outcome | None = None, said: str = ""
) -> str:
    """With an outcome it is what will happen; without, what was ticked and what is still to be said."""
    return render_template(
        "lists/together.html",
        kind=kind,
        way=way,
        lines=lines,
        form=form,
        asked=form[way.field] if way.field else None,
        outcome=outcome,
        said=said,
        back=back_or(kind.list_url),
    )
