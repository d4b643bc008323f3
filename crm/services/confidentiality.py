"""What may be read of a round: named answers at once; of a group that was promised to stay unknown, only enough of
them, and only once no more can come: two readings an answer apart would give that answer away.

The thresholds are fixed when a round opens; ``Round.scores_shown`` and ``Round.comments_shown`` say what every list,
figure, export and mail obeys.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from crm.services import totals
from crm.stats.suppression import COMMENTS_FROM, SCORES_FROM
from models.rating import Confidentiality, Response, Round


def promise(opened: Round, confidentiality: Confidentiality) -> None:
    """Fix what holds for this round for good."""
    is_named = confidentiality is Confidentiality.NAMED
    opened.confidentiality = confidentiality
    opened.scores_shown = opened.comments_shown = is_named
    opened.scores_from, opened.comments_from = (1, 1) if is_named else (SCORES_FROM, COMMENTS_FROM)


def reveal_closed(session: Session, *, now: datetime) -> int:
    """Show what enough people said in closed rounds without names. Returns in how many something came to light.

    Safe to repeat. Two statements, and one for each such round.
    """
    answers = func.count(Response.id)
    hidden = or_(~Round.scores_shown, ~Round.comments_shown)
    closed = session.execute(
        select(Round, answers)
        .join(Response, Response.round_id == Round.id)
        .where(Round.confidentiality != Confidentiality.NAMED, hidden, Round.closes_at <= now)
        .group_by(Round.id)
        .order_by(Round.id)
    ).all()
    revealed = [round_.id for round_, count in closed if _reveal(round_, count)]
    if revealed:
        totals.changed(session, round_ids=revealed)
    return len(revealed)


def _reveal(round_: Round, answers: int) -> bool:
    before = (round_.scores_shown, round_.comments_shown)
    round_.scores_shown, round_.comments_shown = answers >= round_.scores_from, answers >= round_.comments_from
    return before != (round_.scores_shown, round_.comments_shown)
