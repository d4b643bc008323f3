"""The web: blueprints, forms, filters and the gate before them."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.routing import IntegerConverter, Map

from views import (
    access,
    actions,
    answers,
    assets,
    audit,
    cadences,
    compliance,
    design,
    errors,
    filters,
    headers,
    home,
    imports,
    jobs,
    log_meeting,
    me,
    meetings,
    outbox,
    people,
    portfolio,
    projects,
    ratings,
    requests,
    reviews,
    settings,
    setup,
    shell,
    sign_ins,
    timeline,
    unit_page,
    units,
)

BLUEPRINTS = (
    actions.bp,
    answers.bp,
    audit.bp,
    cadences.bp,
    compliance.bp,
    design.bp,
    home.bp,
    imports.bp,
    jobs.bp,
    log_meeting.bp,
    me.bp,
    meetings.bp,
    outbox.bp,
    people.bp,
    portfolio.bp,
    projects.bp,
    ratings.bp,
    requests.bp,
    reviews.bp,
    settings.bp,
    setup.bp,
    sign_ins.bp,
    timeline.bp,
    unit_page.bp,
    units.bp,
)


class Key(IntegerConverter):
    """An id in an address: beyond what the databases hold there is nothing, so that it is a 404 and no error."""

    def __init__(self, map_: Map, **options: Any) -> None:
        super().__init__(map_, max=2**31 - 1, **options)


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = Key
    headers.init_app(app)
    CSRFProtect(app)
    access.init_app(app)
    filters.init_app(app)
    assets.init_app(app)
    errors.init_app(app)
    sign_ins.init_app(app)
    shell.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
