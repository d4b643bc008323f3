"""What stands in a person's calendar feed. The same data give the same text, so that a calendar can ask whether it
changed. What is left out, moved or settled is simply no longer there, or elsewhere: a feed is taken as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.policy import Actor
from crm.services import calendar_objects, clock, invitations, languages, organisation
from crm.services.calendar_objects import Entry
from crm.services.invitations import Wanted
from crm.services.languages import Language
from models.action import Action, ActionState
from models.audit import AuditEntry
from models.calendar import ReviewInvitation, ReviewInvitee
from models.person import Person
from models.review import Review, ReviewState
from models.unit import LENT, Membership, Part

BACK, AHEAD = timedelta(days=30), timedelta(days=366)
#: So many reviews, and so many actions, the nearest ahead of all others.
MOST = 1000
A_DAY = timedelta(days=1)


def text(session: Session, *, person: Person, since: datetime, base_url: str, now: datetime) -> str:
    """The person's reviews and due actions as iCalendar text. ``since``: what nothing is said to be older than.

    Eleven statements at most.
    """
    house = organisation.current(session)
    by = policy.actor_for(session, person, clock.local_date(now, house.time_zone))
    reader = _Reader(session, by, languages.of(person, house.language), since, base_url)
    name = reader.say("{house}: reviews and actions", house=house.name)
    return calendar_objects.feed(name, [*reader.reviews(now), *reader.actions()])


class _Reader:
    def __init__(self, session: Session, by: Actor, say: Language, since: datetime, base_url: str) -> None:
        self.session, self.by, self.say, self.since, self.base_url = session, by, say, since, base_url
        self.house = calendar_objects.house(session)

    def reviews(self, now: datetime) -> Iterator[Entry]:
        """Planned ones, and those held; under the UID of their invitation, so that no calendar shows both."""
        found = invitations.planned(self.session, _reviews(self.by, now), most=MOST)
        sent = {
            row.review_id: row
            for row in self.session.scalars(select(ReviewInvitation).where(ReviewInvitation.review_id.in_(found)))
        }
        changed = self._changed("review", found)
        for review_id, one in found.items():
            told = sent.get(review_id)
            at = max([self.since, *changed.get(review_id, ()), *([told.sent_at] if told else [])])
            uid = told.uid if told else calendar_objects.uid(review_id, self.house)
            entry = replace(invitations.entry_of(one, uid, at, self.say), sequence=told.sequence if told else 0)
            yield _as_held(entry, one)

    def actions(self) -> Iterator[Entry]:
        """What this person owes, on the day it is due: whole days, since many calendars show no tasks."""
        found = {action.id: action for action in self.session.scalars(_actions(self.by))}
        changed = self._changed("action", found)
        for action in found.values():
            if action.due_on is None:
                continue
            yield Entry(
                uid=calendar_objects.action_uid(action.id, self.house),
                starts=action.due_on,
                ends=action.due_on + A_DAY,
                summary=self.say("Due: {what}", what=action.text),
                description=self.say("Promised between {unit} and IT.", unit=action.unit.name),
                changed_at=max([self.since, *changed.get(action.id, ())]),
                link=f"{self.base_url}/actions/{action.id}",
            )

    def _changed(self, entity: str, ids: Collection[int]) -> Mapping[int, tuple[datetime]]:
        """When each was changed last, as far as the audit trail knows."""
        of_these = AuditEntry.entity == entity, AuditEntry.entity_id.in_([str(one) for one in ids])
        rows = self.session.execute(
            select(AuditEntry.entity_id, func.max(AuditEntry.at)).where(*of_these).group_by(AuditEntry.entity_id)
        )
        return {int(entity_id): (at,) for entity_id, at in rows}


def _reviews(by: Actor, now: datetime) -> ColumnElement[bool]:
    """Of the units looked after or belonged to, and those invited to; nothing that a reader may not see."""
    invited = select(ReviewInvitee.review_id).where(
        ReviewInvitee.person_id == by.id, ReviewInvitee.removed_at.is_(None)
    )
    parts = (Part.HEAD, Part.KEY_USER, *LENT)
    mine = (Membership.person_id == by.id, Membership.part.in_(parts), Membership.in_force(by.today))
    own = select(Membership.unit_id).where(*mine)
    return and_(
        or_(Review.unit_id.in_(by.covers), Review.unit_id.in_(own), Review.id.in_(invited)),
        policy.in_visible_units(by, Review.unit_id),
        Review.state != ReviewState.SKIPPED,
        Review.planned_at.between(now - BACK, now + AHEAD),
    )


def _actions(by: Actor) -> Select[Action]:
    due = Action.due_on.between(by.today - BACK, by.today + AHEAD)
    mine = (
        Action.owner_id == by.id,
        Action.state == ActionState.OPEN,
        due,
        policy.in_visible_units(by, Action.unit_id),
    )
    ordered = select(Action).where(*mine).order_by(Action.due_on, Action.id)
    return ordered.limit(MOST).options(joinedload(Action.unit))


def _as_held(entry: Entry, one: Wanted) -> Entry:
    """Held on another day than planned, it takes that whole day: at what time is not known."""
    if one.held_on is None or one.held_on == one.planned_on:
        return entry
    return replace(entry, starts=one.held_on, ends=one.held_on + A_DAY)
