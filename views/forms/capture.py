"""Notes with marks in a form: answering what is asked about a line, and what of a form is worth keeping as a draft."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from uuid import uuid4

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectMultipleField, TextAreaField
from wtforms.validators import Length

from crm.errors import Invalid
from crm.services.drafts import Known
from crm.services.meeting_notes import Thing, replaced
from crm.services.words import capital, counted
from views.forms.base import Form, prose, tidy
from views.forms.meetings import notes_length

#: What says what to do with the form, not what is in it.
_FOR_THE_MOMENT = frozenset(
    {"csrf_token", "add", "answer", "leave_open", "need", "need_line", "save", "draft_at", "someone_else"}
)
#: Buttons that show the form again.
_ASKING = ("add", "answer", "leave_open")

Sent = MultiDict[str, str]


class CaptureForm(Form):
    minutes = TextAreaField("Your notes", [notes_length], filters=[prose])
    #: Lines whose questions are left open. Its errors lead to the panel, where the questions are.
    as_it_stands = SelectMultipleField("Left open", validate_choice=False, id="found")
    #: Which page this is, and the draft it has seen: see ``crm.services.drafts``.
    page_key = HiddenField(validators=[Length(max=64)])
    draft_at = HiddenField(validators=[Length(max=64)])

    @staticmethod
    def is_asking(sent: Sent) -> bool:
        """Whether the form is only to be shown again."""
        return any(name in sent for name in _ASKING)

    def need_of(self, line: str) -> str:
        """What was typed so far beside the question what a request is needed for."""
        return self._needs.get(line, "")

    #: The line of a request to its need.
    _needs: Mapping[str, str] = MappingProxyType({})

    def take_needs(self, sent: Sent) -> None:
        """Remember the needs that are being typed."""
        self._needs = dict(zip(map(_same_line_ends, sent.getlist("need_line")), sent.getlist("need"), strict=False))

    def take_answers(self, sent: Sent) -> None:
        """Write the answers into the notes: a choice made for a line, the needs typed for requests."""
        self.take_needs(sent)
        for line, need in self._needs.items():
            if tidy(need):
                self._replace(0, line, f"{line.rstrip()} -- need: {tidy(need)}")
        if answer := sent.get("answer"):
            self._take_choice(answer)
        self.leave_open(sent)

    def leave_open(self, sent: Sent) -> None:
        """Ask no more about the line whose button was pressed."""
        lines = [_same_line_ends(line) for line in (*(self.as_it_stands.data or ()), sent.get("leave_open", ""))]
        self.as_it_stands.data = [line for line in dict.fromkeys(lines) if line]

    def _take_choice(self, answer: str) -> None:
        try:
            chosen = json.loads(answer)
            self._replace(int(chosen["line"]), str(chosen["was"]), str(chosen["now"]))
        except (ValueError, TypeError, KeyError):
            return

    def _replace(self, number: int, was: str, now: str) -> None:
        self.minutes.data = replaced(self.minutes.data or "", number, was, now)

    def ask(self, asked: Sequence[Thing]) -> None:
        """Say that the notes hold questions."""
        first = asked[0].questions[0].ask
        words = (
            first
            if len(asked) == 1
            else f"{capital(counted(len(asked), 'line needs', 'lines need'))} a word from you. {first}"
        )
        self.refuse(Invalid("as_it_stands", words))

    # ---- Drafts

    @property
    def known_draft(self) -> Known:
        return Known(self.page_key.data or "", self.draft_at.data or "")

    def typed(self, sent: Sent) -> dict[str, list[str]]:
        """What is worth keeping of the form as it stands now."""
        kept = {name: values for name, values in sent.lists() if name not in _FOR_THE_MOMENT}
        return {**kept, "minutes": [self.minutes.data or ""], "as_it_stands": list(self.as_it_stands.data or ())}

    def on_a_page_of_its_own(self, draft_at: str = "") -> None:
        self.page_key.data, self.draft_at.data = uuid4().hex, draft_at


def _same_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
