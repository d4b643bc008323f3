"""Whoever wrote a comment is told by mail what came of it: once, and at most once a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.services import comment_outcomes, mail_preferences, outcome_mail
from models import BusinessUnit, Confidentiality, Invitation, OutboxMessage, Person, Response, Round
from models.mail import MailChoice, MailKind
from tests.cast import Cast

NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told(
    session: Session,
    cast: Cast,
    person: Person,
    done: str,
    *,
    unit: BusinessUnit | None = None,
    at: datetime = NOW,
    kept: Confidentiality = Confidentiality.NAMED,
) -> None:
    """This person wrote something, and the CIO says what came of it."""
    unit = unit or cast.finance
    asked = Round(unit_id=unit.id, opened_at=at - DAY, closes_at=at, asked=1, confidentiality=kept)
    session.add(asked)
    session.flush()
    link = Invitation(round_id=asked.id, person_id=person.id, token_hash=f"{asked.id}")
    session.add(link)
    session.flush()
    said = Response(
        invitation_id=link.id, round_id=asked.id, unit_id=unit.id, score=3, comment="The VPN drops.", answered_at=at
    )
    session.add(said)
    session.flush()
    by = policy.actor_for(session, cast.cio, NOW.date())
    is_named = kept is Confidentiality.NAMED
    comment_outcomes.write(
        session,
        by=by,
        response_id=said.id,
        done=done,
        said="" if is_named else "Working from home fails.",
        is_for_unit=not is_named,
        now=at,
    )


def mails(session: Session) -> list[OutboxMessage]:
    wanted = select(OutboxMessage).where(OutboxMessage.kind == MailKind.OUTCOME).order_by(OutboxMessage.id)
    return list(session.scalars(wanted))


def test_an_hour_later_one_mail_tells_all_that_is_new(session: Session, cast: Cast) -> None:
    told(session, cast, cast.head, "A second line is in.")
    told(session, cast, cast.head, "Nothing, because it costs too much.")
    assert outcome_mail.tell(session, now=NOW) == 0, "a rep may think better of it"
    assert [outcome_mail.tell(session, now=NOW + HOUR) for _ in range(2)] == [1, 0]
    (mail,) = mails(session)
    assert mail.to_person_id == cast.head.id
    for words in ("The VPN drops.", "A second line is in.", "Nothing, because it costs too much."):
        assert words in mail.body


def test_what_comes_later_that_day_waits_until_tomorrow(session: Session, cast: Cast) -> None:
    told(session, cast, cast.head, "First.")
    outcome_mail.tell(session, now=NOW + HOUR)
    told(session, cast, cast.head, "Second.", at=NOW + HOUR)
    assert outcome_mail.tell(session, now=NOW + 3 * HOUR) == 0
    assert outcome_mail.tell(session, now=NOW + DAY) == 1
    assert ["Second." in mail.body for mail in mails(session)] == [False, True]


@pytest.mark.parametrize("kept", [Confidentiality.CONFIDENTIAL, Confidentiality.ANONYMOUS])
def test_nobody_is_written_to_about_a_comment_without_a_name(
    session: Session, cast: Cast, kept: Confidentiality
) -> None:
    told(session, cast, cast.key_user, "Done.", kept=kept)
    assert outcome_mail.tell(session, now=NOW + HOUR) == 0


def test_who_wants_no_such_mail_gets_none_and_who_has_left_neither(session: Session, cast: Cast) -> None:
    mail_preferences.choose(session, person_id=cast.head.id, kind=MailKind.OUTCOME, choice=MailChoice.NEVER, now=NOW)
    told(session, cast, cast.head, "Done.")
    cast.outsider.left_on = NOW.date()
    told(session, cast, cast.outsider, "Done.", unit=cast.legal)
    assert outcome_mail.tell(session, now=NOW + HOUR) == 0
    assert mails(session) == []


def test_it_is_written_in_the_readers_language(session: Session, cast: Cast) -> None:
    cast.head.language = "de"
    told(session, cast, cast.head, "Eine zweite Leitung ist da.")
    outcome_mail.tell(session, now=NOW + HOUR)
    (mail,) = mails(session)
    assert "Was daraus wurde: Eine zweite Leitung ist da." in mail.body
