"""The web: blueprints, forms, filters and the gate before them."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.routing import IntegerConverter, Map

from views import (
    absences,
    access,
    actions,
    actions_together,
    after_refusals,
    answers,
    asking,
    assessments,
    assets,
    audit,
    cadences,
    calendar,
    closed_days,
    closings,
    comments,
    comparison,
    compliance,
    confirmations,
    corrections,
    decisions,
    design,
    drafts,
    errors,
    evaluations,
    feeds,
    filters,
    follow_ups,
    forgetting,
    handovers,
    headers,
    home,
    house_rhythm,
    imports,
    incoming,
    jobs,
    leaving,
    load,
    log_meeting,
    mail_stops,
    marks,
    me,
    me_mail,
    meetings,
    minutes,
    no_register,
    outbox,
    past_figures,
    past_surveys,
    people,
    planning,
    portfolio,
    preparing,
    projects,
    promises,
    questions,
    ratings,
    request_board,
    request_forms,
    request_lists,
    request_themes,
    requests,
    requests_together,
    reviews,
    reviews_together,
    roster,
    satisfaction,
    saved_filters,
    services,
    settings,
    setup,
    shell,
    sign_ins,
    ticket_imports,
    tickets,
    timeline,
    unit_page,
    units,
    unmet_demand,
    webhooks,
)

BLUEPRINTS = (
    absences.bp,
    actions.bp,
    actions_together.bp,
    answers.bp,
    asking.bp,
    assessments.bp,
    audit.bp,
    cadences.bp,
    calendar.bp,
    closed_days.bp,
    closings.bp,
    no_register.bp,
    request_themes.bp,
    unmet_demand.bp,
    after_refusals.bp,
    comments.bp,
    comparison.bp,
    decisions.bp,
    compliance.bp,
    confirmations.bp,
    corrections.bp,
    design.bp,
    drafts.bp,
    evaluations.bp,
    feeds.bp,
    follow_ups.bp,
    forgetting.bp,
    handovers.bp,
    home.bp,
    house_rhythm.bp,
    imports.bp,
    incoming.bp,
    jobs.bp,
    load.bp,
    log_meeting.bp,
    leaving.bp,
    mail_stops.bp,
    me.bp,
    me_mail.bp,
    meetings.bp,
    minutes.bp,
    outbox.bp,
    past_figures.bp,
    past_surveys.bp,
    people.bp,
    planning.bp,
    portfolio.bp,
    preparing.bp,
    projects.bp,
    promises.bp,
    questions.bp,
    ratings.bp,
    request_board.bp,
    request_forms.bp,
    request_lists.bp,
    requests.bp,
    requests_together.bp,
    reviews.bp,
    reviews_together.bp,
    roster.bp,
    satisfaction.bp,
    saved_filters.bp,
    services.bp,
    settings.bp,
    setup.bp,
    sign_ins.bp,
    ticket_imports.bp,
    tickets.bp,
    timeline.bp,
    unit_page.bp,
    units.bp,
    webhooks.bp,
)


class Key(IntegerConverter):
    """An id in an address: beyond what the databases hold there is nothing, so that it is a 404 and no error."""

    def __init__(self, map_: Map, **options: Any) -> None:
        super().__init__(map_, max=2**31 - 1, **options)


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = Key
    headers.init_app(app)
    CSRFProtect(app).exempt(mail_stops.stop)  # RFC 8058: mail programs send it, without cookies
    access.init_app(app)
    filters.init_app(app)
    marks.init_app(app)
    assets.init_app(app)
    errors.init_app(app)
    sign_ins.init_app(app)
    shell.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
