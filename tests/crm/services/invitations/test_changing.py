"""Who is told what when a review is planned, moved, skipped, or gets other people."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from icalendar import Calendar
from sqlalchemy.orm import Session

from crm.mail import compose
from crm.services import assignments, invitations, reviews, sending
from models import Absence, Assignment, Cover, OutboxMessage, OutboxState, Part, Person, Review
from models.calendar import CalendarAnswer, ReviewInvitation
from tests.cast import Cast
from tests.conftest import StatementCounter
from tests.crm.services.invitations.inbox import leaving, mails
from tests.factories.relationships import Stage
from tests.factories.reviews import NOW, TODAY, add_cadence, add_review, rule
from tests.second_reader import Reader

THE_19TH = date(2026, 11, 19)


@pytest.fixture
def review(session: Session, cast: Cast) -> Review:
    """Finance meets on 19 November at 10:00 UTC in room 4."""
    add_cadence(session, cast.finance, rule(nth=3), date(2026, 11, 1), place="Room 4")
    return add_review(session, cast.finance, THE_19TH)


def told(session: Session, since: int = 0) -> list[tuple[str, str, int]]:
    """(to whom, METHOD, SEQUENCE) of each mail after the first ``since``, by name."""
    found = []
    for message in mails(session)[since:]:
        (entry,) = Calendar.from_ical(message.calendar).walk("VEVENT")
        found.append((message.to_address.split(".")[0], message.calendar_method, int(str(entry["SEQUENCE"]))))
    return sorted(found)


def changed(session: Session, *reviews: Review, now: datetime = NOW) -> list[tuple[str, str, int]]:
    """Who is told what now."""
    before = len(mails(session))
    count = invitations.changed(session, reviews=reviews, now=now)
    assert count == len(mails(session)) - before
    return told(session, before)


def last(session: Session) -> OutboxMessage:
    return mails(session)[-1]


def lines(message: OutboxMessage) -> list[str]:
    return message.calendar.replace("\r\n ", "").split("\r\n")


def test_the_head_and_the_rep_are_invited_once(session: Session, cast: Cast, review: Review) -> None:
    assert changed(session, review) == [("amara", "REQUEST", 0), ("ines", "REQUEST", 0)]
    assert changed(session, review) == []


def test_an_invitation_says_when_where_and_who(session: Session, cast: Cast, review: Review) -> None:
    changed(session, review)
    (mail,) = [mail for mail in mails(session) if mail.to_person_id == cast.head.id]
    assert mail.subject == "Review of Finance and IT, Thursday 19 November, 10:00 (Lisbon)"
    assert "Ines Carvalho invites you to the review of Finance and IT." in mail.body
    assert "Thursday 19 November, 10:00 (Lisbon), 60 minutes\nRoom 4\nWith Ines Carvalho" in mail.body
    text = lines(mail)
    for line in (
        "METHOD:REQUEST",
        "DTSTART:20261119T100000Z",
        "DTEND:20261119T110000Z",
        "SUMMARY:Review of Finance and IT",
        "DESCRIPTION:Thursday 19 November\\, 10:00 (Lisbon). Time zone: Europe/Lisbon.",
        "LOCATION:Room 4",
        "X-RAPPORT-ZONE:Europe/Lisbon",
        "STATUS:CONFIRMED",
        'ORGANIZER;CN="Ines Carvalho":mailto:ines.carvalho@fernhill.example',
    ):
        assert line in text
    people = [line for line in text if line.startswith("ATTENDEE")]
    assert [("ROLE=CHAIR" in line, "PARTSTAT=NEEDS-ACTION" in line, "RSVP=TRUE" in line) for line in people] == [
        (True, False, False),
        (False, True, True),
    ]


def test_a_unit_has_its_own_word_and_a_reader_the_own_language(session: Session, cast: Cast, review: Review) -> None:
    cast.finance.calls_review, cast.head.language = "IT round table", "de"
    changed(session, review)
    (mail,) = [mail for mail in mails(session) if mail.to_person_id == cast.head.id]
    assert mail.subject.startswith("IT round table Finance und IT, Donnerstag")
    assert "Ines Carvalho lädt Sie ein: IT round table Finance und IT." in mail.body


def test_a_move_goes_to_all_with_a_higher_sequence_and_says_both_times(
    session: Session, cast: Cast, review: Review
) -> None:
    changed(session, review)
    by = cast.actor(session, cast.rep, TODAY)
    reviews.move(session, by=by, review=review, day=date(2026, 11, 24), at=time(14), now=NOW)
    assert told(session, 2) == [("amara", "REQUEST", 1), ("ines", "REQUEST", 1)]
    assert last(session).subject == "New time: Review of Finance and IT, Tuesday 24 November, 14:00 (Lisbon)"
    assert "It was to be on Thursday 19 November, 10:00 (Lisbon)." in last(session).body


def test_a_skipped_review_is_cancelled_and_comes_back_under_the_same_uid(
    session: Session, cast: Cast, review: Review
) -> None:
    changed(session, review)
    by = cast.actor(session, cast.rep, TODAY)
    reviews.skip(session, by=by, review=review, reason="Year end: they fear our auditor", now=NOW)
    assert told(session, 2) == [("amara", "CANCEL", 1), ("ines", "CANCEL", 1)]
    assert "STATUS:CANCELLED" in lines(last(session))
    reviews.unskip(session, by=by, review=review, now=NOW)
    assert told(session, 4) == [("amara", "REQUEST", 2), ("ines", "REQUEST", 2)]
    assert len({line for mail in mails(session) for line in lines(mail) if line.startswith("UID:")}) == 1
    assert not any("auditor" in mail.body + mail.calendar + mail.subject for mail in mails(session))


def test_only_a_new_attendee_is_told_and_only_a_former_one_is_taken_out(
    session: Session, cast: Cast, review: Review
) -> None:
    changed(session, review)
    deputy = Assignment(unit_id=cast.finance.id, rep_id=cast.colleague.id, cover=Cover.DEPUTY, since=TODAY)
    session.add(deputy)
    assert changed(session, review) == [("tom", "REQUEST", 1)]
    assert any("ROLE=OPT-PARTICIPANT" in line and "Tom" in line for line in lines(last(session)))
    deputy.until = THE_19TH
    assert changed(session, review) == [("tom", "CANCEL", 2)]
    assert [line for line in lines(last(session)) if line.startswith("STATUS")] == []
    assert [line.split(":")[-1] for line in lines(last(session)) if line.startswith("ATTENDEE")] == [
        "tom.okafor@fernhill.example"
    ]
    deputy.until = None
    assert changed(session, review) == [("tom", "REQUEST", 3)]


def test_another_lead_organises_it_under_the_same_uid(session: Session, cast: Cast, review: Review) -> None:
    changed(session, review)
    assignments.assign(
        session,
        by=cast.actor(session, cast.administrator, TODAY),
        unit=cast.finance,
        rep=cast.colleague,
        cover=Cover.LEAD,
        since=date(2026, 11, 15),
    )
    assert changed(session, review) == [("amara", "REQUEST", 1), ("ines", "CANCEL", 1), ("tom", "REQUEST", 1)]
    organisers = {line for mail in mails(session)[2:] for line in lines(mail) if line.startswith("ORGANIZER")}
    assert organisers == {'ORGANIZER;CN="Tom Okafor":mailto:tom.okafor@fernhill.example'}


def test_another_head_takes_the_place_of_the_former_one(session: Session, cast: Cast, review: Review) -> None:
    changed(session, review)
    by = cast.actor(session, cast.administrator, TODAY)
    assignments.join(session, by=by, unit=cast.finance, person=cast.key_user, part=Part.HEAD, since=date(2026, 11, 18))
    assert changed(session, review) == [("amara", "CANCEL", 1), ("jo", "REQUEST", 1)]


def test_whoever_covers_for_the_lead_that_day_is_invited(session: Session, cast: Cast, review: Review) -> None:
    session.add(Absence(person_id=cast.rep.id, since=THE_19TH, until=None, covered_by_id=cast.colleague.id))
    assert ("tom", "REQUEST", 0) in changed(session, review)


def test_a_review_that_goes_with_its_rhythm_is_taken_out(session: Session, cast: Cast, review: Review) -> None:
    changed(session, review)
    review_id = review.id
    session.delete(review)
    session.flush()
    assert invitations.differing(session, now=NOW) == [review_id]
    assert invitations.changed(session, reviews=[review_id], now=NOW) == 2
    assert told(session, 2) == [("amara", "CANCEL", 1), ("ines", "CANCEL", 1)]
    assert "The review of Finance and IT on Thursday 19 November, 10:00 (Lisbon) is called off." in last(session).body
    assert invitations.differing(session, now=NOW) == []


def test_the_key_of_a_review_that_is_gone_may_go_to_another(session: Session, cast: Cast, review: Review) -> None:
    """SQLite gives the highest key again: the sequence must not fall, or no calendar would take the new one."""
    changed(session, review)
    review_id = review.id
    session.delete(review)
    session.flush()
    session.expunge_all()
    other = add_review(session, cast.legal, date(2026, 12, 3), id=review_id)
    assert changed(session, other) == [
        ("amara", "CANCEL", 1),
        ("helena", "REQUEST", 1),
        ("ines", "CANCEL", 1),
        ("tom", "REQUEST", 1),
    ]


@pytest.mark.parametrize("days", [-1, 0, 61])
def test_what_is_past_or_far_is_not_invited_to(session: Session, cast: Cast, days: int) -> None:
    review = add_review(session, cast.finance, NOW.date() + timedelta(days=days))
    review.planned_at = NOW + timedelta(days=days)
    assert invitations.differing(session, now=NOW) == []
    assert changed(session, review) == []


def test_a_held_or_past_review_sends_nothing(session: Session, cast: Cast, review: Review) -> None:
    changed(session, review)
    after = datetime.combine(THE_19TH, time(12), NOW.tzinfo)
    reviews.hold(session, review=review, held_on=THE_19TH)
    assert changed(session, review, now=after) == []
    reviews.let_go(session, review=review)
    review.minutes = 30
    assert changed(session, review, now=after + timedelta(days=1)) == []


def test_a_review_held_before_its_day_is_taken_out(session: Session, cast: Cast, review: Review) -> None:
    changed(session, review)
    reviews.hold(session, review=review, held_on=TODAY)
    assert changed(session, review) == [("amara", "CANCEL", 1), ("ines", "CANCEL", 1)]


def test_without_a_rep_who_can_write_nobody_invites(session: Session, cast: Cast, review: Review) -> None:
    cast.rep.email = None
    assert changed(session, review) == []


def test_who_has_no_address_is_left_out(session: Session, cast: Cast, review: Review) -> None:
    cast.head.email = None
    assert changed(session, review) == [("ines", "REQUEST", 0)]


def test_a_unit_left_without_a_lead_keeps_who_organised_it(session: Session, cast: Cast, review: Review) -> None:
    changed(session, review)
    for assignment in session.query(Assignment).filter_by(unit_id=cast.finance.id):
        assignment.until = TODAY
    assert changed(session, review) == [("ines", "CANCEL", 1)]
    by = cast.actor(session, cast.colleague, TODAY)
    review.planned_at += timedelta(hours=1)
    assert by.id is not None
    assert changed(session, review) == [("amara", "REQUEST", 2)]


def names(session: Session, review: Review) -> list[tuple[str, CalendarAnswer]]:
    return [(one.person.given_name, one.answer) for one in invitations.of_review(session, review.id)]


def answer(session: Session, review: Review, person: Person, answer: CalendarAnswer, sequence: int) -> None:
    invitations.answer(
        session,
        uid=session.get_one(ReviewInvitation, review.id).uid,
        from_address=(person.email or "").upper(),
        answer=answer,
        sequence=sequence,
        said="",
        at=NOW + timedelta(minutes=sequence),
    )


def test_an_answer_holds_for_the_time_it_was_given_to(session: Session, cast: Cast, review: Review) -> None:
    changed(session, review)
    answer(session, review, cast.head, CalendarAnswer.ACCEPTED, 0)
    assert names(session, review) == [("Amara", CalendarAnswer.ACCEPTED), ("Ines", CalendarAnswer.NONE)]
    assert invitations.in_words(invitations.of_review(session, review.id)) == "Amara accepted."
    by = cast.actor(session, cast.rep, TODAY)
    reviews.move(session, by=by, review=review, day=date(2026, 11, 24), at=time(14), now=NOW)
    assert invitations.in_words(invitations.of_review(session, review.id)) == "Amara has not answered."
    answer(session, review, cast.head, CalendarAnswer.DECLINED, 1)
    answer(session, review, cast.head, CalendarAnswer.ACCEPTED, 0)  # late on its way
    assert invitations.in_words(invitations.of_review(session, review.id)) == "Amara declined."


def test_a_new_attendee_does_not_unsay_what_others_answered(session: Session, cast: Cast, review: Review) -> None:
    changed(session, review)
    answer(session, review, cast.head, CalendarAnswer.ACCEPTED, 0)
    session.add(Assignment(unit_id=cast.finance.id, rep_id=cast.colleague.id, cover=Cover.DEPUTY, since=TODAY))
    changed(session, review)
    assert names(session, review)[0] == ("Amara", CalendarAnswer.ACCEPTED)
    assert any("PARTSTAT=ACCEPTED" in line and "Amara" in line for line in lines(last(session)))


@pytest.fixture
def many(session: Session, cast: Cast) -> list[Review]:
    """Forty units of one rep, each with a head, each with a review ahead."""
    stage = Stage(session)
    found = []
    for number in range(40):
        unit = stage.unit(f"Unit {number}")
        stage.lead(unit, cast.rep)
        stage.member(unit, stage.person(f"Head {number}"))
        found.append(add_review(session, unit, TODAY + timedelta(days=number + 1)))
    return found


def test_many_reviews_take_as_few_statements_as_two(
    session: Session, many: list[Review], statements: StatementCounter
) -> None:
    def count(some: list[Review], mails: int) -> int:
        with statements:
            assert invitations.changed(session, reviews=some, now=NOW) == mails
        return statements.count

    few = count(many[:2], 4)
    assert count(many[2:], 76) <= few <= 14
    for review in many:
        review.minutes = 45
    session.flush()
    few = count(many[:2], 4)
    assert count(many[2:], 76) <= few <= 14


def test_looking_for_what_differs_takes_four_statements(
    session: Session, many: list[Review], statements: StatementCounter
) -> None:
    with statements:
        assert len(invitations.differing(session, now=NOW)) == 40
    assert statements.count <= 5


def test_the_mail_carries_text_html_and_calendar(
    session: Session, cast: Cast, review: Review, second_reader: Reader
) -> None:
    cast.head.name = 'Amára "the boss" Diallo; ROLE=CHAIR'
    changed(session, review)
    (queued,) = [mail for mail in mails(session) if mail.to_person_id == cast.head.id]
    letter = sending._letter(session, queued.id)
    mail = compose(letter, sender="Rapport <rapport@fernhill.example>", base_url="https://x", secret_key="k" * 32)
    read = message_from_bytes(mail.as_bytes(), policy=default)
    assert read.get_content_type() == "multipart/alternative"
    parts = list(read.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html", "text/calendar"]
    assert parts[2].get_param("method") == "REQUEST"
    assert parts[2].get_content_charset() == "utf-8"
    (entry,) = second_reader(parts[2].get_content())["events"]
    assert [one["name"] for one in entry["attendees"]] == ["Ines Carvalho", "Amára 'the boss' Diallo; ROLE=CHAIR"]


def test_what_has_not_left_gives_way_to_what_is_newer(session: Session, cast: Cast, review: Review) -> None:
    changed(session, review)
    amaras, _ = sorted(mails(session), key=lambda mail: mail.to_address)
    amaras.state = OutboxState.SENT
    by = cast.actor(session, cast.rep, TODAY)
    for day in (24, 25):
        reviews.move(session, by=by, review=review, day=date(2026, 11, day), at=time(14), now=NOW)
    session.expire_all()
    assert [mail.state for mail in mails(session)].count(OutboxState.CANCELLED) == 3
    assert sorted((mail.to_address.split(".")[0], mail.state.value) for mail in leaving(session)) == [
        ("amara", "queued"),
        ("amara", "sent"),
        ("ines", "queued"),
    ]
