"""Forms three months after a "no"."""

from __future__ import annotations

from wtforms import RadioField, TextAreaField

from crm.services.languages import AS_WRITTEN, Language, later
from models.request_part import Solved
from views.forms.base import Form, prose

#: In the words of whoever answers.
CHOICES = {
    Solved.ALTERNATIVE: later("With what IT offered instead"),
    Solved.ELSEWHERE: later("Bought it, or had it done, outside"),
    Solved.OURSELVES: later("With a tool of our own"),
    Solved.WITHOUT: later("Not at all: it turned out not to matter"),
    Solved.STILL: later("Not yet: we still need it"),
}


class SolvedForm(Form):
    """Nothing is chosen beforehand."""

    solved = RadioField(validate_choice=False)
    words = TextAreaField(filters=[prose])

    def speak(self, say: Language = AS_WRITTEN, *, has_alternative: bool = True) -> None:
        """Fill in what there is to choose from, in that language."""
        offered = [one for one in CHOICES if has_alternative or one is not Solved.ALTERNATIVE]
        self.solved.choices = [(one.value, say(CHOICES[one])) for one in offered]
        self.solved.label.text = say("How did you solve it?")
        self.words.label.text = say("A few words about it")

    @property
    def told(self) -> Solved | None:
        """None when nothing was chosen, or nothing there is."""
        return Solved(self.solved.data) if self.solved.data in set(Solved) else None


class AgainForm(Form):
    why = TextAreaField(filters=[prose])
