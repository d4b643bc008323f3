"""Requests that move with their tickets, and rows that become requests: nothing is decided or confirmed by a file."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Forbidden, Invalid
from crm.policy import Actor
from crm.services import deciding, requests
from crm.services.tickets import linking, listing
from crm.services.tickets.feeding import STEPS
from crm.services.tickets.standings import Standing
from models import Request, RequestState, RequestStep, Ticket, TicketSource
from models.request import UNDECIDED, RequestKind
from models.request_part import RequestVerdict, Verdict
from models.unit import BusinessUnit
from tests.cast import Cast
from tests.crm.services.tickets.files import EVENTS, NOW, load, table


@pytest.fixture
def cio(session: Session, cast: Cast) -> Actor:
    return cast.actor(session, cast.cio)


def asked(session: Session, cast: Cast, unit: BusinessUnit, number: str = "") -> Request:
    by = cast.actor(session, cast.rep)
    made = requests.add(session, by=by, unit=unit, title="Mail", business_need="To write to customers", now=NOW)
    if number:
        made.source_id, made.ticket = session.scalars(select(TicketSource.id)).one(), number
        session.flush()
    return made


def accept(session: Session, cast: Cast, request: Request) -> None:
    by = cast.actor(session, cast.rep)
    deciding.decide(session, by=by, request=request, verdict=Verdict.ACCEPT, reason="It pays.", now=NOW)


def steps(session: Session, request: Request) -> list[tuple[RequestState, str]]:
    mine = select(RequestStep).where(RequestStep.request_id == request.id).order_by(RequestStep.id)
    return [(step.state, step.why) for step in session.scalars(mine)]


def test_no_step_of_a_ticket_decides_or_confirms() -> None:
    for (before, _), to in STEPS.items():
        assert to not in (RequestState.CONFIRMED, RequestState.ACCEPTED, RequestState.DECLINED)
        assert not (before in UNDECIDED and to in (RequestState.DELIVERING, RequestState.DELIVERED))


def test_a_request_moves_when_a_new_export_says_so(session: Session, cast: Cast, cio: Actor) -> None:
    load(session, cio, table(EVENTS[:3]))
    request = asked(session, cast, cast.finance, "INC1")
    accept(session, cast, request)
    told = load(session, cio, table())
    session.refresh(request)
    assert (request.state, told.fed) == (RequestState.DELIVERED, 1)
    assert steps(session, request)[-1] == (RequestState.DELIVERED, "INC1: Closed on 5 March 2016")
    assert (request.did, request.confirmed_at) == ("INC1: Closed on 5 March 2016", None)
    assert load(session, cio, table()).fed == 0


def test_who_said_not_yet_is_not_overruled_by_the_same_export(session: Session, cast: Cast, cio: Actor) -> None:
    load(session, cio, table(EVENTS[:3]))
    request = asked(session, cast, cast.finance, "INC1")
    accept(session, cast, request)
    load(session, cio, table())
    head = cast.actor(session, cast.head)
    session.refresh(request)
    requests.move(session, by=head, request=request, to=RequestState.DELIVERING, why="No mail yet", now=NOW)
    assert load(session, cio, table(form="ISO with zone")).fed == 0
    session.refresh(request)
    assert request.state is RequestState.DELIVERING


def test_what_waits_for_a_decision_goes_on_waiting_and_is_told(session: Session, cast: Cast, cio: Actor) -> None:
    load(session, cio, table(EVENTS[:1]))
    request = asked(session, cast, cast.finance, "INC1")
    told = load(session, cio, table())
    session.refresh(request)
    assert (request.state, told.fed, told.undecided) == (RequestState.LOGGED, 0, 1)


def test_a_ticket_is_said_to_belong_to_a_request_of_its_unit(session: Session, cast: Cast, cio: Actor) -> None:
    load(session, cio, table())
    by, ticket = cast.actor(session, cast.rep), session.scalars(select(Ticket).where(Ticket.number == "INC1")).one()
    found = listing.find(session, by=by, ticket_id=ticket.id)
    request = asked(session, cast, cast.finance)
    accept(session, cast, request)
    for wrong in ("soon", "99999"):
        with pytest.raises(Invalid):
            linking.belong(session, by=by, ticket=found, said=wrong, now=NOW)
    for said in (str(request.id), f"#{request.id}", f"https://rapport.example/requests/{request.id}?x=1"):
        linking.belong(session, by=by, ticket=found, said=said, now=NOW)
    assert (found.request_id, request.state) == (request.id, RequestState.DELIVERED)
    assert [one.number for one in listing.of_request(session, by=by, request=request)] == ["INC1"]
    other = cast.actor(session, cast.colleague)
    for act in (
        lambda: linking.belong(session, by=other, ticket=found, said="1", now=NOW),
        lambda: linking.part(session, by=other, ticket=found),
        lambda: linking.make_request(session, by=other, ticket=found, title="a", business_need="b", now=NOW),
    ):
        with pytest.raises(Forbidden):
            act()
    linking.part(session, by=by, ticket=found)
    assert listing.of_request(session, by=by, request=request) == []


def test_a_request_is_made_of_a_ticket_once(session: Session, cast: Cast, cio: Actor) -> None:
    load(session, cio, table())
    by = cast.actor(session, cast.rep)
    ticket = session.scalars(select(Ticket).where(Ticket.number == "INC1")).one()
    found = listing.find(session, by=by, ticket_id=ticket.id)
    made = linking.make_request(session, by=by, ticket=found, title="Mail", business_need="To write", now=NOW)
    assert (made.unit_id, made.state, found.request_id) == (cast.finance.id, RequestState.LOGGED, made.id)
    with pytest.raises(Conflict):
        linking.make_request(session, by=by, ticket=found, title="Mail", business_need="To write", now=NOW)


ASKED = """id,title,unit,status,type,created,updated,need,alternative
1,A ledger,FIN,Done,Request,2026-03-02,2026-05-04,To close on time,
2,A colour,FIN,Rejected,Question,2026-03-02,2026-03-09,,The grey one
3,A rocket,LEG,Rejected,Request,2026-03-02,2026-03-09,To fly,
4,A chair,LEG,In progress,Complaint,2026-03-02,2026-03-09,To sit,
5,A desk,nobody,New,Request,2026-03-02,2026-03-09,To write,
6,A lamp,LEG,New,Request,2026-03-02,2026-03-09,To see,
"""


def by_number(session: Session) -> dict[str, Request]:
    return {str(one.ticket): one for one in session.scalars(select(Request).where(Request.ticket.is_not(None)))}


def test_a_spreadsheet_of_requests_comes_in_and_none_is_confirmed(session: Session, cast: Cast, cio: Actor) -> None:
    told = load(session, cio, ASKED, target="requests")
    here = by_number(session)
    assert {number: one.state for number, one in here.items()} == {
        "1": RequestState.DELIVERED,
        "2": RequestState.DECLINED,
        "4": RequestState.DELIVERING,
        "6": RequestState.LOGGED,
    }
    assert {one.line: one.reason for one in told.refused} == {
        4: "It was declined, and the file does not say what was offered instead.",
        6: "No unit here is called “nobody”. Match it, or leave it out.",
    }
    assert [(one.business_need, one.alternative) for one in (here["1"], here["2"])] == [
        ("To close on time", ""),
        ("A colour", "The grey one"),
    ]
    assert (here["4"].kind, here["4"].owner_id) == (RequestKind.COMPLAINT, cast.colleague.id)
    assert here["4"].severity is not None
    assert here["2"].due_on is None
    assert here["6"].due_on is not None
    assert [verdict.request_id for verdict in session.scalars(select(RequestVerdict))] == [here["2"].id]
    assert steps(session, here["1"]) == [(RequestState.LOGGED, ""), (RequestState.DELIVERED, "1: Done")]


def test_the_same_spreadsheet_again_moves_on_and_never_doubles(session: Session, cio: Actor) -> None:
    load(session, cio, ASKED, target="requests")
    assert (again := load(session, cio, ASKED, target="requests")).new == 0
    assert (again.changed, again.unchanged) == (0, 4)
    later = ASKED.replace("In progress,Complaint,2026-03-02,2026-03-09", "Done,Complaint,2026-03-02,2026-11-19")
    later = later.replace(
        "A lamp,LEG,New,Request,2026-03-02,2026-03-09", "A lamp,LEG,Done,Request,2026-03-02,2026-11-19"
    )
    told = load(session, cio, later, target="requests")
    assert (told.new, told.changed) == (0, 0), "a complaint is not solved before somebody said why it came about"
    by_number(session)["4"].root_cause = "The lamp was the wrong one"
    told = load(session, cio, later, target="requests")
    here = by_number(session)
    assert (told.new, told.changed, len(here)) == (0, 1, 4)
    assert (here["4"].state, here["6"].state) == (RequestState.DELIVERED, RequestState.LOGGED)


def test_a_private_note_is_in_no_word_of_a_request(session: Session, cio: Actor) -> None:
    load(session, cio, table(), target="requests")
    told = [request.title + request.business_need + request.did for request in by_number(session).values()]
    told += [step.why for step in session.scalars(select(RequestStep))]
    assert told
    assert not [text for text in told if "They always say so" in text]


def test_requests_need_a_unit(session: Session, cast: Cast, cio: Actor) -> None:
    text = "number,title\n1,A chair\n"
    with pytest.raises(Invalid, match="belongs to a unit"):
        load(session, cio, text, target="requests")
    load(session, cio, text, target="requests", one_unit_id=cast.legal.id)
    assert by_number(session)["1"].unit_id == cast.legal.id


def test_the_application_moves_and_nobody_is_named(session: Session, cast: Cast, cio: Actor) -> None:
    load(session, cio, table(EVENTS[:3]))
    request = asked(session, cast, cast.finance, "INC1")
    accept(session, cast, request)
    load(session, cio, table())
    last = session.scalars(select(RequestStep).order_by(RequestStep.id.desc())).first()
    assert last is not None
    assert (last.by_id, policy.application(NOW.date()).id) == (None, None)
    assert Standing.CLOSED.is_done
