"""Answering by personal link. No sign-in; looking records nothing, only sending does."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.services import answering, asking, clock, words
from crm.services.answering import Link, LinkState, Readers
from crm.services.survey import Asked
from models.rating import WORDS, Confidentiality, Invitation
from views import access, unknown_links
from views.access import PUBLIC, allow
from views.forms.ratings import AnswerForm, answer_form, answered, filled

bp = Blueprint("answers", __name__, url_prefix="/r")


@bp.get("/<token>")
@allow(PUBLIC)
def show(token: str) -> ResponseReturnValue:
    link = _find(token)
    if link.invitation is None or not link.takes_answers:
        return _ended(link)
    session, questions = db.session(), _questions(link.invitation)
    given = answering.given(session, link.response) if link.response and questions else {}
    form = answer_form(questions)(formdata=None, obj=link.response, data=filled(questions, given))
    return _page(link, link.invitation, form, questions)


@bp.post("/<token>")
@allow(PUBLIC)
def send(token: str) -> ResponseReturnValue:
    link = _find(token)
    if link.invitation is None or not link.takes_answers:
        return _ended(link)
    questions = _questions(link.invitation)
    form = answer_form(questions)()
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
            form.refuse(error)
    return _page(link, link.invitation, form, questions), 422


@bp.get("/<token>/thanks")
@allow(PUBLIC)
def thanks(token: str) -> ResponseReturnValue:
    link = _find(token)
    if link.invitation is not None and link.state is LinkState.USED:
        return render_template("answers/used.html", **_about(link.invitation))
    if link.invitation is None or not link.takes_answers:
        return _ended(link)
    if link.response is None:
        return redirect(url_for("answers.show", token=token), 303)
    return render_template("answers/thanks.html", token=token, response=link.response, **_about(link.invitation))


def _find(token: str) -> Link:
    link = answering.find_invitation(db.session(), token=token, now=access.now())
    if link.state is LinkState.UNKNOWN:
        unknown_links.count()
    return link


def _questions(invitation: Invitation) -> list[Asked]:
    return answering.questions(db.session(), invitation, access.now())


def _page(link: Link, invitation: Invitation, form: AnswerForm, questions: Sequence[Asked]) -> str:
    session, unit = db.session(), invitation.round.unit
    told = answering.last_told(session, invitation)
    about = _about(invitation)
    return render_template(
        "answers/show.html",
        form=form,
        questions=questions,
        is_anonymous=invitation.round.confidentiality is Confidentiality.ANONYMOUS,
        scores_from=words.number(invitation.round.scores_from),
        comments_from=words.number(invitation.round.comments_from),
        response=link.response,
        told=told,
        news=answering.news(session, invitation, told.answered_at) if told else [],
        who_reads=who_reads(answering.readers(session, unit, access.today())),
        **about,
    )


def _about(invitation: Invitation) -> dict[str, object]:
    unit = invitation.round.unit
    return {
        "person": invitation.person,
        "unit": unit,
        "asked_by": invitation.round.asked_by,
        "until": asking.last_day(invitation.round.closes_at, unit.time_zone),
        "local_today": clock.local_date(access.now(), unit.time_zone),
        "marks": WORDS,
    }


def _ended(link: Link) -> ResponseReturnValue:
    """A link that takes no answer, kindly. Of a withdrawn one nothing is told: it may be in the wrong hands."""
    if link.invitation is None:
        return render_template("answers/unknown.html"), 404
    if link.state is LinkState.USED:
        return render_template("answers/used.html", **_about(link.invitation))
    if link.state is LinkState.REVOKED:
        return render_template("answers/withdrawn.html"), 410
    return render_template("answers/closed.html", response=link.response, **_about(link.invitation)), 410


def who_reads(readers: Readers) -> str:
    """Everyone who may read the answer: "Ines Carvalho, Margit Lindqvist (CIO) and one other account rep"."""
    names = [person.name for person in readers.covering] + [f"{person.name} (CIO)" for person in readers.cios]
    if readers.other_reps:
        kind = "other account rep" if names else "account rep"
        names.append(words.counted(readers.other_reps, kind))
    return words.listed(names)
