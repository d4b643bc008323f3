"""How we ask: what opens by itself, how often, of whom; and what opens next."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import units
from crm.services.rounds import ahead, rules
from models.question import Instrument
from views import access
from views.access import allow
from views.arguments import chosen_id
from views.forms.asking import INSTRUMENTS, AskingForm, opened, what_changed
from views.paging import page_number

bp = Blueprint("asking", __name__)


@bp.get("/asking")
@allow(Action.MANAGE_ASKING)
def edit() -> ResponseReturnValue:
    return _page(opened(rules.of(access.organisation())))


@bp.post("/asking")
@allow(Action.MANAGE_ASKING)
def change() -> ResponseReturnValue:
    form = AskingForm()
    if form.validate():
        try:
            wanted, reason = form.rules(), form.reason.data or ""
            changed = rules.change(db.session(), by=access.actor(), wanted=wanted, reason=reason, now=access.now())
            flash("Saved, with your reason. It holds for rounds that open from now on." if changed else "As it was.")
            return redirect(url_for("asking.edit"), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(form), 422


def _page(form: AskingForm) -> str:
    session, by, unit_id = db.session(), access.actor(), chosen_id("unit")
    house = access.organisation()
    return render_template(
        "asking/edit.html",
        form=form,
        rules=rules.of(house),
        off=[INSTRUMENTS[one] for one in Instrument if one not in rules.of(house).opens],
        page=ahead.listed(session, by=by, now=access.now(), house=house, unit_id=unit_id, number=page_number()),
        unit_id=unit_id,
        units=units.choices(session, by),
        kept=[(what_changed(setting), setting, who) for setting, who in rules.history(session, by=by).rows],
        kinds=INSTRUMENTS,
    )
