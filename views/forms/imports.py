"""Forms of loading an organisation: the file, and what its columns mean."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import Field, RadioField, SelectField, StringField, SubmitField
from wtforms.validators import Length, Optional

from crm.errors import Invalid
from crm.services.organisation_import.columns import MEANINGS, Kind
from crm.services.organisation_import.loading import Choices
from views.forms.base import Form, tidy

KINDS = [
    (Kind.UNITS.value, "Units, one row each"),
    (Kind.PERSONNEL.value, "People or posts, one row each"),
]
COLUMN = "column_"


class UploadForm(Form):
    file = FileField("Excel or CSV file", [FileRequired("Choose the file first.")])


class ChoicesForm(Form):
    """What the file lists and where it goes. The columns are added for each file by :func:`choices_form`."""

    kind = RadioField("Each row is", choices=KINDS)
    root = StringField("Load below a unit of its own called", [Optional(), Length(max=200)], filters=[tidy])

    #: Pressed to load, as against to check again.
    load = SubmitField("Load")

    @property
    def columns(self) -> list[Field]:
        return [field for name, field in self._fields.items() if name.startswith(COLUMN)]

    def refuse(self, error: Invalid) -> None:
        """A refusal about a meaning belongs beside that meaning's column."""
        own = COLUMN + error.field
        super().refuse(Invalid(own, str(error)) if own in self._fields else error)

    def choices(self, kind_before: Kind) -> Choices:
        """What was chosen. Columns of the kind that was shown say nothing about another kind."""
        kind = Kind(self.kind.data)
        said = {field.name.removeprefix(COLUMN): field.data or "" for field in self.columns}
        return Choices(kind, said if kind is kind_before else {}, self.root.data or "")


def choices_form(kind: Kind, header: tuple[str, ...]) -> type[ChoicesForm]:
    """The form for a file of this kind with these columns."""
    fields = {
        COLUMN + meaning.key: SelectField(
            meaning.label,
            [] if meaning.required else [Optional()],
            choices=[
                ("", "Choose a column" if meaning.required else "Not in this file"),
                *((name, name) for name in header),
            ],
        )
        for meaning in MEANINGS[kind]
    }
    return type("ChoicesOfFileForm", (ChoicesForm,), fields)
