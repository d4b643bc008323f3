"""Forms of what IT says of a relationship."""

from __future__ import annotations

from wtforms import RadioField, TextAreaField

from crm.services.assessments.four import QUESTIONS, Standing
from crm.services.assessments.levels import LEVELS
from models.engagement import FourQuestion
from views.forms.base import Form, prose, step


class FourForm(Form):
    """A field for each question, called by its value."""

    strategy = TextAreaField(QUESTIONS[FourQuestion.STRATEGY], filters=[prose])
    installation = TextAreaField(QUESTIONS[FourQuestion.INSTALLATION], filters=[prose])
    refusal = TextAreaField(QUESTIONS[FourQuestion.REFUSAL], filters=[prose])
    gain = TextAreaField(QUESTIONS[FourQuestion.GAIN], filters=[prose])

    @classmethod
    def of(cls, standings: list[Standing]) -> FourForm:
        begun = {standing.question.value: standing.to_begin_with for standing in standings}
        return cls(formdata=None, **begun)

    @property
    def answers(self) -> dict[FourQuestion, str]:
        return {question: self[question.value].data or "" for question in FourQuestion}


class LevelForm(Form):
    level = RadioField(
        "What is IT to them today?",
        choices=[(level.step, level.name) for level in LEVELS.values()],
        coerce=step,
        validate_choice=False,
    )
    why = TextAreaField("What do you see it by?", filters=[prose])
