"""What happens in units, as other programs are told it. All that may leave by webhook is chosen here: never what stays
in IT, never what somebody wrote in a rating or a reply, never who rated.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from crm.services import webhooks
from crm.services.webhook_events import Event
from models.action import Action
from models.handover import Handover
from models.meeting import Meeting
from models.minutes import MinutesReply
from models.rating import Invitation, Response
from models.request import Request
from models.review import Review

#: From this score down a rating is low.
LOW = 2


def meeting_logged(session: Session, meeting: Meeting, now: datetime) -> None:
    facts = {"kind": meeting.kind.value, "held_on": meeting.held_on.isoformat()}
    path = f"/meetings/{meeting.id}"
    webhooks.tell(session, event=Event.MEETING_LOGGED, unit_id=meeting.unit_id, facts=facts, path=path, now=now)


def minutes_objected(session: Session, reply: MinutesReply, now: datetime) -> None:
    """``reply`` comes with its version and meeting. What is objected stands on the page, for who may read it."""
    meeting = reply.version.meeting
    webhooks.tell(
        session,
        event=Event.MINUTES_OBJECTED,
        unit_id=meeting.unit_id,
        facts={"held_on": meeting.held_on.isoformat()},
        path=f"/meetings/{meeting.id}",
        now=now,
        period=str(reply.id),
    )


def review_moved(session: Session, review: Review, *, was: datetime, was_on: date, now: datetime) -> None:
    """Nothing when it stays where it was."""
    if review.planned_at == was:
        return
    moved = {"was_planned_on": was_on.isoformat(), "was_planned_at": was.isoformat()}
    _review(session, Event.REVIEW_MOVED, review, moved, now)


def review_skipped(session: Session, review: Review, now: datetime) -> None:
    _review(session, Event.REVIEW_SKIPPED, review, {"reason": review.skip_reason}, now)


def review_restored(session: Session, review: Review, now: datetime) -> None:
    _review(session, Event.REVIEW_RESTORED, review, {}, now)


def _review(session: Session, event: Event, review: Review, more: dict[str, str], now: datetime) -> None:
    planned = {"planned_on": review.planned_on.isoformat(), "planned_at": review.planned_at.isoformat()}
    facts = {"period": review.period, **planned, **more}
    # It can be moved, left out and taken up again and again: each time is told.
    webhooks.tell(
        session,
        event=event,
        unit_id=review.unit_id,
        facts=facts,
        path=f"/reviews/{review.id}/prepare",
        now=now,
        period=now.isoformat(),
    )


def request_logged(session: Session, request: Request, now: datetime) -> None:
    _request(session, Event.REQUEST_LOGGED, request, {}, now)


def request_decided(session: Session, request: Request, now: datetime) -> None:
    """With what the unit reads too."""
    decided = {"decision": request.state.value, "reason": request.reason, "alternative": request.alternative}
    _request(session, Event.REQUEST_DECIDED, request, decided, now)


def request_delivered(session: Session, request: Request, now: datetime) -> None:
    _request(session, Event.REQUEST_DELIVERED, request, {}, now)


def _request(session: Session, event: Event, request: Request, more: dict[str, str], now: datetime) -> None:
    facts = {"title": request.title, **more}
    path = f"/requests/{request.id}"
    webhooks.tell(session, event=event, unit_id=request.unit_id, facts=facts, path=path, now=now)


def rated(session: Session, response: Response, invitation: Invitation, now: datetime) -> None:
    """A low rating, once, without its score. Of a round that promised to keep people unknown nothing is told: the
    moment alone would say whose it is."""
    if response.score > LOW or not invitation.round.bears_names:
        return
    webhooks.tell(
        session,
        event=Event.RATING_LOW,
        unit_id=response.unit_id,
        facts={},
        path=f"/ratings/{response.round_id}",
        now=now,
        period=str(response.id),
    )


def handover_agreed(session: Session, handover: Handover, now: datetime) -> None:
    """``handover`` comes with both reps. Told anew when another person or day is agreed."""
    _handover(session, Event.HANDOVER_AGREED, handover, f"/handovers/{handover.id}", now)


def handover_withdrawn(session: Session, handover: Handover, now: datetime) -> None:
    _handover(session, Event.HANDOVER_WITHDRAWN, handover, f"/units/{handover.unit_id}", now)


def _handover(session: Session, event: Event, handover: Handover, path: str, now: datetime) -> None:
    giver = {"from": handover.outgoing.name} if handover.outgoing else {}
    facts = {**giver, "to": handover.incoming.name, "hands_over_on": handover.on.isoformat()}
    unit_id, period = handover.unit_id, now.isoformat()
    webhooks.tell(session, event=event, unit_id=unit_id, facts=facts, path=path, now=now, period=period)


def action_overdue(session: Session, action: Action, now: datetime) -> int:
    """``action`` comes with its owner. Once for each day it was due. Returns how many messages are new or known."""
    due_on = action.due_on.isoformat() if action.due_on else ""
    owner = action.owner.name if action.owner else ""
    return webhooks.tell(
        session,
        event=Event.ACTION_OVERDUE,
        unit_id=action.unit_id,
        facts={"title": action.text, "owner": owner, "due_on": due_on},
        path=f"/actions/{action.id}",
        now=now,
        period=due_on,
    )
