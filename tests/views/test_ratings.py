"""Asking for ratings and reading them, as reps and the CIO do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.services import answering
from models import (
    Assignment,
    BusinessUnit,
    Cover,
    Invitation,
    Membership,
    OutboxMessage,
    Part,
    Person,
    Response,
    Round,
)
from tests.cast import LONG_AGO, Cast
from tests.client import Client
from tests.conftest import StatementCounter


def ask(client: Client, cast: Cast, *people: Person) -> str:
    """Ask them as the rep; where the answer leads."""
    client.sign_in(cast.rep)
    sent = client.submit(f"/units/{cast.finance.id}/ask", {"people": [person.id for person in people]})
    assert sent.status_code == 303, sent.text
    return sent.headers["Location"]


def answer(session: Session, person: Person, score: int, comment: str = "") -> None:
    paths = select(OutboxMessage.path).where(OutboxMessage.to_person_id == person.id)
    path = session.scalars(paths.order_by(OutboxMessage.id.desc())).first() or ""
    token = path.removeprefix("/r/")
    answering.answer(session, token=token, score=score, comment=comment, now=datetime.now(UTC))
    session.commit()


def test_asking_shows_who_and_what_before_anything_is_sent(client: Client, session: Session, cast: Cast) -> None:
    page = client.sign_in(cast.rep).get(f"/units/{cast.finance.id}/ask").text
    assert "How is IT doing for Finance?" in page
    assert "Ines Carvalho asks how well IT has served Finance." in page
    assert f'value="{cast.head.id}" class="form-check-input" checked' in page
    assert f'value="{cast.key_user.id}" class="form-check-input">' in page
    assert session.scalars(select(OutboxMessage)).all() == []


def test_who_cannot_be_asked_is_named(client: Client, session: Session, cast: Cast) -> None:
    cast.key_user.email = None
    session.commit()
    page = client.sign_in(cast.rep).get(f"/units/{cast.finance.id}/ask").text
    assert "Send the links</button>" in page
    assert "Jo Lindt has no mail address, so no link can be sent." in page


def test_after_asking_the_round_is_shown_and_mail_waits(client: Client, session: Session, cast: Cast) -> None:
    place = ask(client, cast, cast.head, cast.key_user)
    page = client.get(place).text
    assert "Two links sent." in page
    assert "Not answered so far" in page
    assert "Amara Diallo" in page
    assert "Jo Lindt" in page
    assert len(session.scalars(select(OutboxMessage)).all()) == 2


def test_asking_twice_is_refused_with_the_reason(client: Client, session: Session, cast: Cast) -> None:
    ask(client, cast, cast.head)
    again = client.submit(f"/units/{cast.finance.id}/ask", {"people": [cast.head.id]})
    assert again.status_code == 422
    assert "Amara Diallo was asked today. Nobody is asked more than once in 30 days" in again.text
    assert session.scalar(select(func.count(Round.id))) == 1


@pytest.mark.parametrize("people", [[], ["abc"], ["999999"], ["²"]])
def test_asking_nobody_or_a_stranger_is_refused(client: Client, cast: Cast, people: list[str]) -> None:
    client.sign_in(cast.rep)
    assert client.submit(f"/units/{cast.finance.id}/ask", {"people": people}).status_code == 422


def test_without_anybody_to_ask_the_page_says_why(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.rep)
    cast.head.email = cast.key_user.email = None
    session.commit()
    page = client.get(f"/units/{cast.finance.id}/ask").text
    assert "Nobody can be asked right now" in page
    assert "Amara Diallo has no mail address" in page
    session.add(Assignment(unit_id=cast.corporate.id, rep_id=cast.rep.id, cover=Cover.LEAD, since=LONG_AGO))
    session.commit()
    assert "No head and no key users yet" in client.get(f"/units/{cast.corporate.id}/ask").text


def test_only_the_reps_of_a_unit_ask(client: Client, cast: Cast) -> None:
    path = f"/units/{cast.finance.id}/ask"
    for person, status in ((cast.colleague, 403), (cast.cio, 403), (cast.administrator, 403), (cast.head, 403)):
        client.sign_in(person)
        assert client.get(path).status_code == status
        assert client.submit(path, {"people": [cast.head.id]}).status_code == status


def test_a_round_shows_answers_with_names_words_and_who_was_rep(client: Client, session: Session, cast: Cast) -> None:
    place = ask(client, cast, cast.head, cast.key_user)
    answer(session, cast.head, 2, "Payments stop.\n<b>Really</b>")
    page = client.get(place).text
    assert "2 · Poorly" in page
    assert "Payments stop." in page
    assert "&lt;b&gt;Really" in page
    assert "one person’s view" in page
    assert "of 2 asked" in page
    assert page.index("Amara Diallo") < page.index("Jo Lindt")
    assert "Ines Carvalho" in page
    assert "Low" in page


def test_withdrawing_a_link_from_the_page(client: Client, session: Session, cast: Cast) -> None:
    place = ask(client, cast, cast.head)
    invitation = session.scalars(select(Invitation)).one()
    path = f"{place}/links/{invitation.id}/withdraw"
    assert path in client.get(place).text
    page = client.submit(path, follow_redirects=True).text
    assert "The link of Amara Diallo no longer works." in page
    assert path not in page
    client.sign_in(cast.cio)
    assert client.submit(path).status_code == 403
    assert path not in client.get(place).text


def test_who_may_read_ratings(client: Client, session: Session, cast: Cast) -> None:
    place = ask(client, cast, cast.head)
    for person, status in ((cast.rep, 200), (cast.cio, 200), (cast.administrator, 403), (cast.head, 403)):
        client.sign_in(person)
        assert client.get("/ratings").status_code == status
        assert client.get(place).status_code == status
    assert client.sign_in(cast.cio).get("/ratings/999999").status_code == 404


def test_the_list_is_narrowed_by_unit_low_and_waiting(client: Client, session: Session, cast: Cast) -> None:
    ask(client, cast, cast.head)
    answer(session, cast.head, 2)
    client.sign_in(cast.colleague)
    client.submit(f"/units/{cast.legal.id}/ask", {"people": [cast.outsider.id]})
    client.get("/ratings")  # the flash
    for query, finance, legal in (
        ("", True, True),
        ("?text=fin", True, False),
        ("?only=low", True, False),
        ("?only=waiting", False, True),
        ("?only=nonsense&page=-3", True, True),
    ):
        page = client.get(f"/ratings{query}").text
        assert (">Finance</a>" in page, ">Legal</a>" in page.partition("<main")[2]) == (finance, legal), query
    assert "No round fits" in client.get("/ratings?text=nowhere").text


def test_the_figures_of_a_unit_lead_to_its_rounds(client: Client, session: Session, cast: Cast) -> None:
    ask(client, cast, cast.head)
    client.sign_in(cast.colleague)
    client.submit(f"/units/{cast.legal.id}/ask", {"people": [cast.outsider.id]})
    client.get("/ratings")  # the flash
    page = client.get(f"/ratings?unit={cast.legal.id}").text.partition("<main")[2]
    assert "Ratings of Legal" in page
    assert ">Finance</a>" not in page
    assert f"/units/{cast.legal.id}/ask" in page
    assert f"/units/{cast.finance.id}/ask" not in client.get(f"/ratings?unit={cast.finance.id}").text
    assert "Nobody of Corporate services was asked yet" in client.get(f"/ratings?unit={cast.corporate.id}").text
    assert client.get("/ratings?unit=999999").status_code == 404
    assert client.get("/ratings?unit=x").status_code == 200


def test_an_empty_list_says_what_to_do(client: Client, cast: Cast) -> None:
    page = client.sign_in(cast.cio).get("/ratings").text
    assert "Nobody was asked yet" in page
    assert 'href="/units"' in page


def test_who_was_rep_then_is_told_apart_from_who_is_rep_now(client: Client, session: Session, cast: Cast) -> None:
    with time_machine.travel(datetime(2025, 5, 6, 10, tzinfo=UTC)):
        place = ask(client, cast, cast.head)
        answer(session, cast.head, 4)
    lead = session.scalars(select(Assignment).where(Assignment.unit_id == cast.finance.id)).one()
    lead.until = date(2025, 6, 1)
    session.commit()
    since = date(2025, 6, 1)
    session.add(Assignment(unit_id=cast.finance.id, rep_id=cast.colleague.id, cover=Cover.LEAD, since=since))
    session.commit()
    page = client.sign_in(cast.cio).get(place).text.partition("<main")[2]
    assert "Ines Carvalho" in page
    assert "Tom Okafor" not in page


def fill(session: Session, numbers: range) -> None:
    """Units with a round and an answer each."""
    now = datetime.now(UTC)
    for number in numbers:
        unit = BusinessUnit(code=f"F{number}", name=f"Filler {number}", time_zone="Europe/Lisbon")
        head = Person(name=f"Head {number}", email=f"head{number}@fernhill.example", is_business=True)
        session.add_all([unit, head])
        session.flush()
        opened = Round(unit_id=unit.id, opened_at=now, closes_at=now + timedelta(days=14), asked=1)
        session.add_all([opened, Membership(unit_id=unit.id, person_id=head.id, part=Part.HEAD, since=LONG_AGO)])
        session.flush()
        invitation = Invitation(round_id=opened.id, person_id=head.id, token_hash=f"filler {number}")
        session.add(invitation)
        session.flush()
        told = {"invitation_id": invitation.id, "round_id": opened.id, "unit_id": unit.id}
        session.add(Response(**told, score=3, answered_at=now))
    session.commit()


def count(client: Client, statements: StatementCounter, path: str) -> int:
    client.get(path)
    with statements:
        assert client.get(path).status_code == 200
    return statements.count


def test_pages_take_as_many_statements_with_500_units_as_with_12(
    client: Client, session: Session, cast: Cast, statements: StatementCounter
) -> None:
    place = ask(client, cast, cast.head)
    pages = ("/ratings", place, f"/units/{cast.finance.id}/ask")
    fill(session, range(12))
    few = [count(client, statements, page) for page in pages]
    fill(session, range(12, 500))
    many = [count(client, statements, page) for page in pages]
    assert few == many
    assert max(many) <= 12
