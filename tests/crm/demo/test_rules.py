"""The demonstration breaks no rule of the domain."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.services import organisation
from models import (
    Action,
    ActionState,
    ActionStep,
    Answer,
    Assignment,
    Attendance,
    BusinessUnit,
    Cadence,
    Confidentiality,
    Cover,
    Decision,
    Draft,
    Frequency,
    Handover,
    Instrument,
    Invitation,
    Meeting,
    MeetingKind,
    Membership,
    MinutesReply,
    MinutesVersion,
    OutboxMessage,
    Part,
    Person,
    Praise,
    Presence,
    ProjectStep,
    Question,
    Request,
    RequestState,
    Response,
    Review,
    ReviewState,
    Round,
)
from models.request import DONE, UNDECIDED
from tests.crm.demo.fernhill import TODAY, noon

NOW = noon(TODAY)


def test_the_organisation_has_its_name_and_time_zone(fernhill: Session) -> None:
    assert organisation.current(fernhill) == organisation.Organisation("Fernhill IT", "Europe/Lisbon", "PT")


def test_nobody_has_a_password(fernhill: Session) -> None:
    assert not fernhill.scalars(select(Person).where(Person.password_hash.is_not(None))).all()


def test_there_are_twelve_units_in_two_levels(fernhill: Session) -> None:
    units = {unit.id: unit for unit in fernhill.scalars(select(BusinessUnit))}
    assert len(units) == 12
    below = [unit for unit in units.values() if unit.parent_id]
    assert 5 <= len(below) < 12
    assert all(units[unit.parent_id].parent_id is None for unit in below if unit.parent_id)


def test_every_unit_has_one_head_today_and_two_to_four_key_users(fernhill: Session) -> None:
    today = select(Membership).where(Membership.in_force(TODAY))
    parts = Counter((member.unit_id, member.part) for member in fernhill.scalars(today))
    for unit_id in fernhill.scalars(select(BusinessUnit.id)):
        assert parts[unit_id, Part.HEAD] == 1
        assert 2 <= parts[unit_id, Part.KEY_USER] <= 4


def test_every_unit_but_one_has_a_lead_today_and_some_changed_hands(fernhill: Session) -> None:
    leads = fernhill.scalars(select(Assignment).where(Assignment.cover == Cover.LEAD)).all()
    assert sum(lead.until is None for lead in leads) == 11
    assert len(leads) > 14
    assert fernhill.scalar(select(func.count(Assignment.id)).where(Assignment.cover == Cover.DEPUTY))


def test_rhythms_vary(fernhill: Session) -> None:
    rhythms = fernhill.scalars(select(Cadence)).all()
    assert {rhythm.frequency for rhythm in rhythms} == set(Frequency)
    assert len({(rhythm.frequency, rhythm.day_rule, rhythm.nth, rhythm.weekday) for rhythm in rhythms}) > 8
    assert any(rhythm.until for rhythm in rhythms)


def test_a_held_review_has_exactly_one_meeting_on_its_day(fernhill: Session) -> None:
    meetings = {
        meeting.review_id: meeting
        for meeting in fernhill.scalars(select(Meeting).where(Meeting.review_id.is_not(None)))
    }
    held = fernhill.scalars(select(Review).where(Review.state == ReviewState.HELD)).all()
    assert set(meetings) == {review.id for review in held}
    for review in held:
        meeting = meetings[review.id]
        assert review.held_on is not None
        assert review.period_since <= review.held_on < review.period_until
        assert (meeting.held_on, meeting.unit_id, meeting.kind) == (review.held_on, review.unit_id, MeetingKind.REVIEW)


def test_a_review_lies_in_its_period_and_only_skipped_ones_say_why(fernhill: Session) -> None:
    for review in fernhill.scalars(select(Review)):
        assert review.period_since <= review.planned_on < review.period_until
        assert (review.state is ReviewState.SKIPPED) == bool(review.skip_reason)
        assert (review.state is ReviewState.HELD) == bool(review.held_on)


def test_reviews_were_held_mostly_and_skipped_or_missed_sometimes(fernhill: Session) -> None:
    past = fernhill.scalars(select(Review).where(Review.period_until <= TODAY)).all()
    states = Counter(review.state for review in past)
    assert states[ReviewState.HELD] > 0.8 * len(past)
    assert states[ReviewState.SKIPPED] >= 2
    assert states[ReviewState.PLANNED] >= 3


def test_nothing_in_the_future_has_happened(fernhill: Session) -> None:
    for kind, when in (
        (Review, Review.held_on),
        (Meeting, Meeting.held_on),
        (Request, Request.logged_on),
        (Decision, Decision.decided_on),
        (Praise, Praise.said_on),
        (ProjectStep, ProjectStep.on),
    ):
        assert not fernhill.scalars(select(kind).where(when >= TODAY)).all()
    for instant in (
        Meeting.logged_at,
        Action.settled_at,
        Request.decided_at,
        Request.delivered_at,
        Round.opened_at,
        Response.answered_at,
        Response.corrected_at,
        OutboxMessage.queued_at,
        Action.made_at,
        ActionStep.at,
        MinutesVersion.shared_at,
        MinutesReply.replied_at,
        ProjectStep.at,
        Handover.started_at,
        Handover.acknowledged_at,
        Review.prepared_at,
        Draft.saved_at,
    ):
        latest = fernhill.scalar(select(func.max(instant)))
        assert latest is not None
        assert latest <= NOW


def test_meetings_took_place_on_working_days_with_both_sides_there(fernhill: Session) -> None:
    from_it = set(fernhill.scalars(select(Person.id).where(Person.is_business.is_(False))))
    present = select(Attendance).where(Attendance.presence == Presence.PRESENT)
    sides: dict[int, set[bool]] = {}
    for attendance in fernhill.scalars(present):
        sides.setdefault(attendance.meeting_id, set()).add(attendance.person_id in from_it)
    for meeting in fernhill.scalars(select(Meeting)):
        assert meeting.held_on.weekday() < 5
        assert sides[meeting.id] == {True, False}
    assert {meeting.kind for meeting in fernhill.scalars(select(Meeting))} == set(MeetingKind) - {MeetingKind.OURS}
    assert set(fernhill.scalars(select(Attendance.presence))) >= {Presence.PRESENT, Presence.EXCUSED}


def test_specialists_without_a_role_attend(fernhill: Session) -> None:
    olu = fernhill.scalars(select(Person).where(Person.name == "Olu Adeyemi")).one()
    assert olu.roles == frozenset()
    met = select(func.count()).where(Attendance.person_id == olu.id)
    assert (fernhill.scalar(met) or 0) > 20


def test_whoever_left_or_came_later_was_not_there(fernhill: Session) -> None:
    leavers = {person.id: person.left_on for person in fernhill.scalars(select(Person)) if person.left_on}
    assert len(leavers) == 2
    there = select(Attendance.person_id, Meeting.held_on).join(Attendance.meeting)
    for person_id, held_on in fernhill.execute(there):
        assert person_id not in leavers or held_on < leavers[person_id]


def test_actions_are_due_and_settled_on_or_after_their_meeting(fernhill: Session) -> None:
    actions = fernhill.execute(select(Action, Meeting.held_on).join(Action.meeting)).all()
    for action, held_on in actions:
        assert action.due_on is None or action.due_on >= held_on
        assert action.settled_at is None or action.settled_at.date() >= held_on
        assert (action.state is ActionState.OPEN) == (action.settled_at is None)
    assert {action.state for action, _ in actions} == set(ActionState)
    assert any(action.owner_id is None for action, _ in actions)
    assert any(action.due_on is None for action, _ in actions)
    assert any(action.state is ActionState.OPEN and action.due_on and action.due_on >= TODAY for action, _ in actions)


def test_requests_went_every_way_they_can(fernhill: Session) -> None:
    requests = fernhill.scalars(select(Request)).all()
    assert {request.state for request in requests} == set(RequestState)
    declined = [request for request in requests if request.state is RequestState.DECLINED]
    assert {request.no_alternative for request in declined} == {True, False}
    for request in requests:
        decided = request.state not in UNDECIDED
        assert bool(request.decided_at) == bool(request.decided_by_id) == bool(request.reason) == decided
        assert bool(request.delivered_at) == (request.state in DONE)
        assert bool(request.alternative) != request.no_alternative or request not in declined
        assert request.decided_at is None or request.decided_at.date() >= request.logged_on
        assert request.delivered_at is None or (request.decided_at and request.delivered_at > request.decided_at)


def test_ratings_lie_within_their_round(fernhill: Session) -> None:
    rounds = {asked.id: asked for asked in fernhill.scalars(select(Round))}
    invited = Counter(fernhill.scalars(select(Invitation.round_id)))
    assert {asked.id: asked.asked for asked in rounds.values()} == dict(invited)
    for answer in fernhill.scalars(select(Response)):
        asked = rounds[answer.round_id]
        assert answer.unit_id == asked.unit_id
        opened = answer.answered_at if answer.invitation_id is None else asked.opened_at  # without a name: the day
        assert opened <= answer.answered_at < asked.closes_at
        assert answer.corrected_at is None or answer.answered_at < answer.corrected_at < asked.closes_at


def test_rounds_without_names_lead_nowhere(fernhill: Session) -> None:
    unknown = fernhill.scalars(select(Round).where(Round.confidentiality == Confidentiality.ANONYMOUS)).all()
    assert len(unknown) >= 6
    answers = fernhill.scalars(select(Response).where(Response.round_id.in_([asked.id for asked in unknown]))).all()
    assert {answer.invitation_id for answer in answers} == {None}
    assert all(answer.id < 0 for answer in answers)
    for asked in unknown:
        many = sum(answer.round_id == asked.id for answer in answers)
        assert (asked.scores_shown, asked.comments_shown) == (many >= 5, many >= 10)


def test_every_question_of_the_survey_was_answered_and_every_instrument_used(fernhill: Session) -> None:
    assert set(fernhill.scalars(select(Round.instrument))) == set(Instrument)
    asked, answered = fernhill.scalars(select(Question.id)).all(), set(fernhill.scalars(select(Answer.question_id)))
    assert set(asked) == answered


def test_only_people_with_an_address_are_asked(fernhill: Session) -> None:
    asked = fernhill.scalars(select(Person).where(Person.id.in_(select(Invitation.person_id)))).all()
    assert all(person.email for person in asked)
    assert fernhill.scalars(select(Person).where(Person.is_business, Person.email.is_(None))).all()


def test_some_rounds_follow_within_the_span_of_the_history(fernhill: Session) -> None:
    first = fernhill.scalar(select(func.min(Round.opened_at)))
    assert first is not None
    assert NOW - first > timedelta(days=700)
