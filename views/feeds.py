"""Private calendar addresses: making and withdrawing the own ones; and the calendar itself, for whoever has one."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.config import Settings
from crm.errors import Invalid
from crm.policy import Action
from crm.services import feeds
from crm.services.feeds import LinkState, Served
from views import access, unknown_links
from views.access import PUBLIC, allow
from views.forms.feeds import FeedForm

bp = Blueprint("feeds", __name__)

#: The address just made, until the next page has shown it.
_NEW = "new_feed"


@bp.get("/me/calendar")
@allow(Action.SEE_OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    return _page(FeedForm(formdata=None), made=session.pop(_NEW, None))


@bp.post("/me/calendar")
@allow(Action.SEE_OWN_ACCOUNT)
def create() -> ResponseReturnValue:
    form = FeedForm()
    if form.validate():
        try:
            name = form.name.data or ""
            token = feeds.make(db.session(), person=access.signed_in().person, name=name, now=access.now())
            session[_NEW] = {"name": name, "token": token}
            return redirect(url_for("feeds.index"), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(form), 422


@bp.post("/me/calendar/<int:feed_id>/withdraw")
@allow(Action.SEE_OWN_ACCOUNT)
def withdraw(feed_id: int) -> ResponseReturnValue:
    link = feeds.revoke(db.session(), person=access.signed_in().person, link_id=feed_id, now=access.now())
    flash(f"The address for “{link.name}” leads nowhere from now on.")
    return redirect(url_for("feeds.index"), 303)


def _page(form: FeedForm, made: dict[str, str] | None = None) -> str:
    address = _settings().base_url + url_for("feeds.show", token=made["token"]) if made else ""
    return render_template(
        "feeds/index.html",
        form=form,
        links=feeds.of_person(db.session(), person=access.signed_in().person),
        made=made,
        address=address,
        webcal="webcal://" + address.split("://")[-1],
    )


@bp.get("/feed/<token>.ics")
@allow(PUBLIC)
def show(token: str) -> ResponseReturnValue:
    """The calendar, or that it has not changed since it was fetched last."""
    link = feeds.find(db.session(), token=token)
    if link.found is None:
        unknown_links.count()
        return unknown_links.unknown()
    if link.state is LinkState.REVOKED:
        return unknown_links.withdrawn()
    link_id, now = link.found.id, access.now()
    served = feeds.serve(db.session(), link=link.found, base_url=_settings().base_url, now=now)
    if served.is_news:
        with db.apart() as opened:
            feeds.note(opened, link_id=link_id, served=served, now=now)
    return _answer(served)


def _answer(served: Served) -> Response:
    answer = Response(served.text, mimetype="text/calendar")
    answer.set_etag(served.etag)
    answer.last_modified = served.changed_at
    answer.cache_control.private = True
    answer.cache_control.no_cache = True
    answer.headers["Content-Disposition"] = 'inline; filename="rapport.ics"'
    answer.make_conditional(request)
    return answer


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
