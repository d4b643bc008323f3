"""Who reports to whom: faults found, and places that always form a forest."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crm.services.organisation_import.hierarchy import Fault, Place, faults, places

#: Any superior for any post: cycles, strangers and several tops included.
ANY = st.integers(1, 30).flatmap(
    lambda size: st.lists(st.one_of(st.none(), st.integers(0, size + 2)), min_size=size, max_size=size)
)


def named(superiors: list[int | None]) -> dict[str, str | None]:
    return {str(post): None if superior is None else str(superior) for post, superior in enumerate(superiors)}


def test_faults_are_told_apart() -> None:
    superiors = {"top": None, "a": "b", "b": "a", "self": "self", "lost": "nobody", "below": "a", "fine": "top"}
    assert faults(superiors) == {"a": Fault.CYCLE, "b": Fault.CYCLE, "self": Fault.ITSELF, "lost": Fault.UNKNOWN}


def test_posts_that_are_not_taken_pass_on_what_is_above_them() -> None:
    superiors = {"ceo": None, "gone": "ceo", "clerk": "gone", "astray": "lost", "lost": "nobody"}
    found = places(superiors, {"lost"}, {"ceo", "clerk", "astray"})
    assert found == {
        "ceo": Place(None, 0, True, 1),
        "clerk": Place("ceo", 1, True),
        "astray": Place(None, 0, False),
    }


def test_a_chain_of_25000_is_no_problem() -> None:
    superiors: dict[str, str | None] = {str(n): str(n + 1) for n in range(25_000)} | {"25000": None}
    found = places(superiors, faults(superiors), superiors)
    assert (found["0"].depth, found["25000"].below) == (25_000, 25_000)


@given(superiors=ANY, data=st.data())
def test_whoever_is_taken_stands_one_below_somebody_taken_or_at_a_top(
    superiors: list[int | None], data: st.DataObject
) -> None:
    posts = named(superiors)
    faulty = faults(posts)
    taken = {post for post in posts if data.draw(st.booleans())}
    found = places(posts, faulty, taken)
    assert found.keys() == taken - faulty.keys()
    for place in found.values():
        if place.superior is None:
            assert place.depth == 0
        else:
            above = found[place.superior]
            assert (place.depth, place.reaches_top) == (above.depth + 1, above.reaches_top)
    assert sum(place.below for place in found.values()) == sum(place.depth for place in found.values())


@given(superiors=ANY)
def test_without_its_faulty_ones_every_hierarchy_ends(superiors: list[int | None]) -> None:
    posts = named(superiors)
    sound = {post: above for post, above in posts.items() if post not in faults(posts)}
    for post in sound:
        steps, above = 0, sound[post]
        while above in sound:
            steps, above = steps + 1, sound[above]
            assert steps <= len(sound)
