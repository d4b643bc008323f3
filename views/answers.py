"""Answering by personal link. No sign-in; looking records nothing, only sending and keeping do."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from crm import db
from crm.errors import Invalid
from crm.services import answer_page, answering, languages, partial_answers
from crm.services.answering import Link, LinkState
from crm.services.languages import Language
from crm.services.survey import Asked
from models.person import Person
from models.rating import Invitation
from views import access, unknown_links
from views.access import PUBLIC, allow
from views.answer_words import Words
from views.filters import field_errors
from views.forms.answers import AnswerForm, answer_form, answered, filled, typed

bp = Blueprint("answers", __name__, url_prefix="/r")


@bp.get("/<token>")
@allow(PUBLIC)
def show(token: str) -> ResponseReturnValue:
    link = _find(token)
    if link.invitation is None or not link.takes_answers:
        return _ended(link)
    questions = _questions(link.invitation)
    return _page(token, link, link.invitation, _form_of(link, link.invitation, questions), questions)


def _form_of(link: Link, invitation: Invitation, questions: Sequence[Asked]) -> AnswerForm:
    """With what was kept for later, as it was typed; else with what was answered; else empty."""
    form = answer_form(questions, _language(invitation.person))
    if link.partial:
        return form(formdata=MultiDict(link.partial.fields))
    given = answering.given(db.session(), link.response) if link.response and questions else {}
    return form(formdata=None, obj=link.response, data=filled(questions, given))


@bp.post("/<token>")
@allow(PUBLIC)
def send(token: str) -> ResponseReturnValue:
    link = _find(token)
    if link.invitation is None or not link.takes_answers:
        return _ended(link)
    questions, say = _questions(link.invitation), _language(link.invitation.person)
    form = answer_form(questions, say)()
    if form.validate():
        try:
            answering.answer(
                db.session(),
                token=token,
                score=form.score.data,
                comment=form.comment.data or "",
                answers=answered(form, questions),
                now=access.now(),
            )
            return redirect(url_for("answers.thanks", token=token), 303)
        except Invalid as error:
            form.refuse(Invalid(error.field, say.as_written(str(error))))
    return _page(token, link, link.invitation, form, questions), 422


@bp.post("/<token>/keep")
@allow(PUBLIC)
def keep(token: str) -> ResponseReturnValue:
    """Keep what is filled in, right or wrong, and go on later."""
    link = _find(token)
    if link.invitation is None or not link.takes_answers:
        return _ended(link)
    questions, say = _questions(link.invitation), _language(link.invitation.person)
    form = answer_form(questions, say)()
    try:
        partial_answers.keep(db.session(), token=token, fields=typed(form, request.form), now=access.now())
        return redirect(url_for("answers.kept", token=token), 303)
    except Invalid as error:
        form.refuse(Invalid(error.field, say.as_written(str(error))))
    return _page(token, link, link.invitation, form, questions), 422


@bp.get("/<token>/kept")
@allow(PUBLIC)
def kept(token: str) -> ResponseReturnValue:
    link = _find(token)
    if link.invitation is None or not link.takes_answers:
        return _ended(link)
    if link.partial is None:
        return redirect(url_for("answers.show", token=token), 303)
    return render_template("answers/kept.html", token=token, **_about(link.invitation))


@bp.get("/<token>/thanks")
@allow(PUBLIC)
def thanks(token: str) -> ResponseReturnValue:
    link = _find(token)
    if link.invitation is None or not link.takes_answers:
        return _ended(link)
    if link.response is None:
        return redirect(url_for("answers.show", token=token), 303)
    session, words = db.session(), _words(link.invitation)
    owed = answer_page.reply_owed(session, link.response)
    readers = answer_page.readers(session, words.unit, access.today())
    return render_template(
        "answers/thanks.html",
        token=token,
        response=link.response,
        what_next=words.what_next(readers, owed),
        **_about(link.invitation),
    )


def _find(token: str) -> Link:
    link = answering.find_invitation(db.session(), token=token, now=access.now())
    if link.state is LinkState.UNKNOWN:
        unknown_links.count()
    return link


def _language(person: Person | None) -> Language:
    """As the mail was."""
    return languages.of(person, access.organisation().language)


def _words(invitation: Invitation) -> Words:
    return Words(_language(invitation.person), invitation, access.now())


def _questions(invitation: Invitation) -> list[Asked]:
    return answering.questions(db.session(), invitation, access.now(), _language(invitation.person))


def _page(token: str, link: Link, invitation: Invitation, form: AnswerForm, questions: Sequence[Asked]) -> str:
    session, words = db.session(), _words(invitation)
    told = answer_page.last_told(session, invitation)
    occasion = answer_page.occasion(session, invitation.round)
    return render_template(
        "answers/show.html",
        token=token,
        form=form,
        questions=questions,
        title=words.title(occasion),
        question=words.question(occasion),
        below=words.below_the_title(occasion, told),
        before=words.before(link.response, link.partial),
        wrong=words.wrong(len(field_errors(form))),
        is_first=told is None,
        news=words.news(answer_page.news(session, invitation, told, access.now())),
        who_reads=words.who_reads(answer_page.readers(session, words.unit, access.today())),
        **_about(invitation),
    )


def _about(invitation: Invitation) -> dict[str, object]:
    words = _words(invitation)
    return {
        "say": words.say,
        "words": words,
        "person": invitation.person,
        "unit": words.unit,
        "round": invitation.round,
        "asked_by": invitation.round.asked_by,
        "until": words.until,
        "marks": words.marks,
        "may_keep": partial_answers.may_keep(invitation),
    }


def _ended(link: Link) -> ResponseReturnValue:
    """A link that takes no answer, kindly. Of a withdrawn one nothing is told: it may be in the wrong hands."""
    if link.invitation is None:
        return unknown_links.unknown()
    if link.state is LinkState.USED:
        return render_template("answers/used.html", **_about(link.invitation))
    if link.state is LinkState.REVOKED:
        return unknown_links.withdrawn(link.invitation.person)
    lead = answer_page.readers(db.session(), link.invitation.round.unit, access.today()).covering
    return render_template(
        "answers/closed.html",
        response=link.response,
        partial=link.partial,
        lead=lead[0] if lead else None,
        **_about(link.invitation),
    ), 410
