"""Answering by personal link: no sign-in, nothing recorded before sending, correctable until the round closes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session, joinedload

from crm.errors import Gone, Invalid, NotFound
from crm.services import anonymous_answers, audit, clock, follow_up_opening, happenings, survey, totals
from crm.services.languages import AS_WRITTEN, Language, later
from crm.services.secrets import hashed
from crm.services.survey import Answers, Asked, Given
from models.rating import WORDS, Answer, Confidentiality, Invitation, PartialAnswer, Response, Round

LONGEST_COMMENT = 4000
CHOOSE = later("Choose one of the five answers.")
TOO_LONG = later("There is room for {most} characters; this has {n}. Shorten it a little.")


class LinkState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    USED = "used"  # of an anonymous round: an answer was sent, and nothing leads back to it
    CLOSED = "closed"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Link:
    """What a personal link leads to. Invitation (with person, round, unit) and response are None when unknown;
    ``partial`` is what was kept for later and not sent."""

    state: LinkState
    invitation: Invitation | None = None
    response: Response | None = None
    partial: PartialAnswer | None = None

    @property
    def takes_answers(self) -> bool:
        return self.state in (LinkState.OPEN, LinkState.ANSWERED)


def find_invitation(session: Session, *, token: str, now: datetime) -> Link:
    """The link behind a token. Reads only. One statement, whether the token is known or not."""
    return _link(session, _by_token(token), now)


def _by_token(token: str) -> Select[Invitation, Response | None, PartialAnswer | None]:
    return (
        select(Invitation, Response, PartialAnswer)
        .outerjoin(Response, Response.invitation_id == Invitation.id)
        .outerjoin(PartialAnswer, PartialAnswer.invitation_id == Invitation.id)
        .where(Invitation.token_hash == hashed(token))
        .options(
            joinedload(Invitation.person, innerjoin=True),
            joinedload(Invitation.round, innerjoin=True).joinedload(Round.unit, innerjoin=True),
            joinedload(Invitation.round, innerjoin=True).joinedload(Round.asked_by),
        )
    )


def _link(
    session: Session, statement: Select[Invitation, Response | None, PartialAnswer | None], now: datetime
) -> Link:
    found = session.execute(statement).one_or_none()
    if found is None:
        return Link(LinkState.UNKNOWN)
    invitation, response, partial = found
    state = _state(invitation, response, now)
    if state is LinkState.CLOSED and not invitation.round.bears_names:
        response = None  # the link may have passed through other hands, and there is nothing left to correct
    return Link(state, invitation, response, partial)


def _state(invitation: Invitation, response: Response | None, now: datetime) -> LinkState:
    if invitation.revoked_at is not None or not invitation.person.is_active:
        return LinkState.REVOKED
    if invitation.round.closes_at <= now:
        return LinkState.CLOSED
    if invitation.is_used:
        return LinkState.USED
    return LinkState.ANSWERED if response else LinkState.OPEN


def open_link(session: Session, *, token: str, now: datetime) -> tuple[Invitation, Link]:
    """The link, as long as it takes answers, and nobody else's until the end of the transaction: of two that arrive at
    once the second waits here, and then finds what the first has left.

    Raises NotFound for an unknown link, Gone for one that has had its day.
    """
    session.execute(select(Invitation.id).where(Invitation.token_hash == hashed(token)).with_for_update())
    link = _link(session, _by_token(token).execution_options(populate_existing=True), now)
    if link.invitation is None:
        raise NotFound("This link is not known here.")
    if not link.takes_answers:
        raise Gone("This link has had its day.")
    return link.invitation, link


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
    invitation, link = open_link(session, token=token, now=now)
    mark, words = _checked_score(score), _checked_comment(comment)
    said = survey.checked(questions(session, invitation, now), answers or {})
    session.execute(delete(PartialAnswer).where(PartialAnswer.invitation_id == invitation.id))
    if not invitation.round.bears_names:
        _keep_unknown(session, invitation, link.response, mark, words, said)
        return None
    audit.act_as(session, invitation.person_id)
    response, said_before = link.response, link.response.comment if link.response else ""
    if response is None:
        response = _record(session, invitation, mark, words, said, now)
    else:
        _correct(session, response, mark, words, said, now)
    totals.changed(session, round_ids=[response.round_id])
    person_id = invitation.person_id
    follow_up_opening.rated(session, response=response, person_id=person_id, now=now, said_before=said_before)
    happenings.rated(session, response, invitation, now)
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


def questions(session: Session, invitation: Invitation, now: datetime, say: Language = AS_WRITTEN) -> list[Asked]:
    """What is asked besides the overall question; nothing in a pulse. At most four statements."""
    today = clock.local_date(now, invitation.round.unit.time_zone)
    return survey.asked(session, round_=invitation.round, today=today, say=say)


def given(session: Session, response: Response) -> Answers:
    """What a response says to the other questions. One statement."""
    rows = session.scalars(select(Answer).where(Answer.response_id == response.id))
    return {(row.question_id, row.about): Given(row.value, row.weight, row.minimum, row.desired) for row in rows}


def _checked_score(score: int | None) -> int:
    if score not in WORDS:
        raise Invalid("score", CHOOSE)
    return int(score)


def _checked_comment(comment: str) -> str:
    # PostgreSQL cannot keep the character 0, and a browser sends line ends as CR LF.
    words = comment.replace("\0", "").replace("\r\n", "\n").strip()
    if len(words) > LONGEST_COMMENT:
        raise Invalid("comment", TOO_LONG.format(most=f"{LONGEST_COMMENT:,}", n=f"{len(words):,}"))
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
