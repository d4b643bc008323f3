"""Where a request stands: every path there is, and who may go it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, CrmError, Forbidden, Invalid
from crm.policy import Action, Actor
from crm.services import deciding, request_states, requests
from crm.services.request_states import DECIDED, WAYS, Side
from models import Person, Request, RequestState
from models.request_part import Verdict
from tests.cast import Cast
from tests.november import NOW, TODAY, acting

NEED = "To see spend in time"


def asked(session: Session, cast: Cast) -> Request:
    by = acting(session, cast.head)
    return requests.add(session, by=by, unit=cast.finance, title="A dashboard", business_need=NEED, now=NOW)


def at(request: Request, state: RequestState) -> Request:
    request.state = state
    return request


def to(session: Session, person: Person, request: Request, state: RequestState, why: str = "") -> None:
    requests.move(session, by=acting(session, person), request=request, to=state, why=why, now=NOW)


def test_no_way_leads_to_confirmed_but_the_units_own() -> None:
    leading = [way for ways in WAYS.values() for way in ways if way.to is RequestState.CONFIRMED]
    assert [way.side for way in leading] == [Side.UNIT]
    assert WAYS[RequestState.CONFIRMED] == ()


def test_no_decision_comes_without_a_reason() -> None:
    for ways in WAYS.values():
        assert all(way.asks for way in ways if way.to in DECIDED)


def test_every_state_can_be_reached_and_left_but_the_last() -> None:
    reached, new = {RequestState.LOGGED}, {RequestState.LOGGED}
    while new:
        new = {way.to for state in new for way in WAYS[state]} - reached
        reached |= new
    assert reached == set(RequestState)
    assert {state for state, ways in WAYS.items() if not ways} == {RequestState.CONFIRMED}


WHO = ("rep", "colleague", "head", "outsider", "cio", "administrator", "specialist")
MOVES = st.lists(st.tuples(st.sampled_from(WHO), st.sampled_from(list(RequestState)), st.sampled_from(["", "Because"])))


@given(MOVES)
def test_on_no_path_is_a_request_confirmed_without_its_unit(moves: list[tuple[str, RequestState, str]]) -> None:
    """Of the rules alone, without a database: the head belongs to the unit, the rep looks after it."""
    actors = {
        "rep": Actor(Person(id=1, name="I", is_rep=True), TODAY, covers=frozenset({1})),
        "colleague": Actor(Person(id=2, name="T", is_rep=True), TODAY),
        "head": Actor(Person(id=3, name="A", is_business=True), TODAY, belongs=frozenset({1})),
        "outsider": Actor(Person(id=4, name="H", is_business=True), TODAY, belongs=frozenset({2})),
        "cio": Actor(Person(id=5, name="M", is_cio=True), TODAY),
        "administrator": Actor(Person(id=6, name="P", is_administrator=True), TODAY),
        "specialist": Actor(Person(id=7, name="O"), TODAY),
    }
    request = Request(unit_id=1, state=RequestState.LOGGED)
    decided = False
    for who, wanted, why in moves:
        by = actors[who]
        ways = [way for way in request_states.ways(request, by=by) if way.to is wanted and (why or not way.asks)]
        if ways:
            assert policy.can(by, ways[0].side.value, request)
            decided = decided or wanted is RequestState.ACCEPTED
            assert wanted is not RequestState.CONFIRMED or (who == "head" and decided)
            request.state = wanted


def test_a_request_goes_all_the_way_and_every_step_is_kept(session: Session, cast: Cast) -> None:
    request = asked(session, cast)
    to(session, cast.rep, request, RequestState.LOOKING)
    to(session, cast.rep, request, RequestState.WAITING, "Which cost centres?")
    to(session, cast.head, request, RequestState.LOOKING, "All of them")
    by = acting(session, cast.rep)
    deciding.decide(session, by=by, request=request, verdict=Verdict.ACCEPT, reason="By March", now=NOW)
    to(session, cast.rep, request, RequestState.DELIVERING)
    to(session, cast.rep, request, RequestState.DELIVERED, "There it is")
    to(session, cast.head, request, RequestState.DELIVERING, "Prices are missing")
    assert request.delivered_at is None
    to(session, cast.rep, request, RequestState.DELIVERED, "There it is")
    to(session, cast.head, request, RequestState.CONFIRMED)
    steps = request_states.history(session, request=request)
    assert [(step.state.value, step.by and step.by.name, step.why) for step in steps] == [
        ("logged", "Amara Diallo", ""),
        ("looking", "Ines Carvalho", ""),
        ("waiting", "Ines Carvalho", "Which cost centres?"),
        ("looking", "Amara Diallo", "All of them"),
        ("accepted", "Ines Carvalho", "By March"),
        ("delivering", "Ines Carvalho", ""),
        ("delivered", "Ines Carvalho", "There it is"),
        ("delivering", "Amara Diallo", "Prices are missing"),
        ("delivered", "Ines Carvalho", "There it is"),
        ("confirmed", "Amara Diallo", ""),
    ]
    assert (request.state, request.confirmed_at) == (RequestState.CONFIRMED, NOW)


@pytest.mark.parametrize("name", ["rep", "colleague", "cio", "administrator", "outsider"])
def test_nobody_of_it_or_of_another_unit_confirms(session: Session, cast: Cast, name: str) -> None:
    request = at(asked(session, cast), RequestState.DELIVERED)
    session.flush()
    with pytest.raises(Forbidden):
        to(session, getattr(cast, name), request, RequestState.CONFIRMED)
    assert request.state is RequestState.DELIVERED


@pytest.mark.parametrize("state", list(RequestState))
def test_where_no_way_leads_one_is_told(session: Session, cast: Cast, state: RequestState) -> None:
    request = at(asked(session, cast), state)
    request.alternative = "A monthly extract"
    session.flush()
    for wanted in set(RequestState) - {way.to for way in WAYS[state]} - DECIDED - {state}:
        with pytest.raises(CrmError):
            to(session, cast.rep, request, wanted, "Because")


def test_what_was_refused_can_be_looked_at_again_with_a_reason(session: Session, cast: Cast) -> None:
    request, by = asked(session, cast), acting(session, cast.rep)
    no = Verdict.DECLINE
    words: dict[str, Any] = {"alternative": "A monthly extract", "did": "We asked"}
    deciding.decide(session, by=by, request=request, verdict=no, reason="No money", now=NOW, **words)
    with pytest.raises(Invalid, match="different now"):
        to(session, cast.head, request, RequestState.LOOKING)
    to(session, cast.head, request, RequestState.LOOKING, "We have money now")
    assert (request.state, request.decided_at) == (RequestState.LOOKING, None)
    deciding.decide(session, by=by, request=request, verdict=Verdict.ACCEPT, reason="Then yes", now=NOW)
    assert [step.why for step in request_states.history(session, request=request)] == [
        "",
        "No money",
        "We have money now",
        "Then yes",
    ]


def test_pressed_twice_is_one_step(session: Session, cast: Cast) -> None:
    request = asked(session, cast)
    for minutes in range(2):
        by, now = acting(session, cast.rep), NOW + timedelta(minutes=minutes)
        requests.move(session, by=by, request=request, to=RequestState.LOOKING, why="", now=now)
    assert len(request_states.history(session, request=request)) == 2


def test_a_decision_is_no_mere_move(session: Session, cast: Cast) -> None:
    with pytest.raises(Conflict):
        to(session, cast.rep, asked(session, cast), RequestState.ACCEPTED, "Because")


def test_the_policy_says_who_confirms() -> None:
    assert Side.UNIT.value is Action.CONFIRM_REQUEST
