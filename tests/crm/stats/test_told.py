from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.stats.promoters import Promoters
from crm.stats.scale import PERCENT, RATING, SEVEN
from crm.stats.scores import score_of
from crm.stats.told import told, told_promoters, told_share, withheld
from crm.stats.wilson import satisfied, share_of


@pytest.mark.parametrize(
    ("ratings", "asked", "said"),
    [
        ([], 0, "Not rated yet"),
        ([], 1, "Not rated yet, one person asked"),
        ([], 7, "Not rated yet, seven people asked"),
        ([], 31, "Not rated yet, 31 people asked"),
        ([4], 1, "4: one person’s view"),
        ([4], 7, "4: one person’s view, of 7 asked"),
        ([2, 3, 4], 3, "3.0: everyone answered, 3 of 3"),
        ([4, 4, 4], 7, "4.0 from 3 of 7 people, all the same"),
        ([3, 3, 3, 3, 4], 7, "3.2 from 5 of 7 people, 2.9–3.5"),
        ([5, 4, 4, 3], 6, "4.0 from 4 of 6 people, 3.2–4.8"),
    ],
)
def test_a_score_is_never_naked(ratings: list[int], asked: int, said: str) -> None:
    assert told(score_of(ratings, asked)).sentence == said


def test_a_share_is_told_in_per_cent() -> None:
    assert told_share(satisfied([5, 4, 4, 4, 1]), 9).sentence == "80 % from 5 of 9 people, 38–96 %"
    assert told_share(share_of(3, 3), 3).sentence == "100 %: everyone answered, 3 of 3"
    assert told_share(share_of(0, 0), 3).sentence == "Not rated yet, three people asked"


def test_a_net_promoter_score_is_told_with_its_adjusted_range() -> None:
    assert told_promoters(Promoters(6, 4, 2), 20).sentence == "33 from 12 of 20 people, −11 to 65"
    assert told_promoters(Promoters(0, 0, 1), 4).sentence == "−100: one person’s view, of 4 asked"
    assert told_promoters(Promoters(0, 0, 0), 4).value is None


def test_what_is_withheld_says_from_when_it_shows() -> None:
    hidden = withheld(4, 9, 5)
    assert (hidden.value, hidden.text, hidden.sentence) == (None, "?", "Scores show from five answers")


def test_more_answers_than_people_are_refused() -> None:
    with pytest.raises(ValueError, match="3 answers from 2 people"):
        told_share(share_of(1, 3), 2)


@given(st.integers(0, 40), st.integers(0, 40), st.data())
def test_a_range_stands_only_beside_several_who_are_not_all(n: int, silent: int, data: st.DataObject) -> None:
    share = told_share(share_of(data.draw(st.integers(0, n)), n), n + silent)
    assert (share.interval is not None) == (n > 1 and silent > 0)
    assert (share.value is None) == (n == 0) == (not share.is_known)
    assert share.words


def test_figures_are_written_as_people_do() -> None:
    assert RATING.text(-0.04) == "0.0"
    assert RATING.text(-1.25, 2) == "−1.25"
    assert PERCENT.span(-5, 12) == "−5 to 12 %"
    assert SEVEN.onto(RATING, 4) == 3
    assert RATING.onto(PERCENT, 5) == 100
