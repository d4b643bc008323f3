"""What several units need is joined under one facilitator; each unit keeps its own request and its own words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Conflict, Forbidden, Invalid, NotFound
from crm.policy import Actor
from crm.services import request_page, requests, shared_need_pages, shared_needs
from models import AuditEntry, BusinessUnit, Request, RequestState, SharedNeed
from tests.cast import Cast

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def asked(session: Session, unit: BusinessUnit, title: str = "Order book", **more: Any) -> Request:
    request = Request(unit_id=unit.id, title=title, business_need="To close on time", logged_on=TODAY, **more)
    session.add(request)
    session.flush()
    return request


@pytest.fixture
def rep(session: Session, cast: Cast) -> Actor:
    return cast.actor(session, cast.rep, TODAY)


@pytest.fixture
def ours(session: Session, cast: Cast) -> Request:
    return asked(session, cast.finance, "Order book in Finance")


@pytest.fixture
def theirs(session: Session, cast: Cast) -> Request:
    return asked(session, cast.legal, "Order book in Legal")


def join(session: Session, by: Actor, *same: Request, title: str = "One order book") -> SharedNeed:
    return shared_needs.join(session, by=by, requests=same, title=title, facilitator_id=by.id, now=NOW)


def test_each_unit_keeps_its_own_request_in_its_own_words(
    session: Session, rep: Actor, ours: Request, theirs: Request
) -> None:
    need = join(session, rep, ours, theirs)
    assert (ours.shared_need_id, theirs.shared_need_id) == (need.id, need.id)
    assert (ours.title, theirs.title) == ("Order book in Finance", "Order book in Legal")
    assert (need.title, need.facilitator_id) == ("One order book", rep.id)


def test_who_looks_after_the_unit_at_hand_joins_and_nobody_else(
    session: Session, cast: Cast, rep: Actor, ours: Request, theirs: Request
) -> None:
    with pytest.raises(Forbidden):
        join(session, rep, theirs, ours)
    for person in (cast.head, cast.administrator):
        with pytest.raises(Forbidden):
            join(session, cast.actor(session, person, TODAY), ours, theirs)
    assert join(session, cast.actor(session, cast.cio, TODAY), theirs, ours)


def test_one_unit_alone_shares_nothing(session: Session, cast: Cast, rep: Actor, ours: Request) -> None:
    for same in ((ours,), (ours, asked(session, cast.finance))):
        with pytest.raises(Invalid) as refused:
            join(session, rep, *same)
        assert refused.value.field == "requests"


def test_the_title_is_written_by_it_and_not_taken_from_a_unit(
    session: Session, rep: Actor, ours: Request, theirs: Request
) -> None:
    for title in ("", "order book in LEGAL", "To close on time", "x" * 201):
        with pytest.raises(Invalid) as refused:
            join(session, rep, ours, theirs, title=title)
        assert refused.value.field == "title"


def test_the_facilitator_is_somebody_of_it_who_is_here(
    session: Session, cast: Cast, rep: Actor, ours: Request, theirs: Request
) -> None:
    cast.colleague.left_on = TODAY
    session.flush()
    for nobody in (None, 10**6, cast.head.id, cast.specialist.id, cast.colleague.id):
        with pytest.raises(Invalid) as refused:
            shared_needs.join(session, by=rep, requests=[ours, theirs], title="One", facilitator_id=nobody, now=NOW)
        assert refused.value.field == "facilitator_id"


def test_a_request_is_part_of_one_need_only(
    session: Session, cast: Cast, rep: Actor, ours: Request, theirs: Request
) -> None:
    join(session, rep, ours, theirs)
    with pytest.raises(Conflict):
        join(session, rep, asked(session, cast.finance), theirs)


def test_a_further_request_is_added_by_either_side(
    session: Session, cast: Cast, rep: Actor, ours: Request, theirs: Request
) -> None:
    need = join(session, rep, ours, theirs)
    further = asked(session, cast.corporate)
    stranger = cast.actor(session, cast.cio, TODAY)
    shared_needs.add(session, by=stranger, need=need, requests=[further])
    assert further.shared_need_id == need.id
    with pytest.raises(Invalid):
        shared_needs.add(session, by=rep, need=need, requests=[])
    with pytest.raises(Forbidden):
        shared_needs.add(session, by=cast.actor(session, cast.head, TODAY), need=need, requests=[ours])


def test_a_need_that_is_left_with_one_unit_ends(
    session: Session, cast: Cast, rep: Actor, ours: Request, theirs: Request
) -> None:
    need = join(session, rep, ours, theirs)
    with pytest.raises(Forbidden):
        shared_needs.leave(session, by=rep, request=theirs)
    shared_needs.leave(session, by=rep, request=ours)
    assert (ours.shared_need_id, theirs.shared_need_id) == (None, None)
    assert session.get(SharedNeed, need.id) is None
    shared_needs.leave(session, by=rep, request=ours)


def test_a_need_of_three_units_outlives_one_that_leaves(
    session: Session, cast: Cast, rep: Actor, ours: Request, theirs: Request
) -> None:
    third = asked(session, cast.corporate)
    need = join(session, rep, ours, theirs, third)
    shared_needs.leave(session, by=rep, request=ours)
    assert (ours.shared_need_id, theirs.shared_need_id, third.shared_need_id) == (None, need.id, need.id)


def test_another_brings_it_together_and_the_trail_says_so(
    session: Session, cast: Cast, rep: Actor, ours: Request, theirs: Request
) -> None:
    need = join(session, rep, ours, theirs)
    shared_needs.change(session, by=rep, need=need, title="One book", facilitator_id=cast.colleague.id)
    assert (need.title, need.facilitator_id) == ("One book", cast.colleague.id)
    assert session.scalars(select(AuditEntry.id).where(AuditEntry.entity == "shared_need")).all()
    with pytest.raises(Forbidden):
        shared_needs.change(
            session, by=cast.actor(session, cast.head, TODAY), need=need, title="x", facilitator_id=rep.id
        )


def test_others_are_chosen_by_who_may_read_them(session: Session, cast: Cast, rep: Actor, theirs: Request) -> None:
    assert shared_needs.chosen(session, by=rep, ids=[theirs.id]) == [theirs]
    with pytest.raises(NotFound):
        shared_needs.chosen(session, by=rep, ids=[theirs.id, 10**6])
    with pytest.raises(NotFound):
        shared_needs.chosen(session, by=cast.actor(session, cast.head, TODAY), ids=[theirs.id])


def test_the_unit_learns_how_many_others_and_who_and_no_more(
    session: Session, cast: Cast, rep: Actor, ours: Request, theirs: Request
) -> None:
    asked(session, cast.corporate)
    join(session, rep, ours, theirs, asked(session, cast.legal, "Twice"))
    told = shared_need_pages.together(session, request=ours)
    assert told is not None
    assert (told.facilitator, told.others) == ("Ines Carvalho", 1)


def test_sums_are_ranges_in_each_currency(session: Session, cast: Cast, rep: Actor) -> None:
    euros: dict[str, Any] = {"value_low": Decimal(1000), "value_high": Decimal(2000), "currency": "EUR"}
    first = asked(session, cast.finance, **euros)
    second = asked(session, cast.legal, **euros, cost_low=Decimal(500), cost_high=Decimal(500))
    third = asked(session, cast.corporate, value_low=Decimal(0), value_high=Decimal(300), currency="CHF")
    told = [(one.name, one.words, one.of) for one in shared_need_pages.totals([first, second, third])]
    assert told == [
        ("value", "up to CHF\N{NO-BREAK SPACE}300", 1),
        ("value", "€\N{NO-BREAK SPACE}2,000 to 4,000", 2),
        ("cost", "€\N{NO-BREAK SPACE}500", 1),
    ]


def test_the_page_leads_to_the_next_decision_one_may_take(
    session: Session, cast: Cast, rep: Actor, ours: Request, theirs: Request
) -> None:
    need = join(session, rep, ours, theirs)
    page = shared_need_pages.of(session, by=rep, need=need)
    assert (page.to_decide, page.waiting, page.may_change) == (ours, 2, True)
    ours.state = RequestState.ACCEPTED
    page = shared_need_pages.of(session, by=rep, need=need)
    assert ([one.id for one in page.requests], page.to_decide) == ([theirs.id, ours.id], None)


def test_the_list_knows_open_settled_mine_and_words(
    session: Session, cast: Cast, rep: Actor, ours: Request, theirs: Request
) -> None:
    need = join(session, rep, ours, theirs)
    other = cast.actor(session, cast.colleague, TODAY)

    def listed(by: Actor = rep, **wanted: object) -> list[tuple[int, int, int]]:
        page = shared_need_pages.listed(session, by=by, **wanted)  # type: ignore[arg-type]
        return [(one.need.id, one.units, one.waiting) for one in page.rows]

    assert listed() == listed(mine=True) == listed(text="order") == listed(text="ines") == [(need.id, 2, 2)]
    assert listed(settled=True) == listed(other, mine=True) == listed(text="phones") == []
    for request in (ours, theirs):
        request.state = RequestState.CONFIRMED
    session.flush()
    assert (listed(), listed(settled=True)) == ([], [(need.id, 2, 0)])
    with pytest.raises(Forbidden):
        listed(cast.actor(session, cast.head, TODAY))


def test_the_page_of_a_request_shows_it_what_reads_alike_and_the_unit_nothing(
    session: Session, cast: Cast, rep: Actor, ours: Request, theirs: Request
) -> None:
    found = requests.find(session, by=rep, request_id=ours.id)
    assert [one.request_id for one in request_page.of(session, by=rep, request=found).elsewhere] == [theirs.id]
    head = cast.actor(session, cast.head, TODAY)
    page = request_page.of(session, by=head, request=found)
    assert (page.elsewhere, page.together) == ([], None)
