"""The daily mail of a rep, and the weekly one of the CIO."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import digests, digests_weekly, mail_preferences, reminders
from models import Absence, Confidentiality, MailChoice, MailKind, OutboxMessage, Reminder, Round
from tests.cast import Cast
from tests.crm.services.reminders.conftest import FRIDAY, eight, mails
from tests.factories.relationships import Stage

HALF_PAST_SEVEN = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


@pytest.fixture
def busy(stage: Stage, cast: Cast) -> None:
    """A review today and one late, a promise overdue, a request that waits, a review ahead without an agenda."""
    stage.review(cast.finance, FRIDAY)
    stage.action(cast.finance, "Send the price list", due=date(2026, 11, 11), owner=cast.head)
    stage.action(cast.finance, "Call the bank", due=FRIDAY, owner=cast.rep)
    stage.request(cast.finance, "A ledger", logged_on=date(2026, 11, 11), due_on=date(2026, 11, 18))


def test_the_daily_mail_lists_today_what_is_overdue_and_what_waits(session: Session, busy: None, cast: Cast) -> None:
    assert digests.send_daily(session, now=HALF_PAST_SEVEN) == 1
    (mail,) = mails(session)
    assert (mail.to_person_id, mail.kind) == (cast.rep.id, MailKind.DIGEST)
    assert mail.subject == "Friday 20 November: two things today, one overdue and one waiting for you"
    assert (mail.path, mail.button) == ("/", "Open your day")
    review, bank, prices, ledger = (mail.body.index(text) for text in ("10:00", "Call the", "Send the", "A ledger"))
    assert review < bank < prices < ledger
    assert "Today\n-----" in mail.body
    assert "Finance, nine days late, Amara Diallo owes it" in mail.body


def test_a_thing_is_said_once_and_a_reminder_stands_in_the_daily_mail(session: Session, busy: None, cast: Cast) -> None:
    digests.send_daily(session, now=HALF_PAST_SEVEN)
    (mail,) = mails(session)
    assert mail.body.count("A ledger") == 1
    waits = session.scalars(select(Reminder).where(Reminder.kind == MailKind.REQUEST)).one()
    assert waits.why in mail.body
    assert waits.message_id == mail.id
    assert f"→ Decide it: {waits.path}" in mail.body


def test_what_stood_in_the_daily_mail_comes_in_no_other(session: Session, busy: None, cast: Cast) -> None:
    digests.send_daily(session, now=HALF_PAST_SEVEN)
    reminders.due(session, now=eight())
    assert [mail.kind for mail in mails(session) if mail.to_person_id == cast.rep.id] == [MailKind.DIGEST]


def test_the_daily_mail_leaves_once_however_often_the_job_runs(session: Session, busy: None) -> None:
    for minutes in range(0, 10 * 60, 15):
        digests.send_daily(session, now=HALF_PAST_SEVEN + timedelta(minutes=minutes))
    assert len(mails(session)) == 1


def test_nothing_to_say_is_no_mail(session: Session, stage: Stage, cast: Cast) -> None:
    stage.review(cast.finance, date(2026, 12, 17))
    assert digests.send_daily(session, now=HALF_PAST_SEVEN) == 0
    assert mails(session) == []


def test_before_half_past_seven_at_the_weekend_and_while_away_there_is_none(
    session: Session, stage: Stage, busy: None, cast: Cast
) -> None:
    assert digests.send_daily(session, now=HALF_PAST_SEVEN - timedelta(minutes=1)) == 0
    assert digests.send_daily(session, now=HALF_PAST_SEVEN + timedelta(days=1)) == 0
    stage.add(Absence(person_id=cast.rep.id, since=date(2026, 11, 23), until=date(2026, 11, 24)))
    assert digests.send_daily(session, now=MONDAY) == 0


def test_after_three_days_down_there_is_one_daily_mail(session: Session, busy: None) -> None:
    tuesday = MONDAY + timedelta(days=1, hours=4)
    assert digests.send_daily(session, now=HALF_PAST_SEVEN - timedelta(days=1)) == 1
    assert digests.send_daily(session, now=tuesday) == 1
    assert [mail.key.rsplit(":", 1)[1] for mail in mails(session)] == ["2026-11-19", "2026-11-24"]


def test_who_wants_no_daily_mail_gets_none(session: Session, busy: None, cast: Cast) -> None:
    mail_preferences.choose(
        session, person_id=cast.rep.id, kind=MailKind.DIGEST, choice=MailChoice.NEVER, now=HALF_PAST_SEVEN
    )
    assert digests.send_daily(session, now=HALF_PAST_SEVEN) == 0


def test_it_comes_on_the_reps_own_clock_and_in_the_reps_language(session: Session, busy: None, cast: Cast) -> None:
    cast.rep.time_zone, cast.rep.language = "Pacific/Auckland", "de"
    session.flush()
    assert digests.send_daily(session, now=HALF_PAST_SEVEN) == 0  # 20:30 there
    assert digests.send_daily(session, now=datetime(2026, 11, 19, 18, 30, tzinfo=UTC)) == 1
    (mail,) = mails(session)
    assert mail.language == "de"
    assert mail.subject.startswith("Freitag, 20. November: ")
    assert "Überfällig\n------" in mail.body


# ---- The week


def test_the_cio_reads_on_monday_what_was_held_and_what_slips(session: Session, stage: Stage, cast: Cast) -> None:
    stage.review(cast.finance, date(2026, 11, 18), held=date(2026, 11, 18))
    stage.review(cast.legal, date(2026, 11, 19))
    stage.rated(cast.legal, date(2026, 11, 17), [2, 5])
    stage.action(cast.finance, due=date(2026, 11, 4), owner=cast.head)
    stage.add(Absence(person_id=cast.rep.id, since=date(2026, 11, 25), until=date(2026, 11, 30)))
    assert digests_weekly.send_weekly(session, now=MONDAY) == 1
    (mail,) = mails(session)
    assert (mail.to_person_id, mail.kind, mail.path) == (cast.cio.id, MailKind.WEEKLY, "/portfolio?period=week")
    assert (
        mail.subject.startswith("Your week from 23 November: three of three relationships need you")
        or "all three relationships need you" in mail.subject
    )
    assert "- Nothing moved for real; what looks like movement is noise.\n" in mail.body
    assert (
        "- Rated 1 or 2 of 5: Legal; one overdue promise in one unit; without cover, now or soon: Finance\n"
        in mail.body
    )
    assert "- One of two reviews of last week held" in mail.body
    assert "Rater" not in mail.body


def test_the_weekly_mail_comes_once_on_the_first_working_day(session: Session, cast: Cast) -> None:
    for hours in range(24 * 7):
        digests_weekly.send_weekly(session, now=MONDAY + timedelta(hours=hours))
    (mail,) = mails(session)
    assert mail.queued_at == MONDAY
    assert mail.key == f"weekly:{cast.cio.id}:2026-W48"


def test_the_cio_does_not_read_what_an_anonymous_round_hides(session: Session, stage: Stage, cast: Cast) -> None:
    ask = stage.rated(cast.legal, date(2026, 11, 17), [1])
    ask.confidentiality, ask.scores_shown = Confidentiality.ANONYMOUS, False
    session.flush()
    digests_weekly.send_weekly(session, now=MONDAY)
    assert "Rated 1 or 2" not in mails(session)[0].body


def test_a_quiet_week_says_so(session: Session, cast: Cast) -> None:
    assert session.scalars(select(Round)).all() == []
    digests_weekly.send_weekly(session, now=MONDAY)
    (mail,) = session.scalars(select(OutboxMessage))
    assert "- Nothing waits for you, and everyone is covered.\n- No review was planned last week" in mail.body
