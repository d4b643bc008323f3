"""A kept import, loaded beside the requests: once, wholly or not at all, and again after a crash."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.db import Database
from crm.errors import Conflict, Forbidden, Invalid, NotFound
from crm.policy import Actor
from crm.services import audit, kept_files
from crm.services.organisation_import import background, keeping
from crm.services.organisation_import.columns import Kind
from crm.services.organisation_import.loading import Choices
from models import AuditEntry, BusinessUnit, ImportState, OrganisationImport, Person
from tests.cast import Cast
from tests.crm.services.organisation_import.files import PERSONNEL, UNITS, text

COMPANY = text(PERSONNEL, "1,,Board,Chief,Ann,", "2,1,Finance,Director,Bo,", "2,1,Finance,Twin,Cy,")


@pytest.fixture
def database(own_database: Database) -> Database:
    """A database with real commits, for there are several sessions."""
    audit.listen()
    return own_database


@pytest.fixture
def administrator(database: Database) -> Person:
    with database.session(writes=True) as session, session.begin():
        person = Person(name="Pia Holm", email="pia.holm@fernhill.example", is_administrator=True)
        session.add(person)
    return person


def acting(session: Session, person: Person) -> Actor:
    return policy.actor_for(session, person, datetime.now(UTC).date())


def keep(database: Database, person: Person, content: bytes = COMPANY, *, claim: bool = True) -> int:
    with database.session(writes=True) as session, session.begin():
        by, now = acting(session, person), datetime.now(UTC)
        kept = keeping.upload(session, by=by, content=content, file_name="people.csv", now=now)
        if claim:
            keeping.claim(session, by=by, kept=kept, now=now)
        return kept.id


def look(database: Database, import_id: int) -> OrganisationImport:
    with database.session(writes=False) as session:
        return session.get_one(OrganisationImport, import_id)


def units(database: Database) -> int:
    with database.session(writes=False) as session:
        return session.scalar(select(func.count(BusinessUnit.id))) or 0


def wait_for_imports() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("import-"):
            thread.join(30)


def test_the_data_and_the_end_of_the_import_are_there_together(database: Database, administrator: Person) -> None:
    import_id = keep(database, administrator)
    background.load(database, import_id, administrator.id)
    kept = look(database, import_id)
    report = keeping.report_of(kept)
    assert report is not None
    assert (kept.state, kept.steps_done, kept.steps_total) == (ImportState.DONE, 6, 6)
    assert (report.units.created, report.people.created, report.refused_count) == (2, 2, 1)
    assert units(database) == 2
    with database.session(writes=False) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.entity == "business_unit")).first()
        content = session.scalar(select(OrganisationImport.content))
    assert entry is not None
    assert entry.by_id == administrator.id
    assert content == b""


def test_it_begins_after_the_commit_and_not_without_one(database: Database, administrator: Person) -> None:
    import_id = keep(database, administrator)
    with database.session(writes=True) as session:
        background.start_after_commit(session, database=database, import_id=import_id, by_id=administrator.id)
        session.rollback()
    wait_for_imports()
    assert look(database, import_id).state is ImportState.RUNNING
    with database.session(writes=True) as session, session.begin():
        background.start_after_commit(session, database=database, import_id=import_id, by_id=administrator.id)
        session.add(BusinessUnit(code="X", name="X", time_zone="UTC"))
        assert look(database, import_id).state is ImportState.RUNNING
    wait_for_imports()
    assert look(database, import_id).state is ImportState.DONE


def test_an_import_that_fails_leaves_nothing_behind_and_says_why(
    database: Database, administrator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = keep(database, administrator)

    def break_off(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(keeping, "finish", break_off)
        background.load(database, import_id, administrator.id)
    kept = look(database, import_id)
    report = keeping.report_of(kept)
    assert kept.state is ImportState.FAILED
    assert report is not None
    assert report.stopped == kept_files.BROKE
    assert units(database) == 0
    with database.session(writes=True) as session, session.begin():
        keeping.claim(session, by=acting(session, administrator), kept=kept, now=datetime.now(UTC))
    background.load(database, import_id, administrator.id)
    assert units(database) == 2


def test_a_clash_with_somebody_elses_change_is_told_in_words(database: Database, administrator: Person) -> None:
    import_id = keep(database, administrator)
    with database.session(writes=True) as session, session.begin():
        session.get_one(OrganisationImport, import_id).content = b"id,reports to,unit,name\n"
    background.load(database, import_id, administrator.id)
    report = keeping.report_of(look(database, import_id))
    assert report is not None
    assert report.stopped == "The file has a header and no rows."


def test_progress_is_seen_from_outside_while_it_runs(
    database: Database, administrator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = (f"{n},{n // 2 or ''},Unit {n % 9},Clerk,Person {n}," for n in range(1, 1_500))
    import_id = keep(database, administrator, text(PERSONNEL, *rows))
    seen: list[tuple[int, int]] = []
    beat = keeping.beat

    def watch(session: Session, *, import_id: int, done: int, total: int, now: datetime) -> None:
        kept = look(database, import_id)  # as the beat before this one left it
        seen.append((kept.steps_done, kept.steps_total))
        beat(session, import_id=import_id, done=done, total=total, now=now)

    monkeypatch.setattr(keeping, "beat", watch)
    background.load(database, import_id, administrator.id)
    assert seen[:3] == [(0, 2998), (0, 2998), (500, 2998)]
    assert (len(seen) > 3) is not database.is_sqlite


def test_an_import_of_a_dead_process_is_stopped_and_can_be_started_again(
    database: Database, administrator: Person
) -> None:
    import_id = keep(database, administrator)
    now = datetime.now(UTC)
    kept = look(database, import_id)
    assert not kept_files.has_stopped(kept, now)
    later = now + timedelta(minutes=3)
    assert kept_files.has_stopped(kept, later)
    with database.session(writes=True) as session, session.begin():
        by = acting(session, administrator)
        with pytest.raises(Conflict):
            keeping.claim(session, by=by, kept=kept, now=now)
        keeping.claim(session, by=by, kept=kept, now=later)
        with pytest.raises(Conflict):
            keeping.claim(session, by=by, kept=kept, now=later)


def test_what_has_to_be_asked_is_kept_with_the_file(session: Session, cast: Cast) -> None:
    by, now = cast.actor(session, cast.administrator), datetime.now(UTC)
    content = text("id,boss,department,team,name", "1,,A,B,Ann")
    kept = keeping.upload(session, by=by, content=content, file_name="people.csv", now=now)
    question = keeping.question_of(kept)
    assert kept.state is ImportState.UPLOADED
    assert question is not None
    with pytest.raises(Conflict):
        keeping.claim(session, by=by, kept=kept, now=now)
    choices = Choices(Kind.PERSONNEL, {"superior": "boss", "unit": "team"})
    report = keeping.check(session, by=by, kept=kept, choices=choices, now=now)
    session.flush()
    session.refresh(kept)
    assert (kept.state, keeping.question_of(kept)) == (ImportState.CHECKED, None)
    assert keeping.choices_of(kept) == choices
    assert keeping.report_of(kept) == report
    assert keeping.header_of(kept) == ("id", "boss", "department", "team", "name")


def test_only_what_is_not_loaded_can_be_thrown_away(database: Database, administrator: Person) -> None:
    waiting, running = keep(database, administrator, claim=False), keep(database, administrator)
    with database.session(writes=True) as session, session.begin():
        by, now = acting(session, administrator), datetime.now(UTC)
        keeping.discard(session, by=by, kept=keeping.find(session, by=by, import_id=waiting), now=now)
        kept = keeping.find(session, by=by, import_id=running)
        with pytest.raises(Conflict):
            keeping.discard(session, by=by, kept=kept, now=now)
        with pytest.raises(Conflict):
            keeping.check(session, by=by, kept=kept, choices=Choices(), now=now)
    with database.session(writes=True) as session, pytest.raises(NotFound):
        keeping.find(session, by=acting(session, administrator), import_id=waiting)


def test_an_unreadable_file_is_not_kept_and_nobody_else_may_keep_one(session: Session, cast: Cast) -> None:
    now = datetime.now(UTC)
    with pytest.raises(Invalid):
        keeping.upload(session, by=cast.actor(session, cast.administrator), content=b"", file_name="a.csv", now=now)
    with pytest.raises(Forbidden):
        keeping.upload(
            session, by=cast.actor(session, cast.rep), content=text(UNITS, "A,A,,,"), file_name="a.csv", now=now
        )
    assert session.scalar(select(func.count(OrganisationImport.id))) == 0
