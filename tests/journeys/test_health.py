"""The CIO finds which relationship slips and why in three clicks, and weighs the parts of health otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, expect
from sqlalchemy import select

from models import Request
from models.health import Component, EvidenceKind, HealthDay, HealthRule, Movement
from tests.browser import EACH_LOOK, Scheme, axe, does_not_scroll_sideways, watched_page
from tests.cast import Cast
from tests.factories import health
from tests.journeys.conftest import House

NOW = datetime.now(UTC)
TODAY = NOW.date()
LATELY, LONG_AGO = TODAY - timedelta(20), TODAY - timedelta(300)


def fallen(house: House, cast: Cast) -> None:
    """Finance fell from 83 to 55: a refusal without an alternative."""
    with house.session() as session, session.begin():
        unit = cast.finance
        asked = Request(unit_id=unit.id, title="Spend dashboard", business_need="To see spend", logged_on=LATELY)
        session.add_all([asked, HealthDay(day=TODAY, taken_at=NOW, units=3, changed=0)])
        session.flush()
        add, source = health.evidence, f"request:{asked.id}"
        add(session, unit, Component.SATISFACTION, EvidenceKind.REVIEW, since=LONG_AGO, credit=70, title="summer")
        add(session, unit, Component.PROMISES, EvidenceKind.REVIEW, since=LONG_AGO, credit=100, title="spring")
        add(
            session,
            unit,
            Component.PROMISES,
            EvidenceKind.REFUSAL,
            since=LATELY,
            credit=0,
            source=source,
            title=asked.title,
            weight=2,
        )
        health.kept(session, unit, since=LONG_AGO, until=LATELY, satisfaction=70, promises=100)
        health.kept(session, unit, since=LATELY, satisfaction=70, promises=33)
        monday = TODAY - timedelta(TODAY.weekday())
        for back in range(20, -1, -1):
            way = Movement.STEADY if back else Movement.SLIPPING
            health.week(
                session, unit, monday - timedelta(7 * back), 83 if back else 55, way, mean=83, lower=78, upper=88
            )


@EACH_LOOK
def test_who_slips_and_why_in_three_clicks(
    chromium: Browser, inhabited: tuple[House, Cast], width: int, scheme: Scheme
) -> None:
    house, cast = inhabited
    fallen(house, cast)
    with watched_page(chromium, width=width, scheme=scheme) as page:
        house.sign_in(page, cast.cio)
        page.goto(f"{house.address}/portfolio")
        page.locator(f'main a[href^="/units/{cast.finance.id}/health"]').first.click()
        expect(page.locator("h1")).to_have_text("Health of Finance")
        axe(page)
        does_not_scroll_sideways(page)
        expect(page.locator(".moves")).to_contain_text("Refused without an alternative")
        page.locator(".moves").get_by_role("link", name="Spend dashboard").click()
        expect(page.locator("h1")).to_contain_text("Spend dashboard")


@EACH_LOOK
def test_a_weight_is_changed_after_a_preview(
    chromium: Browser, inhabited: tuple[House, Cast], width: int, scheme: Scheme
) -> None:
    house, cast = inhabited
    fallen(house, cast)
    with watched_page(chromium, width=width, scheme=scheme) as page:
        house.sign_in(page, cast.cio)
        page.goto(f"{house.address}/health/method")
        axe(page)
        page.get_by_role("link", name="Change the weights").click()
        page.get_by_label("Satisfaction").fill("45")
        page.get_by_label("Promises").fill("15")
        page.get_by_role("button", name="Preview").click()
        expect(page.locator(".lede")).to_contain_text("One unit would move; none of them are called otherwise then.")
        axe(page)
        does_not_scroll_sideways(page)
        page.get_by_label("Why the change?").fill("What they say counts most")
        page.get_by_role("button", name="Weigh by these from today on").click()
        expect(page.locator(".flash").first).to_contain_text("Health is told by these weights from today on")
        expect(page.locator("#changes ~ .sheet, section:has(#changes)").first).to_contain_text("What they say counts")
    with house.session() as session:
        assert session.scalars(select(HealthRule.reason)).all() == ["What they say counts most"]
