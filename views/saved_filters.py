"""Saving the filter of a list under a name, and the page of all that are kept."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.errors import Invalid
from crm.policy import Action
from crm.services import saved_filters
from crm.services.saved_filters import LISTS
from views import access, list_tools
from views.access import allow
from views.forms.lists import SaveFilterForm

bp = Blueprint("saved_filters", __name__)

NEW = f"/filters/<any({', '.join(LISTS)}):list_name>/new"


@bp.get("/filters")
@allow(Action.SEE_OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    kept = saved_filters.all_of(db.session(), by=access.actor())
    groups = [(LISTS[name].title, list(those)) for name, those in groupby(kept, lambda one: one.list_name)]
    return render_template("filters/index.html", groups=groups, address=list_tools.address)


@bp.get(NEW)
@allow(Action.SEE_OWN_ACCOUNT)
def new(list_name: str) -> ResponseReturnValue:
    return _page(list_name, SaveFilterForm(formdata=None))


@bp.post(NEW)
@allow(Action.SEE_OWN_ACCOUNT)
def create(list_name: str) -> ResponseReturnValue:
    """The filter itself stands in the address, as it does at the list."""
    form = SaveFilterForm()
    if form.validate():
        try:
            said, name = list(request.args.items()), form.name.data or ""
            kept = saved_filters.save(db.session(), by=access.actor(), list_name=list_name, name=name, said=said)
            flash(f"“{kept.name}” stands above your {LISTS[list_name].title.lower()} now.")
            return redirect(list_tools.address(kept), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(list_name, form), 422


def _page(list_name: str, form: SaveFilterForm) -> str:
    known = LISTS[list_name]
    policy.require(access.actor(), known.right)
    back = list_tools.narrowed(list_name, saved_filters.query_of(list_name, request.args.items()))
    return render_template("filters/new.html", form=form, title=known.title, back=back)


@bp.post("/filters/<int:filter_id>/remove")
@allow(Action.SEE_OWN_ACCOUNT)
def remove(filter_id: int) -> ResponseReturnValue:
    gone = saved_filters.remove(db.session(), by=access.actor(), filter_id=filter_id)
    flash(f"“{gone.name}” is removed. The list itself stays.")
    return redirect(url_for("saved_filters.index"), 303)
