"""What a file's names are matched with: units by code and name, and what earlier files called them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services.organisation_import.cells import folded
from crm.services.past_surveys import wording
from models.past_survey import PastItem, PastUnitName, PastWording
from models.unit import BusinessUnit


class KnownUnits:
    """Every unit, closed ones too: the past was theirs. Two statements."""

    def __init__(self, session: Session) -> None:
        rows = session.execute(select(BusinessUnit.id, BusinessUnit.code, BusinessUnit.name)).all()
        self.names = {row.id: row.name for row in rows}
        kept = session.execute(select(PastUnitName.key, PastUnitName.unit_id))
        self._kept: dict[str, int | None] = {row.key: row.unit_id for row in kept}
        self._codes = _only((folded(row.code), row.id) for row in rows)
        self._names = _only((folded(row.name), row.id) for row in rows)
        self._loosely = _only((_loose(row.name), row.id) for row in rows)

    def find(self, text: str) -> int | None:
        """The one unit of this code or name; None when there is none, or more than one of the name."""
        found = self._codes.get(folded(text)) or self._names.get(folded(text))
        return found or self._loosely.get(_loose(text))

    def remembers(self, text: str) -> bool:
        """Whether an earlier file was told what it calls so."""
        return folded(text) in self._kept

    def remembered(self, text: str) -> int | None:
        """What was told; None: it is left out."""
        return self._kept[folded(text)]


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


def _only(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Without what two units share."""
    found: dict[str, set[int]] = defaultdict(set)
    for key, unit_id in pairs:
        found[key].add(unit_id)
    return {key: min(ids) for key, ids in found.items() if key and len(ids) == 1}


def _loose(name: str) -> str:
    """Without punctuation: "Health & Safety", "The Health and Safety"."""
    return " ".join(re.sub(r"[\W_]+", " ", folded(name).replace("&", " and ")).removeprefix("the ").split())
