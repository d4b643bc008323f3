"""How a unit solved what was refused: by personal link without sign-in, or signed in, also by IT on its behalf."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.errors import Forbidden, Invalid, NotFound
from crm.policy import Action
from crm.services import after_refusal_links, after_refusals, clock, languages, requests, words
from crm.services.after_refusal_links import Link, LinkState
from crm.services.languages import Language
from models.request import Request
from models.request_part import AfterRefusal, Solved
from views import access, unknown_links
from views.access import PUBLIC, allow
from views.filters import field_errors
from views.forms.after_refusals import CHOICES, AgainForm, SolvedForm
from views.forms.base import Form

bp = Blueprint("after_refusals", __name__)


# ---- By link


@bp.get("/n/<token>")
@allow(PUBLIC)
def show(token: str) -> ResponseReturnValue:
    link = _find(token)
    return _page(token, link) if link else unknown_links.unknown()


@bp.post("/n/<token>")
@allow(PUBLIC)
def say(token: str) -> ResponseReturnValue:
    link = _find(token)
    if link is None:
        return unknown_links.unknown()
    form = SolvedForm()
    form.speak(_language(link), has_alternative=_has_alternative(link.row))
    if form.validate():
        try:
            after_refusal_links.say(
                db.session(), token=token, solved=form.told, words=form.words.data or "", now=access.now()
            )
            return redirect(url_for("after_refusals.show", token=token), 303)
        except Invalid as error:
            form.refuse(Invalid(error.field, _language(link).as_written(str(error))))
    return _page(token, link, form=form), 422


@bp.post("/n/<token>/again")
@allow(PUBLIC)
def look_again(token: str) -> ResponseReturnValue:
    link = _find(token)
    if link is None:
        return unknown_links.unknown()
    form = AgainForm()
    if form.validate():
        try:
            after_refusal_links.look_again(db.session(), token=token, why=form.why.data or "", now=access.now())
            return redirect(url_for("after_refusals.show", token=token), 303)
        except Invalid as error:
            form.refuse(Invalid(error.field, _language(link).as_written(str(error))))
    return _page(token, link, again=form), 422


def _find(token: str) -> Link | None:
    """The link, unless whoever it was sent to has left: then it tells nothing of anybody."""
    link = after_refusal_links.find(db.session(), token=token, now=access.now())
    if link is None:
        unknown_links.count()
    return link if link and link.state is not LinkState.REVOKED else None


def _language(link: Link) -> Language:
    return languages.of(link.person, access.organisation().language)


def _has_alternative(row: AfterRefusal) -> bool:
    return row.verdict.alternative != ""


def _page(token: str, link: Link, *, form: SolvedForm | None = None, again: AgainForm | None = None) -> str:
    say, row, now = _language(link), link.row, access.now()
    zone, may_change = link.request.unit.time_zone, after_refusals.is_correctable(link.row, now)
    today = clock.local_date(now, zone)
    days = {"asked": link.request.logged_on, "refused": clock.local_date(row.verdict.at, zone)}
    if row.answered_at:
        days |= {"said": clock.local_date(row.answered_at, zone)}
        days |= {"until": clock.local_date(row.answered_at + after_refusals.CORRECTABLE, zone)}
    return render_template(
        "after_refusals/show.html",
        say=say,
        token=token,
        link=link,
        form=form or _form(row, say),
        again=again or AgainForm(formdata=None),
        may_answer=link.state is LinkState.OPEN and may_change,
        may_have_it_looked_at=after_refusal_links.may_have_it_looked_at(db.session(), link, now),
        chosen=say(CHOICES[row.solved]) if row.solved else "",
        days={name: say.day(day, today) for name, day in days.items()},
        wrong=_wrong(say, form or again),
    )


def _form(row: AfterRefusal, say: Language) -> SolvedForm:
    """With what was said before; of a question not answered yet nothing is chosen."""
    form = SolvedForm(formdata=None, solved=row.solved.value if row.solved else None, words=row.words)
    form.speak(say, has_alternative=_has_alternative(row))
    return form


def _wrong(say: Language, form: Form | None) -> str:
    count = len(field_errors(form)) if form else 0
    return words.capital(say.many("{n} thing needs another look.", "{n} things need another look.", count))


# ---- Signed in


@bp.get("/requests/<int:request_id>/solved")
@allow(Action.SEE_PROMISES)
def ask(request_id: int) -> ResponseReturnValue:
    wish, row = _of(request_id)
    return _signed_in(wish, row, _form(row, languages.AS_WRITTEN))


@bp.post("/requests/<int:request_id>/solved")
@allow(Action.SEE_PROMISES)
def keep(request_id: int) -> ResponseReturnValue:
    wish, row = _of(request_id)
    form = SolvedForm()
    form.speak(has_alternative=_has_alternative(row))
    if form.validate():
        try:
            after_refusals.answer(
                db.session(),
                by=access.actor(),
                request=wish,
                found=row,
                solved=form.told,
                words=form.words.data or "",
                now=access.now(),
            )
            still = " Look at it again when that helps." if row.solved is Solved.STILL else ""
            flash(f"Kept: how {wish.unit.name} solved it.{still}")
            return redirect(url_for("requests.show", request_id=wish.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _signed_in(wish, row, form), 422


def _of(request_id: int) -> tuple[Request, AfterRefusal]:
    wish = requests.find(db.session(), by=access.actor(), request_id=request_id)
    if not after_refusals.may_answer(access.actor(), wish):
        raise Forbidden("You may not answer for this unit.")
    row = after_refusals.of_request(db.session(), request_id=wish.id)
    if row is None:
        raise NotFound("This was not refused.")
    return wish, row


def _signed_in(wish: Request, row: AfterRefusal, form: SolvedForm) -> str:
    return render_template(
        "after_refusals/ask.html",
        wish=wish,
        row=row,
        form=form,
        on_behalf=policy.can(access.actor(), Action.DECIDE_REQUEST, wish),
        may_change=after_refusals.is_correctable(row, access.now()),
    )
