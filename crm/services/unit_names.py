"""Units by what files call them: code, name, or a name that is nearly the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services.organisation_import.cells import folded
from models.unit import BusinessUnit


class UnitNames:
    """Every unit, closed ones too: the past was theirs. ``kept``: what earlier files were told, by folded name; None:
    it is left out. One statement."""

    def __init__(self, session: Session, kept: Mapping[str, int | None]) -> None:
        rows = session.execute(select(BusinessUnit.id, BusinessUnit.code, BusinessUnit.name)).all()
        self.names = {row.id: row.name for row in rows}
        self._kept = kept
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


def _only(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Without what two units share."""
    found: dict[str, set[int]] = defaultdict(set)
    for key, unit_id in pairs:
        found[key].add(unit_id)
    return {key: min(ids) for key, ids in found.items() if key and len(ids) == 1}


def _loose(name: str) -> str:
    """Without punctuation: "Health & Safety", "The Health and Safety"."""
    return " ".join(re.sub(r"[\W_]+", " ", folded(name).replace("&", " and ")).removeprefix("the ").split())
