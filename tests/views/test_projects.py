"""The pages of projects: kept in place by who covers the unit, read by the unit."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import projects
from models import Project, ProjectStep, Stage
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter

NOW = datetime.now(UTC)
TOLD = {"name": "Ledger, phase 2", "state": "Two modules tested", "stage": "under_way", "lead_id": ""}


@pytest.fixture
def project(session: Session, cast: Cast) -> Project:
    by = cast.actor(session, cast.rep)
    started = projects.start(session, by=by, unit=cast.finance, name="Ledger", state="On its way", now=NOW)
    session.commit()
    return started


def test_a_project_is_added_and_stands_on_the_list_and_the_unit_page(client: Client, cast: Cast) -> None:
    client.sign_in(cast.rep)
    path = f"/units/{cast.finance.id}/projects"
    assert client.get(path + "/new").status_code == 200
    assert client.submit(path + "/new", TOLD | {"lead_id": cast.specialist.id}).status_code == 303
    for page in (path, f"/units/{cast.finance.id}"):
        shown = client.get(page).text
        assert "Ledger, phase 2" in shown
        assert "Two modules tested" in shown
        assert "Olu Adeyemi" in shown


def test_what_cannot_be_taken_comes_back_as_typed(client: Client, cast: Cast, project: Project) -> None:
    client.sign_in(cast.rep)
    path = f"/units/{cast.finance.id}/projects/new"
    answer = client.submit(path, TOLD | {"name": "ledger"})
    assert answer.status_code == 422
    assert "is on the list already" in answer.text
    assert "Two modules tested" in answer.text
    answer = client.submit(path, TOLD | {"milestone_on": "2026-12-01"})
    assert "Say what is due on that day." in answer.text


def test_a_row_becomes_a_form_and_keeping_it_is_a_step(
    client: Client, session: Session, cast: Cast, project: Project
) -> None:
    client.sign_in(cast.rep)
    form = client.get(f"/units/{cast.finance.id}/projects?edit={project.id}").text
    assert "On its way" in form
    told = TOLD | {"name": "Ledger, all of it", "stage": "paused", "milestone": "Pilot", "milestone_on": "2026-12-01"}
    assert client.submit(f"/projects/{project.id}", told).status_code == 303
    session.expire_all()
    assert (project.name, project.stage, project.milestone) == ("Ledger, all of it", Stage.PAUSED, "Pilot")
    assert len(session.scalars(select(ProjectStep)).all()) == 2
    history = client.get(f"/projects/{project.id}").text
    assert "On its way" in history
    assert "Two modules tested" in history
    assert "Next: Pilot" in history


def test_a_row_that_cannot_be_kept_stays_a_form(client: Client, session: Session, cast: Cast, project: Project) -> None:
    client.sign_in(cast.rep)
    answer = client.submit(f"/projects/{project.id}", TOLD | {"name": ""})
    assert answer.status_code == 422
    assert "Give the project a name." in answer.text
    assert "Two modules tested" in answer.text
    session.expire_all()
    assert project.name == "Ledger"


def test_the_head_reads_the_list_and_changes_nothing(client: Client, cast: Cast, project: Project) -> None:
    client.sign_in(cast.head)
    for path in (f"/units/{cast.finance.id}/projects", f"/units/{cast.finance.id}", f"/projects/{project.id}"):
        shown = client.get(path)
        assert "On its way" in shown.text
        assert "Update" not in shown.text
    assert client.submit(f"/projects/{project.id}", TOLD).status_code == 403
    assert (
        '<form method="post" action="/projects'
        not in client.get(f"/units/{cast.finance.id}/projects?edit={project.id}").text
    )


def test_the_head_of_another_unit_finds_nothing(client: Client, cast: Cast, project: Project) -> None:
    client.sign_in(cast.outsider)
    assert client.get(f"/projects/{project.id}").status_code == 404
    assert client.get(f"/units/{cast.finance.id}/projects").status_code == 404


def test_a_project_of_another_unit_cannot_be_edited_from_here(client: Client, cast: Cast, project: Project) -> None:
    client.sign_in(cast.colleague)
    assert client.get(f"/units/{cast.legal.id}/projects?edit={project.id}").status_code == 404


@pytest.mark.parametrize("show", ["under_way", "over", "all", "nonsense"])
def test_an_empty_list_says_what_to_do(client: Client, cast: Cast, show: str) -> None:
    client.sign_in(cast.rep)
    shown = client.get(f"/units/{cast.finance.id}/projects?show={show}").text
    assert "Add a project" in shown
    assert "See what is under way" in shown or "No projects under way" in shown


def test_the_unit_page_has_no_statement_more_for_its_projects(
    client: Client, session: Session, cast: Cast, project: Project, statements: StatementCounter
) -> None:
    client.sign_in(cast.rep)
    with statements:
        client.get(f"/units/{cast.finance.id}")
    assert statements.count <= 12
