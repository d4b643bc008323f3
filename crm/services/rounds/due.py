"""Which rounds are due by themselves, of which group and from which day. Pure: all it needs is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from crm.services.cadence_rules import Period
from crm.services.rounds import days
from crm.services.rounds.drawing import Able
from crm.services.rounds.known import TOO_OLD, Known, KnownReview
from crm.stats.suppression import SCORES_FROM
from models.project import Project
from models.question import Instrument
from models.rating import Audience, Confidentiality
from models.unit import Part

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """A round that opens by itself, once."""

    occasion: str
    unit_id: int
    instrument: Instrument
    audience: Audience
    confidentiality: Confidentiality
    #: Who can be written to; each once.
    group: tuple[Able, ...]
    #: The first day, and the last on which it still makes sense.
    on: date
    until: date
    #: So many of the group have to be free to be asked.
    need: int = 1
    #: Without the head it waits, as long as that is possible.
    head_id: int | None = None
    review_id: int | None = None
    project_id: int | None = None
    #: Of a review that is still ahead: who will be there is not known yet.
    is_expected: bool = False
    #: Key users who would have answered without their names, were they enough; None: that was not the question.
    too_few: int | None = None

    @property
    def comes_first(self) -> bool:
        """A survey is left out for nothing else; others wait, so that people are free when its day comes."""
        return self.instrument is Instrument.SURVEY


def all_due(known: Known) -> Iterator[Due]:
    """Those that had no round yet, of all open units, for this quarter and the next."""
    opens = known.rules.opens
    for unit_id in known.units:
        for quarter in _quarters(known):
            if Instrument.SURVEY in opens:
                yield from _surveys(known, unit_id, quarter)
        if Instrument.PULSE in opens:
            yield from (
                _pulse(known, review) for review in known.reviews.get(unit_id, ()) if _may_follow(known, review)
            )
    if Instrument.PROJECT in opens:
        for project in known.projects:
            yield from _of_project(known, project)
    if known.rules.end_users:
        yield from _end_users(known, known.rules.end_users)


def _quarters(known: Known) -> list[Period]:
    """This one, and the next where its surveys come near: people are kept free for them."""
    quarter = days.quarter_of(known.now.date())
    near = known.until + (known.rules.rest_days + 1) * DAY
    return [quarter] if near < quarter.until else [quarter, days.quarter_of(quarter.until)]


def _surveys(known: Known, unit_id: int, quarter: Period) -> Iterator[Due]:
    """One for the head and key users by name; or one for the head, and one for the key users without names."""
    occasion = f"unit:{unit_id}:{quarter.key}:survey"
    apart = f"{occasion}:key_users"
    heads, users = known.able(unit_id, Part.HEAD), known.able(unit_id, Part.KEY_USER)
    how = known.rules.key_users
    wants_apart = how is not Confidentiality.NAMED
    are_apart = apart in known.done or (wants_apart and len(users) >= SCORES_FROM)
    group = heads if are_apart else [*heads, *users]
    reviews = [review.on for review in known.reviews.get(unit_id, ())]
    on = days.survey_day(quarter, unit_id, reviews, known.calendars[unit_id], known.rules.rest_days)
    until = quarter.until - DAY
    if group and occasion not in known.done and (unit_id, quarter.key) not in known.by_hand:
        yield Due(
            occasion,
            unit_id,
            Instrument.SURVEY,
            Audience.HEAD if are_apart else Audience.PEOPLE,
            Confidentiality.NAMED,
            tuple(group),
            on=on,
            until=until,
            head_id=heads[0].person_id if heads else None,
            too_few=len(users) if wants_apart and users and not are_apart else None,
        )
    if wants_apart and are_apart and apart not in known.done and known.done.get(occasion) is not Audience.PEOPLE:
        kind = (Instrument.SURVEY, Audience.KEY_USERS, how)
        yield Due(apart, unit_id, *kind, tuple(users), on=on, until=until, need=SCORES_FROM)


def _may_follow(known: Known, review: KnownReview) -> bool:
    """Whether a pulse follows: nobody was asked yet, and it was held lately, with somebody, or is ahead."""
    if f"review:{review.id}:pulse" in known.done:
        return False
    if review.is_held:
        return review.logged_on is not None and bool(review.present)
    return known.now.date() - DAY <= review.on < known.until


def _pulse(known: Known, review: KnownReview) -> Due:
    """The morning after, also after it was logged. Of a review that is ahead: those who are expected there."""
    parts = {able.person_id: able for able in known.people.get(review.unit_id, ())}
    present = [parts.get(person_id) or Able(person_id, review.unit_id, Part.MEMBER) for person_id in review.present]
    expected = known.able(review.unit_id, Part.HEAD, Part.KEY_USER)
    after = max(review.on, review.logged_on or review.on) + DAY
    return Due(
        f"review:{review.id}:pulse",
        review.unit_id,
        Instrument.PULSE,
        Audience.ATTENDEES,
        Confidentiality.NAMED,
        tuple(present if review.is_held else expected),
        on=days.working(after, known.calendars[review.unit_id]),
        until=review.on + TOO_OLD,
        review_id=review.id,
        is_expected=not review.is_held,
    )


def _of_project(known: Known, project: Project) -> Iterator[Due]:
    heads = known.able(project.unit_id, Part.HEAD)
    for months in days.MONTHS:
        occasion = days.project_occasion(project.id, months)
        if occasion not in known.done:
            after = days.months_after(project.moved_on, months) + DAY
            yield Due(
                occasion,
                project.unit_id,
                Instrument.PROJECT,
                Audience.PEOPLE,
                Confidentiality.NAMED,
                tuple(known.able(project.unit_id, Part.HEAD, Part.KEY_USER)),
                on=days.working(after, known.calendars[project.unit_id]),
                until=days.months_after(project.moved_on, months + 3),
                head_id=heads[0].person_id if heads else None,
                project_id=project.id,
            )


def _end_users(known: Known, how: Confidentiality) -> Iterator[Due]:
    groups = end_users(known)
    for unit_id, group in groups.items():
        for quarter in _quarters(known):
            occasion = f"unit:{unit_id}:{quarter.key}:end_users"
            if occasion not in known.done:
                yield Due(
                    occasion,
                    unit_id,
                    Instrument.PULSE,
                    Audience.END_USERS,
                    how,
                    tuple(group),
                    on=days.spread_day(quarter, unit_id + 1, known.calendars[unit_id]),
                    until=quarter.until - DAY,
                    need=SCORES_FROM,
                )


def end_users(known: Known) -> dict[int, list[Able]]:
    """The members of each unit. Where they are too few to stay unknown they are asked with the unit above."""
    groups: dict[int, list[Able]] = {}
    tops = [unit.id for unit in known.units.values() if unit.parent_id not in known.units]
    for unit_id in tops:
        _gather(known, unit_id, groups)
    return groups


def _gather(known: Known, unit_id: int, groups: dict[int, list[Able]]) -> list[Able]:
    """Who is left for the unit above."""
    left = [able for below in known.below.get(unit_id, ()) for able in _gather(known, below, groups)]
    own = known.able(unit_id, Part.MEMBER)
    mine = list({able.person_id: able for able in (*left, *own)}.values())
    if len(mine) < SCORES_FROM:
        return mine
    groups[unit_id] = mine
    return []
