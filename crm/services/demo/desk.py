"""What lies on a rep's desk: notes that are not finished, and filters kept by name."""

from __future__ import annotations

from datetime import timedelta

from crm.services.demo.era import Era
from crm.services.demo.people import Known
from crm.services.demo.rows import Rows
from crm.services.demo.units import Unit
from models.draft import Draft
from models.saved_filter import SavedFilter

LEFT = timedelta(minutes=50)
#: In this unit the notes were begun.
UNFINISHED = "HR"
NOTES = """Met Samuel in the corridor. He knows that we missed two reviews, and so does his team.

- [ ] Find a day with Samuel this month @Ines by Friday
! Accounts for trainees before they start -- need: they sit beside others for"""


def write_filter(rows: Rows, rep: Known) -> None:
    rows.add(
        SavedFilter, person_id=rep.id, list_name="actions", name="Overdue, my units", query="show=overdue&whose=units"
    )


def write_draft(rows: Rows, unit: Unit, era: Era, rep: Known) -> None:
    """A talk that was being logged when somebody called."""
    fields = {"held_on": [era.today.isoformat()], "kind": ["touchpoint"], "minutes": [NOTES]}
    if unit.code == UNFINISHED:
        rows.add(Draft, person_id=rep.id, key=f"log:{unit.id}", unit_id=unit.id, fields=fields, saved_at=era.now - LEFT)
