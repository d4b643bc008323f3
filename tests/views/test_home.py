"""Each role finds its own start page, and each button there leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy.orm import Session

from models import Part, Person, RequestState
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.factories.relationships import NOW, TODAY, Stage, ago, ahead

BUDGET = 12


@pytest.fixture(autouse=True)
def on_a_day_in_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def stage(session: Session, cast: Cast) -> Stage:
    return Stage(session)


def page(client: Client, person: Person, path: str = "/") -> str:
    answer = client.sign_in(person).get(path)
    assert answer.status_code == 200, answer.location
    return answer.text


def test_the_rep_is_greeted_and_told_what_waits(client: Client, cast: Cast, stage: Stage) -> None:
    review = stage.review(cast.finance, ago(6))
    action = stage.action(cast.finance, "Send the price comparison", due=ago(2), owner=cast.rep)
    request = stage.request(cast.finance)
    stage.request(cast.legal, "Contract search")
    stage.session.commit()
    text = page(client, cast.rep)
    assert "Good morning, Ines" in text
    assert "Three things wait for you." in text
    assert "six days late" in text
    assert f"/units/{cast.finance.id}/meetings/new?review={review.id}" in text
    assert f'action="/actions/{action.id}/settle?back=' in text
    assert f"/requests/{request.id}" in text
    assert "Contract search" not in text


def test_the_next_reviews_can_be_prepared_before_they_are_moved(client: Client, cast: Cast, stage: Stage) -> None:
    review = stage.review(cast.finance, ahead(12))
    stage.session.commit()
    aside = page(client, cast.rep).partition('aria-label="Next reviews"')[2]
    assert 0 < aside.find(f'href="/reviews/{review.id}/prepare"') < aside.find(f'href="/reviews/{review.id}/move"')


def test_a_settled_action_is_gone_from_the_start_page(client: Client, cast: Cast, stage: Stage) -> None:
    action = stage.action(cast.finance, "Send the price comparison", due=ago(2), owner=cast.rep)
    stage.session.commit()
    client.sign_in(cast.rep)
    answer = client.submit(f"/actions/{action.id}/settle?back=/", {"state": "done"})
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Nothing waits for you." in client.get("/").text


def test_a_rep_without_units_is_told_what_comes_next(client: Client, stage: Stage) -> None:
    text = page(client, stage.person("New Rep", is_rep=True))
    assert "You look after no unit yet." in text
    assert "Log a meeting" not in text


def test_the_head_sees_my_it_and_nothing_of_other_units(client: Client, cast: Cast, stage: Stage) -> None:
    stage.review(cast.finance, ahead(3))
    stage.request(
        cast.finance, "Dashboard", state=RequestState.DECLINED, reason="no budget", alternative="a monthly extract"
    )
    stage.request(cast.legal, "Contract search")
    stage.action(cast.finance, "Name the testers", due=ahead(2), owner=cast.head)
    stage.session.commit()
    text = page(client, cast.head)
    assert "You meet Ines Carvalho on Monday 23 November at 10:00." in text
    assert "ines.carvalho@fernhill.example" in text
    assert "We said no: no budget. Instead: a monthly extract." in text
    assert "Name the testers" in text
    assert "Contract search" not in text
    assert f"/units/{cast.legal.id}" not in text


def test_the_head_can_ask_for_something_at_once(client: Client, cast: Cast) -> None:
    assert f"/units/{cast.finance.id}/requests/new" in page(client, cast.head)


def test_a_head_of_nothing_is_told(client: Client, stage: Stage) -> None:
    assert "You belong to no unit here today." in page(client, stage.person("Nobody’s Head", is_business=True))


def test_the_cio_begins_with_the_portfolio(client: Client, cast: Cast) -> None:
    answer = client.sign_in(cast.cio).get("/")
    assert (answer.status_code, answer.location) == (302, "/portfolio")


def test_the_administrator_is_led_through_the_first_steps(client: Client, cast: Cast, stage: Stage) -> None:
    stage.member(cast.legal, stage.person("Without Address", email=None), Part.KEY_USER)
    stage.session.commit()
    text = page(client, cast.administrator)
    assert "One unit has no lead rep." in text
    assert "Three units have none." in text
    assert "Without Address has no e-mail address" in text
    for path in ("/import", "/people", "/audit", "/units?cover=none"):
        assert f'href="{path}"' in text


def test_an_empty_organisation_begins_with_the_import(client: Client, session: Session) -> None:
    text = page(client, Stage(session).person("Pia Holm", is_administrator=True))
    assert "Bring in your units first." in text


def test_who_has_several_roles_finds_the_other_pages(client: Client, stage: Stage) -> None:
    several = stage.person("Sam Several", is_rep=True, is_cio=True, is_administrator=True)
    text = page(client, several)
    assert "You look after no unit yet." in text
    assert 'href="/?as=administrator"' in text
    assert 'href="/portfolio"' in text
    assert "Bring in your units and people" in page(client, several, "/?as=administrator")


def test_nobody_reads_the_start_page_of_a_role_not_held(client: Client, cast: Cast) -> None:
    assert "Good morning, Ines" in page(client, cast.rep, "/?as=administrator")


def test_who_has_no_role_is_told_kindly(client: Client, stage: Stage) -> None:
    assert "You have no part here yet." in page(client, stage.person("Nobody Yet"))


@pytest.mark.parametrize("role", ["rep", "head", "administrator"])
def test_a_start_page_takes_few_statements_however_much_there_is(
    client: Client, cast: Cast, stage: Stage, statements: StatementCounter, role: str
) -> None:
    person: Person = getattr(cast, role)
    client.sign_in(person)
    counts = []
    for _ in range(2):
        with statements:
            assert client.get("/").status_code == 200
        counts.append(statements.count)
        _fill(stage, cast)
    with statements:
        assert client.get("/").status_code == 200
    assert statements.count <= BUDGET, statements.statements
    assert statements.count == counts[1]


def _fill(stage: Stage, cast: Cast) -> None:
    for number in range(5):
        unit = stage.steady(f"Unit {number}", cast.rep)
        stage.member(unit, cast.head)
        stage.action(unit, due=TODAY, owner=cast.rep)
        stage.action(unit, due=TODAY, owner=cast.head)
        stage.request(unit, by=cast.head)
        stage.review(unit, ago(3))
        stage.invite(stage.rated(unit, ago(9), asked=2), cast.head)
    stage.session.commit()
