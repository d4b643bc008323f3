"""What the demonstration is there to show: each story is in the data, on whatever day it is loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.services import demo, portfolio
from crm.services.attention import Level
from crm.services.demo.stories import UNUSUAL
from crm.services.secrets import hashed
from models import (
    Action,
    ActionState,
    Assignment,
    BusinessUnit,
    Cover,
    Invitation,
    Meeting,
    Membership,
    Origin,
    OutboxMessage,
    Part,
    Person,
    Request,
    RequestState,
    Response,
    Review,
    ReviewState,
    Round,
)
from models.request import DONE
from tests.crm.demo.fernhill import TODAY, loaded, noon

#: Ends and beginnings of months, quarters and years; a leap day; a weekend.
DAYS = (
    TODAY,
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2027, 4, 1),
    date(2027, 8, 15),
    date(2028, 2, 29),
)


@pytest.fixture(scope="module", params=DAYS, ids=str)
def day(request: pytest.FixtureRequest) -> date:
    found: date = request.param
    return found


@pytest.fixture(scope="module")
def session(day: date, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder: Path = tmp_path_factory.mktemp("fernhill")
    with loaded(folder, day) as opened:
        yield opened


def _unit(session: Session, code: str) -> BusinessUnit:
    return session.scalars(select(BusinessUnit).where(BusinessUnit.code == code)).one()


def _rounds(session: Session, code: str, day: date) -> Sequence[Round]:
    """Rounds that have closed, oldest first."""
    mine = (Round.unit_id == _unit(session, code).id, Round.closes_at <= noon(day), Round.speaks_for_unit)
    return session.scalars(select(Round).where(*mine).order_by(Round.opened_at)).all()


def _scores_of_the_head(session: Session, code: str) -> list[int]:
    head = select(Membership.person_id).where(
        Membership.unit_id == _unit(session, code).id, Membership.part == Part.HEAD
    )
    of_head = (Invitation.person_id.in_(head), Round.speaks_for_unit)
    answers = select(Response.score).join(Response.invitation).join(Response.round).where(*of_head)
    return list(session.scalars(answers.order_by(Response.answered_at)))


def _past_reviews(session: Session, code: str, day: date) -> Sequence[Review]:
    mine = (Review.unit_id == _unit(session, code).id, Review.period_until <= day)
    return session.scalars(select(Review).where(*mine).order_by(Review.period_since)).all()


def _requests(session: Session, code: str) -> Sequence[Request]:
    return session.scalars(select(Request).where(Request.unit_id == _unit(session, code).id)).all()


def test_each_story_is_told_of_a_unit(session: Session) -> None:
    assert set(session.scalars(select(BusinessUnit.code))) >= set(demo.STORIES)
    for code, sentence in demo.STORIES.items():
        assert sentence.startswith(_unit(session, code).name)


def test_finance_is_slipping(session: Session, day: date) -> None:
    assert _scores_of_the_head(session, "FIN")[-5:] == [4, 4, 4, 3, 2]
    refused = [
        request
        for request in _requests(session, "FIN")
        if request.state is RequestState.DECLINED
        and request.no_alternative
        and request.logged_on > day - timedelta(days=180)
    ]
    assert len(refused) == 2
    assert len(_overdue(session, "FIN", day)) >= 2


def test_manufacturing_is_recovering(session: Session, day: date) -> None:
    assert _scores_of_the_head(session, "MFG")[-6:] == [2, 2, 3, 4, 4, 5]
    assert _overdue(session, "MFG", day) == []


def _overdue(session: Session, code: str, day: date) -> Sequence[Action]:
    late = (Action.state == ActionState.OPEN, Action.due_on < day)
    return session.scalars(select(Action).where(Action.unit_id == _unit(session, code).id, *late)).all()


def test_human_resources_is_silent(session: Session, day: date) -> None:
    assert [review.state for review in _past_reviews(session, "HR", day)[-2:]] == [ReviewState.PLANNED] * 2
    silent = _rounds(session, "HR", day)[-2:]
    assert all(asked.asked >= 2 for asked in silent)
    ids = [asked.id for asked in silent]
    assert session.scalar(select(func.count(Response.id)).where(Response.round_id.in_(ids))) == 0


def test_marketing_has_no_rep_since_one_left(session: Session, day: date) -> None:
    unit = _unit(session, "MKT")
    leads = select(Assignment).where(Assignment.unit_id == unit.id, Assignment.cover == Cover.LEAD)
    (last,) = session.scalars(leads).all()
    assert last.until is not None
    assert last.until <= day
    leo = session.get_one(Person, last.rep_id)
    assert (leo.name, leo.left_on) == ("Leo Winter", last.until)
    met_since = select(Meeting).where(Meeting.unit_id == unit.id, Meeting.held_on >= last.until)
    assert not session.scalars(met_since).all()


def test_legal_is_thriving(session: Session, day: date) -> None:
    assert {review.state for review in _past_reviews(session, "LEG", day)} == {ReviewState.HELD}
    assert _scores_of_the_head(session, "LEG")[-5:] == [5] * 5
    done = [request for request in _requests(session, "LEG") if request.state in DONE]
    assert 2 * sum(request.origin is Origin.OFFERED for request in done) >= len(done)
    assert _overdue(session, "LEG", day) == []


def test_the_portfolio_tells_the_stories_and_leaves_the_ordinary_alone(session: Session, day: date) -> None:
    cio = session.scalars(select(Person).where(Person.is_cio)).one()
    by = policy.actor_for(session, cio, day)
    read = portfolio.read(session, by=by, filters=portfolio.Filters(), page=1, now=noon(day))
    levels = {line.facts.code: line.status.level for line in read.page.rows}
    assert len(levels) == 12
    assert levels["MKT"] is Level.NO_REP
    assert levels["FIN"] is Level.RATED_LOWER
    assert levels["HR"] is Level.MISSED
    assert levels["MFG"] is Level.RATED_HIGHER
    assert sum(level is Level.STEADY for level in levels.values()) >= 6


def test_requests_of_the_stories_stand_as_told(session: Session) -> None:
    for code, story in UNUSUAL.items():
        states = {request.title: request.state for request in _requests(session, code)}
        for fate in story.fates:
            assert states[fate.wish.title] is fate.state


def test_two_rounds_wait_and_their_links_are_in_the_outbox(session: Session, day: date) -> None:
    waiting = session.scalars(select(Round).where(Round.closes_at > noon(day))).all()
    assert {asked.unit_id for asked in waiting} == {_unit(session, code).id for code in ("FIN", "HR")}
    mails = {mail.key: mail for mail in session.scalars(select(OutboxMessage))}
    assert len(mails) == sum(asked.asked for asked in waiting)
    for asked in waiting:
        for invitation in session.scalars(select(Invitation).where(Invitation.round_id == asked.id)):
            mail = mails[f"rating:{asked.id}:{invitation.person_id}"]
            assert hashed(mail.path.removeprefix("/r/")) == invitation.token_hash
            answer = select(Response).where(Response.invitation_id == invitation.id)
            assert session.scalar(answer) is None
    subjects = {mail.subject for mail in mails.values()}
    assert "How is IT doing for Finance?" in subjects
