"""However much data there is, a page takes the same few statements: twelve at the most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, select

from crm import create_app, db, schema
from crm.config import Settings
from crm.services import clock, demo
from models import (
    Action,
    Assignment,
    BusinessUnit,
    Cover,
    FollowUp,
    Handover,
    Meeting,
    Membership,
    Part,
    Person,
    Project,
    Request,
    RequestKind,
    Response,
    Review,
    Round,
)
from models.request import UNDECIDED
from tests.client import Client

BUDGET = 12
PAGES = {
    "rep": (
        "/",
        "/portfolio",
        "/portfolio/list",
        "/no-register?period=ever",
        "/unmet-demand?period=ever",
        "/units",
        "/units?as=list",
        "/units?text=a",
        "/units/{unit}",
        "/units/{unit}/timeline",
        "/units/{unit}/timeline?text=the",
        "/units/{unit}/ask",
        "/units/{unit}/cadence",
        "/units/{unit}/around",
        "/units/{unit}/handover",
        "/units/{unit}/lend",
        "/handovers/{handover}",
        "/roster",
        "/load",
        "/load?rep=1&period=12-months",
        "/absences",
        "/absences/new",
        "/meetings?period=12-months&person=1",
        "/units/{unit}/meetings/new",
        "/reviews",
        "/reviews?whose=all",
        "/reviews?show=next",
        "/reviews/{review}/move",
        "/me/calendar",
        "/calendar?whose=all",
        "/calendar?view=agenda",
        "/reviews/{review}/prepare",
        "/units/{unit}/assessment",
        "/assessments",
        "/assessments?show=apart",
        "/reviews/{review}/prepare/print",
        "/reviews/{review}/prepare/print?for=me",
        "/units/{unit}/projects",
        "/units/{unit}/projects?show=all&edit={project}",
        "/units/{unit}/projects/new",
        "/projects/{project}",
        "/units/{unit}/decisions",
        "/compliance",
        "/compliance?by=unit",
        "/meetings",
        "/me/mail",
        "/meetings/new",
        "/unfinished",
        "/meetings/{meeting}",
        "/meetings/{meeting}/correct",
        "/meetings/{meeting}/share",
        "/meetings/{meeting}/minutes",
        "/actions/{action}",
        "/requests",
        "/requests?show=all",
        "/requests?show=all&late=1&text=the&unit={unit}&owner=me&period=12-months",
        "/requests?by=unit&show=all",
        "/requests?by=rep",
        "/requests?by=state",
        "/requests/board",
        "/requests/board?unit=&kind=standard&text=the",
        "/requests/together?what=look&all=1&show=undecided",
        "/requests/{request}",
        "/requests/{waiting}",
        "/requests/{complaint}",
        "/complaints",
        "/complaints/figures",
        "/requests/figures",
        "/requests/figures/rows?of=refused",
        "/requests/rules",
        "/units/{unit}/engagement",
        "/units/{unit}/engagement?edit=model",
        "/danger",
        "/danger?only=all&rule=neither",
        "/requests/{request}/join",
        "/needs",
        "/needs?show=settled&text=a",
        "/actions",
        "/ratings",
        "/past-surveys/items",
        "/units/{unit}/past",
        "/tickets",
        "/tickets?unit={unit}&show=open&period=12-months&text=the&order=closed",
        "/ratings/{round}",
        "/comments",
        "/comments?only=all&unit={unit}",
        "/comments/{comment}",
        "/follow-ups",
        "/follow-ups?only=closed&whose=mine",
        "/follow-ups/{follow_up}",
        "/filters",
        "/filters/actions/new?show=overdue",
    ),
    "head": (
        "/no-register?period=ever",
        "/",
        "/units",
        "/units/{unit}",
        "/units/{unit}/engagement",
        "/units/{unit}/projects",
        "/projects/{project}",
        "/units/{unit}/timeline",
        "/requests",
        "/requests/board",
        "/requests/{waiting}",
        "/requests/{complaint}",
        "/requests/{request}",
        "/actions",
        "/meetings",
        "/meetings/{meeting}",
        "/meetings/{meeting}/minutes",
        "/actions/{action}",
        "/reviews",
    ),
    "cio": (
        "/asking",
        "/danger/signs",
        "/units/{unit}/engagement",
        "/compliance",
        "/complaints/rules",
        "/reviews?show=next",
        "/portfolio",
        "/portfolio?branch={unit}&period=year",
        "/portfolio/compare?by=period&branch={unit}",
        "/portfolio/compare?by=branch",
        "/portfolio/compare?by=rep&branch={unit}",
        "/portfolio/list",
        "/units/{unit}",
        "/units/{unit}/cover",
        "/past-surveys",
    ),
    "administrator": (
        "/request-themes",
        "/",
        "/people/{lead}/leave",
        "/people/{lead}/forget",
        "/absences",
        "/people",
        "/audit",
        "/outbox",
        "/incoming",
        "/units/{unit}/edit",
        "/webhooks",
        "/webhooks/new",
        "/units",
        "/units/{unit}/people",
        "/import",
    ),
}


@dataclass
class Fernhill:
    """A demonstration organisation, and a count of what is asked of its database."""

    app: Flask
    people: dict[str, int] = field(default_factory=dict)
    things: dict[str, int] = field(default_factory=dict)
    statements: int = 0

    def count(self, who: str, path: str) -> int:
        client = self.app.test_client()
        assert isinstance(client, Client)
        with self.app.app_context(), db.transaction() as session:
            person = session.get_one(Person, self.people[who])
        client.sign_in(person)
        self.statements = 0
        answer = client.get(path.format(**self.things))
        assert answer.status_code == 200, f"{who} {path}: {answer.status_code}"
        return self.statements


def _load(file: Path, scale: demo.Scale) -> Fernhill:
    app = create_app(Settings(database_url=f"sqlite:///{file}", secret_key="x" * 40, demonstration=True))
    app.test_client_class = Client
    engine = app.extensions["database"].engine
    schema.upgrade(engine)
    now = datetime.now(UTC)
    fernhill = Fernhill(app)
    with app.app_context(), db.transaction() as session:
        today = clock.local_date(now, "Europe/Lisbon")
        demo.load(session, scale=scale, today=today, now=now, progress=lambda _done, _total: None)
        unit = session.scalars(select(BusinessUnit).where(BusinessUnit.code == "FIN")).one()
        lead = select(Assignment.rep_id).where(
            Assignment.unit_id == unit.id, Assignment.cover == Cover.LEAD, Assignment.in_force(today)
        )
        head = select(Membership.person_id).where(
            Membership.unit_id == unit.id, Membership.part == Part.HEAD, Membership.in_force(today)
        )
        fernhill.people = {
            "rep": session.scalars(lead).one(),
            "head": session.scalars(head).one(),
            "cio": session.scalars(select(Person.id).where(Person.is_cio).limit(1)).one(),
            "administrator": session.scalars(select(Person.id).where(Person.is_administrator).limit(1)).one(),
        }
        fernhill.things = {"unit": unit.id} | {
            name: session.scalars(select(table.id).where(table.unit_id == unit.id).order_by(table.id).limit(1)).one()
            for name, table in (
                ("action", Action),
                ("meeting", Meeting),
                ("request", Request),
                ("round", Round),
                ("project", Project),
                ("follow_up", FollowUp),
            )
        }
        mine = select(Request.id).where(Request.unit_id == unit.id).order_by(Request.id.desc()).limit(1)
        fernhill.things["waiting"] = session.scalars(mine.where(Request.state.in_(UNDECIDED))).one()
        fernhill.things["complaint"] = session.scalars(mine.where(Request.kind == RequestKind.COMPLAINT)).one()
        commented = select(Response.id).where(Response.unit_id == unit.id, Response.comment != "")
        fernhill.things["comment"] = session.scalars(commented.order_by(Response.id).limit(1)).one()
        ahead = select(Review.id).where(Review.unit_id == unit.id, Review.planned_on > today)
        fernhill.things["lead"] = fernhill.people["rep"]
        fernhill.things["handover"] = session.scalars(select(Handover.id).order_by(Handover.id).limit(1)).one()
        fernhill.things["review"] = session.scalars(ahead.order_by(Review.planned_on).limit(1)).one()

    @event.listens_for(engine, "before_cursor_execute")
    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        fernhill.statements += not statement.startswith("BEGIN")

    return fernhill


@pytest.fixture(scope="module")
def small_and_medium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Fernhill, Fernhill]]:
    """Twelve units, and five hundred."""
    folder = tmp_path_factory.mktemp("budget")
    both = _load(folder / "small.db", demo.Scale.SMALL), _load(folder / "medium.db", demo.Scale.MEDIUM)
    yield both
    for fernhill in both:
        fernhill.app.extensions["database"].engine.dispose()


@pytest.mark.parametrize("who", PAGES)
def test_a_page_takes_few_statements_and_as_many_with_500_units_as_with_12(
    small_and_medium: tuple[Fernhill, Fernhill], who: str
) -> None:
    small, medium = small_and_medium
    for path in PAGES[who]:
        few, many = small.count(who, path), medium.count(who, path)
        print(f"{who:<14} {path:<32} {few:>3} {many:>3}")
        assert few <= BUDGET, f"{who} {path}: {few} statements"
        assert many <= BUDGET, f"{who} {path}: {many} statements with 500 units"
