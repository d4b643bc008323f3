"""Webhooks, as the administrator looks after them: chats and programs that are told what happens."""

from __future__ import annotations

from typing import TypeVar

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import units, webhook_desk
from crm.services.webhook_addresses import Addresses, masked
from crm.services.webhook_events import CHOICES
from models.webhook import Webhook, WebhookKind
from views import access
from views.access import allow
from views.forms.webhooks import KINDS, NewWebhookForm, WebhookForm
from views.paging import page_number

Filled = TypeVar("Filled", bound=WebhookForm)

bp = Blueprint("webhooks", __name__, url_prefix="/webhooks")


@bp.get("")
@allow(Action.MANAGE_WEBHOOKS)
def index() -> ResponseReturnValue:
    text = request.args.get("text", "").strip()[:100]
    ended = request.args.get("ended") == "1"
    page = webhook_desk.listed(db.session(), by=access.actor(), text=text, ended=ended, number=page_number())
    return render_template(
        "webhooks/index.html", page=page, text=text, ended=ended, kinds=dict(KINDS), all_events=len(CHOICES)
    )


@bp.get("/new")
@allow(Action.MANAGE_WEBHOOKS)
def new() -> ResponseReturnValue:
    return _new_page(NewWebhookForm(formdata=None))


@bp.post("/new")
@allow(Action.MANAGE_WEBHOOKS)
def create() -> ResponseReturnValue:
    form = _with_units(NewWebhookForm())
    if form.validate():
        try:
            webhook = webhook_desk.add(
                db.session(),
                by=access.actor(),
                kind=WebhookKind(form.kind.data),
                told=form.told(),
                addresses=_addresses(),
                now=access.now(),
            )
            if webhook.secret:
                return _secret_page(webhook, "It listens from now on.")
            flash(f"{webhook.name} listens from now on. A test says whether it arrives.")
            return redirect(url_for("webhooks.edit", webhook_id=webhook.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _new_page(form), 422


@bp.get("/<int:webhook_id>")
@allow(Action.MANAGE_WEBHOOKS)
def edit(webhook_id: int) -> ResponseReturnValue:
    webhook = _find(webhook_id)
    form = WebhookForm(
        formdata=None, name=webhook.name, unit_id=webhook.unit_id, events=webhook.wants["events"], url=""
    )
    return _edit_page(webhook, form)


@bp.post("/<int:webhook_id>")
@allow(Action.MANAGE_WEBHOOKS)
def change(webhook_id: int) -> ResponseReturnValue:
    webhook, form = _find(webhook_id), _with_units(WebhookForm())
    if form.validate():
        try:
            webhook_desk.change(
                db.session(), by=access.actor(), webhook=webhook, told=form.told(), addresses=_addresses()
            )
            flash(f"{webhook.name} is saved.")
            return redirect(url_for("webhooks.edit", webhook_id=webhook.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _edit_page(webhook, form), 422


@bp.post("/<int:webhook_id>/test")
@allow(Action.MANAGE_WEBHOOKS)
def send_test(webhook_id: int) -> ResponseReturnValue:
    webhook = _find(webhook_id)
    message = webhook_desk.send_test(db.session(), by=access.actor(), webhook=webhook, now=access.now())
    when = "stays in the outbox: in the demonstration nothing leaves" if _is_demonstration() else "leaves in a minute"
    flash(f"A test for {webhook.name} {when}. Here it says what came of it.")
    return redirect(url_for("outbox.show", message_id=message.id), 303)


@bp.post("/<int:webhook_id>/secret")
@allow(Action.MANAGE_WEBHOOKS)
def new_secret(webhook_id: int) -> ResponseReturnValue:
    webhook = _find(webhook_id)
    webhook_desk.new_secret(db.session(), by=access.actor(), webhook=webhook)
    return _secret_page(webhook, "The one before signs nothing any more.")


@bp.post("/<int:webhook_id>/end")
@allow(Action.MANAGE_WEBHOOKS)
def end(webhook_id: int) -> ResponseReturnValue:
    webhook = _find(webhook_id)
    waited = webhook_desk.end(db.session(), by=access.actor(), webhook=webhook, now=access.now())
    stays = f" What waited ({waited}) stays in the outbox." if waited else ""
    flash(f"{webhook.name} is told nothing more.{stays}")
    return redirect(url_for("webhooks.index"), 303)


def _find(webhook_id: int) -> Webhook:
    return webhook_desk.find(db.session(), by=access.actor(), webhook_id=webhook_id)


def _with_units(form: Filled) -> Filled:
    form.unit_id.choices = [("", "All units"), *units.choices(db.session(), access.actor())]
    return form


def _new_page(form: NewWebhookForm) -> str:
    return render_template("webhooks/new.html", form=_with_units(form))


def _edit_page(webhook: Webhook, form: WebhookForm) -> str:
    return render_template(
        "webhooks/edit.html",
        webhook=webhook,
        form=_with_units(form),
        address=masked(webhook.url),
        kind=dict(KINDS)[webhook.kind.value],
        last=webhook_desk.last_tried(db.session(), webhook=webhook),
    )


def _secret_page(webhook: Webhook, said: str) -> str:
    """Shown in answer to the form that made it, and never again."""
    return render_template("webhooks/secret.html", webhook=webhook, said=said)


def _addresses() -> Addresses:
    found: Addresses = current_app.extensions["addresses"]
    return found


def _is_demonstration() -> bool:
    return bool(current_app.extensions["settings"].demonstration)
