"""The history of an action, and the links by which the business settles its own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from crm.services import action_links, action_states, actions, meeting_log
from crm.services.action_links import LinkState, Word
from crm.services.new_meetings import NewAction, NewMeeting
from models import Action, ActionLink, ActionState, Meeting, MeetingKind, OutboxMessage, Presence
from tests.cast import Cast
from tests.november import NOW, TODAY, acting

SOON, LATER = TODAY + timedelta(days=7), TODAY + timedelta(days=14)


def log(session: Session, cast: Cast, *promised: NewAction) -> Meeting:
    new = NewMeeting(
        kind=MeetingKind.TOUCHPOINT,
        held_on=TODAY,
        attendees={cast.head.id: Presence.PRESENT},
        minutes="Talked.",
        actions=promised,
    )
    return meeting_log.log(session, by=acting(session, cast.rep), unit=cast.finance, new=new, now=NOW)


def find(session: Session, cast: Cast, text: str) -> Action:
    action_id = session.scalars(select(Action.id).where(Action.text == text)).one()
    return actions.find(session, by=acting(session, cast.rep), action_id=action_id)


def history(session: Session, action: Action) -> list[tuple[str, str, str]]:
    steps = action_states.history(session, action=action)
    return [(step.step.value, step.by.given_name if step.by else "", step.words) for step in steps]


def mails(session: Session) -> list[OutboxMessage]:
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def token(session: Session) -> str:
    return mails(session)[-1].path.removeprefix("/a/")


def say(session: Session, link: str, action: Action, word: Word, remark: str = "") -> Action:
    return action_links.say(session, token=link, action_id=action.id, word=word, remark=remark, now=NOW)


def test_everything_that_happens_is_kept(session: Session, cast: Cast) -> None:
    log(session, cast, NewAction("Pick a tester", cast.rep.id, SOON))
    action, by = find(session, cast, "Pick a tester"), acting(session, cast.rep)
    actions.new_date(session, by=by, action=action, due_on=LATER, now=NOW)
    actions.new_date(session, by=by, action=action, due_on=LATER, now=NOW)
    actions.reassign(session, by=by, action=action, owner_id=cast.head.id, now=NOW)
    actions.settle(session, by=acting(session, cast.head), action=action, state=ActionState.DONE, now=NOW)
    actions.settle(session, by=by, action=action, state=ActionState.DONE, now=NOW)
    actions.reopen(session, by=by, action=action, now=NOW)
    actions.settle(session, by=by, action=action, state=ActionState.DROPPED, now=NOW)
    assert history(session, action) == [
        ("dropped", "Ines", ""),
        ("reopened", "Ines", ""),
        ("done", "Amara", ""),
        ("new_owner", "Ines", "Ines Carvalho to Amara Diallo"),
        ("new_day", "Ines", "17 November to 24 November"),
        ("made", "Ines", ""),
    ]
    assert action.made_at == NOW


def test_what_is_ticked_while_logging_has_its_step_too(session: Session, cast: Cast) -> None:
    log(session, cast, NewAction("Pick a tester", cast.head.id, SOON))
    action = find(session, cast, "Pick a tester")
    by = acting(session, cast.rep)
    actions.settle_ticked(session, by=by, unit_id=cast.finance.id, ids={action.id}, now=NOW)
    assert history(session, action)[0] == ("done", "Ines", "")


@pytest.mark.parametrize("name", ["head", "colleague", "cio", "outsider"])
def test_only_who_looks_after_the_unit_gives_it_to_somebody_else(session: Session, cast: Cast, name: str) -> None:
    log(session, cast, NewAction("Pick a tester", cast.head.id, SOON))
    action = find(session, cast, "Pick a tester")
    with pytest.raises(Forbidden):
        actions.reassign(session, by=acting(session, getattr(cast, name)), action=action, owner_id=None, now=NOW)


def test_it_goes_to_people_of_both_sides_and_to_no_stranger(session: Session, cast: Cast) -> None:
    log(session, cast, NewAction("Pick a tester", cast.head.id, SOON))
    action, by = find(session, cast, "Pick a tester"), acting(session, cast.rep)
    for person in (cast.specialist, cast.key_user, cast.cio):
        actions.reassign(session, by=by, action=action, owner_id=person.id, now=NOW)
        assert action.owner_id == person.id
    with pytest.raises(Invalid):
        actions.reassign(session, by=by, action=action, owner_id=cast.outsider.id, now=NOW)
    actions.reassign(session, by=by, action=action, owner_id=None, now=NOW)
    actions.settle(session, by=by, action=action, state=ActionState.DONE, now=NOW)
    with pytest.raises(Conflict):
        actions.reassign(session, by=by, action=action, owner_id=cast.head.id, now=NOW)


# ---- Links


def test_one_mail_brings_all_a_person_promised_in_a_meeting(session: Session, cast: Cast) -> None:
    log(
        session,
        cast,
        NewAction("Pick a tester", cast.head.id, SOON),
        NewAction("Send the list", cast.head.id),
        NewAction("Call the bank", cast.key_user.id),
        NewAction("Fix the run", cast.rep.id),
        NewAction("Look at the network", cast.specialist.id),
        NewAction("Nobody's"),
    )
    first, second = mails(session)
    assert (first.to_person_id, second.to_person_id) == (cast.head.id, cast.key_user.id)
    assert first.subject == "You promised two things for Finance"
    assert "- Pick a tester, by 17 November\n- Send the list\n" in first.body
    assert second.subject == "You promised: Call the bank"
    assert all(link.token_hash not in first.path for link in session.scalars(select(ActionLink)))


def test_who_has_no_address_gets_none(session: Session, cast: Cast) -> None:
    cast.head.email = None
    log(session, cast, NewAction("Pick a tester", cast.head.id))
    assert mails(session) == []
    assert session.scalars(select(ActionLink)).all() == []


def test_the_owner_says_by_link_that_it_is_done_and_takes_it_back(session: Session, cast: Cast) -> None:
    log(session, cast, NewAction("Pick a tester", cast.head.id, SOON))
    link, action = token(session), find(session, cast, "Pick a tester")
    say(session, link, action, Word.DONE, "It is Mara")
    say(session, link, action, Word.DONE, "It is Mara")
    assert (action.state, action.settled_at) == (ActionState.DONE, NOW)
    say(session, link, action, Word.OPEN_AGAIN)
    assert action.state is ActionState.OPEN
    with pytest.raises(Invalid) as caught:
        say(session, link, action, Word.NOT_YET)
    assert caught.value.field == "remark"
    say(session, link, action, Word.NOT_YET, "Mara is ill")
    say(session, link, action, Word.NOT_YET, "Mara is ill")
    assert history(session, action) == [
        ("not_yet", "Amara", "Mara is ill"),
        ("reopened", "Amara", ""),
        ("done", "Amara", "It is Mara"),
        ("made", "Ines", ""),
    ]
    with pytest.raises(Invalid):
        say(session, link, action, Word.DONE, "x" * 1001)


def test_a_link_is_about_this_persons_actions_of_this_meeting_only(session: Session, cast: Cast) -> None:
    log(session, cast, NewAction("Before", cast.head.id))
    log(
        session,
        cast,
        NewAction("Later", cast.head.id, LATER),
        NewAction("Sooner", cast.head.id, SOON),
        NewAction("Jo's", cast.key_user.id),
    )
    link = next(mail.path for mail in mails(session) if "two things" in mail.subject).removeprefix("/a/")
    found = action_links.find(session, token=link, now=NOW).found
    assert found is not None
    assert [action.text for action in action_links.promised(session, link=found, now=NOW)] == ["Sooner", "Later"]
    for text in ("Before", "Jo's"):
        with pytest.raises(NotFound):
            say(session, link, find(session, cast, text), Word.DONE)


def test_a_link_expires_thirty_days_after_the_last_due_day(session: Session, cast: Cast) -> None:
    log(session, cast, NewAction("Pick a tester", cast.head.id, SOON))
    link, action = token(session), find(session, cast, "Pick a tester")

    def state(on: date) -> LinkState:
        at = NOW.replace(year=on.year, month=on.month, day=on.day)
        return action_links.find(session, token=link, now=at).state

    last = SOON + timedelta(days=30)
    assert (state(last), state(last + timedelta(days=1))) == (LinkState.OPEN, LinkState.EXPIRED)
    actions.new_date(session, by=acting(session, cast.rep), action=action, due_on=LATER, now=NOW)
    assert state(last + timedelta(days=1)) is LinkState.OPEN
    with pytest.raises(Gone):
        action_links.say(
            session, token=link, action_id=action.id, word=Word.DONE, remark="", now=NOW + timedelta(days=300)
        )


def test_a_link_ends_when_all_of_it_went_to_somebody_else(session: Session, cast: Cast) -> None:
    log(session, cast, NewAction("One", cast.head.id, SOON), NewAction("Two", cast.head.id, SOON))
    link, by = token(session), acting(session, cast.rep)
    one, two = find(session, cast, "One"), find(session, cast, "Two")
    actions.reassign(session, by=by, action=one, owner_id=cast.key_user.id, now=NOW)
    assert mails(session)[-1].to_person_id == cast.key_user.id
    assert action_links.find(session, token=link, now=NOW).state is LinkState.OPEN
    with pytest.raises(NotFound):
        say(session, link, one, Word.DONE)
    say(session, token(session), one, Word.DONE)
    actions.reassign(session, by=by, action=two, owner_id=None, now=NOW)
    assert action_links.find(session, token=link, now=NOW).state is LinkState.REVOKED
    assert action_links.find(session, token="guessed", now=NOW).state is LinkState.UNKNOWN


def test_who_left_has_no_link(session: Session, cast: Cast) -> None:
    log(session, cast, NewAction("One", cast.head.id, SOON))
    cast.head.left_on = TODAY
    session.flush()
    assert action_links.find(session, token=token(session), now=NOW).state is LinkState.REVOKED
