"""What those who were there say of shared minutes, by personal link or signed in. Looking records nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.errors import Gone, Invalid, NotFound
from crm.policy import Actor
from crm.services import audit, happenings, languages, minutes_mail, organisation, outbox
from crm.services.secrets import hashed, new_token
from crm.services.statements import put_together_once
from models.mail import MailKind
from models.meeting import Attendance, Meeting, Presence
from models.minutes import MinutesReply, MinutesVersion, Reply
from models.person import Person
from models.unit import BusinessUnit

#: So long after sharing a reply is taken, unless a later version ends it before.
TAKEN_FOR = timedelta(days=90)
LONGEST_OBJECTION = 4000


class LinkState(StrEnum):
    OPEN = "open"
    REPLACED = "replaced"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Link:
    """What a personal link leads to. ``reply`` comes with its person, version, who shared it, meeting and unit; None
    when the link is unknown."""

    state: LinkState
    reply: MinutesReply | None = None


def ask(
    session: Session,
    *,
    by: Actor,
    meeting: Meeting,
    unit: BusinessUnit,
    version: MinutesVersion,
    person: Person,
    now: datetime,
) -> None:
    """Send one person the link to a version. Without an address nobody is asked."""
    if not outbox.has_address(person):
        return
    token = new_token()
    session.add(MinutesReply(version_id=version.id, person_id=person.id, token_hash=hashed(token)))
    say = languages.of(person, organisation.current(session).language)
    corrected = version.reason if version.number > 1 else ""
    told = minutes_mail.write(say, unit=unit, to=person, by=by.person, meeting=meeting, corrected=corrected, now=now)
    outbox.queue(
        session,
        key=f"minutes:{version.id}:{person.id}",
        to=person,
        subject=told.subject,
        body=told.body,
        path=f"/m/{token}",
        button=told.button,
        kind=MailKind.MINUTES,
        say=say,
        now=now,
    )


# ---- By link


def find(session: Session, *, token: str, now: datetime) -> Link:
    """The link behind a token. Reads only. One statement, whether the token is known or not."""
    return _link(session, MinutesReply.token_hash == hashed(token), now)


def _link(session: Session, wanted: ColumnElement[bool], now: datetime) -> Link:
    version = joinedload(MinutesReply.version, innerjoin=True)
    there = and_(Attendance.meeting_id == MinutesVersion.meeting_id, Attendance.person_id == MinutesReply.person_id)
    row = session.execute(
        select(MinutesReply, Attendance.presence, Meeting.shared_version)
        .join(MinutesVersion, MinutesVersion.id == MinutesReply.version_id)
        .join(Meeting, Meeting.id == MinutesVersion.meeting_id)
        .outerjoin(Attendance, there)
        .where(wanted)
        .options(
            joinedload(MinutesReply.person, innerjoin=True),
            version.joinedload(MinutesVersion.shared_by),
            version.joinedload(MinutesVersion.meeting, innerjoin=True).joinedload(Meeting.unit, innerjoin=True),
        )
    ).one_or_none()
    return Link(LinkState.UNKNOWN) if row is None else Link(_state(*row, now), row[0])


def _state(reply: MinutesReply, presence: Presence | None, newest: int, now: datetime) -> LinkState:
    if not reply.person.is_active or presence is not Presence.PRESENT:
        return LinkState.REVOKED
    if reply.version.number != newest:
        return LinkState.REPLACED
    return LinkState.EXPIRED if reply.version.shared_at + TAKEN_FOR <= now else LinkState.OPEN


def answer(session: Session, *, token: str, reply: Reply | None, said: str, now: datetime) -> MinutesReply:
    """Confirm or object by link; until the next version it can be changed. Sent twice unchanged, nothing happens.

    Raises NotFound for an unknown link, Gone for one that has had its day, Invalid("reply" | "said").
    """
    return _answer(session, MinutesReply.token_hash == hashed(token), reply, said, now)


def answer_as(
    session: Session, *, by: Actor, meeting: Meeting, reply: Reply | None, said: str, now: datetime
) -> MinutesReply:
    """The same by who is signed in and was asked. Raises NotFound for who was not asked."""
    policy.require(by, policy.Action.SEE_MEETINGS, meeting)
    return _answer(session, _of_person(meeting, by.id), reply, said, now)


def _of_person(meeting: Meeting, person_id: int | None) -> ColumnElement[bool]:
    version = select(MinutesVersion.id).where(
        MinutesVersion.meeting_id == meeting.id, MinutesVersion.number == meeting.shared_version
    )
    return and_(MinutesReply.version_id == version.scalar_subquery(), MinutesReply.person_id == person_id)


def _answer(
    session: Session, wanted: ColumnElement[bool], reply: Reply | None, said: str, now: datetime
) -> MinutesReply:
    # Of two that arrive at once the second waits for this row, and then changes what the first said.
    session.execute(select(MinutesReply.id).where(wanted).with_for_update())
    link = _link(session, wanted, now)
    if link.reply is None:
        raise NotFound("This link is not known here.")
    if link.state is not LinkState.OPEN:
        raise Gone("This link has had its day.")
    found = link.reply
    session.refresh(found, ["reply", "said"])  # the first of two may have changed it
    words_said = _checked(reply, said)
    audit.act_as(session, found.person_id)
    if reply is not None and (found.reply, found.said) != (reply, words_said):
        found.reply, found.said, found.replied_at = reply, words_said, now
        session.flush()
        if reply is Reply.OBJECTED:
            happenings.minutes_objected(session, found, now)
    return found


def _checked(reply: Reply | None, said: str) -> str:
    if reply not in (Reply.CONFIRMED, Reply.OBJECTED):
        raise Invalid("reply", "Say whether the minutes are right.")
    if reply is Reply.CONFIRMED:
        return ""
    if not said:
        raise Invalid("said", "Say what is wrong, so that it can be put right.")
    if len(said) > LONGEST_OBJECTION:
        raise Invalid("said", f"There is room for {LONGEST_OBJECTION:,} letters; this has {len(said):,}.")
    return said


# ---- Reading


def newest(session: Session, *, meeting: Meeting) -> tuple[MinutesVersion | None, list[MinutesReply]]:
    """The version that holds, with who shared it, and the replies to it with their people, by name. One statement."""
    rows = session.execute(
        select(MinutesVersion, MinutesReply)
        .outerjoin(MinutesReply, MinutesReply.version_id == MinutesVersion.id)
        .outerjoin(Person, Person.id == MinutesReply.person_id)
        .where(MinutesVersion.meeting_id == meeting.id, MinutesVersion.number == meeting.shared_version)
        .options(joinedload(MinutesVersion.shared_by), contains_eager(MinutesReply.person))
        .order_by(Person.name, MinutesReply.id)
    ).all()
    return (rows[0][0] if rows else None), [row[1] for row in rows if row[1] is not None]


def text_before(session: Session, *, version: MinutesVersion) -> str | None:
    """What the version before said; None for the first. One statement."""
    before = (MinutesVersion.meeting_id == version.meeting_id, MinutesVersion.number == version.number - 1)
    return session.scalar(select(MinutesVersion.text).where(*before))


def of_versions(session: Session, *, versions: Sequence[MinutesVersion]) -> dict[int, list[MinutesReply]]:
    """The replies to each of these versions, by its id, with their people, by name. One statement."""
    wanted = MinutesReply.version_id.in_([version.id for version in versions])
    asked = select(MinutesReply).join(MinutesReply.person).where(wanted).options(contains_eager(MinutesReply.person))
    found: dict[int, list[MinutesReply]] = {}
    for reply in session.scalars(asked.order_by(Person.name, MinutesReply.id)):
        found.setdefault(reply.version_id, []).append(reply)
    return found


def objecting(replies: Iterable[MinutesReply]) -> list[MinutesReply]:
    """Those that object."""
    return [reply for reply in replies if reply.reply is Reply.OBJECTED]


def waiting_for(session: Session, *, by: Actor, now: datetime, most: int) -> Sequence[Meeting]:
    """Meetings of units ``by`` belongs to whose minutes wait for the word of ``by``, the newest first; with the unit.
    One statement."""
    return session.scalars(
        select(Meeting)
        .join(MinutesVersion, _holds())
        .join(MinutesReply, MinutesReply.version_id == MinutesVersion.id)
        .join(Attendance, and_(Attendance.meeting_id == Meeting.id, Attendance.person_id == MinutesReply.person_id))
        .where(
            MinutesReply.person_id == by.id,
            MinutesReply.reply == Reply.WAITING,
            MinutesVersion.shared_at > now - TAKEN_FOR,
            Attendance.presence == Presence.PRESENT,
            Meeting.unit_id.in_(by.belongs),
        )
        .options(joinedload(Meeting.unit, innerjoin=True))
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
        .limit(most)
    ).all()


def _holds() -> ColumnElement[bool]:
    return and_(MinutesVersion.meeting_id == Meeting.id, MinutesVersion.number == Meeting.shared_version)


def objections(session: Session, *, by: Actor, most: int) -> Sequence[MinutesReply]:
    """What somebody objects to in the newest minutes of units ``by`` looks after, the oldest first; with the person,
    the version, its meeting and unit. One statement."""
    return session.scalars(_objecting_to(by, most)).all()


@put_together_once
def _objecting_to(by: Actor, most: int) -> Select[MinutesReply]:
    version = contains_eager(MinutesReply.version)
    meeting = version.contains_eager(MinutesVersion.meeting)
    return (
        select(MinutesReply)
        .join(MinutesReply.person)
        .join(MinutesReply.version)
        .join(MinutesVersion.meeting)
        .join(Meeting.unit)
        .where(
            MinutesReply.reply == Reply.OBJECTED,
            MinutesVersion.number == Meeting.shared_version,
            Meeting.unit_id.in_(by.covers),
            BusinessUnit.closed_on.is_(None),
        )
        .options(contains_eager(MinutesReply.person), meeting.contains_eager(Meeting.unit))
        .order_by(MinutesReply.replied_at, MinutesReply.id)
        .limit(most)
    )
