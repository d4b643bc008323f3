"""A list of units: code, name, the unit above, the head and the head's e-mail. One row per unit."""

from __future__ import annotations

from crm.services.organisation_import import hierarchy
from crm.services.organisation_import.cells import NOT_SAID, VACANT, Cells, RowRefused, folded
from crm.services.organisation_import.columns import Columns
from crm.services.organisation_import.hierarchy import Fault
from crm.services.organisation_import.tables import Row, Table
from crm.services.organisation_import.wanted import Progress, Tree, Wanted, WantedPerson, WantedUnit, silent, watched
from models.person import email_key


def wanted(table: Table, columns: Columns, tree: Tree, progress: Progress = silent) -> Wanted:
    """Units and their heads. A parent that is not in the file may be one that is here already: the comparison tells."""
    plan = Wanted(tree, rows=table.size, refused=list(table.refused))
    for row in watched(table, progress):
        try:
            _add_row(plan, row, columns)
        except RowRefused as refused:
            plan.refuse(row.line, str(refused))
    _refuse_cycles(plan)
    root = tree.root_unit()
    if root and plan.units:
        plan.units = {root.code: root, **plan.units}
    plan.refused.sort(key=lambda refusal: refusal.line)
    return plan


def _add_row(plan: Wanted, row: Row, columns: Columns) -> None:
    cells = Cells(row, columns)
    given, name, parent = cells.text("code"), cells.text("name"), cells.text("parent")
    if not given:
        said = cells.first()
        raise RowRefused(f"“{said}” has no code." if said else "It has no code.")
    code = plan.tree.own(given)
    if code in plan.units:
        raise RowRefused(f"The code {given} is already in line {plan.units[code].line}.")
    if not name:
        raise RowRefused(f"{given} has no name.")
    unit = WantedUnit(
        row.line,
        code,
        name,
        plan.tree.own(parent) if parent else plan.tree.code,
        says_parent=columns.has("parent"),
        time_zone=cells.time_zone("time_zone"),
    )
    head = _head(plan, cells, code)
    plan.units[code] = unit
    if head:
        if head.key not in plan.people or not plan.people[head.key].name:
            plan.people[head.key] = head
        plan.heads[code] = head.key


def _head(plan: Wanted, cells: Cells, code: str) -> WantedPerson | None:
    """The head, known by the address; without one, by the name: two units that name the same head have the same."""
    name, email = cells.text("head"), cells.email("head_email")
    if folded(name) in NOT_SAID | VACANT:
        name = ""
    if not name and not email:
        return None
    address = email_key(email)
    key = f"mailto:{address}" if address else plan.tree.own(f"head: {folded(name)}")
    earlier = plan.people.get(key)
    if earlier and address and name and earlier.name and folded(earlier.name) != folded(name):
        raise RowRefused(f"The e-mail address {email} belongs to {earlier.name} in line {earlier.line}.")
    return WantedPerson(
        cells.line, key, name, email=email, external_id=None if address else key, heads_named=None if address else code
    )


def _refuse_cycles(plan: Wanted) -> None:
    parents = {unit.code: unit.parent_code for unit in plan.units.values() if unit.says_parent}
    lines = {unit.code: unit.line for unit in plan.units.values()}
    for code, fault in hierarchy.faults(parents).items():
        unit = plan.units[code]
        if fault is Fault.ITSELF:
            plan.refuse_unit(code, f"{unit.name} cannot lie below itself.")
        elif fault is Fault.CYCLE and unit.parent_code:
            above = lines[unit.parent_code]
            plan.refuse_unit(
                code, f"{unit.name} and the unit in line {above} stand above each other, so neither has a top."
            )
