"""One unit at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.config import Settings
from crm.policy import Action
from crm.services import cadence_rules, comment_outcomes, home_business, unit_page
from crm.services.health import rules, sheet
from models.rating import CommentOutcome
from models.unit import BusinessUnit
from views import access
from views.access import allow

bp = Blueprint("unit_page", __name__)


@bp.get("/units/<int:unit_id>")
@allow(Action.SEE_UNIT)
def show(unit_id: int) -> ResponseReturnValue:
    unit, by = access.unit(unit_id), access.actor()
    page = unit_page.read(db.session(), by=by, unit=unit, now=access.now())
    rhythm = page.rhythm
    return render_template(
        "units/show.html",
        page=page,
        unit=unit,
        facts=page.facts,
        lede=unit_page.lede(page, by=by),
        rhythm=cadence_rules.in_words(cadence_rules.rule_of(rhythm)) if rhythm else "",
        standing_of=home_business.standing_of,
        outcomes=_outcomes(unit),
        heard=comment_outcomes.heard,
        today=access.today(),
        mail_address=_mail_address(unit),
        names=rules.NAMES,
        causes=sheet.CAUSES,
    )


def _outcomes(unit: BusinessUnit) -> Sequence[CommentOutcome]:
    """What the unit was told came of comments, for its head and key users. Who sees the ratings has the comments."""
    by = access.actor()
    if policy.can(by, Action.SEE_RATINGS) or unit.id not in by.belongs:
        return ()
    since = access.now() - home_business.LATELY
    return comment_outcomes.told_in_units(db.session(), by=by, since=since, unit_id=unit.id)


def _mail_address(unit: BusinessUnit) -> str:
    """Where mail to the unit arrives: the house's own address with the unit's name; "" when nobody reads mail."""
    settings: Settings = current_app.extensions["settings"]
    if not (unit.mail_name and unit.is_open and settings.mailbox and settings.mail_server):
        return ""
    local, _, domain = parseaddr(settings.mail_server.sender)[1].rpartition("@")
    return f"{local}+{unit.mail_name}@{domain}"
