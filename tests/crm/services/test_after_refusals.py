"""Three months after a "no" the unit is asked how it solved it: when, whom, how often, and what the answer does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crm.errors import Conflict, Forbidden, Gone, Invalid
from crm.services import after_refusal_asking, after_refusal_links, after_refusals, forgetting, mail_preferences, people
from crm.services import requests as wishes
from crm.services.after_refusal_links import LinkState
from models import (
    AuditEntry,
    BusinessUnit,
    ClosedDays,
    MailChoice,
    MailKind,
    Membership,
    OutboxMessage,
    Part,
    Person,
    Request,
    RequestState,
)
from models.request_part import AfterRefusal, Solved
from tests.cast import LONG_AGO, Cast
from tests.factories.refusals import asked_about, refuse
from tests.november import NOW, acting

#: A Wednesday, three months after NOW; nine o'clock in Lisbon.
DUE = date(2027, 2, 10)
MORNING = datetime(2027, 2, 10, 9, 0, tzinfo=UTC)
TWO_WEEKS_ON = MORNING + timedelta(days=14)


def refused(session: Session, cast: Cast, requester: str = "head", **told: str) -> Request:
    who = getattr(cast, requester) if requester else None
    return refuse(session, unit=cast.finance, rep=cast.rep, requester=who, now=NOW, **told)


def mails(session: Session) -> list[OutboxMessage]:
    mine = select(OutboxMessage).where(OutboxMessage.kind == MailKind.AFTER_REFUSAL)
    return list(session.scalars(mine.order_by(OutboxMessage.id)))


def token(mail: OutboxMessage) -> str:
    return mail.path.removeprefix("/n/")


def ask(session: Session, now: datetime = MORNING) -> int:
    after_refusals.catch_up(session, now=now)
    return after_refusal_asking.ask(session, now=now)


def say(session: Session, mail: OutboxMessage, solved: Solved | None, words: str = "", now: datetime = MORNING) -> None:
    after_refusal_links.say(session, token=token(mail), solved=solved, words=words, now=now)


# ---- When


def test_a_refusal_is_asked_about_three_calendar_months_later(session: Session, cast: Cast) -> None:
    assert asked_about(session, refused(session, cast)).due_on == DUE


def test_the_question_waits_for_the_units_next_working_day(session: Session, cast: Cast) -> None:
    closed = ClosedDays(name="Stocktaking", unit_id=cast.finance.id, since=DUE, until=DUE + timedelta(days=2))
    session.add(closed)
    session.flush()
    assert asked_about(session, refused(session, cast)).due_on == DUE + timedelta(days=2)


def test_the_last_of_november_is_asked_about_at_the_end_of_february(session: Session, cast: Cast) -> None:
    request = refuse(session, unit=cast.finance, rep=cast.rep, now=datetime(2026, 11, 30, 9, 0, tzinfo=UTC))
    assert asked_about(session, request).due_on == date(2027, 3, 1)  # the 28th of February is a Sunday


def test_refusals_from_before_there_was_the_question_are_asked_about_too_once(session: Session, cast: Cast) -> None:
    refused(session, cast)
    refuse(session, unit=cast.finance, rep=cast.rep, now=NOW - timedelta(days=300), title="Of last winter")
    session.execute(delete(AfterRefusal))
    assert after_refusals.catch_up(session, now=NOW) == 2
    assert after_refusals.catch_up(session, now=NOW) == 0
    assert DUE in session.scalars(select(AfterRefusal.due_on)).all()


def test_what_was_refused_more_than_a_year_ago_is_not_brought_up_by_an_upgrade(session: Session, cast: Cast) -> None:
    refused(session, cast)
    session.execute(delete(AfterRefusal))
    assert after_refusals.catch_up(session, now=NOW + timedelta(days=366)) == 0


# ---- Whom, and how often


def test_whoever_asked_is_asked_once_and_reminded_once(session: Session, cast: Cast) -> None:
    refused(session, cast, "key_user")
    assert ask(session, MORNING - timedelta(days=1)) == 0
    assert ask(session) == 1
    assert ask(session) == 0
    assert ask(session, MORNING + timedelta(days=13)) == 0
    assert ask(session, TWO_WEEKS_ON) == 1
    assert ask(session, TWO_WEEKS_ON + timedelta(days=21)) == 0
    first, second = mails(session)
    assert first.to_person_id == second.to_person_id == cast.key_user.id
    assert "A report on Fridays" in first.body
    assert "do not ask again" in second.body
    for mail in (first, second):
        link = after_refusal_links.find(session, token=token(mail), now=TWO_WEEKS_ON)
        assert link is not None
        assert link.state is LinkState.OPEN


@pytest.mark.parametrize("requester", ["", "rep", "gone", "moved"])
def test_the_head_is_asked_where_the_requester_cannot_be(session: Session, cast: Cast, requester: str) -> None:
    refused(session, cast, {"gone": "key_user", "moved": "key_user"}.get(requester, requester))
    if requester == "gone":
        cast.key_user.left_on = DUE
    elif requester == "moved":
        session.execute(delete(Membership).where(Membership.person_id == cast.key_user.id))
    session.flush()
    assert ask(session) == 1
    assert mails(session)[0].to_person_id == cast.head.id


def test_a_unit_without_a_head_is_spoken_for_by_the_one_above(session: Session, cast: Cast) -> None:
    below = BusinessUnit(code="PAY", name="Payroll", parent_id=cast.finance.id, time_zone="Europe/Lisbon")
    session.add(below)
    session.flush()
    refused(session, cast).unit_id = below.id
    session.flush()
    assert ask(session) == 1
    assert mails(session)[0].to_person_id == cast.head.id


def test_several_needs_of_one_person_are_one_mail_with_a_link_each(session: Session, cast: Cast) -> None:
    refused(session, cast)
    refused(session, cast, title="A second till", alternative="")
    assert ask(session) == 1
    (mail,) = mails(session)
    assert mail.body.count("/n/") == 2
    assert mail.subject.startswith("Two things IT said no to")
    assert "We had nothing to offer instead." in mail.body


def test_it_is_asked_in_the_language_of_the_reader(session: Session, cast: Cast) -> None:
    cast.head.language = "de"
    refused(session, cast)
    ask(session)
    assert mails(session)[0].subject == "Wie haben Sie es gelöst: A dashboard of spend"


def test_nobody_is_asked_who_wants_no_such_mail(session: Session, cast: Cast) -> None:
    choice: dict[str, Any] = {"kind": MailKind.AFTER_REFUSAL, "choice": MailChoice.NEVER}
    mail_preferences.choose(session, person_id=cast.head.id, now=NOW, **choice)
    refused(session, cast)
    assert ask(session) == 0
    assert mails(session) == []


def test_what_is_looked_at_again_or_answered_is_not_asked(session: Session, cast: Cast) -> None:
    again, told = refused(session, cast), refused(session, cast, title="A second till")
    by = acting(session, cast.head)
    wishes.move(session, by=by, request=again, to=RequestState.LOOKING, why="The auditor asks", now=NOW)
    rep, row = acting(session, cast.rep), asked_about(session, told)
    after_refusals.answer(session, by=rep, request=told, found=row, solved=Solved.WITHOUT, words="", now=NOW)
    assert ask(session) == 0
    assert asked_about(session, again).dropped


def test_a_closed_unit_is_not_asked(session: Session, cast: Cast) -> None:
    request = refused(session, cast)
    cast.finance.closed_on = DUE
    session.flush()
    assert ask(session) == 0
    assert asked_about(session, request).dropped == after_refusals.UNIT_CLOSED


# ---- What is said


def test_the_answer_is_kept_once_and_can_be_corrected_for_a_month(session: Session, cast: Cast) -> None:
    request = refused(session, cast)
    ask(session)
    (mail,) = mails(session)
    say(session, mail, Solved.ELSEWHERE, "A small program from the shop")
    say(session, mail, Solved.ELSEWHERE, "A small program from the shop")
    say(session, mail, Solved.OURSELVES, "In a table", now=MORNING + timedelta(days=29))
    row = asked_about(session, request)
    assert (row.solved, row.words, row.answered_at, row.answered_by_id) == (
        Solved.OURSELVES,
        "In a table",
        MORNING,
        cast.head.id,
    )
    with pytest.raises(Conflict):
        say(session, mail, Solved.STILL, now=MORNING + timedelta(days=30))
    who = select(AuditEntry.by_id).where(AuditEntry.entity == "after_refusal").order_by(AuditEntry.id.desc())
    assert session.scalars(who).first() == cast.head.id


@pytest.mark.parametrize(("solved", "words", "field"), [(None, "", "solved"), (Solved.STILL, "x" * 1_001, "words")])
def test_an_answer_is_one_of_five_and_short(
    session: Session, cast: Cast, solved: Solved | None, words: str, field: str
) -> None:
    refused(session, cast)
    ask(session)
    with pytest.raises(Invalid) as caught:
        say(session, mails(session)[0], solved, words)
    assert caught.value.field == field


def test_who_still_needs_it_has_it_looked_at_again_by_the_units_own_way(session: Session, cast: Cast) -> None:
    request = refused(session, cast)
    ask(session)
    (mail,) = mails(session)
    say(session, mail, Solved.STILL)
    after_refusal_links.look_again(session, token=token(mail), why="The auditor asks for it", now=MORNING)
    assert request.state is RequestState.LOOKING
    assert asked_about(session, request).solved is Solved.STILL  # what was said stays


def test_a_member_may_answer_but_not_speak_for_the_unit(session: Session, cast: Cast) -> None:
    member = Person(name="Rui Matos", email="rui.matos@fernhill.example")
    session.add(member)
    session.flush()
    session.add(Membership(unit_id=cast.finance.id, person_id=member.id, part=Part.MEMBER, since=LONG_AGO))
    request = refused(session, cast)
    request.requester_id = member.id
    session.flush()
    ask(session)
    (mail,) = mails(session)
    say(session, mail, Solved.STILL)
    with pytest.raises(Forbidden):
        after_refusal_links.look_again(session, token=token(mail), why="It is needed", now=MORNING)


def test_a_link_ends_when_its_person_leaves_or_nobody_answers(session: Session, cast: Cast) -> None:
    refused(session, cast)
    ask(session)
    (mail,) = mails(session)
    with pytest.raises(Gone):
        say(session, mail, Solved.STILL, now=MORNING + timedelta(days=91))
    cast.head.left_on = DUE
    session.flush()
    with pytest.raises(Gone):
        say(session, mail, Solved.STILL)


def test_it_may_say_what_it_was_told_and_who_kept_it_is_known(session: Session, cast: Cast) -> None:
    request = refused(session, cast)
    row = asked_about(session, request)
    told: dict[str, Any] = {"solved": Solved.ALTERNATIVE, "words": "On the phone", "now": NOW}
    after_refusals.answer(session, by=acting(session, cast.rep), request=request, found=row, **told)
    assert (row.answered_by_id, row.answered_at) == (cast.rep.id, NOW)
    for name in ("colleague", "outsider", "cio", "administrator"):
        with pytest.raises(Forbidden):
            after_refusals.answer(session, by=acting(session, getattr(cast, name)), request=request, found=row, **told)


def test_a_forgotten_person_has_no_link_and_on_wish_no_words(session: Session, cast: Cast) -> None:
    request = refused(session, cast, "key_user")
    ask(session)
    (mail,) = mails(session)
    link = token(mail)
    say(session, mail, Solved.ELSEWHERE, "A program of Jo Lindt")
    people.close_account(session, person=cast.key_user, on=DUE, now=MORNING)
    session.flush()
    by = acting(session, cast.administrator)
    forgetting.forget(session, by=by, person=cast.key_user, typed="Jo Lindt", answers_too=True, now=MORNING)
    session.expire_all()
    assert after_refusal_links.find(session, token=link, now=MORNING) is None
    row = asked_about(session, request)
    assert (row.solved, row.words) == (Solved.ELSEWHERE, "")
