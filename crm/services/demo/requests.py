"""A unit's requests: asked and offered, answered and delivered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from crm.services.complaint_rules import CIO
from crm.services.demo import complaints, weighing
from crm.services.demo.complaints import GRIEVANCES, Grievance
from crm.services.demo.era import Era, office_hour, working_day
from crm.services.demo.meetings import Met
from crm.services.demo.people import Known
from crm.services.demo.rows import Rows
from crm.services.demo.stories import Fate
from crm.services.demo.units import Unit
from crm.services.demo.verdicts import End, Verdicts
from crm.services.demo.weighing import Scales, done
from crm.services.demo.wording import MANY, Names, Skill, Wish, few, written
from models.request import UNDECIDED, Origin, Request, RequestKind, RequestState, RequestStep
from models.request_part import Escalation

#: Younger than this many days: not answered yet. Older than that: delivered, if it was accepted.
FRESH, DELIVERED = 21, 240
#: The last request lies at least so many days back; requests come denser towards today.
SETTLES, DENSER = 3, 0.7
#: Refusals without an alternative are rare, and lie so many days back in ordinary units.
WITHOUT_ALTERNATIVE, LONG_AGO = 0.25, 400
#: Of those not answered yet, asked back; of those delivered, confirmed by the head.
ASKED_BACK, IS_CONFIRMED, CONFIRMED_AFTER = 0.25, 0.8, timedelta(days=6)
#: Who has not confirmed for longer was asked, and said so.
ASKED_ABOUT = 45
#: What was accepted longer ago is in work; it, and what is looked into, came there so many days ago.
BEGUN_AFTER, LATELY = 12, (1, 4)
SEEN_TO = "You are right, and we see to it."
ASKED, STEPPED_AT = "How many people is it for, and from when on?", time(16, 30)
IN_A_MEETING, QUICKLY_DELIVERED = 0.6, 0.3


@dataclass(frozen=True)
class Waiting:
    """A request without an answer."""

    request_id: int
    title: str


def write(rows: Rows, unit: Unit, era: Era, met: Sequence[Met], scales: Scales) -> list[Waiting]:
    """The theme's wishes spread over the era, and those that are part of the story. Returns what waits."""
    rng = unit.chance("requests")
    register = Register(rows, unit, era, rng, scales)
    wishes = rng.sample(unit.theme.wishes, len(unit.theme.wishes))
    first = era.start + timedelta(days=30)
    for place, wish in enumerate(wishes):
        share = (place + rng.random()) / len(wishes)
        day = first + (era.ago(SETTLES) - first) * share**DENSER
        register.by_chance(wish, working_day(day), met)
    for fate in unit.story.fates:
        register.by_fate(fate)
    for grievance in GRIEVANCES.get(unit.code, ()):
        register.complain(grievance)
    return register.waiting


class Register:
    """Keeps one unit's requests."""

    def __init__(self, rows: Rows, unit: Unit, era: Era, rng: Random, scales: Scales) -> None:
        self._rows, self._unit, self._era, self._rng, self._scales = rows, unit, era, rng, scales
        self._worth = unit.chance("request worth")
        self._states = unit.chance("request states")
        self._verdicts = Verdicts(rows, unit, era)
        self.waiting: list[Waiting] = []

    def by_chance(self, wish: Wish, day: date, met: Sequence[Met]) -> None:
        """Logged in the meeting next to that day, or on the day itself; decided by its age."""
        near = min(met, key=lambda meeting: abs(meeting.on - day), default=None)
        in_meeting = self._rng.random() < IN_A_MEETING and near is not None
        meeting_id = near.meeting_id if near and in_meeting else None
        day = near.on if near and in_meeting else day
        asker = self._rng.choice([self._unit.head(day), *self._unit.users])
        if wish.offered:
            asker = self._unit.lead(day) or asker
        self._add(wish, day, self._further(self._end(wish, day), day), meeting_id, asker)

    def by_fate(self, fate: Fate) -> None:
        day = self._era.ago(fate.logged)
        asker = self._unit.head(day) if fate.asked_by is None else self._unit.users[fate.asked_by]
        if fate.wish.offered:
            asker = self._unit.lead(day) or asker
        steps = (fate.decided, fate.delivered, fate.confirmed, fate.moved)
        days = (None if ago is None else self._era.ago(ago) for ago in steps)
        self._add(fate.wish, day, End(fate.state, *days), None, asker)

    def _end(self, wish: Wish, day: date) -> End:
        wait, work, quick = self._rng.randint(3, 24), self._rng.randint(10, 90), self._rng.random() < QUICKLY_DELIVERED
        decided_on = working_day(day + timedelta(days=wait))
        delivered_on = working_day(decided_on + timedelta(days=work))
        age = (self._era.today - day).days
        if age < FRESH or decided_on >= self._era.today or not (self._unit.lead(day) and self._unit.lead(decided_on)):
            return End()
        if not wish.yes:
            return End(RequestState.DECLINED, decided_on)
        if delivered_on < self._era.today and (quick or age > DELIVERED):
            return End(RequestState.DELIVERED, decided_on, delivered_on)
        return End(RequestState.ACCEPTED, decided_on)

    def _add(self, wish: Wish, day: date, end: End, meeting_id: int | None, asker: Known) -> None:
        names = self._names(day)
        declined = end.state is RequestState.DECLINED
        alternative = written(wish.instead, names) if declined and self._offers(day) else ""
        decider = self._unit.lead(end.decided_on) if end.decided_on else None
        reason = written(wish.no if declined else wish.yes, names) if end.decided_on else ""
        title = written(wish.title, names)
        request_id = self._rows.add(
            Request,
            unit_id=self._unit.id,
            meeting_id=meeting_id,
            title=title,
            business_need=written(wish.need, names),
            requester_id=asker.id,
            origin=Origin.OFFERED if wish.offered else Origin.ASKED,
            state=end.state,
            logged_on=day,
            decided_at=self._at(end.decided_on),
            decided_by_id=decider.id if decider else None,
            reason=reason,
            alternative=alternative,
            no_alternative=declined and not alternative,
            kind=RequestKind.NON_STANDARD if wish.no else RequestKind.STANDARD,
            delivered_at=self._at(end.delivered_on),
            confirmed_at=self._at(end.confirmed_on),
            did=self._did(end, names, alternative),
            stands_since=self._era.instant(self._stands_since(end, day), STEPPED_AT, self._unit.zone),
            owner_id=self._owner(end, decider),
            complained_on=None,
            **complaints.columns(None),
            **self._scales.facts(self._worth, wish, day),
        )
        if end.decided_on:
            self._verdicts.keep(request_id, end, decider, reason, alternative)
        self._steps(request_id, asker, day, end)
        if end.state in UNDECIDED:
            self.waiting.append(Waiting(request_id, title))

    def _further(self, end: End, day: date) -> End:
        """Where it stands between the four great steps."""
        luck = self._states.random()
        if end.state is RequestState.LOGGED and (self._era.today - day).days > SETTLES:
            state = RequestState.WAITING if luck > ASKED_BACK else RequestState.LOOKING
            return replace(end, state=state, moved_on=self._lately(day))
        if end.state is RequestState.ACCEPTED and end.decided_on and self._is_in_work(end.decided_on):
            return replace(end, state=RequestState.DELIVERING, moved_on=self._lately(end.decided_on))
        confirmed_on = working_day(end.delivered_on + CONFIRMED_AFTER) if end.delivered_on else self._era.today
        if (
            end.state is RequestState.DELIVERED
            and confirmed_on < self._era.today
            and (luck < IS_CONFIRMED or confirmed_on < self._era.ago(ASKED_ABOUT))
        ):
            return replace(end, state=RequestState.CONFIRMED, confirmed_on=confirmed_on)
        return end

    def _owner(self, end: End, decider: Known | None) -> int | None:
        """Who looked into it first."""
        owner = decider or (self._unit.lead(end.moved_on) if end.moved_on else None)
        return owner.id if owner else None

    def complain(self, told: Grievance) -> None:
        """A complaint of the head: seen to by the lead, solved or not, and passed up where it was."""
        day, head = self._era.ago(told.logged), self._unit.head(self._era.ago(told.logged))
        solved, confirmed = (None if ago is None else self._era.ago(ago) for ago in (told.solved, told.confirmed))
        seen = min(working_day(day + timedelta(days=1)), self._era.today)
        end = End(told.state, seen, solved, confirmed, moved_on=None if solved else seen)
        lead = self._unit.lead(seen) or self._unit.cio
        request_id = self._rows.add(
            Request,
            unit_id=self._unit.id,
            meeting_id=None,
            title=told.title,
            business_need=told.need,
            requester_id=head.id,
            origin=Origin.ASKED,
            state=end.state,
            logged_on=day,
            decided_at=self._at(seen),
            decided_by_id=lead.id,
            reason=SEEN_TO,
            alternative="",
            no_alternative=False,
            kind=RequestKind.COMPLAINT,
            delivered_at=self._at(solved),
            confirmed_at=self._at(confirmed),
            did=told.did,
            stands_since=self._era.instant(self._stands_since(end, day), STEPPED_AT, self._unit.zone),
            owner_id=lead.id,
            complained_on=day,
            **complaints.columns(told),
            **weighing.NOTHING,
        )
        self._verdicts.keep(request_id, end, lead, SEEN_TO, "", weighed=False)
        self._steps(request_id, head, day, end)
        if told.up_to_cio:
            self._pass_up(request_id, head, *told.up_to_cio)

    def _pass_up(self, request_id: int, head: Known, ago: int, why: str) -> None:
        at = self._era.instant(self._era.ago(ago), STEPPED_AT, self._unit.zone)
        to_cio = {"request_id": request_id, "at": at, "by_id": head.id, "to_id": self._unit.cio.id}
        self._rows.add(Escalation, **to_cio, level=CIO, why=why)

    def _did(self, end: End, names: Names, alternative: str) -> str:
        if end.state is not RequestState.DECLINED and not end.delivered_on:
            return ""
        return done(self._worth, names, is_delivered=bool(end.delivered_on), offered=bool(alternative))

    @staticmethod
    def _stands_since(end: End, day: date) -> date:
        return end.moved_on or end.confirmed_on or end.delivered_on or end.decided_on or day

    def _is_in_work(self, decided_on: date) -> bool:
        """What was decided long ago has begun."""
        return decided_on < self._era.ago(BEGUN_AFTER)

    def _lately(self, day: date) -> date:
        """In the last days, on a working day, and not before that one."""
        return max(day, working_day(self._era.ago(self._states.randint(*LATELY))))

    def _steps(self, request_id: int, asker: Known, day: date, end: End) -> None:
        """What is known of its way: by the asker, by the lead, and by the head in the end."""
        lead, head = self._unit.lead(day), self._unit.head(day)
        self._step(request_id, day, asker, RequestState.LOGGED)
        if end.state in (RequestState.LOOKING, RequestState.WAITING):
            self._step(
                request_id, end.moved_on or day, lead, end.state, ASKED if end.state is RequestState.WAITING else ""
            )
        if end.decided_on:
            declined = end.state is RequestState.DECLINED
            decider = self._unit.lead(end.decided_on)
            self._step(request_id, end.decided_on, decider, end.state if declined else RequestState.ACCEPTED)
        if end.state is RequestState.DELIVERING and end.decided_on:
            self._step(request_id, end.moved_on or end.decided_on, lead, end.state)
        if end.delivered_on:
            self._step(request_id, end.delivered_on, lead, RequestState.DELIVERED)
        if end.confirmed_on:
            self._step(request_id, end.confirmed_on, head, RequestState.CONFIRMED)

    def _step(self, request_id: int, day: date, who: Known | None, state: RequestState, why: str = "") -> None:
        at = self._era.instant(day, STEPPED_AT, self._unit.zone)
        self._rows.add(RequestStep, request_id=request_id, at=at, by_id=who.id if who else None, state=state, why=why)

    def _offers(self, day: date) -> bool:
        recent = self._era.ago(LONG_AGO) < day
        return self._rng.random() > WITHOUT_ALTERNATIVE or recent or self._unit.story.keeps_promises

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
