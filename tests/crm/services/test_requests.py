"""Requests: the need first, a "no" with an alternative, and who may do what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.errors import Conflict, Forbidden, Invalid, NotFound
from crm.services import deciding, requests
from models import BusinessUnit, Origin, Request, RequestState
from models.request_part import Verdict
from tests.cast import Cast
from tests.november import NOW, TODAY, acting


def add(session: Session, cast: Cast, name: str = "rep", **told: Any) -> Request:
    words = {"unit": cast.finance, "title": "A dashboard", "business_need": "To see spend in time", **told}
    return requests.add(session, by=acting(session, getattr(cast, name)), now=NOW, **words)


def decide(session: Session, cast: Cast, request: Request, verdict: Verdict, name: str = "rep", **told: Any) -> None:
    words = {"reason": "It can be done by March", "did": "We looked for another way", **told}
    by = acting(session, getattr(cast, name))
    deciding.decide(session, by=by, request=request, verdict=verdict, now=NOW, **words)


def test_a_rep_adds_a_request_for_somebody(session: Session, cast: Cast) -> None:
    request = add(session, cast, requester_id=cast.head.id, origin=Origin.OFFERED)
    assert (request.state, request.origin, request.requester_id) == (
        RequestState.LOGGED,
        Origin.OFFERED,
        cast.head.id,
    )
    assert request.logged_on == TODAY


def test_a_request_is_logged_on_the_units_own_date(session: Session, cast: Cast) -> None:
    cast.legal.time_zone = "Pacific/Auckland"
    late = datetime(2026, 11, 10, 22, 0, tzinfo=UTC)
    by = acting(session, cast.colleague)
    request = requests.add(session, by=by, unit=cast.legal, title="A", business_need="B", now=late)
    assert request.logged_on == date(2026, 11, 11)


@pytest.mark.parametrize("name", ["head", "key_user"])
def test_a_head_or_key_user_asks_in_the_own_name(session: Session, cast: Cast, name: str) -> None:
    request = add(session, cast, name, requester_id=cast.rep.id, origin=Origin.OFFERED)
    assert (request.requester_id, request.origin) == (getattr(cast, name).id, Origin.ASKED)


def test_a_head_asks_for_the_units_below_too(session: Session, cast: Cast) -> None:
    payroll = BusinessUnit(code="PAY", name="Payroll", parent_id=cast.finance.id, time_zone="Europe/Lisbon")
    session.add(payroll)
    session.flush()
    assert add(session, cast, "head", unit=payroll).unit_id == payroll.id


@pytest.mark.parametrize("name", ["colleague", "outsider", "cio", "administrator"])
def test_nobody_else_adds_a_request(session: Session, cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        add(session, cast, name)


@pytest.mark.parametrize(
    ("told", "field"),
    [({"title": ""}, "title"), ({"business_need": ""}, "business_need"), ({"requester_id": 999_999}, "requester_id")],
)
def test_a_request_says_what_and_what_for(session: Session, cast: Cast, told: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        add(session, cast, **told)
    assert caught.value.field == field


def test_a_yes_keeps_who_when_and_why(session: Session, cast: Cast) -> None:
    request = add(session, cast)
    decide(session, cast, request, Verdict.ACCEPT)
    assert request.state is RequestState.ACCEPTED
    assert (request.decided_by_id, request.decided_at, request.reason) == (cast.rep.id, NOW, "It can be done by March")


def test_a_decision_says_why(session: Session, cast: Cast) -> None:
    request = add(session, cast)
    for verdict in Verdict:
        with pytest.raises(Invalid) as caught:
            decide(session, cast, request, verdict, reason="", no_alternative=True)
        assert caught.value.field == "reason"


def test_a_no_offers_an_alternative_or_says_that_there_is_none(session: Session, cast: Cast) -> None:
    request = add(session, cast)
    with pytest.raises(Invalid) as caught:
        decide(session, cast, request, Verdict.DECLINE)
    assert caught.value.field == "alternative"
    decide(session, cast, request, Verdict.DECLINE, alternative="A monthly extract")
    assert (request.state, request.alternative, request.no_alternative) == (
        RequestState.DECLINED,
        "A monthly extract",
        False,
    )
    other = add(session, cast)
    decide(session, cast, other, Verdict.DECLINE, no_alternative=True)
    assert (other.state, other.no_alternative) == (RequestState.DECLINED, True)


def test_a_no_does_not_offer_something_and_nothing_at_once(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid) as caught:
        decide(session, cast, add(session, cast), Verdict.DECLINE, alternative="An extract", no_alternative=True)
    assert caught.value.field == "no_alternative"


def test_a_yes_carries_no_alternative(session: Session, cast: Cast) -> None:
    request = add(session, cast)
    decide(session, cast, request, Verdict.ACCEPT, alternative="left over in the form", no_alternative=True)
    assert (request.alternative, request.no_alternative) == ("", False)


def test_a_request_is_decided_once(session: Session, cast: Cast) -> None:
    request = add(session, cast)
    decide(session, cast, request, Verdict.ACCEPT)
    with pytest.raises(Conflict):
        decide(session, cast, request, Verdict.DECLINE, alternative="An extract")


@pytest.mark.parametrize("name", ["colleague", "head", "outsider", "cio", "administrator"])
def test_only_who_looks_after_the_unit_decides_and_delivers(session: Session, cast: Cast, name: str) -> None:
    request = add(session, cast)
    with pytest.raises(Forbidden):
        decide(session, cast, request, Verdict.ACCEPT, name)
    decide(session, cast, request, Verdict.ACCEPT)
    with pytest.raises(Forbidden):
        move(session, cast, request, RequestState.DELIVERED, name)


def move(
    session: Session,
    cast: Cast,
    request: Request,
    to: RequestState,
    name: str = "rep",
    why: str = "It is there",
    at: datetime = NOW,
) -> None:
    requests.move(session, by=acting(session, getattr(cast, name)), request=request, to=to, why=why, now=at)


def test_what_was_accepted_is_delivered_once(session: Session, cast: Cast) -> None:
    request = add(session, cast)
    with pytest.raises(Conflict):
        move(session, cast, request, RequestState.DELIVERED)
    decide(session, cast, request, Verdict.ACCEPT)
    move(session, cast, request, RequestState.DELIVERED)
    move(session, cast, request, RequestState.DELIVERED, at=NOW + timedelta(days=1))
    assert (request.state, request.delivered_at) == (RequestState.DELIVERED, NOW)


def test_a_request_is_found_by_who_sees_its_unit(session: Session, cast: Cast) -> None:
    request = add(session, cast)
    for name in ("rep", "colleague", "head", "cio"):
        by = acting(session, getattr(cast, name))
        assert requests.find(session, by=by, request_id=request.id) is request
    with pytest.raises(NotFound):
        requests.find(session, by=acting(session, cast.outsider), request_id=request.id)


def test_the_same_wish_on_the_same_day_is_one_request(session: Session, cast: Cast) -> None:
    by = acting(session, cast.head)
    words: dict[str, Any] = {"title": "A ledger", "business_need": "To close on time"}
    first = requests.add(session, by=by, unit=cast.finance, now=NOW, **words)
    again = requests.add(session, by=by, unit=cast.finance, now=NOW, **words)
    assert again is first
