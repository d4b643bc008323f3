"""Logging a meeting: the form, what it will keep, and keeping it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Conflict, Invalid
from crm.policy import Action
from crm.services import (
    agenda,
    attendees,
    clock,
    drafts,
    meeting_desk,
    meeting_log,
    meeting_mistakes,
    meeting_notes,
    reviews,
)
from crm.services.attendees import Candidate
from crm.services.meeting_desk import Desk
from crm.services.meeting_notes import Gathered
from models.draft import Draft
from models.meeting import Meeting, MeetingKind
from models.unit import BusinessUnit
from views import access
from views.access import allow
from views.arguments import chosen_id
from views.forms.log_meeting import DURATIONS, MeetingForm, Offer, Start

bp = Blueprint("log_meeting", __name__)


@bp.get("/units/<int:unit_id>/meetings/new")
@allow(Action.START_MEETING)
def new(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.LOG_MEETING)
    draft = drafts.find(db.session(), by=access.actor(), key=drafts.log_key(unit.id))
    desk = _desk(unit, _meant_review(draft))
    if draft is None:
        return _page(unit, MeetingForm.empty(_start(desk)), desk)
    form = MeetingForm.of_draft(draft.fields, drafts.stamp(draft), _start(desk))
    return _page(unit, form, desk, draft=draft)


def _meant_review(draft: Draft | None) -> int | None:
    """The review that the draft is about, or the address asks for."""
    drafted = draft.fields.get("review_id", [""])[0] if draft else ""
    return int(drafted) if drafted.isdecimal() and len(drafted) < 10 else chosen_id("review")


@bp.post("/units/<int:unit_id>/meetings/new")
@allow(Action.START_MEETING)
def create(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.LOG_MEETING)
    form = MeetingForm()
    form.take_answers(request.form)
    if form.is_asking(request.form):
        form.add(request.form.get("add", ""))
        _keep_draft(unit, form)
        return _page(unit, form)
    if form.validate() and (saved := _saved(unit, form)):
        return saved
    return _page(unit, form), 422


@bp.post("/units/<int:unit_id>/meetings/preview")
@allow(Action.START_MEETING)
def preview(unit_id: int) -> ResponseReturnValue:
    """The live panel: what would be kept of the form as it stands. Without script, the whole page."""
    unit = access.unit(unit_id, Action.LOG_MEETING)
    form = MeetingForm()
    form.take_needs(request.form)
    form.leave_open(request.form)
    if "HX-Request" not in request.headers:
        return _page(unit, form)
    return render_template("meetings/_found.html", **_found(unit, form, _candidates(unit)), live=True)


def _candidates(unit: BusinessUnit) -> list[Candidate]:
    today = clock.local_date(access.now(), unit.time_zone)
    return list(attendees.candidates(db.session(), unit=unit, on=today, last=None))


def _gathered(unit: BusinessUnit, form: MeetingForm, candidates: list[Candidate]) -> Gathered:
    told = form.told(clock.local_date(access.now(), unit.time_zone), share=request.form.get("save") == "share")
    stands = form.as_it_stands.data or ()
    return meeting_notes.gather(told, candidates=candidates, me=access.actor().id, as_it_stands=stands)


def _saved(unit: BusinessUnit, form: MeetingForm) -> ResponseReturnValue | None:
    """The way on when the meeting could be kept; otherwise the form says what cannot be taken."""
    session, now = db.session(), access.now()
    gathered = _gathered(unit, form, _candidates(unit))
    mistakes = meeting_mistakes.mistakes(session, unit=unit, new=gathered.new, now=now)
    for mistake in mistakes:
        form.refuse(gathered.in_notes(mistake))
    if gathered.asked:
        form.ask(gathered.asked)
    if mistakes or gathered.asked:
        return None
    try:
        meeting = meeting_log.log(session, by=access.actor(), unit=unit, new=gathered.new, now=now)
    except Invalid as error:
        form.refuse(error)
        return None
    drafts.settle(session, by=access.actor(), key=drafts.log_key(unit.id), known=form.known_draft)
    return _on_to(unit, meeting)


def _on_to(unit: BusinessUnit, meeting: Meeting) -> ResponseReturnValue:
    shared = f" {unit.name} can read it, and is asked whether it is right." if meeting.shared_version else ""
    flash(f"The meeting with {unit.name} is kept.{shared}")
    return redirect(url_for("meetings.show", meeting_id=meeting.id), 303)


def _keep_draft(unit: BusinessUnit, form: MeetingForm) -> None:
    """Without script the draft is kept whenever the form is shown again. A newer one of another page stays."""
    try:
        draft = drafts.keep(
            db.session(),
            by=access.actor(),
            unit=unit,
            key=drafts.log_key(unit.id),
            fields=form.typed(request.form),
            known=form.known_draft,
            now=access.now(),
        )
        form.draft_at.data = drafts.stamp(draft)
    except (Conflict, Invalid):
        pass


# ---- The page


def _desk(unit: BusinessUnit, review_id: int | None) -> Desk:
    return meeting_desk.lay(db.session(), by=access.actor(), unit=unit, review_id=review_id, now=access.now())


def _start(desk: Desk) -> Start:
    """What stands in the form before anything is typed."""
    return Start(
        held_on=desk.held_on,
        kind=MeetingKind.REVIEW if desk.is_due else MeetingKind.TOUCHPOINT,
        lasted=meeting_desk.usual_minutes(db.session(), desk=desk),
        attendees=desk.present_at_first(access.actor().id),
        excused=desk.excused_at_first(access.actor().id),
        review_id=desk.review.id if desk.review and desk.is_due else None,
        minutes=agenda.skeleton(desk.agenda) if request.args.get("agenda") else "",
        projects=desk.projects,
    )


def _page(unit: BusinessUnit, form: MeetingForm, desk: Desk | None = None, *, draft: Draft | None = None) -> str:
    """The form, with everybody and everything there is to choose from."""
    desk = desk or _desk(unit, form.meant_review)
    form.offer(Offer(desk.candidates, desk.left, desk.agenda, desk.projects))
    return render_template(
        "meetings/log.html",
        **_found(unit, form, list(desk.candidates)),
        desk=desk,
        draft=draft,
        mails=drafts.mails_in(draft) if draft else (),
        durations=DURATIONS,
        left={action.id: action for action in desk.left},
        listed={project.id: project for project in desk.projects},
        theirs={one.person.id for one in desk.candidates if one.is_from_unit},
        period=reviews.period_in_words(desk.review) if desk.review else "",
    )


def _found(unit: BusinessUnit, form: MeetingForm, candidates: list[Candidate]) -> dict[str, object]:
    """What the panel shows."""
    return {
        "unit": unit,
        "form": form,
        "gathered": _gathered(unit, form, candidates),
        "people": {one.person.id: one.person for one in candidates},
        "today": clock.local_date(access.now(), unit.time_zone),
    }
