"""Bytes on disk live and die with the rows that point at them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from crm.services import stored_files
from crm.services.stored_files import SETTLED, Store

stored_files.listen()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "files")


@pytest.fixture
def opened() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    with Session(engine) as session:
        session.execute(text("SELECT 1"))
        yield session
    engine.dispose()


def kept(store: Store) -> list[Path]:
    return sorted(store.folder.glob("*/*"))


def test_what_is_written_stays_once_it_is_committed(store: Store, opened: Session) -> None:
    key = store.write(opened, b"a photo")
    opened.commit()
    opened.execute(text("SELECT 1"))
    opened.rollback()
    assert store.path(key).read_bytes() == b"a photo"
    assert stat.S_IMODE(store.path(key).stat().st_mode) == 0o600


def test_what_is_written_goes_when_the_transaction_fails(store: Store, opened: Session) -> None:
    store.write(opened, b"a photo")
    opened.rollback()
    assert kept(store) == []


def test_what_is_written_goes_when_the_session_is_only_closed(store: Store, opened: Session) -> None:
    store.write(opened, b"a photo")
    opened.close()
    assert kept(store) == []


def test_a_savepoint_that_fails_takes_nothing_that_came_before(store: Store, opened: Session) -> None:
    key = store.write(opened, b"a photo")
    opened.begin_nested().rollback()
    opened.commit()
    assert store.path(key).exists()


def test_what_is_removed_goes_after_the_commit_and_not_before(store: Store, opened: Session) -> None:
    key = store.write(opened, b"a photo")
    opened.commit()
    opened.execute(text("SELECT 1"))
    store.remove(opened, key)
    assert store.path(key).exists()
    opened.rollback()
    assert store.path(key).exists()
    opened.execute(text("SELECT 1"))
    store.remove(opened, key)
    opened.commit()
    assert kept(store) == []


def test_what_a_crash_left_behind_is_swept_and_nothing_else(store: Store, opened: Session) -> None:
    keys = [store.write(opened, b"x") for _ in range(3)]
    opened.commit()
    now = datetime.now(UTC)
    (store.folder / "aa").mkdir(exist_ok=True)
    (store.folder / "aa" / "README").write_text("not ours")
    assert store.sweep({keys[0]}, now=now) == 0, "they may belong to a transaction under way"
    long_ago = (now - SETTLED - timedelta(minutes=1)).timestamp()
    for key in keys[:2]:
        os.utime(store.path(key), (long_ago, long_ago))
    assert store.sweep({keys[0]}, now=now) == 1
    assert [store.path(key).exists() for key in keys] == [True, False, True]
    assert (store.folder / "aa" / "README").exists()


@pytest.mark.parametrize("key", ["../../etc/passwd", "", "a" * 31, "A" * 32, "a" * 32 + "\n", "/" + "a" * 31])
def test_no_key_leads_out_of_the_folder(store: Store, key: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        store.path(key)
