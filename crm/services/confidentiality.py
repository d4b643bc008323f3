"""What may be read of a round. Answers with names: at once. Of people who were promised to stay unknown: nothing while
more may come, not even how many have answered; then the whole round, if enough have, and never again differently.

That is all the arithmetic there is to guard against: two readings an answer apart would give that answer away, so
there are none; and a total counts a round wholly or not at all, so no difference of totals is about fewer people than
the smallest round shown. Where parts are shown beside their total, ``hidden_groups`` hides what subtraction would
reveal. docs/confidentiality.md says it to people.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crm.errors import Gone
from crm.services import totals
from crm.stats.suppression import COMMENTS_FROM, SCORES_FROM, suppressed
from models.mail import Reminder
from models.outbox import OutboxMessage
from models.rating import Confidentiality, Response, Round

K = TypeVar("K", bound=Hashable)


def promise(opened: Round, confidentiality: Confidentiality) -> None:
    """Fix what holds for this round for good."""
    is_named = confidentiality is Confidentiality.NAMED
    opened.confidentiality = confidentiality
    opened.scores_shown = opened.comments_shown = is_named
    opened.scores_from, opened.comments_from = (1, 1) if is_named else (SCORES_FROM, COMMENTS_FROM)


def may_show(round_: Round, answers: int, *, comments: bool = False) -> bool:
    """Whether a figure about so many answers of this round may be read (``comments``: what they wrote)."""
    is_shown, least = (
        (round_.comments_shown, round_.comments_from) if comments else (round_.scores_shown, round_.scores_from)
    )
    return is_shown and answers >= least


def hidden_groups(
    groups: Mapping[K, Collection[Hashable]],
    *,
    least: int = SCORES_FROM,
    shown_before: Iterable[Collection[Hashable]] = (),
) -> set[K]:
    """Which of these groups of answers, a total and its parts say, have to be hidden: those that are too small, and
    those from which a small one could be worked out. ``groups``: key -> ids of the answers in it."""
    return suppressed(groups, least=least, shown_before=shown_before)


def refuse_settled(session: Session, round_: Round) -> None:
    """Keep the round from being settled until this transaction ends. Raises Gone when it is: an answer more would show
    by the difference."""
    if session.scalar(select(Round.is_settled).where(Round.id == round_.id).with_for_update()):
        raise Gone("This link has had its day.")


def reveal_closed(session: Session, *, now: datetime) -> int:
    """Settle the rounds without names that have closed: count their answers, show what enough people said, and drop the
    links from the mails that brought them. Returns in how many something came to light.

    Safe to repeat: each is settled once. Five statements for each such round.
    """
    closed = (~Round.bears_names, ~Round.is_settled, Round.closes_at <= now)
    due = session.scalars(select(Round).where(*closed).order_by(Round.id).with_for_update()).all()
    revealed = [round_.id for round_ in due if _settle(session, round_)]
    if revealed:
        totals.changed(session, round_ids=revealed)
    return len(revealed)


def _settle(session: Session, round_: Round) -> bool:
    answers = session.scalar(select(func.count(Response.id)).where(Response.round_id == round_.id)) or 0
    round_.scores_shown, round_.comments_shown = answers >= round_.scores_from, answers >= round_.comments_from
    round_.is_settled = True
    _drop_links(session, round_)
    return round_.scores_shown


def _drop_links(session: Session, round_: Round) -> None:
    brought = select(OutboxMessage.path).where(
        OutboxMessage.key.like(f"rating:{round_.id}:%"), OutboxMessage.path != ""
    )
    paths = session.scalars(brought).all()
    for table in (Reminder, OutboxMessage):
        session.execute(update(table).where(table.path.in_(paths)).values(path=""))
