"""Real and hostile files, by path where they are present, and 25,000 rows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.services.organisation_import.cells import NOT_SAID, folded
from crm.services.organisation_import.loading import Choices, check, run
from crm.services.organisation_import.report import Report
from models import BusinessUnit, Membership, Part, Person
from tests.crm.services.organisation_import.files import NOW, PERSONNEL, load, refusals

ORGANOGRAMS = Path("/work/shared/data/organisations/organograms")
HOSTILE = Path("/work/shared/data/hostile")
#: department: (units beside the tree's own, people, refused rows)
EXPECTED = {
    "bis": (41, 898, 0),
    "co": (30, 1167, 0),
    "dclg": (7, 1724, 145),
    "dcms": (29, 133, 0),
    "decc": (7, 454, 0),
    "defra": (20, 822, 0),
    "dfid": (5, 321, 0),
    "dft": (47, 1225, 0),
    "fco": (34, 332, 0),
    "hmt": (110, 401, 0),
}
#: A file like theirs for where the shared data are not.
OWN_HOSTILE = [
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "<script>alert('x')</script>",
    "'; DROP TABLE person; --",
    "{{ 7 * 7 }}",
    "ด้้้้้็็็็็้้้้้",
    "👩‍👩‍👧‍👦",
    "‮evil‬",
    "İstanbul ß ﬁ",
    "NULL",
    "\u0000",
    "\u200b",
    "a\u0085b",
    "\ufeff",
    "%00%s%n",
]
FILES = sorted(ORGANOGRAMS.glob("*.csv")) if ORGANOGRAMS.exists() else []


def load_file(session: Session, file: Path) -> Report:
    report = run(
        session,
        by=policy.application(NOW.date()),
        content=file.read_bytes(),
        file_name=file.name,
        choices=Choices(root=file.stem.upper()),
        now=NOW,
    )
    session.expire_all()
    return report


@pytest.mark.skipif(not FILES, reason="the shared data are not here")
def test_the_ten_organograms_load_side_by_side_each_as_its_own_tree_and_twice_changes_nothing(session: Session) -> None:
    for file in FILES:
        units, people, refused = EXPECTED[file.stem]
        report = load_file(session, file)
        assert (report.units.created, report.people.created, report.refused_count) == (units + 1, people, refused)
        assert (report.heads.created, report.members.created) == (units, people - units)
        assert report.units_without_head == 0
    for file in FILES:
        assert load_file(session, file).changes_nothing
    assert_forest_with_one_head_each(session)


def assert_forest_with_one_head_each(session: Session) -> None:
    above = {unit.id: unit.parent_id for unit in session.scalars(select(BusinessUnit))}
    tops = {unit for unit, parent in above.items() if parent is None}
    assert len(tops) == len(FILES)
    for unit in above:
        way: list[int | None] = [unit]
        while way[-1] is not None:
            assert way[-1] not in way[:-1]
            way.append(above[way[-1]])
    heads = (
        select(Membership.unit_id, func.count().label("heads"))
        .where(Membership.part == Part.HEAD)
        .group_by(Membership.unit_id)
    )
    assert {unit.unit_id: unit.heads for unit in session.execute(heads)} == dict.fromkeys(above.keys() - tops, 1)


@pytest.mark.skipif(not FILES, reason="the shared data are not here")
def test_an_organogram_reads_the_same_in_any_encoding_and_separator(session: Session) -> None:
    file = ORGANOGRAMS / "dcms.csv"
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"), newline="")))
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r").writerows(rows)
    reports = [
        check(
            session,
            by=policy.application(NOW.date()),
            content=content,
            file_name="people.csv",
            choices=Choices(root="DCMS"),
            now=NOW,
        )
        for content in (file.read_bytes(), out.getvalue().encode("utf-16"), out.getvalue().encode("cp1252"))
    ]
    assert reports[0] == reports[1] == reports[2]


@pytest.fixture
def sent(session: Session) -> Iterator[list[str]]:
    """What the database was asked."""
    found: list[str] = []

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        found.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def test_25000_rows_are_read_in_few_statements_and_written_in_two_each(session: Session, sent: list[str]) -> None:
    # Through a connection to PostgreSQL the same takes far longer; a tenth shows the same there.
    many = 25_000 if session.get_bind().dialect.name == "sqlite" else 2_500
    rows = [f"{n},{(n - 1) // 8 if n else ''},Unit {n % 600},Clerk,Person {n},p{n}@x.example" for n in range(many)]
    report = load(session, PERSONNEL, *rows)
    assert (report.people.created, report.units.created, report.heads.created) == (many, 600, 600)
    assert len(sent) < 2 * (many + 600) + 100
    sent.clear()
    assert load(session, PERSONNEL, *rows).changes_nothing
    assert len(sent) < 20


def hostile_strings() -> list[str]:
    found = list(OWN_HOSTILE)
    if HOSTILE.exists():
        found += json.loads((HOSTILE / "blns/blns.json").read_text(encoding="utf-8"))
        found += (HOSTILE / "csv-injection/csv-payload.txt").read_text(encoding="utf-8").splitlines()
    return found


def test_hostile_strings_as_names_come_back_as_they_were_or_are_refused_by_line(session: Session) -> None:
    strings = [name for name in hostile_strings() if "\0" not in name]
    out = io.StringIO(newline="")
    header = PERSONNEL.split(",")
    csv.writer(out).writerows(
        [header, *([str(n), "", "Unit", "the title", name, ""] for n, name in enumerate(strings))]
    )
    report = run(
        session,
        by=policy.application(NOW.date()),
        content=out.getvalue().encode(),
        file_name="people.csv",
        choices=Choices(),
        now=NOW,
    )
    session.expire_all()
    stored = {person.external_id: person.name for person in session.scalars(select(Person))}
    assert len(stored) + report.refused_count == len(strings)
    for number, name in enumerate(strings):
        kept = stored.get(str(number))
        if kept is not None and kept != "the title":
            assert kept == " ".join(name.split())
        elif kept is not None:
            assert folded(name) in NOT_SAID or not any(letter.isprintable() and letter != " " for letter in name)
    assert all(reason.endswith(".") for reason in refusals(report).values())


def test_hostile_strings_in_every_cell_never_break_the_import(session: Session) -> None:
    strings = [name for name in hostile_strings() if "\0" not in name]
    out = io.StringIO(newline="")
    rows = [[name, "", name, name, name, name if n % 2 else ""] for n, name in enumerate(strings)]
    csv.writer(out).writerows([PERSONNEL.split(","), *rows])
    report = run(
        session,
        by=policy.application(NOW.date()),
        content=out.getvalue().encode(),
        file_name="people.csv",
        choices=Choices(root="Hostile"),
        now=NOW,
    )
    assert report.people.created + report.refused_count <= len(strings)
    assert report.units.created > 0


def test_a_header_of_hostile_strings_is_asked_about_and_never_breaks(session: Session) -> None:
    report = load(session, "code,name,=cmd()|<b>", "1,Legal,x")
    assert report.unused == ["=cmd()|<b>"]
