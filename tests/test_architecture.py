"""The house rules that a machine can check."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from crm import config, paths, schema
from crm.db import READING, Database
from crm.policy import POLICY, Action
from crm.services import question_sets
from models import Action as Promise
from models import BusinessUnit, Instrument, Invitation, Person, Request, Response, Round
from tests.cast import Cast, assemble
from tests.client import Client
from tests.factories.everything import furnish
from views.access import OPEN_ENDPOINTS, PUBLIC

#: What strangers may reach. Whoever adds to this list has thought about guessing, flooding and scanners.
OPEN_TO_STRANGERS = {
    "after_refusals.look_again",
    "after_refusals.say",
    "after_refusals.show",
    "answers.keep",
    "answers.kept",
    "answers.send",
    "answers.show",
    "answers.thanks",
    "assets.icons",
    "closings.say",
    "closings.show",
    "confirmations.send",
    "confirmations.show",
    "confirmations.thanks",
    "design.index",
    "feeds.show",
    "mail_stops.show",
    "mail_stops.stop",
    "mail_stops.undo",
    "promises.settle",
    "promises.show",
    "setup.create",
    "setup.new",
    "sign_ins.create",
    "sign_ins.create_as",
    "sign_ins.forgotten",
    "sign_ins.new",
    "sign_ins.password",
    "sign_ins.remind",
    "sign_ins.set_password",
}


def declared(app: Flask) -> dict[str, object]:
    views = {name: view for name, view in app.view_functions.items() if name not in OPEN_ENDPOINTS}
    return {name: getattr(view, "access", None) for name, view in views.items()}


def test_imports_run_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=paths.ROOT, capture_output=True, text=True, env={"PYTHONPATH": str(paths.ROOT)})
    assert done.returncode == 0, done.stdout


def test_every_endpoint_says_who_may_call_it(app: Flask) -> None:
    assert [name for name, right in declared(app).items() if right is None] == []


def test_strangers_reach_only_what_was_meant_for_them(app: Flask) -> None:
    assert {name for name, right in declared(app).items() if right == PUBLIC} == OPEN_TO_STRANGERS


def test_every_right_has_a_rule_and_a_use(app: Flask) -> None:
    assert set(POLICY) == set(Action)


def test_every_template_compiles_and_each_page_has_a_title(app: Flask) -> None:
    for name in app.jinja_env.list_templates(filter_func=lambda name: name.endswith(".html")):
        app.jinja_env.get_template(name)
        source = (paths.TEMPLATES / name).read_text() if (paths.TEMPLATES / name).exists() else ""
        if re.search(r'{% extends "(base|lone)\.html" %}', source):
            assert "{% block title %}" in source, f"{name} has no title"


def test_every_template_that_is_asked_for_exists(app: Flask) -> None:
    known = set(app.jinja_env.list_templates())
    for file in (paths.ROOT / "views").rglob("*.py"):
        for name in re.findall(r'render_template\(\s*"([^"]+)"', file.read_text()):
            assert name in known, f"{file.name} asks for {name}"
    for file in paths.TEMPLATES.rglob("*.html"):
        tree = app.jinja_env.parse(file.read_text())
        for wanted in meta.find_referenced_templates(tree):
            assert wanted is None or wanted in known, f"{file.name} asks for {wanted}"


def test_no_template_holds_style_script_or_handlers() -> None:
    for file in paths.TEMPLATES.rglob("*.html"):
        found = re.search(r"\sstyle=|\son\w+=\"|<script(?![^>]*\bsrc=)|<style", file.read_text())
        assert found is None, f"{file}: {found}"


def test_no_module_outgrows_its_use_case() -> None:
    for package in ("crm", "models", "views"):
        for file in (paths.ROOT / package).rglob("*.py"):
            lines = file.read_text().count("\n")
            assert lines <= 300, f"{file.relative_to(paths.ROOT)} has {lines} lines"


def test_no_lock_file_names_a_host() -> None:
    for file in (paths.ROOT / "requirements").glob("*.txt"):
        assert "://" not in file.read_text()


def test_the_settings_table_is_in_the_readme() -> None:
    readme = (paths.ROOT / "README.md").read_text()
    for variable in config.VARIABLES:
        assert f"| `{variable.name}` | {variable.meaning}" in readme


def test_models_and_migrations_agree(app: Flask) -> None:
    schema.check(app.extensions["database"].engine)


def test_the_migrations_run_up_down_and_up_again(empty_database_url: str) -> None:
    engine = Database(empty_database_url).engine
    schema.upgrade(engine)
    schema.downgrade(engine, "base")
    assert not schema.is_current(engine)
    schema.upgrade(engine)
    assert schema.is_current(engine)
    engine.dispose()


def test_what_is_in_the_database_is_still_there_after_its_shape_changed(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    schema.upgrade(database.engine)
    with database.session(writes=True) as session:
        furnish(session, assemble(session), now=datetime(2026, 11, 20, 9, tzinfo=UTC))
        before = _kept_from_the_beginning(session)
    schema.downgrade(database.engine, "0002")
    schema.upgrade(database.engine)
    with database.session(writes=False) as session:
        assert _kept_from_the_beginning(session) == before
    database.engine.dispose()


def test_a_house_that_asked_a_survey_before_gets_a_version_that_also_asks_how_far_it_has_come(
    empty_database_url: str,
) -> None:
    database = Database(empty_database_url)
    schema.upgrade(database.engine)
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    with database.session(writes=True) as session:
        question_sets.current(session, instrument=Instrument.SURVEY, now=now)
        session.commit()
    schema.downgrade(database.engine, "0028")
    schema.upgrade(database.engine)
    with database.session(writes=False) as session:
        asked = question_sets.in_force(session, instrument=Instrument.SURVEY, now=now)
        assert asked.version == 2
        assert [question.key for question in asked.questions][-2:] == ["choose", question_sets.MATURITY]
        assert [question.position for question in asked.questions] == list(range(1, 9))
    database.engine.dispose()


def _kept_from_the_beginning(session: Session) -> list[int]:
    """Rows of tables that the first migrations made."""
    tables = (BusinessUnit, Person, Round, Invitation, Response, Promise, Request)
    return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


@pytest.fixture
def commits(app: Flask) -> list[str]:
    """What was committed by sessions while the test ran."""
    made: list[str] = []

    def note(session: Session) -> None:
        made.append(repr(session))

    event.listen(Session, "after_commit", note)
    return made


def test_a_get_never_commits(app: Flask, client: Client, cast: Cast, commits: list[str]) -> None:
    client.sign_in(cast.rep)
    commits.clear()
    for rule in app.url_map.iter_rules():
        if rule.methods and "GET" in rule.methods and not rule.arguments:
            client.get(rule.rule)
    assert commits == []


def test_reading_methods_are_those_that_change_nothing() -> None:
    assert {"GET", "HEAD", "OPTIONS"} == READING


def test_sqlite_waits_for_the_disk(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with database.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
