"""Loading past surveys: choose a file, say what it means, load it, see what it did, take it out again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from crm import db
from crm.errors import Conflict, Invalid
from crm.policy import Action
from crm.services import kept_files
from crm.services.exports.sheets import Column, Sheet
from crm.services.pages import Page
from crm.services.past_surveys import keeping, loading
from crm.services.past_surveys.known import KnownUnits
from crm.services.past_surveys.report import Marked, Report
from models.past_survey import PastState, PastSurvey
from views import access, downloads
from views.access import allow
from views.forms.past_surveys import UNITS_ON_A_PAGE, ChoicesForm, UploadForm, as_it_stands, choices_form
from views.loading import Place, progress, started
from views.paging import page_number

bp = Blueprint("past_surveys", __name__)
Row = TypeVar("Row")

ON_A_PAGE, MOST_MARKED = 25, 100


@bp.get("/past-surveys")
@allow(Action.IMPORT_SURVEYS)
def index() -> ResponseReturnValue:
    return _index(UploadForm(formdata=None))


def _index(form: UploadForm) -> str:
    return render_template(
        "past_surveys/index.html",
        form=form,
        page=keeping.listed(db.session(), by=access.actor(), number=page_number()),
        report_of=keeping.report_of,
        stopped=kept_files.has_stopped,
        zone=access.organisation().time_zone,
    )


@bp.post("/past-surveys")
@allow(Action.IMPORT_SURVEYS)
def upload() -> ResponseReturnValue:
    form = UploadForm()
    if form.validate():
        file: FileStorage = form.file.data
        try:
            kept = keeping.upload(
                db.session(),
                by=access.actor(),
                content=file.stream.read(),
                file_name=file.filename or "",
                now=access.now(),
            )
            return redirect(url_for("past_surveys.show", survey_id=kept.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _index(form), 422


@bp.get("/past-surveys/<int:survey_id>")
@allow(Action.IMPORT_SURVEYS)
def show(survey_id: int) -> ResponseReturnValue:
    kept = _find(survey_id)
    if kept.state is PastState.RUNNING:
        return progress(kept, _place(kept))
    if kept.state in (PastState.DONE, PastState.OUT):
        return _result(kept)
    report, number = keeping.report_of(kept), page_number()
    stands = as_it_stands(keeping.choices_of(kept), report, number)
    form = choices_form(keeping.header_of(kept), report.nulls if report else ())(formdata=None, data=stands)
    question = keeping.question_of(kept)
    if question:
        form.refuse(question)
    return _checked(kept, form, report)


def _find(survey_id: int) -> PastSurvey:
    return keeping.find(db.session(), by=access.actor(), survey_id=survey_id)


def _place(kept: PastSurvey) -> Place:
    return Place(
        name=kept.name,
        list_title="Past surveys",
        list_url=url_for("past_surveys.index"),
        url=url_for("past_surveys.show", survey_id=kept.id),
        start_url=url_for("past_surveys.start", survey_id=kept.id),
        writing="Writing the figures, all of them or none.",
    )


def _result(kept: PastSurvey) -> str:
    report = keeping.report_of(kept)
    return render_template(
        "past_surveys/result.html",
        kept=kept,
        report=report,
        refused=_page(report.reasons() if report else [], ON_A_PAGE, page_number()),
        marked=_marked(report),
    )


def _checked(kept: PastSurvey, form: ChoicesForm, report: Report | None) -> str:
    return render_template(
        "past_surveys/check.html",
        kept=kept,
        form=form,
        report=report,
        refused=_page(report.reasons() if report else [], ON_A_PAGE, 1),
        marked=_marked(report),
        unmatched=_page(report.unmatched if report else [], UNITS_ON_A_PAGE, page_number()),
        units=KnownUnits(db.session()).names.values() if report and report.unmatched else (),
        known={one.said: one for one in report.questions} if report else {},
        beside={one.said: one for one in report.unmatched} if report else {},
    )


def _marked(report: Report | None) -> Sequence[Marked]:
    return report.marked[:MOST_MARKED] if report else ()


def _page(rows: Sequence[Row], size: int, number: int) -> Page[Row]:
    rest = rows[(number - 1) * size :]
    return Page(rest[:size], number, len(rest) > size)


@bp.post("/past-surveys/<int:survey_id>")
@allow(Action.IMPORT_SURVEYS)
def check(survey_id: int) -> ResponseReturnValue:
    session, by, kept = db.session(), access.actor(), _find(survey_id)
    before = keeping.report_of(kept)
    form = choices_form(keeping.header_of(kept), before.nulls if before else ())()
    if form.validate():
        try:
            chosen = form.choices(keeping.choices_of(kept), KnownUnits(session).find)
            if form.load.data and before and chosen == keeping.choices_of(kept):
                return _start(kept)
            keeping.check(session, by=by, kept=kept, choices=chosen)
            if form.load.data:
                flash("Checked again with what you chose. Nothing is loaded yet.")
            return redirect(url_for("past_surveys.show", survey_id=kept.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _checked(kept, form, before), 422


@bp.post("/past-surveys/<int:survey_id>/start")
@allow(Action.IMPORT_SURVEYS)
def start(survey_id: int) -> ResponseReturnValue:
    return _start(_find(survey_id))


def _start(kept: PastSurvey) -> ResponseReturnValue:
    session, by = db.session(), access.actor()
    return started(
        _place(kept),
        claim=lambda: keeping.claim(session, by=by, kept=kept, now=access.now()),
        begin=lambda: loading.start_after_commit(session, database=db.database(), survey_id=kept.id, by_id=by.id or 0),
    )


@bp.post("/past-surveys/<int:survey_id>/discard")
@allow(Action.IMPORT_SURVEYS)
def discard(survey_id: int) -> ResponseReturnValue:
    kept = _find(survey_id)
    try:
        keeping.discard(db.session(), by=access.actor(), kept=kept, now=access.now())
        flash(f"{kept.file_name} is thrown away. Nothing of it was loaded.")
    except Conflict as error:
        flash(str(error), "warning")
    return redirect(url_for("past_surveys.index"), 303)


@bp.post("/past-surveys/<int:survey_id>/take-out")
@allow(Action.IMPORT_SURVEYS)
def take_out(survey_id: int) -> ResponseReturnValue:
    kept = _find(survey_id)
    try:
        count = keeping.take_out(db.session(), by=access.actor(), kept=kept, now=access.now())
        flash(f"{kept.name} is taken out, with its {count:,} figures.")
    except Conflict as error:
        flash(str(error), "warning")
    return redirect(url_for("past_surveys.index"), 303)


@bp.get("/past-surveys/<int:survey_id>/bad-rows.csv")
@allow(Action.IMPORT_SURVEYS)
def bad_rows(survey_id: int) -> Response:
    kept = _find(survey_id)
    rows = keeping.bad_rows(db.session(), by=access.actor(), survey_id=survey_id)
    columns = [Column("Line"), Column("Why not"), *(Column(name) for name in keeping.header_of(kept))]
    return downloads.send("bad-rows", Sheet(columns, ([line, why, *cells] for line, why, cells in rows)), "csv")
