"""The start pages of a head, of the administrator, and of who has several roles."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.errors import Forbidden
from crm.services import home, home_administrator, home_business
from crm.services.home_business import MyIt, standing_of
from models import BusinessUnit, OutboxMessage, Part, Person, RequestState, Response, Role
from tests.factories.relationships import NOW, TODAY, Stage, ago, ahead, at, statements


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


@pytest.fixture
def ines(stage: Stage) -> Person:
    return stage.person("Ines Carvalho", is_rep=True)


@pytest.fixture
def finance(stage: Stage, ines: Person) -> BusinessUnit:
    return stage.steady("Finance", ines)


@pytest.fixture
def amara(stage: Stage, finance: BusinessUnit) -> Person:
    head = stage.person("Amara Diallo")
    stage.member(finance, head)
    return head


def my_it(stage: Stage, person: Person) -> MyIt:
    return home_business.my_it(stage.session, by=stage.actor(person), now=NOW)


def test_a_head_sees_who_the_rep_is_and_when_they_meet(stage: Stage, amara: Person, ines: Person) -> None:
    (mine,) = my_it(stage, amara).units
    assert (mine.unit.name, mine.part, mine.lead) == ("Finance", Part.HEAD, ines)
    assert mine.next_review
    assert (mine.next_review.planned_on, mine.next_review.cadence.place) == (ahead(20), "Room 4")


def test_a_unit_without_rep_or_review_says_neither(stage: Stage) -> None:
    head = stage.person("Helena Brandt")
    stage.member(stage.unit("Legal"), head)
    (mine,) = my_it(stage, head).units
    assert (mine.lead, mine.next_review) == (None, None)


def test_head_and_key_user_of_one_unit_is_one_unit(stage: Stage, amara: Person, finance: BusinessUnit) -> None:
    stage.member(finance, amara, Part.KEY_USER)
    (mine,) = my_it(stage, amara).units
    assert mine.part is Part.HEAD


def test_a_head_sees_requests_of_the_own_unit_and_below_never_of_others(
    stage: Stage, amara: Person, finance: BusinessUnit
) -> None:
    stage.request(finance, "Dashboard", state=RequestState.DECLINED, logged_on=ago(1))
    stage.request(finance, "Second approver", logged_on=ago(20))
    stage.request(stage.unit("Treasury", parent=finance), "Bank feed", logged_on=ago(30))
    stage.request(stage.unit("Legal"), "Contract search")
    assert [request.title for request in my_it(stage, amara).requests] == ["Second approver", "Bank feed", "Dashboard"]


def test_where_a_request_stands_is_said_with_reason_and_alternative(stage: Stage, finance: BusinessUnit) -> None:
    def stands(state: RequestState, **given: Any) -> str:
        return standing_of(stage.request(finance, state=state, **given), time_zone="UTC", today=TODAY)

    decided = at(ago(5))
    assert stands(RequestState.LOGGED) == "Waits for our answer since 11 November."
    assert (
        stands(RequestState.ACCEPTED, decided_at=decided, reason="it saves a day a month")
        == "We said yes on 15 November: it saves a day a month."
    )
    assert (
        stands(RequestState.DECLINED, decided_at=decided, reason="no licence budget", alternative="a monthly extract")
        == "We said no on 15 November: no licence budget. Instead: a monthly extract."
    )
    assert (
        stands(RequestState.DECLINED, decided_at=decided, reason="no licence budget.")
        == "We said no on 15 November: no licence budget. We had nothing to offer instead."
    )


def test_a_head_sees_the_own_open_actions(stage: Stage, amara: Person, ines: Person, finance: BusinessUnit) -> None:
    stage.action(finance, "Name a key user", due=ahead(3), owner=amara)
    stage.action(finance, "Undated", owner=amara)
    stage.action(finance, "Not hers", due=ahead(1), owner=ines)
    assert [action.text for action in my_it(stage, amara).actions] == ["Name a key user", "Undated"]


def test_an_open_question_leads_to_the_link_that_was_mailed_to_me(
    stage: Stage, amara: Person, finance: BusinessUnit
) -> None:
    asked = stage.rated(finance, ago(2), asked=1)
    stage.invite(asked, amara)
    stage.add(
        OutboxMessage(
            key=f"rating:{asked.id}:{amara.id}",
            to_person_id=amara.id,
            to_address="a",
            subject="s",
            body="b",
            path="/r/secret",
            queued_at=NOW,
        )
    )
    (question,) = my_it(stage, amara).questions
    assert (question.unit_name, question.path) == ("Finance", "/r/secret")
    assert my_it(stage, stage.person("Jo Lindt", is_business=True)).questions == []


def test_a_question_answered_closed_or_withdrawn_is_asked_no_more(
    stage: Stage, amara: Person, finance: BusinessUnit
) -> None:
    answered, closed, withdrawn = (stage.rated(finance, ago(days), asked=1) for days in (2, 40, 3))
    invitation = stage.invite(answered, amara)
    stage.add(
        Response(invitation_id=invitation.id, round_id=answered.id, unit_id=finance.id, score=4, answered_at=at(ago(1)))
    )
    stage.invite(closed, amara)
    stage.invite(withdrawn, amara).revoked_at = NOW
    stage.session.flush()
    assert my_it(stage, amara).questions == []


def test_eight_statements_make_the_heads_page(stage: Stage, amara: Person, finance: BusinessUnit) -> None:
    for _ in range(8):
        stage.request(finance)
        stage.action(finance, owner=amara)
    by = stage.actor(amara)
    with statements(stage.session) as sent:
        home_business.my_it(stage.session, by=by, now=NOW)
    assert len(sent) == 8


def test_the_administrator_sees_what_is_missing(stage: Stage, ines: Person) -> None:
    pia = stage.actor(stage.person("Pia Holm", is_administrator=True))
    empty = home_administrator.household(stage.session, by=pia, jobs=())
    assert (empty.units, empty.has_units, empty.is_set_up) == (0, False, False)
    stage.steady("Finance", ines)
    stage.member(stage.unit("Legal"), stage.person("Helena Brandt", email=None))
    stage.unit("Typing pool", closed_on=ago(3))
    found = home_administrator.household(stage.session, by=pia, jobs=())
    assert (found.units, found.without_lead, found.without_rhythm, found.reps, found.unwritable) == (2, 1, 1, 1, 1)
    assert found.is_set_up
    assert not found.has_leads


def test_the_household_is_the_administrators(stage: Stage, ines: Person) -> None:
    with pytest.raises(Forbidden):
        home_administrator.household(stage.session, by=stage.actor(ines), jobs=())


def test_who_has_several_roles_gets_the_most_useful_page_first() -> None:
    everything = Person(name="Ines Carvalho", is_administrator=True, is_business=True, is_cio=True, is_rep=True)
    assert home.homes_of(everything) == [Role.REP, Role.CIO, Role.BUSINESS, Role.ADMINISTRATOR]
    assert home.chosen(everything, "cio") is Role.CIO
    assert home.chosen(everything, "nonsense") is Role.REP
    assert home.chosen(Person(name="Jo", is_rep=True), "administrator") is Role.REP
    assert home.chosen(Person(name="Jo"), "") is None


@pytest.mark.parametrize(
    ("hour", "zone", "expected"),
    [(8, "UTC", "Good morning"), (11, "Europe/Berlin", "Good afternoon"), (17, "Europe/Berlin", "Good evening")],
)
def test_the_greeting_goes_by_the_clock_of_the_organisation(hour: int, zone: str, expected: str) -> None:
    now = datetime(2026, 11, 20, hour, 30, tzinfo=UTC)
    assert home.greeting(Person(name="Ines Carvalho"), now=now, time_zone=zone) == f"{expected}, Ines"
