"""What leaves when something happens: to whom it may concern, once, and never what stays in IT."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.services import (
    answering,
    bulk_reviews,
    deciding,
    handovers,
    meeting_log,
    minutes_replies,
    overdue_actions,
    requests,
    reviews,
    webhook_payloads,
    webhooks,
)
from crm.services.languages import Language
from crm.services.new_meetings import NewMeeting, NewRequest
from crm.services.secrets import hashed
from crm.services.webhook_events import CHOICES, Event
from crm.services.webhook_payloads import News
from models import (
    Action,
    BusinessUnit,
    Invitation,
    Meeting,
    MeetingKind,
    OutboxMessage,
    Presence,
    Request,
    RequestState,
    Round,
    Webhook,
    WebhookKind,
)
from models.meeting import Attendance
from models.minutes import MinutesReply, MinutesVersion, Reply
from models.rating import Confidentiality
from models.request_part import Verdict
from models.review import Cadence, DayRule, Frequency, Review
from tests.cast import Cast
from tests.conftest import StatementCounter
from tests.factories.hostile import hostile

NOW = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)
INTERNAL = "Internal: their head is leaving"


@pytest.fixture
def hook(session: Session) -> Webhook:
    return listen(session)


def listen(session: Session, unit: BusinessUnit | None = None, events: tuple[Event, ...] = CHOICES) -> Webhook:
    wants = {"events": [event.value for event in events]}
    found = Webhook(
        name="Partners",
        kind=WebhookKind.TEAMS,
        url="https://hooks.example/x",
        wants=wants,
        unit_id=unit.id if unit else None,
        made_at=NOW,
    )
    session.add(found)
    session.flush()
    return found


def told(session: Session) -> list[tuple[str, dict[str, str], str]]:
    """Event, facts and path of each message to a webhook, in their order."""
    session.flush()
    rows = session.scalars(
        select(OutboxMessage).where(OutboxMessage.webhook_id.is_not(None)).order_by(OutboxMessage.id)
    )
    return [(read["event"], read["facts"], row.path) for row in rows for read in [json.loads(row.body)]]


def everything_told(session: Session) -> str:
    return " ".join(f"{row.subject} {row.body} {row.path}" for row in session.scalars(select(OutboxMessage)))


def tell(session: Session, unit: BusinessUnit, path: str = "/requests/1") -> int:
    facts = {"title": "A ledger"}
    return webhooks.tell(session, event=Event.REQUEST_LOGGED, unit_id=unit.id, facts=facts, path=path, now=NOW)


def test_who_listens_to_a_unit_hears_of_it_and_of_all_below(session: Session, cast: Cast) -> None:
    listen(session, cast.corporate)
    listen(session, cast.finance)
    listen(session)
    assert [tell(session, unit) for unit in (cast.finance, cast.legal, cast.corporate)] == [3, 2, 2]


def test_who_does_not_want_it_or_has_been_ended_hears_nothing(session: Session, cast: Cast) -> None:
    listen(session, events=(Event.RATING_LOW,))
    listen(session).ended_at = NOW
    assert tell(session, cast.finance) == 0
    assert told(session) == []


def test_the_same_thing_is_told_once(session: Session, cast: Cast, hook: Webhook) -> None:
    tell(session, cast.finance)
    tell(session, cast.finance)
    tell(session, cast.finance, "/requests/2")
    assert [path for _, _, path in told(session)] == ["/requests/1", "/requests/2"]
    assert session.scalars(select(OutboxMessage.key).order_by(OutboxMessage.id)).first() == (
        f"hook:{hook.id}:request.logged:/requests/1:"
    )


def test_where_nobody_listens_it_costs_one_statement(
    session: Session, cast: Cast, statements: StatementCounter
) -> None:
    with statements:
        tell(session, cast.finance)
    assert statements.count == 1


def test_a_meeting_is_told_with_its_requests_and_without_any_note(session: Session, cast: Cast, hook: Webhook) -> None:
    by = policy.actor_for(session, cast.rep, NOW.date())
    new = NewMeeting(
        MeetingKind.TOUCHPOINT,
        date(2026, 11, 9),
        attendees={cast.head.id: Presence.PRESENT},
        minutes="Minutes nobody shared",
        internal_notes=INTERNAL,
        requests=[NewRequest("A second approver", "To close on time")],
    )
    meeting = meeting_log.log(session, by=by, unit=cast.finance, new=new, now=NOW)
    request = session.scalars(select(Request)).one()
    assert told(session) == [
        ("request.logged", {"title": "A second approver"}, f"/requests/{request.id}"),
        ("meeting.logged", {"kind": "touchpoint", "held_on": "2026-11-09"}, f"/meetings/{meeting.id}"),
    ]
    meeting_log.log(session, by=by, unit=cast.finance, new=replace(new), now=NOW + timedelta(minutes=1))
    assert len(told(session)) == 2
    assert INTERNAL not in everything_told(session)
    assert "Minutes nobody shared" not in everything_told(session)


def test_a_request_is_told_when_asked_decided_and_delivered(session: Session, cast: Cast, hook: Webhook) -> None:
    by = policy.actor_for(session, cast.rep, NOW.date())
    request = requests.add(session, by=by, unit=cast.finance, title="A dashboard", business_need="To see it", now=NOW)
    verdict = Verdict.DECLINE
    words: dict[str, Any] = {"reason": "No money", "alternative": "A monthly extract", "did": "We asked around"}
    deciding.decide(session, by=by, request=request, verdict=verdict, now=NOW, **words)
    asked, decided = told(session)
    assert asked[:2] == ("request.logged", {"title": "A dashboard"})
    assert decided[:2] == (
        "request.decided",
        {"title": "A dashboard", "decision": "declined", "reason": "No money", "alternative": "A monthly extract"},
    )
    other = requests.add(session, by=by, unit=cast.finance, title="A form", business_need="To ask", now=NOW)
    deciding.decide(session, by=by, request=other, verdict=Verdict.ACCEPT, reason="Sure", now=NOW)
    for _ in range(2):
        requests.move(session, by=by, request=other, to=RequestState.DELIVERED, why="A form", now=NOW)
    assert [event for event, _, path in told(session) if path == f"/requests/{other.id}"] == [
        "request.logged",
        "request.decided",
        "request.delivered",
    ]


@pytest.fixture
def review(session: Session, cast: Cast) -> Review:
    cadence = Cadence(
        unit_id=cast.finance.id,
        frequency=Frequency.MONTHLY,
        day_rule=DayRule.MONTH_DAY,
        at=time(10),
        since=date(2024, 1, 1),
    )
    session.add(cadence)
    session.flush()
    found = Review(
        unit_id=cast.finance.id,
        cadence_id=cadence.id,
        period="2026-11",
        period_since=date(2026, 11, 1),
        period_until=date(2026, 12, 1),
        planned_on=date(2026, 11, 20),
        planned_at=datetime(2026, 11, 20, 10, tzinfo=UTC),
    )
    session.add(found)
    session.flush()
    return found


def test_a_review_is_told_when_moved_left_out_and_on_again_each_time(
    session: Session, cast: Cast, hook: Webhook, review: Review
) -> None:
    by = policy.actor_for(session, cast.rep, NOW.date())
    for minute, day in enumerate((24, 24, 20, 24)):
        at = NOW + timedelta(minutes=minute)
        reviews.move(session, by=by, review=review, day=date(2026, 11, day), at=time(10), now=at)
    assert [facts["planned_on"] for _, facts, _ in told(session)] == ["2026-11-24", "2026-11-20", "2026-11-24"]
    assert told(session)[0] == (
        "review.moved",
        {
            "period": "2026-11",
            "planned_on": "2026-11-24",
            "planned_at": "2026-11-24T10:00:00+00:00",
            "was_planned_on": "2026-11-20",
            "was_planned_at": "2026-11-20T10:00:00+00:00",
        },
        f"/reviews/{review.id}/prepare",
    )
    reviews.skip(session, by=by, review=review, reason="Year end", now=NOW)
    reviews.unskip(session, by=by, review=review, now=NOW)
    assert [event for event, _, _ in told(session)][3:] == ["review.skipped", "review.restored"]
    assert told(session)[3][1]["reason"] == "Year end"


def test_reviews_moved_together_are_told_one_by_one(
    session: Session, cast: Cast, hook: Webhook, review: Review
) -> None:
    by = policy.actor_for(session, cast.rep, NOW.date())
    bulk_reviews.move(session, by=by, chosen=bulk_reviews.find(session, by=by, ids=[review.id]), days=1, now=NOW)
    assert [event for event, _, _ in told(session)] == ["review.moved"]


@pytest.fixture
def ask(session: Session, cast: Cast) -> Callable[[Confidentiality], Invitation]:
    def asked(confidentiality: Confidentiality) -> Invitation:
        opened = Round(
            unit_id=cast.finance.id,
            confidentiality=confidentiality,
            opened_at=NOW,
            closes_at=NOW + timedelta(days=14),
            asked=1,
        )
        session.add(opened)
        session.flush()
        found = Invitation(round_id=opened.id, person_id=cast.head.id, token_hash=hashed(confidentiality))
        session.add(found)
        session.flush()
        return found

    return asked


def rate(session: Session, token: str, score: int, comment: str = "") -> None:
    answering.answer(session, token=token, score=score, comment=comment, now=NOW)


def test_a_low_rating_is_told_once_without_score_comment_or_name(
    session: Session, cast: Cast, hook: Webhook, ask: Callable[[Confidentiality], Invitation]
) -> None:
    invitation = ask(Confidentiality.NAMED)
    rate(session, "named", 3)
    assert told(session) == []
    rate(session, "named", 2, "Nobody calls back")
    rate(session, "named", 1, "Nobody calls back at all")
    assert told(session) == [("rating.low", {}, f"/ratings/{invitation.round_id}")]
    for secret in ("Nobody calls back", "Amara", "Diallo"):
        assert secret not in everything_told(session)


def test_of_a_round_that_keeps_people_unknown_nothing_is_told(
    session: Session, hook: Webhook, ask: Callable[[Confidentiality], Invitation]
) -> None:
    ask(Confidentiality.ANONYMOUS)
    rate(session, "anonymous", 1)
    assert told(session) == []


def test_a_handover_is_told_when_agreed_changed_and_called_off_without_its_notes(
    session: Session, cast: Cast, hook: Webhook
) -> None:
    by = policy.actor_for(session, cast.cio, NOW.date())
    first = handovers.Told(cast.colleague, date(2026, 12, 1), tone=INTERNAL, went_wrong=INTERNAL)
    handover = handovers.start(session, by=by, unit=cast.finance, told=first, now=NOW)
    later = replace(first, on=date(2026, 12, 8))
    handovers.change(session, by=by, handover=handover, told=later, now=NOW + timedelta(minutes=1))
    path = f"/handovers/{handover.id}"
    handovers.withdraw(session, by=by, handover=handover, now=NOW + timedelta(minutes=2))
    who = {"from": "Ines Carvalho", "to": "Tom Okafor"}
    assert told(session) == [
        ("handover.agreed", {**who, "hands_over_on": "2026-12-01"}, path),
        ("handover.agreed", {**who, "hands_over_on": "2026-12-08"}, path),
        ("handover.withdrawn", {**who, "hands_over_on": "2026-12-08"}, f"/units/{cast.finance.id}"),
    ]
    assert INTERNAL not in everything_told(session)


def test_an_objection_is_told_without_its_words(session: Session, cast: Cast, hook: Webhook) -> None:
    meeting = Meeting(
        unit_id=cast.finance.id,
        kind=MeetingKind.TOUCHPOINT,
        held_on=date(2026, 11, 9),
        minutes="x",
        logged_at=NOW,
        shared_version=1,
    )
    session.add(meeting)
    session.flush()
    version = MinutesVersion(meeting_id=meeting.id, number=1, text="x", shared_at=NOW)
    session.add_all([version, Attendance(meeting_id=meeting.id, person_id=cast.head.id, presence=Presence.PRESENT)])
    session.flush()
    session.add(MinutesReply(version_id=version.id, person_id=cast.head.id, token_hash=hashed("minutes")))
    session.flush()
    for reply, said in ((Reply.CONFIRMED, ""), (Reply.OBJECTED, "It was Tuesday"), (Reply.OBJECTED, "It was Monday")):
        minutes_replies.answer(session, token="minutes", reply=reply, said=said, now=NOW)
    assert told(session) == [("minutes.objected", {"held_on": "2026-11-09"}, f"/meetings/{meeting.id}")]
    assert "It was" not in everything_told(session)


def test_an_action_is_told_on_the_morning_after_its_day_and_once(session: Session, cast: Cast, hook: Webhook) -> None:
    due = {1: "Call the bank", 2: "Older", 0: "Today", 9: "Long ago"}
    for days, text in due.items():
        day = NOW.date() - timedelta(days=days)
        session.add(Action(unit_id=cast.finance.id, text=text, due_on=day, owner_id=cast.rep.id if days == 1 else None))
    session.flush()
    overdue_actions.tell(session, NOW)
    overdue_actions.tell(session, NOW + timedelta(hours=1))
    facts = [facts for event, facts, _ in told(session) if event == "action.overdue"]
    assert facts == [
        {"title": "Older", "owner": "", "due_on": "2026-11-08"},
        {"title": "Call the bank", "owner": "Ines Carvalho", "due_on": "2026-11-09"},
    ]


def test_where_nobody_wants_overdue_actions_none_is_looked_for(
    session: Session, cast: Cast, statements: StatementCounter
) -> None:
    listen(session, events=(Event.RATING_LOW,))
    with statements:
        assert overdue_actions.tell(session, NOW) == 0
    assert statements.count == 1


def test_hostile_words_leave_as_valid_json_and_take_no_internal_note_along(
    session: Session, cast: Cast, hook: Webhook
) -> None:
    by = policy.actor_for(session, cast.rep, NOW.date())
    texts = [text[:100] for text in hostile()[::12] if "\0" not in text]
    for text in texts:
        new = NewMeeting(
            MeetingKind.TOUCHPOINT,
            date(2026, 11, 9),
            internal_notes=f"{text} {INTERNAL}",
            requests=[NewRequest(text, "To see what happens")],
        )
        meeting_log.log(session, by=by, unit=cast.finance, new=new, now=NOW)
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.webhook_id == hook.id)).all()
    assert len(rows) == 2 * len(texts)
    for row in rows:
        for kind in WebhookKind:
            sent = webhook_payloads.body(kind, News.read(row.body), say=Language("en"), delivery="x", link="https://x/")
            assert json.loads(sent)
            assert b"Internal" not in sent
