"""The page of one meeting: as IT reads it, or as the unit does."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template

from crm import db, policy
from crm.policy import Action
from crm.services import clock, meetings, minutes, minutes_replies, reviews, words
from models.meeting import Meeting
from models.minutes import MinutesReply, Reply
from views import access
from views.forms.meetings import KINDS
from views.forms.minutes import ReplyForm

#: What one says, and what several do.
SAYS = {
    Reply.CONFIRMED: ("confirmed", "confirmed"),
    Reply.OBJECTED: ("objects", "object"),
    Reply.WAITING: ("has not answered", "have not answered"),
}


def render(meeting: Meeting, form: ReplyForm | None = None) -> str:
    """A meeting of ``meetings.find``, with what this person may read of it. Five statements."""
    session, by = db.session(), access.actor()
    kept = meetings.kept(session, meeting=meeting)
    version, replies = minutes_replies.newest(session, meeting=meeting)
    is_ours = minutes.reads_working_copy(by)
    own = next((reply for reply in replies if reply.person_id == by.id), None)
    today = clock.local_date(access.now(), meeting.unit.time_zone)
    return render_template(
        "meetings/show.html",
        meeting=meeting,
        kept=kept,
        kinds=dict(KINDS),
        period=reviews.period_in_words(meeting.review) if meeting.review else "",
        today=today,
        text=meeting.minutes if is_ours else version.text if version else "",
        is_ours=is_ours,
        version=version,
        replies_in_words=in_words(replies),
        objections=minutes_replies.objecting(replies) if is_ours else [],
        own=own,
        form=form or (_own_form(own) if own else None),
        unshared=minutes.unshared(meeting, version) if policy.can(by, Action.LOG_MEETING, meeting) else None,
        not_shared=minutes.NOT_SHARED,
    )


def _own_form(own: MinutesReply) -> ReplyForm:
    return ReplyForm(formdata=None, reply="" if own.reply is Reply.WAITING else own.reply.value, said=own.said)


def in_words(replies: Sequence[MinutesReply], *, is_newest: bool = True) -> str:
    """ "Amara and Jo confirmed, Mara has not answered"; of an earlier version, who answered; "" for nobody."""
    told = []
    for reply, (one, many) in SAYS.items():
        names = [answered.person.given_name for answered in replies if answered.reply is reply]
        if names and (is_newest or reply is not Reply.WAITING):
            told.append(f"{words.listed(names)} {one if len(names) == 1 else many}")
    return ", ".join(told)
