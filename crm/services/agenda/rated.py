"""How IT was rated since the last review, as far as it may be shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import Row, exists, or_, select
from sqlalchemy.orm import Session

from crm.services import attention, clock, words
from crm.services.agenda.evidence import Evidence
from crm.services.agenda.window import Window
from crm.services.confidentiality import may_show
from crm.stats.scores import score_of
from crm.stats.told import told
from models.agenda import Source
from models.person import Person
from models.rating import Invitation, Response, Round
from models.unit import BusinessUnit

#: Rounds at most, and comments of one.
MOST, COMMENTS = 8, 3
PLACE, WEIGHT, MINUTES = 2, 2, 5


def read(
    session: Session, *, unit: BusinessUnit, window: Window, known: Collection[int], today: date
) -> list[Evidence]:
    """Rounds somebody answered in the window, or known by their id, the newest first; those without names once they may
    be read. One statement.

    The caller has checked the right to see ratings.
    """
    answered = exists().where(Response.round_id == Round.id, window.holds(Response.answered_at)).correlate(Round)
    heard = (Round.bears_names & answered) | (~Round.bears_names & window.holds(Round.closes_at))
    wanted = (
        select(Round.id)
        .where(Round.unit_id == unit.id, Round.scores_shown, or_(heard, Round.id.in_(known)))
        .order_by(Round.opened_at.desc(), Round.id.desc())
        .limit(MOST + len(known))
    )
    rows = session.execute(
        select(Round, Response.score, Response.comment, Person.name)
        .join(Response, Response.round_id == Round.id)
        .outerjoin(Invitation, Invitation.id == Response.invitation_id)
        .outerjoin(Person, Person.id == Invitation.person_id)
        .where(Round.id.in_(select(wanted.subquery().c.id)))
        .order_by(Round.opened_at.desc(), Round.id.desc(), Response.answered_at.desc(), Response.id.desc())
    ).all()
    by_round = groupby(rows, key=_round_id)
    return [_evidence(list(answers), unit, today) for _, answers in by_round]


def _round_id(row: Row[Round, int, str, str]) -> int:
    asked: Round = row.Round
    return asked.id


def _evidence(answers: Sequence[Row[Round, int, str, str]], unit: BusinessUnit, today: date) -> Evidence:
    asked: Round = answers[0].Round
    opened = words.day(clock.local_date(asked.opened_at, unit.time_zone), today)
    score = score_of([row.score for row in answers], max(asked.asked, len(answers)))
    said = f"{score.text} of 5, {told(score).words}"
    return Evidence(
        Source.RATING,
        asked.id,
        f"How you rated us on {opened}",
        said,
        is_late=score.value is not None and score.value < attention.LOW,
        minutes=MINUTES,
        weight=WEIGHT,
        place=PLACE,
        score=score,
        comments=_comments(asked, answers),
    )


def _comments(asked: Round, answers: Sequence[Row[Round, int, str, str]]) -> tuple[tuple[str, str], ...]:
    if not may_show(asked, len(answers), comments=True):
        return ()
    said = [(row.name if asked.bears_names else "", row.comment) for row in answers if row.comment]
    return tuple((said if asked.bears_names else sorted(said))[:COMMENTS])
