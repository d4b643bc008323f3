from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crm.services.rounds import drawing
from crm.services.rounds.drawing import Able
from models import Part

PARTS = st.sampled_from([Part.KEY_USER, Part.MEMBER])
GROUPS = st.lists(st.tuples(st.integers(1, 4), PARTS), min_size=1, max_size=150).map(
    lambda found: [Able(number, unit_id, part) for number, (unit_id, part) in enumerate(found, start=1)]
)


@given(group=GROUPS, size=st.integers(5, 60), seed=st.text(max_size=8))
def test_each_unit_and_role_is_drawn_in_proportion_and_the_draw_can_be_made_again(
    group: list[Able], size: int, seed: str
) -> None:
    found = drawing.drawn(group, size=size, seed=seed)
    if len(group) <= size:
        assert (len(found.person_ids), found.record) == (len(group), None)
        return
    assert len(set(found.person_ids)) == len(found.person_ids) == size
    assert found.record is not None
    assert drawing.again(found.record) == found.person_ids
    assert drawing.drawn(list(reversed(group)), size=size, seed=seed) == found
    for stratum in found.record["strata"]:
        of = {able.person_id for able in group if (able.unit_id, able.part) == (stratum["unit_id"], stratum["part"])}
        assert set(stratum["of"]) == of
        assert len(of & set(found.person_ids)) == stratum["take"]
        assert abs(stratum["take"] - size * len(of) / len(group)) < 1


def test_another_seed_draws_other_people_and_everybody_has_the_same_chance() -> None:
    group = [Able(number, 1, Part.MEMBER) for number in range(1, 101)]
    times = dict.fromkeys(range(1, 101), 0)
    for seed in range(400):
        for person_id in drawing.drawn(group, size=20, seed=str(seed)).person_ids:
            times[person_id] += 1
    # 400 draws of a fifth: 80 on average, with a standard deviation of 8; five of them are never passed.
    assert all(40 < count < 120 for count in times.values())
