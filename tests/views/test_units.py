"""Units as the administrator looks after them, and as a list and a tree."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Assignment, BusinessUnit, Cover, Membership, Part
from tests.cast import Cast
from tests.client import Client

FACTS = {"time_zone": "Europe/Lisbon", "parent_id": ""}


def test_a_unit_is_added_and_asks_for_a_rep_next(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    added = client.submit("/units/new", {**FACTS, "name": "Research", "code": "RES"})
    unit = session.scalars(select(BusinessUnit).where(BusinessUnit.code == "RES")).one()
    assert added.headers["Location"] == f"/units/{unit.id}/cover"


def test_a_code_that_is_taken_is_told_beside_the_field_and_nothing_is_lost(
    client: Client, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.administrator)
    added = client.submit("/units/new", {**FACTS, "name": "Fine arts", "code": "FIN"})
    changed = client.submit(f"/units/{cast.legal.id}/edit", {**FACTS, "name": "Law", "code": "FIN"})
    for answer in (added, changed):
        assert answer.status_code == 422
        assert "Another unit has that code." in answer.text
    assert 'value="Fine arts"' in added.text
    session.expire_all()
    assert session.get_one(BusinessUnit, cast.legal.id).name == "Legal"


def test_a_unit_cannot_come_to_lie_below_itself(client: Client, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    facts = {**FACTS, "name": "Corporate services", "code": "CORP", "parent_id": cast.finance.id}
    answer = client.submit(f"/units/{cast.corporate.id}/edit", facts)
    assert answer.status_code == 422
    assert "it cannot be above it too" in answer.text


def test_a_unit_with_units_below_is_not_closed(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    assert client.submit(f"/units/{cast.corporate.id}/close").status_code == 422
    assert client.submit(f"/units/{cast.legal.id}/close").status_code == 303
    client.get("/units")  # which tells that it is closed, once
    assert "Legal" not in client.get("/units").text.split("<main")[1]
    assert client.submit(f"/units/{cast.legal.id}/reopen").status_code == 303


def test_the_tree_shows_each_unit_below_the_one_it_belongs_to(client: Client, cast: Cast) -> None:
    client.sign_in(cast.rep)
    page = client.get("/units").text.split("<main")[1]
    assert page.index("Corporate services") < page.index("Finance") < page.index("Legal")
    assert page.count('class="depth-1"') == 2


def test_units_without_a_lead_are_counted_and_found(client: Client, cast: Cast) -> None:
    client.sign_in(cast.cio)
    assert "One unit has no lead rep today." in client.get("/units").text
    found = client.get("/units?cover=none").text.split("<main")[1]
    assert "Corporate services" in found
    assert "CORP" in found
    assert "LEG" not in found


def test_the_list_is_narrowed_by_rep_and_by_text(client: Client, cast: Cast) -> None:
    client.sign_in(cast.cio)
    mine = client.get(f"/units?rep={cast.rep.id}").text.split("<main")[1]
    assert ("FIN" in mine, "LEG" in mine) == (True, False)
    named = client.get("/units?text=leG").text.split("<main")[1]
    assert ("FIN" in named, "LEG" in named) == (False, True)
    assert "No unit fits" in client.get("/units?text=%25").text


def test_a_head_sees_the_own_unit_only(client: Client, cast: Cast) -> None:
    client.sign_in(cast.head)
    page = client.get("/units").text.split("<main")[1]
    assert "Finance" in page
    assert "Legal" not in page
    assert "Corporate services" not in page


def test_the_cio_gives_a_unit_a_rep_and_a_deputy_with_an_end(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.cio)
    path = f"/units/{cast.corporate.id}/cover"
    lead = {"rep_id": cast.rep.id, "cover": "lead", "since": "2026-01-01", "until": ""}
    assert client.submit(path, lead).status_code == 303
    backwards = {"rep_id": cast.colleague.id, "cover": "deputy", "since": "2026-02-01", "until": "2026-01-01"}
    refused = client.submit(path, backwards)
    assert refused.status_code == 422
    assert "The end has to come after the beginning." in refused.text
    assert client.submit(path, {**backwards, "until": "2026-03-01"}).status_code == 303
    held = session.scalars(select(Assignment).where(Assignment.unit_id == cast.corporate.id)).all()
    assert sorted(one.cover for one in held) == [Cover.DEPUTY, Cover.LEAD]
    assert client.submit(f"{path}/{held[0].id}/end").status_code == 303
    assert client.submit(f"/units/{cast.legal.id}/cover/{held[0].id}/end").status_code == 404


def test_a_new_head_takes_over_from_the_old(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    path = f"/units/{cast.finance.id}/people"
    assert "Jo Lindt" in client.get(f"{path}?find=jo").text
    form = {"person_id": cast.key_user.id, "part": "head", "since": "2026-11-01", "until": "", "find": "jo"}
    assert client.submit(path, form).status_code == 303
    heads = select(Membership).where(Membership.unit_id == cast.finance.id, Membership.part == Part.HEAD)
    ends = {one.person_id: one.until for one in session.scalars(heads)}
    assert ends[cast.key_user.id] is None
    assert str(ends[cast.head.id]) == "2026-11-01"


def test_an_id_beyond_the_database_is_nothing(client: Client, cast: Cast) -> None:
    client.sign_in(cast.cio)
    assert client.get("/units/99999999999999999999").status_code == 404
    assert client.get("/units?rep=99999999999999999999&page=-3").status_code == 200
