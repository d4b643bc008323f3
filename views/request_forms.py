"""Entering and correcting a request, and its files."""

from __future__ import annotations

import io
from dataclasses import replace

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.errors import Invalid
from crm.policy import Action
from crm.services import (
    attendees,
    clock,
    request_asking,
    request_editing,
    request_facts,
    request_files,
    request_removal,
    requests,
    similar,
    units,
)
from crm.services.request_asking import Asked
from crm.services.request_editing import ChangedMeanwhile, Told
from crm.services.request_facts import CURRENCIES
from models.request import Request
from models.unit import BusinessUnit
from views import access, uploads
from views.access import allow
from views.forms.base import tidy
from views.forms.requests import (
    AttachForm,
    EditForm,
    EditOursForm,
    RequestForm,
    RequestForSomebodyForm,
)

bp = Blueprint("request_forms", __name__)
bp.add_app_template_filter(request_facts.told, "facts_in_words")
bp.add_app_template_filter(request_facts.host, "host")
bp.add_app_template_filter(uploads.size_in_words, "size_in_words")

#: How the parts of a request are called where two people changed them.
NAMES = {
    "title": "What is asked for",
    "business_need": "The need",
    "kind": "What it is",
    "origin": "Whose idea",
    "severity": "How bad it is",
    "requester_id": "Who asks",
    "value_wanted": "What is better then",
    "value_low": "Worth, from",
    "value_high": "Worth, to",
    "cost_low": "Cost, from",
    "cost_high": "Cost, to",
    "hours_low": "Hours, from",
    "hours_high": "Hours, to",
    "wished_for": "Wished for by",
    "link": "Ticket or project elsewhere",
}
TEXTS = ("business_need", "title", "value_wanted")


# ---- Entering


@bp.get("/units/<int:unit_id>/requests/new")
@allow(Action.ADD_REQUEST)
def new(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.ADD_REQUEST)
    return _new(unit, _new_form(unit, fresh=True))


@bp.post("/units/<int:unit_id>/requests/new")
@allow(Action.ADD_REQUEST)
def create(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.ADD_REQUEST)
    form = _new_form(unit, fresh=False)
    if "look" in request.form:
        return _new(unit, form, looked=True)
    if form.validate():
        try:
            added = request_asking.ask(
                db.session(),
                by=access.actor(),
                unit=unit,
                asked=_asked(form),
                store=uploads.store(),
                now=access.now(),
            )
            flash(f"“{added.title}” is with us now.")
            return redirect(url_for("requests.show", request_id=added.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _new(unit, form), 422


def _new(unit: BusinessUnit, form: RequestForm, *, looked: bool = False) -> str:
    """``looked``: the unit asks for the same need before it sends anything; with script that happens while it types."""
    words = f"{form.title.data}\n{form.business_need.data}"
    return render_template(
        "requests/new.html",
        unit=unit,
        form=form,
        currency=_currency(),
        looked=looked,
        similar=similar.to(db.session(), by=access.actor(), text=words) if looked else None,
        today=access.today(),
    )


def _currency() -> str:
    code = access.organisation().currency
    return CURRENCIES.get(code, code)


def _new_form(unit: BusinessUnit, *, fresh: bool) -> RequestForm:
    """The form for the own wish; with more of it for those who look after the unit."""
    given = {"formdata": None} if fresh else {}
    if not policy.can(access.actor(), Action.DECIDE_REQUEST, unit):
        return RequestForm(**given)
    form = RequestForSomebodyForm(**given)
    form.requester_id.choices = _requesters(unit)
    form.also.choices = [one for one in units.own_choices(db.session(), access.actor()) if one[0] != unit.id]
    return form


def _requesters(unit: BusinessUnit) -> list[tuple[int | str, str]]:
    today = clock.local_date(access.now(), unit.time_zone)
    people = attendees.candidates(db.session(), unit=unit, on=today, last=None)
    theirs = [(one.person.id, one.person.name) for one in people if one.is_from_unit]
    return [("", "Nobody in particular"), *theirs]


def _asked(form: RequestForm) -> Asked:
    told = Asked(
        title=form.title.data or "",
        business_need=form.business_need.data or "",
        kind=form.told_kind,
        severity=form.told_severity,
        facts=form.facts,
        files=uploads.sent(form.sent),
    )
    if not isinstance(form, RequestForSomebodyForm):
        return told
    return replace(
        told,
        origin=form.origin,
        requester_id=form.requester_id.data,
        also=form.also.data or (),
        need=form.need.data or "",
    )


# ---- Correcting


@bp.get("/requests/<int:request_id>/edit")
@allow(Action.EDIT_REQUEST)
def edit(request_id: int) -> ResponseReturnValue:
    found = _find(request_id)
    return _edit(found, _edit_form(found, fresh=True))


@bp.post("/requests/<int:request_id>/edit")
@allow(Action.EDIT_REQUEST)
def change(request_id: int) -> ResponseReturnValue:
    found = _find(request_id)
    form = _edit_form(found, fresh=False)
    if form.validate():
        try:
            request_editing.edit(
                db.session(),
                by=access.actor(),
                request=found,
                told=form.told(Told.of(found)),
                seen=form.seen.data or "",
                now=access.now(),
            )
            flash("Corrected. What stood there before stays in the audit trail.")
            return redirect(url_for("requests.show", request_id=found.id), 303)
        except ChangedMeanwhile as clash:
            form.begin_anew(clash.theirs)
            return _edit(found, form, clash), 409
        except Invalid as error:
            form.refuse(error)
    return _edit(found, form), 422


def _find(request_id: int) -> Request:
    found = requests.find(db.session(), by=access.actor(), request_id=request_id)
    policy.require(access.actor(), Action.EDIT_REQUEST, found)
    return found


def _edit_form(found: Request, *, fresh: bool) -> EditForm:
    names = request_editing.rights(db.session(), by=access.actor(), request=found)
    is_ours = policy.can(access.actor(), Action.DECIDE_REQUEST, found)
    form = (EditOursForm if is_ours else EditForm).of(Told.of(found), names, fresh=fresh)
    if isinstance(form, EditOursForm) and form.requester_id is not None:
        form.requester_id.choices = _with(_requesters(found.unit), found)
    return form


def _with(choices: list[tuple[int | str, str]], found: Request) -> list[tuple[int | str, str]]:
    """Who asked stays on offer, also after leaving."""
    if found.requester is None or found.requester_id in dict(choices):
        return choices
    return [*choices, (found.requester.id, found.requester.name)]


def _edit(found: Request, form: EditForm, clash: ChangedMeanwhile | None = None) -> str:
    return render_template(
        "requests/edit.html",
        wish=found,
        form=form,
        currency=_currency(),
        clash=clash,
        changed=_changed(clash),
        typed=_typed(form),
        may_remove=request_removal.may_remove(db.session(), by=access.actor(), request=found),
    )


def _typed(form: EditForm) -> list[tuple[str, str]]:
    """What was typed into parts that are not to be corrected any more: it was decided in the meantime."""
    sent = [(NAMES[name], tidy(request.form.get(name))) for name in TEXTS if name not in form._fields]
    return [(label, words) for label, words in sent if words]


def _changed(clash: ChangedMeanwhile | None) -> list[tuple[str, str]]:
    """What stands now where something else was typed."""
    if clash is None:
        return []
    parts = clash.theirs.parts
    return [(label, _in_words(parts[name])) for name, label in NAMES.items() if name in clash.names]


def _in_words(said: object) -> str:
    return str(said).replace("_", "-") if said not in (None, "") else "Nothing"


@bp.post("/requests/<int:request_id>/remove")
@allow(Action.EDIT_REQUEST)
def remove(request_id: int) -> ResponseReturnValue:
    found = _find(request_id)
    try:
        request_removal.remove(db.session(), by=access.actor(), request=found, store=uploads.store())
    except Invalid as error:
        flash(str(error), "warning")
        return redirect(url_for("requests.show", request_id=request_id), 303)
    flash(f"“{found.title}” is taken back.")
    return redirect(url_for("unit_page.show", unit_id=found.unit_id), 303)


# ---- Files


@bp.post("/requests/<int:request_id>/files")
@allow(Action.EDIT_REQUEST)
def attach(request_id: int) -> ResponseReturnValue:
    found = _find(request_id)
    form = AttachForm()
    try:
        added = request_files.add(
            db.session(),
            by=access.actor(),
            request=found,
            sent=uploads.sent(form.sent) if form.validate() else (),
            store=uploads.store(),
            now=access.now(),
        )
        flash(f"“{added[-1].name}” is with it now." if added else "Choose a file first.")
    except Invalid as error:
        flash(str(error), "warning")
    return redirect(url_for("requests.show", request_id=found.id) + "#files", 303)


@bp.get("/requests/<int:request_id>/files/<int:file_id>")
@allow(Action.SEE_PROMISES)
def download(request_id: int, file_id: int) -> Response:
    """Always to be saved, never shown by us; the browser keeps to the type we say."""
    found = requests.find(db.session(), by=access.actor(), request_id=request_id)
    file = request_files.find(db.session(), request=found, file_id=file_id)
    content = io.BytesIO(request_files.path_of(file, store=uploads.store()).read_bytes())
    return send_file(content, mimetype=file.media_type, as_attachment=True, download_name=file.name)


@bp.post("/requests/<int:request_id>/files/<int:file_id>/remove")
@allow(Action.EDIT_REQUEST)
def detach(request_id: int, file_id: int) -> ResponseReturnValue:
    found = _find(request_id)
    file = request_files.find(db.session(), request=found, file_id=file_id)
    request_files.remove(db.session(), by=access.actor(), request=found, file=file, store=uploads.store())
    flash(f"“{file.name}” is removed.")
    return redirect(url_for("requests.show", request_id=found.id) + "#files", 303)
