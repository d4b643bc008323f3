"""What a round opens for, written and read in one place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.services.rounds.days import MONTHS, months_of, project_occasion


@given(st.integers(1, 10**9), st.sampled_from(MONTHS))
def test_an_occasion_of_a_project_says_how_many_months_after(project_id: int, months: int) -> None:
    assert months_of(project_occasion(project_id, months)) == months


@pytest.mark.parametrize("occasion", [None, "", "review:12:pulse", "unit:5:2026-10:survey", "project:", "project:7:m"])
def test_no_other_occasion_says_so(occasion: str | None) -> None:
    assert months_of(occasion) is None
