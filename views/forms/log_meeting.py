"""The form of a meeting: who was there, what was said, what will be kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from werkzeug.datastructures import MultiDict
from wtforms import (
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from crm.services.attendees import Candidate
from crm.services.meeting_mistakes import MOST_MINUTES
from crm.services.new_meetings import NewMeeting, NewProject
from models.action import Action
from models.agenda import AgendaItem
from models.meeting import AskedBy, MeetingKind, Presence
from models.person import Person
from models.project import Project
from views.forms.base import DayField, key, key_or_none, prose
from views.forms.capture import CaptureForm
from views.forms.meeting_rows import ActionRow, DecisionRow, PraiseRow, ProjectRow, RequestRow, one_of
from views.forms.meetings import ASKED_BY, KINDS, notes_length

ROWS = ("actions", "requests", "decisions", "praises")
MOST_ROWS = 40
#: One row more than projects are listed.
MOST_PROJECTS = 101
#: Up to so many people, everybody stands in the list of owners; beyond that only the usual ones and those ticked.
SHORT_LIST = 100
#: Offered as durations, in minutes.
DURATIONS = (15, 30, 45, 60, 75, 90, 120)

#: Of a select with groups: their names (None before the first), and what is in them.
Choices = dict[Any, list[tuple[object, str]]]


@dataclass(frozen=True)
class Offer:
    """All there is to choose from."""

    candidates: Sequence[Candidate]
    #: Actions that are still open.
    left: Sequence[Action] = ()
    agenda: Sequence[AgendaItem] = ()
    projects: Sequence[Project] = ()


@dataclass(frozen=True)
class Start:
    """What stands in the form before anything is typed."""

    held_on: date
    kind: MeetingKind
    attendees: Sequence[int] = ()
    excused: Sequence[int] = ()
    lasted: int | None = None
    review_id: int | None = None
    minutes: str = ""
    projects: Sequence[Project] = field(default=())


class MeetingForm(CaptureForm):
    held_on = DayField("When", [InputRequired("Say on which day.")])
    kind = RadioField("What kind", choices=KINDS, default=MeetingKind.TOUCHPOINT.value)
    lasted = IntegerField(
        "Minutes it took", [Optional(), NumberRange(1, MOST_MINUTES, "Say it in minutes, between 1 and 1,440.")]
    )
    asked_by = SelectField("Who asked for it", choices=ASKED_BY, default="", validate_choice=False)
    attendees = SelectMultipleField("Who was there", coerce=key, validate_choice=False)
    excused = SelectMultipleField("Excused", coerce=key, validate_choice=False)
    absent = SelectMultipleField("Absent", coerce=key, validate_choice=False)
    someone_else = SelectField("Someone else", coerce=key_or_none, validate_choice=False)
    agenda_done = SelectMultipleField("Points dealt with", coerce=key, validate_choice=False)
    internal_notes = TextAreaField("Only for IT", [notes_length], filters=[prose])
    settled = SelectMultipleField("Done since", coerce=key, validate_choice=False)
    projects = FieldList(FormField(ProjectRow), "Project work under way", max_entries=MOST_PROJECTS)
    actions = FieldList(FormField(ActionRow), "Actions", max_entries=MOST_ROWS)
    requests = FieldList(FormField(RequestRow), "Requests", max_entries=MOST_ROWS)
    decisions = FieldList(FormField(DecisionRow), "Decisions", max_entries=MOST_ROWS)
    praises = FieldList(FormField(PraiseRow), "Praise", max_entries=MOST_ROWS)
    review_id = HiddenField()
    form_key = HiddenField(validators=[Length(max=64)])

    @classmethod
    def empty(cls, start: Start) -> MeetingForm:
        """The form as it stands before anything is typed."""
        form = cls(
            formdata=None,
            held_on=start.held_on,
            kind=start.kind.value,
            lasted=start.lasted,
            attendees=list(start.attendees),
            excused=list(start.excused),
            minutes=start.minutes,
            review_id=start.review_id or "",
            form_key=uuid4().hex,
            projects=[ProjectRow.values(project) for project in start.projects],
        )
        form.on_a_page_of_its_own()
        for name in (*ROWS, "projects"):
            form._fields[name].append_entry()
        return form

    @classmethod
    def of_draft(cls, fields: dict[str, list[str]], saved_at: str, start: Start) -> MeetingForm:
        """The form as it was left, on a page of its own. What the draft does not speak of stands as in an empty one."""
        fresh = cls.empty(start)
        form = cls(formdata=MultiDict(fields))
        if "form_key" not in fields:  # no browser sent it
            for name in {"held_on", "kind", "lasted", "attendees", "excused", "review_id", "form_key"} - fields.keys():
                form._fields[name].data = fresh._fields[name].data
        drafted = {row.form.id for row in form.projects}
        for row in fresh.projects:
            if row.form.id not in drafted:
                form.projects.append_entry(row.form.data)
        for name in ROWS:
            if not len(form._fields[name]):
                form._fields[name].append_entry()
        form.on_a_page_of_its_own(saved_at)
        return form

    @property
    def meant_review(self) -> int | None:
        return _key_if_any(self.review_id.data)

    #: What there was one more of, so that typing goes on there.
    added = ""

    def add(self, what: str) -> None:
        """One more row, or the person chosen among the others."""
        self.added = what
        if what in ROWS and len(self._fields[what]) < MOST_ROWS:
            self._fields[what].append_entry()
        if what == "person":
            self._take_someone_else()

    def _take_someone_else(self) -> None:
        chosen = self.someone_else.data
        if chosen is not None and chosen not in (self.attendees.data or []):
            self.attendees.data = [*(self.attendees.data or []), chosen]
        self.someone_else.data = None

    # ---- What there is to choose from

    def offer(self, offer: Offer) -> None:
        """Fill in what there is to choose from. Whoever is named already stays on offer."""
        named = {*(self.attendees.data or []), *(self.excused.data or []), *(self.absent.data or [])}
        chips = [one for one in offer.candidates if one.is_usual or one.person.id in named]
        others = [one for one in offer.candidates if not one.is_usual and one.person.id not in named]
        for who in (self.attendees, self.excused, self.absent):
            who.choices = [(one.person.id, one.person.name) for one in chips]
        self.someone_else.choices = _grouped("Nobody else", others)
        self.settled.choices = [(action.id, action.text) for action in offer.left]
        self.agenda_done.choices = [(item.id, item.text) for item in offer.agenda]
        self._show_what_moved({project.id: project for project in offer.projects})
        self._offer_owners([*chips, *(one for one in others if len(offer.candidates) <= SHORT_LIST or self._has(one))])

    def _show_what_moved(self, now: dict[int, Project]) -> None:
        """Whoever is told that a project changed meanwhile has seen it: saving again is then a choice."""
        for row in self.projects:
            if row.form.state.errors and row.form.id in now:
                row.form.seen.data = NewProject.of(now[row.form.id]).signature

    def _has(self, one: Candidate) -> bool:
        """Whether a row names this person."""
        owners = (row.form.owner_id.data for row in self.actions)
        requesters = (row.form.requester_id.data for row in self.requests)
        praised = (row.form.person_id.data for row in self.praises)
        return one.person.id in {*owners, *requesters, *praised}

    def _offer_owners(self, named: Sequence[Candidate]) -> None:
        self.owners = _grouped("Nobody yet", named)
        self.requesters = _grouped("Nobody in particular", [one for one in named if one.is_from_unit])
        self.praised = _grouped("Everybody", named)
        for action in self.actions:
            action.form.owner_id.choices = self.owners
        for request in self.requests:
            request.form.requester_id.choices = self.requesters
        for praise in self.praises:
            praise.form.person_id.choices = self.praised

    @property
    def has_rows(self) -> bool:
        """Whether a row says something, or is being added: then all of them are shown."""
        rows = [row.form for name in ROWS for row in self._fields[name]]
        return self.added in ROWS or any(row.errors or not row.told().is_blank for row in rows)

    def blank(self, what: str) -> ActionRow | RequestRow | DecisionRow | PraiseRow:
        """The row that the script clones; its number is still open."""
        prefix = f"{what}-__index__-"
        if what == "actions":
            action = ActionRow(prefix=prefix)
            action.owner_id.choices = self.owners
            return action
        if what == "requests":
            request = RequestRow(prefix=prefix)
            request.requester_id.choices = self.requesters
            return request
        if what == "praises":
            praise = PraiseRow(prefix=prefix)
            praise.person_id.choices = self.praised
            return praise
        return DecisionRow(prefix=prefix)

    # ---- What it says

    def told(self, today: date, *, share: bool = False) -> NewMeeting:
        """What the form says. ``today``: the day, when it says none that could be read."""
        self._take_someone_else()
        return NewMeeting(
            kind=one_of(MeetingKind, self.kind.data, MeetingKind.TOUCHPOINT),
            held_on=self.held_on.data or today,
            lasted=self.lasted.data,
            asked_by=AskedBy(self.asked_by.data) if self.asked_by.data in set(AskedBy) else None,
            review_id=self.meant_review,
            attendees=self._presences(),
            minutes=self.minutes.data or "",
            internal_notes=self.internal_notes.data or "",
            actions=[row.form.told() for row in self.actions],
            requests=[row.form.told() for row in self.requests],
            decisions=[row.form.told() for row in self.decisions],
            praises=[row.form.told() for row in self.praises],
            projects=[row.form.told() for row in self.projects],
            settled=frozenset(self.settled.data or []),
            agenda_done=frozenset(self.agenda_done.data or []),
            share=share,
            form_key=self.form_key.data or None,
        )

    def _presences(self) -> dict[int, Presence]:
        """Each person once: who could not come was not there, whatever is ticked above."""
        return (
            dict.fromkeys(self.attendees.data or [], Presence.PRESENT)
            | dict.fromkeys(self.absent.data or [], Presence.ABSENT)
            | dict.fromkeys(self.excused.data or [], Presence.EXCUSED)
        )


def _grouped(nobody: str, candidates: Iterable[Candidate]) -> Choices:
    """Choices of a select: nobody first, then the two sides."""
    everybody = list(candidates)
    theirs = [_choice(one.person) for one in everybody if one.is_from_unit]
    ours = [_choice(one.person) for one in everybody if not one.is_from_unit]
    groups: Choices = {None: [("", nobody)], "From the unit": theirs, "From IT": ours}
    return {group: people for group, people in groups.items() if people}


def _choice(person: Person) -> tuple[object, str]:
    return person.id, f"{person.name}, {person.job_title}" if person.job_title else person.name


def _key_if_any(sent: str | int | None) -> int | None:
    text = str(sent or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
