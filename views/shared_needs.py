"""The same need of several units: which there are, what they come to, and who brings them together."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.errors import Invalid
from crm.policy import Action
from crm.services import request_facts, requests, shared_need_pages, shared_needs, similar
from crm.services.similar import Similar
from models.request import Request
from models.request_part import SharedNeed
from views import access
from views.access import allow
from views.forms.base import tidy
from views.forms.shared_needs import AddForm, JoinForm, NeedForm
from views.paging import page_number

bp = Blueprint("shared_needs", __name__)
bp.add_app_template_filter(request_facts.cost, "cost_in_words")

#: So many are offered to be joined.
OFFERED = 12


@bp.get("/needs")
@allow(Action.SHARE_NEED)
def index() -> ResponseReturnValue:
    text, settled = tidy(request.args.get("text"))[:100], request.args.get("show") == "settled"
    mine = request.args.get("whose") == "mine"
    page = shared_need_pages.listed(
        db.session(), by=access.actor(), mine=mine, settled=settled, text=text, number=page_number()
    )
    return render_template(
        "needs/index.html",
        page=page,
        text=text,
        settled=settled,
        mine=mine,
        today=access.today(),
        zone=access.organisation().time_zone,
    )


@bp.get("/needs/<int:need_id>")
@allow(Action.SHARE_NEED)
def show(need_id: int) -> ResponseReturnValue:
    need = _find(need_id)
    return _show(need, _need_form(NeedForm(formdata=None, obj=need)), AddForm(formdata=None))


def _find(need_id: int) -> SharedNeed:
    return shared_needs.find(db.session(), by=access.actor(), need_id=need_id)


def _need_form(form: NeedForm) -> NeedForm:
    form.facilitator_id.choices = [("", "Choose"), *shared_needs.facilitators(db.session())]
    return form


def _show(need: SharedNeed, form: NeedForm, add_form: AddForm) -> str:
    session, by = db.session(), access.actor()
    page = shared_need_pages.of(session, by=by, need=need)
    text = tidy(request.args.get("text"))[:200]
    here = {one.id for one in page.requests}
    words = text or f"{need.title}\n{shared_need_pages.words_of(page.requests[0])}"
    found = similar.to(session, by=by, text=words, limit=OFFERED) if page.may_change else []
    return render_template(
        "needs/show.html",
        page=page,
        form=form,
        add_form=add_form,
        offered=[one for one in found if one.request_id not in here and one.shared_need_id is None],
        text=text,
        today=access.today(),
    )


@bp.post("/needs/<int:need_id>")
@allow(Action.SHARE_NEED)
def change(need_id: int) -> ResponseReturnValue:
    need = _find(need_id)
    form = _need_form(NeedForm())
    if form.validate():
        try:
            shared_needs.change(
                db.session(),
                by=access.actor(),
                need=need,
                title=form.title.data or "",
                facilitator_id=form.facilitator_id.data,
            )
            flash("Kept. The units read who brings it together.")
            return redirect(url_for("shared_needs.show", need_id=need.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _show(need, form, AddForm(formdata=None)), 422


@bp.post("/needs/<int:need_id>/requests")
@allow(Action.SHARE_NEED)
def add(need_id: int) -> ResponseReturnValue:
    session, need, form = db.session(), _find(need_id), AddForm()
    if form.validate():
        try:
            chosen = shared_needs.chosen(session, by=access.actor(), ids=form.requests.data or ())
            shared_needs.add(session, by=access.actor(), need=need, requests=chosen)
            flash(f"Joined to “{need.title}”. Each unit keeps its own request.")
            return redirect(url_for("shared_needs.show", need_id=need.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _show(need, _need_form(NeedForm(formdata=None, obj=need)), form), 422


# ---- One request at hand


@bp.get("/requests/<int:request_id>/join")
@allow(Action.SHARE_NEED)
def choose(request_id: int) -> ResponseReturnValue:
    found = _at_hand(request_id)
    form = JoinForm(formdata=None)
    form.facilitator_id.data = access.actor().id
    return _choose(found, form)


@bp.post("/requests/<int:request_id>/join")
@allow(Action.SHARE_NEED)
def join(request_id: int) -> ResponseReturnValue:
    session, found = db.session(), _at_hand(request_id)
    form = JoinForm()
    _need_form(form)
    if form.validate():
        try:
            others = shared_needs.chosen(session, by=access.actor(), ids=form.requests.data or ())
            need = shared_needs.join(
                session,
                by=access.actor(),
                requests=[found, *others],
                title=form.title.data or "",
                facilitator_id=form.facilitator_id.data,
                now=access.now(),
            )
            flash(f"“{need.title}” is one need now. Each unit keeps its own request and confirms for itself.")
            return redirect(url_for("shared_needs.show", need_id=need.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _choose(found, form), 422


@bp.post("/requests/<int:request_id>/leave-need")
@allow(Action.SHARE_NEED)
def leave(request_id: int) -> ResponseReturnValue:
    found = _at_hand(request_id)
    shared_needs.leave(db.session(), by=access.actor(), request=found)
    flash(f"“{found.title}” is on its own again.")
    return redirect(url_for("requests.show", request_id=found.id), 303)


def _at_hand(request_id: int) -> Request:
    found = requests.find(db.session(), by=access.actor(), request_id=request_id)
    policy.require(access.actor(), Action.SHARE_NEED, found)
    return found


def _choose(found: Request, form: JoinForm) -> str:
    text = tidy(request.args.get("text"))[:200]
    offered = _offered(found, text)
    ticked = {*(form.requests.data or ()), *request.args.getlist("with", type=int)}
    _need_form(form)
    return render_template(
        "needs/join.html", wish=found, form=form, offered=offered, ticked=ticked, text=text, today=access.today()
    )


def _offered(found: Request, text: str) -> list[Similar]:
    """Those one can tick first, then those that are part of a need already."""
    words = text or shared_need_pages.words_of(found)
    alike = similar.to(db.session(), by=access.actor(), text=words, beyond=found.unit_id, limit=OFFERED)
    return sorted(alike, key=lambda one: one.shared_need_id is not None)
