"""Asking for ratings, and reading them. A score never stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import (
    asking,
    clock,
    languages,
    predictions,
    rating_mail,
    ratings,
    round_page,
    survey_results,
    words,
)
from crm.services.asking import Candidate
from crm.services.exports import lists as exports
from crm.services.ratings import Only, RoundLine
from crm.services.rounds import rules, telling
from crm.services.wording import Wording
from crm.stats.suppression import SCORES_FROM
from models.person import Person
from models.project import Project
from models.question import Instrument
from models.rating import WORDS, Audience, Confidentiality, Round
from models.unit import BusinessUnit, Part
from views import access, downloads, list_tools
from views.access import allow
from views.forms.ratings import WITHOUT_PROJECT, AskForm, ExpectForm
from views.paging import page_number

bp = Blueprint("ratings", __name__)


@bp.get("/ratings")
@allow(Action.SEE_RATINGS)
def index() -> ResponseReturnValue:
    text = request.args.get("text", "").strip()[:100]
    only = _only(request.args.get("only", ""))
    unit = _unit(request.args.get("unit", ""))
    listed = partial(
        ratings.listed,
        db.session(),
        by=access.actor(),
        now=access.now(),
        text=text,
        unit_id=unit.id if unit else None,
        only=only,
    )
    if kind := downloads.wanted():
        return downloads.send("ratings", exports.ratings(listed), kind)
    return render_template(
        "ratings/index.html",
        page=listed(number=page_number()),
        text=text,
        only=only,
        unit=unit,
        low=ratings.LOW,
        tools=list_tools.of("ratings"),
        how_we_ask=telling.of_rules(rules.of(access.organisation())),
    )


def _unit(given: str) -> BusinessUnit | None:
    """The one unit whose rounds are wanted; every figure elsewhere leads here as its evidence."""
    return access.unit(int(given)) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _only(given: str) -> Only:
    return Only(given) if given in tuple(Only) else Only.ALL


@bp.get("/ratings/<int:round_id>")
@allow(Action.SEE_RATINGS)
def show(round_id: int) -> ResponseReturnValue:
    return _round(round_id, ExpectForm(formdata=None))


@bp.post("/ratings/<int:round_id>/expect")
@allow(Action.ASK_RATING)
def expect(round_id: int) -> ResponseReturnValue:
    form = ExpectForm()
    if form.validate():
        try:
            predictions.enter(
                db.session(), by=access.actor(), round_id=round_id, expected=form.expected.data, now=access.now()
            )
            flash("Kept. When they have answered, you see both beside each other.")
            return redirect(url_for("ratings.show", round_id=round_id), 303)
        except Invalid as error:
            form.refuse(error)
    return _round(round_id, form), 422


@bp.get("/ratings/expected")
@allow(Action.SEE_LOAD)
def expected() -> ResponseReturnValue:
    known = predictions.of_reps(db.session(), by=access.actor())
    return render_template("ratings/expected.html", known=known, finding=predictions.finding(known))


def _round(round_id: int, form: ExpectForm) -> str:
    session = db.session()
    found = ratings.read(session, by=access.actor(), round_id=round_id)
    beside = round_page.beside(session, round_id=round_id)
    unit = found.line.round.unit
    return render_template(
        "ratings/show.html",
        line=found.line,
        silent=found.silent,
        links=found.links,
        follow_ups=beside.follow_ups,
        outcomes=beside.outcomes,
        named=found.line.round.bears_names,
        **_results(found.line),
        prediction=beside.prediction,
        form=form,
        came_about=telling.of_round(session, round_=found.line.round, unit=unit),
        unit=unit,
        until=asking.last_day(found.line.round.closes_at, unit.time_zone),
        local_today=clock.local_date(access.now(), unit.time_zone),
        marks=WORDS,
        low=ratings.LOW,
    )


def _results(line: RoundLine) -> dict[str, object]:
    """What a survey, or the questions of a project, say; all empty of a pulse."""
    round_, scores = line.round, [answer.response.score for answer in line.answers]
    parts = survey_results.of_round(db.session(), by=access.actor(), round_=round_)
    return {
        "parts": parts,
        "figures": survey_results.figures(round_=round_, scores=scores, parts=parts),
        "zones": survey_results.zones(parts, round_.unit.name),
        "matters": survey_results.matters(parts, round_.unit.name),
    }


@bp.post("/ratings/<int:round_id>/links/<int:invitation_id>/withdraw")
@allow(Action.ASK_RATING)
def withdraw(round_id: int, invitation_id: int) -> ResponseReturnValue:
    cut = asking.withdraw(
        db.session(), by=access.actor(), round_id=round_id, invitation_id=invitation_id, now=access.now()
    )
    flash(f"The link of {cut.person.name} no longer works.")
    return redirect(url_for("ratings.show", round_id=round_id), 303)


@bp.get("/units/<int:unit_id>/ask")
@allow(Action.ASK_RATING)
def ask(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.ASK_RATING)
    known = asking.everybody(db.session(), by=access.actor(), unit=unit, now=access.now())
    able = [one for one in known if not one.obstacle and one.part in asking.PARTS[Audience.PEOPLE]]
    usual = [one.person.id for one in able if one.part is Part.HEAD or len(able) == 1]
    return _ask_page(unit, known, AskForm(formdata=None, people=usual))


@bp.post("/units/<int:unit_id>/ask")
@allow(Action.ASK_RATING)
def send(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.ASK_RATING)
    form = AskForm()
    if form.validate():
        try:
            opened = _send(unit, form)
            until = words.day(asking.last_day(opened.closes_at, unit.time_zone), access.today())
            flash(f"{words.capital(words.counted(opened.asked, 'link'))} sent. Answers are taken until {until}.")
            return redirect(url_for("ratings.show", round_id=opened.id), 303)
        except Invalid as error:
            form.refuse(error)
    known = asking.everybody(db.session(), by=access.actor(), unit=unit, now=access.now())
    return _ask_page(unit, known, form), 422


def _send(unit: BusinessUnit, form: AskForm) -> Round:
    return asking.ask(
        db.session(),
        by=access.actor(),
        unit=unit,
        now=access.now(),
        person_ids=form.people.data or [],
        instrument=Instrument(form.instrument.data),
        confidentiality=Confidentiality(form.confidentiality.data),
        audience=Audience(form.audience.data),
        project_id=form.project_id.data,
    )


def _ask_page(unit: BusinessUnit, known: list[Candidate], form: AskForm) -> str:
    able = [one for one in known if not one.obstacle]
    by_name = [one for one in known if one.part in asking.PARTS[Audience.PEOPLE]]
    form.people.choices = [(one.person.id, one.person.name) for one in by_name if not one.obstacle]
    projects = asking.delivered(db.session(), unit=unit)
    form.project_id.choices = _named(projects)
    if not projects:
        form.instrument.choices = WITHOUT_PROJECT
    closes_at = asking.closing(unit, access.now())
    return render_template(
        "ratings/ask.html",
        form=form,
        projects=projects,
        unit=unit,
        able=able,
        hindered=[one for one in by_name if one.obstacle],
        mail=_mail(unit, able[0].person, closes_at) if able else None,
        until=asking.last_day(closes_at, unit.time_zone),
        counts={
            audience.value: sum(one.part in asking.PARTS[audience] for one in able)
            for audience in (Audience.KEY_USERS, Audience.END_USERS)
        },
        sample=rules.of(access.organisation()).sample,
        enough=SCORES_FROM,
    )


def _named(projects: Sequence[Project]) -> list[tuple[int | str, str]]:
    return [("", "None"), *((one.id, one.name) for one in projects)]


def _mail(unit: BusinessUnit, first: Person, closes_at: datetime) -> Wording:
    """What the first of them is going to read, in that person's language."""
    say = languages.of(first, access.organisation().language)
    asker = access.actor().person
    return rating_mail.write(say, unit=unit, to=first, asked_by=asker, closes_at=closes_at, now=access.now())
