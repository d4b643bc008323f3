"""A real fall in a round without names: the rep's start page says it, until they have met."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from crm.services import cover_changes, unnamed_drops
from crm.services.rep_needs import Kind
from models import Audience, Confidentiality, Person, Round
from tests.factories.relationships import NOW, TODAY, Stage, ago


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


@pytest.fixture
def rep(stage: Stage) -> Person:
    return stage.person("Ines Carvalho", is_rep=True)


def closed(stage: Stage, rep: Person, score: int, *, days_ago: int = 1, shown: bool = True) -> Round:
    """A round without names that closed so many days ago; the dozen before it were content."""
    unit = stage.unit("Finance")
    stage.lead(unit, rep)
    for month in range(12, 0, -1):
        stage.rated(unit, ago(30 * month + 60), [5, 5, 5, 5, 4 + month % 2])
    last = stage.rated(unit, ago(days_ago + 14), [score] * 5)
    last.confidentiality, last.scores_shown, last.is_settled = Confidentiality.CONFIDENTIAL, shown, True
    stage.session.flush()
    return last


def falls(stage: Stage, rep: Person) -> list[str]:
    found = cover_changes.of(stage.session, by=stage.actor(rep)).needs
    return [need.what for need in found if need.kind is Kind.FALL]


def test_the_rep_is_told_once_until_they_have_met(stage: Stage, rep: Person) -> None:
    last = closed(stage, rep, 3)
    assert [unnamed_drops.note(stage.session, now=NOW) for _ in range(2)] == [1, 0]
    assert last.fell_on == TODAY
    assert falls(stage, rep) == ["Finance rates IT lower, and it is no noise"]
    stage.meeting(last.unit, TODAY)
    assert falls(stage, rep) == []


@pytest.mark.parametrize(("score", "days_ago", "shown"), [(5, 1, True), (3, 1, False), (3, 30, True)])
def test_what_is_steady_withheld_or_long_ago_is_no_news(
    stage: Stage, rep: Person, score: int, days_ago: int, shown: bool
) -> None:
    closed(stage, rep, score, days_ago=days_ago, shown=shown)
    assert unnamed_drops.note(stage.session, now=NOW) == 0
    assert falls(stage, rep) == []


def test_end_users_are_held_against_end_users_alone(stage: Stage, rep: Person) -> None:
    last = closed(stage, rep, 3)
    last.audience = Audience.END_USERS
    stage.session.flush()
    assert unnamed_drops.note(stage.session, now=NOW) == 0, "the dozen before it were others"
    stage.session.execute(update(Round).values(audience=Audience.END_USERS))
    stage.session.expire_all()
    assert unnamed_drops.note(stage.session, now=NOW) == 1
