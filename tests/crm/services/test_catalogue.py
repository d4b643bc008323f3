"""The catalogue of services: names, ends, and which unit uses which."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.errors import Conflict, Forbidden, Invalid, NotFound
from crm.services import catalogue, service_uses
from crm.services.catalogue import Order
from crm.services.service_uses import Pair
from models import Service, ServiceUse
from tests.factories.relationships import TODAY, Stage, ago


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


def names(services: object) -> list[str]:
    return [service.name for service in services]  # type: ignore[attr-defined]


def test_a_name_is_taken_without_regard_to_case_and_blanks(stage: Stage) -> None:
    by = stage.actor(stage.person("Margit", is_cio=True))
    first = catalogue.add(stage.session, by=by, name="Meeting rooms")
    with pytest.raises(Conflict, match="of that name already"):
        catalogue.add(stage.session, by=by, name="MEETING  Rooms")
    other = catalogue.add(stage.session, by=by, name="Mail")
    with pytest.raises(Conflict):
        catalogue.rename(stage.session, by=by, service=other, name="meeting ROOMS")
    catalogue.rename(stage.session, by=by, service=first, name="MEETING rooms")
    assert first.name == "MEETING rooms"
    for name in ("", "x" * 81):
        with pytest.raises(Invalid):
            catalogue.add(stage.session, by=by, name=name)


def test_only_the_cio_and_administrators_change_the_list_and_it_reads_it(stage: Stage) -> None:
    rep, head = stage.person("Ines", is_rep=True), stage.person("Amara", is_business=True)
    by = stage.actor(rep)
    assert catalogue.listed(stage.session, by=by).rows == []
    with pytest.raises(Forbidden):
        catalogue.add(stage.session, by=by, name="Mail")
    with pytest.raises(Forbidden):
        catalogue.listed(stage.session, by=stage.actor(head))
    with pytest.raises(NotFound):
        catalogue.find(stage.session, by=by, service_id=99)


def test_the_list_says_how_many_units_use_each_and_is_ordered_by_name_or_by_use(stage: Stage) -> None:
    by = stage.actor(stage.person("Margit", is_cio=True))
    mail, wiki = (catalogue.add(stage.session, by=by, name=name) for name in ("Mail", "Archive"))
    for name in ("Finance", "Legal"):
        service_uses.begin(stage.session, by=by, pairs=[Pair(stage.unit(name), mail)], since=TODAY)
    counted = [(line.service.name, line.units) for line in catalogue.listed(stage.session, by=by).rows]
    assert counted == [("Archive", 0), ("Mail", 2)]
    by_use = catalogue.listed(stage.session, by=by, order=Order.USE).rows
    assert [line.service.name for line in by_use] == ["Mail", "Archive"]
    assert [line.service for line in catalogue.listed(stage.session, by=by, text="ARCH").rows] == [wiki]


def test_many_services_come_page_by_page(stage: Stage) -> None:
    by = stage.actor(stage.person("Margit", is_cio=True))
    for number in range(27):
        catalogue.add(stage.session, by=by, name=f"Service {number:02}")
    first, second = (catalogue.listed(stage.session, by=by, number=number) for number in (1, 2))
    assert (len(first.rows), first.has_next, len(second.rows), second.has_next) == (25, True, 2, False)


def test_a_service_that_ended_is_asked_about_no_more_and_comes_back_with_who_used_it(stage: Stage) -> None:
    by, finance = stage.actor(stage.person("Margit", is_cio=True)), stage.unit("Finance")
    mail = catalogue.add(stage.session, by=by, name="Mail")
    service_uses.begin(stage.session, by=by, pairs=[Pair(finance, mail)], since=ago(30))
    assert names(catalogue.used_by(stage.session, unit_id=finance.id, today=TODAY)) == ["Mail"]
    catalogue.end(stage.session, by=by, service=mail)
    assert names(catalogue.used_by(stage.session, unit_id=finance.id, today=TODAY)) == []
    assert [line.service.name for line in catalogue.listed(stage.session, by=by, ended=True).rows] == ["Mail"]
    before = service_uses.uses_of_unit(stage.session, by=by, unit=finance, before=True).rows
    assert [use.service.name for use in before] == ["Mail"]
    catalogue.take_up(stage.session, by=by, service=mail)
    assert names(catalogue.used_by(stage.session, unit_id=finance.id, today=TODAY)) == ["Mail"]


def test_ending_a_use_keeps_it_and_the_unit_may_begin_again(stage: Stage) -> None:
    by, finance = stage.actor(stage.person("Margit", is_cio=True)), stage.unit("Finance")
    mail = catalogue.add(stage.session, by=by, name="Mail")
    pairs = [Pair(finance, mail)]
    assert service_uses.begin(stage.session, by=by, pairs=pairs, since=ago(90)) == 1
    assert service_uses.begin(stage.session, by=by, pairs=pairs, since=TODAY) == 0, "ticked twice is once"
    use = stage.session.scalars(select(ServiceUse)).one()
    assert service_uses.end(stage.session, by=by, ids=[use.id], service_id=mail.id) == 1
    assert (use.since, use.until) == (ago(90), TODAY)
    with pytest.raises(Invalid, match="used Mail until"):
        service_uses.begin(stage.session, by=by, pairs=pairs, since=ago(10))
    assert service_uses.begin(stage.session, by=by, pairs=pairs, since=TODAY) == 1
    assert stage.session.scalar(select(func.count(ServiceUse.id))) == 2


def test_a_day_ahead_and_nothing_ticked_are_refused(stage: Stage) -> None:
    by, finance = stage.actor(stage.person("Margit", is_cio=True)), stage.unit("Finance")
    mail = catalogue.add(stage.session, by=by, name="Mail")
    for pairs, since, field in (([], TODAY, "ids"), ([Pair(finance, mail)], TODAY + timedelta(1), "since")):
        with pytest.raises(Invalid) as refused:
            service_uses.begin(stage.session, by=by, pairs=pairs, since=since)
        assert refused.value.field == field
    with pytest.raises(Invalid):
        service_uses.end(stage.session, by=by, ids=[12], service_id=mail.id)


def test_the_rep_of_a_unit_says_what_it_uses_and_no_other_rep_does(stage: Stage) -> None:
    rep, finance, legal = stage.person("Ines", is_rep=True), stage.unit("Finance"), stage.unit("Legal")
    stage.lead(finance, rep)
    mail = stage.add(Service(name="Mail", name_key="mail"))
    by = stage.actor(rep)
    service_uses.begin(stage.session, by=by, pairs=[Pair(finance, mail)], since=TODAY)
    with pytest.raises(Forbidden):
        service_uses.begin(stage.session, by=by, pairs=[Pair(legal, mail)], since=TODAY)
    with pytest.raises(Forbidden):
        service_uses.services_without(stage.session, by=by, unit=legal)
    foreign = stage.add(ServiceUse(unit_id=legal.id, service_id=mail.id, since=ago(5)))
    with pytest.raises(Forbidden):
        service_uses.end(stage.session, by=by, ids=[foreign.id], unit_id=legal.id)
    with pytest.raises(Invalid):
        service_uses.end(stage.session, by=by, ids=[foreign.id], unit_id=finance.id)
