"""Who in IT sees to a request."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.errors import Invalid
from crm.policy import Action
from crm.services import request_owners, requests
from models.request import Request
from views import access
from views.access import allow
from views.forms.deciding import OwnerForm

bp = Blueprint("request_owners", __name__)


def _found(request_id: int) -> Request:
    found = requests.find(db.session(), by=access.actor(), request_id=request_id)
    policy.require(access.actor(), Action.DECIDE_REQUEST, found)
    return found


def _page(found: Request, form: OwnerForm) -> str:
    people = request_owners.choices(db.session(), request=found)
    form.owner_id.choices = [(person.id, person.name) for person in people]
    return render_template("requests/owner.html", wish=found, form=form)


@bp.get("/requests/<int:request_id>/owner")
@allow(Action.DECIDE_REQUEST)
def edit(request_id: int) -> ResponseReturnValue:
    found = _found(request_id)
    return _page(found, OwnerForm(formdata=None, owner_id=found.owner_id or access.actor().id))


@bp.post("/requests/<int:request_id>/owner")
@allow(Action.DECIDE_REQUEST)
def give(request_id: int) -> ResponseReturnValue:
    found, form = _found(request_id), OwnerForm()
    try:
        if form.validate():
            owner_id = form.owner_id.data or 0
            request_owners.give(db.session(), by=access.actor(), request=found, owner_id=owner_id, now=access.now())
            flash(f"{found.owner.name if found.owner else 'Nobody'} sees to “{found.title}”.")
            return redirect(url_for("requests.show", request_id=found.id), 303)
    except Invalid as error:
        form.refuse(error)
    return _page(found, form), 422
