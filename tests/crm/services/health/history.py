"""A unit to which things happen, day by day, as chance has it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy.orm import Session

from models import Action, BusinessUnit, Request, RequestStep, Review, Round
from models.action import ActionState
from models.engagement import Assessment, DangerFlag, DangerRule, EngagementModel, FourQuestion, Model
from models.question import Instrument
from models.request import Origin, RequestState
from models.request_part import RequestVerdict, Verdict
from models.review import ReviewState
from models.total import OVERALL, RoundTotal
from tests.factories.reviews import add_cadence, new_review, rule

NEXT = {
    RequestState.LOGGED: (RequestState.LOOKING, RequestState.ACCEPTED, RequestState.DECLINED),
    RequestState.LOOKING: (RequestState.WAITING, RequestState.ACCEPTED, RequestState.DECLINED),
    RequestState.WAITING: (RequestState.LOOKING,),
    RequestState.ACCEPTED: (RequestState.DELIVERING,),
    RequestState.DELIVERING: (RequestState.DELIVERED,),
    RequestState.DELIVERED: (RequestState.CONFIRMED,),
    RequestState.DECLINED: (RequestState.LOOKING,),
    RequestState.CONFIRMED: (),
}


def at(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


class History:
    """What happens to one unit."""

    def __init__(self, session: Session, unit: BusinessUnit, begun: date, seed: int) -> None:
        self.session, self.unit, self.rng = session, unit, Random(seed)
        self.actions: list[Action] = []
        self.requests: list[Request] = []
        self.flags: list[DangerFlag] = []
        cadence = add_cadence(session, unit, rule(), begun)
        months = sorted({(begun + timedelta(days=15 * n)).replace(day=10) for n in range(30)})
        self.reviews = [new_review(cadence, day) for day in months]
        session.add_all(self.reviews)
        self._add(EngagementModel(unit_id=unit.id, model=Model.CUSTOMER, why="So", at=at(begun), since=begun))

    def happens(self, day: date) -> None:
        """Some of it, on that day."""
        for chance, happening in (
            (0.15, self._promise),
            (0.15, self._settle),
            (0.15, self._ask),
            (0.3, self._move),
            (0.05, self._close_round),
            (0.06, self._warn),
            (0.04, self._answer),
            (0.15, self._meet),
        ):
            if self.rng.random() < chance:
                happening(day)
        self.session.flush()

    def _add(self, thing: Action | Request | DangerFlag | EngagementModel | Round) -> None:
        self.session.add(thing)
        self.session.flush()

    def _promise(self, day: date) -> None:
        due_on = day + timedelta(days=self.rng.randint(1, 20))
        self.actions.append(Action(unit_id=self.unit.id, text="A word", due_on=due_on, made_at=at(day)))
        self._add(self.actions[-1])

    def _settle(self, day: date) -> None:
        still = [action for action in self.actions if action.state is ActionState.OPEN]
        if still:
            action = self.rng.choice(still)
            action.state = self.rng.choice((ActionState.DONE, ActionState.DONE, ActionState.DROPPED))
            action.settled_at = at(day)

    def _ask(self, day: date) -> None:
        origin = self.rng.choice((Origin.ASKED, Origin.ASKED, Origin.OFFERED))
        request = Request(unit_id=self.unit.id, title="A need", business_need="So", origin=origin, logged_on=day)
        self._add(request)
        self.requests.append(request)
        self._step(request, RequestState.LOGGED, day)

    def _move(self, day: date) -> None:
        still = [request for request in self.requests if NEXT[request.state]]
        if not still:
            return
        request = self.rng.choice(still)
        state = self.rng.choice(NEXT[request.state])
        if state is RequestState.DECLINED:
            offers = self.rng.choice(("Something else", ""))
            request.alternative, request.no_alternative = offers, not offers
            told = {"reason": "So", "alternative": offers, "no_alternative": not offers}
            self.session.add(RequestVerdict(request_id=request.id, at=at(day), verdict=Verdict.DECLINE, **told))
        self._step(request, state, day)

    def _step(self, request: Request, state: RequestState, day: date) -> None:
        request.state, request.stands_since = state, at(day)
        self.session.add(RequestStep(request_id=request.id, at=at(day), state=state))

    def _close_round(self, day: date) -> None:
        opened = at(day) - timedelta(days=14)
        asked, n = 4, self.rng.randint(0, 4)
        scores = [self.rng.randint(1, 5) for _ in range(n)]
        round_ = Round(unit_id=self.unit.id, opened_at=opened, closes_at=at(day), asked=asked)
        self._add(round_)
        counted = {"asked": asked, "n": n, "total": sum(scores), "squares": sum(one * one for one in scores)}
        others = dict.fromkeys(("satisfied", "promoters", "detractors", "weights", "weight_total"), 0)
        self.session.add(
            RoundTotal(
                round_id=round_.id,
                measure=OVERALL,
                unit_id=self.unit.id,
                opened_at=opened,
                month=opened.date().replace(day=1),
                instrument=Instrument.PULSE,
                speaks_for_unit=True,
                is_of_chance=False,
                **counted,
                **others,
            )
        )

    def _warn(self, day: date) -> None:
        up = [flag for flag in self.flags if flag.cleared_at is None]
        if not up:
            self.flags.append(DangerFlag(unit_id=self.unit.id, rule=DangerRule.NEITHER, raised_at=at(day)))
            self._add(self.flags[-1])
        elif up[0].acknowledged_at is None and self.rng.random() < 0.5:
            up[0].acknowledged_at, up[0].reason = at(day), "Known"
        else:
            up[0].cleared_at = at(day)

    def _answer(self, day: date) -> None:
        quarter = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        question = self.rng.choice(list(FourQuestion))
        told = {"period_on": quarter, "answer": "So", "at": at(day)}
        self.session.add(Assessment(unit_id=self.unit.id, question=question, **told))

    def _meet(self, day: date) -> None:
        for review in self.reviews:
            if review.state is ReviewState.PLANNED and review.period_since <= day < review.period_until:
                review.state, review.held_on = ReviewState.HELD, day


def held_reviews(history: History) -> list[Review]:
    return [review for review in history.reviews if review.state is ReviewState.HELD]
