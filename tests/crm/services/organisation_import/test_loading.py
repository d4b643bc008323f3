"""Files against the database: what is created, changed, left alone and refused, and what becomes history."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Forbidden, Invalid
from crm.services.organisation_import.loading import Choices, check, import_file
from models import AuditEntry, BusinessUnit, Change, Membership, Part, Person
from tests.cast import Cast
from tests.crm.services.organisation_import.files import (
    LATER,
    NOW,
    PERSONNEL,
    UNITS,
    load,
    places,
    refusals,
    text,
    tree,
)

COMPANY = (
    "1,,Board,Chief,Ann,ann@fernhill.example",
    "2,1,Finance,Director,Bo,",
    "3,2,Finance,Clerk,Cy,cy@fernhill.example",
)


def count(session: Session, table: type[object]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def person(session: Session, external_id: str) -> Person:
    return session.scalars(select(Person).where(Person.external_id == external_id)).one()


def test_a_personnel_list_becomes_units_heads_and_members(session: Session) -> None:
    report = load(session, PERSONNEL, *COMPANY)
    assert (report.units.created, report.people.created, report.heads.created, report.members.created) == (2, 3, 2, 1)
    assert tree(session) == {"board": None, "finance": "board"}
    assert places(session, Part.HEAD) == {("board", "Ann", "2026-11-22", None), ("finance", "Bo", "2026-11-22", None)}
    assert places(session, Part.MEMBER) == {("finance", "Cy", "2026-11-22", None)}
    assert person(session, "1").is_business
    assert not person(session, "3").is_business
    assert person(session, "2").email is None
    assert report.people_without_email == 1


def test_a_list_of_units_becomes_a_tree_with_heads(session: Session) -> None:
    report = load(session, UNITS, "F,Finance,C,Bo,bo@fernhill.example", "C,Corporate,,Ann,", "L,Legal,C,,")
    assert tree(session) == {"F": "C", "C": None, "L": "C"}
    assert {(code, name) for code, name, *_ in places(session, Part.HEAD)} == {("F", "Bo"), ("C", "Ann")}
    assert report.units_without_head == 1


@pytest.mark.parametrize("root", ["", "Fernhill"])
def test_the_same_file_twice_changes_nothing(session: Session, root: str) -> None:
    for header, rows in (
        (PERSONNEL, COMPANY),
        (UNITS, ("F2,Finances,C2,Bo,", "C2,Corporate,,Bo,", "L2,Legal,C2,Di,di@fernhill.example", "X,Bad,Y,,")),
    ):
        load(session, header, *rows, root=root)
        entries = count(session, AuditEntry)
        again = load(session, header, *rows, root=root, now=LATER)
        assert again.changes_nothing
        assert count(session, AuditEntry) == entries


def test_a_dry_run_says_what_the_real_one_does_and_writes_nothing(session: Session) -> None:
    before = count(session, AuditEntry), count(session, Person)
    dry = check(
        session,
        by=policy.application(NOW.date()),
        content=text(PERSONNEL, *COMPANY),
        file_name="people.csv",
        choices=Choices(),
        now=NOW,
    )
    assert (count(session, AuditEntry), count(session, Person)) == before
    assert load(session, PERSONNEL, *COMPANY) == dry


def test_a_new_head_takes_over_today_and_the_old_one_stays_in_the_history(session: Session) -> None:
    load(session, PERSONNEL, *COMPANY)
    swapped = (COMPANY[0], "2,3,Finance,Clerk,Bo,", "3,1,Finance,Director,Cy,")
    report = load(session, PERSONNEL, *swapped, now=LATER)
    assert (report.heads.created, report.heads.changed, report.heads.unchanged) == (1, 1, 1)
    assert places(session, Part.HEAD) >= {
        ("finance", "Bo", "2026-11-22", "2026-12-22"),
        ("finance", "Cy", "2026-12-22", None),
    }
    assert places(session, Part.MEMBER) == {
        ("finance", "Cy", "2026-11-22", "2026-12-22"),
        ("finance", "Bo", "2026-12-22", None),
    }
    assert person(session, "3").is_business


def test_a_head_changed_twice_on_one_day_never_clashes(session: Session) -> None:
    load(session, PERSONNEL, *COMPANY)
    load(session, PERSONNEL, COMPANY[0], "2,3,Finance,Clerk,Bo,", "3,1,Finance,Director,Cy,")
    report = load(session, PERSONNEL, *COMPANY)
    assert report.heads.created == 1
    today = Membership.in_force(date(2026, 11, 22))
    heads = session.scalars(
        select(Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.part == Part.HEAD, today)
        .order_by(Person.name)
    )
    assert list(heads) == ["Ann", "Bo"]


def test_whoever_moves_leaves_the_unit_of_before(session: Session) -> None:
    load(session, PERSONNEL, *COMPANY)
    load(session, PERSONNEL, COMPANY[0], COMPANY[1], "3,1,Legal,Counsel,Cy,", now=LATER)
    assert places(session, Part.MEMBER) == {("finance", "Cy", "2026-11-22", "2026-12-22")}
    assert ("legal", "Cy", "2026-12-22", None) in places(session, Part.HEAD)
    assert tree(session)["legal"] == "board"


def test_a_planned_change_of_head_is_kept(session: Session) -> None:
    load(session, PERSONNEL, *COMPANY)
    finance = session.scalars(select(BusinessUnit).where(BusinessUnit.code == "finance")).one()
    session.execute(
        update(Membership)
        .where(Membership.unit_id == finance.id, Membership.part == Part.HEAD)
        .values(until=date(2027, 1, 1))
    )
    successor = Membership(
        unit_id=finance.id, person_id=person(session, "1").id, part=Part.HEAD, since=date(2027, 1, 1)
    )
    session.add(successor)
    session.flush()
    load(session, PERSONNEL, COMPANY[0], "2,3,Finance,Clerk,Bo,", "3,1,Finance,Director,Cy,", now=LATER)
    assert places(session, Part.HEAD) >= {
        ("finance", "Bo", "2026-11-22", "2026-12-22"),
        ("finance", "Cy", "2026-12-22", "2027-01-01"),
        ("finance", "Ann", "2027-01-01", None),
    }


def test_a_key_user_stays_one(session: Session) -> None:
    load(session, PERSONNEL, *COMPANY)
    session.execute(update(Membership).where(Membership.part == Part.MEMBER).values(part=Part.KEY_USER))
    assert load(session, PERSONNEL, *COMPANY, now=LATER).changes_nothing


def test_what_the_file_does_not_name_or_say_stays_as_it_is(session: Session) -> None:
    load(session, PERSONNEL, *COMPANY, "4,1,Legal,Counsel,Di,")
    report = load(session, PERSONNEL, COMPANY[0], "2,1,Finance,,Bo,", "3,2,Finance,,Cy,", now=LATER)
    assert report.changes_nothing
    assert "Units here that the file does not name: 1. They stay as they are." in report.notes
    assert "People here that the file does not name: 1. They stay as they are." in report.notes
    assert person(session, "3").email == "cy@fernhill.example"


def test_changed_names_titles_and_addresses_are_taken_over_and_written_to_the_trail(session: Session) -> None:
    load(session, PERSONNEL, *COMPANY)
    report = load(session, PERSONNEL, COMPANY[0], "2,1,Finance,CFO,Bo Lind,bo@fernhill.example", COMPANY[2], now=LATER)
    assert (report.people.changed, report.people.unchanged) == (1, 2)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.change, entry.entity, entry.entity_id) == (Change.CHANGED, "person", str(person(session, "2").id))
    assert entry.before == {"name": "Bo", "job_title": "Director", "email": None, "email_key": None}
    assert entry.after["name"] == "Bo Lind"


def test_every_row_written_is_in_the_trail(session: Session) -> None:
    load(session, PERSONNEL, *COMPANY, root="Fernhill")
    found = Counter(session.scalars(select(AuditEntry.entity)))
    assert found == {"business_unit": 3, "person": 3, "membership": 3}
    finance = session.scalars(select(BusinessUnit).where(BusinessUnit.name == "Finance")).one()
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.entity_id == str(finance.id), AuditEntry.entity == "business_unit")
    ).one()
    assert entry.after["parent_id"] == finance.parent_id


def test_two_people_may_swap_their_addresses(session: Session) -> None:
    load(session, PERSONNEL, "1,,Board,Chief,Ann,a@x.example", "2,1,Board,Clerk,Bo,b@x.example")
    report = load(session, PERSONNEL, "1,,Board,Chief,Ann,b@x.example", "2,1,Board,Clerk,Bo,a@x.example")
    assert report.refused == []
    assert (person(session, "1").email, person(session, "2").email_key) == ("b@x.example", "a@x.example")


def test_an_address_that_somebody_else_here_has_is_refused_by_line(session: Session, cast: Cast) -> None:
    load(session, PERSONNEL, "1,,Board,Chief,Ann,a@x.example")
    report = load(
        session,
        PERSONNEL,
        "1,,Board,Chief,Ann,rep@x.example",
        "2,1,Board,Clerk,Bo,amara.diallo@fernhill.example",
        "3,1,Board,Clerk,Cy,rep@x.example",
        root="Other",
    )
    assert set(refusals(report)) == {4}
    assert person(session, "other › 2").id == cast.head.id  # known by the address, and now by the id
    report = load(session, PERSONNEL, "9,,Board,Chief,Zoe,Amara.Diallo@fernhill.example")
    assert "belongs to Bo here, who has another id" in refusals(report)[2]


def test_somebody_who_left_is_not_brought_back_by_a_file(session: Session) -> None:
    load(session, PERSONNEL, *COMPANY)
    person(session, "3").left_on = date(2026, 12, 1)
    session.flush()
    report = load(session, PERSONNEL, *COMPANY, now=LATER)
    assert "Cy has left" in refusals(report)[4]


def test_faults_of_a_list_of_units_are_refused_by_line_and_the_good_rows_are_taken(session: Session) -> None:
    report = load(
        session,
        UNITS,
        "A,Alpha,,Ann,a@x.example",
        "B,Beta,B,,",
        "C,Gamma,D,,",
        "D,Delta,C,,",
        "E,Epsilon,nowhere,,",
        "F,Phi,E,,",
        "A,Again,,,",
        "G,,A,,",
        ",Nameless,A,,",
        "H,Eta,A,Hal,not an address",
        "I,Iota,A,Ida,a@x.example",
        "J,Jota,A,,new@x.example",
        "K,Kappa,A,Ann,A@x.example",
    )
    assert set(refusals(report)) == set(range(3, 14))
    assert tree(session) == {"A": None, "K": "A"}
    said = refusals(report)
    assert said[3] == "Beta cannot lie below itself."
    assert said[4] == "Gamma and the unit in line 5 stand above each other, so neither has a top."
    assert "nowhere, is neither here" in said[6]
    assert "E, is neither here" in said[7]
    assert said[8] == "The code A is already in line 2."
    assert said[9] == "G has no name."
    assert said[10] == "“Nameless” has no code."
    assert said[11] == (
        "“not an address” is no e-mail address that can be written to. An e-mail address must have an @-sign."
    )
    assert "belongs to Ann in line 2" in said[12]
    assert "say the head's name too" in said[13]


def test_a_unit_may_lie_below_one_that_is_here_but_never_below_itself(session: Session, cast: Cast) -> None:
    report = load(session, UNITS, "TAX,Tax,FIN,,", "CORP,Corporate services,FIN,,")
    assert tree(session)["TAX"] == "FIN"
    assert "With the units here already" in refusals(report)[3]
    assert tree(session)["CORP"] is None


def test_a_misspelt_header_is_told_before_everything_else(session: Session) -> None:
    report = load(session, "code,name,parnt", "A,Alpha,")
    assert report.suspicions() == ["“parnt” is not used. Did you mean parent?"]
    assert report.suspicions()[0] in report.lines()


def test_files_of_the_same_codes_have_the_same_fingerprint(session: Session) -> None:
    first = load(session, UNITS, "A,Alpha,,,", "B,Beta,A,,")
    again = load(session, "name,code", "Bee,B", "Ay,A")
    other = load(session, UNITS, "A,Alpha,,,", "C,Gamma,A,,")
    assert first.fingerprint == again.fingerprint != other.fingerprint


def test_a_closed_unit_is_refused(session: Session, cast: Cast) -> None:
    cast.legal.closed_on = date(2026, 1, 1)
    session.flush()
    report = load(session, UNITS, "LEG,Legal,CORP,,")
    assert refusals(report) == {2: "Legal is closed. Open it again first."}


def test_a_list_of_units_without_a_parent_column_moves_no_unit(session: Session, cast: Cast) -> None:
    assert load(session, "code,name", "FIN,Finance").changes_nothing
    assert tree(session)["FIN"] == "CORP"


def test_a_head_named_without_an_address_is_the_head_of_now_if_the_names_agree(session: Session, cast: Cast) -> None:
    report = load(session, UNITS, "FIN,Finance,CORP,amara  diallo,", "LEG,Legal,CORP,Zoe Adler,")
    assert (report.heads.unchanged, report.heads.created, report.heads.changed) == (1, 1, 1)
    assert cast.head.name == "amara diallo"


def test_a_personnel_list_after_a_list_of_units_finds_the_units_by_their_names(session: Session, cast: Cast) -> None:
    report = load(
        session, PERSONNEL, "1,,Corporate Services,Chief,Ann,", "2,1,finance,Director,Bo,", "3,2,Tax,Clerk,Cy,"
    )
    assert (report.units.created, report.units.unchanged) == (1, 2)
    assert tree(session) == {"CORP": None, "FIN": "CORP", "LEG": "CORP", "tax": "FIN"}
    session.refresh(cast.finance)
    assert cast.finance.name == "Finance"


def test_time_zones_are_taken_from_the_file_or_the_organisation(session: Session) -> None:
    header = "code,name,time zone"
    report = load(session, header, "A,Alpha,Europe/Lisbon", "B,Beta,", "C,Gamma,Middle Earth")
    zones = {unit.code: unit.time_zone for unit in session.scalars(select(BusinessUnit))}
    assert zones == {"A": "Europe/Lisbon", "B": "UTC"}
    assert "Write it like Europe/Berlin" in refusals(report)[4]
    assert load(session, header, "A,Alpha,").changes_nothing


def test_another_organisation_with_the_same_ids_is_stopped_and_loads_as_a_tree_of_its_own(session: Session) -> None:
    ours = [f"{n},{'' if n == 1 else 1},Board,Clerk {n},Person {n}," for n in range(1, 21)]
    theirs = [f"{n},{'' if n == 1 else 1},Works,Smith {n},Other {n}," for n in range(1, 21)]
    load(session, PERSONNEL, *ours)
    with pytest.raises(Invalid) as stopped:
        load(session, PERSONNEL, *theirs)
    assert stopped.value.field == "root"
    report = load(session, PERSONNEL, *theirs, root="Works Ltd")
    assert (report.people.created, report.units.created) == (20, 2)
    assert load(session, PERSONNEL, *ours, now=LATER).changes_nothing


def test_only_an_administrator_may_load(session: Session, cast: Cast) -> None:
    for somebody in (cast.rep, cast.head, cast.cio):
        with pytest.raises(Forbidden):
            check(
                session,
                by=cast.actor(session, somebody),
                content=text(UNITS, "A,Alpha,,,"),
                file_name="units.csv",
                choices=Choices(),
                now=NOW,
            )


def test_the_command_reads_a_file_reports_in_lines_and_says_how_far_it_is(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    file.write_bytes(text(UNITS, "U,Unit,,,,x", *(f"V{n},Unit {n},,," for n in range(2_000))))
    steps: list[tuple[int, int]] = []
    arguments: dict[str, Any] = {
        "by": policy.application(NOW.date()),
        "path": file,
        "kind": None,
        "root": "",
        "mapping": {},
    }
    dry = import_file(session, **arguments, dry_run=True, now=NOW)
    assert count(session, BusinessUnit) == 0
    report = import_file(
        session, **arguments, dry_run=False, now=NOW, progress=lambda done, total: steps.append((done, total))
    )
    assert report == dry
    assert count(session, BusinessUnit) == 2_000
    assert steps == sorted(steps)
    assert steps[-1] == (4_002, 4_002)
    lines = report.lines()
    assert "2,000 of 2,001 rows can be taken; 1 refused." in lines
    assert any(line.startswith("  line 2: It has 6 cells") for line in lines)
    with pytest.raises(Invalid, match="cannot be opened"):
        import_file(session, **arguments | {"path": file.with_name("none.csv")}, dry_run=True, now=NOW)
