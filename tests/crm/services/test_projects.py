"""A project is updated in place, keeps its history, carries over, and leaves the list once a review saw its end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Conflict, Forbidden, Invalid, NotFound
from crm.services import projects
from crm.services.projects import Which
from models import BusinessUnit, MeetingKind, Person, Project, ProjectStep
from models import Stage as ProjectStage
from tests.factories.relationships import NOW, TODAY, Stage, ago, ahead, at


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


@pytest.fixture
def ines(stage: Stage) -> Person:
    return stage.person("Ines Carvalho", is_rep=True)


@pytest.fixture
def finance(stage: Stage, ines: Person) -> BusinessUnit:
    unit = stage.unit("Finance")
    stage.lead(unit, ines)
    return unit


def start(stage: Stage, by: Person, unit: BusinessUnit, name: str = "Ledger, phase 2", /, **told: Any) -> Project:
    told.setdefault("now", NOW)
    return projects.start(stage.session, by=stage.actor(by), unit=unit, name=name, **told)


def step(stage: Stage, by: Person, project: Project, /, **told: Any) -> ProjectStep | None:
    standing = {
        "stage": project.stage,
        "state": project.state,
        "milestone": project.milestone,
        "milestone_on": project.milestone_on,
    }
    now = told.pop("now", NOW)
    return projects.step(stage.session, by=stage.actor(by), project=project, now=now, **(standing | told))


def names(stage: Stage, unit: BusinessUnit) -> list[str]:
    return [project.name for project in projects.under_way(stage.session, unit.id)]


def held_review(stage: Stage, unit: BusinessUnit, on: date, logged_at: datetime) -> None:
    review = stage.review(unit, on, held=on)
    meeting = stage.meeting(unit, on, kind=MeetingKind.REVIEW, review_id=review.id)
    meeting.logged_at = logged_at
    stage.session.flush()


def test_a_project_begins_with_its_first_step(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    project = start(stage, ines, finance, state="Two modules tested", milestone="Pilot", milestone_on=ahead(10))
    (first,) = projects.history(stage.session, project=project)
    assert (first.stage, first.state, first.milestone, first.milestone_on) == (
        ProjectStage.UNDER_WAY,
        "Two modules tested",
        "Pilot",
        ahead(10),
    )
    assert first.by is ines
    assert project.moved_on == first.on == TODAY


def test_each_change_is_a_step_and_the_project_stands_as_the_last_says(
    stage: Stage, ines: Person, finance: BusinessUnit
) -> None:
    project = start(stage, ines, finance)
    step(stage, ines, project, state="The vendor is late", now=NOW + timedelta(days=3))
    step(stage, ines, project, stage=ProjectStage.PAUSED, now=NOW + timedelta(days=4))
    told = [(one.stage, one.state) for one in projects.history(stage.session, project=project)]
    assert told == [
        (ProjectStage.PAUSED, "The vendor is late"),
        (ProjectStage.UNDER_WAY, "The vendor is late"),
        (ProjectStage.UNDER_WAY, ""),
    ]
    assert (project.stage, project.state, project.moved_on) == (ProjectStage.PAUSED, "The vendor is late", ahead(4))


def test_nothing_changed_is_no_step(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    project = start(stage, ines, finance)
    assert step(stage, ines, project, now=NOW + timedelta(days=3)) is None
    assert project.moved_on == TODAY


def test_what_was_said_in_a_meeting_moved_on_its_day(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    project = start(stage, ines, finance, now=NOW - timedelta(days=9))
    meeting = stage.meeting(finance, ago(2))
    said = step(stage, ines, project, state="On track", meeting_id=meeting.id)
    assert said
    assert said.on == project.moved_on == ago(2)


def test_a_meeting_logged_late_does_not_turn_the_day_back(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    project = start(stage, ines, finance)
    step(stage, ines, project, state="On track", meeting_id=stage.meeting(finance, ago(2)).id)
    assert project.moved_on == TODAY


@pytest.mark.parametrize("over", [ProjectStage.DELIVERED, ProjectStage.STOPPED])
def test_what_is_over_stays_until_a_review_saw_it(
    stage: Stage, ines: Person, finance: BusinessUnit, over: ProjectStage
) -> None:
    held_review(stage, finance, ago(40), at(ago(40), 12))
    project = start(stage, ines, finance, now=NOW - timedelta(days=50))
    step(stage, ines, project, stage=over, now=NOW - timedelta(days=10))
    stage.meeting(finance, ago(8))
    assert names(stage, finance) == ["Ledger, phase 2"]
    held_review(stage, finance, ago(5), at(ago(5), 12))
    assert names(stage, finance) == []


def test_ended_in_the_review_itself_it_has_been_seen(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    project = start(stage, ines, finance, now=NOW - timedelta(days=50))
    review = stage.review(finance, ago(2), held=ago(2))
    meeting = stage.meeting(finance, ago(2), kind=MeetingKind.REVIEW, review_id=review.id)
    meeting.logged_at = NOW
    step(stage, ines, project, stage=ProjectStage.DELIVERED, meeting_id=meeting.id)
    assert names(stage, finance) == []


def test_ended_on_the_day_of_the_review_but_after_it_waits_for_the_next(
    stage: Stage, ines: Person, finance: BusinessUnit
) -> None:
    project = start(stage, ines, finance, now=NOW - timedelta(days=50))
    held_review(stage, finance, TODAY, NOW - timedelta(hours=1))
    step(stage, ines, project, stage=ProjectStage.DELIVERED)
    assert names(stage, finance) == ["Ledger, phase 2"]


def test_what_goes_on_carries_over_review_after_review(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    start(stage, ines, finance, now=NOW - timedelta(days=90))
    start(stage, ines, finance, "An idea", stage=ProjectStage.IDEA, now=NOW - timedelta(days=90))
    for days in (70, 40, 5):
        held_review(stage, finance, ago(days), at(ago(days), 12))
    assert names(stage, finance) == ["An idea", "Ledger, phase 2"]


def test_news_of_an_end_comes_first_then_the_soonest_milestone(
    stage: Stage, ines: Person, finance: BusinessUnit
) -> None:
    start(stage, ines, finance, "Someday")
    start(stage, ines, finance, "Later", milestone="Pilot", milestone_on=ahead(20))
    start(stage, ines, finance, "Soon", milestone="Pilot", milestone_on=ahead(2))
    start(stage, ines, finance, "Done", stage=ProjectStage.DELIVERED)
    assert names(stage, finance) == ["Done", "Soon", "Later", "Someday"]


def test_the_finished_ones_can_be_listed_and_words_found(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    start(stage, ines, finance, "E-invoicing", state="Scope agreed with treasury")
    start(stage, ines, finance, "Old ledger", stage=ProjectStage.STOPPED)
    by = stage.actor(ines)

    def listed(**wanted: Any) -> list[str]:
        return [one.name for one in projects.listed(stage.session, by=by, unit=finance, **wanted).rows]

    assert listed(which=Which.OVER) == ["Old ledger"]
    assert set(listed(which=Which.ALL)) == {"E-invoicing", "Old ledger"}
    assert listed(which=Which.ALL, text="TREASURY") == ["E-invoicing"]


def test_one_name_is_under_way_once(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    start(stage, ines, finance)
    with pytest.raises(Conflict, match="on the list already"):
        start(stage, ines, finance, "LEDGER, phase 2")
    other = start(stage, ines, finance, "Other")
    with pytest.raises(Conflict, match="on the list already"):
        projects.rename(
            stage.session, by=stage.actor(ines), project=other, name="Ledger, phase 2", lead_id=None, now=NOW
        )


def test_a_name_may_come_again_once_its_bearer_is_over(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    start(stage, ines, finance, stage=ProjectStage.DELIVERED)
    start(stage, ines, finance)
    assert len(stage.session.scalars(select(Project)).all()) == 2


@pytest.mark.parametrize("name", ["", "x" * 121])
def test_a_name_is_asked_for(stage: Stage, ines: Person, finance: BusinessUnit, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        start(stage, ines, finance, name)
    assert refused.value.field == "name"


def test_a_day_without_a_milestone_is_refused(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    with pytest.raises(Invalid) as refused:
        start(stage, ines, finance, milestone_on=ahead(3))
    assert refused.value.field == "milestone"


def test_a_project_is_led_from_it(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    amara = stage.person("Amara Diallo")
    stage.member(finance, amara)
    with pytest.raises(Invalid) as refused:
        start(stage, ines, finance, lead_id=amara.id)
    assert refused.value.field == "lead_id"
    specialist = stage.person("Olu Adeyemi")
    assert start(stage, ines, finance, lead_id=specialist.id).lead_id == specialist.id


def test_only_who_covers_the_unit_keeps_its_projects(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    tom = stage.person("Tom Okafor", is_rep=True)
    project = start(stage, ines, finance)
    with pytest.raises(Forbidden):
        start(stage, tom, finance, "Another")
    with pytest.raises(Forbidden):
        step(stage, tom, project, state="Mine now")
    with pytest.raises(Forbidden):
        projects.rename(stage.session, by=stage.actor(tom), project=project, name="Mine", lead_id=None, now=NOW)


def test_the_business_reads_its_own_projects_and_no_others(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    project = start(stage, ines, finance)
    amara, helena = stage.person("Amara Diallo"), stage.person("Helena Brandt")
    stage.member(finance, amara)
    stage.member(stage.unit("Legal"), helena)
    found = projects.find(stage.session, by=stage.actor(amara), project_id=project.id)
    assert found.unit.name == "Finance"
    with pytest.raises(NotFound):
        projects.find(stage.session, by=stage.actor(helena), project_id=project.id)
    with pytest.raises(Forbidden):
        projects.listed(stage.session, by=stage.actor(helena), unit=finance)
