"""What meetings, ratings and projects leave in a timeline."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, case, exists, literal, or_

from crm.services.timeline.kinds import OF_MEETINGS
from crm.services.timeline.part import NO_LINK, Column, Part, Wanted, text_of, told, word
from models.meeting import Meeting
from models.minutes import MinutesVersion
from models.person import Person
from models.project import Project, ProjectStep
from models.rating import Round
from models.remark import Decision, Praise
from models.review import Review, ReviewState


def meetings(wanted: Wanted) -> Part:
    """For IT as written; for the unit as shared last."""
    text = Meeting.minutes if wanted.reads_notes else MinutesVersion.text
    notes: Column = Meeting.internal_notes if wanted.reads_notes else literal("")
    more = notes if wanted.whole else word(Meeting.shared_version)
    source = told(
        what=word(Meeting.kind), said=text_of(text, wanted), who=Person.name, more=more, link=Meeting.id
    ).outerjoin_from(Meeting, Person, Person.id == Meeting.logged_by_id)
    if not wanted.reads_notes:
        newest = (MinutesVersion.meeting_id == Meeting.id) & (MinutesVersion.number == Meeting.shared_version)
        source = source.outerjoin(MinutesVersion, newest)
    if kind := OF_MEETINGS.get(wanted.only):
        source = source.where(Meeting.kind == kind)
    searched = (text, Meeting.internal_notes) if wanted.reads_notes else (text,)
    return Part(source.where(Meeting.unit_id == wanted.unit_id), Meeting.held_on, Meeting.id, searched)


def shared(wanted: Wanted) -> Part:
    version = MinutesVersion
    source = (
        told(what=word(version.number), said=version.reason, who=Person.name, link=version.meeting_id)
        .outerjoin_from(version, Person, Person.id == version.shared_by_id)
        .where(version.unit_id == wanted.unit_id)
    )
    return Part(source, version.shared_at, version.id, (version.text, version.reason))


def rated(wanted: Wanted) -> Part:
    """``what``: how many were asked. The answers are read for those that are shown."""
    source = told(what=word(Round.asked), link=Round.id).where(Round.unit_id == wanted.unit_id)
    return Part(source, Round.opened_at, Round.id, ())


def projects(wanted: Wanted) -> Part:
    step = ProjectStep
    source = (
        told(what=Project.name, said=step.state, who=Person.name, more=word(step.stage), link=step.project_id)
        .join_from(step, Project, Project.id == step.project_id)
        .outerjoin(Person, Person.id == step.by_id)
        .where(Project.unit_id == wanted.unit_id)
    )
    return Part(source, step.on, step.id, (Project.name, step.state))


def decisions(wanted: Wanted) -> Part:
    source = told(what=Decision.text, link=Decision.meeting_id).where(Decision.unit_id == wanted.unit_id)
    return Part(_if_shared(source, Decision, wanted), Decision.decided_on, Decision.id, (Decision.text,))


def praise(wanted: Wanted) -> Part:
    source = (
        told(what=Praise.text, who=Person.name, link=Praise.meeting_id)
        .outerjoin_from(Praise, Person, Person.id == Praise.person_id)
        .where(Praise.unit_id == wanted.unit_id)
    )
    return Part(_if_shared(source, Praise, wanted), Praise.said_on, Praise.id, (Praise.text,))


def _if_shared(source: Select[Any], kept: type[Decision | Praise], wanted: Wanted) -> Select[Any]:
    """The unit reads what a meeting left behind once its minutes are shared."""
    if wanted.reads_notes:
        return source
    is_shared = exists().where(Meeting.id == kept.meeting_id, Meeting.shared_version > 0).correlate(kept)
    return source.where(or_(kept.meeting_id.is_(None), is_shared))


def not_held(wanted: Wanted) -> Part:
    """Skipped, or missed: the period is over and nobody met. On the planned day. ``who``: its first day."""
    missed = (Review.state == ReviewState.PLANNED) & (Review.period_until <= wanted.today)
    source = told(
        what=Review.period,
        said=Review.skip_reason,
        who=word(Review.period_since),
        more=case((Review.state == ReviewState.SKIPPED, "skipped"), else_="missed"),
        link=NO_LINK,
    ).where(Review.unit_id == wanted.unit_id, or_(Review.state == ReviewState.SKIPPED, missed))
    return Part(source, Review.planned_on, Review.id, (Review.skip_reason,))
