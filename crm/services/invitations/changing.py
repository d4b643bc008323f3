"""Bringing people's calendars into line with the reviews: only what changed is told, and only to whom it concerns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from crm.services import calendar_objects
from crm.services.clashes import insert_unless_there
from crm.services.invitations import letters, wanted
from crm.services.invitations.news import Letter, News, guests
from crm.services.invitations.wanted import HORIZON, Wanted
from models.calendar import CalendarAnswer, ReviewInvitation, ReviewInvitee
from models.review import Review, ReviewState

#: From then on the day of a review is over everywhere on earth.
OVER = timedelta(days=2)
STANDING = ReviewInvitation.cancelled_at.is_(None)


@dataclass(frozen=True)
class Known:
    """What was sent last: the invitation of a review, and everybody who ever had it."""

    invitation: ReviewInvitation
    invitees: dict[int, ReviewInvitee]

    @property
    def present(self) -> dict[int, ReviewInvitee]:
        return {key: invitee for key, invitee in self.invitees.items() if invitee.removed_at is None}


def changed(session: Session, *, reviews: Collection[Review] | Collection[int], now: datetime) -> int:
    """Tell calendars what changed of these reviews (or their ids), removed ones included. Returns how many mails.

    Call it in the transaction of the change, once for all that changed: it takes the same few statements for any
    number of reviews. Where nothing differs from what was told, nothing is sent.
    """
    told = _settle(session, {one.id if isinstance(one, Review) else one for one in reviews}, now)
    return letters.send(session, told, now)


def remember(session: Session, *, reviews: Collection[int], now: datetime) -> None:
    """As :func:`changed`, as though the mails had left long ago: for the demonstration."""
    _settle(session, reviews, now)


def differing(session: Session, *, now: datetime) -> list[int]:
    """The ids of reviews of which calendars do not know what they should, in order of time. Reads only."""
    ahead = Review.planned_at > now - OVER
    near = ahead & (Review.state == ReviewState.PLANNED) & (Review.planned_at <= now + HORIZON)
    told = ahead & Review.id.in_(select(ReviewInvitation.review_id).where(STANDING))
    found = wanted.read(session, or_(near, told))
    near_or_told = select(Review.id).where(or_(near, told))
    known = _known(session, ReviewInvitation.review_id.in_(near_or_told), locked=False)
    differs = [key for key, one in found.items() if _news(one, known.get(key), now)]
    return [*differs, *(one.review_id for one in _orphans(session) if not one.is_over(now))]


def _orphans(session: Session) -> list[Wanted]:
    """Reviews that are gone, though they still stand in calendars."""
    left = select(ReviewInvitation).outerjoin(Review, Review.id == ReviewInvitation.review_id)
    rows = session.scalars(left.where(Review.id.is_(None), STANDING).options(joinedload(ReviewInvitation.unit)))
    return [wanted.gone(invitation) for invitation in rows]


def _settle(session: Session, review_ids: Collection[int], now: datetime) -> list[Letter]:
    """Write down what calendars are told from now on, and return the letters that tell them."""
    if not review_ids:
        return []
    session.flush()
    # What was sent is locked before the rest is read: the second of two who change a review sees what the first did.
    known = _known(session, ReviewInvitation.review_id.in_(review_ids), locked=True)
    found = wanted.read(session, Review.id.in_(review_ids))
    found |= {key: wanted.gone(one.invitation) for key, one in known.items() if key not in found}
    told = {key: news for key, one in found.items() if (news := _news(one, known.get(key), now))}
    known |= _begin(session, [found[key] for key in told if key not in known], now)
    return [
        letter for key in told if key in known for letter in _write(session, found[key], known[key], told[key], now)
    ]


def _known(session: Session, chosen: ColumnElement[bool], *, locked: bool) -> dict[int, Known]:
    invitations = select(ReviewInvitation).where(chosen).order_by(ReviewInvitation.review_id)
    if locked:
        session.scalars(invitations.with_for_update()).all()
    loaded = invitations.options(joinedload(ReviewInvitation.organiser), joinedload(ReviewInvitation.unit))
    rows = session.scalars(loaded.execution_options(populate_existing=locked)).all()
    invitees: dict[int, dict[int, ReviewInvitee]] = defaultdict(dict)
    of_these = select(ReviewInvitee).join(ReviewInvitee.invitation).where(chosen)
    fresh = of_these.options(joinedload(ReviewInvitee.person)).execution_options(populate_existing=locked)
    for invitee in session.scalars(fresh):
        invitees[invitee.review_id][invitee.person_id] = invitee
    return {row.review_id: Known(row, invitees[row.review_id]) for row in rows}


def _news(one: Wanted, known: Known | None, now: datetime) -> dict[int, News]:
    """Who is to be told what, by id; nothing when calendars know it all."""
    if known is None or known.invitation.cancelled_at is not None:
        begins = one.is_ahead(now) and one.is_near(now) and one.lead_id is not None
        return dict.fromkeys(one.guests, News.NEW) if begins else {}
    if one.is_over(now):
        return {}
    if one.is_called_off(now):
        return dict.fromkeys(known.present, News.CANCELLED)
    if one.state is not ReviewState.PLANNED:
        return {}
    return _differences(one, known)


def _differences(one: Wanted, known: Known) -> dict[int, News]:
    present, invitation = known.present, known.invitation
    gone = dict.fromkeys((key for key in present if key not in one.guests), News.REMOVED)
    new = dict.fromkeys((key for key in one.guests if key not in present), News.NEW)
    if invitation.fingerprint == one.fingerprint(one.lead_id or invitation.organiser_id):
        return new | gone
    return dict.fromkeys(one.guests, News.CHANGED) | new | gone


def _begin(session: Session, reviews: Sequence[Wanted], now: datetime) -> dict[int, Known]:
    """Invitations to reviews that had none; those that another process began meanwhile are left to it."""
    if not reviews:
        return {}
    house = calendar_objects.house(session)
    rows = [_row(one, house, now) for one in reviews]
    statement = insert_unless_there(session, ReviewInvitation, "review_id").returning(ReviewInvitation.review_id)
    made = session.connection().execute(statement, rows).scalars().all()
    mine = select(ReviewInvitation).where(ReviewInvitation.review_id.in_(made))
    loaded = mine.options(joinedload(ReviewInvitation.organiser), joinedload(ReviewInvitation.unit))
    return {invitation.review_id: Known(invitation, {}) for invitation in session.scalars(loaded)}


def _row(one: Wanted, house: str, now: datetime) -> dict[str, object]:
    """As no calendar knows it yet: the first letter counts it up to nought."""
    return {
        "review_id": one.review_id,
        "unit_id": one.unit_id,
        "uid": calendar_objects.uid(one.review_id, house),
        "sequence": -1,
        "told_sequence": 0,
        "organiser_id": one.lead_id,
        "fingerprint": "",
        "sent_at": now,
        "cancelled_at": now,
    }


def _write(session: Session, one: Wanted, known: Known, news: dict[int, News], now: datetime) -> list[Letter]:
    """What is sent once is written down; the letters that send it."""
    invitation, before = known.invitation, known.invitation.fingerprint
    invitation.sequence += 1
    invitation.sent_at = now
    if one.lead_id is not None and one.lead_id != invitation.organiser_id:
        invitation.organiser_id, invitation.organiser = one.lead_id, one.people[one.lead_id]
    fingerprint = one.fingerprint(invitation.organiser_id)
    cancelled = News.CANCELLED in news.values()
    if cancelled or invitation.cancelled_at is not None or invitation.fingerprint != fingerprint:
        invitation.told_sequence = invitation.sequence
    if not cancelled:
        invitation.fingerprint = fingerprint
        _write_guests(session, one, known, now)
    invitation.cancelled_at = now if cancelled else None
    people = one.people | {key: invitee.person for key, invitee in known.invitees.items()}
    was = wanted.time_of(before) if before else None
    present = guests(one, known.present, invitation)
    return [Letter(one, invitation, present, people[key], what, was) for key, what in news.items()]


def _write_guests(session: Session, one: Wanted, known: Known, now: datetime) -> None:
    """Those invited stand there; the others are marked as gone."""
    for person_id, invitee in known.invitees.items():
        if person_id not in one.guests:
            invitee.removed_at = invitee.removed_at or now
        elif invitee.removed_at is not None:
            invitee.removed_at, invitee.answer, invitee.answered_sequence = None, CalendarAnswer.NONE, None
    for person_id in one.guests:
        if person_id not in known.invitees:
            invitee = ReviewInvitee(review_id=one.review_id, person=one.people[person_id], invitation=known.invitation)
            session.add(invitee)
            known.invitees[person_id] = invitee
