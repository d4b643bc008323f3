"""Decisions of the demonstration as they were taken, and what units said three months after a no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from crm.services import after_refusals, priority_rules
from crm.services.demo.era import Era, working_day
from crm.services.demo.people import Known
from crm.services.demo.rows import Rows
from crm.services.demo.units import Unit
from crm.services.rounds.days import months_after
from models.request import RequestState
from models.request_part import AfterRefusal, RequestVerdict, Solved, Verdict

DECIDED_AT = time(16, 30)
#: Shares: judged by the points of the rule; and answered when asked three months later, so many days after.
IS_JUDGED, IS_ANSWERED, ANSWERED_AFTER = 0.7, 0.8, timedelta(days=3)
TRADE_OFF = {
    Verdict.ACCEPT: "What it is worth comes back within the year, and two people can do it.",
    Verdict.DECLINE: "It would take the two people who keep the month-end run alive.",
}
#: What heads and key users say to it.
SAID: dict[Solved, tuple[str, ...]] = {
    Solved.ALTERNATIVE: ("What you offered does for now.", "It is less than we asked for, and enough."),
    Solved.ELSEWHERE: ("We bought it ourselves, on the card.", "A firm from outside does it for us."),
    Solved.OURSELVES: ("A sheet, kept by one of us. It works until she is on leave.",),
    Solved.WITHOUT: ("It went away with the reorganisation.",),
    Solved.STILL: ("We still need it, and say so each month.", "Nothing has changed, and it costs us hours."),
}


@dataclass(frozen=True)
class End:
    """How a request stands today."""

    state: RequestState = RequestState.LOGGED
    decided_on: date | None = None
    delivered_on: date | None = None
    confirmed_on: date | None = None
    #: When it came to where it stands, besides by the three.
    moved_on: date | None = None


class Verdicts:
    """Keeps one unit's."""

    def __init__(self, rows: Rows, unit: Unit, era: Era) -> None:
        self._rows, self._unit, self._era = rows, unit, era
        self._rng = unit.chance("verdicts")

    def keep(
        self, request_id: int, end: End, decider: Known | None, reason: str, alternative: str, *, weighed: bool = True
    ) -> None:
        """How it was decided; after a refusal also what was asked, or will be. Nobody weighs a complaint."""
        if end.decided_on is None:
            return
        declined = end.state is RequestState.DECLINED
        verdict = Verdict.DECLINE if declined else Verdict.ACCEPT
        points = self._points(declined=declined) if weighed else {}
        verdict_id = self._rows.add(
            RequestVerdict,
            request_id=request_id,
            at=self._era.instant(end.decided_on, DECIDED_AT, self._unit.zone),
            by_id=decider.id if decider else None,
            verdict=verdict,
            reason=reason,
            alternative=alternative,
            no_alternative=declined and not alternative,
            trade_off=TRADE_OFF[verdict] if points else "",
            points=points,
            score=self._score(points),
        )
        if declined:
            self._after(request_id, verdict_id, end.decided_on, offered=bool(alternative))

    def _points(self, *, declined: bool) -> dict[str, int]:
        if self._rng.random() >= IS_JUDGED:
            return {}
        weak, strong = (0, 2) if declined else (2, 4)
        ends = {False: (weak, strong), True: (4 - strong, 4 - weak)}
        criteria = priority_rules.DEFAULT.criteria
        return {one.key: self._rng.randint(*ends[one.counts_against]) for one in criteria}

    def _score(self, points: dict[str, int]) -> Decimal | None:
        return priority_rules.score(priority_rules.DEFAULT, points)

    def _after(self, request_id: int, verdict_id: int, decided_on: date, offered: bool) -> None:
        due_on = working_day(months_after(decided_on, after_refusals.MONTHS))
        # What is due today is asked by the job, as it would be in any house.
        was_asked = due_on < self._era.today
        is_answered = self._rng.random() < IS_ANSWERED
        solved, words = self._said(offered=offered)
        answered_on = working_day(due_on + ANSWERED_AFTER)
        said = was_asked and is_answered and answered_on < self._era.today
        head = self._unit.head(due_on) if was_asked else None
        self._rows.add(
            AfterRefusal,
            request_id=request_id,
            verdict_id=verdict_id,
            due_on=due_on,
            person_id=head.id if head else None,
            asked_at=self._era.instant(due_on, time(8), self._unit.zone) if was_asked else None,
            answered_at=self._era.instant(answered_on, DECIDED_AT, self._unit.zone) if said else None,
            solved=solved if said else None,
            words=words if said else "",
        )

    def _said(self, *, offered: bool) -> tuple[Solved, str]:
        choices = list(Solved) if offered else [one for one in Solved if one is not Solved.ALTERNATIVE]
        solved = self._rng.choice(choices)
        return solved, self._rng.choice(SAID[solved])
