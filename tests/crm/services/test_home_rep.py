"""The rep's start page shows what waits, the most pressing first, and nothing of other people's units."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from crm.errors import Forbidden
from crm.policy import Actor
from crm.services import home_rep, words
from crm.services.home_rep import Today
from crm.services.rep_needs import Kind, Need
from models import BusinessUnit, Cover, Person, RequestState
from tests.factories.relationships import NOW, TODAY, Stage, ago, ahead, statements


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


@pytest.fixture
def ines(stage: Stage) -> Person:
    return stage.person("Ines Carvalho", is_rep=True)


@pytest.fixture
def finance(stage: Stage, ines: Person) -> BusinessUnit:
    return stage.steady("Finance", ines)


def today(stage: Stage, person: Person, now: datetime = NOW) -> Today:
    return home_rep.today(stage.session, by=stage.actor(person), now=now)


def said(needs: Today) -> list[tuple[str, str]]:
    return [(need.what, need.when) for need in needs.needs]


def only(found: Today) -> Need:
    (need,) = found.needs
    return need


def test_a_calm_day_says_so(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    found = today(stage, ines)
    assert said(found) == []
    assert found.finding == "Nothing waits for you."
    assert [review.planned_on for review in found.next_reviews] == [ahead(20)]
    assert [line.facts.name for line in found.units] == ["Finance"]


def test_a_rep_without_units_is_told(stage: Stage, ines: Person) -> None:
    assert today(stage, ines).finding == "You look after no unit yet."


def test_a_late_review_stands_first_and_says_by_how_much(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    stage.request(finance)
    review = stage.review(finance, ago(6))
    first = today(stage, ines).needs[0]
    assert (first.kind, first.id, first.when, first.is_late) == (Kind.REVIEW, review.id, "six days late", True)
    assert first.why == "planned for 14 November"


def test_todays_review_says_when_and_where(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    stage.review(finance, TODAY)
    need = only(today(stage, ines))
    assert (need.kind, need.what, need.when, need.why) == (
        Kind.REVIEW,
        "Review with Finance",
        "today",
        "10:00, Room 4",
    )


def test_a_review_of_the_coming_week_is_named_one_after_it_is_not(
    stage: Stage, ines: Person, finance: BusinessUnit
) -> None:
    stage.review(finance, ahead(3))
    assert (only(today(stage, ines)).kind, only(today(stage, ines)).when) == (Kind.COMING_REVIEW, "on Monday")


def test_a_missed_review_is_past_doing(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    stage.review(finance, ago(60))
    assert said(today(stage, ines)) == []


def test_what_is_late_is_told_by_the_clock_of_the_unit(stage: Stage, ines: Person) -> None:
    """At 09:30 UTC it is already tomorrow in Kiritimati."""
    far = stage.steady("Kiritimati office", ines, zone="Pacific/Kiritimati")
    stage.action(far, due=TODAY)
    late_evening = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
    assert only(today(stage, ines, late_evening)).when == "one day late"


def test_actions_of_my_units_and_my_own_elsewhere_are_listed(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    legal = stage.steady("Legal", stage.person("Tom Okafor", is_rep=True))
    jonas = stage.person("Jonas Weber")
    stage.action(finance, "Send the figures", due=ago(2), owner=jonas)
    stage.action(finance, "Find an owner", due=TODAY)
    stage.action(legal, "Call back", due=ahead(1), owner=ines)
    stage.action(legal, "Not mine", due=ago(1), owner=jonas)
    stage.action(finance, "Some day")
    stage.action(finance, "Far ahead", due=ahead(8))
    found = today(stage, ines)
    assert said(found) == [
        ("Send the figures", "two days late"),
        ("Find an owner", "due today"),
        ("Call back", "due tomorrow"),
    ]
    assert [need.why for need in found.needs] == ["Jonas Weber owes it", "nobody owns it yet", ""]


def test_a_request_without_an_answer_waits(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    stage.request(finance)
    stage.request(finance, "Second screen", state=RequestState.ACCEPTED)
    need = only(today(stage, ines))
    assert (need.what, need.why, need.when) == (
        "Decide: Read-only access to the order book",
        "so quotes stop promising sold stock",
        "waiting for nine days",
    )


def test_a_request_past_its_limit_presses_wherever_it_stands(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    stage.request(finance, "A ledger", due_on=ago(2))
    stage.request(finance, "A form", state=RequestState.DELIVERING, due_on=ago(1))
    stage.request(finance, "A screen", state=RequestState.WAITING, due_on=ago(1))
    stage.request(finance, "In time", state=RequestState.DELIVERING, due_on=TODAY)
    stage.request(finance, "Asked back", state=RequestState.WAITING)
    found = today(stage, ines)
    assert [(need.what, need.when, need.is_late) for need in found.needs] == [
        ("Decide: A ledger", "two days late", True),
        ("Deliver: A form", "one day late", True),
        ("Ask again: A screen", f"since {words.day(ago(1), TODAY)}", False),
    ]


def test_a_head_who_cannot_be_written_to_is_named(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    stage.member(finance, stage.person("Amara Diallo", email=None))
    assert only(today(stage, ines)).what == "Amara Diallo has no e-mail address"


def test_a_rating_not_answered_after_a_week_is_information(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    stage.rated(finance, ago(8), [4], asked=3)
    stage.rated(finance, ago(3), asked=1)
    need = only(today(stage, ines))
    assert (need.what, need.why) == ("Not everyone in Finance has answered", "one of three so far")
    assert not need.is_late


def test_units_of_others_and_closed_ones_never_appear(stage: Stage, ines: Person) -> None:
    tom = stage.person("Tom Okafor", is_rep=True)
    for unit in (stage.steady("Legal", tom), stage.steady("Typing pool", ines, closed_on=ago(9))):
        stage.review(unit, ago(3))
        stage.action(unit, due=ago(3))
        stage.request(unit)
        stage.member(unit, stage.person(f"Head of {unit.name}", email=None))
        stage.rated(unit, ago(9), asked=2)
    found = today(stage, ines)
    assert (said(found), found.units, found.covered) == ([], [], 0)


def test_a_deputy_is_asked_for_the_same_as_the_lead(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    tom = stage.person("Tom Okafor", is_rep=True)
    stage.lead(finance, tom, cover=Cover.DEPUTY)
    stage.request(finance)
    assert today(stage, tom).waiting == 1


def test_the_opening_sentence_counts_what_waits(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    stage.request(finance)
    assert today(stage, ines).finding == "One thing waits for you."
    stage.action(finance, due=TODAY)
    assert today(stage, ines).finding == "Two things wait for you."


def test_my_units_stand_with_the_worst_first(stage: Stage, ines: Person, finance: BusinessUnit) -> None:
    late = stage.steady("Sales", ines)
    stage.action(late, due=ago(40))
    assert [line.facts.name for line in today(stage, ines).units] == ["Sales", "Finance"]


def test_eight_statements_make_the_page_however_many_units(stage: Stage, ines: Person) -> None:
    for number in range(20):
        unit = stage.steady(f"Unit {number}", ines)
        stage.review(unit, TODAY - timedelta(2))
        stage.action(unit, due=ago(1))
        stage.request(unit)
    by: Actor = stage.actor(ines)
    stage.session.expire_all()
    stage.session.refresh(ines)
    with statements(stage.session) as sent:
        home_rep.today(stage.session, by=by, now=NOW)
    assert len(sent) == 8


def test_it_is_a_page_for_reps(stage: Stage) -> None:
    with pytest.raises(Forbidden):
        today(stage, stage.person("Margit Lindqvist", is_cio=True))
