from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Forbidden, Invalid, NotFound
from crm.policy import Actor
from crm.services import answering, asking
from crm.services.secrets import hashed
from models import AuditEntry, Confidentiality, Invitation, Membership, OutboxMessage, Part, Person, Round
from tests.cast import LONG_AGO, Cast

NOW = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)


def acting(session: Session, person: Person) -> Actor:
    return policy.actor_for(session, person, NOW.date())


def ask(session: Session, cast: Cast, people: list[Person] | None = None, now: datetime = NOW) -> Round:
    ids = None if people is None else [person.id for person in people]
    return asking.ask(session, by=acting(session, cast.rep), unit=cast.finance, now=now, person_ids=ids)


def mail(session: Session) -> list[OutboxMessage]:
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def test_the_head_is_asked_and_the_round_is_named(session: Session, cast: Cast) -> None:
    opened = ask(session, cast)
    assert (opened.asked, opened.confidentiality, opened.asked_by_id) == (1, Confidentiality.NAMED, cast.rep.id)
    (message,) = mail(session)
    assert (message.to_address, message.subject) == (cast.head.email, "How is IT doing for Finance?")
    assert message.key == f"rating:{opened.id}:{cast.head.id}"


def test_the_mail_is_short_and_says_who_asks_until_when_and_that_it_is_named(session: Session, cast: Cast) -> None:
    ask(session, cast)
    body = mail(session)[0].body
    for words in (
        "Amara,",
        "Ines Carvalho asks",
        "30 seconds",
        "until 24 November",
        "Your name stays beside it",
    ):
        assert words in body
    assert len(body) < 400


def test_the_round_closes_when_the_fourteenth_day_has_ended_there(session: Session, cast: Cast) -> None:
    cast.finance.time_zone = "America/New_York"
    late = datetime(2026, 11, 11, 3, 0, tzinfo=UTC)  # still the 10th in New York
    opened = ask(session, cast, now=late)
    assert opened.closes_at == datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
    assert asking.last_day(opened.closes_at, cast.finance.time_zone) == date(2026, 11, 24)


def test_only_the_hash_of_a_link_is_kept_beside_the_answer(session: Session, cast: Cast) -> None:
    ask(session, cast)
    path = mail(session)[0].path
    token = path.removeprefix("/r/")
    invitation = session.scalars(select(Invitation)).one()
    assert invitation.token_hash == hashed(token)
    trail = str([(entry.before, entry.after) for entry in session.scalars(select(AuditEntry))])
    assert token not in trail
    assert hashed(token) not in trail


def test_key_users_can_be_asked_beside_the_head(session: Session, cast: Cast) -> None:
    opened = ask(session, cast, [cast.head, cast.key_user])
    assert opened.asked == 2
    assert [message.to_address for message in mail(session)] == [cast.head.email, cast.key_user.email]
    assert len({message.path for message in mail(session)}) == 2


def test_somebody_without_an_address_is_named_and_nobody_is_asked(session: Session, cast: Cast) -> None:
    cast.head.email = None
    with pytest.raises(Invalid, match="Amara Diallo has no mail address") as refused:
        ask(session, cast, [cast.head, cast.key_user])
    assert refused.value.field == "people"
    assert mail(session) == []


def test_nobody_from_elsewhere_and_nobody_at_all_is_refused(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid, match="Only the head and the key users of Finance"):
        ask(session, cast, [cast.head, cast.outsider])
    with pytest.raises(Invalid, match="Choose who"):
        ask(session, cast, [])
    cast.finance.closed_on = date(2026, 10, 1)
    with pytest.raises(Invalid, match="Finance is closed"):
        ask(session, cast)


def test_a_head_who_has_left_is_not_asked(session: Session, cast: Cast) -> None:
    cast.head.left_on = NOW.date()
    with pytest.raises(Invalid, match="Choose who"):
        ask(session, cast)


def test_nobody_is_asked_twice_within_seven_days(session: Session, cast: Cast) -> None:
    ask(session, cast)
    with pytest.raises(
        Conflict, match=r"Amara Diallo was asked on 10 November, .* Ask again from 17 November"
    ) as refused:
        ask(session, cast, now=NOW + timedelta(days=6))
    assert refused.value.field == "people"
    assert len(mail(session)) == 1
    ask(session, cast, [cast.key_user], now=NOW + timedelta(days=6))
    ask(session, cast, now=NOW + timedelta(days=7))
    assert len(mail(session)) == 3


def test_after_a_link_was_withdrawn_the_person_can_be_asked_again(session: Session, cast: Cast) -> None:
    opened = ask(session, cast)
    (invitation,) = session.scalars(select(Invitation))
    rep = acting(session, cast.rep)
    asking.withdraw(session, by=rep, round_id=opened.id, invitation_id=invitation.id, now=NOW)
    asking.withdraw(session, by=rep, round_id=opened.id, invitation_id=invitation.id, now=NOW)
    assert (opened.asked, invitation.revoked_at) == (0, NOW)
    ask(session, cast)


def test_withdrawing_a_link_keeps_the_answer_given_by_it(session: Session, cast: Cast) -> None:
    opened = ask(session, cast)
    token = mail(session)[0].path.removeprefix("/r/")
    answering.answer(session, token=token, score=4, comment="", now=NOW)
    (invitation,) = session.scalars(select(Invitation))
    asking.withdraw(session, by=acting(session, cast.rep), round_id=opened.id, invitation_id=invitation.id, now=NOW)
    assert opened.asked == 1


def test_only_a_rep_of_the_unit_asks_and_withdraws(session: Session, cast: Cast) -> None:
    opened = ask(session, cast)
    (invitation,) = session.scalars(select(Invitation))
    for person in (cast.colleague, cast.head, cast.cio, cast.administrator):
        by = acting(session, person)
        with pytest.raises(Forbidden):
            asking.ask(session, by=by, unit=cast.finance, now=NOW)
        with pytest.raises((Forbidden, NotFound)):
            asking.withdraw(session, by=by, round_id=opened.id, invitation_id=invitation.id, now=NOW)
    with pytest.raises(NotFound):
        asking.withdraw(
            session, by=acting(session, cast.rep), round_id=opened.id + 1, invitation_id=invitation.id, now=NOW
        )


def test_candidates_are_the_head_then_key_users_with_what_stands_in_the_way(session: Session, cast: Cast) -> None:
    cast.specialist.email = None
    session.add(Membership(unit_id=cast.finance.id, person_id=cast.specialist.id, part=Part.KEY_USER, since=LONG_AGO))
    session.add(Membership(unit_id=cast.finance.id, person_id=cast.cio.id, part=Part.MEMBER, since=LONG_AGO))
    session.flush()
    ask(session, cast)
    found = asking.candidates(session, by=acting(session, cast.rep), unit=cast.finance, now=NOW)
    assert [candidate.person.name for candidate in found] == ["Amara Diallo", "Jo Lindt", "Olu Adeyemi"]
    assert "was asked today" in found[0].obstacle
    assert found[1].obstacle == ""
    assert "no mail address" in found[2].obstacle
