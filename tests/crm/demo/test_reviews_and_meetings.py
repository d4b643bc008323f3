"""What the demonstration shows of shared minutes, projects, agendas, absences and handovers."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from models import (
    Absence,
    Action,
    ActionState,
    ActionStep,
    AgendaItem,
    Assignment,
    BusinessUnit,
    Cover,
    Decision,
    Draft,
    Handover,
    Meeting,
    Membership,
    MinutesReply,
    MinutesVersion,
    Part,
    Person,
    Praise,
    Project,
    ProjectStep,
    Reply,
    Review,
    ReviewState,
    SavedFilter,
    Source,
    Stage,
    Step,
)
from models.project import OVER
from tests.crm.demo.fernhill import TODAY, noon

TWO_WEEKS = timedelta(days=14)


def test_minutes_are_shared_as_written_and_only_young_ones_wait(fernhill: Session) -> None:
    versions = fernhill.scalars(select(MinutesVersion).order_by(MinutesVersion.meeting_id, MinutesVersion.number))
    newest = {version.meeting_id: version for version in versions}
    for meeting in fernhill.scalars(select(Meeting)):
        if meeting.shared_version:
            assert newest[meeting.id].number == meeting.shared_version
            assert newest[meeting.id].text == meeting.minutes
        else:
            assert meeting.held_on > TODAY - TWO_WEEKS
            assert meeting.id not in newest
    assert {meeting.shared_version for meeting in fernhill.scalars(select(Meeting))} == {0, 1, 2}


def test_a_corrected_version_says_why_and_differs(fernhill: Session) -> None:
    corrected = fernhill.scalars(select(MinutesVersion).where(MinutesVersion.number == 2)).all()
    for version in corrected:
        first = select(MinutesVersion).where(
            MinutesVersion.meeting_id == version.meeting_id, MinutesVersion.number == 1
        )
        before = fernhill.scalars(first).one()
        assert version.reason
        assert version.text.startswith(before.text)
        assert version.text != before.text
        assert version.shared_at > before.shared_at
    assert 2 <= len(corrected) <= 30


def test_most_confirm_the_newest_review_and_finance_objects(fernhill: Session) -> None:
    replies = fernhill.scalars(select(MinutesReply).options(joinedload(MinutesReply.person))).all()
    confirmed = [reply for reply in replies if reply.reply is Reply.CONFIRMED]
    assert len(confirmed) > len(replies) / 2
    assert all((reply.reply is Reply.WAITING) == (reply.replied_at is None) for reply in replies)
    (objection,) = [reply for reply in replies if reply.reply is Reply.OBJECTED]
    assert objection.person.name == "Mara Klein"
    assert objection.said


def test_meetings_last_as_long_as_meetings_do(fernhill: Session) -> None:
    lasted = fernhill.scalars(select(Meeting.lasted)).all()
    assert all(minutes is not None and 10 <= minutes <= 135 for minutes in lasted)


def test_one_review_in_three_leaves_a_decision_and_some_are_due_again(fernhill: Session) -> None:
    held = fernhill.scalar(select(func.count(Review.id)).where(Review.state == ReviewState.HELD)) or 0
    decisions = fernhill.scalars(select(Decision)).all()
    assert 0.25 * held < len(decisions) < 0.45 * held
    assert any(decision.revisit_on and decision.revisit_on <= TODAY for decision in decisions)
    praise = fernhill.scalars(select(Praise)).all()
    assert 0.25 * held < len(praise) < 0.45 * held
    assert {bool(said.person_id) for said in praise} == {True, False}


def test_every_unit_has_projects_that_stand_as_their_last_step_says(fernhill: Session) -> None:
    for unit_id in fernhill.scalars(select(BusinessUnit.id)):
        mine = fernhill.scalars(select(Project).where(Project.unit_id == unit_id)).all()
        assert 2 <= len(mine) <= 4
        assert any(project.stage not in OVER for project in mine)
    for project in fernhill.scalars(select(Project)):
        steps = fernhill.scalars(select(ProjectStep).where(ProjectStep.project_id == project.id)).all()
        days = [step.on for step in steps]
        assert days == sorted(days)
        for name in ("stage", "state", "milestone", "milestone_on"):
            assert getattr(steps[-1], name) == getattr(project, name)
        assert project.moved_on == days[-1]
    assert {Stage.UNDER_WAY, Stage.DELIVERED} < set(fernhill.scalars(select(Project.stage)))


def test_the_history_of_recent_actions_ends_as_they_stand(fernhill: Session) -> None:
    recent = fernhill.scalars(select(ActionStep).order_by(ActionStep.action_id, ActionStep.id)).all()
    for action_id, told in groupby(recent, lambda step: step.action_id):
        steps = list(told)
        first, last = steps[0], steps[-1]
        action = fernhill.get_one(Action, action_id)
        assert first.step is Step.MADE
        assert first.at == action.made_at
        if action.state is not ActionState.OPEN:
            assert (last.step.value, last.at) == (action.state.value, action.settled_at)
    assert Step.NEW_DAY in {step.step for step in recent}


def test_two_units_are_prepared_with_evidence_that_is_theirs(fernhill: Session) -> None:
    ahead = (Review.prepared_at.is_not(None), Review.planned_on >= TODAY)
    prepared = fernhill.scalars(select(Review).where(*ahead).options(joinedload(Review.unit))).all()
    assert {review.unit.code for review in prepared} == {"FIN", "MFG"}
    for review in prepared:
        items = fernhill.scalars(select(AgendaItem).where(AgendaItem.review_id == review.id)).all()
        assert [item.position for item in items] == list(range(1, len(items) + 1))
        assert not any(item.settled for item in items)
        for item in items:
            if item.source is Source.PROJECT and item.source_id:
                assert fernhill.get_one(Project, item.source_id).unit_id == review.unit_id
    assert fernhill.scalars(select(AgendaItem).where(AgendaItem.settled)).all()


def test_one_rep_is_away_and_covered_and_one_will_be_without_cover(fernhill: Session) -> None:
    away = fernhill.scalars(select(Absence).options(joinedload(Absence.person), joinedload(Absence.covered_by))).all()
    now = [absence for absence in away if absence.since <= TODAY and absence.until and absence.until > TODAY]
    told = [(absence.person.name, absence.covered_by and absence.covered_by.name) for absence in now]
    assert told == [("Ewan Fraser", "Ines Carvalho")]
    assert [absence.person.name for absence in away if absence.covered_by is None] == ["Tom Okafor"]


def test_a_handover_to_come_waits_and_those_that_were_are_acknowledged(fernhill: Session) -> None:
    handovers = fernhill.scalars(select(Handover).options(joinedload(Handover.unit))).all()
    for handover in handovers:
        assert (handover.acknowledged_at is None) == (handover.on > TODAY)
        after = (Assignment.unit_id == handover.unit_id, Assignment.since == handover.on)
        assert fernhill.scalars(select(Assignment.rep_id).where(Assignment.cover == Cover.LEAD, *after)).one() == (
            handover.to_id
        )
    assert [handover.unit.code for handover in handovers if handover.on > TODAY] == ["PUR"]


def test_people_work_in_the_other_house_and_one_term_ends_soon(fernhill: Session) -> None:
    lent = fernhill.scalars(select(Membership).where(Membership.part.in_((Part.EMBEDDED, Part.DEPUTISED)))).all()
    assert {member.part for member in lent} == {Part.EMBEDDED, Part.DEPUTISED}
    assert all(member.access and member.until for member in lent)
    assert TODAY + timedelta(days=10) in {member.until for member in lent}


def test_ines_has_something_unfinished_and_a_filter(fernhill: Session) -> None:
    ines = fernhill.scalars(select(Person).where(Person.name == "Ines Carvalho")).one()
    draft = fernhill.scalars(select(Draft)).one()
    assert (draft.person_id, draft.key) == (ines.id, f"log:{draft.unit_id}")
    assert draft.saved_at < noon(TODAY)
    assert fernhill.scalars(select(SavedFilter.person_id)).all() == [ines.id]
