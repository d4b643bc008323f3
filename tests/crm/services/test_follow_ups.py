"""Whoever rates low hears from us within two working days, and alone says that it is settled."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from crm.policy import Actor
from crm.services import answering, asking, follow_up_links, follow_ups
from crm.services.follow_up_links import Word
from crm.services.follow_ups import Only
from models import FollowUp, FollowUpCause, FollowUpState, OutboxMessage, Person, Response
from tests.cast import Cast

#: A Thursday.
NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=6)


def acting(session: Session, person: Person, now: datetime = NOW) -> Actor:
    return policy.actor_for(session, person, now.date())


def rate(session: Session, cast: Cast, score: int, comment: str = "") -> str:
    """The head of Finance rates; the token of the link."""
    asking.ask(session, by=acting(session, cast.rep), unit=cast.finance, now=NOW)
    token = newest_link(session, "/r/")
    answering.answer(session, token=token, score=score, comment=comment, now=NOW)
    return token


def newest_link(session: Session, prefix: str) -> str:
    wanted = select(OutboxMessage.path).where(OutboxMessage.path.startswith(prefix))
    path = session.scalars(wanted.order_by(OutboxMessage.id.desc())).first()
    assert path
    return path.removeprefix(prefix)


def the_one(session: Session) -> FollowUp:
    session.flush()
    found = session.scalars(select(FollowUp)).one()
    return follow_ups.read(session, by=Actor(None, NOW.date()), follow_up_id=found.id)


@pytest.mark.parametrize(("score", "owed"), [(1, True), (2, True), (3, False), (5, False)])
def test_poorly_and_very_poorly_are_owed_a_reply(session: Session, cast: Cast, score: int, owed: bool) -> None:
    rate(session, cast, score)
    assert (session.scalar(select(func.count(FollowUp.id))) == 1) is owed


def test_it_is_the_leads_and_due_on_the_second_working_day(session: Session, cast: Cast) -> None:
    rate(session, cast, 1)
    owed = the_one(session)
    assert (owed.owner_id, owed.person_id, owed.cause) == (cast.rep.id, cast.head.id, FollowUpCause.LOW)
    assert owed.due_on == date(2026, 11, 16), "Friday, Monday"


def test_a_rating_taken_back_in_time_is_owed_nothing(session: Session, cast: Cast) -> None:
    token = rate(session, cast, 1)
    answering.answer(session, token=token, score=4, comment="", now=NOW)
    assert the_one(session).state is FollowUpState.CLOSED
    answering.answer(session, token=token, score=2, comment="", now=NOW)
    assert the_one(session).state is FollowUpState.OPEN, "rated low again"


def test_a_rating_made_worse_after_it_was_settled_is_owed_a_reply_again(session: Session, cast: Cast) -> None:
    token = rate(session, cast, 2)
    owed = the_one(session)
    follow_ups.reply(session, by=acting(session, cast.rep), follow_up=owed, text="Here.", now=NOW)
    follow_up_links.say(session, token=newest_link(session, "/f/"), word=Word.SETTLED, said="", now=NOW)
    answering.answer(session, token=token, score=2, comment="The same.", now=NOW)
    assert (owed.state, owed.score) == (FollowUpState.CLOSED, 2)
    answering.answer(session, token=token, score=1, comment="Worse.", now=NOW)
    assert (owed.state, owed.score, owed.closed_at) == (FollowUpState.OPEN, 1, None)


def test_a_reply_goes_to_the_person_who_alone_closes_it(session: Session, cast: Cast) -> None:
    rate(session, cast, 2, "Payments stop.")
    owed = the_one(session)
    follow_ups.reply(session, by=acting(session, cast.rep), follow_up=owed, text="There is a second approver.", now=NOW)
    mail = session.scalars(select(OutboxMessage).where(OutboxMessage.key.like("follow-up:%"))).one()
    assert mail.to_person_id == cast.head.id
    assert "There is a second approver." in mail.body
    assert owed.state is FollowUpState.ANSWERED
    with pytest.raises(Conflict):
        follow_ups.reply(session, by=acting(session, cast.rep), follow_up=owed, text="And more", now=NOW)
    token = newest_link(session, "/f/")
    follow_up_links.say(session, token=token, word=Word.SETTLED, said="", now=LATER)
    follow_up_links.say(session, token=token, word=Word.NOT_YET, said="No", now=LATER)
    assert (owed.state, owed.closed_at) == (FollowUpState.CLOSED, LATER), "said once"


def test_not_yet_owes_a_reply_again_and_every_mail_leads_to_the_newest(session: Session, cast: Cast) -> None:
    rate(session, cast, 1)
    owed, by = the_one(session), acting(session, cast.rep)
    follow_ups.reply(session, by=by, follow_up=owed, text="We look into it.", now=NOW)
    first = newest_link(session, "/f/")
    with pytest.raises(Invalid, match="what is missing"):
        follow_up_links.say(session, token=first, word=Word.NOT_YET, said="", now=LATER)
    follow_up_links.say(session, token=first, word=Word.NOT_YET, said="By when?", now=LATER)
    assert (owed.state, owed.said, owed.due_on) == (FollowUpState.OPEN, "By when?", date(2026, 11, 20))
    follow_ups.reply(session, by=by, follow_up=owed, text="By Friday.", now=LATER)
    found = follow_up_links.find(session, token=first)
    assert found
    assert found.reply == "By Friday."
    assert session.scalar(select(func.count()).where(OutboxMessage.key.like("follow-up:%"))) == 2


def test_a_reply_needs_words_and_a_rep_of_the_unit(session: Session, cast: Cast) -> None:
    rate(session, cast, 1)
    owed = the_one(session)
    with pytest.raises(Invalid):
        follow_ups.reply(session, by=acting(session, cast.rep), follow_up=owed, text="", now=NOW)
    with pytest.raises(Forbidden):
        follow_ups.reply(session, by=acting(session, cast.colleague), follow_up=owed, text="Hello", now=NOW)
    with pytest.raises(NotFound):
        follow_ups.read(session, by=acting(session, cast.outsider), follow_up_id=owed.id)


def test_who_has_left_says_nothing_more(session: Session, cast: Cast) -> None:
    rate(session, cast, 1)
    follow_ups.reply(session, by=acting(session, cast.rep), follow_up=the_one(session), text="Here.", now=NOW)
    cast.head.left_on = NOW.date()
    session.flush()
    with pytest.raises(Gone):
        follow_up_links.say(session, token=newest_link(session, "/f/"), word=Word.SETTLED, said="", now=LATER)


def test_the_cio_is_told_once_of_what_is_late(session: Session, cast: Cast) -> None:
    rate(session, cast, 1)
    monday = datetime(2026, 11, 16, 20, tzinfo=UTC)
    assert follow_ups.raise_late(session, now=monday) == 0, "it may still come today"
    assert [follow_ups.raise_late(session, now=monday + timedelta(days=days)) for days in (1, 1, 2)] == [1, 0, 0]
    mail = session.scalars(select(OutboxMessage).where(OutboxMessage.key.like("follow-up-late:%"))).one()
    assert mail.to_person_id == cast.cio.id
    assert "Amara Diallo, Finance" in mail.body
    assert follow_ups.late(session, by=acting(session, cast.cio, LATER)) == 1


def test_a_wish_in_a_comment_is_owed_a_reply_when_a_rep_says_so(session: Session, cast: Cast) -> None:
    rate(session, cast, 4, "Could the report come on Mondays?")
    response = session.scalars(select(Response)).one()
    owed = follow_ups.owe(session, by=acting(session, cast.rep), response_id=response.id, now=NOW)
    assert owed.cause is FollowUpCause.WISH
    with pytest.raises(Conflict):
        follow_ups.owe(session, by=acting(session, cast.rep), response_id=response.id, now=NOW)


def test_lists_tell_owed_late_replied_and_settled_apart(session: Session, cast: Cast) -> None:
    rate(session, cast, 1)
    owed, by = the_one(session), acting(session, cast.cio, LATER)

    def shown() -> list[Only]:
        return [only for only in Only if follow_ups.listed(session, by=by, only=only).rows]

    assert shown() == [Only.OWED, Only.LATE]
    follow_ups.reply(session, by=acting(session, cast.rep), follow_up=owed, text="Here.", now=NOW)
    assert shown() == [Only.ANSWERED]
    follow_up_links.say(session, token=newest_link(session, "/f/"), word=Word.SETTLED, said="", now=LATER)
    assert shown() == [Only.CLOSED]
