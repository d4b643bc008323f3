"""Checks a file against what is here, and loads it. The same steps; only the last one writes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Invalid
from crm.policy import Action, Actor
from crm.services import audit, clock, house_rhythm, organisation, review_planning
from crm.services.organisation_import import apply, personnel, plan, report, unit_list
from crm.services.organisation_import.cells import MOST_LETTERS
from crm.services.organisation_import.changes import Changes
from crm.services.organisation_import.columns import Columns, Kind, kind_of, misspelt, resolve
from crm.services.organisation_import.known import Known
from crm.services.organisation_import.reading import read
from crm.services.organisation_import.report import EXAMPLES, Report
from crm.services.organisation_import.tables import Table
from crm.services.organisation_import.wanted import BELOW, Progress, Tree, Wanted, silent


@dataclass(frozen=True)
class Choices:
    """What the person loading the file decided. ``kind`` None: as the header suggests. ``columns``: meaning -> header,
    "" for "no such column". ``root``: the name of a unit of its own above everything in the file, "" for none.
    """

    kind: Kind | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    root: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Choices:
        if not kept:
            return cls()
        return cls(Kind(kept["kind"]) if kept["kind"] else None, kept["columns"], kept["root"])


def check(
    session: Session,
    *,
    by: Actor,
    content: bytes,
    file_name: str,
    choices: Choices,
    now: datetime,
    progress: Progress = silent,
) -> Report:
    """What loading would do; writes nothing.

    Raises Invalid: "file" when it cannot be read, a meaning ("code", "superior") when its column has to be said,
    "root" when the file seems to belong to another organisation.
    """
    policy.require(by, Action.IMPORT_ORGANISATION)
    return _Loading(session, content, file_name, choices, now, progress).report


def import_file(
    session: Session,
    *,
    by: Actor,
    path: Path,
    kind: Kind | None,
    root: str,
    mapping: Mapping[str, str],
    dry_run: bool,
    now: datetime,
    progress: Progress = silent,
) -> Report:
    """What the command does: :func:`check` a file, or :func:`run` it. ``mapping``: meaning -> header.

    Raises Invalid as these do, also when the file cannot be opened.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Invalid("file", f"{path} cannot be opened: {error.strerror}.") from error
    step = check if dry_run else run
    choices = Choices(kind, mapping, root)
    return step(session, by=by, content=content, file_name=path.name, choices=choices, now=now, progress=progress)


def run(
    session: Session,
    *,
    by: Actor,
    content: bytes,
    file_name: str,
    choices: Choices,
    now: datetime,
    progress: Progress = silent,
) -> Report:
    """Load the rows that can be taken, in the session's transaction. Raises what :func:`check` raises.

    ``progress`` is called with steps done and steps in all.
    """
    policy.require(by, Action.IMPORT_ORGANISATION)
    loading = _Loading(session, content, file_name, choices, now, progress)
    loading.write(by)
    return loading.report


class _Loading:
    """One file, read and compared."""

    def __init__(
        self, session: Session, content: bytes, file_name: str, choices: Choices, now: datetime, progress: Progress
    ) -> None:
        self.session = session
        self.now = now
        self.progress = progress
        table = read(content, file_name)
        kind = choices.kind or kind_of(table.header)
        columns, unused = resolve(table.header, kind, choices.columns)
        # Reading is half of the way, and done before the first statement: on SQLite that one locks everybody out.
        self.wanted = _wanted(
            table, columns, _tree(choices.root), progress=lambda done, total: progress(done, 2 * total)
        )
        self.time_zone = organisation.current(session).time_zone
        self.known = Known(session, tree=self.wanted.tree, now=now)
        self.changes: Changes = plan.compare(self.wanted, self.known, self.time_zone)
        found = report.of(self.wanted, self.changes, kind=kind.value)
        self.report = replace(
            found,
            unused=unused,
            misspelt=misspelt(columns, unused),
            fingerprint=_fingerprint(table, columns),
            columns={meaning: table.header[place] for meaning, place in columns.places.items()},
            examples=[[row.cells[place] for place in columns.places.values()] for row in table.rows[:EXAMPLES]],
        )

    def write(self, by: Actor) -> None:
        rows = self.wanted.rows
        audit.act_as(self.session, by.id)
        apply.write(
            self.session,
            self.changes,
            self.known,
            heads=set(self.wanted.heads.values()),
            time_zone=self.time_zone,
            tick=lambda done, total: self.progress(rows + rows * done // max(total, 1), 2 * rows),
        )
        self._plan_reviews()

    def _plan_reviews(self) -> None:
        """New units follow the rhythm of the house; where the clock changed, ten o'clock is another instant."""
        today = clock.local_date(self.now, self.time_zone)
        elsewhere = [unit.id for unit, values in self.changes.changed_units if "time_zone" in values]
        review_planning.plan_many(self.session, elsewhere, today)
        house_rhythm.follow_all(self.session, today)


def _fingerprint(table: Table, columns: Columns) -> str:
    """The same for files that list the same codes or ids, in any order and whatever else they say."""
    place = columns.places["id" if columns.kind is Kind.PERSONNEL else "code"]
    ids = sorted({row.cells[place].strip() for row in table.rows})
    return hashlib.sha256(json.dumps([columns.kind, ids]).encode()).hexdigest()


def _wanted(table: Table, columns: Columns, tree: Tree, progress: Progress) -> Wanted:
    if columns.kind is Kind.PERSONNEL:
        return personnel.wanted(table, columns, tree, progress)
    return unit_list.wanted(table, columns, tree, progress)


def _tree(root: str) -> Tree:
    name = " ".join(root.split())
    if len(name) > MOST_LETTERS or BELOW in name or not name.isprintable():
        raise Invalid("root", f"Use a plain name of at most {MOST_LETTERS} characters, without “›”.")
    return Tree(name)
