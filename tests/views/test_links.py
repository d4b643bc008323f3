"""The links by which the business confirms minutes and settles what it promised, without signing in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.services import actions, meeting_log, minutes, throttle
from crm.services.new_meetings import NewAction, NewMeeting
from models import (
    Action,
    ActionLink,
    ActionStep,
    Attempt,
    AuditEntry,
    Meeting,
    MeetingKind,
    MinutesReply,
    OutboxMessage,
    Presence,
    Reply,
)
from tests.cast import Cast
from tests.client import Client

NOW = datetime.now(UTC)
SEEN_BY_MACHINES: tuple[dict[str, str], ...] = (
    {},
    {"Sec-Purpose": "prefetch"},
    {"Purpose": "prefetch"},
    {"User-Agent": "SafeLinks"},
)


@pytest.fixture
def meeting(session: Session, cast: Cast) -> Meeting:
    """Logged with two promises of the head, and shared."""
    by = cast.actor(session, cast.rep)
    new = NewMeeting(
        kind=MeetingKind.TOUCHPOINT,
        held_on=NOW.date() - timedelta(days=1),
        attendees={cast.head.id: Presence.PRESENT},
        minutes="The run **failed**.\n\n> decision: we wait",
        internal_notes="Losing patience.",
        actions=[NewAction("Pick a tester", cast.head.id, NOW.date()), NewAction("Send the list", cast.head.id)],
    )
    found = meeting_log.log(session, by=by, unit=cast.finance, new=new, now=NOW)
    minutes.share(session, by=by, meeting=found, now=NOW)
    session.commit()
    return found


def path(session: Session, kind: str) -> str:
    newest = select(OutboxMessage.path).where(OutboxMessage.path.like(f"/{kind}/%"))
    return session.scalars(newest.order_by(OutboxMessage.id.desc()).limit(1)).one()


def rows(session: Session) -> tuple[object, ...]:
    """Everything that recording anything would change."""
    tables = (AuditEntry, Attempt, ActionStep)
    counts = [session.scalar(select(func.count()).select_from(table)) for table in tables]
    return (*counts, session.scalars(select(MinutesReply.reply)).all(), session.scalars(select(Action.state)).all())


def reply(session: Session) -> tuple[Reply, str]:
    session.expire_all()
    found = session.scalars(select(MinutesReply).order_by(MinutesReply.id.desc())).first()
    assert found is not None
    return found.reply, found.said


@pytest.mark.parametrize("kind", ["m", "a"])
def test_opening_a_link_records_nothing(client: Client, session: Session, meeting: Meeting, kind: str) -> None:
    link, before = path(session, kind), rows(session)
    for headers in SEEN_BY_MACHINES:
        assert client.get(link, headers=headers).status_code == 200
    assert client.head(link).status_code == 200
    assert client.get(f"{link}?reply=confirmed&word=done").status_code == 200
    assert rows(session) == before


@pytest.mark.parametrize("kind", ["m", "a"])
def test_unknown_links_get_one_page_and_then_have_to_wait(
    client: Client, session: Session, meeting: Meeting, kind: str
) -> None:
    first = client.get(f"/{kind}/not-a-link")
    assert first.status_code == 404
    assert "We do not know this link" in first.text
    for _ in range(throttle.LINK_BY_ADDRESS.times - 2):
        client.get(f"/{kind}/another")
    assert client.submit(f"/{kind}/another", {"reply": "confirmed"}).status_code == 404
    assert client.get(f"/{kind}/another").status_code == 429
    assert client.get(path(session, kind)).status_code == 200  # whoever has a link never waits for those who guess


@pytest.mark.parametrize("kind", ["m", "a"])
def test_a_form_from_elsewhere_records_nothing(client: Client, session: Session, meeting: Meeting, kind: str) -> None:
    before = rows(session)
    action_id = session.scalars(select(Action.id)).first()
    data = {"reply": "confirmed", "action": action_id, "word": "done"}
    assert client.post(path(session, kind), data=data).status_code == 400
    assert rows(session) == before


@pytest.mark.parametrize("kind", ["m", "a"])
def test_of_who_left_nothing_is_told(client: Client, session: Session, cast: Cast, meeting: Meeting, kind: str) -> None:
    link = path(session, kind)
    cast.head.left_on = NOW.date()
    session.commit()
    for page in (client.get(link), client.submit(link, {"reply": "confirmed", "word": "done"})):
        assert page.status_code == 410
        assert "This link was withdrawn" in page.text
        assert "Amara" not in page.text
        assert "Pick a tester" not in page.text


@pytest.mark.parametrize("kind", ["m", "a"])
def test_long_after_the_link_says_so_kindly(client: Client, session: Session, meeting: Meeting, kind: str) -> None:
    link = path(session, kind)
    with time_machine.travel(NOW + timedelta(days=200)):
        for page in (client.get(link), client.submit(link, {"reply": "confirmed", "word": "done"})):
            assert page.status_code == 410
            assert "This link has had its day" in page.text


# ---- Minutes


def test_the_page_shows_what_was_shared_and_never_the_notes_of_it(
    client: Client, session: Session, meeting: Meeting
) -> None:
    page = client.get(path(session, "m")).text
    assert "Amara, do these minutes say it right?" in page
    assert "<strong>failed</strong>" in page
    assert "Decision" in page
    assert "Losing patience" not in page
    assert " checked" not in page
    assert "Nothing is recorded until you press Send." in page


def test_confirming_and_changing_ones_mind(client: Client, session: Session, meeting: Meeting) -> None:
    link = path(session, "m")
    assert client.get(f"{link}/thanks").status_code == 303
    sent = client.submit(link, {"reply": "confirmed"}, follow_redirects=True)
    assert "You confirmed the minutes" in sent.text
    assert reply(session) == (Reply.CONFIRMED, "")
    assert "You confirmed them" in client.get(link).text
    sent = client.submit(link, {"reply": "objected", "said": "It <b>ran</b>."}, follow_redirects=True)
    assert "It &lt;b&gt;ran&lt;/b&gt;." in sent.text
    assert reply(session) == (Reply.OBJECTED, "It <b>ran</b>.")


def test_what_is_missing_is_asked_for_and_what_was_typed_stays(
    client: Client, session: Session, meeting: Meeting
) -> None:
    link = path(session, "m")
    nothing = client.submit(link, {"said": "It ran."})
    assert nothing.status_code == 422
    assert "Say whether the minutes are right." in nothing.text
    assert "It ran.</textarea>" in nothing.text
    assert "Say what is wrong" in client.submit(link, {"reply": "objected"}).text
    assert client.submit(link, {"reply": "waiting"}).status_code == 422
    assert reply(session) == (Reply.WAITING, "")


def test_after_a_correction_the_old_link_points_to_the_newer_mail(
    client: Client, session: Session, cast: Cast, meeting: Meeting
) -> None:
    old = path(session, "m")
    client.submit(old, {"reply": "objected", "said": "It ran."})
    session.expire_all()
    meeting.minutes = "The run was late."
    minutes.share(session, by=cast.actor(session, cast.rep), meeting=meeting, reason="It ran after all.", now=NOW)
    session.commit()
    page = client.get(old)
    assert page.status_code == 410
    assert "There is a newer version" in page.text
    assert "You had objected:" in page.text
    new = path(session, "m")
    assert new != old
    page = client.get(new)
    assert "What was corrected:" in page.text
    assert "It ran after all." in page.text
    assert "<del>" in page.text


def test_the_rep_sees_who_confirmed_and_who_objects_and_the_business_its_own_words(
    client: Client, session: Session, cast: Cast, meeting: Meeting
) -> None:
    client.submit(path(session, "m"), {"reply": "objected", "said": "It ran."})
    page = client.sign_in(cast.rep).get(f"/meetings/{meeting.id}").text
    assert "Amara objects" in page
    assert "It ran." in page
    assert "Amara objects to the minutes of" in client.get("/").text
    said = "<strong>Amara Diallo objects:</strong> It ran."
    for where in ("correct", "minutes"):
        assert said in client.get(f"/meetings/{meeting.id}/{where}").text
    page = client.sign_in(cast.key_user).get(f"/meetings/{meeting.id}").text
    assert "Amara objects" in page
    assert "It ran." not in page
    assert "It ran." not in client.get(f"/meetings/{meeting.id}/minutes").text
    page = client.sign_in(cast.head).get(f"/meetings/{meeting.id}").text
    assert "It ran." in page
    assert client.submit(f"/meetings/{meeting.id}/reply", {"reply": "confirmed"}).status_code == 303
    assert reply(session) == (Reply.CONFIRMED, "")
    assert client.submit(f"/meetings/{meeting.id}/reply", {"reply": "objected"}).status_code == 422
    assert client.get(f"/meetings/{meeting.id}/reply").location == f"/meetings/{meeting.id}"


def test_sharing_by_page_shows_what_will_be_read_and_asks_for_a_reason(
    client: Client, session: Session, cast: Cast, meeting: Meeting
) -> None:
    client.sign_in(cast.rep)
    session.expire_all()
    meeting.minutes = "The run was late."
    session.commit()
    share = f"/meetings/{meeting.id}/share"
    page = client.get(share).text
    assert "<ins>" in page
    assert "<del>" in page
    assert "Amara Diallo is asked by mail" in page
    form = {"revision": str(meeting.revision)}
    assert "Say what was corrected." in client.submit(share, form).text
    assert "Somebody changed the minutes" in client.submit(share, {"reason": "Late", "revision": "77"}).text
    assert client.submit(share, {**form, "reason": "Late, not failed"}).status_code == 303
    versions = client.sign_in(cast.head).get(f"/meetings/{meeting.id}/minutes").text
    assert "Late, not failed" in versions
    assert "Version 1" in versions
    assert "<del>" in versions


def test_what_was_objected_to_an_earlier_version_stays_in_the_reps_sight(
    client: Client, session: Session, cast: Cast, meeting: Meeting
) -> None:
    client.submit(path(session, "m"), {"reply": "objected", "said": "It ran."})
    session.expire_all()
    meeting.minutes = "The run was late."
    minutes.share(session, by=cast.actor(session, cast.rep), meeting=meeting, reason="Late", now=NOW)
    session.commit()
    client.sign_in(cast.rep)
    assert "<strong>Amara Diallo objects:</strong> It ran." in client.get(f"/meetings/{meeting.id}/minutes").text
    assert "It ran." not in client.get(f"/meetings/{meeting.id}/correct").text


def test_the_heads_home_says_that_minutes_wait_for_her_word(
    client: Client, session: Session, cast: Cast, meeting: Meeting
) -> None:
    waits = "wait for your word"
    assert waits not in client.sign_in(cast.key_user).get("/").text
    page = client.sign_in(cast.head).get("/").text
    assert waits in page
    assert f'href="/meetings/{meeting.id}"' in page
    assert client.submit(f"/meetings/{meeting.id}/reply", {"reply": "confirmed"}).status_code == 303
    assert waits not in client.get("/").text


# ---- Promises


def state_of(session: Session, action: Action) -> str:
    session.refresh(action)
    return action.state.value


def test_a_promise_is_settled_by_link_and_taken_back(client: Client, session: Session, meeting: Meeting) -> None:
    link = path(session, "a")
    page = client.get(link).text
    assert "Amara, what is done?" in page
    assert page.index("Pick a tester") < page.index("Send the list")
    action = session.scalars(select(Action).where(Action.text == "Pick a tester")).one()
    sent = client.submit(link, {"action": action.id, "word": "done", "remark": "Mara"}, follow_redirects=True)
    assert "“Pick a tester” is done. Thank you." in sent.text
    assert state_of(session, action) == "done"
    client.submit(link, {"action": action.id, "word": "open_again"})
    assert state_of(session, action) == "open"


def test_not_yet_needs_a_word_and_the_rep_reads_it(
    client: Client, session: Session, cast: Cast, meeting: Meeting
) -> None:
    link = path(session, "a")
    action = session.scalars(select(Action).where(Action.text == "Send the list")).one()
    refused = client.submit(link, {"action": action.id, "word": "not_yet"})
    assert refused.status_code == 422
    assert "Say in a few words what is in the way." in refused.text
    assert client.submit(link, {"action": action.id, "word": "not_yet", "remark": "Mara is ill"}).status_code == 303
    page = client.sign_in(cast.rep).get(f"/actions/{action.id}").text
    assert "Mara is ill" in page
    assert "Not yet" in page


def test_nobody_elses_action_is_settled_by_a_link(
    client: Client, session: Session, cast: Cast, meeting: Meeting
) -> None:
    other = Action(unit_id=cast.finance.id, meeting_id=meeting.id, text="Ours", owner_id=cast.rep.id)
    session.add(other)
    session.commit()
    link = path(session, "a")
    assert "Ours" not in client.get(link).text
    for given in (other.id, 0, "x", "9" * 30, ""):
        assert client.submit(link, {"action": given, "word": "done"}).status_code == 404
    for word in ("", "dropped", "open"):
        assert client.submit(link, {"action": other.id, "word": word}).status_code == 422
    assert state_of(session, other) == "open"


def test_a_new_owner_by_page(client: Client, session: Session, cast: Cast, meeting: Meeting) -> None:
    action = session.scalars(select(Action).where(Action.text == "Send the list")).one()
    client.sign_in(cast.rep)
    assert "Somebody else’s?" in client.get(f"/actions/{action.id}").text
    answer = client.submit(f"/actions/{action.id}/owner", {"owner_id": cast.key_user.id}, follow_redirects=True)
    assert "“Send the list” is Jo Lindt’s now." in answer.text
    assert "Amara Diallo to Jo Lindt" in answer.text
    assert client.submit(f"/actions/{action.id}/owner", {"owner_id": cast.outsider.id}).status_code == 422
    assert session.scalar(select(func.count(ActionLink.id))) == 2
    assert client.sign_in(cast.head).submit(f"/actions/{action.id}/owner", {"owner_id": ""}).status_code == 403


@pytest.mark.parametrize("who", ["rep", "head"])
def test_overdue_is_said_wherever_an_action_is_listed(
    client: Client, session: Session, cast: Cast, meeting: Meeting, who: str
) -> None:
    action = session.scalars(select(Action).where(Action.text == "Pick a tester")).one()
    action.due_on = NOW.date() - timedelta(days=9)
    session.commit()
    assert actions.is_overdue(action, NOW.date())
    client.sign_in(getattr(cast, who))
    for page in ("/actions", f"/units/{cast.finance.id}", f"/meetings/{meeting.id}", f"/actions/{action.id}", "/"):
        text = client.get(page).text.lower()
        assert "overdue" in text or "days late" in text, f"{page} does not say so"
    assert "Overdue" in client.get(path(session, "a")).text
