"""Answers that arrive at the same moment, by real threads with real commits: of one link one answer counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.db import Database
from crm.errors import CrmError, Gone
from crm.services import answering, asking, audit, confidentiality, partial_answers, question_sets
from crm.services.secrets import hashed
from crm.services.survey import Answers, Given
from models import (
    Answer,
    Confidentiality,
    Instrument,
    Invitation,
    PartialAnswer,
    Person,
    Question,
    Response,
    Round,
)
from tests.cast import Cast, assemble
from tests.mailed_links import invite

NOW = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)
AFTER = NOW + timedelta(days=30)
LINKED = (Confidentiality.NAMED, Confidentiality.CONFIDENTIAL)
SURVEY = Instrument.SURVEY
Work = Callable[[Session], object]


@pytest.fixture(autouse=True)
def _written_down() -> None:
    audit.listen()


@pytest.fixture
def house(own_database: Database) -> tuple[Database, Cast]:
    with own_database.session(writes=True) as session:
        return own_database, assemble(session)


def at_once(database: Database, works: Sequence[Work]) -> list[object]:
    """Each in a transaction of its own, all begun together; what came back, or what was refused."""
    ready = Barrier(len(works))

    def one(work: Work) -> object:
        ready.wait(timeout=30)
        with database.session(writes=True) as session:
            try:
                found = work(session)
            except CrmError as refused:
                return refused
            session.commit()
            return found

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def link(house: tuple[Database, Cast], how: Confidentiality, instrument: Instrument) -> tuple[str, int | None]:
    """Of a round of its own: the token, and the id of a question of a survey."""
    database, cast = house
    with database.session(writes=True) as session:
        questions = question_sets.current(session, instrument=instrument, now=NOW)
        set_id = questions.id if questions else None
        token = invite(session, cast, now=NOW, how=how, instrument=instrument, set_id=set_id)
        asked = select(Question.id).where(Question.set_id == set_id, Question.key == "understands")
        question_id = session.scalar(asked)
        session.commit()
    return token, question_id


def sending(token: str, score: int, comment: str, question_id: int | None = None, now: datetime = NOW) -> Work:
    """An answer in which everything says the same number."""
    answers: Answers = {(question_id, ""): Given(score, 1)} if question_id else {}

    def send(session: Session) -> object:
        found = answering.answer(session, token=token, score=score, comment=comment, now=now, answers=answers)
        return found.id if found else None

    return send


def counted(database: Database, round_id: int) -> tuple[list[tuple[int, str]], list[int]]:
    """The answers of the round, and what they say to the question."""
    with database.session(writes=False) as session:
        responses = session.scalars(select(Response).where(Response.round_id == round_id)).all()
        values = session.scalars(select(Answer.value).join(Answer.response).where(Response.round_id == round_id)).all()
        return [(one.score, one.comment) for one in responses], list(values)


def round_of(database: Database, token: str) -> int:
    with database.session(writes=False) as session:
        return session.scalars(select(Invitation.round_id).where(Invitation.token_hash == hashed(token))).one()


scores = st.lists(st.integers(1, 5), min_size=2, max_size=5)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scores=scores, how=st.sampled_from(LINKED), instrument=st.sampled_from((Instrument.PULSE, SURVEY)))
def test_answers_sent_at_once_count_once_and_a_later_one_corrects(
    house: tuple[Database, Cast], scores: list[int], how: Confidentiality, instrument: Instrument
) -> None:
    database, _ = house
    token, question_id = link(house, how, instrument)
    number = count()
    found = at_once(database, [sending(token, score, str(next(number)), question_id) for score in scores])
    assert not [one for one in found if isinstance(one, Exception)]
    round_id = round_of(database, token)
    responses, values = counted(database, round_id)
    assert len(responses) == 1
    score, comment = responses[0]
    assert score == scores[int(comment)], "one of them as a whole, not a part of each"
    assert values == ([score] if question_id else [])
    at_once(database, [sending(token, 6 - score, "later", question_id)])
    assert counted(database, round_id) == ([(6 - score, "later")], [6 - score] if question_id else [])


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scores=scores, instrument=st.sampled_from((Instrument.PULSE, SURVEY)))
def test_of_anonymous_answers_sent_at_once_one_counts_and_the_others_are_told(
    house: tuple[Database, Cast], scores: list[int], instrument: Instrument
) -> None:
    database, _ = house
    token, question_id = link(house, Confidentiality.ANONYMOUS, instrument)
    number = count()
    found = at_once(database, [sending(token, score, str(next(number)), question_id) for score in scores])
    assert [type(one) for one in found if one is not None] == [Gone] * (len(scores) - 1)
    responses, values = counted(database, round_of(database, token))
    assert len(responses) == 1
    assert responses[0][0] == scores[int(responses[0][1])]
    assert len(values) == (1 if question_id else 0)


@pytest.mark.parametrize("how", list(Confidentiality))
def test_an_answer_and_a_withdrawal_at_once_end_as_if_one_came_first(
    house: tuple[Database, Cast], how: Confidentiality
) -> None:
    database, cast = house
    token, _ = link(house, how, Instrument.PULSE)
    round_id = round_of(database, token)
    with database.session(writes=False) as session:
        invitation_id = session.scalars(select(Invitation.id).where(Invitation.round_id == round_id)).one()

    def withdraw(session: Session) -> object:
        by = cast.actor(session, session.get_one(Person, cast.rep.id), NOW.date())
        asking.withdraw(session, by=by, round_id=round_id, invitation_id=invitation_id, now=NOW)
        return "withdrawn"

    answer, withdrawal = at_once(database, [sending(token, 4, ""), withdraw])
    assert withdrawal == "withdrawn" or isinstance(withdrawal, CrmError)
    responses, _ = counted(database, round_id)
    assert len(responses) == (0 if isinstance(answer, Gone) else 1)
    with database.session(writes=False) as session:
        asked = session.get_one(Round, round_id).asked
    assert asked == (0 if isinstance(answer, Gone) else 1)


@pytest.mark.parametrize("how", list(Confidentiality))
def test_an_answer_and_the_end_of_the_round_at_once_show_all_of_it_or_refuse_it(
    house: tuple[Database, Cast], how: Confidentiality
) -> None:
    """One whose page was sent a moment before the end, while the job already shows what was said."""
    database, _ = house
    token, _ = link(house, how, Instrument.PULSE)
    round_id = round_of(database, token)
    late, reveal = at_once(
        database,
        [sending(token, 4, "", now=AFTER), lambda session: confidentiality.reveal_closed(session, now=AFTER)],
    )
    assert isinstance(late, Gone)
    assert not isinstance(reveal, Exception)
    assert counted(database, round_id) == ([], [])
    in_time, _ = at_once(
        database,
        [sending(token, 4, "", now=NOW), lambda session: confidentiality.reveal_closed(session, now=AFTER)],
    )
    responses, _ = counted(database, round_id)
    assert len(responses) == (0 if isinstance(in_time, Gone) else 1)


def test_keeping_and_sending_at_once_leave_one_answer_and_no_second_part(house: tuple[Database, Cast]) -> None:
    database, _ = house
    token, _ = link(house, Confidentiality.NAMED, Instrument.PULSE)

    def keep(session: Session) -> object:
        partial_answers.keep(session, token=token, fields={"comment": "Half"}, now=NOW)
        return None

    found = at_once(database, [keep, sending(token, 4, ""), keep, sending(token, 5, "")])
    assert not [one for one in found if isinstance(one, Exception)]
    with database.session(writes=False) as session:
        assert session.scalar(select(func.count(Response.id))) == 1
        assert (session.scalar(select(func.count()).select_from(PartialAnswer)) or 0) <= 1
