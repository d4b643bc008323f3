"""Something that was asked for and refused."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.services import deciding, requests
from models import BusinessUnit, Person, Request
from models.request_part import AfterRefusal, Verdict


def refuse(
    session: Session,
    *,
    unit: BusinessUnit,
    rep: Person,
    now: datetime,
    requester: Person | None = None,
    title: str = "A dashboard of spend",
    alternative: str = "A report on Fridays",
) -> Request:
    """Asked for and refused at once; ``alternative``: "" for none."""
    by = policy.actor_for(session, rep, now.date())
    request = requests.add(
        session,
        by=by,
        unit=unit,
        title=title,
        business_need="To see spend in time",
        now=now,
        requester_id=requester.id if requester else None,
    )
    deciding.decide(
        session,
        by=by,
        request=request,
        verdict=Verdict.DECLINE,
        reason="The old system cannot do it",
        alternative=alternative,
        no_alternative=not alternative,
        did="We looked for another way",
        now=now,
    )
    return request


def asked_about(session: Session, request: Request) -> AfterRefusal:
    """The newest question about it."""
    mine = select(AfterRefusal).where(AfterRefusal.request_id == request.id)
    return session.scalars(mine.order_by(AfterRefusal.id.desc()).limit(1)).one()
