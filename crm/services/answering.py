"""Answering by personal link: no sign-in, nothing recorded before sending, correctable until the round closes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Select, case, delete, func, or_, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Gone, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import anonymous_answers, audit, clock, follow_ups, happenings, survey, totals
from crm.services.secrets import hashed
from crm.services.survey import Answers, Asked, Given
from models.person import Person
from models.rating import WORDS, Answer, Confidentiality, Invitation, Response, Round
from models.request import Request
from models.unit import Assignment, BusinessUnit, Cover

LONGEST_COMMENT = 4000
NEWS_SHOWN = 5


class LinkState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    USED = "used"  # of an anonymous round: an answer was sent, and nothing leads back to it
    CLOSED = "closed"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Link:
    """What a personal link leads to. Invitation (with person, round, unit) and response are None when unknown."""

    state: LinkState
    invitation: Invitation | None = None
    response: Response | None = None

    @property
    def takes_answers(self) -> bool:
        return self.state in (LinkState.OPEN, LinkState.ANSWERED)


def find_invitation(session: Session, *, token: str, now: datetime) -> Link:
    """The link behind a token. Reads only. One statement, whether the token is known or not."""
    return _link(session, _by_token(token), now)


def _by_token(token: str) -> Select[Invitation, Response | None]:
    return (
        select(Invitation, Response)
        .outerjoin(Response, Response.invitation_id == Invitation.id)
        .where(Invitation.token_hash == hashed(token))
        .options(
            joinedload(Invitation.person, innerjoin=True),
            joinedload(Invitation.round, innerjoin=True).joinedload(Round.unit, innerjoin=True),
            joinedload(Invitation.round, innerjoin=True).joinedload(Round.asked_by),
        )
    )


def _link(session: Session, statement: Select[Invitation, Response | None], now: datetime) -> Link:
    found = session.execute(statement).one_or_none()
    if found is None:
        return Link(LinkState.UNKNOWN)
    invitation, response = found
    if invitation.revoked_at is not None or not invitation.person.is_active:
        state = LinkState.REVOKED
    elif invitation.round.closes_at <= now:
        state = LinkState.CLOSED
    elif invitation.is_used:
        state = LinkState.USED
    else:
        state = LinkState.ANSWERED if response else LinkState.OPEN
    if state is LinkState.CLOSED and not invitation.round.bears_names:
        response = None  # the link may have passed through other hands, and there is nothing left to correct
    return Link(state, invitation, response)


def answer(
    session: Session,
    *,
    token: str,
    score: int | None,
    comment: str,
    now: datetime,
    answers: Answers | None = None,
) -> Response | None:
    """Record the answer, or correct the one given before; sent twice unchanged, nothing happens.

    ``score`` is 1 (very poorly) to 5 (very well); ``answers`` those to the other questions of the round. Returns None
    in a round without names. Raises NotFound for an unknown link, Gone for one that has had its day, Invalid("score"),
    Invalid("comment") or Invalid on the field of a question.
    """
    # Of two that arrive at once the second waits for this row, and then corrects the first.
    session.execute(select(Invitation.id).where(Invitation.token_hash == hashed(token)).with_for_update())
    link = _link(session, _by_token(token).execution_options(populate_existing=True), now)
    if link.invitation is None:
        raise NotFound("This link is not known here.")
    if not link.takes_answers:
        raise Gone("This link has had its day.")
    mark, words = _checked_score(score), _checked_comment(comment)
    said = survey.checked(questions(session, link.invitation, now), answers or {})
    if not link.invitation.round.bears_names:
        _keep_unknown(session, link.invitation, link.response, mark, words, said)
        return None
    audit.act_as(session, link.invitation.person_id)
    response = link.response
    if response is None:
        response = _record(session, link.invitation, mark, words, said, now)
    else:
        _correct(session, response, mark, words, said, now)
    totals.changed(session, round_ids=[response.round_id])
    follow_ups.rated(session, response=response, person_id=link.invitation.person_id, now=now)
    happenings.rated(session, response, link.invitation, now)
    return response


def _keep_unknown(
    session: Session, invitation: Invitation, response: Response | None, score: int, comment: str, answers: Answers
) -> None:
    if invitation.round.confidentiality is Confidentiality.ANONYMOUS:
        anonymous_answers.record(session, invitation=invitation, score=score, comment=comment, answers=answers)
    else:
        anonymous_answers.keep(
            session, invitation=invitation, response=response, score=score, comment=comment, answers=answers
        )


def questions(session: Session, invitation: Invitation, now: datetime) -> list[Asked]:
    """What is asked besides the overall question; nothing in a pulse. At most four statements."""
    today = clock.local_date(now, invitation.round.unit.time_zone)
    return survey.asked(session, round_=invitation.round, today=today)


def given(session: Session, response: Response) -> Answers:
    """What a response says to the other questions. One statement."""
    rows = session.scalars(select(Answer).where(Answer.response_id == response.id))
    return {(row.question_id, row.about): Given(row.value, row.weight) for row in rows}


def _checked_score(score: int | None) -> int:
    if score not in WORDS:
        raise Invalid("score", "Choose one of the five answers.")
    return int(score)


def _checked_comment(comment: str) -> str:
    # PostgreSQL cannot keep the character 0, and a browser sends line ends as CR LF.
    words = comment.replace("\0", "").replace("\r\n", "\n").strip()
    if len(words) > LONGEST_COMMENT:
        raise Invalid(
            "comment",
            f"There is room for {LONGEST_COMMENT:,} characters; this has {len(words):,}. Shorten it a little.",
        )
    return words


def _record(
    session: Session, invitation: Invitation, score: int, comment: str, answers: Answers, now: datetime
) -> Response:
    response = Response(
        invitation_id=invitation.id,
        round_id=invitation.round_id,
        unit_id=invitation.round.unit_id,
        score=score,
        comment=comment,
        answered_at=now,
        answers=survey.rows(answers),
    )
    session.add(response)
    session.flush()
    return response


def _correct(session: Session, response: Response, score: int, comment: str, answers: Answers, now: datetime) -> None:
    """Nothing, when it says what it said before."""
    same = (response.score, response.comment) == (score, comment)
    if same and given(session, response) == answers:
        return
    response.score, response.comment, response.corrected_at = score, comment, now
    session.execute(delete(Answer).where(Answer.response_id == response.id))
    session.add_all(_of(response, row) for row in survey.rows(answers))
    session.flush()


def _of(response: Response, row: Answer) -> Answer:
    row.response_id = response.id
    return row


@dataclass(frozen=True)
class Readers:
    """Everyone who may read a named answer about a unit. ``other_reps``: how many more account reps may."""

    covering: Sequence[Person]
    cios: Sequence[Person]
    other_reps: int


def readers(session: Session, unit: BusinessUnit, today: date) -> Readers:
    """Who may read the answers about this unit, the lead rep first: what the policy says, not a list beside it."""
    assigned = (Assignment.rep_id == Person.id) & (Assignment.unit_id == unit.id) & Assignment.in_force(today)
    rows = session.execute(
        select(Person, Assignment.cover)
        .outerjoin(Assignment, assigned)
        .where(Person.left_on.is_(None), Person.is_rep | Person.is_cio | Person.is_administrator)
        .order_by(case((Assignment.cover == Cover.LEAD, 0), else_=1), func.lower(Person.name), Person.id)
    )
    covering: dict[int, Person] = {}
    others: dict[int, Person] = {}
    for person, cover in rows:
        actor = Actor(person, today, covers=frozenset({unit.id} if cover else ()))
        if policy.can(actor, Action.SEE_RATINGS, unit):
            (covering if cover and person.is_rep else others).setdefault(person.id, person)
    rest = [person for person in others.values() if person.id not in covering]
    cios = [person for person in rest if person.is_cio]
    return Readers(list(covering.values()), cios, len(rest) - len(cios))


def last_told(session: Session, invitation: Invitation) -> Response | None:
    """What this person said about this unit the time before; None the first time."""
    return session.scalar(
        select(Response)
        .join(Response.invitation)
        .where(
            Invitation.person_id == invitation.person_id,
            Response.unit_id == invitation.round.unit_id,
            Response.round_id != invitation.round_id,
        )
        .order_by(Response.answered_at.desc(), Response.id.desc())
        .limit(1)
    )


def news(session: Session, invitation: Invitation, since: datetime) -> Sequence[Request]:
    """What this person asked for in this unit and was decided or delivered since; newest first."""
    happened = func.coalesce(Request.delivered_at, Request.decided_at)
    return session.scalars(
        select(Request)
        .where(
            Request.unit_id == invitation.round.unit_id,
            Request.requester_id == invitation.person_id,
            or_(Request.decided_at > since, Request.delivered_at > since),
        )
        .order_by(happened.desc(), Request.id.desc())
        .limit(NEWS_SHOWN)
    ).all()
