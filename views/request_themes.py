"""Themes of requests: the list of them, and what one request is about."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Forbidden, Invalid
from crm.policy import Action
from crm.services import request_themes, requests, words
from models.request import Request
from models.request_part import RequestTheme
from views import access
from views.access import allow
from views.forms.base import tidy
from views.forms.themes import MergeForm, SortForm, ThemeForm, sort_form
from views.paging import page_number

bp = Blueprint("request_themes", __name__)


@bp.get("/request-themes")
@allow(Action.SET_REQUEST_RULES)
def index() -> ResponseReturnValue:
    return _list(ThemeForm(formdata=None))


@bp.post("/request-themes")
@allow(Action.SET_REQUEST_RULES)
def add() -> ResponseReturnValue:
    form = ThemeForm()
    if form.validate():
        try:
            theme = request_themes.add(db.session(), by=access.actor(), name=form.name.data or "")
            flash(f"“{theme.name}” is a theme now.")
            return redirect(url_for("request_themes.index"), 303)
        except Invalid as error:
            form.refuse(error)
    return _list(form), 422


def _list(form: ThemeForm) -> str:
    retired, text = request.args.get("retired") == "1", tidy(request.args.get("text"))[:100]
    page = request_themes.listed(db.session(), by=access.actor(), retired=retired, text=text, number=page_number())
    return render_template("no_register/themes.html", page=page, form=form, retired=retired, text=text)


@bp.get("/request-themes/<int:theme_id>")
@allow(Action.SET_REQUEST_RULES)
def show(theme_id: int) -> ResponseReturnValue:
    theme = request_themes.find(db.session(), theme_id=theme_id)
    return _show(theme, ThemeForm(formdata=None, name=theme.name), MergeForm(formdata=None))


@bp.post("/request-themes/<int:theme_id>")
@allow(Action.SET_REQUEST_RULES)
def rename(theme_id: int) -> ResponseReturnValue:
    theme, form = request_themes.find(db.session(), theme_id=theme_id), ThemeForm()
    if form.validate():
        try:
            request_themes.rename(db.session(), by=access.actor(), theme=theme, name=form.name.data or "")
            flash(f"It is called “{theme.name}” from now on.")
            return redirect(url_for("request_themes.index"), 303)
        except Invalid as error:
            form.refuse(error)
            db.session().refresh(theme)
    return _show(theme, form, MergeForm(formdata=None)), 422


@bp.post("/request-themes/<int:theme_id>/merge")
@allow(Action.SET_REQUEST_RULES)
def merge(theme_id: int) -> ResponseReturnValue:
    theme, form = request_themes.find(db.session(), theme_id=theme_id), MergeForm()
    if form.validate():
        try:
            name, into_id = theme.name, form.into_id.data
            many = request_themes.merge(db.session(), by=access.actor(), theme=theme, into_id=into_id)
            moved = words.capital(words.counted(many, "request went", "requests went"))
            flash(f"“{name}” is gone. {moved} to the other theme.")
            return redirect(url_for("request_themes.index"), 303)
        except Invalid as error:
            form.refuse(error)
    return _show(theme, ThemeForm(formdata=None, name=theme.name), form), 422


@bp.post("/request-themes/<int:theme_id>/retire")
@allow(Action.SET_REQUEST_RULES)
def retire(theme_id: int) -> ResponseReturnValue:
    theme = request_themes.find(db.session(), theme_id=theme_id)
    request_themes.retire(db.session(), by=access.actor(), theme=theme)
    flash(f"“{theme.name}” is offered no more. Requests that have it keep it.")
    return redirect(url_for("request_themes.show", theme_id=theme.id), 303)


@bp.post("/request-themes/<int:theme_id>/take-up")
@allow(Action.SET_REQUEST_RULES)
def take_up(theme_id: int) -> ResponseReturnValue:
    theme = request_themes.find(db.session(), theme_id=theme_id)
    request_themes.take_up(db.session(), by=access.actor(), theme=theme)
    flash(f"“{theme.name}” is offered again.")
    return redirect(url_for("request_themes.show", theme_id=theme.id), 303)


def _show(theme: RequestTheme, form: ThemeForm, merging: MergeForm) -> str:
    others = [one for one in request_themes.to_choose(db.session()) if one.id != theme.id]
    merging.into_id.choices = [("", "Choose one"), *((one.id, one.name) for one in others)]
    return render_template("no_register/theme.html", theme=theme, form=form, merging=merging)


# ---- What one request is about


@bp.get("/requests/<int:request_id>/theme")
@allow(Action.SEE_PROMISES)
def ask(request_id: int) -> ResponseReturnValue:
    wish = _of(request_id)
    return _ask(wish, _form(wish, fresh=True))


@bp.post("/requests/<int:request_id>/theme")
@allow(Action.SEE_PROMISES)
def sort(request_id: int) -> ResponseReturnValue:
    wish = _of(request_id)
    form = _form(wish, fresh=False)
    if form.validate():
        try:
            request_themes.sort(db.session(), by=access.actor(), request=wish, theme_id=form.theme_id.data)
            flash("Sorted." if form.theme_id.data else "Not sorted any more.")
            return redirect(url_for("requests.show", request_id=wish.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _ask(wish, form), 422


def _of(request_id: int) -> Request:
    wish = requests.find(db.session(), by=access.actor(), request_id=request_id)
    if not request_themes.may_sort(access.actor(), wish):
        raise Forbidden("You do not look after this unit.")
    return wish


def _form(wish: Request, *, fresh: bool) -> SortForm:
    themes = request_themes.to_choose(db.session(), also=wish.theme_id)
    return sort_form(themes, fresh=fresh, theme_id=wish.theme_id)


def _ask(wish: Request, form: SortForm) -> str:
    return render_template("no_register/sort.html", wish=wish, form=form)
