"""The requests behind a figure."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.policy import Action, Actor
from crm.services import pages
from crm.services.pages import Page
from crm.services.request_figures import Ratio, within
from crm.services.request_scope import Scope
from models.request import Request


def listed(
    session: Session,
    *,
    by: Actor,
    ratio: Ratio,
    scope: Scope,
    since: date,
    until: date,
    hits: bool,
    number: int = 1,
    size: int = pages.SIZE,
) -> Page[Request]:
    """What counts for the ratio from one day to before another, or only the hits, newest first. One statement."""
    policy.require(by, Action.SEE_REQUEST_FIGURES)
    wanted = select(Request).join(Request.unit).where(scope.condition(by), within(ratio, since, until))
    if hits:
        wanted = wanted.where(ratio.hits)
    loaded = wanted.options(contains_eager(Request.unit), joinedload(Request.requester))
    return pages.of_objects(session, loaded.order_by(ratio.on.desc(), Request.id.desc()), number, size)
