"""Packs are made beside the requests, and what died on the way is started again. Real commits, several sessions."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.db import Database
from crm.documents.content import Pack as Told
from crm.errors import Conflict, Forbidden, Invalid, NotFound
from crm.policy import Actor
from crm.services import kept_files
from crm.services.packs import forms, making, shelf
from crm.services.packs.shelf import Wanted
from models import Pack, PackFile, PackForm, PackKind, PackState, Person
from tests.cast import Cast, assemble

NOW = datetime.now(UTC)
TODAY = NOW.date()
SINCE = TODAY - timedelta(days=90)
DEAD = NOW - timedelta(minutes=5)


@pytest.fixture
def database(own_database: Database) -> Database:
    """With real commits, for there are several sessions."""
    return own_database


@pytest.fixture
def cast(database: Database) -> Cast:
    with database.session(writes=True) as session:
        return assemble(session)


def acting(session: Session, person: Person) -> Actor:
    return policy.actor_for(session, person, TODAY)


def start(database: Database, cast: Cast, *, by: Person | None = None, since: date = SINCE, until: date = TODAY) -> int:
    with database.session(writes=True) as session, session.begin():
        pack = making.start(
            session,
            by=acting(session, by or cast.rep),
            kind=PackKind.REVIEW,
            unit_id=cast.finance.id,
            since=since,
            until=until,
            now=NOW,
            database=database,
        )
    return pack.id


def wait() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("pack-"):
            thread.join(60)


def look(database: Database, pack_id: int) -> Pack:
    with database.session(writes=False) as session:
        return session.get_one(Pack, pack_id)


def left(database: Database, cast: Cast, *, state: PackState = PackState.RUNNING, beat: datetime | None = DEAD) -> int:
    """One whose process is gone, or that failed."""
    with database.session(writes=True) as session, session.begin():
        pack = Pack(kind=PackKind.REVIEW, unit_id=cast.finance.id, since=SINCE, until=TODAY, state=state)
        pack.started_at, pack.beat_at, pack.made_by_id = DEAD, beat, cast.rep.id
        session.add(pack)
    return pack.id


def again(database: Database, cast: Cast, pack_id: int) -> None:
    with database.session(writes=True) as session, session.begin():
        by = acting(session, cast.rep)
        making.again(session, by=by, pack=shelf.find(session, by=by, pack_id=pack_id), now=NOW, database=database)


def test_a_pack_is_there_in_every_form_with_who_made_it_and_when(database: Database, cast: Cast) -> None:
    pack_id = start(database, cast)
    wait()
    pack = look(database, pack_id)
    assert (pack.state, pack.title, pack.steps_done) == (PackState.DONE, "Review of Finance", pack.steps_total)
    assert (pack.made_by_id, pack.failure) == (cast.rep.id, "")
    with database.session(writes=False) as session:
        found = shelf.find(session, by=acting(session, cast.rep), pack_id=pack_id)
        assert shelf.forms_of(session, pack=found) == [form for form in PackForm if form in forms.MAKERS]
        assert shelf.file_of(session, pack=found, form=PackForm.PDF).startswith(b"%PDF")
        assert "by Ines Carvalho" in shelf.content_of(found).made


def test_it_begins_after_the_commit_and_not_without_one(database: Database, cast: Cast) -> None:
    with database.session(writes=True) as session:
        by, kind = acting(session, cast.rep), PackKind.REVIEW
        given: dict[str, Any] = {"unit_id": cast.finance.id, "since": SINCE, "until": TODAY}
        making.start(session, by=by, kind=kind, now=NOW, database=database, **given)
        session.rollback()
    wait()
    with database.session(writes=False) as session:
        assert session.scalar(select(func.count(Pack.id))) == 0


def test_what_stops_it_is_told_and_nothing_is_kept(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(_: Session, __: Told) -> bytes:
        raise RuntimeError("the disk is full")

    pack_id = left(database, cast)
    with monkeypatch.context() as broken:
        broken.setattr(making, "MAKERS", {PackForm.PDF: break_off})
        making.make(database, pack_id)
    pack = look(database, pack_id)
    assert (pack.state, pack.failure) == (PackState.FAILED, kept_files.BROKE)
    again(database, cast, pack_id)
    wait()
    assert look(database, pack_id).state is PackState.DONE


def test_one_that_died_is_started_again_and_one_that_lives_is_not(database: Database, cast: Cast) -> None:
    dead, alive = left(database, cast), left(database, cast, beat=NOW)
    assert kept_files.has_stopped(look(database, dead), NOW)
    again(database, cast, dead)
    wait()
    assert look(database, dead).state is PackState.DONE
    with pytest.raises(Conflict):
        again(database, cast, dead)
    with pytest.raises(Conflict):
        again(database, cast, alive)


def test_two_that_make_the_same_keep_one(database: Database, cast: Cast) -> None:
    pack_id = left(database, cast)
    making.make(database, pack_id)
    making.make(database, pack_id)
    with database.session(writes=False) as session:
        one = select(func.count(PackFile.id)).where(PackFile.pack_id == pack_id)
        assert session.scalar(one) == len(forms.MAKERS)


def test_who_may_not_any_more_when_it_begins_gets_none(database: Database, cast: Cast) -> None:
    pack_id = left(database, cast)
    with database.session(writes=True) as session, session.begin():
        session.get_one(Person, cast.rep.id).left_on = TODAY
    making.make(database, pack_id)
    pack = look(database, pack_id)
    assert (pack.state, pack.failure) == (PackState.FAILED, "You may not make a review pack.")


def test_a_period_must_be_one_and_over(database: Database, cast: Cast) -> None:
    with pytest.raises(Invalid, match="comes before"):
        start(database, cast, since=TODAY, until=SINCE)
    with pytest.raises(Invalid, match="tells what was"):
        start(database, cast, until=TODAY + timedelta(days=1))
    with pytest.raises(Forbidden):
        start(database, cast, by=cast.colleague)


def test_packs_are_listed_for_those_who_may_see_them(database: Database, cast: Cast) -> None:
    review = left(database, cast)
    with database.session(writes=True) as session, session.begin():
        board = Pack(kind=PackKind.BOARD, since=SINCE, until=TODAY, started_at=NOW, made_by_id=cast.cio.id)
        session.add(board)
    with database.session(writes=False) as session:
        rep, cio = acting(session, cast.rep), acting(session, cast.cio)
        listed = [pack.id for pack in shelf.listed(session, by=cio, wanted=Wanted()).rows]
        assert listed == [board.id, review]
        assert [pack.id for pack in shelf.listed(session, by=rep, wanted=Wanted()).rows] == [review]
        boards = shelf.listed(session, by=cio, wanted=Wanted(kind=PackKind.BOARD)).rows
        assert [pack.id for pack in boards] == [board.id]
        assert not shelf.listed(session, by=cio, wanted=Wanted(unit_id=cast.legal.id)).rows
        with pytest.raises(NotFound):
            shelf.find(session, by=rep, pack_id=board.id)
        with pytest.raises(Forbidden):
            shelf.listed(session, by=acting(session, cast.head), wanted=Wanted())


def test_a_deleted_pack_can_be_brought_back_for_thirty_days(database: Database, cast: Cast) -> None:
    pack_id = start(database, cast)
    wait()
    with database.session(writes=True) as session, session.begin():
        rep, other = acting(session, cast.rep), acting(session, cast.colleague)
        pack = shelf.find(session, by=rep, pack_id=pack_id)
        with pytest.raises(Forbidden):
            shelf.remove(session, by=other, pack=pack, now=NOW)
        shelf.remove(session, by=rep, pack=pack, now=NOW)
        assert not shelf.listed(session, by=rep, wanted=Wanted()).rows
        with pytest.raises(NotFound):
            shelf.find(session, by=other, pack_id=pack_id)
        with pytest.raises(NotFound):
            shelf.file_of(session, pack=pack, form=PackForm.PDF)
        shelf.bring_back(session, by=rep, pack=pack)
        assert shelf.listed(session, by=rep, wanted=Wanted()).rows
        shelf.remove(session, by=rep, pack=pack, now=NOW)
    with database.session(writes=True) as session, session.begin():
        assert shelf.let_go(session, NOW + timedelta(days=29)) == 0
        assert shelf.let_go(session, NOW + timedelta(days=31)) == 1
        assert session.scalar(select(func.count(PackFile.id))) == 0


def test_what_tells_of_somebody_forgotten_is_taken_apart(database: Database, cast: Cast) -> None:
    of_ines, of_margit = start(database, cast), start(database, cast, by=cast.cio)
    wait()
    with database.session(writes=True) as session, session.begin():
        assert shelf.forget(session, name="Ines Carvalho") == 1
    assert (look(database, of_ines).state, look(database, of_ines).failure) == (PackState.FAILED, shelf.FORGOTTEN)
    assert look(database, of_margit).state is PackState.DONE
    with database.session(writes=False) as session:
        assert set(session.scalars(select(PackFile.pack_id))) == {of_margit}
