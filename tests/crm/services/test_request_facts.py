"""What a request is worth, costs and takes: what cannot be, and how it is told."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.errors import Invalid
from crm.services import request_facts
from crm.services.request_facts import Facts, hours, money
from models import Request
from views.forms import amounts

TODAY = date(2026, 11, 10)
D = Decimal


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"value_low": D(5), "value_high": D(4)}, "value_high"),
        ({"cost_low": D(-1)}, "cost_low"),
        ({"cost_high": D(-1)}, "cost_high"),
        ({"hours_low": D(10_000_000)}, "hours_low"),
        ({"value_low": D("NaN")}, "value_low"),
        ({"value_low": D("Infinity")}, "value_low"),
        ({"wished_for": date(2026, 11, 9)}, "wished_for"),
        ({"value_wanted": "x" * 501}, "value_wanted"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "https://"}, "link"),
        ({"link": "https://user:secret@desk.example/1"}, "link"),
        ({"link": "https://[broken"}, "link"),
        ({"link": "https://desk.example/a b"}, "link"),
    ],
)
def test_what_cannot_be_is_asked_about_beside_its_field(told: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        request_facts.checked(Facts(**told), today=TODAY)
    assert caught.value.field == field


def test_one_figure_is_both_ends_and_up_to_begins_at_nothing() -> None:
    found = request_facts.checked(Facts(value_low=D(5), cost_high=D(9), wished_for=TODAY), today=TODAY)
    assert (found.value_low, found.value_high) == (D(5), D(5))
    assert (found.cost_low, found.cost_high) == (D(0), D(9))


@given(st.decimals(0, 10**6, places=2), st.decimals(0, 10**6, places=2))
def test_a_range_is_taken_the_right_way_round_only(one: Decimal, other: Decimal) -> None:
    facts = Facts(cost_low=one, cost_high=other)
    if one <= other:
        assert request_facts.checked(facts) == facts
    else:
        with pytest.raises(Invalid):
            request_facts.checked(facts)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (D(20000), D(35000), "€\N{NO-BREAK SPACE}20,000 to 35,000"),
        (D(500), D(500), "€\N{NO-BREAK SPACE}500"),
        (D(0), D(500), "up to €\N{NO-BREAK SPACE}500"),
        (D("99.5"), D("99.5"), "€\N{NO-BREAK SPACE}99.50"),
        (None, None, ""),
    ],
)
def test_money_in_words(low: Decimal | None, high: Decimal | None, words: str) -> None:
    assert money(low, high, "EUR") == words


def test_hours_in_words() -> None:
    assert hours(D(1), D(1)) == "1 hour"
    assert hours(D(0), D(1)) == "up to 1 hour"
    assert hours(D("7.5"), D(10)) == "7.5 to 10.0 hours"
    assert money(D(5), D(5), "XTS") == "XTS\N{NO-BREAK SPACE}5"


def test_sums_that_stand_keep_their_currency() -> None:
    request = Request()
    request_facts.put(request, Facts(cost_low=D(1), cost_high=D(2)), "EUR")
    request_facts.put(request, Facts(cost_low=D(1), cost_high=D(3)), "USD")
    assert request.currency == "EUR"
    request_facts.put(request, Facts(), "USD")
    assert request.currency == ""


def test_of_what_is_known_only_what_is_known_is_told() -> None:
    request = Request(title="A", business_need="B")
    request_facts.put(request, Facts(value_low=D(10), value_high=D(20), hours_low=D(3), hours_high=D(3)), "CHF")
    assert request_facts.told(request) == [
        ("Worth", "CHF\N{NO-BREAK SPACE}10 to 20 a year"),
        ("Work", "3 hours"),
    ]


# ---- As people type it


@pytest.mark.parametrize(
    ("typed", "figure"),
    [
        ("20000", "20000"),
        ("20,000", "20000"),
        ("20.000", "20000"),
        ("20 000", "20000"),
        ("20'000", "20000"),
        ("1.250.000", "1250000"),
        ("20,000.50", "20000.50"),
        ("20.000,50", "20000.50"),
        ("7,5", "7.5"),
        ("0.125", "0.125"),
        ("€ 35k", "35000"),
        ("1.5m", "1500000"),
        ("35 EUR", "35"),
        ("-4", "-4"),
    ],
)
def test_figures_are_read_as_people_type_them(typed: str, figure: str) -> None:
    assert amounts.read(typed) == D(figure)


@pytest.mark.parametrize("typed", ["lots", "1e9", "NaN", "1..2", "12-14", ",", "٣٤x", "--5", "5 to 7"])
def test_what_is_no_figure_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="figure"):
        amounts.read(typed)


@given(st.text(max_size=40) | st.text("0123456789.,'kmEUR€ -", max_size=12))
def test_whatever_is_typed_gives_a_figure_or_a_word_about_it(typed: str) -> None:
    with suppress(ValueError):
        assert amounts.read(typed).is_finite()
