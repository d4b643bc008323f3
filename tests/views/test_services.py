"""The pages of the services: the list, one of them, and what a unit uses."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import BusinessUnit, Service, ServiceUse
from tests.cast import LONG_AGO, Cast
from tests.client import Client
from tests.conftest import StatementCounter

TODAY = datetime.now(UTC).date()


def mail_of(session: Session) -> Service:
    service = Service(name="Mail", name_key="mail")
    session.add(service)
    session.commit()
    return service


def used(session: Session, cast: Cast, service: Service, since: date = LONG_AGO) -> ServiceUse:
    use = ServiceUse(unit_id=cast.finance.id, service_id=service.id, since=since)
    session.add(use)
    session.commit()
    return use


def test_the_cio_adds_a_service_and_ticks_who_uses_it(client: Client, session: Session, cast: Cast) -> None:
    assert "No services yet" in client.sign_in(cast.cio).get("/services").text
    added = client.submit("/services", {"name": " Meeting  rooms "})
    assert added.status_code == 303
    page = client.get(added.headers["Location"]).text
    assert "Meeting rooms is in the list." in page
    number = session.scalar(select(Service.id))
    both = {"ids": [cast.finance.id, cast.legal.id], "since": "2026-01-01"}
    ticked = client.submit(f"/services/{number}/units", both)
    assert ticked.status_code == 303
    page = client.get(ticked.headers["Location"]).text
    assert "Two units use Meeting rooms now." in page
    assert "since 1 Jan" in page
    assert "2 units" in client.get("/services").text
    uses = session.scalars(select(ServiceUse.id)).all()
    assert client.submit(f"/services/{number}/units/end", {"ids": list(uses)}).status_code == 303
    before = client.get(f"/services/{number}?show=before").text
    assert "Finance" in before
    assert "until" in before


def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(
    client: Client, session: Session, cast: Cast
) -> None:
    service = mail_of(session)
    client.sign_in(cast.administrator)
    taken = client.submit("/services", {"name": "MAIL"})
    assert taken.status_code == 422
    assert "There is a service of that name already." in taken.text
    assert 'value="MAIL"' in taken.text
    ahead = client.submit(f"/services/{service.id}/units", {"ids": [cast.finance.id], "since": "2100-01-01"})
    assert ahead.status_code == 422
    assert "today at the latest" in ahead.text
    assert f'value="{cast.finance.id}" aria-label="Choose: Finance" autocomplete="off" checked' in ahead.text
    nobody = client.submit(f"/services/{service.id}/units", {"since": str(TODAY)})
    assert "Tick at least one." in nobody.text
    assert (
        client.submit(f"/services/{service.id}/units", {"ids": ["x", "²", "99999"], "since": str(TODAY)}).status_code
        == 404
    )


def test_renaming_and_ending_keep_what_was_used(client: Client, session: Session, cast: Cast) -> None:
    service = mail_of(session)
    used(session, cast, service)
    client.sign_in(cast.cio)
    assert client.submit(f"/services/{service.id}", {"name": "Mail and calendar"}).status_code == 303
    assert client.submit(f"/services/{service.id}/end").status_code == 303
    page = client.get(f"/services/{service.id}").text
    assert "Mail and calendar" in page
    assert "Nobody is asked about it any more." in page
    assert "Finance" in page
    assert "Mail and calendar" in client.get("/services?ended=1").text
    assert client.submit(f"/services/{service.id}/take-up").status_code == 303
    session.expire_all()
    assert service.ended_on is None


def test_reps_read_the_list_and_tick_only_for_their_units(client: Client, session: Session, cast: Cast) -> None:
    service = mail_of(session)
    page = client.sign_in(cast.rep).get("/services").text
    assert "Mail" in page
    assert "Add a service" not in page
    assert "Provide it" not in client.get(f"/services/{service.id}").text
    assert client.submit("/services", {"name": "Wiki"}).status_code == 403
    path = f"/units/{cast.finance.id}/services"
    assert "Tick what Finance uses" in client.get(path).text
    assert client.submit(path, {"ids": [service.id], "since": str(TODAY)}).status_code == 303
    page = client.get(path).text
    assert "Finance uses Mail, and is asked about it in the next survey." in page
    use = session.scalars(select(ServiceUse)).one()
    assert client.submit(f"{path}/end", {"ids": [use.id]}).status_code == 303
    assert "Nothing it stopped using" not in client.get(f"{path}?show=before").text
    assert client.submit(f"/units/{cast.legal.id}/services", {"ids": [service.id]}).status_code == 403
    assert client.sign_in(cast.head).get(path).status_code == 403


def test_the_pages_take_as_many_statements_with_many_units_as_with_few(
    client: Client, session: Session, cast: Cast, statements: StatementCounter
) -> None:
    service = mail_of(session)
    used(session, cast, service)
    client.sign_in(cast.cio)
    pages = ("/services?order=use", f"/services/{service.id}", f"/services/{service.id}?show=unused")
    few = [count(client, statements, page) for page in (*pages, f"/units/{cast.finance.id}/services")]
    units = [BusinessUnit(code=f"N{number}", name=f"Unit {number}", time_zone="UTC") for number in range(60)]
    session.add_all(units)
    session.flush()
    session.add_all(ServiceUse(unit_id=unit.id, service_id=service.id, since=LONG_AGO) for unit in units[:40])
    session.commit()
    many = [count(client, statements, page) for page in (*pages, f"/units/{cast.finance.id}/services")]
    assert few == many
    assert max(many) <= 12


def count(client: Client, statements: StatementCounter, path: str) -> int:
    with statements:
        assert client.get(path).status_code == 200
    return statements.count
