"""A unit's requests: asked and offered, answered and delivered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from crm.services.demo.era import Era, office_hour, working_day
from crm.services.demo.meetings import Met
from crm.services.demo.people import Known
from crm.services.demo.rows import Rows
from crm.services.demo.stories import Fate
from crm.services.demo.units import Unit
from crm.services.demo.wording import MANY, Skill, Wish, few, written
from models.request import Origin, Request, RequestState

#: Younger than this many days: not answered yet. Older than that: delivered, if it was accepted.
FRESH, DELIVERED = 14, 150
#: Refusals without an alternative are rare, and lie so many days back in ordinary units.
WITHOUT_ALTERNATIVE, LONG_AGO = 0.25, 400


def write(rows: Rows, unit: Unit, era: Era, met: Sequence[Met]) -> None:
    """The theme's wishes spread over the era, and those that are part of the story."""
    rng = unit.chance("requests")
    secretary = Register(rows, unit, era, rng)
    wishes = rng.sample(unit.theme.wishes, len(unit.theme.wishes))
    span = (era.today - era.start).days - 40
    for place, wish in enumerate(wishes):
        day = era.start + timedelta(days=30 + span * place // len(wishes) + rng.randrange(span // len(wishes)))
        secretary.by_chance(wish, working_day(min(day, era.ago(3))), met)
    for fate in unit.story.fates:
        secretary.by_fate(fate)


class Register:
    def __init__(self, rows: Rows, unit: Unit, era: Era, rng: Random) -> None:
        self._rows, self._unit, self._era, self._rng = rows, unit, era, rng

    def by_chance(self, wish: Wish, day: date, met: Sequence[Met]) -> None:
        """Logged in the meeting next to that day, or on the day itself; decided by its age."""
        near = min(met, key=lambda meeting: abs(meeting.on - day), default=None)
        in_meeting, wait, luck = self._rng.random() < 0.6, self._rng.randint(3, 24), self._rng.random()
        meeting_id = None
        if in_meeting and near:
            meeting_id, day = near.meeting_id, near.on
        lead = self._unit.lead(day)
        decided_on = working_day(day + timedelta(days=wait))
        if (
            lead is None
            or self._unit.lead(decided_on) is None
            or decided_on >= self._era.today
            or self._age(day) < FRESH
        ):
            state, decided_on_or_none = RequestState.LOGGED, None
        else:
            state, decided_on_or_none = self._end(wish, day, luck), decided_on
        self._add(wish, day, state, decided_on_or_none, meeting_id, self._asker(wish, day, lead))

    def by_fate(self, fate: Fate) -> None:
        day = self._era.ago(fate.logged)
        asker = self._unit.head(day) if fate.asked_by is None else self._unit.users[fate.asked_by]
        if fate.wish.offered:
            asker = self._unit.lead(day) or asker
        decided_on = None if fate.decided is None else self._era.ago(fate.decided)
        self._add(fate.wish, day, fate.state, decided_on, None, asker)

    def _end(self, wish: Wish, day: date, luck: float) -> RequestState:
        if not wish.yes:
            return RequestState.DECLINED
        return RequestState.DELIVERED if self._age(day) > DELIVERED or luck < 0.4 else RequestState.ACCEPTED

    def _asker(self, wish: Wish, day: date, lead: Known | None) -> Known:
        chosen = self._rng.choice([self._unit.head(day), *self._unit.users])
        return lead if wish.offered and lead else chosen

    def _age(self, day: date) -> int:
        return (self._era.today - day).days

    def _add(
        self,
        wish: Wish,
        day: date,
        state: RequestState,
        decided_on: date | None,
        meeting_id: int | None,
        asker: Known,
    ) -> None:
        declined = state is RequestState.DECLINED
        names = self._names(day)
        alternative = written(wish.instead, names) if declined and self._offers(day) else ""
        decider = self._unit.lead(decided_on) if decided_on else None
        self._rows.add(
            Request,
            unit_id=self._unit.id,
            meeting_id=meeting_id,
            title=written(wish.title, names),
            business_need=written(wish.need, names),
            requester_id=asker.id,
            origin=Origin.OFFERED if wish.offered else Origin.ASKED,
            state=state,
            logged_on=day,
            decided_at=self._at(decided_on),
            decided_by_id=decider.id if decider else None,
            reason="" if decided_on is None else written(wish.no if declined else wish.yes, names),
            alternative=alternative,
            no_alternative=declined and not alternative,
            delivered_at=self._delivered(state, decided_on),
        )

    def _offers(self, day: date) -> bool:
        return self._rng.random() > WITHOUT_ALTERNATIVE or self._age(day) < LONG_AGO or self._unit.story.keeps_promises

    def _delivered(self, state: RequestState, decided_on: date | None) -> datetime | None:
        if state is not RequestState.DELIVERED or decided_on is None:
            return None
        return self._at(min(working_day(decided_on + timedelta(days=self._rng.randint(10, 90))), self._era.ago(1)))

    def _at(self, day: date | None) -> datetime | None:
        return self._era.instant(day, office_hour(self._rng), self._unit.zone) if day else None

    def _names(self, day: date) -> dict[str, object]:
        first, second = self._unit.users[:2]
        return {
            "unit": self._unit.name,
            "head": self._unit.head(day).given,
            "a": first.given,
            "b": second.given,
            "it": self._unit.specialists[Skill.APPLICATIONS].given,
            "n": few(self._rng),
            "m": self._rng.randint(*MANY),
        }
