"""Shared minutes: versions, who is asked, what they say, and until when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from crm.services import meeting_corrections, minutes, minutes_replies
from crm.services.minutes_replies import LinkState
from models import (
    Attendance,
    AuditEntry,
    Meeting,
    MeetingKind,
    MinutesReply,
    MinutesVersion,
    OutboxMessage,
    Presence,
    Reply,
)
from tests.cast import Cast
from tests.november import NOW, TODAY, acting


@pytest.fixture
def meeting(session: Session, cast: Cast) -> Meeting:
    """The head was there, the key user was excused, and IT."""
    kept = Meeting(
        unit_id=cast.finance.id,
        kind=MeetingKind.REVIEW,
        held_on=TODAY,
        minutes="Month-end went well.",
        internal_notes="Patience wears thin.",
        logged_at=NOW,
        logged_by_id=cast.rep.id,
    )
    session.add(kept)
    session.flush()
    for person, presence in (
        (cast.head, Presence.PRESENT),
        (cast.key_user, Presence.EXCUSED),
        (cast.rep, Presence.PRESENT),
        (cast.specialist, Presence.PRESENT),
    ):
        session.add(Attendance(meeting_id=kept.id, person_id=person.id, presence=presence))
    session.commit()
    return kept


def share(session: Session, cast: Cast, meeting: Meeting, reason: str = "") -> MinutesVersion:
    return minutes.share(session, by=acting(session, cast.rep), meeting=meeting, reason=reason, now=NOW)


def correct(session: Session, cast: Cast, meeting: Meeting, text: str, reason: str = "The end was wrong.") -> None:
    meeting.minutes = text
    session.flush()
    share(session, cast, meeting, reason)


def token(session: Session, cast: Cast) -> str:
    newest = select(OutboxMessage.path).where(OutboxMessage.to_person_id == cast.head.id)
    return session.scalars(newest.order_by(OutboxMessage.id.desc()).limit(1)).one().removeprefix("/m/")


def test_sharing_fixes_a_version_that_never_changes(session: Session, cast: Cast, meeting: Meeting) -> None:
    first = share(session, cast, meeting)
    assert (first.number, first.text, first.reason, meeting.shared_version) == (1, "Month-end went well.", "", 1)
    correct(session, cast, meeting, "Month-end went badly.")
    assert first.text == "Month-end went well."
    second = minutes.newest(session, meeting=meeting)
    assert second is not None
    assert (second.number, second.text, second.reason) == (2, "Month-end went badly.", "The end was wrong.")


def test_sharing_the_same_again_is_one_version_and_one_mail(session: Session, cast: Cast, meeting: Meeting) -> None:
    assert share(session, cast, meeting) is share(session, cast, meeting)
    assert len(session.scalars(select(OutboxMessage)).all()) == 1


def test_a_correction_says_what_was_corrected(session: Session, cast: Cast, meeting: Meeting) -> None:
    share(session, cast, meeting)
    for reason in ("", "x" * 501):
        with pytest.raises(Invalid) as caught:
            correct(session, cast, meeting, "Otherwise.", reason)
        assert caught.value.field == "reason"


def test_nothing_written_is_nothing_to_share(session: Session, cast: Cast, meeting: Meeting) -> None:
    meeting.minutes = ""
    session.flush()
    with pytest.raises(Invalid):
        share(session, cast, meeting)


def test_what_changed_since_it_was_looked_at_is_looked_at_again(session: Session, cast: Cast, meeting: Meeting) -> None:
    by = acting(session, cast.rep)
    with pytest.raises(Conflict):
        minutes.share(session, by=by, meeting=meeting, now=NOW, seen=meeting.revision - 1)
    assert minutes.share(session, by=by, meeting=meeting, now=NOW, seen=meeting.revision).number == 1


@pytest.mark.parametrize("name", ["colleague", "head", "cio", "administrator"])
def test_only_who_looks_after_the_unit_shares(session: Session, cast: Cast, meeting: Meeting, name: str) -> None:
    with pytest.raises(Forbidden):
        minutes.share(session, by=acting(session, getattr(cast, name)), meeting=meeting, now=NOW)


def test_who_of_the_business_was_there_is_asked_by_mail(session: Session, cast: Cast, meeting: Meeting) -> None:
    share(session, cast, meeting)
    message = session.scalars(select(OutboxMessage)).one()
    assert message.to_person_id == cast.head.id
    assert message.subject == "Minutes: review of 10 November, Finance"
    assert "Ines Carvalho shares the minutes" in message.body
    assert "Patience" not in message.body
    reply = session.scalars(select(MinutesReply)).one()
    assert reply.token_hash not in message.path
    assert reply.reply is Reply.WAITING


def test_who_has_no_address_is_not_asked(session: Session, cast: Cast, meeting: Meeting) -> None:
    cast.head.email = None
    session.flush()
    share(session, cast, meeting)
    assert session.scalars(select(MinutesReply)).all() == []


def test_the_business_reads_the_newest_version_and_it_the_working_copy(
    session: Session, cast: Cast, meeting: Meeting
) -> None:
    unshared = Meeting(unit_id=cast.finance.id, kind=MeetingKind.OWN, held_on=TODAY, minutes="Not yet.", logged_at=NOW)
    session.add(unshared)
    share(session, cast, meeting)
    correct(session, cast, meeting, "Second.")
    meeting.minutes = "Third, not shared."
    session.flush()
    both = [meeting, unshared]
    for person in (cast.rep, cast.colleague, cast.cio):
        assert minutes.readable(session, by=acting(session, person), meetings=both) == {
            meeting.id: "Third, not shared.",
            unshared.id: "Not yet.",
        }
    for person in (cast.head, cast.key_user):
        assert minutes.readable(session, by=acting(session, person), meetings=both) == {
            meeting.id: "Second.",
            unshared.id: "",
        }
    assert minutes.readable(session, by=acting(session, cast.head), meetings=[]) == {}


def test_earlier_versions_stay_readable_for_those_who_may(session: Session, cast: Cast, meeting: Meeting) -> None:
    with pytest.raises(NotFound):
        minutes.versions(session, by=acting(session, cast.head), meeting=meeting)
    share(session, cast, meeting)
    correct(session, cast, meeting, "Second.")
    found = minutes.versions(session, by=acting(session, cast.head), meeting=meeting)
    assert [(version.number, version.text) for version in found] == [(2, "Second."), (1, "Month-end went well.")]
    with pytest.raises(Forbidden):
        minutes.versions(session, by=acting(session, cast.outsider), meeting=meeting)


# ---- Replies


def answer(session: Session, link: str, reply: Reply | None, said: str = "", **now: timedelta) -> MinutesReply:
    return minutes_replies.answer(session, token=link, reply=reply, said=said, now=NOW + now.get("after", timedelta()))


def test_a_reply_can_be_changed_until_the_next_version(session: Session, cast: Cast, meeting: Meeting) -> None:
    share(session, cast, meeting)
    link = token(session, cast)
    assert answer(session, link, Reply.OBJECTED, "It failed.").said == "It failed."
    confirmed = answer(session, link, Reply.CONFIRMED, "It failed.")
    assert (confirmed.reply, confirmed.said, confirmed.replied_at) == (Reply.CONFIRMED, "", NOW)
    correct(session, cast, meeting, "Second.")
    assert minutes_replies.find(session, token=link, now=NOW).state is LinkState.REPLACED
    with pytest.raises(Gone):
        answer(session, link, Reply.OBJECTED, "No.")
    assert answer(session, token(session, cast), Reply.CONFIRMED).version.number == 2


def test_the_same_reply_again_changes_nothing(session: Session, cast: Cast, meeting: Meeting) -> None:
    share(session, cast, meeting)
    link = token(session, cast)
    answer(session, link, Reply.CONFIRMED)
    assert answer(session, link, Reply.CONFIRMED, after=timedelta(hours=1)).replied_at == NOW


def test_an_objection_says_what_is_wrong(session: Session, cast: Cast, meeting: Meeting) -> None:
    share(session, cast, meeting)
    link = token(session, cast)
    for reply, said, field in ((None, "", "reply"), (Reply.WAITING, "", "reply"), (Reply.OBJECTED, "", "said")):
        with pytest.raises(Invalid) as caught:
            answer(session, link, reply, said)
        assert caught.value.field == field
    with pytest.raises(Invalid):
        answer(session, link, Reply.OBJECTED, "x" * 4001)


def test_a_link_has_its_day(session: Session, cast: Cast, meeting: Meeting) -> None:
    share(session, cast, meeting)
    link, later = token(session, cast), NOW + timedelta(days=90)
    assert minutes_replies.find(session, token=link, now=later - timedelta(1)).state is LinkState.OPEN
    assert minutes_replies.find(session, token=link, now=later).state is LinkState.EXPIRED
    assert minutes_replies.find(session, token="guessed", now=NOW).state is LinkState.UNKNOWN
    with pytest.raises(NotFound):
        answer(session, "guessed", Reply.CONFIRMED)


def test_who_left_or_was_not_there_after_all_has_no_link(session: Session, cast: Cast, meeting: Meeting) -> None:
    share(session, cast, meeting)
    link = token(session, cast)
    attendance = session.get_one(Attendance, (meeting.id, cast.head.id))
    attendance.presence = Presence.ABSENT
    session.flush()
    assert minutes_replies.find(session, token=link, now=NOW).state is LinkState.REVOKED
    attendance.presence = Presence.PRESENT
    cast.head.left_on = TODAY
    session.flush()
    assert minutes_replies.find(session, token=link, now=NOW).state is LinkState.REVOKED


def test_who_was_there_answers_signed_in_too_and_nobody_else(session: Session, cast: Cast, meeting: Meeting) -> None:
    share(session, cast, meeting)

    def say(name: str) -> MinutesReply:
        by = acting(session, getattr(cast, name))
        return minutes_replies.answer_as(session, by=by, meeting=meeting, reply=Reply.CONFIRMED, said="", now=NOW)

    assert say("head").reply is Reply.CONFIRMED
    with pytest.raises(NotFound):
        say("key_user")
    with pytest.raises(Forbidden):
        say("outsider")


def test_an_objection_waits_for_the_rep_until_the_correction(session: Session, cast: Cast, meeting: Meeting) -> None:
    share(session, cast, meeting)
    answer(session, token(session, cast), Reply.OBJECTED, "It failed.")

    def waiting(name: str) -> list[str]:
        by = acting(session, getattr(cast, name))
        return [reply.said for reply in minutes_replies.objections(session, by=by, most=9)]

    assert (waiting("rep"), waiting("colleague")) == (["It failed."], [])
    correct(session, cast, meeting, "It failed.")
    assert waiting("rep") == []


def test_the_audit_trail_knows_that_somebody_objected_and_not_the_words(
    session: Session, cast: Cast, meeting: Meeting
) -> None:
    share(session, cast, meeting)
    answer(session, token(session, cast), Reply.OBJECTED, "It failed.")
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.entity == "minutes_reply").order_by(AuditEntry.id.desc())
    ).first()
    assert entry is not None
    assert (entry.by_id, entry.after["said"]) == (cast.head.id, "…")


# ---- Correcting


def test_a_correction_is_refused_to_others(session: Session, cast: Cast, meeting: Meeting) -> None:
    told = meeting_corrections.as_saved(session, meeting=meeting)
    for person in (cast.colleague, cast.head, cast.cio):
        with pytest.raises(Forbidden):
            meeting_corrections.correct(
                session, by=acting(session, person), meeting=meeting, seen=told, revision=1, told=told, now=NOW
            )
