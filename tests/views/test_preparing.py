"""The page on which a review is prepared: one form that keeps everything with every button."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from crm.services import agenda, clock, requests
from models import Action, AgendaItem, Decision, Meeting, MeetingKind, Membership, Part, Request, Review, ReviewState
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.november import review_of_this_month

NOW = datetime.now(UTC)
TODAY = clock.local_date(NOW, "Europe/Lisbon")


@pytest.fixture
def review(session: Session, cast: Cast) -> Review:
    """Due today, with an overdue promise to speak of."""
    session.add(Action(unit_id=cast.finance.id, text="Send the price list", due_on=TODAY - timedelta(days=3)))
    return review_of_this_month(session, cast.finance, TODAY)


@pytest.fixture
def path(review: Review) -> str:
    return f"/reviews/{review.id}/prepare"


def on(session: Session, cast: Cast, review: Review) -> list[tuple[str, int | None]]:
    session.expire_all()
    by = cast.actor(session, cast.rep)
    return [(item.text, item.minutes) for item in agenda.of(session, by=by, review=review)]


OPENING = ("How things are going, in their words", 5)
SEND = ("Send the price list", 3)


def send(session: Session) -> str:
    return f"action-{session.query(Action).one().id}"


def test_the_agenda_is_there_before_anything_is_kept(client: Client, session: Session, cast: Cast, path: str) -> None:
    client.sign_in(cast.rep)
    shown = client.get(path).text
    assert "Two points, " in shown
    assert "8 of 60 minutes" in shown
    assert "Overdue since" in shown
    assert "One promise is overdue." in shown
    assert "Log with this agenda" in shown
    assert session.query(AgendaItem).count() == 0


@pytest.mark.parametrize(
    ("pressed", "expected"),
    [
        ("keep", [OPENING, SEND]),
        ("down:own-0", [SEND, OPENING]),
        ("up:{send}", [SEND, OPENING]),
        ("up:own-0", [OPENING, SEND]),
        ("down:{send}", [OPENING, SEND]),
        ("drop:own-0", [SEND]),
        ("up:nothing", [OPENING, SEND]),
        ("nonsense", [OPENING, SEND]),
    ],
)
def test_every_button_keeps_the_whole_page(
    client: Client, session: Session, cast: Cast, review: Review, path: str, pressed: str, expected: list[object]
) -> None:
    client.sign_in(cast.rep)
    key = send(session)
    told = {"on": ["own-0", key], "minutes": ["5", "3"], "do": pressed.format(send=key)}
    assert client.submit(path, told).status_code == 303
    assert on(session, cast, review) == expected
    assert review.prepared_at


def test_what_was_taken_off_comes_back_with_its_minutes(
    client: Client, session: Session, cast: Cast, review: Review, path: str
) -> None:
    client.sign_in(cast.rep)
    key = send(session)
    client.submit(path, {"on": ["own-0", key], "minutes": ["5", "3"], "do": f"drop:{key}"})
    assert "Not on the agenda" in client.get(path).text
    client.submit(path, {"on": ["own-0"], "minutes": ["5"], "off": [key], "do": f"put:{key}:3"})
    assert on(session, cast, review) == [OPENING, SEND]


def test_an_own_point_is_added_by_whatever_button(
    client: Client, session: Session, cast: Cast, review: Review, path: str
) -> None:
    client.sign_in(cast.rep)
    told = {"on": ["own-0"], "minutes": [""], "own_text": "The move to Porto", "own_minutes": "10", "do": "keep"}
    client.submit(path, told)
    assert on(session, cast, review) == [(OPENING[0], None), ("The move to Porto", 10)]


@pytest.mark.parametrize(
    "wrong",
    [{"minutes": "soon"}, {"minutes": "0"}, {"minutes": "9999999999"}, {"own_text": "x" * 201}, {"own_minutes": "7"}],
)
def test_what_cannot_be_taken_comes_back_in_the_order_it_was_told(
    client: Client, session: Session, cast: Cast, review: Review, path: str, wrong: dict[str, str]
) -> None:
    client.sign_in(cast.rep)
    told = {"on": [send(session), "own-0"], "minutes": [wrong.get("minutes", "3"), "5"], "do": "keep"}
    answer = client.submit(path, told | {name: said for name, said in wrong.items() if name != "minutes"})
    assert answer.status_code == 422
    assert answer.text.index("Send the price list") < answer.text.index(OPENING[0])
    assert on(session, cast, review) == []


def test_after_moving_the_button_is_focused_again(client: Client, session: Session, cast: Cast, path: str) -> None:
    client.sign_in(cast.rep)
    told = {"on": ["own-0", send(session)], "minutes": ["5", "3"]}
    answer = client.submit(path, told | {"do": f"up:{send(session)}"})
    shown = client.get(answer.location).text
    assert shown.count("autofocus") == 1
    assert "Down, from 1 of 2: Send the price list" in shown.split("autofocus")[1][:400]


def test_logging_begins_with_the_agenda_kept(
    client: Client, session: Session, cast: Cast, path: str, review: Review
) -> None:
    client.sign_in(cast.rep)
    answer = client.submit(path, {"on": ["own-0"], "minutes": ["5"], "do": "log"})
    assert answer.location == f"/units/{cast.finance.id}/meetings/new?review={review.id}&agenda=1"
    assert on(session, cast, review) == [OPENING]


def test_printing_keeps_it_first(client: Client, session: Session, cast: Cast, path: str, review: Review) -> None:
    client.sign_in(cast.rep)
    answer = client.submit(path, {"on": ["own-0"], "minutes": ["5"], "do": "print"})
    assert answer.location == path + "/print"
    shown = client.get(answer.location).text
    assert OPENING[0] in shown
    assert "Send the price list" not in shown


def test_what_is_for_the_rep_alone_is_printed_only_when_asked_for(
    client: Client, session: Session, cast: Cast, path: str
) -> None:
    client.sign_in(cast.rep)
    assert "One promise is overdue." not in client.get(path + "/print").text
    assert "One promise is overdue." in client.get(path + "/print?for=me").text


def test_the_cio_and_other_reps_read_it_and_change_nothing(
    client: Client, session: Session, cast: Cast, path: str
) -> None:
    for reader in (cast.cio, cast.colleague):
        client.sign_in(reader)
        shown = client.get(path)
        assert "Send the price list" in shown.text
        assert 'id="agenda"' not in shown.text
        assert client.submit(path, {"on": ["own-0"]}).status_code == 403
    assert session.query(AgendaItem).count() == 0


def test_the_business_finds_no_agenda(client: Client, cast: Cast, path: str) -> None:
    for reader in (cast.head, cast.outsider, cast.administrator):
        client.sign_in(reader)
        assert client.get(path).status_code == 403
        assert client.get(path + "/print").status_code == 403


def test_a_held_review_shows_what_was_settled_and_what_carries_over(
    client: Client, session: Session, cast: Cast, review: Review, path: str
) -> None:
    client.sign_in(cast.rep)
    client.submit(path, {"on": ["own-0", send(session)], "minutes": ["5", "3"], "do": "keep"})
    agenda.settle(
        session, review=review, done={agenda.of(session, by=cast.actor(session, cast.rep), review=review)[0].id}
    )
    review.state, review.held_on = ReviewState.HELD, TODAY
    session.commit()
    shown = client.get(path).text
    assert shown.count("Settled") == 1
    assert shown.count("Carried over") == 1
    assert client.submit(path, {"on": ["own-0"], "do": "keep"}).status_code == 422


def test_new_head_and_request_are_told_first_and_new(
    client: Client, session: Session, cast: Cast, review: Review, path: str
) -> None:
    client.sign_in(cast.rep)
    client.submit(path, {"on": ["own-0"], "off": [send(session)], "minutes": ["5"], "do": "keep"})
    by = cast.actor(session, cast.rep)
    requests.add(session, by=by, unit=cast.finance, title="A wish", business_need="To close on time", now=NOW)
    ended = session.query(Membership).filter_by(unit_id=cast.finance.id, part=Part.HEAD).one()
    ended.until = TODAY - timedelta(days=5)
    session.flush()
    jo = Membership(unit_id=cast.finance.id, person_id=cast.key_user.id, part=Part.HEAD, since=ended.until)
    session.add(jo)
    session.commit()
    shown = client.get(path).text
    assert "Jo Lindt heads the unit since" in shown
    assert "New since you prepared" in shown
    assert shown.index("New since you prepared") < shown.index("A wish")


def test_the_unit_page_leads_to_it(client: Client, cast: Cast, review: Review, path: str) -> None:
    client.sign_in(cast.rep)
    assert path in client.get(f"/units/{cast.finance.id}").text


def test_home_asks_to_prepare_what_comes_this_week(
    client: Client, session: Session, cast: Cast, review: Review
) -> None:
    review.planned_on = TODAY + timedelta(days=2)
    review.planned_at = datetime.combine(review.planned_on, review.planned_at.time(), UTC)
    review.period_until = max(review.period_until, review.planned_on + timedelta(days=1))
    session.commit()
    client.sign_in(cast.rep)
    assert f'href="/reviews/{review.id}/prepare">Prepare' in client.get("/").text
    review.prepared_at = NOW
    session.commit()
    assert f'href="/reviews/{review.id}/prepare">Agenda' in client.get("/").text


@pytest.mark.parametrize("page", ["", "/print", "/print?for=me"])
def test_the_pages_keep_their_budget(
    client: Client, session: Session, cast: Cast, path: str, page: str, statements: StatementCounter
) -> None:
    client.sign_in(cast.rep)
    with statements:
        client.get(path + page)
    assert statements.count <= 12


# ---- Decisions


@pytest.fixture
def decision(session: Session, cast: Cast) -> Decision:
    made = Decision(unit_id=cast.finance.id, text="One ledger", decided_on=date(2025, 3, 1))
    session.add(made)
    session.commit()
    return made


def test_a_decision_gets_a_day_to_look_at_it_again(
    client: Client, session: Session, cast: Cast, decision: Decision
) -> None:
    client.sign_in(cast.rep)
    where = f"/units/{cast.finance.id}/decisions"
    assert "One ledger" in client.get(where).text
    day = TODAY + timedelta(days=30)
    assert client.submit(f"/decisions/{decision.id}/revisit", {"revisit_on": day.isoformat()}).status_code == 303
    session.expire_all()
    assert decision.revisit_on == day
    assert "to look at again from" in client.get(where + "?show=revisit").text
    client.submit(f"/decisions/{decision.id}/revisit", {"revisit_on": ""})
    session.expire_all()
    assert decision.revisit_on is None


def test_a_day_gone_by_is_refused_and_stays_as_typed(
    client: Client, session: Session, cast: Cast, decision: Decision
) -> None:
    client.sign_in(cast.rep)
    answer = client.submit(f"/decisions/{decision.id}/revisit", {"revisit_on": "2026-01-05"})
    assert answer.status_code == 422
    assert "That day has passed." in answer.text
    assert "2026-01-05" in answer.text


def test_decisions_are_for_it(client: Client, cast: Cast, decision: Decision) -> None:
    for reader, seen in ((cast.cio, 200), (cast.colleague, 200), (cast.head, 403), (cast.administrator, 403)):
        client.sign_in(reader)
        assert client.get(f"/units/{cast.finance.id}/decisions").status_code == seen
        assert client.submit(f"/decisions/{decision.id}/revisit", {"revisit_on": ""}).status_code == 403


def test_a_decision_leads_to_its_meeting(client: Client, session: Session, cast: Cast, decision: Decision) -> None:
    meeting = Meeting(unit_id=cast.finance.id, kind=MeetingKind.TOUCHPOINT, held_on=TODAY, logged_at=NOW)
    session.add(meeting)
    session.flush()
    decision.meeting_id = meeting.id
    session.commit()
    client.sign_in(cast.rep)
    assert f"/meetings/{meeting.id}" in client.get(f"/units/{cast.finance.id}/decisions").text
    assert "Nothing found" in client.get(f"/units/{cast.finance.id}/decisions?text=zebra").text


def test_the_request_of_a_point_is_one_click_away(
    client: Client, session: Session, cast: Cast, review: Review, path: str
) -> None:
    wish = Request(unit_id=cast.finance.id, title="A wish", business_need="To close on time", logged_on=TODAY)
    session.add(wish)
    session.commit()
    client.sign_in(cast.rep)
    assert f'href="/requests/{wish.id}"' in client.get(path).text
