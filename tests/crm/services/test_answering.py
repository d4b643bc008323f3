from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Gone, Invalid, NotFound
from crm.policy import Action
from crm.services import answer_page, answering, asking
from crm.services.answering import LinkState
from models import (
    Assignment,
    AuditEntry,
    BusinessUnit,
    Cover,
    Invitation,
    OutboxMessage,
    Person,
    Request,
    RequestState,
    Response,
)
from tests.cast import LONG_AGO, Cast

NOW = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
AFTER = NOW + timedelta(days=16)


def invite(session: Session, cast: Cast, now: datetime = NOW) -> str:
    """Ask the head of Finance; the token of the link."""
    rep = policy.actor_for(session, cast.rep, now.date())
    asking.ask(session, by=rep, unit=cast.finance, now=now)
    path = session.scalars(select(OutboxMessage.path).order_by(OutboxMessage.id.desc())).first()
    assert path is not None
    return path.removeprefix("/r/")


def answer(session: Session, token: str, score: int, comment: str = "", now: datetime = NOW) -> Response:
    """An answer with a name."""
    found = answering.answer(session, token=token, score=score, comment=comment, now=now)
    assert found
    return found


def state(session: Session, token: str, now: datetime = NOW) -> LinkState:
    return answering.find_invitation(session, token=token, now=now).state


def count(session: Session) -> int:
    return session.scalar(select(func.count(Response.id))) or 0


def test_an_answer_is_recorded_with_unit_round_and_instant(session: Session, cast: Cast) -> None:
    token = invite(session, cast)
    response = answer(session, token, 2, "  Payments stop.\r\n", LATER)
    assert (response.score, response.comment, response.unit_id) == (2, "Payments stop.", cast.finance.id)
    assert (response.answered_at, response.corrected_at) == (LATER, None)
    assert state(session, token) is LinkState.ANSWERED


def test_sending_twice_corrects_and_the_same_again_changes_nothing(session: Session, cast: Cast) -> None:
    token = invite(session, cast)
    first = answer(session, token, 2)
    answer(session, token, 2, now=LATER)
    assert first.corrected_at is None
    again = answer(session, token, 4, "Better.", LATER)
    assert (again.id, again.score, again.answered_at, again.corrected_at) == (first.id, 4, NOW, LATER)
    assert count(session) == 1


def test_reading_a_link_records_nothing(session: Session, cast: Cast) -> None:
    token = invite(session, cast)
    trail = session.scalar(select(func.count(AuditEntry.id)))
    link = answering.find_invitation(session, token=token, now=NOW)
    assert link.invitation is not None
    assert (link.invitation.person.name, link.invitation.round.unit.name) == ("Amara Diallo", "Finance")
    assert not session.new
    assert not session.dirty
    assert (count(session), session.scalar(select(func.count(AuditEntry.id)))) == (0, trail)


def test_a_link_ends_with_its_round(session: Session, cast: Cast) -> None:
    token = invite(session, cast)
    assert state(session, token, datetime(2026, 11, 24, 23, 59, tzinfo=UTC)) is LinkState.OPEN
    assert state(session, token, datetime(2026, 11, 25, tzinfo=UTC)) is LinkState.CLOSED
    with pytest.raises(Gone):
        answering.answer(session, token=token, score=4, comment="", now=AFTER)
    assert count(session) == 0


def test_a_withdrawn_link_and_that_of_somebody_who_left_do_not_work(session: Session, cast: Cast) -> None:
    token = invite(session, cast)
    cast.head.left_on = NOW.date()
    session.flush()
    assert state(session, token) is LinkState.REVOKED
    cast.head.left_on = None
    session.scalars(select(Invitation)).one().revoked_at = NOW
    session.flush()
    assert state(session, token) is LinkState.REVOKED
    with pytest.raises(Gone):
        answering.answer(session, token=token, score=4, comment="", now=NOW)


@pytest.mark.parametrize("token", ["", "x", "é" * 50, "a" * 5000, "' OR 1=1 --"])
def test_an_unknown_link_is_unknown(session: Session, cast: Cast, token: str) -> None:
    assert state(session, token) is LinkState.UNKNOWN
    with pytest.raises(NotFound):
        answering.answer(session, token=token, score=4, comment="", now=NOW)


@pytest.mark.parametrize("score", [None, 0, 6, -1])
def test_a_score_off_the_scale_is_refused(session: Session, cast: Cast, score: int | None) -> None:
    with pytest.raises(Invalid, match="Choose one of the five") as refused:
        answering.answer(session, token=invite(session, cast), score=score, comment="", now=NOW)
    assert refused.value.field == "score"


def test_a_comment_has_room_for_4000_characters(session: Session, cast: Cast) -> None:
    token = invite(session, cast)
    answering.answer(session, token=token, score=4, comment="é" * 4000, now=NOW)
    with pytest.raises(Invalid, match="room for 4,000 characters; this has 4,001") as refused:
        answering.answer(session, token=token, score=4, comment="é" * 4001, now=NOW)
    assert refused.value.field == "comment"
    answering.answer(session, token=token, score=4, comment="nul\0l", now=NOW)
    assert session.scalars(select(Response)).one().comment == "null"


def test_the_audit_trail_says_that_the_person_answered_but_not_what(session: Session, cast: Cast) -> None:
    token = invite(session, cast)
    answering.answer(session, token=token, score=2, comment="Payments stop", now=NOW)
    answering.answer(session, token=token, score=3, comment="Payments go", now=NOW)
    entries = session.scalars(select(AuditEntry).where(AuditEntry.entity == "response").order_by(AuditEntry.id)).all()
    assert [(entry.by_id, entry.change.value) for entry in entries] == [
        (cast.head.id, "created"),
        (cast.head.id, "changed"),
    ]
    assert "Payments" not in str([(entry.before, entry.after) for entry in entries])
    assert entries[1].after["score"] == "…"


def may_read(session: Session, unit: BusinessUnit, people: list[Person]) -> set[str]:
    actors = [policy.actor_for(session, person, NOW.date()) for person in people]
    return {actor.person.name for actor in actors if actor.person and policy.can(actor, Action.SEE_RATINGS, unit)}


def test_readers_are_exactly_those_whom_the_policy_lets_read(session: Session, cast: Cast) -> None:
    deputy = Person(name="Aaron Vale", is_rep=True)
    gone = Person(name="Zed Rowe", is_cio=True, left_on=date(2026, 1, 1))
    session.add_all([deputy, gone])
    session.flush()
    session.add(Assignment(unit_id=cast.finance.id, rep_id=deputy.id, cover=Cover.DEPUTY, since=LONG_AGO))
    session.flush()
    found = answer_page.readers(session, cast.finance, NOW.date())
    assert [person.name for person in found.covering] == ["Ines Carvalho", "Aaron Vale"]
    assert [person.name for person in found.cios] == ["Margit Lindqvist"]
    everyone = [value for value in vars(cast).values() if isinstance(value, Person)]
    allowed = may_read(session, cast.finance, [*everyone, deputy, gone])
    named = {person.name for person in (*found.covering, *found.cios)}
    assert named <= allowed
    assert len(allowed - named) == found.other_reps


def request(session: Session, cast: Cast, title: str, **given: object) -> None:
    told: dict[str, object] = {"unit_id": cast.finance.id, "requester_id": cast.head.id, "reason": "Because."}
    session.add(
        Request(title=title, business_need=f"{title}, in our words", logged_on=date(2026, 5, 1), **(told | given))
    )
    session.flush()


def test_what_became_of_the_own_requests_since_the_last_answer(session: Session, cast: Cast) -> None:
    before = NOW - timedelta(days=90)
    answering.answer(session, token=invite(session, cast, before), score=3, comment="", now=before)
    since = NOW - timedelta(days=10)
    accepted, delivered = RequestState.ACCEPTED, RequestState.DELIVERED
    request(session, cast, "Decided before", state=accepted, decided_at=before - timedelta(days=1))
    request(session, cast, "Decided since", state=accepted, decided_at=since)
    request(session, cast, "Delivered since", state=delivered, decided_at=before - timedelta(1), delivered_at=NOW)
    request(session, cast, "Of somebody else", state=accepted, decided_at=since, requester_id=cast.key_user.id)
    request(session, cast, "Of another unit", state=accepted, decided_at=since, unit_id=cast.legal.id)
    request(session, cast, "Still waiting")
    token = invite(session, cast)
    answering.answer(session, token=token, score=4, comment="", now=NOW)
    invitation = answering.find_invitation(session, token=token, now=NOW).invitation
    assert invitation is not None
    told = answer_page.last_told(session, invitation)
    assert told is not None
    assert told.answered_at == before
    found = answer_page.news(session, invitation, told, NOW).requests
    assert [one.title for one in found] == ["Delivered since", "Decided since"]


def test_the_first_time_there_is_nothing_since(session: Session, cast: Cast) -> None:
    invitation = answering.find_invitation(session, token=invite(session, cast), now=NOW).invitation
    assert invitation is not None
    assert answer_page.last_told(session, invitation) is None
