"""A unit's meetings: reviews, and the talks, calls and escalations between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from crm.services.demo import promises, remarks
from crm.services.demo.agenda import Agenda, Point, finale
from crm.services.demo.era import Era, office_hour, working_day
from crm.services.demo.findings import Findings
from crm.services.demo.minutes import Clerk, fill
from crm.services.demo.people import Known
from crm.services.demo.promises import Made
from crm.services.demo.reviews import Held
from crm.services.demo.rows import Rows
from crm.services.demo.sharing import Draft, Sharing
from crm.services.demo.units import Unit
from crm.services.demo.wording import Promise, Side
from models.action import ActionState
from models.meeting import Attendance, Meeting, MeetingKind, Presence

EXCUSED, ABSENT, SPECIALIST_CAME, DEPUTY_CAME = 0.16, 0.02, 0.7, 0.15
#: How many topics a review has.
POINTS = (1, 2, 2)
KINDS = (MeetingKind.TOUCHPOINT, MeetingKind.TOUCHPOINT, MeetingKind.OWN)
ESCALATED = 0.12
#: Minutes of the clock: how long what is not a review lasts, and by how much a review differs from its plan.
LASTS = {MeetingKind.TOUCHPOINT: (10, 45), MeetingKind.OWN: (30, 60), MeetingKind.ESCALATION: (45, 90)}
OFF_BY = (-15, -10, -5, 0, 0, 0, 5, 10, 15)
OPENINGS = {
    MeetingKind.TOUCHPOINT: remarks.OF_A_TALK,
    MeetingKind.OWN: remarks.OF_THEIR_MEETING,
    MeetingKind.ESCALATION: remarks.OF_AN_ESCALATION,
}


@dataclass(frozen=True)
class Occasion:
    """A day on which they met; with a review or without."""

    on: date
    review: Held | None = None
    #: Reviews held after this one.
    reviews_left: int = 0


@dataclass(frozen=True)
class Met:
    """A meeting that others may refer to."""

    meeting_id: int
    on: date


@dataclass(frozen=True)
class Kept:
    """What the meetings leave behind: themselves, in order of time, and what was promised lately and is still open."""

    met: list[Met]
    promised: list[Made]


def write(rows: Rows, unit: Unit, era: Era, held: Sequence[Held]) -> Kept:
    """All meetings of the unit, with who came and what was promised."""
    rng = unit.chance("meetings")
    occasions = [Occasion(review.on, review, len(held) - 1 - place) for place, review in enumerate(held)]
    talks = _days_between(unit, era, rng, held)
    secretary = Secretary(rows, unit, era, rng, points=sum(POINTS) * len(held) // len(POINTS) + len(talks))
    occasions += [Occasion(day) for day in talks]
    met = [secretary.keep(occasion) for occasion in sorted(occasions, key=lambda occasion: occasion.on)]
    return Kept(met, [made for made in secretary.made if made.state is ActionState.OPEN])


def _days_between(unit: Unit, era: Era, rng: Random, held: Sequence[Held]) -> list[date]:
    """Working days with a lead rep on which there was no review; none after a silent unit's last review."""
    span = (era.today - era.start).days
    many = round(unit.character.talks * span / 365)
    days = {working_day(era.start + timedelta(days=rng.randint(20, span))) for _ in range(many)}
    end = held[-1].on if unit.story.silent and held else era.today
    taken = {review.on for review in held}
    return sorted(day for day in days if day < end and day not in taken and unit.lead(day))


class Secretary:
    """Writes one unit's meetings, one after the other."""

    def __init__(self, rows: Rows, unit: Unit, era: Era, rng: Random, points: int) -> None:
        self._rows, self._unit, self._era, self._rng = rows, unit, era, rng
        self._agenda = Agenda(unit, rng, points)
        self._clerk = Clerk(rng)
        self._sharing = Sharing(rows, unit, era)
        self._findings = Findings(rows, unit)
        self._lasting = unit.chance("lasting")
        #: In the last review and since.
        self.made: list[Made] = []

    def keep(self, occasion: Occasion) -> Met:
        lead = self._unit.lead(occasion.on)
        assert lead is not None  # noqa: S101 - nobody meets without a rep
        names = self._names(lead, occasion.on)
        return self._review(occasion, lead, names) if occasion.review else self._talk(occasion, lead, names)

    def _review(self, occasion: Occasion, lead: Known, names: dict[str, Any]) -> Met:
        points = self._points(occasion)
        present, excused, absent = self._came(occasion.on, lead, points)
        specialist = self._unit.specialists[points[0].skill]
        names["it"] = specialist.given
        minutes = self._clerk.of_review(
            points,
            hand=lead.id,
            names={**names, "missing": " and ".join(who.given for who in (*excused, *absent))},
            opening=self._opening(excused, absent, specialist in present),
            before=self.made,
            on=occasion.on,
        )
        draft = self._draft(occasion, lead, minutes)
        meeting_id, version_id = self._add(occasion, MeetingKind.REVIEW, draft, self._clerk.thoughts(points, names))
        for presence, group in ((Presence.PRESENT, present), (Presence.EXCUSED, excused), (Presence.ABSENT, absent)):
            self._attend(meeting_id, group, presence)
        if version_id and occasion.reviews_left == 0:
            self._sharing.ask(version_id, draft, present)
        self._findings.of(meeting_id, occasion.on, names, [who for who in present if who in (lead, specialist)])
        self.made = self._promise(points, names, draft, meeting_id)
        return Met(meeting_id, occasion.on)

    def _talk(self, occasion: Occasion, lead: Known, names: dict[str, Any]) -> Met:
        broke = self._agenda.has_urgent and self._rng.random() < ESCALATED
        point = self._agenda.urgent() if broke else self._agenda.points(1)[0]
        kind = MeetingKind.ESCALATION if broke else self._rng.choice(KINDS)
        opening = self._rng.choice(OPENINGS[kind])
        names["it"] = self._unit.specialists[point.skill].given
        minutes = self._clerk.of_talk([point], names=names, opening=opening)
        draft = self._draft(occasion, lead, minutes)
        meeting_id, _ = self._add(occasion, kind, draft, self._clerk.thoughts([point], names))
        self._attend(meeting_id, self._named_in(opening, occasion.on, lead, point), Presence.PRESENT)
        self.made += self._promise([point], names, draft, meeting_id)
        return Met(meeting_id, occasion.on)

    def _points(self, occasion: Occasion) -> list[Point]:
        last = finale(self._unit, occasion.reviews_left)
        if last:
            return [last, *self._agenda.points(1)]
        return self._agenda.points(self._rng.choice(POINTS))

    def _names(self, lead: Known, day: date) -> dict[str, Any]:
        first, second = self._unit.users[:2]
        return {
            "unit": self._unit.name,
            "head": self._unit.head(day).given,
            "a": first.given,
            "b": second.given,
            "rep": lead.given,
            "last": f"{day.replace(day=1) - timedelta(days=1):%B}",
            "skills": {skill: who.given for skill, who in self._unit.specialists.items()},
        }

    def _came(self, day: date, lead: Known, points: Sequence[Point]) -> tuple[list[Known], list[Known], list[Known]]:
        """Present, excused and absent. The head came, or one of the key users is missing, never more than one."""
        business = [self._unit.head(day), *self._unit.users]
        luck, missing = self._rng.random(), self._rng.choice(business[1:])
        ours = [lead]
        if self._rng.random() < SPECIALIST_CAME:
            ours.append(self._unit.specialists[points[0].skill])
        if self._unit.deputy and self._unit.deputy is not lead and self._rng.random() < DEPUTY_CAME:
            ours.append(self._unit.deputy)
        excused = [missing] if luck < EXCUSED else []
        absent = [missing] if luck > 1 - ABSENT else []
        return [*(who for who in business if who not in (*excused, *absent)), *ours], excused, absent

    def _opening(self, excused: list[Known], absent: list[Known], with_specialist: bool) -> str:
        if absent:
            return self._rng.choice(remarks.ONE_STAYED_AWAY)
        if excused:
            return self._rng.choice(remarks.ONE_MISSED)
        opening = self._clerk.all_came.draw()
        return opening if with_specialist or "{it}" not in opening else remarks.ALL_CAME[0]

    def _named_in(self, opening: str, day: date, lead: Known, point: Point) -> list[Known]:
        cio = [self._unit.cio] if "Margit" in opening else []
        head = [self._unit.head(day)] if "{head}" in opening or cio else []
        user = [] if head else [self._unit.users[0]]
        return [*head, *user, lead, *cio, *([self._unit.specialists[point.skill]] if cio else [])]

    def _promise(self, points: Sequence[Point], names: dict[str, Any], draft: Draft, meeting_id: int) -> list[Made]:
        at = promises.Occasion(meeting_id, draft.on, draft.logged_at, draft.lead)
        return [
            promises.write(
                self._rows,
                self._unit,
                self._era,
                self._rng,
                promise=promise,
                text=fill(promise.text, names, point),
                owner=self._owner(promise, point, draft.lead, draft.on),
                at=at,
            )
            for point in points
            for promise in point.step.promises
        ]

    def _owner(self, promise: Promise, point: Point, lead: Known, day: date) -> Known | None:
        sides = {
            Side.REP: lead,
            Side.SPECIALIST: self._unit.specialists[point.skill],
            Side.HEAD: self._unit.head(day),
            Side.FIRST_USER: self._unit.users[0],
            Side.SECOND_USER: self._unit.users[1],
        }
        return sides.get(promise.side)

    def _draft(self, occasion: Occasion, lead: Known, text: str) -> Draft:
        hour = office_hour(self._rng).replace(hour=17)
        return Draft(text, occasion.on, lead, self._era.instant(occasion.on, hour, self._unit.zone))

    def _add(self, occasion: Occasion, kind: MeetingKind, draft: Draft, internal_notes: str) -> tuple[int, int]:
        """The ids of the meeting and of the newest version of its minutes, 0 where they are not shared."""
        versions = self._sharing.versions(draft)
        meeting_id = self._rows.add(
            Meeting,
            unit_id=self._unit.id,
            review_id=occasion.review.review_id if occasion.review else None,
            kind=kind,
            held_on=occasion.on,
            lasted=self._lasted(occasion, kind),
            minutes=draft.text,
            internal_notes=internal_notes,
            revision=max(1, versions),
            shared_version=versions,
            logged_by_id=draft.lead.id,
            logged_at=draft.logged_at,
        )
        return meeting_id, self._sharing.share(meeting_id, draft, versions)

    def _lasted(self, occasion: Occasion, kind: MeetingKind) -> int:
        if occasion.review:
            return occasion.review.minutes + self._lasting.choice(OFF_BY)
        least, most = LASTS[kind]
        return self._lasting.randrange(least, most + 1, 5)

    def _attend(self, meeting_id: int, group: Sequence[Known], presence: Presence) -> None:
        for who in group:
            self._rows.add(Attendance, meeting_id=meeting_id, person_id=who.id, presence=presence)
