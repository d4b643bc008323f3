"""What a file would change here: compared with what is known, nothing written."""

from __future__ import annotations

from crm.services.organisation_import import people_plan, places_plan, units_plan
from crm.services.organisation_import.changes import Changes
from crm.services.organisation_import.known import Known
from crm.services.organisation_import.wanted import Wanted


def compare(wanted: Wanted, known: Known, time_zone: str) -> Changes:
    """The changes; rows that clash with what is here are moved to the plan's refusals.

    ``time_zone``: that of new units which do not say theirs. Raises Invalid("root", why) when the file seems to belong
    to another organisation.
    """
    changes = Changes()
    units_plan.match(wanted, known, changes)
    people_plan.match(wanted, known, changes)
    units_plan.refuse(wanted, known, changes)
    units_plan.compare(wanted, known, changes)
    people_plan.compare(wanted, changes)
    places_plan.compare(wanted, known, changes, time_zone)
    _note_the_absent(wanted, known, changes)
    wanted.refused.sort(key=lambda refusal: refusal.line)
    return changes


def _note_the_absent(wanted: Wanted, known: Known, changes: Changes) -> None:
    """What is here and not in the file is left alone; say how much."""
    tree = wanted.tree
    met_units = {unit.id for unit in changes.units.values()}
    met_people = {person.id for person in changes.people.values()}
    units = sum(1 for unit in known.units if unit.id not in met_units and not unit.closed_on and tree.holds(unit.code))
    people = sum(
        1
        for person in known.people
        if person.external_id and person.id not in met_people and not person.left_on and tree.holds(person.external_id)
    )
    if units:
        wanted.notes.append(f"Units here that the file does not name: {units:,}. They stay as they are.")
    if people and wanted.places_people:
        wanted.notes.append(f"People here that the file does not name: {people:,}. They stay as they are.")
