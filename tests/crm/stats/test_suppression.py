"""Nobody who may see the figures can work out one about fewer people than was promised."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.stats.suppression import COMMENTS_FROM, SCORES_FROM, blocks, reveals, suppressed

Groups = dict[str, frozenset[int]]


def unit_of(**sizes: int) -> Groups:
    """A unit's answers by role, and all together."""
    answers = iter(range(sum(sizes.values())))
    roles = {role: frozenset(next(answers) for _ in range(size)) for role, size in sizes.items()}
    return {"all": frozenset().union(*roles.values()), **roles}


def found_out(shown: Sequence[Collection[Hashable]]) -> Iterable[int]:
    """About how many answers each sum and difference of these figures is: tried one after the other."""
    everybody = sorted({answer for answers in shown for answer in answers}, key=str)
    for signs in product((-1, 0, 1), repeat=len(shown)):
        counts = [sum(sign for sign, answers in zip(signs, shown, strict=True) if one in answers) for one in everybody]
        yield sum(map(bool, counts))


def is_safe(shown: Sequence[Collection[Hashable]], least: int) -> bool:
    return not any(0 < size < least for size in found_out(shown))


def left(groups: Mapping[str, Collection[Hashable]], hidden: set[str]) -> list[Collection[Hashable]]:
    return [answers for key, answers in groups.items() if key not in hidden and answers]


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ({"a": 4}, {"all", "a"}),
        ({"a": 5}, set()),
        ({"a": 4, "b": 5}, {"a", "b"}),
        ({"a": 4, "b": 6, "c": 10}, {"a", "b"}),
        ({"a": 2, "b": 2, "c": 11}, {"a", "b", "c"}),
        ({"a": 2, "b": 3, "c": 11}, {"a", "b"}),
        ({"a": 5, "b": 6, "c": 0}, set()),
        ({"a": 2, "b": 2}, {"all", "a", "b"}),
        ({"a": 4, "b": 5, "c": 6}, {"a", "b"}),
    ],
)
def test_hiding_one_subgroup_hides_a_second_where_subtraction_would_reveal_it(
    sizes: dict[str, int], hidden: set[str]
) -> None:
    assert suppressed(unit_of(**sizes)) == hidden


def test_comments_take_ten() -> None:
    sizes = {"a": 9, "b": 10, "c": 11}
    assert suppressed(unit_of(**sizes), least=COMMENTS_FROM) == {"a", "b"}
    assert suppressed(unit_of(**sizes), least=SCORES_FROM) == set()


@pytest.mark.parametrize(("before", "now", "is_hidden"), [(5, 6, True), (5, 9, True), (5, 10, False), (6, 11, False)])
def test_later_answers_show_only_once_they_are_enough_among_themselves(before: int, now: int, is_hidden: bool) -> None:
    assert suppressed({"now": range(now)}, shown_before=[range(before)]) == ({"now"} if is_hidden else set())


def test_what_was_shown_may_be_shown_again() -> None:
    assert suppressed({"now": range(5)}, shown_before=[range(5)]) == set()


def test_a_deleted_or_corrected_answer_does_not_show_by_the_difference() -> None:
    before = ["a1", "b1", "c1", "d1", "e1", "f1"]
    assert suppressed({"deleted": before[:-1]}, shown_before=[before]) == {"deleted"}
    assert suppressed({"corrected": [*before[:-1], "f2"]}, shown_before=[before]) == {"corrected"}


def test_a_report_by_role_and_one_by_place_are_thought_of_together() -> None:
    answers = range(20)
    by_role = {"clerks": range(10), "leads": range(10, 20)}
    by_place = {"north": range(4, 14), "south": [*range(4), *range(14, 20)]}
    assert suppressed({"all": answers, **by_role, **by_place}) == set()
    one_apart = {"east": range(9), "west": range(9, 20)}
    assert suppressed({"all": answers, **by_role, **one_apart}) == {"clerks", "leads"}


def test_too_many_tiny_remainders_are_hidden_unsearched() -> None:
    chain = [range(start, start + 6) for start in range(30)]
    assert reveals(chain)


sizes = st.lists(st.sampled_from([0, 1, 2, 4, 5, 6, 9, 10, 11]), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(sizes, st.sampled_from([SCORES_FROM, COMMENTS_FROM]))
def test_a_report_by_subgroup_cannot_be_undone_by_subtraction(counts: list[int], least: int) -> None:
    groups = unit_of(**{f"role{at}": count for at, count in enumerate(counts)})
    hidden = suppressed(groups, least=least)
    assert is_safe(left(groups, hidden), least)
    assert {key for key, answers in groups.items() if 0 < len(answers) < least} <= hidden


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(st.integers(0, 11), min_size=1), min_size=1, max_size=6), st.integers(0, 3))
def test_any_reports_one_after_the_other_cannot_be_undone(reports: list[set[int]], first: int) -> None:
    earlier = {str(at): answers for at, answers in enumerate(reports[:first])}
    shown = left(earlier, suppressed(earlier))
    later = {str(at): answers for at, answers in enumerate(reports[first:])}
    shown += left(later, suppressed(later, shown_before=shown))
    assert is_safe(shown, SCORES_FROM)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=4, max_size=11), st.lists(st.integers(0, 2), min_size=11, max_size=11))
def test_crossed_groupings_cannot_be_undone(roles: list[int], places: list[int]) -> None:
    groups: Groups = {"all": frozenset(range(len(roles)))}
    for name, of in (("role", roles), ("place", places[: len(roles)])):
        for each in range(3):
            groups[f"{name}{each}"] = frozenset(at for at, value in enumerate(of) if value == each)
    assert is_safe(left(groups, suppressed(groups)), SCORES_FROM)


def test_what_grows_over_time_shows_in_blocks_that_never_change() -> None:
    assert blocks([("a", 2), ("b", 2), ("c", 1), ("d", 4)]) == [["a", "b", "c"]]
    assert blocks([("a", 7), ("b", 0), ("c", 5)]) == [["a"], ["b", "c"]]
    assert blocks([]) == []


@given(st.lists(st.integers(0, 7), max_size=20))
def test_no_two_readings_of_what_grows_differ_by_fewer_than_the_threshold(sizes: list[int]) -> None:
    rounds = list(enumerate(sizes))
    readings = [blocks(rounds[:many]) for many in range(len(rounds) + 1)]
    for before, after in pairwise(readings):
        assert after[: len(before)] == before
        for block in after[len(before) :]:
            assert sum(sizes[key] for key in block) >= SCORES_FROM
