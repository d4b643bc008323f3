"""A unit's projects: each moves a step at a time, in the reviews, and one of them slips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from crm.services.demo.deck import Deck
from crm.services.demo.era import Era, office_hour, working_day
from crm.services.demo.meetings import Met
from crm.services.demo.rows import Rows
from crm.services.demo.units import Unit
from crm.services.demo.wording import Names, written
from crm.services.demo.works import SAID, SLIPS, WORKS, Work
from models.project import OVER, Project, ProjectStep, Stage

#: From first to last, in so many steps as there are meetings for.
COURSE = (Stage.IDEA, Stage.PLANNED, Stage.UNDER_WAY, Stage.UNDER_WAY, Stage.DELIVERED)
PAUSED, STOPPED = 0.15, 0.15
#: A milestone lies so many days ahead; a slip is so long.
AHEAD, SLIP = (30, 84), 21
AT_MOST = 4


@dataclass(frozen=True)
class UnderWay:
    project_id: int
    name: str
    milestone: str


@dataclass(frozen=True)
class Delivered:
    project_id: int
    on: date


@dataclass(frozen=True)
class Kept:
    """A unit's projects: those not over, and those delivered; oldest first."""

    under_way: Sequence[UnderWay] = ()
    delivered: Sequence[Delivered] = ()


@dataclass(frozen=True)
class _Stand:
    stage: Stage
    state: str
    milestone: str
    milestone_on: date | None


def write(rows: Rows, unit: Unit, era: Era, met: Sequence[Met]) -> Kept:
    """Two to four projects, oldest first."""
    rng = unit.chance("projects")
    works = WORKS[unit.code.split("-")[0]]
    chosen = rng.sample(works, min(len(works), rng.randint(2, AT_MOST)))
    foreman = Foreman(rows, unit, era, rng)
    kept = [foreman.keep(work, place, met) for place, work in enumerate(chosen)] if met else []
    return Kept(
        under_way=[project for project in kept if isinstance(project, UnderWay)],
        delivered=[project for project in kept if isinstance(project, Delivered)],
    )


class Foreman:
    """Keeps one unit's projects."""

    def __init__(self, rows: Rows, unit: Unit, era: Era, rng: Random) -> None:
        self._rows, self._unit, self._era, self._rng = rows, unit, era, rng
        self._said = {stage: Deck(rng, lines) for stage, lines in SAID.items()}

    def keep(self, work: Work, place: int, met: Sequence[Met]) -> UnderWay | Delivered | None:
        """The first one is the one that slips; the last is delivered, where there were meetings enough."""
        stages = self._stages(place, len(met))
        meetings = self._meetings(met, len(stages), is_over=stages[-1] in OVER)
        stands = self._stands(work, stages, meetings, slips=place == 0)
        project_id = self._project(work, stands[-1], meetings[-1].on)
        for meeting, stand in zip(meetings, stands, strict=True):
            self._step(project_id, meeting, stand)
        last = stands[-1]
        if last.stage is Stage.DELIVERED:
            return Delivered(project_id, meetings[-1].on)
        return None if last.stage in OVER else UnderWay(project_id, work.name, last.milestone)

    def _stages(self, place: int, meetings: int) -> list[Stage]:
        last = self._rng.randint(2, 4) if place else 4
        stages = list(COURSE[:last]) if place < 2 else [*COURSE]
        if place >= 2 and self._rng.random() < STOPPED:
            stages[-1] = Stage.STOPPED
        elif place == 1 and self._rng.random() < PAUSED:
            stages[-1] = Stage.PAUSED
        return stages[-meetings:]

    def _meetings(self, met: Sequence[Met], many: int, *, is_over: bool) -> Sequence[Met]:
        """What is under way moved lately; what is over was so some meetings ago."""
        back = self._rng.randint(1, max(1, len(met) - many)) if is_over else 0
        end = max(many, len(met) - back)
        return met[end - many : end]

    def _stands(self, work: Work, stages: Sequence[Stage], meetings: Sequence[Met], *, slips: bool) -> list[_Stand]:
        stands: list[_Stand] = []
        for number, (stage, meeting) in enumerate(zip(stages, meetings, strict=True)):
            late = slips and number == len(stages) - 1
            state = self._rng.choice(SLIPS) if late else self._said[stage].draw()
            milestone = work.milestones[max(0, number - late) * len(work.milestones) // len(stages)]
            day = self._milestone_on(stage, meeting.on, stands[-1].milestone_on if late and stands else None)
            over = stage in OVER
            stands.append(_Stand(stage, written(state, self._names(work, meeting.on)), "" if over else milestone, day))
        return stands

    def _milestone_on(self, stage: Stage, on: date, slipped: date | None) -> date | None:
        ahead = timedelta(days=self._rng.randint(*AHEAD))
        if stage in (*OVER, Stage.IDEA):
            return None
        return working_day(max(slipped, on) + timedelta(days=SLIP) if slipped else on + ahead)

    def _names(self, work: Work, day: date) -> Names:
        first, second = self._unit.users[:2]
        return {
            "head": self._unit.head(day).given,
            "a": first.given,
            "b": second.given,
            "it": self._unit.specialists[work.skill].given,
        }

    def _project(self, work: Work, last: _Stand, moved_on: date) -> int:
        return self._rows.add(
            Project,
            unit_id=self._unit.id,
            name=work.name,
            lead_id=self._unit.specialists[work.skill].id,
            **vars(last),
            moved_on=moved_on,
        )

    def _step(self, project_id: int, meeting: Met, stand: _Stand) -> None:
        lead = self._unit.lead(meeting.on)
        self._rows.add(
            ProjectStep,
            project_id=project_id,
            meeting_id=meeting.meeting_id,
            at=self._era.instant(meeting.on, office_hour(self._rng).replace(hour=17), self._unit.zone),
            on=meeting.on,
            by_id=lead.id if lead else None,
            **vars(stand),
        )
