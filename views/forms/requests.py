"""Forms of entering and correcting a request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from crm.services.request_editing import Told
from crm.services.request_facts import Facts
from crm.services.request_kinds import Word, as_a_unit_says
from models.request import Origin, RequestKind, Severity
from views.forms.amounts import AmountField
from views.forms.base import DayField, Form, key, key_or_none, prose, tidy

_title = Length(max=200, message="Keep it under 200 letters.")
_long = Length(max=5_000, message="Keep it under 5,000 letters.")
_words = Length(max=500, message="Keep it under 500 letters.")

#: As a unit says it.
THEIR_KINDS = [
    (Word.STANDARD.value, "Something new or different"),
    (Word.QUESTION.value, "A question"),
    (Word.COMPLAINT.value, "A complaint"),
]
OUR_KINDS = [
    (Word.STANDARD.value, "Standard"),
    (Word.NON_STANDARD.value, "Non-standard"),
    (Word.QUESTION.value, "Question"),
    (Word.COMPLAINT.value, "Complaint"),
    (Word.OFFER.value, "Our offer"),
]
SEVERITIES = [
    (Severity.MINOR.value, "It bothers us"),
    (Severity.SERIOUS.value, "It holds us up"),
    (Severity.CRITICAL.value, "Work stands still"),
]


class RequestForm(Form):
    """What a unit says of its own wish."""

    title = StringField("What is asked for", [_title], filters=[tidy])
    business_need = TextAreaField("What the unit needs it for", [_long], filters=[prose])
    kind = RadioField("What it is", choices=THEIR_KINDS, default=Word.STANDARD.value)
    severity = RadioField("How bad it is", choices=SEVERITIES, default=Severity.SERIOUS.value)
    value_wanted = StringField("What is better then", [Optional(), _words], filters=[tidy])
    value_low = AmountField("Worth a year, from")
    value_high = AmountField("Worth a year, to")
    wished_for = DayField("Wished for by", [Optional()])
    files = MultipleFileField("Files", [Optional()])

    #: What of the rest was typed, so that nothing stays folded away.
    FURTHER: Sequence[str] = ("value_wanted", "value_low", "value_high", "wished_for", "files")

    @property
    def word(self) -> Word:
        return Word(self.kind.data)

    @property
    def told_kind(self) -> RequestKind:
        return self.word.kind

    @property
    def told_severity(self) -> Severity | None:
        return Severity(self.severity.data) if self.word is Word.COMPLAINT and self.severity.data else None

    @property
    def is_unfolded(self) -> bool:
        return any(self[name].errors or (self[name].data and name != "files") for name in self.FURTHER)

    @property
    def facts(self) -> Facts:
        return Facts(
            value_wanted=self.value_wanted.data or "",
            value_low=self.value_low.data,
            value_high=self.value_high.data,
            wished_for=self.wished_for.data,
        )

    @property
    def sent(self) -> list[FileStorage]:
        """The files that were chosen: a browser sends one without a name for none."""
        return [file for file in self.files.data or [] if getattr(file, "filename", "")]


class RequestForSomebodyForm(RequestForm):
    """The same, for who looks after the unit; also what IT itself offers."""

    kind = RadioField("What it is", choices=OUR_KINDS, default=Word.STANDARD.value)
    leaves_usual_way = BooleanField("It would leave our usual way (non-standard)")
    requester_id = SelectField("Who asks", coerce=key_or_none)
    also = SelectMultipleField("Other units that need the same", coerce=key)
    need = StringField("What they all need, in our words", [Optional(), _title], filters=[tidy])
    cost_low = AmountField("Cost, from")
    cost_high = AmountField("Cost, to")
    hours_low = AmountField("Hours of work, from")
    hours_high = AmountField("Hours of work, to")
    link = StringField("Ticket or project elsewhere", [Optional()], filters=[tidy])

    FURTHER = (*RequestForm.FURTHER, "cost_low", "cost_high", "hours_low", "hours_high", "link", "also", "need")

    @property
    def origin(self) -> Origin:
        return self.word.origin

    @property
    def told_kind(self) -> RequestKind:
        is_other = self.word is Word.OFFER and self.leaves_usual_way.data
        return RequestKind.NON_STANDARD if is_other else self.word.kind

    @property
    def facts(self) -> Facts:
        return Facts(
            value_wanted=self.value_wanted.data or "",
            value_low=self.value_low.data,
            value_high=self.value_high.data,
            cost_low=self.cost_low.data,
            cost_high=self.cost_high.data,
            hours_low=self.hours_low.data,
            hours_high=self.hours_high.data,
            wished_for=self.wished_for.data,
            link=self.link.data or "",
        )


class EditForm(RequestForm):
    """A request to be corrected by its unit. Parts that are not this person's to correct are not in it."""

    files = None
    seen = HiddenField()
    #: Set by :meth:`of`.
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, told: Told, names: frozenset[str], *, fresh: bool) -> Self:
        """The form with what is told, or with what was sent."""
        form = cls(formdata=None, **cls.values(told, names)) if fresh else cls()
        form.names = names
        for name in [name for name in form._fields if name not in {*names, *cls.STAYS}]:
            del form[name]
        if "kind" in names and "origin" not in names and told.origin is Origin.ASKED:
            form.kind.choices = [one for one in cls.KINDS if one[0] != Word.OFFER.value]
        return form

    KINDS = THEIR_KINDS
    #: Of the form itself, or going with its kind.
    STAYS = frozenset({"seen", "csrf_token", "leaves_usual_way"})

    @staticmethod
    def values(told: Told, names: frozenset[str]) -> dict[str, object]:
        return {
            **told.parts,
            "kind": as_a_unit_says(told.kind).value,
            "severity": (told.severity or Severity.SERIOUS).value,
            "leaves_usual_way": told.kind is RequestKind.NON_STANDARD,
            "seen": told.signature(names),
        }

    def told(self, before: Told) -> Told:
        """What stands in the form; of parts it does not have, what stood before."""
        said = {name: self[name].data for name in self.names if name in self._fields}
        if "kind" in said:
            said |= {"kind": self.kind_told(before), "origin": self.word.origin, "severity": self.told_severity}
        texts = {name: said[name] or "" for name in ("title", "business_need", "value_wanted", "link") if name in said}
        return before.with_parts(said | texts)

    def kind_told(self, before: Told) -> RequestKind:
        """A unit's wish that IT found to leave the usual way stays that when the unit corrects its words."""
        is_ours = before.kind is RequestKind.NON_STANDARD and self.word is Word.STANDARD
        return before.kind if is_ours else self.told_kind

    def begin_anew(self, saved: Told) -> None:
        """Keep what was typed, to be saved over what somebody else saved meanwhile."""
        self.seen.data = saved.signature(self.names)


class EditOursForm(EditForm, RequestForSomebodyForm):
    """The same, for who looks after the unit."""

    also = None  # type: ignore[assignment]
    need = None  # type: ignore[assignment]
    KINDS = OUR_KINDS

    @staticmethod
    def values(told: Told, names: frozenset[str]) -> dict[str, object]:
        word = Word.OFFER if told.origin is Origin.OFFERED else Word(told.kind.value)
        return EditForm.values(told, names) | {"kind": word.value}

    def kind_told(self, before: Told) -> RequestKind:
        return self.told_kind


class AttachForm(Form):
    """Further files of a request."""

    files = MultipleFileField("Files")

    @property
    def sent(self) -> list[FileStorage]:
        return [file for file in self.files.data or [] if getattr(file, "filename", "")]
