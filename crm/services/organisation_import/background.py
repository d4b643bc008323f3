"""Loads a kept import beside the requests: in a thread that begins once the request's commit is through."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from crm import policy
from crm.db import Database
from crm.policy import Actor
from crm.services import audit, clock, kept_files
from crm.services.organisation_import import keeping, loading
from crm.services.organisation_import.loading import Choices
from models.organisation_import import OrganisationImport
from models.person import Person

CLASHED = "Somebody changed the same units or people at the same moment. Nothing was loaded; start it again."


@dataclass(frozen=True)
class _Job:
    by: Actor
    content: bytes
    file_name: str
    choices: Choices


def start_after_commit(session: Session, *, database: Database, import_id: int, by_id: int) -> None:
    """Load the claimed import as soon as this session has committed; not at all if it does not."""
    kept_files.start_after_commit(session, partial(load, database, import_id, by_id), name=f"import-{import_id}")


def load(database: Database, import_id: int, by_id: int) -> None:
    """All rows in one transaction, the import's own end included; progress in transactions of its own."""

    def work() -> None:
        _load(database, import_id, _read_job(database, import_id, by_id))

    def fail(session: Session, reason: str) -> None:
        keeping.fail(session, import_id=import_id, reason=reason, now=clock.now())

    kept_files.guarded(database, work, fail, name=f"Import {import_id}", clashed=CLASHED)


def _read_job(database: Database, import_id: int, by_id: int) -> _Job:
    with database.session(writes=False) as session:
        kept = session.get_one(OrganisationImport, import_id)
        by = policy.actor_for(session, session.get_one(Person, by_id), clock.now().date())
        return _Job(by, kept.content, kept.file_name, keeping.choices_of(kept))


def _load(database: Database, import_id: int, job: _Job) -> None:
    def progress(done: int, total: int) -> None:
        # SQLite has one writer: while the rows are written, nobody else can write down how far they are.
        if not (database.is_sqlite and done * 2 >= total):
            with database.session(writes=True) as apart, apart.begin():
                keeping.beat(apart, import_id=import_id, done=done, total=total, now=clock.now())

    with database.session(writes=True) as session, session.begin():
        audit.act_as(session, job.by.id)
        report = loading.run(
            session,
            by=job.by,
            content=job.content,
            file_name=job.file_name,
            choices=job.choices,
            now=clock.now(),
            progress=progress,
        )
        keeping.finish(session, import_id=import_id, report=report, now=clock.now())
