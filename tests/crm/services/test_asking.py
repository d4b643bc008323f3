from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Forbidden, Invalid, NotFound
from crm.policy import Actor
from crm.services import answering, asking
from crm.services.rounds import drawing, telling
from crm.services.secrets import hashed
from models import (
    Audience,
    AuditEntry,
    BusinessUnit,
    Confidentiality,
    Instrument,
    Invitation,
    Membership,
    OutboxMessage,
    Part,
    Person,
    Project,
    Round,
    Setting,
    Stage,
)
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


def test_nobody_is_asked_twice_within_thirty_days(session: Session, cast: Cast) -> None:
    ask(session, cast)
    said = r"Amara Diallo was asked on 10 November\. .*more than once in 30 days, .* from 11 December"
    with pytest.raises(Conflict, match=said) as refused:
        ask(session, cast, now=NOW + timedelta(days=29))
    assert refused.value.field == "people"
    assert len(mail(session)) == 1
    ask(session, cast, [cast.key_user], now=NOW + timedelta(days=6))
    ask(session, cast, now=NOW + timedelta(days=30))
    assert len(mail(session)) == 3


def test_who_was_asked_about_another_unit_rests_here_too_for_as_long_as_the_house_says(
    session: Session, cast: Cast
) -> None:
    session.add(Membership(unit_id=cast.legal.id, person_id=cast.key_user.id, part=Part.KEY_USER, since=LONG_AGO))
    session.flush()
    ask(session, cast, [cast.key_user])
    elsewhere: dict[str, Any] = {
        "by": acting(session, cast.colleague),
        "unit": cast.legal,
        "person_ids": [cast.key_user.id],
    }
    with pytest.raises(Conflict, match="Jo Lindt was asked"):
        asking.ask(session, now=NOW + timedelta(days=10), **elsewhere)
    session.add(Setting(name="rest_days", value="10", at=NOW))
    session.flush()
    asking.ask(session, now=NOW + timedelta(days=10), **elsewhere)


def test_a_delivered_project_of_the_unit_can_be_asked_about_and_its_name_is_in_the_mail(
    session: Session, cast: Cast
) -> None:
    facts: dict[str, Any] = {
        "by": acting(session, cast.rep),
        "unit": cast.finance,
        "now": NOW,
        "instrument": Instrument.PROJECT,
    }
    project = Project(unit_id=cast.finance.id, name="Ledger", stage=Stage.UNDER_WAY, moved_on=NOW.date())
    session.add(project)
    session.flush()
    with pytest.raises(Invalid, match="Choose which delivered project"):
        asking.ask(session, project_id=project.id, **facts)
    project.stage = Stage.DELIVERED
    opened = asking.ask(session, project_id=project.id, **facts)
    assert (opened.project_id, opened.instrument) == (project.id, Instrument.PROJECT)
    (message,) = mail(session)
    assert message.subject == "Did “Ledger” help Finance?"
    assert "about a minute" in message.body


def crowd(session: Session, unit: BusinessUnit, many: int, part: Part) -> None:
    people = [Person(name=f"{part} {n}", email=f"{part}{n}.{unit.code}@x.example") for n in range(many)]
    session.add_all(people)
    session.flush()
    session.add_all(Membership(unit_id=unit.id, person_id=one.id, part=part, since=LONG_AGO) for one in people)
    session.flush()


def test_of_a_large_group_a_sample_is_drawn_with_the_units_below_and_the_draw_is_kept(
    session: Session, cast: Cast
) -> None:
    below = BusinessUnit(code="PAY", name="Payroll", parent_id=cast.finance.id, time_zone="Europe/Lisbon")
    session.add(below)
    session.flush()
    crowd(session, cast.finance, 60, Part.MEMBER)
    crowd(session, below, 30, Part.MEMBER)
    rep, how = acting(session, cast.rep), Confidentiality.ANONYMOUS
    opened = asking.ask(session, by=rep, unit=cast.finance, now=NOW, confidentiality=how)
    assert opened.asked == 40
    assert opened.draw is not None
    taken = {(one["unit_id"], one["part"]): one["take"] for one in opened.draw["strata"]}
    assert taken == {(cast.finance.id, "key_user"): 1, (cast.finance.id, "member"): 26, (below.id, "member"): 13}
    asked = session.scalars(select(Invitation.person_id).where(Invitation.round_id == opened.id)).all()
    assert sorted(asked) == sorted(drawing.again(opened.draw))
    told = telling.of_round(session, round_=opened, unit=cast.finance)
    assert told == "40 of 91 people who could be asked were drawn by lot, in proportion to units and roles."


@pytest.mark.parametrize("how", [Confidentiality.CONFIDENTIAL, Confidentiality.ANONYMOUS])
def test_key_users_alone_can_be_asked_without_names_and_the_mail_says_so(
    session: Session, cast: Cast, how: Confidentiality
) -> None:
    crowd(session, cast.finance, 4, Part.KEY_USER)
    crowd(session, cast.finance, 9, Part.MEMBER)
    facts: dict[str, Any] = {"by": acting(session, cast.rep), "unit": cast.finance, "now": NOW, "confidentiality": how}
    opened = asking.ask(session, audience=Audience.KEY_USERS, **facts)
    assert (opened.asked, opened.audience, opened.confidentiality) == (5, Audience.KEY_USERS, how)
    assert all("only together with the answers of enough others" in message.body for message in mail(session))


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
