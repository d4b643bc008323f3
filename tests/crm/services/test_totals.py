"""What is kept of many answers is what the answers say, whoever changes what, and however many do so at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crm import create_app, policy
from crm.cli import group
from crm.config import Settings
from crm.db import Database
from crm.maker import Maker
from crm.services import answering, asking, assignments, confidentiality, question_sets, totals, totals_anew
from crm.services.survey import Given
from models import (
    Confidentiality,
    Cover,
    Instrument,
    Invitation,
    OutboxMessage,
    PeriodTotal,
    Response,
    Round,
    RoundTotal,
)
from tests.cast import Cast, assemble
from tests.factories.relationships import Stage

NOW = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)
TODAY = NOW.date()


def asked(session: Session, cast: Cast, now: datetime = NOW, **given: Any) -> tuple[Round, str]:
    """A round of the head of Finance, and the token of the link."""
    by = policy.actor_for(session, cast.rep, now.date())
    opened = asking.ask(session, by=by, unit=cast.finance, now=now, **given)
    path = session.scalars(select(OutboxMessage.path).order_by(OutboxMessage.id.desc())).first() or ""
    return opened, path.removeprefix("/r/")


def of_round(session: Session, opened: Round, measure: str = "overall") -> RoundTotal | None:
    session.expire_all()
    return session.get(RoundTotal, (opened.id, measure, ""))


def months(session: Session, measure: str = "overall") -> list[tuple[int, int, int, int]]:
    """Rounds, asked, answers and their sum of each month."""
    rows = select(PeriodTotal.rounds, PeriodTotal.asked, PeriodTotal.n, PeriodTotal.total)
    found = session.execute(rows.where(PeriodTotal.measure == measure).order_by(PeriodTotal.month))
    return [(row.rounds, row.asked, row.n, row.total) for row in found]


def test_asking_answering_correcting_and_withdrawing_are_counted(session: Session, cast: Cast) -> None:
    opened, token = asked(session, cast, person_ids=[cast.head.id, cast.key_user.id])
    assert months(session) == [(1, 2, 0, 0)]
    answering.answer(session, token=token, score=2, comment="", now=NOW)
    assert months(session) == [(1, 2, 1, 2)]
    answering.answer(session, token=token, score=5, comment="", now=NOW)
    assert months(session) == [(1, 2, 1, 5)]
    answered = select(Response.invitation_id)
    other = session.scalars(select(Invitation.id).where(Invitation.id.not_in(answered))).one()
    by = policy.actor_for(session, cast.rep, TODAY)
    asking.withdraw(session, by=by, round_id=opened.id, invitation_id=other, now=NOW)
    assert months(session) == [(1, 1, 1, 5)]
    kept = of_round(session, opened)
    assert kept is not None
    assert (kept.squares, kept.satisfied, kept.promoters, kept.lead_id) == (25, 1, 0, cast.rep.id)


def test_each_question_of_a_survey_is_counted_on_its_own_scale(session: Session, cast: Cast) -> None:
    opened, token = asked(session, cast, instrument=Instrument.SURVEY)
    questions = question_sets.current(session, instrument=Instrument.SURVEY, now=NOW)
    assert questions is not None
    ids = {question.key: question.id for question in questions.questions}
    said = {(ids["value"], ""): Given(4, weight=3), (ids["choose"], ""): Given(10)}
    answering.answer(session, token=token, score=3, comment="", answers=said, now=NOW)
    value, choose = of_round(session, opened, "value"), of_round(session, opened, "choose")
    assert value is not None
    assert choose is not None
    assert (value.n, value.satisfied, value.promoters, value.weights, value.weight_total) == (1, 1, 0, 1, 3)
    assert (choose.n, choose.satisfied, choose.promoters, choose.detractors) == (1, 0, 1, 0)
    assert choose.is_of_chance
    assert not value.is_of_chance
    assert of_round(session, opened, "understands") is None, "nobody said"


def test_a_round_whose_scores_are_withheld_is_in_no_total_until_they_are_shown(session: Session, cast: Cast) -> None:
    stage = Stage(session)
    opened = stage.rated(cast.finance, TODAY, [4, 4, 4, 5, 5])
    confidentiality.promise(opened, Confidentiality.ANONYMOUS)
    totals.changed(session, round_ids=[opened.id])
    assert of_round(session, opened) is None
    assert months(session) == []
    confidentiality.reveal_closed(session, now=NOW + timedelta(days=30))
    assert months(session) == [(1, 5, 5, 22)]


def test_the_month_is_the_units_own(session: Session, cast: Cast) -> None:
    cast.finance.time_zone = "Pacific/Auckland"
    late = datetime(2026, 10, 31, 20, tzinfo=UTC)
    session.add(Round(unit_id=cast.finance.id, opened_at=late, closes_at=late, asked=1))
    session.flush()
    totals_anew.rebuild(session)
    assert session.scalars(select(PeriodTotal.month)).one() == date(2026, 11, 1)


def test_who_leads_later_or_earlier_than_thought_changes_whose_rounds_they_were(session: Session, cast: Cast) -> None:
    opened, _ = asked(session, cast)
    by = policy.actor_for(session, cast.cio, TODAY)
    lead = partial(assignments.assign, session, by=by, unit=cast.finance, rep=cast.colleague, cover=Cover.LEAD)
    lead(since=TODAY + timedelta(days=1))
    kept = of_round(session, opened)
    assert kept is not None
    assert kept.lead_id == cast.rep.id
    later = assignments.cover_history(session, cast.finance)[0]
    assignments.end_assignment(session, by=by, unit=cast.finance, assignment_id=later.id, on=TODAY)
    lead(since=TODAY - timedelta(days=9))
    kept = of_round(session, opened)
    assert kept is not None
    assert kept.lead_id == cast.colleague.id
    assert session.scalars(select(PeriodTotal.lead_id)).all() == [cast.colleague.id]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 90), st.lists(st.integers(1, 5), max_size=4)), max_size=6))
def test_one_by_one_they_become_what_they_are_when_made_anew(
    session: Session, cast: Cast, rounds: list[tuple[int, list[int]]]
) -> None:
    stage = Stage(session)
    for back, scores in rounds:
        opened = stage.rated(cast.finance, TODAY - timedelta(days=back), scores)
        totals.changed(session, round_ids=[opened.id])
    found = totals_anew.rebuild(session)
    assert found.differed == 0
    assert (found.totals > 0) >= bool(rounds)


def test_answers_in_two_rounds_of_one_unit_and_month_at_once_are_both_counted(own_database: Database) -> None:
    """On PostgreSQL, where both really run at once; on SQLite one writes after the other."""
    with own_database.session(writes=True) as session:
        cast = assemble(session)
        ask = ((9, cast.head), (1, cast.key_user))
        tokens = [asked(session, cast, NOW - timedelta(days=back), person_ids=[who.id])[1] for back, who in ask]
        session.commit()
    ready = Barrier(len(tokens))

    def send(token: str) -> None:
        with own_database.session(writes=True) as session:
            ready.wait(timeout=10)
            answering.answer(session, token=token, score=4, comment="", now=NOW)
            session.commit()

    with ThreadPoolExecutor(len(tokens)) as pool:
        list(pool.map(send, tokens))
    with own_database.session(writes=True) as session:
        assert months(session) == [(2, 2, 2, 8)]
        assert totals_anew.rebuild(session).differed == 0


def crm(database_url: str, *arguments: str) -> tuple[int, str]:
    """What the command says, and how it ends."""
    app = create_app(Settings(database_url=database_url, secret_key="x" * 40))
    done = CliRunner().invoke(group, ["satisfaction", "rebuild", *arguments], obj=Maker(lambda _: app))
    app.extensions["database"].engine.dispose()
    return done.exit_code, done.output


def test_the_command_finds_a_damaged_total_and_puts_it_right(fresh_database_url: str) -> None:
    database = Database(fresh_database_url)
    with database.session(writes=True) as session:
        cast = assemble(session)
        _, token = asked(session, cast)
        answering.answer(session, token=token, score=4, comment="", now=NOW)
        session.commit()
    assert crm(fresh_database_url, "--check") == (0, "2 totals are what the answers say.\n")
    with database.session(writes=True) as session:
        session.execute(update(PeriodTotal).values(total=PeriodTotal.total + 1))
        session.commit()
    assert crm(fresh_database_url, "--check") == (1, "1 of 2 totals differ from what the answers say.\n")
    assert crm(fresh_database_url) == (0, "1 of 2 totals differed, and were put right.\n")
    assert crm(fresh_database_url, "--check") == (0, "2 totals are what the answers say.\n")
    database.engine.dispose()


@pytest.mark.parametrize("damage", ["twice", "gone", "of a round that says nothing"])
def test_one_row_too_many_or_too_few_differs(session: Session, cast: Cast, damage: str) -> None:
    opened, token = asked(session, cast)
    answering.answer(session, token=token, score=4, comment="", now=NOW)
    row = session.scalars(select(PeriodTotal)).one()
    if damage == "gone":
        session.delete(row)
    elif damage == "twice":
        names = [column.name for column in PeriodTotal.__table__.c if column.name != "id"]
        session.add(PeriodTotal(**{name: getattr(row, name) for name in names}))
    else:
        opened.scores_shown = False
    session.flush()
    assert totals_anew.rebuild(session).differed > 0
    assert totals_anew.rebuild(session).differed == 0


def test_only_the_units_concerned_are_touched(session: Session, cast: Cast) -> None:
    stage = Stage(session)
    stage.rated(cast.legal, TODAY, [3])
    opened = stage.rated(cast.finance, TODAY, [3])
    totals.changed(session, round_ids=[opened.id])
    found = select(func.count()).select_from(PeriodTotal)
    assert session.scalar(found.where(PeriodTotal.unit_id == cast.finance.id)) == 1
