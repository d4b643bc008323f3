"""The form of an agenda: its points in their order with their time boxes, what was taken off, one button."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import request
from wtforms import IntegerField, StringField
from wtforms.validators import NumberRange, Optional

from crm.services.agenda import Arranged, Own
from crm.services.agenda.keeping import LONGEST
from views.forms.base import DayField, Form, tidy

BETWEEN = f"Give a point between 1 and {LONGEST} minutes."


@dataclass
class Told:
    """What the page said: which points are on and off, and what was pressed for which of them."""

    on: list[Arranged]
    off: list[str]
    pressed: str
    key: str

    def apply(self, minutes: int | None) -> None:
        """Do what the button says: move up or down, take off, put on."""
        place = next((number for number, one in enumerate(self.on) if one.key == self.key), None)
        if self.pressed == "put":
            self.off = [key for key in self.off if key != self.key]
            self.on = [*self.on, Arranged(self.key, minutes)] if place is None else self.on
        elif place is not None and self.pressed == "drop":
            self.off = [self.key, *self.off]
            del self.on[place]
        elif place is not None and self.pressed in ("up", "down"):
            other = max(place - 1, 0) if self.pressed == "up" else min(place + 1, len(self.on) - 1)
            self.on[place], self.on[other] = self.on[other], self.on[place]


class AgendaForm(Form):
    own_text = StringField("A point of your own", filters=[tidy])
    own_minutes = IntegerField("Minutes", [Optional(), NumberRange(1, LONGEST, BETWEEN)])

    def told(self) -> Told:
        """The page as it was sent, after the button. What is no number of minutes is refused on the whole form."""
        keys, boxes = request.form.getlist("on"), request.form.getlist("minutes")
        boxes += [""] * (len(keys) - len(boxes))
        on = [Arranged(key, self._minutes(box)) for key, box in zip(keys, boxes, strict=False)]
        pressed, _, rest = request.form.get("do", "keep").partition(":")
        key, _, minutes = rest.partition(":")
        told = Told(on, request.form.getlist("off"), pressed, key)
        told.apply(self._minutes(minutes))
        return told

    def _minutes(self, text: str) -> int | None:
        if not text.strip():
            return None
        if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= LONGEST:
            return int(text)
        if BETWEEN not in self.form_errors:
            self.form_errors.append(BETWEEN)
        return None

    @property
    def own(self) -> Own | None:
        """The rep's own point, when there is one."""
        if not self.own_text.data and not self.own_minutes.data:
            return None
        return Own(self.own_text.data or "", self.own_minutes.data)


class RevisitForm(Form):
    revisit_on = DayField("Look at it again")

    @property
    def day(self) -> date | None:
        day: date | None = self.revisit_on.data
        return day
