"""Who came, who went, and who took over."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, exists, or_
from sqlalchemy.orm import aliased

from crm.services.timeline.part import NO_LINK, Part, Wanted, told, word
from models.handover import Handover
from models.person import Person
from models.unit import Assignment, Cover, Membership
from models.unit import Part as In

After = aliased(Assignment)
Outgoing = aliased(Person)


def handovers(wanted: Wanted) -> Part:
    """On the day they were begun; ``more``: the first day of the new lead."""
    source = (
        told(what=Person.name, who=Outgoing.name, more=word(Handover.on), link=Handover.id)
        .join_from(Handover, Person, Person.id == Handover.to_id)
        .outerjoin(Outgoing, Outgoing.id == Handover.from_id)
        .where(Handover.unit_id == wanted.unit_id)
    )
    return Part(source, Handover.started_at, Handover.id, (Person.name, Handover.tone, Handover.went_wrong))


def leads(wanted: Wanted) -> Part:
    return Part(_assignments(wanted), Assignment.since, Assignment.id, (Person.name,))


def uncovered(wanted: Wanted) -> Part:
    """The end of a lead on which no other followed."""
    followed = exists().where(
        After.unit_id == Assignment.unit_id, After.cover == Cover.LEAD, After.since == Assignment.until
    )
    return Part(_assignments(wanted).where(~followed), Assignment.until, Assignment.id, (Person.name,))


def _assignments(wanted: Wanted) -> Select[Any]:
    lead = (Assignment.unit_id == wanted.unit_id, Assignment.cover == Cover.LEAD)
    came_into_force = or_(Assignment.until.is_(None), Assignment.until > Assignment.since)
    return (
        told(what=Person.name, link=NO_LINK)
        .join_from(Assignment, Person, Person.id == Assignment.rep_id)
        .where(*lead, came_into_force)
    )


def heads(wanted: Wanted) -> Part:
    source = (
        told(what=Person.name, link=NO_LINK)
        .join_from(Membership, Person, Person.id == Membership.person_id)
        .where(Membership.unit_id == wanted.unit_id, Membership.part == In.HEAD)
    )
    return Part(source, Membership.since, Membership.id, (Person.name,))
