"""Who was promised to stay unknown stays unknown: from the tables, the trail, the lists and repeated readings."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Gone, Invalid
from crm.policy import Actor
from crm.services import answering, asking, audit, confidentiality, ratings, survey_results, unit_page
from crm.services.answering import LinkState
from crm.services.survey import Given
from models import (
    Answer,
    AuditEntry,
    Confidentiality,
    Instrument,
    Invitation,
    Membership,
    OutboxMessage,
    Part,
    Person,
    Response,
    Round,
)
from tests.cast import LONG_AGO, Cast

NOW = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)
CLOSED = NOW + timedelta(days=20)


def acting(session: Session, person: Person) -> Actor:
    return policy.actor_for(session, person, NOW.date())


def members(session: Session, cast: Cast, many: int) -> None:
    """People in Finance who can be asked, besides the one key user."""
    people = [Person(name=f"Member {number}", email=f"m{number}@x.example", is_business=True) for number in range(many)]
    session.add_all(people)
    session.flush()
    session.add_all(
        Membership(unit_id=cast.finance.id, person_id=person.id, part=Part.MEMBER, since=LONG_AGO) for person in people
    )
    session.flush()


def opened(
    session: Session, cast: Cast, many: int, instrument: Instrument = Instrument.PULSE
) -> tuple[Round, list[str]]:
    """An anonymous round, and the tokens of those asked."""
    members(session, cast, many - 1)
    round_ = asking.ask(
        session,
        by=acting(session, cast.rep),
        unit=cast.finance,
        now=NOW,
        instrument=instrument,
        confidentiality=Confidentiality.ANONYMOUS,
    )
    paths = session.scalars(
        select(OutboxMessage.path).where(OutboxMessage.key.like(f"rating:{round_.id}:%")).order_by(OutboxMessage.id)
    )
    return round_, [path.removeprefix("/r/") for path in paths]


def say(session: Session, token: str, score: int = 4, comment: str = "", now: datetime = NOW) -> None:
    assert answering.answer(session, token=token, score=score, comment=comment, now=now) is None


def close(session: Session) -> None:
    confidentiality.reveal_closed(session, now=CLOSED)
    session.flush()


def read(session: Session, cast: Cast, round_: Round) -> ratings.RoundDetail:
    session.expire_all()
    return ratings.read(session, by=acting(session, cast.rep), round_id=round_.id)


def test_the_head_is_not_asked_and_everybody_else_who_can_be_is(session: Session, cast: Cast) -> None:
    round_, tokens = opened(session, cast, 6)
    asked = session.scalars(select(Invitation.person_id).where(Invitation.round_id == round_.id)).all()
    assert (round_.asked, len(tokens), cast.head.id in asked, cast.key_user.id in asked) == (6, 6, False, True)


def test_four_people_are_too_few_to_stay_unknown(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid, match="Four people of Finance can be asked"):
        opened(session, cast, 4)


def test_an_answer_holds_no_way_back_to_its_person(session: Session, cast: Cast) -> None:
    round_, tokens = opened(session, cast, 6)
    entries = session.scalar(select(func.count(AuditEntry.id)))
    for number, token in enumerate(tokens):
        say(session, token, 1 + number % 5, f"Comment {number}", NOW + timedelta(hours=number))
    rows = session.scalars(select(Response).where(Response.round_id == round_.id)).all()
    assert {(row.invitation_id, row.corrected_at) for row in rows} == {(None, None)}
    assert {row.answered_at.time() for row in rows} == {rows[0].answered_at.time()}, "nothing finer than the day"
    assert session.scalar(select(func.count(AuditEntry.id))) == entries, (
        "nothing in the trail, whose entries have times"
    )
    assert audit.ACTOR not in session.info or session.info[audit.ACTOR] is None


def test_the_order_of_the_rows_says_nothing(session: Session, cast: Cast) -> None:
    _, tokens = opened(session, cast, 12)
    for token in tokens:
        say(session, token)
    ids = session.scalars(select(Response.id).order_by(Response.id)).all()
    by_time = session.execute(text("SELECT id FROM response")).scalars().all()
    assert len(set(ids)) == 12
    assert all(number < 0 for number in by_time)


def test_postgresql_notes_the_same_transaction_and_no_order_of_answering(session: Session, cast: Cast) -> None:
    if session.get_bind().dialect.name != "postgresql":
        return  # only PostgreSQL notes it
    round_, tokens = opened(session, cast, 6)
    asked = session.scalars(select(Invitation.id).order_by(Invitation.id)).all()
    for token in (tokens[4], tokens[0], tokens[3], tokens[1]):
        say(session, token)
    notes = "SELECT id, xmin::text FROM {} WHERE round_id = :id ORDER BY ctid"
    where = {"id": round_.id}
    links = session.execute(text(notes.format("invitation")), where).all()
    answers = session.execute(text(notes.format("response")), where).all()
    assert len({row.xmin for row in links}) == len({row.xmin for row in answers}) == 1
    assert [row.id for row in links] == asked, "as they were asked, not as they answered"
    assert [row.id for row in answers] == sorted(row.id for row in answers), "as the ids were drawn"


def test_a_link_is_used_once_and_says_so(session: Session, cast: Cast) -> None:
    _, tokens = opened(session, cast, 6)
    say(session, tokens[0])
    assert answering.find_invitation(session, token=tokens[0], now=NOW).state is LinkState.USED
    with pytest.raises(Gone):
        say(session, tokens[0], 1)
    assert session.scalar(select(func.count(Response.id))) == 1


@pytest.mark.parametrize(
    ("answers", "scores", "comments"),
    [(4, False, False), (5, True, False), (6, True, False), (9, True, False), (10, True, True), (11, True, True)],
)
def test_scores_show_from_five_and_comments_from_ten_and_only_when_closed(
    session: Session, cast: Cast, answers: int, scores: bool, comments: bool
) -> None:
    round_, tokens = opened(session, cast, 12)
    for number, token in enumerate(tokens[:answers]):
        say(session, token, 3, f"Comment {number}")
    before = read(session, cast, round_).line
    assert (before.is_withheld, before.score.value, before.score.n, list(before.answers)) == (True, None, 0, [])
    close(session)
    detail = read(session, cast, round_)
    assert (detail.line.score.value is not None) is scores
    assert bool(detail.line.commented) is comments
    assert (detail.line.score.n, list(detail.line.answers)) == (answers, [])
    assert detail.silent == [], "who is silent says who is not"


def test_repeated_readings_never_differ_by_one_answer(session: Session, cast: Cast) -> None:
    """Whatever is read after each answer: all or nothing."""
    round_, tokens = opened(session, cast, 8)
    seen: set[object] = set()
    for number, token in enumerate(tokens):
        say(session, token, 1 + number % 5)
        line = read(session, cast, round_).line
        latest = ratings.latest(session, by=acting(session, cast.cio), unit_ids=[cast.finance.id])
        seen |= {line.score.value, *(one.score.value for one in latest.values())}
        seen |= {rated.score.value for rated in unit_page.newest_ratings(session, cast.finance)}
    assert seen <= {None}
    confidentiality.reveal_closed(session, now=round_.closes_at - timedelta(seconds=1))
    assert read(session, cast, round_).line.is_withheld


def test_a_low_answer_of_an_open_anonymous_round_is_on_no_list(session: Session, cast: Cast) -> None:
    _, tokens = opened(session, cast, 6)
    for token in tokens:
        say(session, token, 1)
    by = acting(session, cast.cio)
    assert ratings.listed(session, by=by, now=NOW, only=ratings.Only.LOW).rows == []
    close(session)
    session.expire_all()
    assert ratings.listed(session, by=by, now=NOW, only=ratings.Only.LOW).rows == [], "it would be about one of them"


def test_a_question_few_answered_stays_hidden_though_the_round_shows(session: Session, cast: Cast) -> None:
    round_, tokens = opened(session, cast, 6, Instrument.SURVEY)
    link = answering.find_invitation(session, token=tokens[0], now=NOW)
    assert link.invitation
    questions = answering.questions(session, link.invitation, NOW)
    first, second = questions[0].question.id, questions[1].question.id
    for number, token in enumerate(tokens):
        given = {(first, ""): Given(4, 3)} | ({(second, ""): Given(2)} if number < 4 else {})
        assert answering.answer(session, token=token, score=4, comment="", now=NOW, answers=given) is None
    assert session.scalar(select(func.count(Answer.id))) == 10
    close(session)
    shown = read(session, cast, round_).line.round
    parts = survey_results.of_round(session, by=acting(session, cast.rep), round_=shown)
    assert [(part.key, part.n) for part in parts] == [("understands", 6)]
    assert parts[0].weight_words == "most of all"


def test_nothing_is_promised_to_named_answers(session: Session, cast: Cast) -> None:
    round_ = asking.ask(session, by=acting(session, cast.rep), unit=cast.finance, now=NOW)
    assert (round_.scores_shown, round_.comments_shown, round_.scores_from) == (True, True, 1)
    assert date(2026, 11, 24) == asking.last_day(round_.closes_at, cast.finance.time_zone)
