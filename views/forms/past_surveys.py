"""Forms of past surveys: the file, what it means, and where a series breaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, Optional

from crm.errors import Invalid
from crm.services.past_surveys.checking import MOST_QUESTIONS
from crm.services.past_surveys.choices import COLUMNS, Choices
from crm.services.past_surveys.keeping import LONGEST_NAME
from crm.services.past_surveys.report import Nothing, Report
from crm.services.past_surveys.wording import LONGEST
from crm.services.survey_reading.figures import Given
from models.past_survey import Better
from views.forms.base import Form, prose, tidy

#: So many unmatched units stand on a page.
UNITS_ON_A_PAGE = 25
SCALES = [(given.value, given.value) for given in Given]
LABELS = {
    "unit": "Unit’s name",
    "code": "Unit’s code",
    "period": "Year, quarter, month or day",
    "within": "Quarter or month beside the year",
    "question": "Question",
    "value": "Figure",
    "answers": "How many answered",
    "asked": "How many were asked",
}
WIDE, LONG = "wide", "long"


class UploadForm(Form):
    file = FileField("Excel or CSV file", [FileRequired("Choose the file first.")])


class QuestionRow(PlainForm):
    said = HiddenField()
    ours = StringField("Our wording", [Length(max=LONGEST)], filters=[tidy])
    scale = SelectField("Scale", choices=SCALES)


class UnitRow(PlainForm):
    said = HiddenField()
    ours = StringField("Our unit", filters=[tidy])
    out = BooleanField("Leave it out")


class ChoicesForm(Form):
    name = StringField(
        "What the survey is called", [InputRequired("Give it a name."), Length(max=LONGEST_NAME)], filters=[tidy]
    )
    shape = RadioField("Each row is", choices=[(WIDE, "A unit, with a column for each question"), (LONG, "One figure")])
    one_period = StringField("Or one period for all rows", [Optional(), Length(max=40)], filters=[tidy])
    order = RadioField("3/4/2016 is", choices=[("day", "3 April"), ("month", "4 March")])
    scale = SelectField("Scale", choices=[("", "Each question its own"), *SCALES])
    nulls = SelectMultipleField("What says nothing", validate_choice=False)
    questions = FieldList(FormField(QuestionRow), max_entries=MOST_QUESTIONS)
    units = FieldList(FormField(UnitRow), max_entries=UNITS_ON_A_PAGE)
    #: Pressed to load, as against to check again.
    load = SubmitField("Load")

    def choices(self, before: Choices, find: Callable[[str], int | None]) -> Choices:
        """What was chosen; what this page did not show is as it was. ``find``: a unit by what was typed.

        Raises Invalid("units-2-ours", why) for a unit that is not here.
        """
        is_long = self.shape.data == LONG
        said = {key: self[key].data or "" for key in COLUMNS}
        if not is_long:
            said |= {"question": "", "value": ""}
        elif not said["question"]:
            raise Invalid("question", "Say which column holds the question.")
        stays = is_long == before.is_long and said["question"] == before.question
        return Choices(
            name=self.name.data or "",
            **said,
            one_period=self.one_period.data or "",
            is_day_first=self.order.data != "month",
            questions=self._questions() if stays else {},
            scale=Given(self.scale.data) if self.scale.data else None,
            scales=self._scales() if stays else {},
            nulls=tuple(self.nulls.data or ()),
            units={**before.units, **self._units(find)},
        )

    def _questions(self) -> dict[str, str]:
        return {row["said"]: row["ours"] or "" for row in self.questions.data}

    def _scales(self) -> dict[str, Given]:
        return {row["said"]: Given(row["scale"]) for row in self.questions.data}

    def _units(self, find: Callable[[str], int | None]) -> dict[str, int | None]:
        found: dict[str, int | None] = {}
        for number, row in enumerate(self.units.data):
            if row["out"]:
                found[row["said"]] = None
            elif row["ours"]:
                found[row["said"]] = find(row["ours"])
                if found[row["said"]] is None:
                    raise Invalid(f"units-{number}-ours", f"No unit here is called “{row['ours']}”.")
        return found


def choices_form(header: Sequence[str], nulls: Sequence[Nothing]) -> type[ChoicesForm]:
    """The form for a file with these columns. ``nulls``: texts that may say nothing."""
    columns = [("", "Not in this file"), *((name, name) for name in header)]
    fields: dict[str, object] = {key: SelectField(LABELS[key], choices=columns) for key in COLUMNS}
    offered = [(one.text, f"“{one.text}”, {_times(one)}") for one in nulls]
    fields["nulls"] = SelectMultipleField("What says nothing", choices=offered, validate_choice=False)
    return type("ChoicesOfFileForm", (ChoicesForm,), fields)


def _times(one: Nothing) -> str:
    times = "once" if one.times == 1 else f"{one.times:,} times"
    return times if one.why in ("no number", "says nothing") else f"{times}: {one.why}"


def as_it_stands(chosen: Choices, report: Report | None, number: int) -> dict[str, object]:
    """What the form shows before anything is typed. ``number``: the page of unmatched units."""
    unmatched = report.unmatched[(number - 1) * UNITS_ON_A_PAGE : number * UNITS_ON_A_PAGE] if report else []
    questions = report.questions if report else []
    return {
        **{key: getattr(chosen, key) for key in COLUMNS},
        "name": chosen.name,
        "shape": LONG if chosen.is_long else WIDE,
        "one_period": chosen.one_period,
        "order": "day" if chosen.is_day_first else "month",
        "scale": chosen.scale.value if chosen.scale else "",
        "nulls": list(chosen.nulls),
        "questions": [{"said": one.said, "ours": one.ours, "scale": one.scale} for one in questions],
        "units": [{"said": one.said, "ours": "", "out": False} for one in unmatched],
    }


def day_or_none(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


class BreakForm(Form):
    since = SelectField("From which period on", coerce=day_or_none, validate_choice=False)
    reach = RadioField("For", choices=[("unit", "This unit"), ("all", "All units")], default="all")
    reason = TextAreaField("What is different since then", filters=[prose])


class BetterForm(Form):
    better = RadioField(
        "What is better",
        choices=[(Better.UP.value, "More"), (Better.DOWN.value, "Less"), (Better.NEITHER.value, "Neither")],
    )
