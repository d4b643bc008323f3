"""The floor: a bare Flask page with fifty rows of one Core query, and a bare insert. Nothing else."""

from __future__ import annotations

import sys

from flask import Flask
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select

from crm.config import Settings
from crm.db import Database
from crm.server import serve
from models.request import Request

PAGE = """<!doctype html><title>Floor</title><table>
{% for row in rows %}<tr><td>{{ row.id }}</td><td>{{ row.title }}</td>
<td>{{ row.business_need }}</td><td>{{ row.logged_on }}</td></tr>
{% endfor %}</table>"""
ROWS = 50
WRITTEN = Table("bench_floor", MetaData(), Column("id", Integer, primary_key=True), Column("words", String))


def build(url: str) -> Flask:
    app = Flask(__name__)
    page = app.jinja_env.from_string(PAGE)  # once, as a template in a file is compiled once
    engine = Database(url).engine
    WRITTEN.metadata.create_all(engine)
    fifty = select(Request.id, Request.title, Request.business_need, Request.logged_on).order_by(Request.id).limit(ROWS)

    @app.get("/read")
    def read() -> str:
        with engine.connect() as connection:
            return page.render(rows=connection.execute(fifty).all())

    @app.post("/write")
    def write() -> str:
        with engine.begin() as connection:
            connection.execute(insert(WRITTEN).values(words="A sentence as long as most."))
        return "kept"

    return app


if __name__ == "__main__":
    address, port = sys.argv[1:3]
    settings = Settings(database_url=address, secret_key="x" * 40, production=True)
    serve(build(address), settings, host="127.0.0.1", port=int(port), with_scheduler=False)
