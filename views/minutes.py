"""Sharing minutes with the unit, reading their versions, and replying to them when signed in."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.documents import text
from crm.errors import Invalid
from crm.policy import Action
from crm.services import clock, meetings, minutes, minutes_replies, outbox, words
from crm.services.file_kinds import KINDS
from crm.services.text_changes import difference
from models.action import Action as Promise
from models.meeting import Meeting, Presence
from models.minutes import MinutesVersion
from views import access, meeting_page
from views.access import allow
from views.forms.minutes import ReplyForm, ShareForm

bp = Blueprint("minutes", __name__)


@bp.get("/meetings/<int:meeting_id>/share")
@allow(Action.START_MEETING)
def preview(meeting_id: int) -> ResponseReturnValue:
    meeting = _to_share(meeting_id)
    return _preview(meeting, ShareForm(formdata=None))


@bp.post("/meetings/<int:meeting_id>/share")
@allow(Action.START_MEETING)
def share(meeting_id: int) -> ResponseReturnValue:
    meeting = _to_share(meeting_id)
    form = ShareForm()
    if form.validate():
        try:
            version = minutes.share(
                db.session(),
                by=access.actor(),
                meeting=meeting,
                reason=form.reason.data or "",
                now=access.now(),
                seen=form.seen,
            )
            flash(_shared(meeting, version.number))
            return redirect(url_for("meetings.show", meeting_id=meeting.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _preview(meeting, form), 422


def _to_share(meeting_id: int) -> Meeting:
    meeting = meetings.find(db.session(), by=access.actor(), meeting_id=meeting_id)
    access.unit(meeting.unit_id, Action.LOG_MEETING)
    return meeting


def _preview(meeting: Meeting, form: ShareForm) -> str:
    session = db.session()
    last = minutes.newest(session, meeting=meeting)
    form.revision.data = str(meeting.revision)
    asked = minutes.asked(session, meeting=meeting)
    return render_template(
        "minutes/share.html",
        meeting=meeting,
        form=form,
        last=last,
        pieces=difference(last.text, meeting.minutes) if last else [],
        asked=[person for person in asked if outbox.has_address(person)],
        unasked=[person for person in asked if not outbox.has_address(person)],
        today=clock.local_date(access.now(), meeting.unit.time_zone),
    )


def _shared(meeting: Meeting, number: int) -> str:
    asked = minutes.asked(db.session(), meeting=meeting)
    names = words.listed([person.given_name for person in asked if outbox.has_address(person)])
    what = f"{meeting.unit.name} can read the minutes now" if number == 1 else f"Version {number} is shared"
    return f"{what}. {names} {'is' if len(asked) == 1 else 'are'} asked by mail." if names else f"{what}."


@bp.get("/meetings/<int:meeting_id>/minutes")
@allow(Action.SEE_MEETINGS)
def versions(meeting_id: int) -> ResponseReturnValue:
    """All that was shared of a meeting, with what each correction changed."""
    session, by = db.session(), access.actor()
    meeting = meetings.find(session, by=by, meeting_id=meeting_id)
    found = minutes.versions(session, by=by, meeting=meeting)
    replies = minutes_replies.of_versions(session, versions=found)
    earlier = {version.number + 1: version.text for version in found}
    is_ours = minutes.reads_working_copy(by)
    return render_template(
        "minutes/versions.html",
        meeting=meeting,
        versions=found,
        replies={
            version.id: meeting_page.in_words(replies.get(version.id, []), is_newest=version is found[0])
            for version in found
        },
        objections={
            version.id: minutes_replies.objecting(replies.get(version.id, [])) if is_ours else [] for version in found
        },
        changes={
            version.number: difference(earlier[version.number], version.text)
            for version in found
            if version.number in earlier
        },
        today=clock.local_date(access.now(), meeting.unit.time_zone),
    )


@bp.get("/meetings/<int:meeting_id>/minutes.docx")
@allow(Action.SEE_MEETINGS)
def document(meeting_id: int) -> ResponseReturnValue:
    """The newest version that was shared, as Word: never the working copy."""
    session, by = db.session(), access.actor()
    meeting = meetings.find(session, by=by, meeting_id=meeting_id)
    newest = minutes.versions(session, by=by, meeting=meeting)[0]
    kept = meetings.kept(session, meeting=meeting)
    answer = Response(text.made(_as_document(meeting, newest, kept)), mimetype=KINDS["docx"].media_type)
    name = f"minutes-{meeting.held_on.isoformat()}.docx"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _as_document(meeting: Meeting, newest: MinutesVersion, kept: meetings.Kept) -> text.Minutes:
    shared = newest.shared_at.astimezone(meeting.unit.zone)
    there = [one.person for one in kept.attendances if one.presence is Presence.PRESENT]
    return text.Minutes(
        title=f"Minutes with {meeting.unit.name}",
        subtitle=f"{meeting.held_on.day} {meeting.held_on:%B %Y}",
        present=tuple(", ".join(part for part in (one.name, one.job_title) if part) for one in there),
        text=newest.text,
        decisions=tuple(one.text for one in kept.remarks if one.kind == "decision"),
        actions=tuple(_action(one) for one in kept.actions),
        made=f"Version {newest.number}, shared on {shared.day} {shared:%B %Y}.",
    )


def _action(action: Promise) -> tuple[str, str, str]:
    due = f"{action.due_on.day} {action.due_on:%B %Y}" if action.due_on else ""
    return action.text, action.owner.name if action.owner else "", due


@bp.get("/meetings/<int:meeting_id>/reply")
@allow(Action.SEE_MEETINGS)
def reply_page(meeting_id: int) -> ResponseReturnValue:
    """The form stands on the page of the meeting; this address is left after a reply that could not be taken."""
    meeting = meetings.find(db.session(), by=access.actor(), meeting_id=meeting_id)
    return redirect(url_for("meetings.show", meeting_id=meeting.id))


@bp.post("/meetings/<int:meeting_id>/reply")
@allow(Action.SEE_MEETINGS)
def reply(meeting_id: int) -> ResponseReturnValue:
    """What somebody who was there says, signed in."""
    meeting = meetings.find(db.session(), by=access.actor(), meeting_id=meeting_id)
    form = ReplyForm()
    if form.validate():
        try:
            minutes_replies.answer_as(
                db.session(),
                by=access.actor(),
                meeting=meeting,
                reply=form.told,
                said=form.said.data or "",
                now=access.now(),
            )
            flash("Thank you. Your rep sees what you said.")
            return redirect(url_for("meetings.show", meeting_id=meeting.id), 303)
        except Invalid as error:
            form.refuse(error)
    return meeting_page.render(meeting, form), 422
