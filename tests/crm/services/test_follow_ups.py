"""Whoever rates low hears from us within two working days, and alone says that it is settled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from crm.policy import Actor
from crm.services import (
    answering,
    asking,
    assignments,
    cover_changes,
    follow_up_lateness,
    follow_up_links,
    follow_up_opening,
    follow_up_owing,
    follow_ups,
    totals,
)
from crm.services.follow_up_links import Word
from crm.services.follow_ups import Only
from crm.services.rep_needs import Kind
from crm.services.secrets import hashed
from models import (
    Absence,
    Confidentiality,
    Cover,
    FollowUp,
    FollowUpCause,
    FollowUpState,
    Invitation,
    OutboxMessage,
    Person,
    Response,
    Round,
)
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
    assert follow_up_lateness.raise_late(session, now=monday) == 0, "it may still come today"
    assert [follow_up_lateness.raise_late(session, now=monday + timedelta(days=days)) for days in (1, 1, 2)] == [
        1,
        0,
        0,
    ]
    mail = session.scalars(select(OutboxMessage).where(OutboxMessage.key.like("follow-up-late:%"))).one()
    assert mail.to_person_id == cast.cio.id
    assert "Amara Diallo, Finance" in mail.body
    assert follow_ups.late(session, by=acting(session, cast.cio, LATER)) == 1


def test_without_a_cio_nobody_is_told_and_the_next_one_is(session: Session, cast: Cast) -> None:
    rate(session, cast, 1)
    cast.cio.is_cio = False
    session.flush()
    assert follow_up_lateness.raise_late(session, now=LATER) == 0
    cast.administrator.is_cio = True
    session.flush()
    assert follow_up_lateness.raise_late(session, now=LATER) == 1


def state(session: Session) -> FollowUpState:
    return the_one(session).state


@pytest.mark.parametrize("comment", ["Could the report come on Mondays?", "Wir brauchen einen zweiten Drucker"])
def test_a_comment_that_asks_for_something_is_owed_a_reply_by_itself(
    session: Session, cast: Cast, comment: str
) -> None:
    token = rate(session, cast, 5, comment)
    owed = the_one(session)
    assert (owed.cause, owed.owner_id, owed.due_on) == (FollowUpCause.WISH, cast.rep.id, date(2026, 11, 16))
    answering.answer(session, token=token, score=5, comment="", now=NOW)
    assert state(session) is FollowUpState.CLOSED, "taken back"
    answering.answer(session, token=token, score=5, comment=comment, now=NOW)
    assert state(session) is FollowUpState.OPEN


def test_a_comment_that_asks_for_nothing_is_owed_nothing(session: Session, cast: Cast) -> None:
    rate(session, cast, 5, "Thank you, keep it up!")
    assert session.scalar(select(func.count(FollowUp.id))) == 0


def test_a_rep_says_that_a_comment_asks_for_nothing_and_it_stays_so_until_it_says_something_else(
    session: Session, cast: Cast
) -> None:
    token = rate(session, cast, 5, "Who could do without you?")
    owed, by = the_one(session), acting(session, cast.rep)
    with pytest.raises(Forbidden):
        follow_up_opening.dismiss(session, by=acting(session, cast.colleague), follow_up=owed, now=NOW)
    for _ in range(2):
        follow_up_opening.dismiss(session, by=by, follow_up=owed, now=NOW)
    assert owed.state is FollowUpState.DISMISSED
    answering.answer(session, token=token, score=4, comment="Who could do without you?", now=LATER)
    assert owed.state is FollowUpState.DISMISSED
    answering.answer(session, token=token, score=4, comment="Can we have a printer?", now=LATER)
    assert (owed.state, owed.cause, owed.closed_at) == (FollowUpState.OPEN, FollowUpCause.WISH, None)
    follow_up_opening.dismiss(session, by=by, follow_up=owed, now=LATER)
    assert follow_up_opening.owe(session, by=by, response_id=owed.response_id, now=LATER).state is FollowUpState.OPEN
    follow_up_opening.dismiss(session, by=by, follow_up=owed, now=LATER)
    answering.answer(session, token=token, score=1, comment="Can we have a printer?", now=LATER)
    assert (owed.state, owed.cause) == (FollowUpState.OPEN, FollowUpCause.LOW)


def test_a_low_rating_is_owed_a_reply_whatever_its_comment_says(session: Session, cast: Cast) -> None:
    token = rate(session, cast, 2, "Who answers the phone?")
    owed, by = the_one(session), acting(session, cast.rep)
    with pytest.raises(Conflict):
        follow_up_opening.dismiss(session, by=by, follow_up=owed, now=NOW)
    answering.answer(session, token=token, score=4, comment="Who answers the phone?", now=NOW)
    assert (owed.state, owed.cause, owed.score) == (FollowUpState.OPEN, FollowUpCause.WISH, 4)
    follow_ups.reply(session, by=by, follow_up=owed, text="Jo does.", now=NOW)
    with pytest.raises(Conflict):
        follow_up_opening.dismiss(session, by=by, follow_up=owed, now=NOW)


def test_of_a_round_without_names_no_reply_is_owed(session: Session, cast: Cast) -> None:
    asked = Round(
        unit_id=cast.finance.id,
        opened_at=NOW,
        closes_at=LATER,
        asked=9,
        confidentiality=Confidentiality.CONFIDENTIAL,
        scores_shown=False,
        comments_shown=False,
    )
    session.add(asked)
    session.flush()
    session.add(Invitation(round_id=asked.id, person_id=cast.key_user.id, token_hash=hashed("a link")))
    session.flush()
    answering.answer(session, token="a link", score=1, comment="Please help", now=NOW)
    assert session.scalar(select(func.count(FollowUp.id))) == 0


# ---- A real fall


def steady(session: Session, cast: Cast, scores: Sequence[int]) -> None:
    """One closed round a month, answered by the head with these scores."""
    for back, score in enumerate(reversed(scores), start=1):
        at = NOW - timedelta(days=30 * back)
        asked = Round(unit_id=cast.finance.id, opened_at=at, closes_at=at + timedelta(days=14), asked=1)
        session.add(asked)
        session.flush()
        link = Invitation(round_id=asked.id, person_id=cast.head.id, token_hash=f"old {back}")
        session.add(link)
        session.flush()
        said = Response(invitation_id=link.id, round_id=asked.id, unit_id=cast.finance.id, score=score, answered_at=at)
        session.add(said)
        totals.changed(session, round_ids=[asked.id])


def ask_both(session: Session, cast: Cast) -> tuple[str, str]:
    """The links of the head and the key user."""
    people = [cast.head.id, cast.key_user.id]
    asking.ask(session, by=acting(session, cast.rep), unit=cast.finance, now=NOW, person_ids=people)
    wanted = select(OutboxMessage.path, OutboxMessage.to_person_id).where(OutboxMessage.path.startswith("/r/"))
    paths = {person_id: path.removeprefix("/r/") for path, person_id in session.execute(wanted)}
    return paths[cast.head.id], paths[cast.key_user.id]


def drops(session: Session) -> list[tuple[int, FollowUpState]]:
    rows = session.scalars(select(FollowUp).where(FollowUp.cause == FollowUpCause.DROP).order_by(FollowUp.id))
    return [(row.person_id, row.state) for row in rows]


@pytest.mark.parametrize(("before", "owed"), [(12, True), (6, True), (4, False)])
def test_who_rated_lowest_in_a_round_that_fell_for_real_is_owed_a_reply(
    session: Session, cast: Cast, before: int, owed: bool
) -> None:
    steady(session, cast, [5] * before)
    head, key_user = ask_both(session, cast)
    answering.answer(session, token=head, score=4, comment="", now=NOW)
    answering.answer(session, token=key_user, score=3, comment="", now=NOW)
    assert ((cast.key_user.id, FollowUpState.OPEN) in drops(session)) is owed
    assert [state for _, state in drops(session)].count(FollowUpState.OPEN) == int(owed), "one a round"


def test_a_fall_within_the_usual_is_owed_nothing(session: Session, cast: Cast) -> None:
    steady(session, cast, [4, 5, 3, 5, 4, 5, 3, 4, 5, 3, 4, 5])
    head, _ = ask_both(session, cast)
    answering.answer(session, token=head, score=3, comment="", now=NOW)
    assert drops(session) == []


def test_a_fall_that_was_corrected_is_owed_nothing_unless_somebody_replied(session: Session, cast: Cast) -> None:
    steady(session, cast, [5] * 12)
    head, _ = ask_both(session, cast)
    answering.answer(session, token=head, score=4, comment="", now=NOW)
    assert drops(session) == [(cast.head.id, FollowUpState.OPEN)]
    answering.answer(session, token=head, score=5, comment="", now=NOW)
    assert drops(session) == [(cast.head.id, FollowUpState.CLOSED)]
    answering.answer(session, token=head, score=4, comment="", now=NOW)
    assert drops(session) == [(cast.head.id, FollowUpState.OPEN)]
    follow_ups.reply(session, by=acting(session, cast.rep), follow_up=the_one(session), text="What fell?", now=NOW)
    answering.answer(session, token=head, score=5, comment="", now=NOW)
    assert drops(session) == [(cast.head.id, FollowUpState.ANSWERED)]


def test_a_low_rating_in_a_round_that_fell_is_owed_one_reply(session: Session, cast: Cast) -> None:
    steady(session, cast, [5] * 12)
    head, _ = ask_both(session, cast)
    answering.answer(session, token=head, score=1, comment="", now=NOW)
    assert the_one(session).cause is FollowUpCause.LOW


# ---- Who owes it


def test_what_is_owed_goes_to_the_new_lead_and_what_was_replied_stays(session: Session, cast: Cast) -> None:
    rate(session, cast, 1)
    owed = the_one(session)
    by = acting(session, cast.administrator)
    since = NOW.date()
    assignments.assign(session, by=by, unit=cast.finance, rep=cast.colleague, cover=Cover.LEAD, since=since)
    assert owed.owner_id == cast.colleague.id
    follow_ups.reply(session, by=acting(session, cast.colleague), follow_up=owed, text="Here.", now=NOW)
    later = since + timedelta(days=1)
    assignments.assign(session, by=by, unit=cast.finance, rep=cast.rep, cover=Cover.LEAD, since=later)
    follow_up_owing.follow_leads(session, today=later)
    assert owed.owner_id == cast.colleague.id, "who replied"
    follow_up_links.say(session, token=newest_link(session, "/f/"), word=Word.NOT_YET, said="No", now=LATER)
    assert owed.owner_id == cast.rep.id


def test_a_lead_of_a_later_day_owes_it_from_that_day(session: Session, cast: Cast) -> None:
    rate(session, cast, 1)
    owed, by, later = the_one(session), acting(session, cast.administrator), NOW.date() + timedelta(days=5)
    assignments.assign(session, by=by, unit=cast.finance, rep=cast.colleague, cover=Cover.LEAD, since=later)
    assert owed.owner_id == cast.rep.id
    assert follow_up_owing.follow_leads(session, today=later) == 1
    assert owed.owner_id == cast.colleague.id


def test_who_covers_for_somebody_away_sees_and_replies(session: Session, cast: Cast) -> None:
    rate(session, cast, 1)
    today = NOW.date()
    away = Absence(person_id=cast.rep.id, since=today, until=today + timedelta(days=9), covered_by_id=cast.colleague.id)
    session.add(away)
    session.flush()
    by = acting(session, cast.colleague)
    assert [one.id for one in follow_ups.listed(session, by=by, is_mine=True).rows] == [the_one(session).id]
    assert [need.kind for need in cover_changes.of(session, by=by).needs] == [Kind.FOLLOW_UP]
    follow_ups.reply(session, by=by, follow_up=the_one(session), text="Ines is away; I look into it.", now=NOW)


def test_a_wish_that_only_a_rep_hears_is_owed_a_reply_when_a_rep_says_so(session: Session, cast: Cast) -> None:
    rate(session, cast, 4, "The report on Mondays.")
    response = session.scalars(select(Response)).one()
    owed = follow_up_opening.owe(session, by=acting(session, cast.rep), response_id=response.id, now=NOW)
    assert owed.cause is FollowUpCause.WISH
    with pytest.raises(Conflict):
        follow_up_opening.owe(session, by=acting(session, cast.rep), response_id=response.id, now=NOW)


def test_lists_tell_owed_late_replied_and_settled_apart(session: Session, cast: Cast) -> None:
    rate(session, cast, 1)
    owed, by = the_one(session), acting(session, cast.cio, LATER)

    def shown() -> list[Only]:
        return [only for only in Only if follow_ups.listed(session, by=by, only=only).rows]

    assert shown() == [Only.OWED, Only.LOW, Only.LATE]
    follow_ups.reply(session, by=acting(session, cast.rep), follow_up=owed, text="Here.", now=NOW)
    assert shown() == [Only.ANSWERED]
    follow_up_links.say(session, token=newest_link(session, "/f/"), word=Word.SETTLED, said="", now=LATER)
    assert shown() == [Only.CLOSED]
