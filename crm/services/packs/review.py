"""What a review pack says: shown to the unit in its review, so nothing in it is for IT alone."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from crm import policy
from crm.documents.content import Items, Pack, Section, Text
from crm.policy import Action, Actor
from crm.services import clock, projects
from crm.services import organisation as organisations
from crm.services.packs import said
from models.unit import BusinessUnit


def content(session: Session, *, by: Actor, unit: BusinessUnit, since: date, until: date, now: datetime) -> Pack:
    """The pack of one unit and period. Raises Forbidden."""
    policy.require(by, Action.MAKE_REVIEW_PACK, unit)
    today = clock.local_date(now, unit.time_zone)
    house = organisations.current(session).name
    work = projects.under_way(session, unit.id)
    return Pack(
        title=f"Review of {unit.name}",
        subtitle=said.period(since, until, today),
        between=f"{house} with {unit.name}",
        lead="Ready.",
        summary="What was promised, what was kept, and what comes next.",
        made=said.made(by, unit.name, unit.time_zone, now),
        sections=(
            Section("Project work", (Items(said.items(project.name for project in work), "No project is under way."),)),
        ),
        method=(Text("Made from what was recorded until then."),),
    )
