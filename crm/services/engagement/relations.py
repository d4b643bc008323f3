"""What a unit is to IT, in a word and since when, as its pages and mails say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import words
from crm.services.engagement import standing
from models.engagement import Called
from models.unit import BusinessUnit


@dataclass(frozen=True)
class Relation:
    """``since``: None before anybody said what the unit is."""

    called: Called
    since: date | None

    def in_words(self, today: date, *, is_ours: bool) -> str:
        """ "our partner since 4 March", as IT speaks; "IT’s partner since 4 March", as the unit reads it (``is_ours``);
        the word alone where nobody said since when."""
        whose = "IT’s" if is_ours else "our"
        return f"{whose} {self.called.value} {self.since_when(today)}" if self.since else self.called.value

    def since_when(self, today: date) -> str:
        """ "since 4 March"; "" before anybody said."""
        return f"since {words.day(self.since, today)}" if self.since else ""


def of_unit(session: Session, *, unit_id: int) -> Relation:
    """One statement."""
    told = select(standing.called(BusinessUnit.id), standing.since(BusinessUnit.id))
    called, since = session.execute(told.where(BusinessUnit.id == unit_id)).one()
    return Relation(Called(called), since)
