"""Which units a file makes or changes, and which it may not."""

from __future__ import annotations

from crm.services.organisation_import.changes import Changes, Values
from crm.services.organisation_import.hierarchy import on_cycles
from crm.services.organisation_import.known import Known, KnownUnit
from crm.services.organisation_import.wanted import Wanted, WantedUnit


def match(wanted: Wanted, known: Known, changes: Changes) -> None:
    """Find the units of the file that are here already: by code, or a derived one by its name in the same tree."""
    by_code = {code: known.unit_by_code[code] for code in wanted.units if code in known.unit_by_code}
    claimed = {unit.id for unit in by_code.values()}
    changes.units = by_code
    for code, unit in wanted.units.items():
        namesake = known.unit_named(unit.name) if unit.is_derived and code not in by_code else None
        if namesake and namesake.id not in claimed:
            changes.units[code] = namesake


def refuse(wanted: Wanted, known: Known, changes: Changes) -> None:
    """Refuse closed units, those below a unit that is not there, and those that would come to lie below themselves."""
    for code in [code for code in wanted.units if code in changes.units and changes.units[code].closed_on]:
        wanted.refuse_unit(code, f"{changes.units[code].name} is closed. Open it again first.")
    while _refuse_orphans(wanted, known) or _refuse_cycles(wanted, known, changes):
        continue  # a refused unit leaves those below it without their parent


def compare(wanted: Wanted, known: Known, changes: Changes) -> None:
    for code, unit in wanted.units.items():
        here = changes.units.get(code)
        if here is None:
            changes.new_units.append(unit)
        else:
            values = _values(unit, here, _parent(unit, here, known, changes), known)
            if values:
                changes.changed_units.append((here, values))


def _values(unit: WantedUnit, here: KnownUnit, parent_code: str | None, known: Known) -> Values:
    """What differs. A unit known by name only keeps the name and the place that were given to it elsewhere."""
    values: Values = {}
    if unit.code != here.code:
        return values
    if unit.name != here.name and unit.is_in_file:
        values["name"] = unit.name
    if unit.time_zone and unit.time_zone != here.time_zone:
        values["time_zone"] = unit.time_zone
    if parent_code != _code_of_parent(here, known):
        values["parent_code"] = parent_code
    return values


def _parent(unit: WantedUnit, here: KnownUnit | None, known: Known, changes: Changes) -> str | None:
    """The code, as it is or will be here, of the unit above."""
    if here and (not unit.says_parent or unit.code != here.code):
        return _code_of_parent(here, known)
    above = changes.units.get(unit.parent_code or "")
    return above.code if above else unit.parent_code


def _code_of_parent(unit: KnownUnit, known: Known) -> str | None:
    return known.unit[unit.parent_id].code if unit.parent_id else None


def _refuse_orphans(wanted: Wanted, known: Known) -> bool:
    there = wanted.units.keys() | known.unit_by_code.keys()
    orphans = [unit for unit in wanted.units.values() if unit.parent_code and unit.parent_code not in there]
    for unit in orphans:
        wanted.refuse_unit(
            unit.code,
            f"The unit above, {unit.parent_code}, is neither here nor in a row that can be taken.",
        )
    return bool(orphans)


def _refuse_cycles(wanted: Wanted, known: Known, changes: Changes) -> bool:
    """The tree as it would be, with what is here and is not in the file."""
    parents = {unit.code: _code_of_parent(unit, known) for unit in known.units}
    codes = {code: changes.units[code].code if code in changes.units else code for code in wanted.units}
    for code, unit in wanted.units.items():
        parents[codes[code]] = _parent(unit, changes.units.get(code), known, changes)
    cyclic = on_cycles(parents)
    refused = [code for code in wanted.units if codes[code] in cyclic]
    for code in refused:
        wanted.refuse_unit(code, f"With the units here already, {wanted.units[code].name} would lie below itself.")
    return bool(refused)
