"""Reading what health is made from: sixteen statements however many units, and only what the days may need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from crm.services.health.facts import (
    ActionFact,
    AnswerFact,
    Facts,
    FlagFact,
    OfferFact,
    ReplyFact,
    ReviewFact,
    RhythmFact,
    RoundFact,
)
from crm.services.health.pieces import A_YEAR, HALF_A_YEAR
from crm.services.health.satisfaction import COUNTS_FOR
from models.action import Action, ActionState
from models.engagement import Assessment, DangerFlag, EngagementModel
from models.follow_up import FollowUp, FollowUpCause, FollowUpState
from models.person import Person
from models.rating import Round
from models.request import Origin, Request
from models.review import Cadence, Review, ReviewState
from models.total import OVERALL, RoundTotal

#: Days of units, and instants, may be this far apart.
SLACK = timedelta(days=2)
#: An answer to one of the four questions is fresh for less than this.
THREE_QUARTERS = timedelta(days=280)


@dataclass(frozen=True)
class Span:
    """The days that are looked at, both included."""

    first: date
    last: date

    def since(self, length: timedelta) -> date:
        """From here on what counts for so long may count on one of them."""
        return self.first - length - SLACK

    def instant(self, length: timedelta) -> datetime:
        return datetime.combine(self.since(length), time(), UTC)


@dataclass
class Reading:
    """``zone``: of the organisation, whose days count."""

    session: Session
    unit_ids: Collection[int]
    span: Span
    zone: ZoneInfo
    found: dict[int, Facts] = field(default_factory=lambda: defaultdict(Facts))

    def everything(self) -> dict[int, Facts]:
        """By unit: all but requests, which crm.services.health.reading_requests adds."""
        self._rounds()
        self._rhythms()
        self._reviews()
        self._actions()
        self._replies()
        self._flags()
        self._answers()
        self._offers()
        self._firsts()
        return self.found

    def _of_units(self, wanted: Select[*tuple[Any, ...]], table: Any, *where: Any) -> list[Any]:
        return list(self.session.execute(wanted.where(table.unit_id.in_(self.unit_ids), *where)))

    def on(self, at: datetime) -> date:
        """The day of an instant."""
        return at.astimezone(self.zone).date()

    def _on(self, at: datetime | None) -> date | None:
        return self.on(at) if at else None

    def _rounds(self) -> None:
        """Only what is shown is in the totals."""
        total = select(
            RoundTotal.unit_id,
            RoundTotal.round_id,
            Round.closes_at,
            RoundTotal.asked,
            RoundTotal.n,
            RoundTotal.total,
        ).join(Round, Round.id == RoundTotal.round_id)
        overall = (RoundTotal.measure == OVERALL, RoundTotal.speaks_for_unit, RoundTotal.n > 0)
        for row in self._of_units(total, RoundTotal, *overall, Round.closes_at >= self.span.instant(COUNTS_FOR)):
            self.found[row.unit_id].rounds.append(
                RoundFact(row.round_id, self.on(row.closes_at), row.asked, row.n, row.total)
            )

    def _rhythms(self) -> None:
        wanted = select(Cadence.unit_id, Cadence.frequency, Cadence.since, Cadence.until)
        for unit_id, *rhythm in self._of_units(wanted, Cadence, Cadence.lasts(self.span.first)):
            self.found[unit_id].rhythms.append(RhythmFact(*rhythm))

    def _reviews(self) -> None:
        """Those that count, and the last one before them."""
        earliest = self.span.since(A_YEAR)
        wanted = select(
            Review.unit_id,
            Review.id,
            Review.period,
            Review.period_since,
            Review.period_until,
            Review.state,
            Review.held_on,
        )
        held = Review.state == ReviewState.HELD
        missed = (Review.state == ReviewState.PLANNED) & Review.period_until.between(earliest, self.span.last)
        last = (
            select(Review.unit_id, func.max(Review.held_on).label("held_on"))
            .where(Review.unit_id.in_(self.unit_ids), held, Review.held_on < earliest)
            .group_by(Review.unit_id)
            .subquery()
        )
        is_last = and_(last.c.unit_id == Review.unit_id, last.c.held_on == Review.held_on)
        counts = or_(held & (Review.held_on >= earliest), missed, held & is_last)
        for unit_id, *review in self._of_units(wanted.outerjoin(last, is_last), Review, counts):
            self.found[unit_id].reviews.append(ReviewFact(*review))

    def _actions(self) -> None:
        """What IT owes: whoever is not of the business alone, or nobody yet."""
        wanted = select(Action.unit_id, Action.id, Action.text, Action.due_on, Action.state, Action.settled_at)
        from_it = or_(Person.is_rep, Person.is_cio, Person.is_administrator, ~Person.is_business)
        ours = or_(Action.owner_id.is_(None), from_it)
        still = and_(Action.state == ActionState.OPEN, Action.due_on < self.span.last)
        settled = and_(Action.settled_at >= self.span.instant(HALF_A_YEAR), Action.due_on.is_not(None))
        owned = wanted.outerjoin(Person, Person.id == Action.owner_id)
        for row in self._of_units(owned, Action, ours, or_(still, settled)):
            action = ActionFact(row.id, row.text, row.due_on, row.state, self._on(row.settled_at))
            self.found[row.unit_id].actions.append(action)

    def _replies(self) -> None:
        wanted = select(
            FollowUp.unit_id, FollowUp.id, FollowUp.state, FollowUp.due_on, FollowUp.replied_at, FollowUp.closed_at
        )
        earliest = self.span.instant(HALF_A_YEAR)
        recent = or_(
            FollowUp.state == FollowUpState.OPEN, FollowUp.replied_at >= earliest, FollowUp.closed_at >= earliest
        )
        owed = FollowUp.cause != FollowUpCause.WISH
        for row in self._of_units(wanted, FollowUp, owed, recent):
            reply = ReplyFact(row.id, row.state, row.due_on, self._on(row.replied_at), self._on(row.closed_at))
            self.found[row.unit_id].replies.append(reply)

    def _flags(self) -> None:
        wanted = select(
            DangerFlag.unit_id,
            DangerFlag.id,
            DangerFlag.rule,
            DangerFlag.raised_at,
            DangerFlag.acknowledged_at,
            DangerFlag.cleared_at,
        )
        recent = or_(DangerFlag.cleared_at.is_(None), DangerFlag.cleared_at >= self.span.instant(SLACK))
        for row in self._of_units(wanted, DangerFlag, recent):
            days = (self._on(at) for at in (row.acknowledged_at, row.cleared_at))
            self.found[row.unit_id].flags.append(FlagFact(row.id, row.rule, self.on(row.raised_at), *days))

    def _answers(self) -> None:
        """When each question was first answered in a cycle: corrected later, it was answered all the same."""
        wanted = select(
            Assessment.unit_id, Assessment.question, Assessment.period_on, func.min(Assessment.at).label("at")
        ).group_by(Assessment.unit_id, Assessment.question, Assessment.period_on)
        for row in self._of_units(wanted, Assessment, Assessment.period_on >= self.span.since(THREE_QUARTERS)):
            self.found[row.unit_id].answers.append(AnswerFact(row.question, row.period_on, self.on(row.at)))

    def _offers(self) -> None:
        wanted = select(Request.unit_id, Request.id, Request.title, Request.logged_on)
        offered = (Request.origin == Origin.OFFERED, Request.logged_on >= self.span.since(HALF_A_YEAR))
        for unit_id, *offer in self._of_units(wanted, Request, *offered):
            self.found[unit_id].offers.append(OfferFact(*offer))

    def _firsts(self) -> None:
        """Since when there is anything of a kind."""
        models = select(EngagementModel.unit_id, func.min(EngagementModel.since)).group_by(EngagementModel.unit_id)
        answers = select(Assessment.unit_id, func.min(Assessment.at)).group_by(Assessment.unit_id)
        requests = select(Request.unit_id, func.min(Request.logged_on)).group_by(Request.unit_id)
        for unit_id, since in self._of_units(models, EngagementModel):
            self.found[unit_id].modelled_on = since
        for unit_id, at in self._of_units(answers, Assessment):
            self.found[unit_id].answered_on = self.on(at)
        for unit_id, logged_on in self._of_units(requests, Request):
            self.found[unit_id].requested_on = logged_on
