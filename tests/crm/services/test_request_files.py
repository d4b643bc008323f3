"""Files of a request: their limits, who may take them away, and several units that ask for the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.errors import Forbidden, Invalid, NotFound, TooMany
from crm.services import request_asking, request_files, stored_files
from crm.services.request_asking import Asked
from crm.services.request_files import FILES_BY_PERSON, MOST_BYTES, MOST_FILES, Sent
from crm.services.stored_files import Store
from models import Assignment, Cover, Origin, Request
from models.request_part import Attachment, SharedNeed
from tests.cast import LONG_AGO, Cast
from tests.factories.files import GOOD
from tests.november import NOW, TODAY, acting

stored_files.listen()
PHOTO = Sent("photo.jpg", GOOD["photo.jpg"])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def request_(session: Session, cast: Cast) -> Request:
    made = Request(unit_id=cast.finance.id, title="A", business_need="B", logged_on=TODAY, requester_id=cast.head.id)
    session.add(made)
    session.flush()
    return made


def add(
    session: Session, cast: Cast, request: Request, store: Store, *sent: Sent, name: str = "head"
) -> list[Attachment]:
    by = acting(session, getattr(cast, name))
    return request_files.add(session, by=by, request=request, sent=sent, store=store, now=NOW)


def test_files_of_every_kind_are_kept_as_they_came(
    session: Session, cast: Cast, request_: Request, store: Store
) -> None:
    sent = [Sent(name, content) for name, content in list(GOOD.items())[:MOST_FILES]]
    added = add(session, cast, request_, store, *sent)
    assert [file.name for file in added] == [file.name for file in sent]
    assert [request_files.path_of(file, store=store).read_bytes() for file in added] == [file.content for file in sent]
    assert request_files.of_request(session, request_id=request_.id)[0].by is cast.head


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (Sent("virus.exe", b"MZ"), "of a kind we do not keep"),
        (Sent("photo.jpg", b"MZ"), "not what its name says"),
        (Sent("photo.jpg", b""), "is empty"),
        (Sent("photo.jpg", GOOD["photo.jpg"] + bytes(MOST_BYTES)), "more than 10 MB"),
    ],
)
def test_one_bad_file_keeps_all_from_being_kept(
    session: Session, cast: Cast, request_: Request, store: Store, sent: Sent, words: str
) -> None:
    with pytest.raises(Invalid, match=words) as caught:
        add(session, cast, request_, store, PHOTO, sent)
    assert caught.value.field == "files"
    assert not list(store.folder.glob("*/*"))
    assert session.scalar(select(func.count(Attachment.id))) == 0


def test_a_request_has_so_many_files_and_the_same_file_once(
    session: Session, cast: Cast, request_: Request, store: Store
) -> None:
    add(session, cast, request_, store, PHOTO)
    assert add(session, cast, request_, store, PHOTO) == [], "sent again by the Back button"
    more = [Sent(f"{number}.txt", b"words") for number in range(MOST_FILES)]
    with pytest.raises(Invalid, match=r"There is room for 9 more\."):
        add(session, cast, request_, store, *more)
    assert len(add(session, cast, request_, store, *more[1:])) == MOST_FILES - 1


def test_too_many_files_in_a_short_time_are_refused(
    session: Session, cast: Cast, store: Store, request_: Request
) -> None:
    for number in range(FILES_BY_PERSON.times):
        if number % MOST_FILES == 0:
            target = Request(unit_id=cast.finance.id, title=f"{number}", business_need="B", logged_on=TODAY)
            session.add(target)
            session.flush()
        add(session, cast, target, store, Sent(f"{number}.txt", b"words"))
    with pytest.raises(TooMany):
        add(session, cast, request_, store, PHOTO)


@pytest.mark.parametrize("name", ["colleague", "outsider", "cio", "administrator"])
def test_nobody_else_adds_a_file(session: Session, cast: Cast, request_: Request, store: Store, name: str) -> None:
    with pytest.raises(Forbidden):
        add(session, cast, request_, store, PHOTO, name=name)


def test_a_file_is_taken_away_by_who_added_it_or_who_looks_after_the_unit(
    session: Session, cast: Cast, request_: Request, store: Store
) -> None:
    (file,) = add(session, cast, request_, store, PHOTO)
    path = request_files.path_of(file, store=store)
    with pytest.raises(Forbidden):
        request_files.remove(session, by=acting(session, cast.key_user), request=request_, file=file, store=store)
    request_files.remove(session, by=acting(session, cast.rep), request=request_, file=file, store=store)
    session.commit()
    assert session.scalar(select(func.count(Attachment.id))) == 0
    assert not path.exists()


def test_a_file_belongs_to_its_request_alone(session: Session, cast: Cast, request_: Request, store: Store) -> None:
    (file,) = add(session, cast, request_, store, PHOTO)
    other = Request(unit_id=cast.legal.id, title="A", business_need="B", logged_on=date(2026, 1, 1))
    session.add(other)
    session.flush()
    assert request_files.find(session, request=request_, file_id=file.id) is file
    with pytest.raises(NotFound):
        request_files.find(session, request=other, file_id=file.id)
    request_files.path_of(file, store=store).unlink()
    with pytest.raises(NotFound):
        request_files.path_of(file, store=store)


# ---- Several units


def ask(session: Session, cast: Cast, store: Store, *also: int, need: str = "Sharing files outside") -> Request:
    asked = Asked("Own file sharing", "To work with courts", origin=Origin.OFFERED, also=also, files=[PHOTO], need=need)
    by = acting(session, cast.rep)
    return request_asking.ask(session, by=by, unit=cast.finance, asked=asked, store=store, now=NOW)


def test_several_units_get_a_request_each_and_one_facilitator(session: Session, cast: Cast, store: Store) -> None:
    session.add(Assignment(unit_id=cast.legal.id, rep_id=cast.rep.id, cover=Cover.DEPUTY, since=LONG_AGO))
    session.flush()
    with pytest.raises(Invalid) as caught:
        ask(session, cast, store, cast.legal.id, need="")
    assert caught.value.field == "need"
    own = ask(session, cast, store, cast.legal.id, cast.finance.id)
    found = session.scalars(select(Request).order_by(Request.id)).all()
    assert [(one.unit_id, one.origin) for one in found] == [
        (cast.finance.id, Origin.OFFERED),
        (cast.legal.id, Origin.OFFERED),
    ]
    need = session.scalars(select(SharedNeed)).one()
    assert {one.shared_need_id for one in found} == {need.id}
    assert (need.facilitator_id, need.title) == (cast.rep.id, "Sharing files outside")
    assert session.scalars(select(Attachment.request_id)).all() == [own.id]


def test_a_unit_that_somebody_else_looks_after_is_not_asked_for(session: Session, cast: Cast, store: Store) -> None:
    with pytest.raises(Invalid) as caught:
        ask(session, cast, store, cast.legal.id)
    assert caught.value.field == "also"
    assert session.scalar(select(func.count(Request.id))) == 0
