"""The small demonstration, once for the tests of a module that only read.

A module that uses it leaves ``session`` alone: the two would wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from crm.db import Database
from tests.crm.demo import fernhill as loading


@pytest.fixture(scope="module")
def fernhill(app: Flask) -> Iterator[Session]:
    database: Database = app.extensions["database"]
    with database.engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as opened:
            loading.load(opened)
            yield opened
        outer.rollback()
