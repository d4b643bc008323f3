"""The rows of the form of a meeting: an action, a request, a decision, praise, a project."""

from __future__ import annotations

import enum
from typing import TypeVar

from wtforms import Form as Row
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from crm.services.new_meetings import NewAction, NewDecision, NewPraise, NewProject, NewRequest
from crm.services.request_kinds import Word as RequestWord
from models.project import Project, Stage
from views.forms.base import DayField, key_or_none, prose, tidy
from views.forms.projects import STAGES
from views.forms.requests import OUR_KINDS

_title = Length(max=200, message="Keep it under 200 letters.")
_name = Length(max=120, message="Keep it under 120 letters.")
_words = Length(max=2_000, message="Keep it under 2,000 letters.")
_long = Length(max=5_000, message="Keep it under 5,000 letters.")
#: The browser is not to cut off what is pasted; what is too long is asked about.
_WHOLE = {"maxlength": False}

Word = TypeVar("Word", bound=enum.StrEnum)


def one_of(words: type[Word], value: object, otherwise: Word) -> Word:
    """The word that was sent, if it is one of them."""
    return words(str(value)) if value in set(words) else otherwise


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
    kind = SelectField("What it is", choices=OUR_KINDS, default=RequestWord.STANDARD.value)

    def told(self) -> NewRequest:
        word = one_of(RequestWord, self.kind.data, RequestWord.STANDARD)
        return NewRequest(
            self.title.data or "", self.business_need.data or "", self.requester_id.data, word.kind, word.origin
        )


class DecisionRow(Row):
    text = StringField("What was decided", [_words], filters=[tidy], render_kw=_WHOLE)
    revisit_on = DayField("Ask again from")

    def told(self) -> NewDecision:
        return NewDecision(self.text.data or "", self.revisit_on.data)


class PraiseRow(Row):
    text = StringField("What they are glad of", [_words], filters=[tidy], render_kw=_WHOLE)
    person_id = SelectField("Thanks to", coerce=key_or_none, validate_choice=False)

    def told(self) -> NewPraise:
        return NewPraise(self.text.data or "", self.person_id.data)


class ProjectRow(Row):
    """How a project stands, to be changed in place; without ``project_id`` a new one."""

    project_id = HiddenField()
    #: What the page showed, so that only what was changed here is a change.
    seen = HiddenField()
    name = StringField("A project that is not on the list", [_name], filters=[tidy], render_kw=_WHOLE)
    stage = SelectField("Stage", choices=STAGES, default=Stage.UNDER_WAY.value)
    state = TextAreaField("How it stands", [_words], filters=[prose])
    milestone = StringField("Next milestone", [_title], filters=[tidy], render_kw=_WHOLE)
    milestone_on = DayField("On")

    @property
    def id(self) -> int | None:
        """The project's; None for a new one, and for what is no id."""
        try:
            return key_or_none(self.project_id.data)
        except ValueError:
            return None

    def told(self) -> NewProject:
        return NewProject(
            project_id=self.id,
            name=self.name.data or "",
            stage=one_of(Stage, self.stage.data, Stage.UNDER_WAY),
            state=self.state.data or "",
            milestone=self.milestone.data or "",
            milestone_on=self.milestone_on.data,
            seen=self.seen.data or "",
        )

    @staticmethod
    def values(project: Project) -> dict[str, object]:
        """The row as it stands before anything is typed."""
        now = NewProject.of(project)
        return {**vars(now), "stage": now.stage.value, "seen": now.signature}
