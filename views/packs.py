"""Packs: making one in the background, reading it, taking it along in several forms, and the list of them."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from crm import db, policy
from crm.documents.content import Block
from crm.documents.drawn import drawn
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action
from crm.services import kept_files, units
from crm.services.packs import making, shelf
from models.pack import Pack, PackForm, PackKind, PackState
from models.unit import BusinessUnit
from views import access
from views.access import allow
from views.arguments import chosen_id
from views.forms.packs import BoardForm, PeriodForm
from views.paging import page_number

bp = Blueprint("packs", __name__)


@bp.app_template_filter()
def block_kind(block: Block) -> str:
    """ "Table", "Line": which macro shows it."""
    return type(block).__name__


#: The page looks again by itself after so many seconds.
LOOK_AGAIN = 2
TYPES = {
    PackForm.PDF: "application/pdf",
    PackForm.SLIDES: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    PackForm.WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PackForm.TEXT: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@bp.get("/packs")
@allow(Action.SEE_PACKS)
def index() -> ResponseReturnValue:
    session, by = db.session(), access.actor()
    kind, unit_id = request.args.get("kind", ""), chosen_id("unit")
    wanted = shelf.Wanted(PackKind(kind) if kind in set(PackKind) else None, unit_id)
    return render_template(
        "packs/index.html",
        page=shelf.listed(session, by=by, wanted=wanted, number=page_number()),
        wanted=wanted,
        own=units.own_choices(session, by, unit_id),
        unit=session.get(BusinessUnit, unit_id) if unit_id else None,
        stopped=kept_files.has_stopped,
        zone=access.organisation().time_zone,
        sees_boards=policy.can(by, Action.MAKE_BOARD_PACK),
    )


@bp.get("/units/<int:unit_id>/pack")
@allow(Action.MAKE_REVIEW_PACK)
def new(unit_id: int) -> ResponseReturnValue:
    """Of which period: from the last review until today, unless told otherwise."""
    unit = access.unit(unit_id, Action.MAKE_REVIEW_PACK)
    since, until = making.default_period(db.session(), unit=unit, now=access.now())
    return _new(unit, PeriodForm(formdata=None, since=since, until=until))


@bp.post("/units/<int:unit_id>/pack")
@allow(Action.MAKE_REVIEW_PACK)
def start(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.MAKE_REVIEW_PACK)
    form = PeriodForm()
    if form.validate():
        try:
            pack = making.start(
                db.session(),
                by=access.actor(),
                kind=PackKind.REVIEW,
                unit_id=unit.id,
                since=form.since.data or access.today(),
                until=form.until.data or access.today(),
                now=access.now(),
                database=db.database(),
            )
            return redirect(url_for("packs.show", pack_id=pack.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _new(unit, form), 422


def _new(unit: BusinessUnit, form: PeriodForm) -> str:
    earlier = shelf.listed(db.session(), by=access.actor(), wanted=shelf.Wanted(unit_id=unit.id))
    zone = access.organisation().time_zone
    return render_template(
        "packs/new.html", unit=unit, form=form, earlier=earlier, zone=zone, stopped=kept_files.has_stopped
    )


@bp.get("/packs/board/new")
@allow(Action.MAKE_BOARD_PACK)
def new_board() -> ResponseReturnValue:
    """Of the last quarter of a year, unless told otherwise; ``?branch=``: of this unit and all below it."""
    today = access.today()
    form = BoardForm(formdata=None, since=today - making.QUARTER, until=today, branch_id=chosen_id("branch"))
    return _new_board(form.offer(shelf.branches(db.session(), by=access.actor())))


@bp.post("/packs/board/new")
@allow(Action.MAKE_BOARD_PACK)
def start_board() -> ResponseReturnValue:
    form = BoardForm().offer(shelf.branches(db.session(), by=access.actor()))
    if form.validate():
        try:
            pack = making.start(
                db.session(),
                by=access.actor(),
                kind=PackKind.BOARD,
                unit_id=None,
                branch_id=form.branch_id.data,
                since=form.since.data or access.today(),
                until=form.until.data or access.today(),
                now=access.now(),
                database=db.database(),
            )
            return redirect(url_for("packs.show", pack_id=pack.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _new_board(form), 422


def _new_board(form: BoardForm) -> str:
    earlier = shelf.listed(db.session(), by=access.actor(), wanted=shelf.Wanted(kind=PackKind.BOARD))
    zone = access.organisation().time_zone
    return render_template(
        "packs/new.html", unit=None, form=form, earlier=earlier, zone=zone, stopped=kept_files.has_stopped
    )


@bp.get("/packs/<int:pack_id>")
@allow(Action.SEE_PACKS)
def show(pack_id: int) -> ResponseReturnValue:
    """What it says, how far it is, or why there is none."""
    pack = _find(pack_id)
    if pack.removed_at is not None:
        return render_template("packs/removed.html", pack=pack, until=pack.removed_at + shelf.KEPT_AFTER_REMOVAL)
    if pack.state is not PackState.DONE:
        return _under_way(pack)
    forms = shelf.forms_of(db.session(), pack=pack)
    told = shelf.content_of(pack)
    may_remove = shelf.may_remove(access.actor(), pack)
    return render_template(
        "packs/show.html",
        pack=pack,
        told=told,
        forms=forms,
        drawn=drawn,
        may_make=_may_make(pack),
        may_remove=may_remove,
    )


def _under_way(pack: Pack) -> ResponseReturnValue:
    stopped = kept_files.has_stopped(pack, access.now())
    answer = make_response(
        render_template("packs/progress.html", pack=pack, stopped=stopped, may_start=_may_make(pack))
    )
    if pack.state is PackState.RUNNING and not stopped:
        # As a header, for a page that reloads itself needs no script and a reader may still stop it.
        answer.headers["Refresh"] = str(LOOK_AGAIN)
    return answer


def _may_make(pack: Pack) -> bool:
    by = access.actor()
    if pack.kind is PackKind.BOARD:
        return policy.can(by, Action.MAKE_BOARD_PACK)
    return pack.unit is not None and policy.can(by, Action.MAKE_REVIEW_PACK, pack.unit)


@bp.get("/packs/<int:pack_id>/<form>")
@allow(Action.SEE_PACKS)
def download(pack_id: int, form: str) -> ResponseReturnValue:
    pack = _find(pack_id)
    if form not in set(PackForm):
        raise NotFound("A pack is not there in this form.")
    kind = PackForm(form)
    answer = Response(shelf.file_of(db.session(), pack=pack, form=kind), mimetype=TYPES[kind])
    answer.headers.set("Content-Disposition", "attachment", filename=f"{_file_name(pack)}.{kind.value}")
    return answer


def _file_name(pack: Pack) -> str:
    """ "finance-review-2026-11-23"."""
    of = pack.unit or pack.branch
    letters = (
        "".join(sign.lower() if sign.isascii() and sign.isalnum() else " " for sign in of.name) if of else "all units"
    )
    return "-".join([*letters.split()[:6], pack.kind.value, pack.until.isoformat()])


@bp.post("/packs/<int:pack_id>/again")
@allow(Action.SEE_PACKS)
def again(pack_id: int) -> ResponseReturnValue:
    pack = _find(pack_id)
    try:
        making.again(db.session(), by=access.actor(), pack=pack, now=access.now(), database=db.database())
    except Conflict as error:
        flash(str(error), "warning")
    return redirect(url_for("packs.show", pack_id=pack.id), 303)


@bp.post("/packs/<int:pack_id>/remove")
@allow(Action.SEE_PACKS)
def remove(pack_id: int) -> ResponseReturnValue:
    pack = _find(pack_id)
    shelf.remove(db.session(), by=access.actor(), pack=pack, now=access.now())
    undo = url_for("packs.show", pack_id=pack.id)
    flash(Markup('The pack is deleted. <a href="{}">Undo</a>').format(undo))
    return redirect(url_for("packs.index"), 303)


@bp.post("/packs/<int:pack_id>/bring-back")
@allow(Action.SEE_PACKS)
def bring_back(pack_id: int) -> ResponseReturnValue:
    pack = _find(pack_id)
    shelf.bring_back(db.session(), by=access.actor(), pack=pack)
    flash("The pack is back.")
    return redirect(url_for("packs.show", pack_id=pack.id), 303)


def _find(pack_id: int) -> Pack:
    return shelf.find(db.session(), by=access.actor(), pack_id=pack_id)
