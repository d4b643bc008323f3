"""The form that corrects a saved meeting. It carries what its writer began with, to tell two at once apart."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from wtforms import FieldList, FormField, HiddenField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms import Form as Row
from wtforms.validators import InputRequired, Length, Optional

from crm.services.attendees import Candidate
from crm.services.meeting_corrections import Told
from models.meeting import AskedBy, MeetingKind, Presence
from views.forms.base import DayField, Form, key_or_none, prose
from views.forms.meetings import ASKED_BY, KINDS

PRESENCES = (
    ("", "Not written down"),
    (Presence.PRESENT.value, "Was there"),
    (Presence.EXCUSED.value, "Excused"),
    (Presence.ABSENT.value, "Absent"),
)
MOST_PEOPLE = 200

_notes = Length(max=50_000, message="Keep it under 50,000 letters.")


class MinutesOfTheClock(IntegerField):
    """A whole number of minutes, or none."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if text and not (text.isascii() and text.isdigit() and len(text) < 6):
            raise ValueError("Write a number of minutes, like 45.")
        self.data = int(text) if text else None


class PersonRow(Row):
    person_id = HiddenField()
    presence = SelectField("How", choices=PRESENCES)

    @property
    def who(self) -> int | None:
        try:
            return key_or_none(self.person_id.data)
        except ValueError:
            return None


class CorrectForm(Form):
    held_on = DayField("When", [InputRequired("Say on which day.")])
    kind = RadioField("What kind", choices=KINDS)
    asked_by = SelectField("Who asked for it", choices=ASKED_BY, default="")
    lasted = MinutesOfTheClock("How long, in minutes", [Optional()])
    attendees = FieldList(FormField(PersonRow), "Who was there", max_entries=MOST_PEOPLE)
    someone_else = SelectField("Somebody else was there", coerce=key_or_none, validate_choice=False)
    minutes = TextAreaField("Minutes", [_notes], filters=[prose])
    internal_notes = TextAreaField("Only for IT", [_notes], filters=[prose])
    seen = HiddenField()

    @classmethod
    def of(cls, told: Told, *, seen: Told, revision: int, candidates: Sequence[Candidate]) -> CorrectForm:
        """The form filled with ``told``, by who has seen ``seen``."""
        form = cls(
            formdata=None,
            held_on=told.held_on,
            kind=told.kind.value,
            asked_by=told.asked_by or "",
            lasted=told.lasted,
            minutes=told.minutes,
            internal_notes=told.internal_notes,
            seen=_packed(seen, revision),
        )
        usual = [one.person.id for one in candidates if one.is_usual and one.person.id not in told.attendees]
        for person_id in (*told.attendees, *usual):
            presence = told.attendees.get(person_id)
            form.attendees.append_entry({"person_id": person_id, "presence": presence.value if presence else ""})
        return form

    def offer(self, candidates: Sequence[Candidate]) -> None:
        """Fill in who else there is to choose from."""
        named = {row.form.who for row in self.attendees}
        others = [one.person for one in candidates if one.person.id not in named]
        self.someone_else.choices = [("", "Nobody else"), *((person.id, person.name) for person in others)]

    def told(self) -> Told:
        """What the form says, once it is valid."""
        if self.held_on.data is None:
            raise ValueError("told() is for a form that is valid")
        rows = [(row.form.who, row.form.presence.data) for row in self.attendees]
        people = {who: Presence(presence) for who, presence in rows if who and presence}
        if self.someone_else.data:
            people[self.someone_else.data] = Presence.PRESENT
        return Told(
            kind=MeetingKind(self.kind.data),
            held_on=self.held_on.data,
            lasted=self.lasted.data,
            attendees=people,
            minutes=self.minutes.data or "",
            internal_notes=self.internal_notes.data or "",
            asked_by=AskedBy(self.asked_by.data) if self.asked_by.data else None,
        )

    def begun_with(self) -> tuple[Told, int]:
        """What its writer saw, and its revision. What cannot be read is nothing seen: then everything is compared."""
        try:
            return _unpacked(json.loads(self.seen.data or ""))
        except (ValueError, KeyError, TypeError, AttributeError):
            return Told(MeetingKind.TOUCHPOINT, date.min), 0


def _packed(told: Told, revision: int) -> str:
    return json.dumps(
        {
            "revision": revision,
            "kind": told.kind.value,
            "asked_by": told.asked_by,
            "held_on": told.held_on.isoformat(),
            "lasted": told.lasted,
            "attendees": {str(person): presence.value for person, presence in told.attendees.items()},
            "minutes": told.minutes,
            "internal_notes": told.internal_notes,
        }
    )


def _unpacked(values: Mapping[str, Any]) -> tuple[Told, int]:
    told = Told(
        kind=MeetingKind(values["kind"]),
        held_on=date.fromisoformat(values["held_on"]),
        lasted=None if values["lasted"] is None else int(values["lasted"]),
        attendees={int(person): Presence(presence) for person, presence in values["attendees"].items()},
        minutes=str(values["minutes"]),
        internal_notes=str(values["internal_notes"]),
        asked_by=AskedBy(values["asked_by"]) if values.get("asked_by") else None,
    )
    return told, int(values["revision"])
