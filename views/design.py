"""The component sheet: every part in every state. Only with CRM_DEBUG=1; it reads no data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from types import SimpleNamespace

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, Optional

from crm.config import Settings
from crm.services.pages import Page
from models.person import Person
from views.access import PUBLIC, allow
from views.design_charts import sample_charts

bp = Blueprint("design", __name__)

WORDS = [(1, "Very poorly"), (2, "Poorly"), (3, "Neither well nor poorly"), (4, "Well"), (5, "Very well")]
MUCH = [(1, "Hardly"), (2, "A little"), (3, "Somewhat"), (4, "Much"), (5, "Very much")]


class SampleForm(FlaskForm):  # type: ignore[misc]
    """A field of every kind."""

    what = StringField("What they ask for")
    need = TextAreaField("What they need it for", [DataRequired("Say what the unit needs it for")])
    unit = SelectField("Unit", choices=[("1", "Field Sales"), ("2", "Finance")])
    by = DateField("Needed by", [Optional()])
    at = TimeField("Time of day", [Optional()])
    mail = EmailField("Work e-mail", [Optional()])
    kind = RadioField("What kind", choices=[("talk", "Talk"), ("review", "Review"), ("call", "Call")])
    decision = RadioField("What we answer", choices=[("yes", "Yes"), ("part", "In part"), ("no", "No")])
    who = SelectMultipleField(
        "Who was there", choices=[("1", "Amara Diallo"), ("2", "Ines Carvalho"), ("3", "Jo Lindt")]
    )
    roles = SelectMultipleField("What this person does", choices=[("rep", "Account rep"), ("cio", "CIO")])
    rhythm = RadioField("How often", choices=[("monthly", "Monthly"), ("quarterly", "Quarterly")])
    minutes = BooleanField("Mail the minutes to the three who came")
    matters = RadioField("How much it matters to them", choices=MUCH, coerce=int)
    overall = RadioField("Overall, how well has IT served Finance?", choices=[*WORDS, (0, "I cannot say")], coerce=int)


@dataclass(frozen=True)
class Sample:
    """The people of the sheet."""

    rep: Person
    head: Person
    long_named: Person


@bp.get("/design")
@allow(PUBLIC)
def index() -> ResponseReturnValue:
    settings: Settings = current_app.extensions["settings"]
    if not settings.debug:
        abort(404)
    lone = request.args.get("lone")
    return render_template(
        "design/lone.html" if lone else "design/index.html",
        shell=_shell(),
        form=_form(broken=False),
        broken=_form(broken=True),
        sample=_sample(),
        page=Page[str]([], 2, True),
        a_day=date(2026, 11, 12),
        charts=sample_charts(),
    )


def _sample() -> Sample:
    return Sample(
        rep=Person(name="Ines Carvalho", is_rep=True, is_business=False, is_cio=False, is_administrator=False),
        head=_business("Amara Diallo"),
        long_named=_business("Maximiliane-Alexandra von Hohenstein-Wittgenstein-Berleburg"),
    )


def _business(name: str) -> Person:
    return Person(name=name, is_rep=False, is_business=True, is_cio=False, is_administrator=False)


def _form(*, broken: bool) -> SampleForm:
    form = SampleForm(
        formdata=None,
        prefix="broken-" if broken else "",
        data={
            "what": "Tablets for the field team",
            "kind": "talk",
            "who": ["1", "2"],
            "roles": ["rep"],
            "rhythm": "monthly",
            "decision": "part",
            "matters": 4,
            "by": date(2026, 11, 1),
        },
    )
    if broken:
        _break(form, need="Say what the unit needs it for", by="Choose a date after today", kind="Choose one")
        _break(form, unit="You do not look after this unit", overall="Choose one of the five, or “I cannot say”")
    return form


def _break(form: SampleForm, **messages: str) -> None:
    for name, message in messages.items():
        form[name].errors = [message]


def _shell() -> SimpleNamespace:
    """A shell that asks nobody: the sheet must not depend on data."""
    here = request.path
    link = partial(SimpleNamespace, url=here, count=None, current=False, main=False)
    return SimpleNamespace(
        organisation="Fernhill IT",
        person=_sample().rep,
        nav=[link(icon=icon, label=label, count=count) for icon, label, count in NAV],
        tabs=[link(icon=icon, label=label, count=count, main=label == "Log") for icon, label, count in TABS],
        units_title="Your units",
        units=[link(name=name, icon=icon, note=note, current=name == "Legal") for name, icon, note in UNITS],
        demonstration=True,
    )


NAV: Sequence[tuple[str, str, int | None]] = (
    ("inbox", "Today", 5),
    ("grid-3x3-gap", "Portfolio", None),
    ("building", "Units", None),
    ("calendar-check", "Reviews", None),
    ("signpost-split", "Requests", 3),
    ("star", "Ratings", None),
)
TABS: Sequence[tuple[str, str, int | None]] = (
    ("inbox", "Today", 5),
    ("building", "Units", None),
    ("plus-lg", "Log", None),
    ("signpost-split", "Requests", None),
    ("three-dots", "More", None),
)
UNITS: Sequence[tuple[str, str | None, str | None]] = (
    ("Facilities", None, None),
    ("Finance", "arrow-down-right", "slipping"),
    ("Human Resources", "clock-history", "needs attention"),
    ("Legal", None, None),
    ("Manufacturing and Spare Parts, North", None, None),
)
