"""Health adds up, and so does why it moved."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as some

from crm.stats.health import Change, Health, Level, Side, health_of, level_of, score_of, value_of, why_it_moved

NAMES = ("satisfaction", "rhythm", "promises", "engagement")
WEIGHTS = dict(zip(NAMES, (35, 20, 25, 20), strict=True))


@dataclass(frozen=True)
class Piece:
    credit: int
    weight: int = 1


pieces = some.builds(Piece, some.integers(0, 100), some.integers(1, 9))
items = some.dictionaries(some.integers(0, 12), pieces, max_size=6)
weights = some.fixed_dictionaries({name: some.integers(0, 60) for name in NAMES})
sides = some.builds(Side, some.fixed_dictionaries(dict.fromkeys(NAMES, items)), weights)
values = some.fixed_dictionaries({name: some.none() | some.integers(0, 100) for name in NAMES})


def test_the_value_of_a_component_is_the_weighted_mean_of_its_evidence() -> None:
    assert value_of([Piece(100), Piece(50), Piece(0, 2)]) == 38  # 37.5
    assert value_of([]) is None


def test_points_add_up_to_the_score_by_largest_remainder() -> None:
    found = health_of({"satisfaction": 66, "rhythm": 85, "promises": 70, "engagement": 40}, WEIGHTS)
    assert [(part.points, part.of) for part in found.parts.values()] == [(23, 35), (17, 20), (18, 25), (8, 20)]
    assert found.score == 66  # 23.1 + 17 + 17.5 + 8 = 65.6
    assert found.based_on == "based on 4 of 4 parts"


def test_what_is_not_known_is_left_out_and_never_counts_as_nothing() -> None:
    known = health_of({"satisfaction": 80, "rhythm": 80, "promises": None, "engagement": None}, WEIGHTS)
    assert (known.score, known.unknown, known.based_on) == (80, ("promises", "engagement"), "based on 2 of 4 parts")
    assert sum(part.of for part in known.parts.values()) == 100


def test_too_little_known_makes_no_score() -> None:
    one = health_of({"satisfaction": 80}, WEIGHTS)
    assert (one.score, one.level) == (None, Level.NOT_KNOWN)
    light = health_of({"rhythm": 80, "engagement": 80}, {**WEIGHTS, "rhythm": 10, "engagement": 10})
    assert light.score is None  # 20 of 80


def test_levels_have_fixed_thresholds() -> None:
    assert [level_of(score) for score in (None, 0, 49, 50, 64, 65, 79, 80, 100)] == [
        *(Level.NOT_KNOWN, Level.WEAK, Level.WEAK, Level.FAIR, Level.FAIR),
        *(Level.GOOD, Level.GOOD, Level.STRONG, Level.STRONG),
    ]


@given(values, weights)
def test_points_sum_to_the_score_and_none_brings_more_than_it_could(
    values: dict[str, int | None], weights: dict[str, int]
) -> None:
    found = health_of(values, weights)
    if found.parts:
        assert sum(part.of for part in found.parts.values()) == 100
        assert all(0 <= part.points <= part.of + (part.of == 0) for part in found.parts.values())
    if found.score is not None:
        assert sum(part.points for part in found.parts.values()) == found.score
        assert min(part.value for part in found.parts.values()) <= found.score
        assert found.score <= max(part.value for part in found.parts.values())
    assert {*found.parts, *found.unknown} == {name for name in NAMES if weights[name]}


@given(values, weights)
def test_the_score_alone_is_the_same(values: dict[str, int | None], weights: dict[str, int]) -> None:
    assert score_of(values, weights) == health_of(values, weights).score


@given(sides, sides)
def test_why_it_moved_sums_to_the_move(before: Side, after: Side) -> None:
    causes = why_it_moved(before, after)
    first, last = before.health.score, after.health.score
    if first is None or last is None:
        assert causes is None
    else:
        assert causes is not None
        assert sum(cause.points for cause in causes) == last - first


@given(sides, sides, some.randoms())
def test_the_order_of_evidence_does_not_matter(before: Side, after: Side, chance: object) -> None:
    turned = [_turned(side) for side in (before, after)]
    ours, theirs = why_it_moved(before, after), why_it_moved(*turned)
    assert before.health == turned[0].health
    assert {(one.change, one.component, one.key, one.exact) for one in ours or ()} == {
        (one.change, one.component, one.key, one.exact) for one in theirs or ()
    }


def _turned(side: Side) -> Side:
    return Side({name: dict(reversed(list(found.items()))) for name, found in side.items.items()}, side.weights)


def test_evidence_that_is_worse_than_the_rest_pulls_down_and_lifts_when_it_ages_out() -> None:
    good = {name: {1: Piece(80), 2: Piece(80)} for name in NAMES}
    worse = {**good, "promises": {**good["promises"], 3: Piece(20)}}
    down = why_it_moved(Side(good, WEIGHTS), Side(worse, WEIGHTS))
    up = why_it_moved(Side(worse, WEIGHTS), Side(good, WEIGHTS))
    assert down is not None
    assert [(cause.change, cause.component, cause.points) for cause in down] == [(Change.NEW, "promises", -5)]
    assert up is not None
    assert [(cause.change, cause.component, cause.points) for cause in up] == [(Change.GONE, "promises", 5)]


def test_other_weights_are_a_cause_of_their_own() -> None:
    items = {"satisfaction": {1: Piece(20)}, "rhythm": {1: Piece(100)}, "promises": {}, "engagement": {1: Piece(50)}}
    causes = why_it_moved(Side(items, WEIGHTS), Side(items, {**WEIGHTS, "satisfaction": 10, "rhythm": 45}))
    assert causes is not None
    assert [cause.change for cause in causes] == [Change.WEIGHTS]
    assert causes[0].points == 27  # 49.3 to 76


def test_a_component_that_becomes_known_is_one_cause() -> None:
    none: Health = Side({name: {} for name in NAMES}, WEIGHTS).health
    assert none.score is None
    two = {"satisfaction": {1: Piece(60)}, "rhythm": {1: Piece(60)}, "promises": {}, "engagement": {}}
    three = {**two, "engagement": {9: Piece(100)}}
    causes = why_it_moved(Side(two, WEIGHTS), Side(three, WEIGHTS))
    assert causes is not None
    assert [(one.change, one.component, one.points) for one in causes] == [(Change.KNOWN, "engagement", 11)]


def test_where_all_that_was_known_is_not_any_more_the_move_is_told_still() -> None:
    before = Side({"satisfaction": {1: Piece(80)}, "rhythm": {1: Piece(80)}}, WEIGHTS)
    after = Side({"promises": {1: Piece(20)}, "engagement": {1: Piece(20)}}, WEIGHTS)
    causes = why_it_moved(before, after)
    assert causes is not None
    assert sum(cause.points for cause in causes) == -60
