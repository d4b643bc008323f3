"""The form of a project: what it is called, who leads it, how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length

from crm.services.attendees import Candidate
from crm.services.projects import NAME_LENGTH
from models.project import Stage
from views.forms.base import DayField, Form, key_or_none, prose, tidy

STAGES = (
    (Stage.IDEA.value, "Idea"),
    (Stage.PLANNED.value, "Planned"),
    (Stage.UNDER_WAY.value, "Under way"),
    (Stage.PAUSED.value, "Paused"),
    (Stage.DELIVERED.value, "Delivered"),
    (Stage.STOPPED.value, "Stopped"),
)


class Stands(TypedDict):
    """How it stands, as the services ask for it."""

    stage: Stage
    state: str
    milestone: str
    milestone_on: date | None


class ProjectForm(Form):
    name = StringField(
        "Name", [Length(max=NAME_LENGTH, message=f"Keep it under {NAME_LENGTH} letters.")], filters=[tidy]
    )
    lead_id = SelectField("Who leads it in IT", coerce=key_or_none)
    stage = SelectField("Stage", choices=STAGES, default=Stage.UNDER_WAY.value)
    state = TextAreaField("How it stands", [Length(max=2_000, message="Keep it under 2,000 letters.")], filters=[prose])
    milestone = StringField("Next milestone", [Length(max=200, message="Keep it under 200 letters.")], filters=[tidy])
    milestone_on = DayField("On")

    def offer(self, candidates: Sequence[Candidate], *, lead: tuple[int, str] | None = None) -> None:
        """Who can lead it: everybody from IT, and who leads it already."""
        ours = [(one.person.id, one.person.name) for one in candidates if not one.is_from_unit]
        if lead is not None and lead not in ours:
            ours.append(lead)
        self.lead_id.choices = [("", "Nobody yet"), *ours]

    @property
    def stands(self) -> Stands:
        """What the form says of where it is, once it is valid."""
        return Stands(
            stage=Stage(self.stage.data),
            state=self.state.data or "",
            milestone=self.milestone.data or "",
            milestone_on=self.milestone_on.data,
        )
