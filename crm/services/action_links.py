"""Actions by personal link: whoever of the business owes one settles it without signing in. Looking records nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from crm.errors import Gone, Invalid, NotFound
from crm.policy import Actor
from crm.services import action_states, attendees, audit, languages, organisation, outbox, promise_mail
from crm.services.secrets import hashed, new_token
from models.action import Action, ActionLink, ActionState, Step
from models.mail import MailKind
from models.person import Person
from models.unit import BusinessUnit

#: A link works so many days after the last due day of what it is about, or after it was sent when there is none.
AFTER_DUE, WITHOUT_DAY = timedelta(days=30), timedelta(days=90)
#: So long what was said by link can be taken back by link.
UNDO = timedelta(days=1)
LONGEST_REMARK = 1000


class LinkState(StrEnum):
    OPEN = "open"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


class Word(StrEnum):
    """What the owner says by link."""

    DONE = "done"
    NOT_YET = "not_yet"
    OPEN_AGAIN = "open_again"


@dataclass(frozen=True)
class Link:
    """What a personal link leads to: this person's actions of one meeting. ``found`` (with action, its unit and
    meeting, and person) is None when unknown."""

    state: LinkState
    found: ActionLink | None = None


# ---- Sending


def send(session: Session, *, by: Actor, unit: BusinessUnit, actions: Sequence[Action], now: datetime) -> None:
    """One mail to each owner of the business with all these actions of theirs that are open. Two statements, and a few
    for each mail; none when nobody of the business owes any."""
    owed = [action for action in actions if action.owner_id and action.state is ActionState.OPEN]
    owners = {action.owner_id for action in owed if action.owner_id and action.owner_id != by.id}
    for person in attendees.from_business(session, owners):
        if outbox.has_address(person):
            _write(session, by, unit, person, [action for action in owed if action.owner_id == person.id], now)


def _write(
    session: Session, by: Actor, unit: BusinessUnit, person: Person, actions: Sequence[Action], now: datetime
) -> None:
    token = new_token()
    link = ActionLink(
        action_id=actions[0].id,
        person_id=person.id,
        token_hash=hashed(token),
        made_at=now,
        expires_at=_expiry(unit, (action.due_on for action in actions), now),
    )
    session.add(link)
    session.flush()
    say = languages.of(person, organisation.current(session).language)
    told = promise_mail.write(say, unit=unit, to=person, by=by.person, actions=actions, now=now)
    outbox.queue(
        session,
        key=f"actions:{link.id}:{person.id}",
        to=person,
        subject=told.subject,
        body=told.body,
        path=f"/a/{token}",
        button=told.button,
        kind=MailKind.PROMISE,
        say=say,
        now=now,
    )


def remind(session: Session, *, wanted: Collection[tuple[int, int]], now: datetime) -> dict[tuple[int, int], str]:
    """Fresh links for these (action id, person id), as paths; one for all that a person owes of one meeting. The ones
    sent before go on working. Two statements."""
    actions = session.scalars(
        select(Action).where(Action.id.in_({action_id for action_id, _ in wanted})).options(joinedload(Action.unit))
    )
    known = {action.id: action for action in actions}
    tokens: dict[tuple[int, str], str] = {}
    for action_id, person_id in sorted(wanted):
        of = (person_id, _matter(known[action_id]))
        if of not in tokens:
            tokens[of] = new_token()
            session.add(_link(known[action_id], person_id, tokens[of], now))
    session.flush()
    return {(action, person): f"/a/{tokens[person, _matter(known[action])]}" for action, person in wanted}


def _matter(action: Action) -> str:
    """What one link is about: the meeting, or the action alone."""
    return f"meeting {action.meeting_id}" if action.meeting_id else f"action {action.id}"


def _link(action: Action, person_id: int, token: str, now: datetime) -> ActionLink:
    expires_at = _expiry(action.unit, [action.due_on], now)
    return ActionLink(
        action_id=action.id, person_id=person_id, token_hash=hashed(token), made_at=now, expires_at=expires_at
    )


def _expiry(unit: BusinessUnit, days: Iterable[date | None], now: datetime) -> datetime:
    """The end of a day, there."""
    due = max((day for day in days if day), default=None)
    last = max(due or date.min, now.astimezone(unit.zone).date()) + (AFTER_DUE if due else WITHOUT_DAY)
    return datetime.combine(last + timedelta(days=1), time(), unit.zone)


def extend(session: Session, *, action: Action) -> None:
    """A later day keeps its owner's links alive for longer. The action has its unit loaded."""
    if action.due_on is None or action.owner_id is None:
        return
    until = datetime.combine(action.due_on + AFTER_DUE + timedelta(days=1), time(), action.unit.zone)
    for link in session.scalars(_links(action, action.owner_id)):
        link.expires_at = max(link.expires_at, until)
    session.flush()


def withdraw(session: Session, *, action: Action, person_id: int, now: datetime) -> None:
    """An action went to somebody else. Its former owner's links go on only with what that person still owes of the
    same meeting."""
    still = _of_the_same(action, person_id)
    other = session.scalars(select(Action).where(still, Action.id != action.id).order_by(Action.id).limit(1)).first()
    for link in session.scalars(_links(action, person_id)):
        if other is None:
            link.revoked_at = now
        elif link.action_id == action.id:
            link.action_id = other.id
    session.flush()


def _links(action: Action, person_id: int) -> Select[ActionLink]:
    about = select(Action.id).where(_same_meeting(action))
    mine = (ActionLink.person_id == person_id, ActionLink.revoked_at.is_(None))
    return select(ActionLink).where(ActionLink.action_id.in_(about), *mine)


def _same_meeting(action: Action) -> ColumnElement[bool]:
    """Actions of one meeting belong together; one without a meeting stands alone."""
    if action.meeting_id is None:
        return Action.id == action.id
    return and_(Action.meeting_id == action.meeting_id, Action.unit_id == action.unit_id)


def _of_the_same(action: Action, person_id: int) -> ColumnElement[bool]:
    return and_(_same_meeting(action), Action.owner_id == person_id)


# ---- Opening


def find(session: Session, *, token: str, now: datetime) -> Link:
    """The link behind a token. Reads only. One statement, whether the token is known or not."""
    found = session.scalar(
        select(ActionLink)
        .where(ActionLink.token_hash == hashed(token))
        .options(
            joinedload(ActionLink.person, innerjoin=True),
            joinedload(ActionLink.action, innerjoin=True).joinedload(Action.unit, innerjoin=True),
            joinedload(ActionLink.action, innerjoin=True).joinedload(Action.meeting),
        )
    )
    if found is None:
        return Link(LinkState.UNKNOWN)
    if found.revoked_at is not None or not found.person.is_active:
        return Link(LinkState.REVOKED, found)
    return Link(LinkState.EXPIRED if found.expires_at <= now else LinkState.OPEN, found)


def promised(session: Session, *, link: ActionLink, now: datetime) -> Sequence[Action]:
    """What this person owes of that meeting, the soonest due first; and what was settled within the last day, last."""
    lately = and_(Action.state == ActionState.DONE, Action.settled_at > now - UNDO)
    mine = _of_the_same(link.action, link.person_id)
    found = select(Action).where(mine, or_(Action.state == ActionState.OPEN, lately))
    return session.scalars(found.order_by(Action.state.desc(), Action.due_on.asc().nulls_last(), Action.id)).all()


def say(session: Session, *, token: str, action_id: int, word: Word, remark: str, now: datetime) -> Action:
    """What the owner says of one action. Sent twice, it is said once.

    Raises NotFound for an unknown link or an action that is not this person's, Gone for a link that has had its day,
    Invalid("remark") for a "not yet" without a word or a remark that is too long, Conflict("state").
    """
    link = find(session, token=token, now=now)
    if link.found is None:
        raise NotFound("This link is not known here.")
    if link.state is not LinkState.OPEN:
        raise Gone("This link has had its day.")
    mine = _of_the_same(link.found.action, link.found.person_id)
    action = session.scalar(select(Action).where(Action.id == action_id, mine).with_for_update())
    if action is None:
        raise NotFound("There is no such action.")
    if len(remark) > LONGEST_REMARK:
        raise Invalid("remark", f"Keep it under {LONGEST_REMARK:,} letters.")
    audit.act_as(session, link.found.person_id)
    _SAYINGS[word](session, action, link.found.person_id, remark, now)
    return action


def _done(session: Session, action: Action, by_id: int, remark: str, now: datetime) -> None:
    action_states.close(session, action, ActionState.DONE, by_id=by_id, now=now, said=remark)


def _not_yet(session: Session, action: Action, by_id: int, remark: str, now: datetime) -> None:
    if not remark:
        raise Invalid("remark", "Say in a few words what is in the way.")
    last = next(iter(action_states.history(session, action=action)), None)
    if last is None or (last.step, last.words, last.by_id) != (Step.NOT_YET, remark, by_id):
        action_states.note(session, action, Step.NOT_YET, by_id=by_id, now=now, said=remark)


def _open_again(session: Session, action: Action, by_id: int, _: str, now: datetime) -> None:
    action_states.open_again(session, action, by_id=by_id, now=now)


_SAYINGS = {Word.DONE: _done, Word.NOT_YET: _not_yet, Word.OPEN_AGAIN: _open_again}
