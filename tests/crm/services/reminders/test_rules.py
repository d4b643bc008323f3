"""What reminds whom, from which day on, and when it stops."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Absence,
    ActionState,
    Assignment,
    Cover,
    MailKind,
    Membership,
    OutboxMessage,
    Part,
    Reminder,
    RequestState,
    Response,
    ReviewState,
)
from tests.cast import Cast
from tests.crm.services.reminders.conftest import FRIDAY, Remind
from tests.factories.relationships import Stage

MONDAY = date(2026, 11, 23)


def said(reminders: list[Reminder]) -> list[tuple[MailKind, int, str]]:
    return [(one.kind, one.person_id, one.what) for one in reminders]


# ---- Reviews


def test_a_review_in_five_working_days_without_an_agenda_is_told_once(stage: Stage, cast: Cast, remind: Remind) -> None:
    review = stage.review(cast.finance, date(2026, 11, 27))
    assert remind(date(2026, 11, 19)) == []
    (told,) = remind(FRIDAY)
    assert (told.kind, told.person_id, told.what) == (
        MailKind.AGENDA,
        cast.rep.id,
        "No agenda yet: review with Finance",
    )
    assert (told.why, told.path) == ("You meet on Friday 27 November, 10:00 (Lisbon).", f"/reviews/{review.id}/prepare")
    assert remind(MONDAY) == []


def test_a_review_with_an_agenda_needs_no_word(stage: Stage, cast: Cast, remind: Remind) -> None:
    stage.review(cast.finance, date(2026, 11, 27)).prepared_at = datetime.fromisoformat("2026-11-18T10:00Z")
    assert remind() == []


def test_a_review_that_moves_is_told_again_for_its_new_day(stage: Stage, cast: Cast, remind: Remind) -> None:
    review = stage.review(cast.finance, date(2026, 11, 26))
    assert len(remind()) == 1
    review.planned_on = date(2026, 11, 30)
    assert len(remind(MONDAY)) == 1


def test_a_public_holiday_is_no_working_day_before_a_review(stage: Stage, cast: Cast, remind: Remind) -> None:
    cast.finance.country = "PT"
    stage.review(cast.finance, date(2026, 12, 10))  # 8 December is one in Portugal
    assert remind(date(2026, 12, 1)) == []  # itself a holiday, in Finance
    assert len(remind(date(2026, 12, 2))) == 1


def test_a_review_planned_two_days_ago_and_not_logged(stage: Stage, cast: Cast, remind: Remind) -> None:
    review = stage.review(cast.finance, date(2026, 11, 18))
    assert remind(date(2026, 11, 19)) == []
    (told,) = remind()
    assert told.what == "Not logged yet: review with Finance"
    assert told.path == f"/units/{cast.finance.id}/meetings/new?review={review.id}"


def test_a_review_of_friday_is_missed_on_monday(stage: Stage, cast: Cast, remind: Remind) -> None:
    stage.review(cast.finance, FRIDAY).prepared_at = datetime.fromisoformat("2026-11-18T10:00Z")
    assert remind(FRIDAY + timedelta(2)) == []
    assert len(remind(MONDAY)) == 1


def test_a_review_held_skipped_or_long_past_is_not_missed(stage: Stage, cast: Cast, remind: Remind) -> None:
    stage.review(cast.finance, date(2026, 11, 17), held=date(2026, 11, 17))
    stage.review(cast.legal, date(2026, 11, 17)).state = ReviewState.SKIPPED
    stage.review(cast.finance, date(2026, 10, 20))
    assert remind() == []


# ---- Promises


def test_a_promise_due_tomorrow_is_told_to_who_owes_it(stage: Stage, cast: Cast, remind: Remind) -> None:
    thursday = date(2026, 11, 19)
    mine = stage.action(cast.finance, "Send the price list", due=FRIDAY, owner=cast.rep)
    stage.action(cast.finance, "Name a tester", due=FRIDAY, owner=cast.head)
    rep, head = sorted(remind(thursday), key=lambda one: one.person_id)
    assert (rep.what, rep.why) == (
        "Due tomorrow: Send the price list",
        "Promised between Finance and IT, for Friday 20 November.",
    )
    assert rep.path == f"/actions/{mine.id}"
    assert (head.person_id, head.what) == (cast.head.id, "Due tomorrow: Name a tester")
    assert head.path.startswith("/a/")


def test_what_is_due_on_monday_is_told_on_friday(stage: Stage, cast: Cast, remind: Remind) -> None:
    stage.action(cast.finance, due=MONDAY, owner=cast.rep)
    stage.action(cast.finance, due=MONDAY + timedelta(1), owner=cast.rep)
    assert [one.what for one in remind()] == ["Due on Monday 23 November: Send the price list"]
    assert [one.what for one in remind(MONDAY)] == ["Due tomorrow: Send the price list"]


def test_a_promise_is_told_once_more_when_its_day_has_passed(stage: Stage, cast: Cast, remind: Remind) -> None:
    stage.action(cast.finance, due=date(2026, 11, 19), owner=cast.head)
    assert len(remind(date(2026, 11, 18))) == 1
    assert remind(date(2026, 11, 19)) == []
    assert [one.what for one in remind(FRIDAY)] == ["Overdue: Send the price list"]
    assert remind(MONDAY) == []


def test_a_promise_nobody_owns_is_told_to_the_rep(stage: Stage, cast: Cast, remind: Remind) -> None:
    stage.action(cast.finance, due=MONDAY)
    (told,) = remind()
    assert (told.person_id, told.button) == (cast.rep.id, "Say who does it")
    assert told.why.endswith("Nobody owns it yet.")


def test_what_is_done_dropped_or_without_a_day_is_not_told(stage: Stage, cast: Cast, remind: Remind) -> None:
    stage.action(cast.finance, due=MONDAY, owner=cast.rep, state=ActionState.DONE)
    stage.action(cast.finance, due=MONDAY, owner=cast.rep, state=ActionState.DROPPED)
    stage.action(cast.finance, owner=cast.rep)
    assert remind() == []


# ---- Ratings


def asked(stage: Stage, cast: Cast, opened: date) -> int:
    """A round with a link for the head; returns the id of the invitation."""
    ask = stage.rated(cast.finance, opened)
    invitation = stage.invite(ask, cast.head)
    stage.add(
        OutboxMessage(
            key=f"rating:{ask.id}:{cast.head.id}",
            to_person_id=cast.head.id,
            to_address="a@b.example",
            subject="How is IT doing?",
            body="",
            path="/r/the-link",
            queued_at=ask.opened_at,
        )
    )
    return invitation.id


def test_a_rating_is_asked_for_again_after_four_and_after_nine_days_and_then_no_more(
    stage: Stage, cast: Cast, remind: Remind
) -> None:
    asked(stage, cast, date(2026, 11, 9))
    days = [date(2026, 11, 9) + timedelta(number) for number in range(16)]
    told = {day: remind(day) for day in days}
    assert [day.day for day in days if told[day]] == [13, 18]
    (first,) = told[date(2026, 11, 13)]
    assert (first.kind, first.person_id) == (MailKind.RATING_REMINDER, cast.head.id)
    assert first.path == "/r/the-link", "the link of the first mail, so that there is one answer"
    assert "until Monday 23 November" in first.why


def test_after_nine_silent_days_there_is_one_reminder_not_two(stage: Stage, cast: Cast, remind: Remind) -> None:
    asked(stage, cast, date(2026, 11, 9))
    assert len(remind(date(2026, 11, 19))) == 1
    assert remind(FRIDAY) == []


def test_who_has_answered_is_not_asked_again(session: Session, stage: Stage, cast: Cast, remind: Remind) -> None:
    invitation = asked(stage, cast, date(2026, 11, 12))
    ask = session.scalars(select(OutboxMessage)).one().key.split(":")[1]
    stage.add(
        Response(
            invitation_id=invitation,
            round_id=int(ask),
            unit_id=cast.finance.id,
            score=4,
            answered_at=datetime.fromisoformat("2026-11-13T10:00Z"),
        )
    )
    assert remind() == []


def test_a_withdrawn_link_and_a_closed_round_remind_nobody(stage: Stage, cast: Cast, remind: Remind) -> None:
    asked(stage, cast, date(2026, 11, 1))
    assert remind() == []


def test_who_was_asked_again_is_reminded_of_the_newer_question(stage: Stage, cast: Cast, remind: Remind) -> None:
    asked(stage, cast, date(2026, 11, 9))
    asked(stage, cast, date(2026, 11, 17))
    assert remind() == []


# ---- Requests


def test_a_request_past_the_limit_of_the_house_is_told_once(stage: Stage, cast: Cast, remind: Remind) -> None:
    limit = date(2026, 11, 19)
    waits = stage.request(cast.finance, "A ledger", logged_on=date(2026, 11, 12), due_on=limit)
    assert remind(limit) == []
    (told,) = remind(FRIDAY)
    assert (told.what, told.path) == ("Waits for a decision: A ledger", f"/requests/{waits.id}")
    assert told.why == "Finance asked on 12 November; it should have moved on by 19 November."
    assert remind(MONDAY) == []


@pytest.mark.parametrize(
    ("state", "what"),
    [
        (RequestState.WAITING, "Finance has not answered: A ledger"),
        (RequestState.ACCEPTED, "Said yes, and not begun: A ledger"),
        (RequestState.DELIVERED, "Finance has not confirmed: A ledger"),
    ],
)
def test_whoever_is_to_act_the_rep_is_told(
    stage: Stage, cast: Cast, remind: Remind, state: RequestState, what: str
) -> None:
    stage.request(cast.finance, "A ledger", state=state, due_on=date(2026, 11, 19))
    (told,) = remind()
    assert told.what == what


@pytest.mark.parametrize("state", [RequestState.DECLINED, RequestState.CONFIRMED])
def test_what_is_settled_needs_no_word(stage: Stage, cast: Cast, remind: Remind, state: RequestState) -> None:
    stage.request(cast.finance, state=state, due_on=date(2026, 11, 12))
    assert remind() == []


# ---- Who looks after a unit


def test_while_the_lead_is_away_whoever_covers_is_told(stage: Stage, cast: Cast, remind: Remind) -> None:
    stage.add(Absence(person_id=cast.rep.id, since=FRIDAY, until=MONDAY, covered_by_id=cast.colleague.id))
    stage.review(cast.finance, date(2026, 11, 26))
    assert [one.person_id for one in remind()] == [cast.colleague.id]


def test_nobody_away_is_told_anything_until_the_return(stage: Stage, cast: Cast, remind: Remind) -> None:
    stage.add(Absence(person_id=cast.rep.id, since=FRIDAY, until=MONDAY))
    stage.action(cast.finance, due=date(2026, 11, 19), owner=cast.rep)
    assert cast.rep.id not in {one.person_id for one in remind()}
    assert [one.what for one in remind(MONDAY)] == ["Overdue: Send the price list"]


# ---- Absences and endings


def test_an_absence_without_cover_is_told_to_the_rep_two_weeks_before_and_to_the_cio_the_day_before(
    stage: Stage, cast: Cast, remind: Remind
) -> None:
    absence = stage.add(Absence(person_id=cast.rep.id, since=date(2026, 12, 14), until=date(2026, 12, 20)))
    assert remind(date(2026, 11, 27)) == []
    (to_rep,) = remind(date(2026, 11, 30))
    assert (to_rep.person_id, to_rep.what) == (cast.rep.id, "Nobody covers Finance while you are away")
    assert to_rep.path == f"/absences/{absence.id}"
    (to_cio,) = remind(date(2026, 12, 11))
    assert (to_cio.person_id, to_cio.what) == (cast.cio.id, "Nobody covers Finance while Ines Carvalho is away")


def test_an_absence_with_cover_is_nobodys_worry(stage: Stage, cast: Cast, remind: Remind) -> None:
    days = {"since": FRIDAY + timedelta(3), "until": FRIDAY + timedelta(9)}
    stage.add(Absence(person_id=cast.rep.id, covered_by_id=cast.colleague.id, **days))
    assert remind() == []


def test_a_lead_that_ends_with_nobody_to_follow_is_told_to_the_rep_and_then_to_the_cio(
    session: Session, stage: Stage, cast: Cast, remind: Remind
) -> None:
    lead = session.scalars(select(Assignment).where(Assignment.unit_id == cast.finance.id)).one()
    lead.until = date(2026, 12, 4)
    (to_rep,) = remind()
    assert (to_rep.person_id, to_rep.what) == (cast.rep.id, "Finance is about to have no rep")
    assert to_rep.path == f"/units/{cast.finance.id}/handover"
    assert [one.person_id for one in remind(date(2026, 11, 27))] == [cast.cio.id]  # Sunday's, brought forward


def test_a_lead_whom_somebody_follows_needs_no_word(session: Session, stage: Stage, cast: Cast, remind: Remind) -> None:
    lead = session.scalars(select(Assignment).where(Assignment.unit_id == cast.finance.id)).one()
    lead.until = date(2026, 12, 1)
    session.flush()
    stage.lead(cast.finance, cast.colleague, since=date(2026, 12, 1))
    assert remind() == []


def test_a_deputy_who_stops_and_a_person_who_goes_back_are_told_to_the_rep(
    stage: Stage, cast: Cast, remind: Remind
) -> None:
    stage.lead(cast.finance, cast.colleague, until=date(2026, 12, 1), cover=Cover.DEPUTY)
    lent = Membership(
        unit_id=cast.finance.id,
        person_id=cast.specialist.id,
        part=Part.EMBEDDED,
        since=date(2026, 11, 1),
        until=date(2026, 12, 2),
    )
    stage.add(lent)
    told = remind()
    assert {one.person_id for one in told} == {cast.rep.id}
    assert [one.what for one in told] == ["Tom Okafor stops deputising for Finance", "Olu Adeyemi leaves Finance"]
    assert told[1].path == f"/units/{cast.finance.id}/roster/{lent.id}"
