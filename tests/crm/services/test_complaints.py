"""Complaints: whose they are, how they go up by rule and by hand, and that only the unit closes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Conflict, Forbidden, Invalid
from crm.services import (
    complaint_lists,
    complaint_owners,
    complaint_rules,
    complaints,
    escalation_rule,
    escalations,
    home_rep,
    requests,
)
from crm.services.complaint_rules import Patience
from crm.services.tickets import feeding
from crm.services.tickets.standings import Standing
from models import Absence, Escalation, OutboxMessage, Request, RequestKind, RequestState, Severity
from tests.cast import Cast
from tests.november import NOW, TODAY, acting

MONDAY = datetime(2026, 11, 9, 9, 30, tzinfo=UTC)


@pytest.fixture
def led(session: Session, cast: Cast) -> Cast:
    """The rep is led by the specialist."""
    cast.rep.lead_id = cast.specialist.id
    session.flush()
    return cast


def complain(session: Session, cast: Cast, severity: Severity = Severity.SERIOUS, **told: Any) -> Request:
    words = {"unit": cast.finance, "title": "The ledger is down", "business_need": "Nobody can post", **told}
    by = acting(session, cast.head)
    return requests.add(session, by=by, now=MONDAY, kind=RequestKind.COMPLAINT, severity=severity, **words)


def levels(session: Session, request: Request) -> list[int]:
    return [one.level for one in escalations.of_request(session, request=request)]


def run(session: Session, days: int) -> int:
    return escalation_rule.pass_up_due(session, now=MONDAY + timedelta(days=days))


# ---- Owner


def test_a_complaint_is_owned_by_the_lead_rep(session: Session, cast: Cast) -> None:
    assert complain(session, cast).owner_id == cast.rep.id


def test_while_the_lead_is_away_by_who_covers(session: Session, cast: Cast) -> None:
    session.add(Absence(person_id=cast.rep.id, since=TODAY, until=None, covered_by_id=cast.colleague.id))
    session.flush()
    assert complaint_owners.owner_for(session, unit=cast.finance, today=TODAY) == cast.colleague.id


def test_in_a_unit_nobody_leads_by_the_cio(session: Session, cast: Cast) -> None:
    assert complaint_owners.owner_for(session, unit=cast.corporate, today=TODAY) == cast.cio.id


# ---- By rule: one test for each severity and level


@pytest.mark.parametrize(
    ("severity", "days", "reached"),
    [
        (Severity.CRITICAL, 0, [2]),
        (Severity.CRITICAL, 1, [3]),
        (Severity.SERIOUS, 2, []),
        (Severity.SERIOUS, 3, [2]),
        (Severity.SERIOUS, 7, [2]),
        (Severity.SERIOUS, 8, [3]),
        (Severity.MINOR, 13, []),
        (Severity.MINOR, 14, [2]),
        (Severity.MINOR, 28, [3]),
    ],
)
def test_it_goes_up_after_so_many_working_days(
    session: Session, led: Cast, severity: Severity, days: int, reached: list[int]
) -> None:
    request = complain(session, led, severity)
    assert run(session, days) == len(reached)
    assert levels(session, request) == reached


def test_running_twice_passes_nothing_up_twice_and_sends_one_mail(session: Session, led: Cast) -> None:
    complain(session, led, Severity.CRITICAL)
    assert (run(session, 0), run(session, 0)) == (1, 0)
    mail = session.scalars(select(OutboxMessage).where(OutboxMessage.key.startswith("complaint-up:"))).all()
    assert [one.to_person_id for one in mail] == [led.specialist.id]
    assert not mail[0].path, "who has no role here cannot open the page"


def test_where_nobody_leads_the_rep_it_goes_to_the_cio(session: Session, cast: Cast) -> None:
    request = complain(session, cast)
    run(session, 3)
    passed = escalations.of_request(session, request=request)
    assert [(one.level, one.to_id) for one in passed] == [(3, cast.cio.id)]


@pytest.mark.parametrize("state", [RequestState.WAITING, RequestState.DELIVERED, RequestState.DECLINED])
def test_what_waits_for_the_unit_or_was_answered_stays(session: Session, led: Cast, state: RequestState) -> None:
    request = complain(session, led)
    request.alternative, request.root_cause, request.state = "By phone", "A cable", state
    session.flush()
    assert run(session, 30) == 0


def test_the_rule_is_told_in_german(session: Session, led: Cast) -> None:
    led.cio.language = "de"
    complain(session, led, Severity.CRITICAL)
    run(session, 1)
    mail = session.scalars(select(OutboxMessage).where(OutboxMessage.to_person_id == led.cio.id)).one()
    assert mail.subject == "Eine Beschwerde von Finance kommt zu Ihnen: The ledger is down"
    assert "nach ein Arbeitstag" in mail.body or "Arbeitstag ohne Antwort" in mail.body


def test_the_days_can_be_changed_with_a_reason(session: Session, led: Cast) -> None:
    by, rules = acting(session, led.cio), {Severity.SERIOUS: Patience(1, 2)}
    backwards = {Severity.MINOR: Patience(5, 4)}
    with pytest.raises(Invalid):
        complaint_rules.change(session, by=by, rules=rules, reason="", now=NOW)
    with pytest.raises(Invalid):
        complaint_rules.change(session, by=by, rules=backwards, reason="Faster", now=NOW)
    assert complaint_rules.change(session, by=by, rules=rules, reason="Faster", now=NOW)
    session.flush()
    assert complaint_rules.current(session)[Severity.SERIOUS] == Patience(1, 2)
    assert complaint_rules.current(session)[Severity.MINOR] == Patience(10, 20)
    request = complain(session, led)
    run(session, 1)
    assert levels(session, request) == [2]
    with pytest.raises(Forbidden):
        complaint_rules.change(session, by=acting(session, led.rep), rules=rules, reason="No", now=NOW)


# ---- By hand


def test_the_head_passes_it_up_to_the_cio_with_why(session: Session, led: Cast) -> None:
    request = complain(session, led)
    by = acting(session, led.head)
    with pytest.raises(Invalid):
        escalations.pass_up(session, by=by, request=request, level=3, why="", now=NOW)
    passed = escalations.pass_up(session, by=by, request=request, level=3, why="Month end is tomorrow", now=NOW)
    assert (passed.to_id, passed.by_id, passed.level) == (led.cio.id, led.head.id, 3)
    mail = session.scalars(select(OutboxMessage).where(OutboxMessage.to_person_id == led.cio.id)).one()
    assert "Month end is tomorrow" in mail.body
    assert mail.path == f"/requests/{request.id}"
    with pytest.raises(Conflict):
        escalations.pass_up(session, by=by, request=request, level=3, why="Again", now=NOW)
    assert run(session, 30) == 0, "it is as high as it goes"


def test_somebody_else_can_not(session: Session, cast: Cast) -> None:
    request = complain(session, cast)
    for name in ("outsider", "colleague", "administrator"):
        by = acting(session, getattr(cast, name))
        with pytest.raises(Forbidden):
            escalations.pass_up(session, by=by, request=request, level=3, why="So", now=NOW)


# ---- Root cause, and who closes it


def test_it_is_solved_with_its_root_cause_and_closed_by_the_unit_alone(session: Session, cast: Cast) -> None:
    request = complain(session, cast)
    rep, head = acting(session, cast.rep), acting(session, cast.head)
    with pytest.raises(Invalid):
        complaints.solve(session, by=rep, request=request, root_cause="", cause=None, did="A new disk", now=NOW)
    complaints.solve(session, by=rep, request=request, root_cause="Old disk", cause=None, did="A new disk", now=NOW)
    assert request.delivered_at == NOW
    with pytest.raises(Forbidden):
        requests.move(session, by=rep, request=request, to=RequestState.CONFIRMED, why="", now=NOW)
    requests.move(session, by=head, request=request, to=RequestState.DELIVERING, why="It is down again", now=NOW)
    complaints.solve(session, by=rep, request=request, root_cause="A cable", cause=None, did="A cable", now=NOW)
    requests.move(session, by=head, request=request, to=RequestState.CONFIRMED, why="", now=NOW)
    assert request.state is RequestState.CONFIRMED


def test_no_way_round_the_root_cause(session: Session, cast: Cast) -> None:
    request = complain(session, cast)
    request.state = RequestState.DELIVERING
    session.flush()
    with pytest.raises(Invalid):
        requests.move(
            session, by=acting(session, cast.rep), request=request, to=RequestState.DELIVERED, why="Done", now=NOW
        )


def test_a_request_becomes_a_complaint_and_its_clock_begins_anew(session: Session, led: Cast) -> None:
    by = acting(session, led.head)
    request = requests.add(session, by=by, unit=led.finance, title="A", business_need="B", now=MONDAY)
    request.logged_on = date(2026, 1, 5)
    complaints.turn(session, by=by, request=request, severity=Severity.SERIOUS, why="Ten months", now=MONDAY)
    assert (request.kind, request.owner_id, request.complained_on) == (
        RequestKind.COMPLAINT,
        led.rep.id,
        MONDAY.date(),
    )
    assert (run(session, 2), run(session, 3)) == (0, 1)
    with pytest.raises(Conflict):
        complaints.turn(session, by=by, request=request, severity=Severity.SERIOUS, why="Twice", now=MONDAY)


def test_severity_is_corrected_by_it_with_a_reason(session: Session, cast: Cast) -> None:
    request = complain(session, cast)
    rep = acting(session, cast.rep)
    told: dict[str, Any] = {"request": request, "severity": Severity.MINOR, "now": NOW}
    with pytest.raises(Invalid):
        complaints.correct_severity(session, by=rep, why="", **told)
    with pytest.raises(Forbidden):
        complaints.correct_severity(session, by=acting(session, cast.head), why="So", **told)
    assert complaints.correct_severity(session, by=rep, why="One person", **told)
    assert request.severity is Severity.MINOR


def test_an_escalation_keeps_who_did_it(session: Session, led: Cast) -> None:
    request = complain(session, led)
    run(session, 3)
    one = session.scalars(select(Escalation).where(Escalation.request_id == request.id)).one()
    assert (one.by_id, one.to_id) == (None, led.specialist.id)
    assert one.why == "One that is serious goes up after three working days without an answer."


def test_an_open_complaint_stands_on_the_reps_start_page_and_the_cios_portfolio(session: Session, led: Cast) -> None:
    request = complain(session, led)
    request.state = RequestState.ACCEPTED
    session.flush()
    found = home_rep.today(session, by=acting(session, led.rep), now=NOW)
    assert "See to: The ledger is down" in [need.what for need in found.needs]
    by = acting(session, led.cio)
    assert complaint_lists.with_the_cio(session, by=by) == 0
    escalations.pass_up(session, by=by, request=request, level=3, why="Mine", now=NOW)
    assert complaint_lists.with_the_cio(session, by=by) == 1


def test_a_ticket_that_is_closed_does_not_solve_a_complaint_without_its_root_cause(
    session: Session, cast: Cast
) -> None:
    request = complain(session, cast)
    request.state = RequestState.DELIVERING
    session.flush()
    told = feeding.Told("INC1", Standing.CLOSED, "Closed", NOW)
    assert not feeding.move(session, request, told, now=NOW)
    request.root_cause = "An old disk"
    assert feeding.move(session, request, told, now=NOW)
