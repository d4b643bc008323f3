"""The form of a meeting: who was there, what was said, what will be kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from wtforms import (
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import Form as Row
from wtforms.validators import InputRequired, Length

from crm.services.attendees import Candidate
from crm.services.new_meetings import NewAction, NewMeeting, NewRequest
from models.action import Action
from models.meeting import MeetingKind, Presence
from models.person import Person
from models.request import Origin
from views.forms.base import DayField, Form, key, key_or_none, prose, tidy

KINDS = (
    (MeetingKind.TOUCHPOINT.value, "Touchpoint"),
    (MeetingKind.REVIEW.value, "Review"),
    (MeetingKind.OWN.value, "Their own meeting"),
    (MeetingKind.ESCALATION.value, "Escalation"),
)
ORIGINS = ((Origin.ASKED.value, "They asked"), (Origin.OFFERED.value, "We offered"))
ROWS_AT_FIRST = {"actions": 3, "requests": 1}
MOST_ROWS = 40
#: Up to so many people, everybody stands in the list of owners; beyond that only the usual ones and those ticked.
SHORT_LIST = 100

_title = Length(max=200, message="Keep it under 200 letters.")
#: The browser is not to cut off what is pasted; what is too long is asked about.
_WHOLE = {"maxlength": False}
_long = Length(max=5_000, message="Keep it under 5,000 letters.")
_notes = Length(max=50_000, message="Keep it under 50,000 letters.")

#: Of a select with groups: their names (None before the first), and what is in them.
Choices = dict[Any, list[tuple[object, str]]]


class ActionRow(Row):
    text = StringField("What will be done", [_title], filters=[tidy], render_kw=_WHOLE)
    owner_id = SelectField("Who does it", coerce=key_or_none, validate_choice=False)
    due_on = DayField("Due")

    def told(self) -> NewAction:
        return NewAction(self.text.data or "", self.owner_id.data, self.due_on.data)


class RequestRow(Row):
    title = StringField("What is asked for", [_title], filters=[tidy], render_kw=_WHOLE)
    business_need = TextAreaField("What the unit needs it for", [_long], filters=[prose])
    requester_id = SelectField("Who asks", coerce=key_or_none, validate_choice=False)
    origin = SelectField("Whose idea", choices=ORIGINS, default=Origin.ASKED.value)

    def told(self) -> NewRequest:
        return NewRequest(
            self.title.data or "", self.business_need.data or "", self.requester_id.data, Origin(self.origin.data)
        )


class MeetingForm(Form):
    held_on = DayField("When", [InputRequired("Say on which day.")])
    kind = RadioField("What kind", choices=KINDS, default=MeetingKind.TOUCHPOINT.value)
    attendees = SelectMultipleField("Who was there", coerce=key, validate_choice=False)
    someone_else = SelectField("Someone else", coerce=key_or_none, validate_choice=False)
    minutes = TextAreaField("Your notes", [_notes], filters=[prose])
    internal_notes = TextAreaField("Only for IT", [_notes], filters=[prose])
    settled = SelectMultipleField("Done since", coerce=key, validate_choice=False)
    actions = FieldList(FormField(ActionRow), "Actions", max_entries=MOST_ROWS)
    requests = FieldList(FormField(RequestRow), "Requests", max_entries=MOST_ROWS)
    review_id = HiddenField()
    form_key = HiddenField(validators=[Length(max=64)])

    @classmethod
    def empty(cls, *, held_on: date, kind: MeetingKind, attendees: Sequence[int], review_id: int | None) -> MeetingForm:
        """The form as it stands before anything is typed."""
        form = cls(
            formdata=None,
            held_on=held_on,
            kind=kind.value,
            attendees=list(attendees),
            review_id=review_id or "",
            form_key=uuid4().hex,
        )
        for name, count in ROWS_AT_FIRST.items():
            for _ in range(count):
                form._fields[name].append_entry()
        return form

    #: What there was one more of, so that typing goes on there.
    added = ""

    def add(self, what: str) -> None:
        """One more row, or the person chosen among the others."""
        self.added = what
        if what in ROWS_AT_FIRST and len(self._fields[what]) < MOST_ROWS:
            self._fields[what].append_entry()
        if what == "person":
            self._take_someone_else()

    def _take_someone_else(self) -> None:
        chosen = self.someone_else.data
        if chosen is not None and chosen not in (self.attendees.data or []):
            self.attendees.data = [*(self.attendees.data or []), chosen]
        self.someone_else.data = None

    def offer(self, candidates: Sequence[Candidate], left: Sequence[Action]) -> None:
        """Fill in what there is to choose from. Whoever is named already stays on offer."""
        ticked = set(self.attendees.data or [])
        chips = [one for one in candidates if one.is_usual or one.person.id in ticked]
        others = [one for one in candidates if not one.is_usual and one.person.id not in ticked]
        self.attendees.choices = [(one.person.id, one.person.name) for one in chips]
        self.someone_else.choices = _grouped("Nobody else", others)
        self.settled.choices = [(action.id, action.text) for action in left]
        self._offer_owners([*chips, *(one for one in others if len(candidates) <= SHORT_LIST or self._names(one))])

    def _names(self, one: Candidate) -> bool:
        owners = (row.form.owner_id.data for row in self.actions)
        requesters = (row.form.requester_id.data for row in self.requests)
        return one.person.id in {*owners, *requesters}

    def _offer_owners(self, named: Sequence[Candidate]) -> None:
        self.owners = _grouped("Nobody yet", named)
        self.requesters = _grouped("Nobody in particular", [one for one in named if one.is_from_unit])
        for action in self.actions:
            action.form.owner_id.choices = self.owners
        for request in self.requests:
            request.form.requester_id.choices = self.requesters

    def blank_action(self) -> ActionRow:
        """The row that the script clones; its number is still open."""
        row = ActionRow(prefix="actions-__index__-")
        row.owner_id.choices = self.owners
        return row

    def blank_request(self) -> RequestRow:
        row = RequestRow(prefix="requests-__index__-")
        row.requester_id.choices = self.requesters
        return row

    def told(self) -> NewMeeting:
        """What the form says, once it is valid."""
        self._take_someone_else()
        if self.held_on.data is None:
            raise ValueError("told() is for a form that is valid")
        return NewMeeting(
            kind=MeetingKind(self.kind.data),
            held_on=self.held_on.data,
            review_id=_key_if_any(self.review_id.data),
            attendees=dict.fromkeys(self.attendees.data or [], Presence.PRESENT),
            minutes=self.minutes.data or "",
            internal_notes=self.internal_notes.data or "",
            actions=[row.form.told() for row in self.actions],
            requests=[row.form.told() for row in self.requests],
            settled=frozenset(self.settled.data or []),
            form_key=self.form_key.data or None,
        )


def _grouped(nobody: str, candidates: Sequence[Candidate]) -> Choices:
    """Choices of a select: nobody first, then the two sides."""
    theirs = [_choice(one.person) for one in candidates if one.is_from_unit]
    ours = [_choice(one.person) for one in candidates if not one.is_from_unit]
    groups: Choices = {None: [("", nobody)], "From the unit": theirs, "From IT": ours}
    return {group: people for group, people in groups.items() if people}


def _choice(person: Person) -> tuple[object, str]:
    return person.id, f"{person.name}, {person.job_title}" if person.job_title else person.name


def _key_if_any(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
