"""Bringing in tickets: choose a file of a service desk, say what it means, load it, see what it did."""

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
from crm.services.tickets import keeping, loading
from crm.services.tickets.report import Report
from crm.services.unit_names import UnitNames
from models.ticket import TicketImport, TicketImportState
from views import access, downloads
from views.access import allow
from views.forms.ticket_imports import UNITS_ON_A_PAGE, ChoicesForm, UploadForm, as_it_stands, choices_form
from views.loading import Place, progress, started
from views.paging import page_number

bp = Blueprint("ticket_imports", __name__)
Row = TypeVar("Row")

ON_A_PAGE = 25


@bp.get("/tickets/imports")
@allow(Action.IMPORT_TICKETS)
def index() -> ResponseReturnValue:
    return _index(UploadForm(formdata=None))


def _index(form: UploadForm) -> str:
    return render_template(
        "tickets/imports.html",
        form=form,
        page=keeping.listed(db.session(), by=access.actor(), number=page_number()),
        sources=keeping.sources(db.session()),
        report_of=keeping.report_of,
        stopped=kept_files.has_stopped,
        zone=access.organisation().time_zone,
    )


@bp.post("/tickets/imports")
@allow(Action.IMPORT_TICKETS)
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
                source=form.source.data or "",
                now=access.now(),
            )
            return redirect(url_for("ticket_imports.show", ticket_import_id=kept.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _index(form), 422


@bp.get("/tickets/imports/<int:ticket_import_id>")
@allow(Action.IMPORT_TICKETS)
def show(ticket_import_id: int) -> ResponseReturnValue:
    kept = _find(ticket_import_id)
    if kept.state is TicketImportState.RUNNING:
        return progress(kept, _place(kept))
    if kept.state is TicketImportState.DONE:
        return _result(kept)
    names = keeping.names_of(db.session(), kept.source_id)
    report, chosen = keeping.report_of(kept), keeping.choices_of(kept)
    stands = as_it_stands(chosen, report, page_number(), names.names.__getitem__)
    form = choices_form(keeping.header_of(kept), report, chosen)(formdata=None, data=stands)
    question = keeping.question_of(kept)
    if question:
        form.refuse(question)
    return _checked(kept, form, report, names)


def _find(ticket_import_id: int) -> TicketImport:
    return keeping.find(db.session(), by=access.actor(), import_id=ticket_import_id)


def _place(kept: TicketImport) -> Place:
    return Place(
        name=kept.file_name,
        list_title="Bring in tickets",
        list_url=url_for("ticket_imports.index"),
        url=url_for("ticket_imports.show", ticket_import_id=kept.id),
        start_url=url_for("ticket_imports.start", ticket_import_id=kept.id),
        writing="Writing the tickets, all of them or none.",
    )


def _result(kept: TicketImport) -> str:
    report = keeping.report_of(kept)
    refused = _page(report.reasons() if report else [], ON_A_PAGE, page_number())
    return render_template("tickets/result.html", kept=kept, report=report, refused=refused)


def _checked(kept: TicketImport, form: ChoicesForm, report: Report | None, names: UnitNames) -> str:
    return render_template(
        "tickets/check.html",
        kept=kept,
        form=form,
        report=report,
        refused=_page(report.reasons() if report else [], ON_A_PAGE, 1),
        unmatched=_page(report.unmatched if report else [], UNITS_ON_A_PAGE, page_number()),
        units=sorted(names.names.values()),
        rows={one.said: one.rows for one in (*report.states, *report.kinds, *report.unmatched)} if report else {},
    )


def _page(rows: Sequence[Row], size: int, number: int) -> Page[Row]:
    rest = rows[(number - 1) * size :]
    return Page(rest[:size], number, len(rest) > size)


@bp.post("/tickets/imports/<int:ticket_import_id>")
@allow(Action.IMPORT_TICKETS)
def check(ticket_import_id: int) -> ResponseReturnValue:
    session, by, kept = db.session(), access.actor(), _find(ticket_import_id)
    before, chosen = keeping.report_of(kept), keeping.choices_of(kept)
    names = keeping.names_of(session, kept.source_id)
    form = choices_form(keeping.header_of(kept), before, chosen)()
    if form.validate():
        try:
            wanted = form.choices(chosen, names.find)
            if form.load.data and before and wanted == chosen:
                return _start(kept)
            keeping.check(session, by=by, kept=kept, choices=wanted)
            if form.load.data:
                flash("Checked again with what you chose. Nothing is loaded yet.")
            return redirect(url_for("ticket_imports.show", ticket_import_id=kept.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _checked(kept, form, before, names), 422


@bp.post("/tickets/imports/<int:ticket_import_id>/start")
@allow(Action.IMPORT_TICKETS)
def start(ticket_import_id: int) -> ResponseReturnValue:
    return _start(_find(ticket_import_id))


def _start(kept: TicketImport) -> ResponseReturnValue:
    session, by = db.session(), access.actor()
    return started(
        _place(kept),
        claim=lambda: keeping.claim(session, by=by, kept=kept, now=access.now()),
        begin=lambda: loading.start_after_commit(session, database=db.database(), import_id=kept.id, by_id=by.id or 0),
    )


@bp.post("/tickets/imports/<int:ticket_import_id>/discard")
@allow(Action.IMPORT_TICKETS)
def discard(ticket_import_id: int) -> ResponseReturnValue:
    kept = _find(ticket_import_id)
    try:
        keeping.discard(db.session(), by=access.actor(), kept=kept, now=access.now())
        flash(f"{kept.file_name} is thrown away. Nothing of it was loaded.")
    except Conflict as error:
        flash(str(error), "warning")
    return redirect(url_for("ticket_imports.index"), 303)


@bp.get("/tickets/imports/<int:ticket_import_id>/bad-rows.csv")
@allow(Action.IMPORT_TICKETS)
def bad_rows(ticket_import_id: int) -> Response:
    kept = _find(ticket_import_id)
    rows = keeping.bad_rows(db.session(), by=access.actor(), import_id=ticket_import_id)
    columns = [Column("Line"), Column("Why not"), *(Column(name) for name in keeping.header_of(kept))]
    return downloads.send("bad-rows", Sheet(columns, ([line, why, *cells] for line, why, cells in rows)), "csv")
