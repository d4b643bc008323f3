"""Complaints: the list, complaining, and what is said of one: how bad, to whom it goes, why it came about."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.errors import Invalid
from crm.policy import Action
from crm.services import (
    attendees,
    clock,
    complaint_lists,
    complaint_page,
    complaint_sources,
    complaints,
    escalations,
    request_stages,
    requests,
    units,
)
from crm.services.complaint_lists import PARTS, Wanted
from crm.services.complaint_sources import Source
from crm.services.exports import complaints as exports
from models.request import Request, RequestKind, Severity
from models.unit import BusinessUnit
from views import access, downloads, list_tools
from views.access import allow
from views.arguments import chosen_id
from views.forms.complaints import (
    ComplaintForm,
    ComplaintForSomebodyForm,
    PassUpForm,
    SeverityForm,
    SolveForm,
    TurnForm,
)
from views.paging import page_number

bp = Blueprint("complaints", __name__)
bp.add_app_template_filter(request_stages.stages_of, "request_stages")
bp.add_app_template_filter(request_stages.stage_of, "request_stage")
bp.add_app_template_filter(request_stages.SEVERITIES.get, "severity_word")
bp.add_app_template_filter(request_stages.LEVELS.get, "level_words")
bp.add_app_template_filter(request_stages.CAUSES.get, "cause_words")
bp.add_app_template_filter(complaints.can_turn, "can_be_complaint")

#: What is said below the name of whom it can go to.
RUNGS = {1: "looks after the unit", 2: "leads them", 3: "the CIO"}
LABELS = {
    "open": "Open",
    "solved": "Solved, says IT",
    "declined": "We do not see to it",
    "closed": "Closed by the unit",
    "all": "All",
}


@bp.get("/complaints")
@allow(Action.SEE_PROMISES)
def index() -> ResponseReturnValue:
    session, by, wanted = db.session(), access.actor(), _wanted()
    listed = partial(complaint_lists.listed, session, by=by, wanted=wanted)
    if kind := downloads.wanted():
        return downloads.send("complaints", exports.sheet(listed), kind)
    own = units.own_choices(session, by, wanted.unit_id)
    return render_template(
        "complaints/index.html",
        page=listed(number=page_number()),
        wanted=wanted,
        branch=access.branch(wanted.branch_id),
        parts=LABELS,
        own=own,
        owners=complaint_lists.owners(session, by=by),
        severities=[(one.value, request_stages.SEVERITIES[one]) for one in reversed(Severity)],
        levels=list(request_stages.LEVELS.items()),
        today=access.today(),
        tools=list_tools.of("complaints"),
    )


def _wanted() -> Wanted:
    part, severity, level = (request.args.get(name, "") for name in ("show", "severity", "level"))
    return Wanted(
        part=part if part in PARTS else "open",
        unit_id=chosen_id("unit"),
        branch_id=chosen_id("branch"),
        severity=Severity(severity) if severity in set(Severity) else None,
        owner_id=chosen_id("owner"),
        level=int(level) if level in {str(one) for one in request_stages.LEVELS} else None,
        is_late=request.args.get("late") == "1",
    )


# ---- Complaining


@bp.get("/units/<int:unit_id>/complaints/new")
@allow(Action.ADD_REQUEST)
def new(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.ADD_REQUEST)
    of, source = _of(unit)
    form = _new_form(unit, fresh=True)
    if of is not None:
        form.title.data = f"About “{of.title}”"[:200]
    return _new(unit, form, of, source)


@bp.post("/units/<int:unit_id>/complaints/new")
@allow(Action.ADD_REQUEST)
def create(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.ADD_REQUEST)
    (of, source), form = _of(unit), _new_form(unit, fresh=False)
    if form.validate():
        try:
            added = _add(unit, form)
            response_id = source.response_id if source else None
            complaints.link(db.session(), by=access.actor(), complaint=added, of=of, response_id=response_id)
            flash(f"“{added.title}” is with us now. You alone say when it is solved.")
            return redirect(url_for("requests.show", request_id=added.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _new(unit, form, of, source), 422


def _add(unit: BusinessUnit, form: ComplaintForm) -> Request:
    return requests.add(
        db.session(),
        by=access.actor(),
        unit=unit,
        title=form.title.data or "",
        business_need=form.business_need.data or "",
        now=access.now(),
        requester_id=form.requester_id.data if isinstance(form, ComplaintForSomebodyForm) else None,
        kind=RequestKind.COMPLAINT,
        severity=Severity(form.severity.data),
    )


def _of(unit: BusinessUnit) -> tuple[Request | None, Source | None]:
    """What it is about, as the address says."""
    session, by, request_id = db.session(), access.actor(), chosen_id("of")
    of = requests.find(session, by=by, request_id=request_id) if request_id else None
    comment, reply = request.args.get("comment", type=int), chosen_id("reply")
    return of, complaint_sources.read(session, by=by, unit_id=unit.id, comment=comment, reply=reply)


def _new_form(unit: BusinessUnit, *, fresh: bool) -> ComplaintForm:
    given = {"formdata": None} if fresh else {}
    if not policy.can(access.actor(), Action.DECIDE_REQUEST, unit):
        return ComplaintForm(**given)
    form = ComplaintForSomebodyForm(**given)
    today = clock.local_date(access.now(), unit.time_zone)
    people = attendees.candidates(db.session(), unit=unit, on=today, last=None)
    theirs = [(one.person.id, one.person.name) for one in people if one.is_from_unit]
    form.requester_id.choices = [("", "Nobody in particular"), *theirs]
    return form


def _new(unit: BusinessUnit, form: ComplaintForm, of: Request | None, source: Source | None) -> str:
    return render_template("complaints/new.html", unit=unit, form=form, of=of, source=source)


@bp.get("/complaints/<int:request_id>/rating")
@allow(Action.SEE_RATINGS)
def rating(request_id: int) -> ResponseReturnValue:
    """The rating it was made of, where this person may read it."""
    found = _find(request_id, Action.SEE_RATINGS)
    round_id = complaint_sources.round_of(db.session(), by=access.actor(), complaint=found)
    return redirect(url_for("ratings.show", round_id=round_id), 303)


# ---- What is said of one


def _find(request_id: int, right: Action) -> Request:
    found = requests.find(db.session(), by=access.actor(), request_id=request_id)
    policy.require(access.actor(), right, found)
    return found


def _back(found: Request) -> ResponseReturnValue:
    return redirect(url_for("requests.show", request_id=found.id), 303)


@bp.route("/requests/<int:request_id>/complaint", methods=["GET", "POST"])
@allow(Action.EDIT_REQUEST)
def turn(request_id: int) -> ResponseReturnValue:
    found, form = _find(request_id, Action.EDIT_REQUEST), TurnForm()
    if not complaints.can_turn(found):
        return redirect(url_for("complaints.new", unit_id=found.unit_id, of=found.id))
    if form.validate_on_submit():
        try:
            complaints.turn(
                db.session(),
                by=access.actor(),
                request=found,
                severity=Severity(form.severity.data),
                why=form.why.data or "",
                now=access.now(),
            )
            flash(f"“{found.title}” is a complaint now.")
            return _back(found)
        except Invalid as error:
            form.refuse(error)
    return render_template("complaints/turn.html", wish=found, form=form), 422 if form.errors else 200


@bp.route("/complaints/<int:request_id>/up", methods=["GET", "POST"])
@allow(Action.ESCALATE_COMPLAINT)
def pass_up(request_id: int) -> ResponseReturnValue:
    found, form = _find(request_id, Action.ESCALATE_COMPLAINT), PassUpForm()
    rungs = escalations.ways_up(db.session(), request=found, unit=found.unit, today=access.today())
    form.offer(rungs)
    if form.validate_on_submit():
        try:
            passed = escalations.pass_up(
                db.session(),
                by=access.actor(),
                request=found,
                level=int(form.level.data),
                why=form.why.data or "",
                now=access.now(),
            )
            name = next(rung.person.name for rung in rungs if rung.level == passed.level)
            flash(f"It is with {name} now, and {name.split()[0]} is told.")
            return _back(found)
        except Invalid as error:
            form.refuse(error)
    notes = {str(rung.level): RUNGS[rung.level] for rung in rungs}
    level = escalations.reached(db.session(), request=found)
    by_itself = complaint_page.goes_up(db.session(), request=found, level=level) if rungs else None
    shown = render_template(
        "complaints/up.html", wish=found, form=form, rungs=rungs, notes=notes, by_itself=by_itself, today=access.today()
    )
    return shown, 422 if form.errors else 200


@bp.route("/complaints/<int:request_id>/solved", methods=["GET", "POST"])
@allow(Action.DECIDE_REQUEST)
def solve(request_id: int) -> ResponseReturnValue:
    found = _find(request_id, Action.DECIDE_REQUEST)
    form = SolveForm(root_cause=found.root_cause, cause=found.cause.value if found.cause else "")
    if form.validate_on_submit():
        try:
            complaints.solve(
                db.session(),
                by=access.actor(),
                request=found,
                root_cause=form.root_cause.data or "",
                cause=form.told_cause,
                did=form.did.data or "",
                now=access.now(),
            )
            flash(f"Solved, as we see it. {found.unit.name} says whether it is.")
            return _back(found)
        except Invalid as error:
            form.refuse(error)
    return render_template("complaints/solved.html", wish=found, form=form), 422 if form.errors else 200


@bp.route("/complaints/<int:request_id>/severity", methods=["GET", "POST"])
@allow(Action.DECIDE_REQUEST)
def correct(request_id: int) -> ResponseReturnValue:
    found = _find(request_id, Action.DECIDE_REQUEST)
    form = SeverityForm(severity=found.severity.value if found.severity else None)
    if form.validate_on_submit():
        try:
            changed = complaints.correct_severity(
                db.session(),
                by=access.actor(),
                request=found,
                severity=Severity(form.severity.data),
                why=form.why.data or "",
                now=access.now(),
            )
            flash("Corrected. The unit reads why." if changed else "It stays as it was.")
            return _back(found)
        except Invalid as error:
            form.refuse(error)
    return render_template("complaints/severity.html", wish=found, form=form), 422 if form.errors else 200
