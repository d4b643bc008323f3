"""Correcting a request: whose word is whose, until when, and what becomes of two who do it at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.errors import Conflict, Forbidden, Invalid
from crm.services import request_editing, requests
from crm.services.request_editing import ChangedMeanwhile, Told
from crm.services.request_facts import Facts
from models import Origin, Request, RequestKind, RequestState, Severity
from tests.cast import Cast
from tests.november import NOW, TODAY, acting


def add(session: Session, cast: Cast, name: str = "head", **told: Any) -> Request:
    words = {"unit": cast.finance, "title": "A dashboard", "business_need": "To see spend in time", **told}
    return requests.add(session, by=acting(session, getattr(cast, name)), now=NOW, **words)


def edit(session: Session, cast: Cast, request: Request, name: str, seen: str | None = None, **parts: Any) -> None:
    by = acting(session, getattr(cast, name))
    before = Told.of(request)
    names = request_editing.rights(session, by=by, request=request)
    seen = before.signature(names) if seen is None else seen
    request_editing.edit(session, by=by, request=request, told=before.with_parts(parts), seen=seen, now=NOW)


def test_a_unit_corrects_its_own_words_and_nothing_else(session: Session, cast: Cast) -> None:
    request = add(session, cast)
    told: dict[str, Any] = {
        "title": "A report",
        "business_need": "To see it",
        "value_wanted": "Less typing",
        "cost_low": Decimal(5),
    }
    edit(session, cast, request, "key_user", **told, wished_for=TODAY, requester_id=cast.key_user.id)
    assert (request.title, request.business_need, request.value_wanted) == ("A report", "To see it", "Less typing")
    assert (request.wished_for, request.cost_low, request.requester_id) == (TODAY, None, cast.head.id)


def test_it_says_what_it_costs_and_leaves_the_units_words_alone(session: Session, cast: Cast) -> None:
    request = add(session, cast)
    told: dict[str, Any] = {
        "title": "Ours",
        "business_need": "Ours",
        "kind": RequestKind.NON_STANDARD,
        "hours_low": Decimal(8),
    }
    edit(session, cast, request, "rep", **told, link="https://desk.example/1")
    assert (request.title, request.business_need) == ("A dashboard", "To see spend in time")
    assert (request.kind, request.hours_low, request.hours_high) == (
        RequestKind.NON_STANDARD,
        Decimal(8),
        Decimal(8),
    )
    assert request.link == "https://desk.example/1"


def test_what_it_wrote_down_it_may_put_right(session: Session, cast: Cast) -> None:
    request = add(session, cast, "rep", requester_id=cast.head.id)
    edit(session, cast, request, "rep", title="A report", requester_id=cast.key_user.id)
    assert (request.title, request.requester_id) == ("A report", cast.key_user.id)
    with pytest.raises(Invalid) as caught:
        edit(session, cast, request, "rep", requester_id=cast.outsider.id)
    assert caught.value.field == "requester_id"


def test_once_it_is_decided_the_words_stay_and_the_figures_may_become_clearer(session: Session, cast: Cast) -> None:
    request = add(session, cast)
    request.state = RequestState.ACCEPTED
    session.flush()
    with pytest.raises(Conflict):
        edit(session, cast, request, "head", title="Something else")
    edit(session, cast, request, "rep", cost_low=Decimal(900), kind=RequestKind.NON_STANDARD)
    assert (request.cost_low, request.kind) == (Decimal(900), RequestKind.STANDARD)


@pytest.mark.parametrize("name", ["colleague", "outsider", "cio", "administrator"])
def test_nobody_else_corrects_it(session: Session, cast: Cast, name: str) -> None:
    request = add(session, cast)
    with pytest.raises(Forbidden):
        edit(session, cast, request, name, seen="x", title="Mine")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"title": ""}, "title"),
        ({"business_need": ""}, "business_need"),
        ({"wished_for": date(2020, 1, 1)}, "wished_for"),
    ],
)
def test_a_correction_says_what_and_what_for_too(
    session: Session, cast: Cast, told: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        edit(session, cast, add(session, cast), "head", **told)
    assert caught.value.field == field


def test_a_wished_day_that_has_passed_stands_in_the_way_of_no_correction(session: Session, cast: Cast) -> None:
    request = add(session, cast)
    request.wished_for = date(2026, 11, 1)
    edit(session, cast, request, "rep", cost_low=Decimal(4))
    assert request.cost_low == Decimal(4)


def test_of_two_at_once_the_second_is_told_what_the_first_saved(session: Session, cast: Cast) -> None:
    request = add(session, cast)
    by = acting(session, cast.key_user)
    names = request_editing.rights(session, by=by, request=request)
    seen = Told.of(request).signature(names)
    edit(session, cast, request, "head", title="A report")
    with pytest.raises(ChangedMeanwhile) as caught:
        edit(session, cast, request, "key_user", seen=seen, title="A chart")
    assert caught.value.names == {"title"}
    assert caught.value.theirs.title == "A report" == request.title
    edit(session, cast, request, "key_user", title="A chart")
    assert request.title == "A chart"


def test_who_corrects_words_is_not_stopped_by_who_says_what_it_costs(session: Session, cast: Cast) -> None:
    request = add(session, cast)
    names = request_editing.rights(session, by=acting(session, cast.head), request=request)
    seen = Told.of(request).signature(names)
    edit(session, cast, request, "rep", cost_low=Decimal(4))
    edit(session, cast, request, "head", seen=seen, title="A report")
    assert (request.title, request.cost_low) == ("A report", Decimal(4))


def test_a_unit_does_not_say_what_leaves_the_usual_way(session: Session, cast: Cast) -> None:
    request = add(session, cast, kind=RequestKind.NON_STANDARD)
    assert request.kind == "standard"
    with pytest.raises(Forbidden):
        edit(session, cast, request, "head", kind=RequestKind.NON_STANDARD)
    edit(session, cast, request, "rep", kind=RequestKind.NON_STANDARD)
    edit(session, cast, request, "head", title="A report")
    assert request.kind == "non_standard"


# ---- Complaints and offers


def test_a_complaint_has_a_severity_and_an_owner_from_the_start(session: Session, cast: Cast) -> None:
    told = add(session, cast, kind=RequestKind.COMPLAINT, severity=Severity.CRITICAL)
    assert (told.severity, told.owner_id) == (Severity.CRITICAL, cast.rep.id)
    other = add(session, cast, title="Another", kind=RequestKind.COMPLAINT)
    assert other.severity is Severity.SERIOUS


def test_what_becomes_a_complaint_gets_both_and_another_day(session: Session, cast: Cast) -> None:
    request = add(session, cast)
    due_on = request.due_on
    edit(session, cast, request, "head", kind=RequestKind.COMPLAINT)
    assert (request.severity, request.owner_id) == (Severity.SERIOUS, cast.rep.id)
    assert due_on is not None
    assert request.due_on is not None
    assert request.due_on < due_on


def test_only_the_unit_calls_its_complaint_something_else(session: Session, cast: Cast) -> None:
    request = add(session, cast, kind=RequestKind.COMPLAINT)
    with pytest.raises(Invalid) as caught:
        edit(session, cast, request, "rep", kind=RequestKind.QUESTION)
    assert caught.value.field == "kind"
    edit(session, cast, request, "head", kind=RequestKind.QUESTION)
    assert (request.kind, request.severity) == (RequestKind.QUESTION, None)


def test_nobody_offers_a_complaint(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid) as caught:
        add(session, cast, "rep", kind=RequestKind.COMPLAINT, origin=Origin.OFFERED)
    assert caught.value.field == "origin"


def test_a_unit_is_heard_on_what_it_is_worth_and_not_on_what_it_costs(session: Session, cast: Cast) -> None:
    facts = Facts(value_wanted="A day", value_low=Decimal(5), cost_low=Decimal(7), hours_low=Decimal(9))
    request = add(session, cast, facts=facts)
    assert (request.value_wanted, request.value_high, request.cost_low, request.hours_low) == (
        "A day",
        Decimal(5),
        None,
        None,
    )
    assert request.currency == "EUR"
    ours = add(session, cast, "rep", title="Ours", facts=replace(facts, link="https://desk.example/1"))
    assert (ours.cost_high, ours.hours_high, ours.link) == (Decimal(7), Decimal(9), "https://desk.example/1")
