"""A pack reads the same after it was kept as JSON."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.documents import content
from crm.services.packs import keeping

#: A JSON column of PostgreSQL holds neither infinity nor what is no number.
FINITE = st.floats(allow_nan=False, allow_infinity=False)
PERHAPS = st.none() | FINITE
CELLS = st.builds(content.Cell, value=PERHAPS)
POINTS = st.builds(content.Point, value=PERHAPS)
BAR = st.builds(content.Bar, value=FINITE, of=FINITE, low=PERHAPS, high=PERHAPS)
BLOCKS = st.one_of(
    st.from_type(content.Text),
    st.from_type(content.Items),
    st.from_type(content.Figure),
    st.builds(content.Table, rows=st.tuples(st.tuples(CELLS, CELLS), st.tuples(CELLS))),
    st.builds(content.Line, points=st.tuples(POINTS, POINTS), low=FINITE, high=FINITE, mean=PERHAPS, lower=PERHAPS),
    st.builds(content.Bars, bars=st.tuples(BAR, BAR)),
)
SECTIONS = st.builds(content.Section, blocks=st.lists(BLOCKS, max_size=3).map(tuple))


@settings(max_examples=40)
@given(st.builds(content.Pack, sections=st.lists(SECTIONS, max_size=3).map(tuple)))
def test_what_was_kept_reads_the_same(pack: content.Pack) -> None:
    kept = json.loads(json.dumps(keeping.to_json(pack), allow_nan=False))
    assert keeping.from_json(kept) == pack


def test_what_a_later_version_added_has_its_default() -> None:
    pack = content.Pack("t", "s", "b", "l", "u", "m", (content.Section("one", (content.Text("x"),)),))
    kept = keeping.to_json(pack)
    del kept["language"], kept["sections"][0]["aside"]
    kept["unheard_of"] = 1
    assert keeping.from_json(kept) == pack
