"""How slides look: ours, or a template of the organisation."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services.file_kinds import KINDS
from crm.services.packs import look
from views import access
from views.access import allow
from views.forms.pack_look import TemplateForm

bp = Blueprint("pack_look", __name__)


@bp.get("/packs/look")
@allow(Action.SET_PACK_LOOK)
def show() -> ResponseReturnValue:
    return _page(TemplateForm(formdata=None))


@bp.post("/packs/look")
@allow(Action.SET_PACK_LOOK)
def choose() -> ResponseReturnValue:
    form = TemplateForm()
    if form.validate():
        name, content = form.file.data.filename or "", form.file.data.stream.read()
        try:
            chosen = look.choose(db.session(), by=access.actor(), name=name, content=content, now=access.now())
            flash(f"Slides are made in {chosen.name} from now on.")
            return redirect(url_for("pack_look.show"), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(form), 422


@bp.post("/packs/look/ours")
@allow(Action.SET_PACK_LOOK)
def go_back() -> ResponseReturnValue:
    changed = look.go_back(db.session(), by=access.actor(), now=access.now())
    flash("Slides have our own look again." if changed else "Slides have our own look already.")
    return redirect(url_for("pack_look.show"), 303)


@bp.get("/packs/look/sample")
@allow(Action.SET_PACK_LOOK)
def sample() -> ResponseReturnValue:
    """Slides with one of everything, to see how it comes out."""
    return _file("sample.pptx", look.sample(db.session(), by=access.actor()))


@bp.get("/packs/look/file")
@allow(Action.SET_PACK_LOOK)
def file() -> ResponseReturnValue:
    """The template as it was sent."""
    return _file(*look.file_of(db.session(), by=access.actor()))


def _file(name: str, content: bytes) -> Response:
    answer = Response(content, mimetype=KINDS["pptx"].media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _page(form: TemplateForm) -> str:
    history = look.history(db.session(), by=access.actor())
    current = history[0] if history and not history[0].is_ours else None
    return render_template("packs/look.html", form=form, current=current, history=history)
