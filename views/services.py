"""The catalogue of services, and which unit uses which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.errors import Invalid
from crm.policy import Action
from crm.services import catalogue, service_uses, words
from crm.services.catalogue import Order
from crm.services.service_uses import Pair, Show
from models.question import Service
from models.unit import BusinessUnit
from views import access
from views.access import allow
from views.forms.services import ServiceForm, UsesForm
from views.paging import page_number

bp = Blueprint("services", __name__)


@bp.get("/services")
@allow(Action.SEE_ASKING)
def index() -> ResponseReturnValue:
    return _list(ServiceForm(formdata=None))


@bp.post("/services")
@allow(Action.MANAGE_ASKING)
def add() -> ResponseReturnValue:
    form = ServiceForm()
    if form.validate():
        try:
            service = catalogue.add(db.session(), by=access.actor(), name=form.name.data or "")
            flash(f"{service.name} is in the list. Tick who uses it; they are asked about it from then on.")
            return redirect(url_for("services.show", service_id=service.id, show=Show.UNUSED.value), 303)
        except Invalid as error:
            form.refuse(error)
    return _list(form), 422


def _list(form: ServiceForm) -> str:
    text, order, ended = _text(), request.args.get("order", ""), request.args.get("ended") == "1"
    page = catalogue.listed(
        db.session(),
        by=access.actor(),
        text=text,
        ended=ended,
        order=Order(order) if order in set(Order) else Order.NAME,
        number=page_number(),
    )
    return render_template("services/index.html", page=page, text=text, order=order, ended=ended, form=form)


@bp.get("/services/<int:service_id>")
@allow(Action.SEE_ASKING)
def show(service_id: int) -> ResponseReturnValue:
    service = _find(service_id)
    return _page(service, ServiceForm(formdata=None, obj=service), UsesForm(formdata=None, since=access.today()))


@bp.post("/services/<int:service_id>")
@allow(Action.MANAGE_ASKING)
def rename(service_id: int) -> ResponseReturnValue:
    service, form = _find(service_id), ServiceForm()
    if form.validate():
        try:
            catalogue.rename(db.session(), by=access.actor(), service=service, name=form.name.data or "")
            flash(f"It is called {service.name} from now on. What was answered about it stays with it.")
            return redirect(url_for("services.show", service_id=service.id), 303)
        except Invalid as error:
            form.refuse(error)
            db.session().refresh(service)
    return _page(service, form, UsesForm(formdata=None, since=access.today())), 422


@bp.post("/services/<int:service_id>/end")
@allow(Action.MANAGE_ASKING)
def end(service_id: int) -> ResponseReturnValue:
    service = _find(service_id)
    catalogue.end(db.session(), by=access.actor(), service=service)
    flash(f"Nobody is asked about {service.name} any more. What was said of it stays.")
    return redirect(url_for("services.show", service_id=service.id), 303)


@bp.post("/services/<int:service_id>/take-up")
@allow(Action.MANAGE_ASKING)
def take_up(service_id: int) -> ResponseReturnValue:
    service = _find(service_id)
    catalogue.take_up(db.session(), by=access.actor(), service=service)
    flash(f"{service.name} is provided again. Who used it uses it again.")
    return redirect(url_for("services.show", service_id=service.id), 303)


@bp.post("/services/<int:service_id>/units")
@allow(Action.MANAGE_ASKING)
def begin_uses(service_id: int) -> ResponseReturnValue:
    service, form = _find(service_id), UsesForm()
    if form.validate():
        try:
            units = [access.unit(unit_id) for unit_id in dict.fromkeys(form.ids.data or [])]
            pairs = [Pair(unit, service) for unit in units]
            many = service_uses.begin(db.session(), by=access.actor(), pairs=pairs, since=form.since.data)
            flash(f"{words.capital(words.counted(many, 'unit uses', 'units use'))} {service.name} now.")
            return redirect(url_for("services.show", service_id=service.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(service, ServiceForm(formdata=None, obj=service), form, Show.UNUSED), 422


@bp.post("/services/<int:service_id>/units/end")
@allow(Action.MANAGE_ASKING)
def end_uses(service_id: int) -> ResponseReturnValue:
    service, form = _find(service_id), UsesForm()
    try:
        many = service_uses.end(db.session(), by=access.actor(), ids=form.ids.data or [], service_id=service.id)
        ended = words.capital(words.counted(many, "unit no longer uses", "units no longer use"))
        flash(f"{ended} {service.name}. That they did stays.")
        return redirect(url_for("services.show", service_id=service.id), 303)
    except Invalid as error:
        form.refuse(error)
    return _page(service, ServiceForm(formdata=None, obj=service), form, Show.USED), 422


def _find(service_id: int) -> Service:
    return catalogue.find(db.session(), by=access.actor(), service_id=service_id)


def _page(service: Service, form: ServiceForm, uses: UsesForm, which: Show | None = None) -> str:
    which, text, session, by = which or _show(), _text(), db.session(), access.actor()
    if which is Show.UNUSED:
        page: Any = service_uses.units_without(session, by=by, service=service, text=text, number=page_number())
    else:
        before = which is Show.BEFORE
        page = service_uses.uses_of_service(
            session, by=by, service=service, before=before, text=text, number=page_number()
        )
    may_set = policy.can(by, Action.MANAGE_ASKING)
    return render_template(
        "services/show.html", service=service, form=form, uses=uses, page=page, text=text, which=which, may_set=may_set
    )


# ---- The same, seen from a unit


@bp.get("/units/<int:unit_id>/services")
@allow(Action.SET_SERVICES)
def of_unit(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.SET_SERVICES)
    return _unit_page(unit, UsesForm(formdata=None, since=access.today()))


@bp.post("/units/<int:unit_id>/services")
@allow(Action.SET_SERVICES)
def begin_of_unit(unit_id: int) -> ResponseReturnValue:
    unit, form = access.unit(unit_id, Action.SET_SERVICES), UsesForm()
    if form.validate():
        try:
            chosen = catalogue.known(db.session(), ids=form.ids.data or [], today=access.today())
            pairs = [Pair(unit, service) for service in chosen]
            many = service_uses.begin(db.session(), by=access.actor(), pairs=pairs, since=form.since.data)
            flash(f"{unit.name} uses {_counted(many, chosen)}, and is asked about it in the next survey.")
            return redirect(url_for("services.of_unit", unit_id=unit.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _unit_page(unit, form, Show.UNUSED), 422


def _counted(many: int, chosen: Sequence[Service]) -> str:
    return chosen[0].name if many == 1 == len(chosen) else words.counted(many, "more service", "more services")


@bp.post("/units/<int:unit_id>/services/end")
@allow(Action.SET_SERVICES)
def end_of_unit(unit_id: int) -> ResponseReturnValue:
    unit, form = access.unit(unit_id, Action.SET_SERVICES), UsesForm()
    try:
        many = service_uses.end(db.session(), by=access.actor(), ids=form.ids.data or [], unit_id=unit.id)
        flash(f"{unit.name} uses {words.counted(many, 'service')} less. That it did stays.")
        return redirect(url_for("services.of_unit", unit_id=unit.id), 303)
    except Invalid as error:
        form.refuse(error)
    return _unit_page(unit, form, Show.USED), 422


def _unit_page(unit: BusinessUnit, uses: UsesForm, which: Show | None = None) -> str:
    which, text, session, by = which or _show(), _text(), db.session(), access.actor()
    if which is Show.UNUSED:
        page: Any = service_uses.services_without(session, by=by, unit=unit, text=text, number=page_number())
    else:
        before = which is Show.BEFORE
        page = service_uses.uses_of_unit(session, by=by, unit=unit, before=before, text=text, number=page_number())
    return render_template("services/of_unit.html", unit=unit, uses=uses, page=page, text=text, which=which)


def _show() -> Show:
    given = request.args.get("show", "")
    return Show(given) if given in set(Show) else Show.USED


def _text() -> str:
    return request.args.get("text", "").strip()[:100]
