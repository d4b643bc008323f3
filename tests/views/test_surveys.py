"""A survey from the link in a mail to the page that shows what it says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.services import asking
from models import (
    Answer,
    Attendance,
    Confidentiality,
    Instrument,
    Meeting,
    MeetingKind,
    Membership,
    OutboxMessage,
    Part,
    Person,
    Question,
    Response,
    Round,
    Service,
    ServiceUse,
)
from tests.cast import LONG_AGO, Cast
from tests.client import Client

NOW = datetime.now(UTC)
SURVEY = Instrument.SURVEY


@pytest.fixture
def links(session: Session, cast: Cast) -> Sequence[str]:
    """Of a named survey of Finance: its head and its key user, in this order. It uses mail, and has met Ines."""
    mail = Service(name="Mail", name_key="mail")
    session.add(mail)
    session.flush()
    session.add(ServiceUse(unit_id=cast.finance.id, service_id=mail.id, since=LONG_AGO))
    met = Meeting(unit_id=cast.finance.id, kind=MeetingKind.REVIEW, held_on=NOW.date(), logged_at=NOW)
    session.add(met)
    session.flush()
    session.add(Attendance(meeting_id=met.id, person_id=cast.rep.id))
    return ask(session, cast, [cast.head.id, cast.key_user.id], Confidentiality.NAMED)


def ask(session: Session, cast: Cast, people: list[int], how: Confidentiality) -> Sequence[str]:
    by = policy.actor_for(session, cast.rep, NOW.date())
    asking.ask(session, by=by, unit=cast.finance, now=NOW, person_ids=people, instrument=SURVEY, confidentiality=how)
    session.commit()
    return session.scalars(select(OutboxMessage.path).order_by(OutboxMessage.id)).all()


def field(session: Session, key: str, about: str = "") -> str:
    number = session.scalar(select(Question.id).where(Question.key == key))
    return f"q{number}" + about


def test_a_survey_asks_of_services_used_and_people_met_and_nothing_is_chosen(
    client: Client, links: Sequence[str]
) -> None:
    page = client.get(links[0]).text
    assert "We understand what Finance needs" in page
    assert "How well does Mail serve you?" in page
    assert "How well does Ines Carvalho work with you?" in page
    assert "would you choose IT?" in page
    assert " checked" not in page


def test_an_answer_is_kept_question_by_question_and_corrected(
    client: Client, session: Session, links: Sequence[str]
) -> None:
    understands, choose = field(session, "understands"), field(session, "choose")
    told = {"score": "4", understands: "5", f"{understands}_weight": "3", choose: "0", "comment": "More of it."}
    assert client.submit(links[0], data=told).status_code == 303
    kept = session.execute(select(Answer.value, Answer.weight).order_by(Answer.question_id)).all()
    assert [tuple(row) for row in kept] == [(5, 3), (0, None)]
    page = client.get(links[0]).text
    assert page.count(" checked") == 4, "what was said stands there when one comes back"
    assert client.submit(links[0], data=told | {understands: "2"}).status_code == 303
    assert session.scalar(select(func.count(Response.id))) == 1
    assert sorted(session.scalars(select(Answer.value))) == [0, 2]


@pytest.mark.parametrize("said", ["6", "0", "-1", "", "four", "\u0664", "9" * 400])
def test_what_is_not_on_the_scale_is_refused_or_left_out(
    client: Client, session: Session, links: Sequence[str], said: str
) -> None:
    answer = client.submit(links[0], data={"score": "4", field(session, "executes"): said})
    assert answer.status_code in (303, 422)
    assert session.scalar(select(func.count(Answer.id))) == 0


def test_a_weight_beyond_the_three_is_refused_beside_its_question(
    client: Client, session: Session, links: Sequence[str]
) -> None:
    name = field(session, "value")
    answer = client.submit(links[0], data={"score": "4", name: "3", f"{name}_weight": "9", "comment": "Kept"})
    assert answer.status_code == 422
    assert "Choose one of the three." in answer.text
    assert "Kept" in answer.text


def test_the_round_shows_each_question_with_who_answered_and_what_matters(
    client: Client, session: Session, cast: Cast, links: Sequence[str]
) -> None:
    name = field(session, "communicates")
    for link, value in zip(links, ("2", "4"), strict=True):
        client.submit(link, data={"score": "3", name: value, f"{name}_weight": "3", field(session, "choose"): "7"})
    number = session.scalar(select(Round.id))
    page = client.sign_in(cast.rep).get(f"/ratings/{number}").text
    assert "We keep you informed · matters most of all" in page
    assert "everyone answered" in page
    assert "Nobody surely would (9 or 10), nobody would not (6 or less)." in page
    assert "None of two answered “well” or “very well”." in page
    assert "If you were free to go elsewhere, would you choose IT?" in page


def test_the_gap_list_of_the_unit_says_who_stands_behind_each_figure(
    client: Client, session: Session, cast: Cast, links: Sequence[str]
) -> None:
    name = field(session, "communicates")
    for link, value in zip(links, ("2", "4"), strict=True):
        client.submit(link, data={"score": "3", name: value, f"{name}_weight": "3"})
    page = client.sign_in(cast.rep).get(f"/units/{cast.finance.id}/satisfaction").text
    assert "Fix first. Everyone answered, 2 of 2" in page


def test_what_was_said_of_a_person_is_read_by_nobody_below_five_answers(
    client: Client, session: Session, cast: Cast, links: Sequence[str]
) -> None:
    for link in links:
        client.submit(link, data={"score": "3", field(session, "person", f"_person_{cast.rep.id}"): "1"})
    number = session.scalar(select(Round.id))
    for reader in (cast.rep, cast.cio, cast.colleague):
        assert "work with you" not in client.sign_in(reader).get(f"/ratings/{number}").text


def test_an_anonymous_survey_says_so_before_the_first_question_and_thanks_without_showing(
    client: Client, session: Session, cast: Cast
) -> None:
    people = [Person(name=f"Member {number}", email=f"m{number}@x.example") for number in range(5)]
    session.add_all(people)
    session.flush()
    session.add_all(
        Membership(unit_id=cast.finance.id, person_id=one.id, part=Part.MEMBER, since=LONG_AGO) for one in people
    )
    link = ask(session, cast, [], Confidentiality.ANONYMOUS)[-1]
    page = client.get(link).text
    assert page.index("Nobody learns what you answer.") < page.index("Overall, how well")
    client.submit(link, data={"score": "1", "comment": "A secret."})
    for path in (link, f"{link}/thanks"):
        after = client.get(path).text
        assert "is kept without your name" in after
        assert "A secret." not in after
    number = session.scalar(select(Round.id))
    page = client.sign_in(cast.rep).get(f"/ratings/{number}").text
    assert "Answers come in without names." in page
    assert "answer so far" not in page
    assert "A secret." not in page


def test_the_rep_chooses_what_is_asked_and_how_it_is_kept(client: Client, session: Session, cast: Cast) -> None:
    path = f"/units/{cast.finance.id}/ask"
    told = {"people": str(cast.head.id), "instrument": "survey", "confidentiality": "named"}
    assert client.sign_in(cast.rep).submit(path, data=told).status_code == 303
    opened = session.scalars(select(Round)).one()
    assert (opened.instrument, opened.set_id is not None) == (SURVEY, True)
    few = client.submit(path, data={"instrument": "pulse", "confidentiality": "anonymous"})
    assert few.status_code == 422
    assert "so ask by name instead" in few.text
    odd = client.submit(path, data=told | {"instrument": "torture"})
    assert odd.status_code == 422
