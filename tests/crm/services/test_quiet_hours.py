"""Mail that can wait never arrives in quiet hours, and waits no longer than they last: on any clock, in any night."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from crm.errors import Invalid
from crm.services import outbox, quiet_hours, sending
from models.mail import MailKind
from models.outbox import OutboxMessage
from models.person import Person
from tests.cast import Cast

LISBON, LORD_HOWE = ZoneInfo("Europe/Lisbon"), ZoneInfo("Australia/Lord_Howe")
ZONES = [LISBON, LORD_HOWE, *map(ZoneInfo, ("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"))]
MINUTE = timedelta(minutes=1)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
clock_times = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@given(
    st.builds(BEGIN.__add__, st.timedeltas(timedelta(0), timedelta(days=3650))),
    st.sampled_from(ZONES),
    clock_times,
    clock_times,
)
@example(datetime(2026, 10, 25, 0, 45, tzinfo=UTC), LISBON, time(22), time(1, 30))  # 01:30 comes twice
@example(datetime(2027, 3, 28, 0, 30, tzinfo=UTC), LISBON, time(22), time(1, 30))  # 01:30 does not come
@example(datetime(2026, 10, 3, 15, 0, tzinfo=UTC), LORD_HOWE, time(20), time(2, 15))  # half an hour forward
def test_never_inside_quiet_hours_and_never_later_than_their_next_end(
    now: datetime, zone: ZoneInfo, since: time, until: time
) -> None:
    due = quiet_hours.after(now, zone, since, until)

    def is_quiet(at: datetime) -> bool:
        return quiet_hours.are_on(at.astimezone(zone).time(), since, until)

    assert due >= now
    assert not is_quiet(due)
    assert (due == now) == (not is_quiet(now)), "what need not wait does not"
    if due > now:
        assert all(is_quiet(now + step * MINUTE) for step in range((due - now) // MINUTE)), (
            "the next end, not a later one"
        )


def test_they_may_go_past_midnight_and_the_same_time_twice_is_none() -> None:
    night = (time(20), time(7))
    assert [quiet_hours.are_on(time(hour), *night) for hour in (19, 20, 0, 6, 7)] == [False, True, True, True, False]
    assert not any(quiet_hours.are_on(time(hour), time(9), time(9)) for hour in range(24))


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [(time(22), None, "quiet_until"), (None, time(7), "quiet_since"), (time(7), time(6), "quiet_until")],
)
def test_half_of_them_or_nearly_the_whole_day_is_refused(since: time | None, until: time | None, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        quiet_hours.checked(since, until)
    assert refused.value.field == field


def due_at(session: Session, to: Person, kind: MailKind, now: datetime) -> datetime:
    message = outbox.queue(session, key="k", to=to, subject="S", body="B", path="/me", kind=kind, now=now)
    assert message is not None
    return message.due_at


AT_NIGHT = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)


def test_what_can_wait_is_due_in_the_morning_on_the_persons_own_clock(session: Session, cast: Cast) -> None:
    cast.rep.time_zone = "Europe/Lisbon"
    assert due_at(session, cast.rep, MailKind.DIGEST, AT_NIGHT) == datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    cast.colleague.time_zone = "America/New_York"
    message = outbox.queue(
        session, key="c", to=cast.colleague, subject="S", body="B", path="", kind=MailKind.DIGEST, now=AT_NIGHT
    )
    assert message is not None
    assert message.due_at == AT_NIGHT, "half past five in the afternoon there"


def test_own_hours_go_before_those_of_the_house(session: Session, cast: Cast) -> None:
    cast.rep.quiet_since, cast.rep.quiet_until = time(23), time(6, 30)
    assert due_at(session, cast.rep, MailKind.DIGEST, AT_NIGHT) == AT_NIGHT


def test_what_cannot_wait_is_due_now(session: Session, cast: Cast) -> None:
    assert due_at(session, cast.head, MailKind.RATING, AT_NIGHT) == AT_NIGHT


def test_a_second_try_and_a_late_one_wait_for_the_morning_too(session: Session, cast: Cast) -> None:
    cast.rep.time_zone = "Europe/Berlin"
    evening = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
    kinds = (MailKind.AGENDA, MailKind.MINUTES)
    mails = [queued(session, cast.rep, evening, kind) for kind in kinds]
    night = evening + timedelta(hours=4)
    claimed = sending._claim_next(session, night)
    session.flush()
    assert claimed
    assert claimed.kind is MailKind.MINUTES
    assert sending._claim_next(session, night) is None
    assert mails[0].due_at == datetime(2026, 11, 24, 6, tzinfo=UTC), "seven o'clock in Berlin"
    assert sending._claim_next(session, mails[0].due_at)


def queued(session: Session, to: Person, now: datetime, kind: MailKind) -> OutboxMessage:
    """As when a first try has failed: due at once, whatever the hour."""
    address, words = to.email or "", {"subject": "A", "body": "B"}
    message = OutboxMessage(
        key=f"night:{kind}", to_person_id=to.id, to_address=address, queued_at=now, kind=kind, **words
    )
    session.add(message)
    session.flush()
    return message
