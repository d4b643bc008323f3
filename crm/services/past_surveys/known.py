"""What a file's names are matched with: units by code and name, and what earlier files called them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services.organisation_import.cells import folded
from crm.services.past_surveys import wording
from crm.services.unit_names import UnitNames
from models.past_survey import PastItem, PastUnitName, PastWording


class KnownUnits(UnitNames):
    """Two statements."""

    def __init__(self, session: Session) -> None:
        kept = session.execute(select(PastUnitName.key, PastUnitName.unit_id))
        super().__init__(session, {row.key: row.unit_id for row in kept})


class KnownItems:
    """Every question of the past, by its words and by what earlier files called it. Two statements."""

    def __init__(self, session: Session) -> None:
        self.rows = {item.key: item for item in session.scalars(select(PastItem))}
        by_id = {item.id: item for item in self.rows.values()}
        kept = session.execute(select(PastWording.key, PastWording.item_id))
        self._kept = {key: by_id[item_id] if item_id else None for key, item_id in kept}

    def wording(self, said: str, survey: str) -> str:
        """What a file's question is called here; "" where earlier ones were left out.

        A mere number says nothing in another year, so it is told apart by its survey's name.
        """
        if wording.is_only_a_number(said):
            return f"{wording.tidy(said)} ({survey})"
        if folded(said) in self._kept:
            item = self._kept[folded(said)]
            return item.text if item else ""
        known = self.rows.get(wording.key_of(said))
        return known.text if known else wording.readable(said)
