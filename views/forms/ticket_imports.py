"""Forms of ticket imports: the file, and what it means."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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
from crm.services.tickets.checking import MOST_VALUES
from crm.services.tickets.choices import COLUMNS, Choices, Others, Target
from crm.services.tickets.dates import DateForm
from crm.services.tickets.keeping import LONGEST_NAME
from crm.services.tickets.report import Report
from crm.services.tickets.standings import Standing
from models.request import RequestKind
from views.forms.accounts import TIME_ZONES
from views.forms.base import Form, tidy

#: So many unmatched units stand on a page.
UNITS_ON_A_PAGE = 25
STANDINGS = [
    (Standing.NEW.value, "New"),
    (Standing.LOOKING.value, "Being looked at"),
    (Standing.WAITING.value, "Waiting"),
    (Standing.ACCEPTED.value, "Accepted"),
    (Standing.WORKING.value, "In work"),
    (Standing.DECLINED.value, "Declined"),
    (Standing.RESOLVED.value, "Resolved"),
    (Standing.CLOSED.value, "Closed"),
]
KINDS = [
    (RequestKind.STANDARD.value, "Standard"),
    (RequestKind.NON_STANDARD.value, "Non-standard"),
    (RequestKind.QUESTION.value, "Question"),
    (RequestKind.COMPLAINT.value, "Complaint"),
]
LABELS = {
    "number": "Ticket number",
    "title": "Title",
    "unit": "Unit, or what tells it",
    "state": "State",
    "kind": "Kind",
    "priority": "Priority",
    "category": "Category",
    "caller": "Who called",
    "opened": "Opened",
    "resolved": "Resolved",
    "closed": "Closed",
    "at": "When the row was written",
    "order": "Order of rows in a ticket",
    "author": "Who wrote the row",
    "words": "What was said",
    "line": "Line within what was said",
    "private": "For IT alone",
    "need": "Business need",
    "reason": "Reason of the decision",
    "alternative": "Offered instead",
}
FORMS = [
    (DateForm.DAY_FIRST.value, "day first: 31/12/2026"),
    (DateForm.MONTH_FIRST.value, "month first: 12/31/2026"),
    (DateForm.ISO.value, "ISO: 2026-12-31T10:00Z"),
]


class UploadForm(Form):
    source = StringField(
        "Service desk",
        [InputRequired("Say which service desk it comes from."), Length(max=LONGEST_NAME)],
        filters=[tidy],
    )
    file = FileField("Excel or CSV file", [FileRequired("Choose the file first.")])


class StateRow(PlainForm):
    said = HiddenField()
    ours = SelectField("Is", choices=STANDINGS)


class KindRow(PlainForm):
    said = HiddenField()
    ours = SelectField("Is", choices=KINDS)


class UnitRow(PlainForm):
    said = HiddenField()
    ours = StringField("Our unit", filters=[tidy])
    tick = BooleanField("Choose")


class ChoicesForm(Form):
    target = RadioField(
        "Each row becomes",
        choices=[(Target.TICKETS.value, "A ticket, beside the requests"), (Target.REQUESTS.value, "A request")],
    )
    form = RadioField("Days are written", choices=FORMS)
    zone = SelectField("Times without a zone are", choices=TIME_ZONES)
    nulls = SelectMultipleField("What says nothing", validate_choice=False)
    is_shared = BooleanField("Without a column “For IT alone”, the unit may read what was said")
    one_unit = StringField("Or one unit for rows that name none", [Optional()], filters=[tidy])
    others = RadioField(
        "Tickets of names without a unit",
        choices=[
            (Others.REFUSED.value, "Wait for a match"),
            (Others.KEPT.value, "Come in without a unit"),
            (Others.OUT.value, "Stay out"),
        ],
        validate_choice=False,  # asked only where there are such names
    )
    states = FieldList(FormField(StateRow), max_entries=MOST_VALUES)
    kinds = FieldList(FormField(KindRow), max_entries=MOST_VALUES)
    units = FieldList(FormField(UnitRow), max_entries=UNITS_ON_A_PAGE)
    ticked_unit = StringField("All that are ticked are", [Optional()], filters=[tidy])
    ticked_out = BooleanField("Leave out all that are ticked")
    pairs = TextAreaField("Or paste a table: a name of the file, then our code or name", [Length(max=200_000)])
    #: Pressed to load, as against to check again.
    load = SubmitField("Load")

    def choices(self, before: Choices, find: Callable[[str], int | None]) -> Choices:
        """What was chosen; what this page did not show is as it was. ``find``: a unit by what was typed.

        Raises Invalid("units-2-ours" | "ticked_unit" | "pairs" | "one_unit", why) for a unit that is not here.
        """
        columns = {key: self[key].data for key in COLUMNS if self[key].data}
        states = {row["said"]: Standing(row["ours"]) for row in self.states.data}
        kinds = {row["said"]: RequestKind(row["ours"]) for row in self.kinds.data}
        return Choices(
            columns=columns,
            target=Target(self.target.data),
            states={**before.states, **states} if columns.get("state") == before.column("state") else {},
            kinds={**before.kinds, **kinds} if columns.get("kind") == before.column("kind") else {},
            form=DateForm(self.form.data),
            zone=self.zone.data,
            nulls=tuple(self.nulls.data or ()),
            is_shared=bool(self.is_shared.data),
            one_unit_id=self._one(find, "one_unit"),
            others=Others(self.others.data) if self.others.data in set(Others) else before.others,
            units={**before.units, **self._pasted(find), **self._units(find)},
        )

    def _one(self, find: Callable[[str], int | None], name: str) -> int | None:
        return known(find, self[name].data, name) if self[name].data else None

    def _units(self, find: Callable[[str], int | None]) -> dict[str, int | None]:
        found: dict[str, int | None] = {}
        ticked = self._one(find, "ticked_unit")
        for number, row in enumerate(self.units.data):
            if row["ours"]:
                found[row["said"]] = known(find, row["ours"], f"units-{number}-ours")
            elif row["tick"] and (ticked or self.ticked_out.data):
                found[row["said"]] = None if self.ticked_out.data else ticked
        return found

    def _pasted(self, find: Callable[[str], int | None]) -> dict[str, int | None]:
        """Two cells a line, as a spreadsheet copies them, or with a semicolon between."""
        found: dict[str, int | None] = {}
        for number, line in enumerate((self.pairs.data or "").splitlines(), 1):
            said, between, ours = line.partition("\t") if "\t" in line else line.rpartition(";" if ";" in line else ",")
            if not line.strip():
                continue
            if not between or not said.strip():
                raise Invalid("pairs", f"Line {number} has one cell; it needs the file’s name and our unit.")
            out = not ours.strip()
            found[tidy(said)] = None if out else known(find, tidy(ours), "pairs", f"Line {number}: ")
        return found


def known(find: Callable[[str], int | None], text: str, field: str, where: str = "") -> int:
    """The unit of that code or name. Raises Invalid(field)."""
    unit_id = find(text)
    if unit_id is None:
        raise Invalid(field, f"{where}No unit here is called “{text}”.")
    return unit_id


def choices_form(header: Sequence[str], report: Report | None, before: Choices) -> type[ChoicesForm]:
    """The form for a file with these columns, and with what may say nothing in it."""
    columns = [("", "Not in this file"), *((name, name) for name in header)]
    fields: dict[str, object] = {key: SelectField(LABELS[key], choices=columns) for key in COLUMNS}
    offered = [(one.said, f"“{one.said}”, {one.rows:,} times") for one in (report.nulls if report else ())]
    fields["nulls"] = SelectMultipleField("What says nothing", choices=offered, validate_choice=False)
    zones = [*TIME_ZONES, *(() if before.zone in dict(TIME_ZONES) else ((before.zone, before.zone),))]
    fields["zone"] = SelectField("Times without a zone are", choices=zones)
    return type("ChoicesOfFileForm", (ChoicesForm,), fields)


def as_it_stands(chosen: Choices, report: Report | None, number: int, names: Callable[[int], str]) -> dict[str, object]:
    """What the form shows before anything is typed. ``number``: the page of unmatched units."""
    unmatched = report.unmatched[(number - 1) * UNITS_ON_A_PAGE : number * UNITS_ON_A_PAGE] if report else []
    return {
        **{key: chosen.column(key) for key in COLUMNS},
        "target": chosen.target.value,
        "form": chosen.form.value,
        "zone": chosen.zone,
        "nulls": list(chosen.nulls),
        "is_shared": chosen.is_shared,
        "one_unit": names(chosen.one_unit_id) if chosen.one_unit_id else "",
        "others": chosen.others.value,
        "states": [{"said": one.said, "ours": one.ours} for one in (report.states if report else ())],
        "kinds": [{"said": one.said, "ours": one.ours} for one in (report.kinds if report else ())],
        "units": [{"said": one.said, "ours": "", "tick": False} for one in unmatched],
    }
