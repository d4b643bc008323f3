"""What stands around every page: the organisation's name, the ways to go, the own units."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from flask import Flask, current_app, g, request, url_for
from sqlalchemy import bindparam, func, select

from crm import db, policy
from crm.policy import Action
from models.person import Person, Role
from models.unit import BusinessUnit
from views import access

UNITS_SHOWN = 14
_OPEN_ONES = (
    select(BusinessUnit.id, BusinessUnit.name)
    .where(BusinessUnit.id.in_(bindparam("units", expanding=True)), BusinessUnit.closed_on.is_(None))
    .order_by(func.lower(BusinessUnit.name), BusinessUnit.id)
    .limit(UNITS_SHOWN)
)


@dataclass(frozen=True)
class Way:
    """One way to go. ``right``: who has it; ``group``: endpoints that belong to it."""

    label: str
    icon: str
    endpoint: str
    right: Action
    short: str = ""


WAYS = (
    Way("Today", "inbox", "home.index", Action.SEE_HOME),
    Way("Portfolio", "grid-3x3-gap", "portfolio.index", Action.SEE_PORTFOLIO),
    Way("Units", "building", "units.index", Action.SEE_UNITS),
    Way("Reviews", "calendar-check", "reviews.index", Action.SEE_REVIEWS),
    Way("Calendar", "calendar3", "calendar.show", Action.SEE_CALENDAR),
    Way("Meetings", "journal-text", "meetings.index", Action.SEE_MEETINGS),
    Way("Requests", "signpost-split", "requests.index", Action.SEE_PROMISES),
    Way("Actions", "check-square", "actions.index", Action.SEE_PROMISES),
    Way("Ratings", "star", "ratings.index", Action.SEE_RATINGS),
    Way("Absences", "calendar-x", "absences.index", Action.RECORD_ABSENCE),
    Way("People", "people", "people.index", Action.MANAGE_PEOPLE),
    Way("Import", "upload", "imports.index", Action.IMPORT_ORGANISATION),
    Way("Settings", "sliders", "settings.edit", Action.CHANGE_SETTINGS),
    Way("Audit trail", "clock-history", "audit.index", Action.SEE_AUDIT),
    Way("Work on time", "hourglass-split", "jobs.index", Action.SEE_JOBS),
    Way("Outbox", "envelope", "outbox.index", Action.SEE_ALL_MAIL),
    Way("Mail that came in", "envelope-open", "incoming.index", Action.SORT_INCOMING_MAIL),
    Way("Webhooks", "broadcast", "webhooks.index", Action.MANAGE_WEBHOOKS),
)
#: Pages that belong to a way although their blueprint has another name.
KIN = {
    "after_refusals": "requests",
    "no_register": "requests",
    "request_themes": "requests",
    "unmet_demand": "requests",
    "asking": "settings",
    "request_board": "requests",
    "request_forms": "requests",
    "request_lists": "requests",
    "requests_together": "requests",
    "shared_needs": "requests",
    "assessments": "units",
    "danger_signs": "portfolio",
    "engagement": "units",
    "past_surveys": "ratings",
    "past_figures": "ratings",
    "complaints": "requests",
    "complaint_rules": "requests",
    "complaint_trend": "requests",
    "request_figures": "requests",
    "closed_days": "settings",
    "ticket_imports": "requests",
    "tickets": "requests",
    "house_rhythm": "settings",
    "request_owners": "requests",
    "request_rules": "requests",
    "evaluations": "me",
    "questions": "settings",
    "services": "settings",
    "handovers": "units",
    "roster": "units",
    "load": "portfolio",
    "portfolio_compare": "portfolio",
    "portfolio_list": "portfolio",
    "leaving": "people",
    "unit_page": "units",
    "packs": "reviews",
    "projects": "units",
    "timeline": "units",
    "decisions": "units",
    "preparing": "reviews",
    "cadences": "reviews",
    "compliance": "reviews",
    "planning": "reviews",
    "comparison": "ratings",
    "satisfaction": "units",
    "log_meeting": "meetings",
    "drafts": "meetings",
    "follow_ups": "ratings",
    "comments": "ratings",
}


@dataclass(frozen=True)
class Place:
    """One entry of the navigation."""

    url: str
    icon: str
    label: str
    current: bool = False
    count: int | None = None
    main: bool = False


@dataclass(frozen=True)
class UnitLink:
    """One of a person's units, in the side bar. ``note``: what the icon says, for those who do not see it."""

    url: str
    name: str
    icon: str | None = None
    note: str | None = None
    current: bool = False


@dataclass(frozen=True)
class Shell:
    """All that base.html and lone.html read."""

    organisation: str
    person: Person | None = None
    nav: list[Place] = field(default_factory=list)
    tabs: list[Place] = field(default_factory=list)
    units_title: str = "Your units"
    units: list[UnitLink] = field(default_factory=list)
    demonstration: bool = False


class LiveShell:
    """The same for whoever is calling; each part is read only when a page shows it."""

    @property
    def organisation(self) -> str:
        return access.organisation().name

    @property
    def person(self) -> Person | None:
        return access.signed_in().person if access.is_signed_in() else None

    @property
    def demonstration(self) -> bool:
        return bool(current_app.extensions["settings"].demonstration)

    @cached_property
    def nav(self) -> list[Place]:
        if not self.person:
            return []
        return [self._link(way) for way in WAYS if self._is_open(way)]

    def _is_open(self, way: Way) -> bool:
        if way.endpoint == "home.index" and self._begins_with_the_portfolio:
            return False
        may = policy.can(access.actor(), way.right)
        return may or (way.endpoint == "outbox.index" and self.demonstration)

    @property
    def _begins_with_the_portfolio(self) -> bool:
        """The CIO's start page is the portfolio: one page, one way."""
        return self.person is not None and self.person.roles == {Role.CIO}

    @staticmethod
    def _link(way: Way) -> Place:
        here = request.blueprint or ""
        return Place(
            label=way.label,
            url=url_for(way.endpoint),
            icon=way.icon,
            current=KIN.get(here, here) == way.endpoint.partition(".")[0],
        )

    @property
    def tabs(self) -> list[Place]:
        """The five of the phone: the first, Log in the middle for reps, and More."""
        ways = self.nav
        more = Place(url_for("me.more"), "three-dots", "More", current=request.blueprint == "me")
        if not policy.can(access.actor(), Action.START_MEETING):
            return [*ways[:4], more]
        by_label = {way.label: way for way in ways}
        here = request.endpoint in ("meetings.choose", "log_meeting.new")
        log = Place(url_for("meetings.choose"), "plus-lg", "Log", current=here, main=True)
        return [by_label["Today"], by_label["Units"], log, by_label["Requests"], more]

    @property
    def units_title(self) -> str:
        return "Your units"

    @cached_property
    def units(self) -> list[UnitLink]:
        """The units looked after, or belonged to; none for those who see all."""
        if not self.person:
            return []
        mine = access.actor().covers or access.actor().belongs
        if not mine:
            return []
        rows = db.session().execute(_OPEN_ONES, {"units": list(mine)})
        here = (request.view_args or {}).get("unit_id")
        return [UnitLink(url_for("unit_page.show", unit_id=row.id), row.name, current=row.id == here) for row in rows]


def _context() -> dict[str, object]:
    if "shell" not in g:
        g.shell = LiveShell()
    return {"shell": g.shell, "now": access.now(), "actor": g.get("actor")}


def init_app(app: Flask) -> None:
    app.context_processor(_context)
    app.add_template_global(_may, "may")
    app.add_template_global(access.today, "today")


def _may(action: str, subject: policy.InUnit | None = None) -> bool:
    """``may("log a meeting", unit)`` in a template."""
    return access.is_signed_in() and policy.can(access.actor(), Action(action), subject)
