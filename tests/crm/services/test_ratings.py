from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Forbidden, NotFound
from crm.policy import Actor
from crm.services import ratings
from crm.services.ratings import Only
from crm.stats.told import told
from models import Assignment, Audience, BusinessUnit, Cover, Instrument, Invitation, Person, Response, Round
from tests.cast import Cast
from tests.conftest import StatementCounter

NOW = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)
FORTNIGHT = timedelta(days=14)


def acting(session: Session, person: Person) -> Actor:
    return policy.actor_for(session, person, NOW.date())


def a_round(
    session: Session,
    unit: BusinessUnit,
    people: list[Person],
    scores: list[int],
    opened_at: datetime = NOW,
    comment: str = "",
) -> Round:
    """People asked; the first of them answered the next day."""
    opened = Round(unit_id=unit.id, opened_at=opened_at, closes_at=opened_at + FORTNIGHT, asked=len(people))
    session.add(opened)
    session.flush()
    for number, person in enumerate(people):
        invitation = Invitation(round_id=opened.id, person_id=person.id, token_hash=f"{opened.id}-{person.id}")
        session.add(invitation)
        session.flush()
        if number < len(scores):
            session.add(
                Response(
                    invitation_id=invitation.id,
                    round_id=opened.id,
                    unit_id=unit.id,
                    score=scores[number],
                    comment=comment,
                    answered_at=opened_at + timedelta(days=1, minutes=number),
                )
            )
    session.flush()
    return opened


def days_ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def test_the_latest_score_is_of_the_newest_round_with_an_answer(session: Session, cast: Cast) -> None:
    a_round(session, cast.finance, [cast.head], [2], days_ago(100))
    a_round(session, cast.finance, [cast.head, cast.key_user], [4, 5], days_ago(40))
    a_round(session, cast.finance, [cast.head], [], days_ago(2))
    a_round(session, cast.legal, [cast.outsider], [], days_ago(60))
    newest = a_round(session, cast.legal, [cast.outsider, cast.key_user], [], days_ago(3))
    units = [cast.finance.id, cast.legal.id, cast.corporate.id]
    found = ratings.latest(session, by=acting(session, cast.cio), unit_ids=units)
    assert set(found) == {cast.finance.id, cast.legal.id}
    finance = found[cast.finance.id].score
    assert (finance.value, told(finance).sentence) == (4.5, "4.5: everyone answered, 2 of 2")
    assert found[cast.legal.id].round == newest
    assert told(found[cast.legal.id].score).sentence == "Not rated yet, two people asked"


def test_the_latest_scores_take_two_statements_however_many_units(
    session: Session, cast: Cast, statements: StatementCounter
) -> None:
    cio = acting(session, cast.cio)
    units = [BusinessUnit(code=f"U{n}", name=f"Unit {n}", time_zone="UTC") for n in range(40)]
    session.add_all(units)
    session.flush()
    for unit in units:
        a_round(session, unit, [cast.head], [3])
    with statements:
        found = ratings.latest(session, by=cio, unit_ids=[unit.id for unit in units])
    assert (len(found), statements.count) == (40, 2)


def test_history_says_who_was_rep_when_the_score_was_given(session: Session, cast: Cast) -> None:
    lead = session.query(Assignment).filter_by(unit_id=cast.finance.id).one()
    lead.until = date(2026, 6, 1)
    session.flush()
    session.add(Assignment(unit_id=cast.finance.id, rep_id=cast.colleague.id, cover=Cover.LEAD, since=date(2026, 7, 1)))
    a_round(session, cast.finance, [cast.head], [2], datetime(2026, 5, 30, 12, tzinfo=UTC))  # answered on 31 May
    a_round(session, cast.finance, [cast.head], [3], datetime(2026, 5, 31, 12, tzinfo=UTC))  # answered on 1 June
    a_round(session, cast.finance, [cast.head], [4], datetime(2026, 7, 1, 12, tzinfo=UTC))
    a_round(session, cast.legal, [cast.outsider], [1])
    found = ratings.history(session, by=acting(session, cast.cio), unit=cast.finance)
    leads = [line.answers[0].lead for line in found]
    assert [lead and lead.name for lead in leads] == ["Tom Okafor", None, "Ines Carvalho"]
    assert [person and person.name for person in (line.answers[0].person for line in found)] == ["Amara Diallo"] * 3


def test_the_day_of_an_answer_is_that_of_the_unit(session: Session, cast: Cast) -> None:
    cast.finance.time_zone = "Pacific/Auckland"
    lead = session.query(Assignment).filter_by(unit_id=cast.finance.id).one()
    lead.until = date(2026, 6, 2)
    a_round(session, cast.finance, [cast.head], [2], datetime(2026, 5, 31, 13, tzinfo=UTC))  # answered 2 June there
    (line,) = ratings.history(session, by=acting(session, cast.cio), unit=cast.finance)
    assert line.answers[0].lead is None


def test_rounds_are_listed_newest_first_and_narrowed(session: Session, cast: Cast) -> None:
    low = a_round(session, cast.finance, [cast.head, cast.key_user], [5, 2], days_ago(50))
    waiting = a_round(session, cast.finance, [cast.head, cast.key_user], [5], days_ago(3))
    a_round(session, cast.finance, [cast.head], [], days_ago(30))
    full = a_round(session, cast.legal, [cast.outsider], [4], days_ago(1))
    rep = acting(session, cast.rep)

    def shown(text: str = "", only: Only = Only.ALL) -> list[int]:
        return [line.round.id for line in ratings.listed(session, by=rep, now=NOW, text=text, only=only).rows]

    assert shown()[:2] == [full.id, waiting.id]
    assert len(shown()) == 4
    assert shown(text="legal") == [full.id]
    assert shown(only=Only.LOW) == [low.id]
    assert shown(only=Only.WAITING) == [waiting.id]


def test_the_list_has_pages_of_three_statements(session: Session, cast: Cast, statements: StatementCounter) -> None:
    for days in range(60, 0, -1):
        a_round(session, cast.finance, [cast.head], [3], days_ago(days))
    by = acting(session, cast.cio)
    with statements:
        first = ratings.listed(session, by=by, now=NOW)
    assert (len(first.rows), first.has_next, statements.count) == (25, True, 3)
    last = ratings.listed(session, by=by, now=NOW, number=3)
    assert (len(last.rows), last.has_next) == (10, False)


def test_a_round_shows_answers_and_who_is_silent(session: Session, cast: Cast) -> None:
    opened = a_round(session, cast.finance, [cast.key_user, cast.head], [2], comment="Payments stop")
    found = ratings.read(session, by=acting(session, cast.rep), round_id=opened.id)
    (answer,) = found.line.answers
    assert answer.person
    assert (answer.person.name, answer.response.comment, answer.response.score) == ("Jo Lindt", "Payments stop", 2)
    assert [invitation.person.name for invitation in found.silent] == ["Amara Diallo"]
    assert found.links[answer.response.id].person_id == cast.key_user.id
    assert found.line.waits(NOW)
    assert not found.line.waits(NOW + FORTNIGHT)


def test_heads_and_administrators_read_no_ratings(session: Session, cast: Cast) -> None:
    opened = a_round(session, cast.finance, [cast.head], [2])
    for person in (cast.head, cast.administrator):
        by = acting(session, person)
        with pytest.raises(Forbidden):
            ratings.latest(session, by=by, unit_ids=[cast.finance.id])
        with pytest.raises(Forbidden):
            ratings.listed(session, by=by, now=NOW)
        with pytest.raises(Forbidden):
            ratings.history(session, by=by, unit=cast.finance)
        with pytest.raises(Forbidden):
            ratings.read(session, by=by, round_id=opened.id)
    with pytest.raises(NotFound):
        ratings.read(session, by=acting(session, cast.outsider), round_id=opened.id)
    with pytest.raises(NotFound):
        ratings.read(session, by=acting(session, cast.cio), round_id=opened.id + 1)


@pytest.mark.parametrize("differs", [{"instrument": Instrument.PROJECT}, {"audience": Audience.END_USERS}])
def test_neither_a_project_nor_end_users_speak_for_the_unit(
    session: Session, cast: Cast, differs: dict[str, Instrument | Audience]
) -> None:
    a_round(session, cast.finance, [cast.head], [4], opened_at=days_ago(40))
    newer = a_round(session, cast.finance, [cast.head], [1], opened_at=days_ago(20))
    for name, value in differs.items():
        setattr(newer, name, value)
    session.flush()
    by = acting(session, cast.rep)
    assert ratings.latest(session, by=by, unit_ids=[cast.finance.id])[cast.finance.id].score.value == 4
