"""What an administrator chooses for everyone: country, the rhythm of the house, closed days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import organisation
from models import Cadence, ClosedDays
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.factories.reviews import NOW, TODAY, add_cadence, days_of, on_day
from tests.views.test_cadences import FORM

SETTINGS = {"name": "Fernhill IT", "time_zone": "Europe/Lisbon", "country": "PT", "region": "", "reason": "We are here"}
RHYTHM = {**FORM, "reason": "Everybody meets"}
HOUSE, CLOSED = "/settings/rhythm", "/settings/closed-days"


@pytest.fixture(autouse=True)
def that_tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def administrator(client: Client, cast: Cast) -> Client:
    return client.sign_in(cast.administrator)


def test_a_country_moves_reviews_off_its_holidays(administrator: Client, session: Session, cast: Cast) -> None:
    add_cadence(session, cast.finance, on_day(8), TODAY)
    session.commit()
    answer = administrator.submit("/settings", SETTINGS)
    assert answer.status_code == 303
    assert organisation.current(session).country == "PT"
    assert days_of(session, cast.finance)[0] == "2026-12-09"  # the 8th is a holiday in Portugal


def test_regions_are_offered_for_the_country_chosen_and_only_those_are_taken(
    administrator: Client, session: Session
) -> None:
    assert 'name="region"' not in administrator.get("/settings").text
    shown = administrator.submit("/settings", {**SETTINGS, "country": "DE", "reason": "", "show": "regions"})
    assert shown.status_code == 200
    assert '<option value="BY">Bayern</option>' in shown.text
    assert organisation.current(session).country == ""
    refused = administrator.submit("/settings", {**SETTINGS, "country": "DE", "region": "SCT"})
    assert refused.status_code == 422
    assert "Choose a region of that country" in refused.text
    administrator.submit("/settings", {**SETTINGS, "country": "DE", "region": "BY"})
    assert organisation.current(session).region == "BY"
    assert administrator.submit("/settings", {**SETTINGS, "country": "ZZ"}).status_code == 422


def test_saving_the_settings_keeps_the_rhythm_of_the_house(administrator: Client, session: Session) -> None:
    administrator.submit(HOUSE, RHYTHM)
    kept = organisation.current(session).cadence
    administrator.submit("/settings", SETTINGS)
    assert kept
    assert organisation.current(session).cadence == kept


def test_the_rhythm_of_the_house_is_shown_before_it_is_kept(administrator: Client, session: Session) -> None:
    assert "There is none yet." in administrator.get(HOUSE).text
    page = administrator.submit(HOUSE, {**RHYTHM, "reason": "", "show": "dates"})
    assert page.status_code == 200
    assert "Moved from Sun 31 January: Sunday." in page.text
    assert session.scalars(select(Cadence)).all() == []


def test_the_rhythm_of_the_house_is_kept_changed_and_given_up(
    administrator: Client, session: Session, cast: Cast
) -> None:
    answer = administrator.submit(HOUSE, RHYTHM)
    assert (answer.status_code, answer.headers["Location"]) == (303, HOUSE)
    page = administrator.get(HOUSE).text
    assert "Three units changed" in page
    assert "Three units follow it; 0 have their own." in page
    assert len(days_of(session, cast.finance)) == 12
    assert administrator.submit(HOUSE, {**RHYTHM, "reason": ""}).status_code == 422
    assert administrator.submit(f"{HOUSE}/end").status_code == 303
    assert "There is none yet." in administrator.get(HOUSE).text
    assert days_of(session, cast.finance) == []


def test_an_impossible_rhythm_of_the_house_comes_back_with_why(administrator: Client) -> None:
    answer = administrator.submit(HOUSE, {**RHYTHM, "minutes": "0"})
    assert answer.status_code == 422
    assert "between 5 and 480" in answer.text


def test_a_unit_says_that_it_follows_the_house_and_can_stop_and_start(
    client: Client, session: Session, cast: Cast
) -> None:
    client.sign_in(cast.administrator).submit(HOUSE, RHYTHM)
    address = f"/units/{cast.finance.id}/cadence"
    page = client.sign_in(cast.rep).get(address).text
    assert "as the house does" in page
    assert "Keep as its own rhythm" in page
    assert "Follow the house" not in page
    client.submit(address, {**FORM, "frequency": "yearly", "month_yearly": "3", "day_rule": "working_day"})
    page = client.get(address).text
    assert "Yearly, on the first working day of March at 09:30," in page
    assert "Follow the house again" in page
    answer = client.submit(f"{address}/house")
    assert answer.status_code == 303
    page = client.get(address).text
    assert "Finance follows the rhythm of the house." in page
    assert "as the house does" in page


def test_there_is_nothing_to_follow_without_a_rhythm_of_the_house(client: Client, cast: Cast) -> None:
    address = f"/units/{cast.finance.id}/cadence"
    assert client.sign_in(cast.rep).submit(f"{address}/house").status_code == 303
    assert "The house has no rhythm to follow." in client.get(address).text


def test_closed_days_are_listed_added_and_removed(administrator: Client, session: Session, cast: Cast) -> None:
    assert "No closed days ahead" in administrator.get(CLOSED).text
    form = {"name": "Stocktaking", "first": "2026-11-12", "last": "2026-11-13", "unit_id": str(cast.finance.id)}
    assert administrator.submit(CLOSED, form).status_code == 303
    page = administrator.get(CLOSED).text
    assert "Stocktaking is noted." in page
    assert "Thu 12 November to Fri 13 November" in page
    days = session.scalars(select(ClosedDays)).one()
    assert days.unit_id == cast.finance.id
    assert administrator.submit(f"{CLOSED}/{days.id}/remove").status_code == 303
    assert session.scalars(select(ClosedDays)).all() == []
    assert administrator.submit(f"{CLOSED}/{days.id}/remove").status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Say what the days are called."),
        ({"first": ""}, "Say on which day it begins."),
        ({"first": "soon"}, "Write the day like 2026-11-12."),
        ({"last": "2026-11-11"}, "on or after the first"),
        ({"unit_id": "999"}, "Not a valid choice"),
    ],
)
def test_closed_days_that_cannot_be_come_back_with_why(
    administrator: Client, changes: dict[str, str], words: str
) -> None:
    form = {"name": "Stocktaking", "first": "2026-11-12", "last": "", "unit_id": ""}
    answer = administrator.submit(CLOSED, {**form, **changes})
    assert answer.status_code == 422
    assert words in answer.text


def test_what_is_over_is_found_as_well(administrator: Client, session: Session) -> None:
    assert "Nothing is over yet" in administrator.get(f"{CLOSED}?past=1").text
    session.add(ClosedDays(name="Last summer", since=date(2025, 8, 4), until=date(2025, 8, 5)))
    session.commit()
    page = administrator.get(f"{CLOSED}?past=1").text
    assert "Mon 4 August 2025" in page
    assert "Last summer" not in administrator.get(CLOSED).text


def test_a_unit_keeps_holidays_of_its_own(administrator: Client, session: Session, cast: Cast) -> None:
    address = f"/units/{cast.finance.id}/edit"
    form = {"name": "Finance", "code": "FIN", "parent_id": "", "time_zone": "Europe/Lisbon", "country": "GB"}
    administrator.submit("/settings", {**SETTINGS, "country": "DE"})
    assert "As the organisation: Germany" in administrator.get(address).text
    shown = administrator.submit(address, {**form, "show": "regions"})
    assert '<option value="SCT">Scotland</option>' in shown.text
    assert administrator.submit(address, {**form, "region": "SCT"}).status_code == 303
    session.refresh(cast.finance)
    assert (cast.finance.country, cast.finance.region) == ("GB", "SCT")
    assert administrator.submit(address, {**form, "country": "", "region": "BY"}).status_code == 303
    assert administrator.submit(address, {**form, "country": "", "region": "SCT"}).status_code == 422


@pytest.mark.parametrize("address", ["/settings", HOUSE, CLOSED])
def test_the_pages_take_few_statements(administrator: Client, statements: StatementCounter, address: str) -> None:
    with statements:
        administrator.get(address)
    assert statements.count <= 12
