"""What happens when two press the button at the same moment: on a database of their own, with real commits."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.db import Database
from crm.errors import Conflict, Gone
from crm.services import answering, asking, audit
from models import Invitation, OutboxMessage, Response, Round
from tests.cast import Cast, assemble

NOW = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _written_down() -> None:
    audit.listen()


def at_once(database: Database, work: Callable[[Session, int], object], times: int = 6) -> list[object]:
    """Each in a transaction of its own, all begun together; what came back, or the Conflict."""
    ready = Barrier(times)

    def one(number: int) -> object:
        with database.session(writes=True) as session:
            ready.wait(timeout=10)
            try:
                found = work(session, number)
            except Conflict as conflict:
                return conflict
            session.commit()
            return found

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def invite(database: Database) -> tuple[Cast, str]:
    with database.session(writes=True) as session:
        cast = assemble(session)
        asking.ask(session, by=policy.actor_for(session, cast.rep, NOW.date()), unit=cast.finance, now=NOW)
        path = session.scalars(select(OutboxMessage.path)).one()
        session.commit()
    return cast, path.removeprefix("/r/")


def test_an_answer_sent_many_times_at_once_counts_once(own_database: Database) -> None:
    _, token = invite(own_database)

    def send(session: Session, number: int) -> object:
        return answering.answer(session, token=token, score=1 + number % 5, comment=str(number), now=NOW)

    assert len(at_once(own_database, send)) == 6
    with own_database.session(writes=False) as session:
        response = session.scalars(select(Response)).one()
        assert response.corrected_at == NOW
        assert response.score == 1 + int(response.comment) % 5


def test_two_reps_who_ask_at_once_ask_once(own_database: Database) -> None:
    with own_database.session(writes=True) as session:
        cast = assemble(session)

    def ask(session: Session, _: int) -> object:
        by = policy.actor_for(session, cast.rep, NOW.date())
        return asking.ask(session, by=by, unit=cast.finance, now=NOW)

    outcomes = at_once(own_database, ask, times=2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "Round"]
    with own_database.session(writes=False) as session:
        assert session.scalar(select(func.count(Round.id))) == 1
        assert session.scalar(select(func.count(OutboxMessage.id))) == 1


def test_an_answer_and_a_withdrawal_at_once_agree_on_how_many_were_asked(own_database: Database) -> None:
    cast, token = invite(own_database)
    with own_database.session(writes=False) as session:
        invitation = session.scalars(select(Invitation)).one()

    def either(session: Session, number: int) -> object:
        if number % 2:
            by = policy.actor_for(session, cast.rep, NOW.date())
            return asking.withdraw(session, by=by, round_id=invitation.round_id, invitation_id=invitation.id, now=NOW)
        try:
            return answering.answer(session, token=token, score=3, comment="", now=NOW)
        except Gone as gone:
            return gone

    at_once(own_database, either, times=2)
    with own_database.session(writes=False) as session:
        answers = session.scalar(select(func.count(Response.id)))
        assert session.scalars(select(Round.asked)).one() == answers
