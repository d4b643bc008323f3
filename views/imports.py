"""Loading an organisation: choose a file, see what it would do, load it, see what it did."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import clock, kept_files
from crm.services.organisation_import import background, keeping, templates
from crm.services.organisation_import.columns import MEANINGS, Kind, guess_columns
from crm.services.organisation_import.report import Report
from crm.services.pages import Page
from models.organisation_import import ImportState, OrganisationImport
from views import access
from views.access import allow
from views.forms.imports import COLUMN, ChoicesForm, UploadForm, choices_form
from views.loading import Place, progress, started
from views.paging import page_number

bp = Blueprint("imports", __name__)

REASONS_ON_A_PAGE = 25


@bp.get("/import")
@allow(Action.IMPORT_ORGANISATION)
def index() -> ResponseReturnValue:
    return _index(UploadForm(formdata=None))


def _index(form: UploadForm) -> str:
    session, by = db.session(), access.actor()
    return render_template(
        "imports/index.html",
        form=form,
        page=keeping.listed(session, by=by, number=page_number()),
        is_first=keeping.is_first(session),
        stopped=kept_files.has_stopped,
        zone=access.organisation().time_zone,
    )


@bp.post("/import")
@allow(Action.IMPORT_ORGANISATION)
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
            return redirect(url_for("imports.show", import_id=kept.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _index(form), 422


@bp.get("/import/template-<any(units, personnel):kind>.csv")
@allow(Action.IMPORT_ORGANISATION)
def template(kind: str) -> Response:
    answer = make_response(templates.csv_of(Kind(kind)))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return answer


@bp.get("/import/<int:import_id>")
@allow(Action.IMPORT_ORGANISATION)
def show(import_id: int) -> ResponseReturnValue:
    kept = _find(import_id)
    if kept.state is ImportState.DONE:
        return _result(kept)
    if kept.state is ImportState.RUNNING:
        return progress(kept, _place(kept))
    form = _choices_form(kept)
    question = keeping.question_of(kept)
    if question:
        form.refuse(question)
    return _checked(kept, form, keeping.report_of(kept))


def _find(import_id: int) -> OrganisationImport:
    return keeping.find(db.session(), by=access.actor(), import_id=import_id)


def _choices_form(kept: OrganisationImport) -> ChoicesForm:
    """The choices as they stand: what was said, else what was guessed."""
    choices = keeping.choices_of(kept)
    kind, header = choices.kind or Kind.UNITS, keeping.header_of(kept)
    columns = guess_columns(header, kind).chosen | dict(choices.columns)
    report = keeping.report_of(kept)
    if report:
        columns = report.columns
    said = {COLUMN + key: name for key, name in columns.items()}
    return choices_form(kind, header)(formdata=None, kind=kind.value, root=choices.root, **said)


def _checked(kept: OrganisationImport, form: ChoicesForm, report: Report | None) -> str:
    earlier = keeping.loaded_elsewhere(db.session(), by=access.actor(), kept=kept) if report else None
    labels = {meaning.key: meaning.label for meaning in MEANINGS[Kind(report.kind)]} if report else {}
    return render_template(
        "imports/check.html",
        kept=kept,
        form=form,
        report=report,
        earlier=earlier,
        earlier_on=clock.local_date(earlier.ended_at, access.organisation().time_zone) if earlier else None,
        refused=_refused(report),
        heads=[labels[meaning] for meaning in report.columns] if report else [],
    )


def _refused(report: Report | None) -> Page[tuple[str, str]]:
    """A page of (lines, why)."""
    reasons, number = report.reasons() if report else [], page_number()
    rest = reasons[(number - 1) * REASONS_ON_A_PAGE :]
    return Page(rest[:REASONS_ON_A_PAGE], number, len(rest) > REASONS_ON_A_PAGE)


def _place(kept: OrganisationImport) -> Place:
    return Place(
        name=kept.file_name,
        list_title="Load your organisation",
        list_url=url_for("imports.index"),
        url=url_for("imports.show", import_id=kept.id),
        start_url=url_for("imports.start", import_id=kept.id),
        writing="Writing what is new and what changed, all of it or nothing.",
    )


def _result(kept: OrganisationImport) -> str:
    report = keeping.report_of(kept)
    return render_template("imports/result.html", kept=kept, report=report, refused=_refused(report))


@bp.post("/import/<int:import_id>")
@allow(Action.IMPORT_ORGANISATION)
def check(import_id: int) -> ResponseReturnValue:
    kept = _find(import_id)
    before = keeping.choices_of(kept).kind or Kind.UNITS
    form = choices_form(before, keeping.header_of(kept))()
    if form.validate():
        choices = form.choices(before)
        if form.load.data and keeping.is_as_checked(kept, choices):
            return _start(kept)
        try:
            keeping.check(db.session(), by=access.actor(), kept=kept, choices=choices, now=access.now())
            if form.load.data:
                flash("Checked again with what you chose. Nothing is loaded yet.")
            return redirect(url_for("imports.show", import_id=kept.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _checked(kept, form, None), 422


@bp.post("/import/<int:import_id>/start")
@allow(Action.IMPORT_ORGANISATION)
def start(import_id: int) -> ResponseReturnValue:
    return _start(_find(import_id))


def _start(kept: OrganisationImport) -> ResponseReturnValue:
    session, by = db.session(), access.actor()
    return started(
        _place(kept),
        claim=lambda: keeping.claim(session, by=by, kept=kept, now=access.now()),
        begin=lambda: background.start_after_commit(
            session, database=db.database(), import_id=kept.id, by_id=by.id or 0
        ),
    )


@bp.post("/import/<int:import_id>/discard")
@allow(Action.IMPORT_ORGANISATION)
def discard(import_id: int) -> ResponseReturnValue:
    kept = _find(import_id)
    keeping.discard(db.session(), by=access.actor(), kept=kept, now=access.now())
    flash(f"{kept.file_name} is thrown away. Nothing of it was loaded.")
    return redirect(url_for("imports.index"), 303)
