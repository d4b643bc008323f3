"""The agenda goes into the meeting as headings, and comes back with ticks."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from crm.errors import Forbidden
from crm.services import agenda
from models import AgendaItem, BusinessUnit, Person, Review
from tests.factories.relationships import Stage, ahead


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


@pytest.fixture
def review(stage: Stage, finance: BusinessUnit) -> Review:
    return stage.review(finance, ahead(3))


def point(stage: Stage, review: Review, text: str, position: int, *, dropped: bool = False) -> AgendaItem:
    return stage.add(AgendaItem(review_id=review.id, text=text, position=position, dropped=dropped))


def test_points_come_in_their_order_without_those_taken_off(stage: Stage, ines: Person, review: Review) -> None:
    point(stage, review, "Third", 3)
    point(stage, review, "First", 1)
    point(stage, review, "Left off", 2, dropped=True)
    items = agenda.of(stage.session, by=stage.actor(ines), review=review)
    assert [item.text for item in items] == ["First", "Third"]


def test_the_skeleton_has_one_heading_a_point_and_room_to_write(stage: Stage, review: Review) -> None:
    points = [point(stage, review, "How things are going", 1), point(stage, review, "Two\nlines", 2)]
    assert agenda.skeleton(points) == "## How things are going\n\n\n## Two lines\n\n"
    assert agenda.skeleton([]) == ""


def test_ticked_points_are_settled_and_no_others(stage: Stage, finance: BusinessUnit, review: Review) -> None:
    first, second = point(stage, review, "First", 1), point(stage, review, "Second", 2)
    foreign = point(stage, stage.review(finance, ahead(40)), "Of another review", 1)
    agenda.settle(stage.session, review=review, done={first.id, foreign.id})
    assert (first.settled, second.settled, foreign.settled) == (True, False, False)


def test_the_business_reads_no_agenda(stage: Stage, finance: BusinessUnit, review: Review) -> None:
    amara = stage.person("Amara Diallo")
    stage.member(finance, amara)
    with pytest.raises(Forbidden):
        agenda.of(stage.session, by=stage.actor(amara), review=review)
