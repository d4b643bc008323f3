"""One sentence says what needs the CIO and what changed for real: from facts, whatever they are."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crm.services.portfolio_sentence import Known, Need, Signal, of

TODAY = date(2026, 11, 23)
FINANCE = Signal(1, "Finance", ["refused without an alternative, twice"])
MANUFACTURING = Signal(2, "Manufacturing")
MARKETING = Need(3, "Marketing", "has had no rep since 1 October")
PEOPLE = Need(4, "Human Resources", "has missed two reviews, none held since 3 February")
RATES_LOWER = Need(1, "Finance", "rates us lower: 2.3 of 5 from all three people, was 3.3")


def said(total: int = 12, needing: int = 0, **known: Any) -> str:
    return of(Known(total, needing, **known), TODAY).text


def test_the_story_of_the_demonstration() -> None:
    lede = of(
        Known(
            12,
            2,
            slipping=[FINANCE],
            slipping_in_all=1,
            needs=[MARKETING, RATES_LOWER],
            better=[MANUFACTURING],
            better_in_all=1,
        ),
        TODAY,
    )
    assert lede.finding == "Two of twelve relationships need you."
    assert lede.rest == (
        "Finance is slipping, and that is not noise: refused without an alternative, twice. "
        "Marketing has had no rep since 1 October. Manufacturing is clearly better."
    )


def test_a_signal_that_came_up_with_the_newest_week_is_news() -> None:
    text = said(needing=1, slipping=[Signal(1, "Finance", is_new=True)], slipping_in_all=1)
    assert "Finance has begun to slip this week, and that is not noise." in text


def test_without_a_signal_nothing_is_said_to_slip_or_to_be_better() -> None:
    text = said(needing=1, needs=[RATES_LOWER])
    assert text == (
        "One of twelve relationships needs you. Finance rates us lower: 2.3 of 5 from all three people, was 3.3."
    )


def test_a_rating_that_rose_is_said_when_nothing_is_better_for_real() -> None:
    higher = Need(2, "Manufacturing", "rates us higher: 5 of 5 from all three people, was 4")
    assert "Manufacturing rates us higher: 5 of 5" in said(rated_higher=higher)
    text = said(rated_higher=higher, better=[MANUFACTURING], better_in_all=1)
    assert "rates us higher" not in text
    assert "Manufacturing is clearly better." in text


def test_who_slips_is_named_once_although_it_needs_attention_too() -> None:
    text = said(needing=2, slipping=[FINANCE], slipping_in_all=1, needs=[RATES_LOWER, MARKETING])
    assert text.count("Finance") == 1
    assert "rates us lower" not in text


def test_few_are_named_and_the_others_counted() -> None:
    slipping = [
        Signal(at, name, ["nothing offered"]) for at, name in enumerate(("Finance", "Legal", "Research", "Sales"), 11)
    ]
    text = said(500, 40, slipping=slipping, slipping_in_all=9, needs=[MARKETING, PEOPLE, Need(9, "Care", "is late")])
    assert text.startswith("40 of 500 relationships need you. Finance is slipping, and that is not noise: nothing")
    assert "Legal is slipping too. Seven more are slipping." in text
    assert "Research" not in text
    assert "Human Resources has missed two reviews, none held since 3 February. 29 more need a look." in text
    assert "Care" not in text


@pytest.mark.parametrize(
    ("known", "finding"),
    [
        ({"total": 0}, "No relationship is here yet."),
        ({"total": 0, "is_part": True}, "No relationship matches."),
        ({"total": 1}, "The only relationship here needs nothing from you today."),
        ({"total": 1, "needing": 1}, "The only relationship here needs you today."),
        ({"total": 3}, "None of three relationships needs you today."),
        ({"total": 3, "needing": 3}, "All three relationships need you."),
        ({"total": 5, "needing": 1, "is_part": True}, "One of five relationships here needs you."),
    ],
)
def test_the_finding_fits_the_number(known: dict[str, Any], finding: str) -> None:
    assert of(Known(**({"needing": 0} | known)), TODAY).finding == finding


def test_of_a_day_of_the_past_only_health_is_told() -> None:
    known = Known(12, 0, slipping=[FINANCE], slipping_in_all=1, needs=[MARKETING], past=date(2026, 10, 5))
    lede = of(known, TODAY)
    assert lede.finding == "On 5 October one of twelve relationships was slipping."
    assert "Finance was slipping: refused without an alternative" in lede.rest
    assert "Marketing" not in lede.text
    calm = of(Known(12, 0, better=[MANUFACTURING], better_in_all=1, past=date(2026, 10, 5)), TODAY)
    assert calm.text == "On 5 October none of twelve relationships was slipping. Manufacturing was clearly better."
