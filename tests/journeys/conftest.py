"""What the journeys walk through: the application on a port, on a database of its own, with real commits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import create_app, db
from crm.config import Settings
from crm.services import passwords, setup
from models import OutboxMessage, Person
from tests.browser import DESKTOP, serving
from tests.cast import Cast, assemble
from tests.conftest import copy_of

SECRET_KEY = "only-for-tests-" + "x" * 32
PASSWORD = "four unrelated kettle words"
# On a machine with more to do than to run a browser, a page may take its time.
expect.set_options(timeout=15_000)


@dataclass(frozen=True)
class House:
    """The running application. ``address`` has no slash at its end."""

    app: Flask
    address: str

    def session(self) -> Session:
        database: db.Database = self.app.extensions["database"]
        return database.session(writes=True)

    def set_up_code(self) -> str:
        """What the terminal would print."""
        with self.session() as session, session.begin():
            return setup.new_code(session, datetime.now(UTC))

    def mail_path(self, to: str) -> str:
        """The link in the newest mail to that address."""
        with self.session() as session:
            newest = select(OutboxMessage.path).where(OutboxMessage.to_address == to)
            return session.scalars(newest.order_by(OutboxMessage.id.desc()).limit(1)).one()

    def sign_in(self, page: Page, person: Person) -> None:
        page.goto(f"{self.address}/sign-in")
        page.get_by_label("Work e-mail").fill(str(person.email))
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def fresh_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """SQLite at a desk; PostgreSQL on a phone, and where the screen does not matter. A journey shows that browser and
    server fit together: what the two databases do differently is tried on both without a browser."""
    is_at_desk = hasattr(request.node, "callspec") and request.node.callspec.params.get("width") == DESKTOP
    with copy_of(request, "sqlite" if is_at_desk else "postgresql", tmp_path) as url:
        yield url


@pytest.fixture
def house(fresh_database_url: str, tmp_path: Path) -> Iterator[House]:
    """An empty product."""
    app = create_app(Settings(database_url=fresh_database_url, secret_key=SECRET_KEY, files=tmp_path / "files"))
    database: db.Database = app.extensions["database"]
    with serving(app) as address:
        yield House(app, address)
    database.engine.dispose()


@pytest.fixture
def inhabited(house: House) -> tuple[House, Cast]:
    """The product with the recurring cast in it, all of whom can sign in."""
    with house.session() as session:
        cast = assemble(session)
        passwords.set_for(cast.rep, PASSWORD)
        for person in (cast.colleague, cast.head, cast.key_user, cast.outsider, cast.cio, cast.administrator):
            person.password_hash = cast.rep.password_hash
        session.commit()
    return house, cast
