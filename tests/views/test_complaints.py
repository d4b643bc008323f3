"""The pages of complaints and figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.services import complaint_figures, request_figures, request_scope
from crm.services.request_scope import Scope
from models import Origin, Request, RequestKind, RequestState, RequestStep, Severity
from tests.cast import Cast
from tests.client import Client
from tests.factories.everything import furnish


def test_a_head_complains_passes_it_up_and_closes_it(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.head)
    place = f"/units/{cast.finance.id}/complaints/new"
    said = {"title": "The ledger is down", "business_need": "Nobody can post", "severity": "critical"}
    page = client.submit(place, said, follow_redirects=True).text
    assert "You alone say when it is solved" in page
    one = session.scalars(select(Request)).one()
    assert (one.kind, one.severity, one.owner_id) == (RequestKind.COMPLAINT, Severity.CRITICAL, cast.rep.id)
    assert "The ledger is down" in client.get("/complaints?severity=critical&level=0").text
    assert "By itself it goes up on" in client.get(f"/complaints/{one.id}/up").text
    up = client.submit(f"/complaints/{one.id}/up", {"level": "3", "why": "Month end"}, follow_redirects=True).text
    assert "To Margit Lindqvist" in up
    assert "The ledger is down" in client.get("/complaints?level=3").text

    client.sign_in(cast.rep)
    solved = {"root_cause": "An old disk", "cause": "fault", "did": "A new disk is in"}
    assert client.submit(f"/complaints/{one.id}/solved", {**solved, "root_cause": ""}).status_code == 422
    assert "Solved, says IT" in client.submit(f"/complaints/{one.id}/solved", solved, follow_redirects=True).text

    client.sign_in(cast.head)
    place = f"/requests/{one.id}/move"
    assert "In work" in client.submit(place, {"to": "delivering", "why": "Down again"}, follow_redirects=True).text
    client.sign_in(cast.rep)
    client.submit(f"/complaints/{one.id}/solved", {**solved, "root_cause": "A cable"})
    client.sign_in(cast.head)
    assert "Solved, says the unit" in client.submit(place, {"to": "confirmed"}, follow_redirects=True).text
    assert "The ledger is down" in client.get("/complaints?show=closed").text


def test_another_units_complaint_is_not_there(client: Client, session: Session, cast: Cast) -> None:
    made = Request(
        unit_id=cast.legal.id,
        title="Secret",
        business_need="X",
        kind=RequestKind.COMPLAINT,
        severity=Severity.MINOR,
        logged_on=datetime.now(UTC).date(),
    )
    session.add(made)
    session.commit()
    client.sign_in(cast.head)
    assert "Secret" not in client.get("/complaints?show=all").text
    assert "Secret" not in client.get("/complaints?show=all&as=csv").text
    for path in (f"/requests/{made.id}/complaint", f"/complaints/{made.id}/up"):
        assert client.get(path).status_code == 404


def test_a_request_is_made_a_complaint_or_complained_about(client: Client, session: Session, cast: Cast) -> None:
    today = datetime.now(UTC).date()
    words: dict[str, Any] = {"unit_id": cast.finance.id, "business_need": "X", "logged_on": today}
    open_ = Request(**words, title="Open")
    done = Request(**words, title="Done", state=RequestState.CONFIRMED)
    session.add_all([open_, done])
    session.commit()
    client.sign_in(cast.rep)
    place = f"/requests/{open_.id}/complaint"
    assert "How bad" in client.submit(place, {"severity": "minor", "why": "Slow"}, follow_redirects=True).text
    to = client.get(f"/requests/{done.id}/complaint").headers["Location"]
    assert to.endswith(f"/units/{cast.finance.id}/complaints/new?of={done.id}")
    said = {"title": "It broke", "business_need": "Since Monday", "severity": "serious", "requester_id": ""}
    assert f'href="/requests/{done.id}"' in client.submit(to, said, follow_redirects=True).text


def test_the_days_stand_on_a_page(client: Client, cast: Cast) -> None:
    client.sign_in(cast.cio)
    assert "within five minutes" in client.get("/complaints/rules").text
    days = {f"{one}_{to}": "4" for one in ("minor", "serious", "critical") for to in ("leader", "cio")}
    assert client.submit("/complaints/rules", days).status_code == 422
    page = client.submit("/complaints/rules", {**days, "reason": "Faster"}, follow_redirects=True).text
    assert "From now on" in page


def test_the_figures_and_what_is_behind_them(client: Client, session: Session, cast: Cast) -> None:
    furnish_figures(session, cast)
    client.sign_in(cast.cio)
    page = client.get("/requests/figures").text
    assert "25 %" in page
    assert "too few to tell" in page
    rows = client.get("/requests/figures/rows?of=offered&only=hits").text
    assert rows.count("offered by us") == 5
    assert "One fifth" not in rows
    assert client.get("/requests/figures/rows?of=nothing").status_code == 404
    assert client.get("/complaints/figures?over=3-years").status_code == 200
    client.sign_in(cast.head)
    assert client.get("/requests/figures").status_code == 403


def furnish_figures(session: Session, cast: Cast) -> None:
    """Twenty requests of yesterday, a quarter offered; four decided after a day, one of them no; a complaint."""
    day = datetime.now(UTC).date() - timedelta(days=1)
    now = datetime.now(UTC)
    for number in range(20):
        one = Request(unit_id=cast.finance.id, title=f"R{number}", business_need="X", logged_on=day)
        one.origin = Origin.OFFERED if number % 4 == 0 else Origin.ASKED
        if number < 4:
            one.state, one.decided_at = RequestState.ACCEPTED, now
        if number == 3:
            one.state, one.no_alternative = RequestState.DECLINED, True
        session.add(one)
    wrong = Request(unit_id=cast.finance.id, title="C", business_need="X", logged_on=day, kind=RequestKind.COMPLAINT)
    wrong.severity, wrong.state, wrong.delivered_at = Severity.MINOR, RequestState.DELIVERED, now
    session.add(wrong)
    session.flush()
    for state in (RequestState.DELIVERED, RequestState.DELIVERING, RequestState.DELIVERED):
        session.add(RequestStep(request_id=wrong.id, at=now, state=state))
        session.flush()
    session.commit()


@pytest.mark.parametrize("over", list(request_scope.SPANS))
def test_figures_count_requests_and_leave_complaints_out(session: Session, cast: Cast, over: str) -> None:
    furnish_figures(session, cast)
    by = policy.actor_for(session, cast.cio, datetime.now(UTC).date())
    scope = Scope(request_scope.SPANS[over], branch_id=cast.corporate.id, rep_id=cast.rep.id)
    found = request_figures.read(session, by=by, scope=scope)
    counted = {one.ratio.key: (one.share.hits, one.share.n) for one in found.trends}
    assert counted == {"offered": (5, 20), "refused": (1, 4), "bare": (1, 1), "confirmed": (0, 0)}
    assert (found.decided_after.all.n, found.decided_after.all.median) == (4, 1)
    assert (found.open.n, found.open.median) == (19, 1)
    told = complaint_figures.read(session, by=by, scope=scope)
    assert (told.n, told.again.hits, told.again.n, told.solved_after.all.median) == (1, 1, 1, 1)
    legal = Scope(unit_id=cast.legal.id)
    assert request_figures.read(session, by=by, scope=legal).open.n == 0


def test_a_complaint_is_made_of_a_rating_without_copying_its_words(
    client: Client, session: Session, cast: Cast
) -> None:
    belongings = furnish(session, cast, now=datetime.now(UTC))
    client.sign_in(cast.rep)
    place = f"/units/{cast.finance.id}/complaints/new?reply={belongings.of_finance['follow_up_id']}"
    page = client.get(place).text
    assert page.count("Slow.") == 1, "shown beside the form, not typed into it"
    said = {"title": "It is slow", "business_need": "Since May", "severity": "minor", "requester_id": ""}
    shown = client.submit(place, said, follow_redirects=True).text
    assert "Slow." not in shown
    one = session.scalars(select(Request).where(Request.title == "It is slow")).one()
    assert one.response_id == belongings.of_finance["response_id"]
    client.sign_in(cast.head)
    assert client.get(place).status_code in (403, 404)
