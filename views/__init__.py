"""The web: blueprints, forms, filters and the gate before them."""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect

from crm.errors import NotFound
from crm.policy import Action
from views import (
    access,
    actions,
    answers,
    assets,
    audit,
    cadences,
    design,
    errors,
    filters,
    headers,
    home,
    imports,
    me,
    meetings,
    outbox,
    people,
    portfolio,
    ratings,
    requests,
    reviews,
    settings,
    setup,
    shell,
    sign_ins,
    unit_page,
    units,
)

BLUEPRINTS = (
    actions.bp,
    answers.bp,
    audit.bp,
    cadences.bp,
    design.bp,
    home.bp,
    imports.bp,
    me.bp,
    meetings.bp,
    outbox.bp,
    people.bp,
    portfolio.bp,
    ratings.bp,
    requests.bp,
    reviews.bp,
    settings.bp,
    setup.bp,
    sign_ins.bp,
    unit_page.bp,
    units.bp,
)


def init_app(app: Flask) -> None:
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
    _stand_in(app)


#: TODO: goes when every part is merged. So that templates can link before the other part exists.
PENDING = {
    "home.index": "/",
    "portfolio.index": "/portfolio",
    "unit_page.show": "/units/<int:unit_id>",
    "cadences.edit": "/units/<int:unit_id>/cadence",
    "reviews.index": "/reviews",
    "reviews.move": "/reviews/<int:review_id>/move",
    "reviews.skip": "/reviews/<int:review_id>/skip",
    "meetings.choose": "/meetings/new",
    "meetings.log": "/units/<int:unit_id>/meetings/new",
    "meetings.index": "/meetings",
    "meetings.show": "/meetings/<int:meeting_id>",
    "actions.index": "/actions",
    "actions.settle": "/actions/<int:action_id>/settle",
    "requests.index": "/requests",
    "requests.new": "/units/<int:unit_id>/requests/new",
    "requests.show": "/requests/<int:request_id>",
    "requests.decide": "/requests/<int:request_id>/decide",
    "ratings.index": "/ratings",
    "ratings.ask": "/units/<int:unit_id>/ask",
    "ratings.show": "/ratings/<int:round_id>",
    "answers.show": "/r/<token>",
    "outbox.index": "/outbox",
    "imports.index": "/import",
}


def _stand_in(app: Flask) -> None:
    def missing(**_: object) -> str:
        raise NotFound("Not built yet.")

    for endpoint, rule in PENDING.items():
        if endpoint not in app.view_functions:
            app.add_url_rule(rule, endpoint, access.allow(Action.SEE_HOME)(missing))
