"""Somebody who is forgotten is gone from everything that is theirs; what others rely on stays without the name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import String, cast, func, or_, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Forbidden, Invalid
from crm.policy import Actor
from crm.services import answering, asking, confidentiality, forgetting, forgetting_traces, people, ratings
from crm.services.answering import LinkState
from models import (
    AuditEntry,
    Base,
    Confidentiality,
    FollowUp,
    Invitation,
    Meeting,
    MeetingKind,
    Membership,
    OutboxMessage,
    OutboxState,
    Part,
    Person,
    Response,
    Round,
    SavedFilter,
)
from models.total import OVERALL, PeriodTotal
from tests.cast import LONG_AGO, Cast

NOW = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)
CLOSED = NOW + timedelta(days=20)
NAME, ADDRESS = "Berit Sundqvist", "berit.sundqvist@fernhill.example"


@pytest.fixture
def berit(session: Session, cast: Cast) -> Person:
    """A key user of Finance."""
    person = Person(name=NAME, email=ADDRESS, job_title="Controller of Berit", is_business=True)
    session.add(person)
    session.flush()
    session.add(Membership(unit_id=cast.finance.id, person_id=person.id, part=Part.KEY_USER, since=LONG_AGO))
    session.add(SavedFilter(person_id=person.id, list_name="actions", name=f"Of {NAME}", query="text=berit"))
    session.flush()
    return person


def acting(session: Session, person: Person) -> Actor:
    return policy.actor_for(session, person, NOW.date())


def ask(session: Session, cast: Cast, people: list[Person], how: Confidentiality) -> Round:
    ids = [person.id for person in people]
    by = acting(session, cast.rep)
    return asking.ask(session, by=by, unit=cast.finance, now=NOW, person_ids=ids, confidentiality=how)


def token(session: Session, round_: Round, person: Person) -> str:
    path = session.scalar(select(OutboxMessage.path).where(OutboxMessage.key == f"rating:{round_.id}:{person.id}"))
    assert path
    return path.removeprefix("/r/")


def group(session: Session, cast: Cast, many: int) -> list[Person]:
    members = [
        Person(name=f"Member {number}", email=f"m{number}@x.example", is_business=True) for number in range(many)
    ]
    session.add_all(members)
    session.flush()
    session.add_all(
        Membership(unit_id=cast.finance.id, person_id=one.id, part=Part.MEMBER, since=LONG_AGO) for one in members
    )
    session.flush()
    return members


def say(session: Session, round_: Round, person: Person, score: int = 4, comment: str = "") -> str:
    found = token(session, round_, person)
    answering.answer(session, token=found, score=score, comment=comment, now=NOW)
    return found


def forget(session: Session, cast: Cast, person: Person, *, answers_too: bool = False) -> None:
    if person.is_active:
        people.close_account(session, person=person, on=NOW.date(), now=NOW)
    session.flush()
    by = acting(session, cast.administrator)
    forgetting.forget(session, by=by, person=person, typed=person.name, answers_too=answers_too, now=NOW)
    session.flush()
    session.expire_all()


def everywhere(session: Session, needle: str) -> Iterator[str]:
    """The tables that hold it, in any column."""
    for table in Base.metadata.sorted_tables:
        holds = [func.lower(cast(column, String)).contains(needle.lower()) for column in table.columns]
        if session.scalar(select(func.count()).select_from(table).where(or_(*holds))):
            yield table.name


def test_name_and_address_stand_nowhere_any_more(session: Session, cast: Cast, berit: Person) -> None:
    round_ = ask(session, cast, [berit], Confidentiality.NAMED)
    say(session, round_, berit, 2, "Slow.")
    people.change(
        session,
        by=acting(session, cast.administrator),
        person=berit,
        name=NAME,
        email=ADDRESS.upper(),
        job_title="Controller",
        roles=berit.roles,
    )
    assert list(everywhere(session, NAME))
    forget(session, cast, berit)
    assert list(everywhere(session, NAME)) == []
    assert list(everywhere(session, ADDRESS)) == []
    assert (berit.name, berit.email, berit.forgotten_on) == (forgetting.NOBODY, None, NOW.date())


def test_a_named_mark_stays_without_the_name_unless_it_is_asked_for_too(
    session: Session, cast: Cast, berit: Person
) -> None:
    round_ = ask(session, cast, [berit, cast.head], Confidentiality.NAMED)
    say(session, round_, berit, 2, "Slow.")
    say(session, round_, cast.head, 4)
    forget(session, cast, berit)
    line = ratings.read(session, by=acting(session, cast.rep), round_id=round_.id).line
    assert line.score.value == 3
    assert {answer.person.name for answer in line.answers} == {forgetting.NOBODY, "Amara Diallo"}
    assert session.scalars(select(FollowUp.closed_at)).one() == NOW, "there is nobody left to reply to"


def test_marks_words_and_replies_go_when_they_are_asked_for_too(session: Session, cast: Cast, berit: Person) -> None:
    round_ = ask(session, cast, [berit, cast.head], Confidentiality.NAMED)
    say(session, round_, berit, 2, "Slow.")
    say(session, round_, cast.head, 4)
    forget(session, cast, berit, answers_too=True)
    line = ratings.read(session, by=acting(session, cast.rep), round_id=round_.id).line
    assert (line.score.value, line.score.n, line.round.asked) == (4, 1, 1)
    assert session.scalar(select(func.count(FollowUp.id))) == 0
    assert list(everywhere(session, "slow.")) == []
    sums = session.execute(select(PeriodTotal.n, PeriodTotal.total).where(PeriodTotal.measure == OVERALL)).all()
    assert [tuple(row) for row in sums] == [(1, 4)]


@pytest.mark.parametrize("answers_too", [False, True])
def test_a_round_without_names_that_was_shown_says_the_same_afterwards(
    session: Session, cast: Cast, berit: Person, answers_too: bool
) -> None:
    members = group(session, cast, 10)
    round_ = ask(session, cast, [], Confidentiality.CONFIDENTIAL)
    for number, person in enumerate([berit, *members]):
        say(session, round_, person, 1 + number % 5, f"Comment {number}")
    confidentiality.reveal_closed(session, now=CLOSED)
    by = acting(session, cast.rep)
    before = ratings.read(session, by=by, round_id=round_.id).line
    assert len(before.commented) == 11
    forget(session, cast, berit, answers_too=answers_too)
    after = ratings.read(session, by=by, round_id=round_.id).line
    assert after.score == before.score, "a mark less would be the one that went"
    assert len(after.commented) == (0 if answers_too else 11), "a comment less would be the one that went"
    assert session.scalar(select(func.count(Response.id)).where(Response.invitation_id.is_(None))) == 1
    confidentiality.reveal_closed(session, now=CLOSED + timedelta(days=1))
    session.expire_all()
    assert len(ratings.read(session, by=by, round_id=round_.id).line.commented) == (0 if answers_too else 11)


def test_an_answer_of_an_open_round_without_names_goes_when_it_is_asked_for(
    session: Session, cast: Cast, berit: Person
) -> None:
    members = group(session, cast, 6)
    round_ = ask(session, cast, [], Confidentiality.CONFIDENTIAL)
    for person in [berit, *members]:
        say(session, round_, person)
    forget(session, cast, berit, answers_too=True)
    assert session.scalar(select(func.count(Response.id))) == 6


def test_no_link_of_theirs_opens_anything(session: Session, cast: Cast, berit: Person) -> None:
    round_ = ask(session, cast, [berit], Confidentiality.NAMED)
    link = token(session, round_, berit)
    forget(session, cast, berit)
    assert answering.find_invitation(session, token=link, now=NOW).state is LinkState.UNKNOWN
    assert set(session.scalars(select(OutboxMessage.state).where(OutboxMessage.to_person_id == berit.id))) == {
        OutboxState.CANCELLED
    }
    tables = ("sign_in", "feed_link", "password_link", "draft", "saved_filter", "mail_preference", "reminder")
    for table in tables:
        mine = text(f"SELECT count(*) FROM {table} WHERE person_id = :id")
        assert session.scalar(mine, {"id": berit.id}) == 0, table


def test_every_table_that_knows_people_was_thought_of() -> None:
    """A new one: does it hold words of the person, or a way in? Then it is emptied in crm.services.forgetting."""
    stays = {
        "action",
        "action_step",
        "after_refusal",
        "agenda",
        "assessment",
        "attachment",
        "assignment",
        "attendance",
        "audit_entry",
        "comment_outcome",
        "danger_flag",
        "engagement_model",
        "engagement_words",
        "escalation",
        "follow_up",
        "handover",
        "health_rule",
        "incoming_mail",
        "invitation",
        "maturity",
        "meeting",
        "membership",
        "minutes_reply",
        "minutes_version",
        "organisation_import",
        "outbox_message",
        "pack",
        "person",
        "praise",
        "prediction",
        "priority_rule",
        "project",
        "past_survey",
        "period_total",
        "project_step",
        "question_set",
        "rebasing",
        "request",
        "request_step",
        "request_verdict",
        "review_invitation",
        "review_invitee",
        "round",
        "round_total",
        "series_break",
        "setting",
        "shared_need",
        "slide_look",
        "ticket_import",
        "webhook",
    }
    emptied = {table.__tablename__ for table in forgetting.THEIRS}
    known = {
        table.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "person"
    }
    assert known - stays - emptied == set()


def test_where_the_name_stands_in_texts_is_told_before(session: Session, cast: Cast, berit: Person) -> None:
    held = Meeting(
        unit_id=cast.finance.id,
        kind=MeetingKind.TOUCHPOINT,
        held_on=NOW.date(),
        minutes=f"We thank {NAME.upper()} for the ledger.",
        logged_at=NOW,
    )
    session.add(held)
    session.flush()
    by = acting(session, cast.administrator)
    found = {(one.what, one.unit) for one in forgetting_traces.traces(session, by=by, person=berit)}
    assert (f"Meeting {held.id}", "Finance") in found
    assert not any(what.startswith("Person") for what, _ in found)


def test_only_an_administrator_forgets_and_only_who_has_left_and_by_name(
    session: Session, cast: Cast, berit: Person
) -> None:
    by = acting(session, cast.administrator)

    def attempt(by: Actor, typed: str = NAME) -> None:
        forgetting.forget(session, by=by, person=berit, typed=typed, answers_too=False, now=NOW)

    with pytest.raises(Conflict, match="First say that Berit leaves"):
        attempt(by)
    people.close_account(session, person=berit, on=NOW.date(), now=NOW)
    for other in (cast.rep, cast.cio, cast.head):
        with pytest.raises(Forbidden):
            attempt(acting(session, other))
    with pytest.raises(Invalid, match="the right one"):
        attempt(by, "Somebody else")
    attempt(by)
    session.expire_all()
    with pytest.raises(Conflict, match="forgotten already"):
        attempt(by)
    with pytest.raises(Conflict, match="added anew"):
        people.come_back(session, by=by, person=berit)


def test_the_trail_is_emptied_of_the_person_and_says_so_and_of_nothing_else(
    session: Session, cast: Cast, berit: Person
) -> None:
    others = session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.entity_id != str(berit.id)))
    forget(session, cast, berit)
    mine = (AuditEntry.entity == "person", AuditEntry.entity_id == str(berit.id))
    entries = session.scalars(select(AuditEntry).where(*mine).order_by(AuditEntry.id)).all()
    assert [entry.after for entry in entries[:-1]] == [{}] * (len(entries) - 1)
    assert entries[-1].after["forgotten"] is True
    assert session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.entity_id != str(berit.id))) == others
    for statement in (
        "UPDATE audit_entry SET before = '{}', after = '{}' WHERE entity = 'person' AND entity_id <> :id",
        "UPDATE audit_entry SET at = CURRENT_TIMESTAMP WHERE entity = 'person' AND entity_id = :id",
        "UPDATE audit_entry SET after = '{\"name\": \"Tom\"}' WHERE entity = 'person' AND entity_id = :id",
        "DELETE FROM audit_entry WHERE entity = 'person' AND entity_id = :id",
    ):
        with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
            session.execute(text(statement), {"id": str(berit.id)})


def test_an_anonymous_answer_is_not_touched(session: Session, cast: Cast, berit: Person) -> None:
    group(session, cast, 5)
    round_ = ask(session, cast, [], Confidentiality.ANONYMOUS)
    say(session, round_, berit, 1, "Mine.")
    before = session.scalars(select(Response.id)).all()
    forget(session, cast, berit, answers_too=True)
    assert session.scalars(select(Response.id)).all() == before
    assert session.scalar(select(func.count(Invitation.id)).where(Invitation.is_used)) == 1
