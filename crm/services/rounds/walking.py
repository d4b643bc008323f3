"""Walking through the days ahead: what opens when, if nobody is asked more than once in so many days. Pure.

The same walk tells the job what opens today and the page what opens in the next thirty days, so they cannot differ.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from crm.services.rounds.days import working
from crm.services.rounds.drawing import Able
from crm.services.rounds.due import Due
from crm.services.rounds.known import TOO_OLD, Known

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """A round that opens on ``day`` for these people; without people it is left out, on the day it was due."""

    due: Due
    day: date
    people: tuple[Able, ...] = ()
    #: The survey for which people are kept free.
    survey_on: date | None = None

    @property
    def is_left_out(self) -> bool:
        return not self.people


class Walk:
    def __init__(self, known: Known, today: date, dues: Iterable[Due]) -> None:
        self._known, self._today = known, today
        self._rest = (known.rules.rest_days + 1) * DAY
        self._free: dict[int, date] = dict(known.free_on)
        self._dues = [due for due in dues if due.group and due.until >= today]
        self._kept = self._kept_free()

    def _kept_free(self) -> Mapping[int, list[date]]:
        """By person the days of surveys to come."""
        kept: dict[int, list[date]] = defaultdict(list)
        for due in self._dues:
            if due.comes_first and (day := self._day(due)) and day >= self._today:
                for able in due.group:
                    kept[able.person_id].append(day)
        return kept

    def steps(self, until: date) -> Iterator[Step]:
        """In the order of their days, surveys first on each, to the day ``until``."""
        waiting = [(due.on, not due.comes_first, due.occasion, due) for due in self._dues]
        heapq.heapify(waiting)
        while waiting:
            at, later, occasion, due = heapq.heappop(waiting)
            if at > until:
                return
            day = self._day(due)
            if day is None:
                yield Step(due, max(at, due.on), survey_on=self._survey(due))
            elif day > at:
                heapq.heappush(waiting, (day, later, occasion, due))
            elif day >= self._today:
                yield self._opened(due, day)

    def _opened(self, due: Due, day: date) -> Step:
        asked = tuple(able for able in due.group if self._free_at(due, able) <= day)
        for able in asked:
            self._free[able.person_id] = day + self._rest
        return Step(due, day, asked)

    def _day(self, due: Due) -> date | None:
        """The first working day on which enough of them may be asked; None when that is too late.

        What was missed by no more than two weeks is caught up today.
        """
        free = sorted(self._free_at(due, able) for able in due.group)
        if len(free) < due.need:
            return None
        ready = free[due.need - 1]
        head = next((self._free_at(due, able) for able in due.group if able.person_id == due.head_id), ready)
        if head <= due.until:
            ready = max(ready, head)
        if ready < self._today <= ready + TOO_OLD:
            ready = self._today
        day = working(ready, self._known.calendars[due.unit_id])
        return day if day <= due.until else None

    def _free_at(self, due: Due, able: Able) -> date:
        """From when this person may be asked, surveys to come kept in mind."""
        free = max(due.on, self._free.get(able.person_id, due.on))
        if due.comes_first:
            return free
        for survey in sorted(self._kept.get(able.person_id, ())):
            if free - self._rest < survey < free + self._rest:
                free = survey + self._rest
        return free

    def _survey(self, due: Due) -> date | None:
        kept = [day for able in due.group for day in self._kept.get(able.person_id, ())]
        return min((day for day in kept if abs(day - due.on) < self._rest), default=None)
