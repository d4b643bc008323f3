"""Units derived from who reports to whom."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.crm.services.organisation_import.files import personnel, refusals

UNIT_NAMES = ["Finance", "Legal", "Sales", "finance ", "Works"]
#: For each post but the first: how far up the file its superior stands, and its unit. Always a tree.
TREES = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(UNIT_NAMES)), min_size=1, max_size=40)


def parents(*rows: str, root: str = "") -> dict[str, str | None]:
    return {unit.code: unit.parent_code for unit in personnel(*rows, root=root).units.values()}


def heads(*rows: str) -> dict[str, str]:
    return personnel(*rows).heads


def test_the_head_is_the_post_nearest_the_top_and_the_parent_is_the_unit_of_whom_the_head_reports_to() -> None:
    rows = ["3,2,Audit,Clerk,Cy,", "2,1,Finance,Director,Bo,", "1,,Board,Chief,Ann,", "4,3,Finance,Clerk,Di,"]
    assert heads(*rows) == {"audit": "3", "finance": "2", "board": "1"}
    assert parents(*rows) == {"audit": "finance", "finance": "board", "board": None}
    assert personnel(*rows).members == {"4": "finance"}


def test_among_posts_equally_near_the_one_with_most_posts_below_is_head_then_the_first() -> None:
    assert heads("1,,Board,Chief,A,", "2,1,Legal,,B,", "3,1,Legal,,C,", "4,3,Legal,,D,")["legal"] == "3"
    assert heads("1,,Board,Chief,A,", "2,1,Legal,,B,", "3,1,Legal,,C,")["legal"] == "2"


def test_a_vacant_post_is_head_only_where_nobody_is_as_near() -> None:
    assert heads("1,,Board,Chief,A,", "2,1,Legal,Head,Vacant,", "3,1,Legal,Deputy,C,")["legal"] == "3"
    plan = personnel("1,,Board,Chief,A,", "2,1,Legal,Head,Vacant,", "3,2,Legal,Deputy,C,")
    assert plan.heads["legal"] == "2"
    assert plan.people["2"].name == "Head (vacant)"


def test_units_that_differ_in_case_and_blanks_only_are_one() -> None:
    plan = personnel("1,,Human Resources,Chief,A,", "2,1,human  resources ,Clerk,B,")
    assert [(unit.code, unit.name) for unit in plan.units.values()] == [("human resources", "Human Resources")]


def test_a_name_that_is_not_told_gives_way_to_the_job_title() -> None:
    plan = personnel(
        "1,,Board,Chief,N/D,", "2,1,Board,Clerk,,", "3,1,Board,Cook,n/a,", "4,1,Board,N/A,N/D,", "5,1,Board,,,"
    )
    assert [person.name for person in plan.people.values()] == ["Chief", "Clerk", "Cook"]
    assert set(refusals(plan)) == {5, 6}
    assert refusals(plan)[5] == "It has neither a name nor a job title."


def test_an_eliminated_post_is_refused_and_whoever_reports_to_it_hangs_on_the_post_above() -> None:
    rows = ["1,,Board,Chief,A,", "2,1,Sales,Director,ELIMINATED,", "3,2,Sales,Manager,C,", "4,2,Shop,Manager,D,"]
    plan = personnel(*rows)
    assert "eliminated" in refusals(plan)[3]
    assert plan.heads == {"board": "1", "sales": "3", "shop": "4"}
    assert parents(*rows) == {"board": None, "sales": "board", "shop": "board"}


def test_a_row_that_stands_for_the_top_is_no_post() -> None:
    plan = personnel("root,,,,,", "1,root,Board,Chief,A,", "2,root,Legal,Chief,B,")
    assert plan.refused == []
    assert plan.heads == {"board": "1", "legal": "2"}
    assert "Line 2 stands for the top" in plan.notes[0]


def test_what_cannot_be_in_a_hierarchy_is_refused_by_line() -> None:
    plan = personnel(
        "1,,Board,Chief,A,",
        "2,2,Board,Self,B,",
        "3,4,Board,Round,C,",
        "4,3,Board,Round,D,",
        "5,99,Board,Lost,E,",
        "1,,Board,Twin,F,",
        ",1,Board,Nobody,G,",
        "8,1,,Unitless,H,",
        "9,1,Board,Fine,I,",
    )
    assert refusals(plan) == {
        3: "2 reports to itself. Leave the cell empty if nobody is above.",
        4: "3 and 4 in line 5 stand above each other, so neither has a top.",
        5: "4 and 3 in line 4 stand above each other, so neither has a top.",
        6: "It reports to 99, and no row that can be read has that id.",
        7: "The id 1 is already in line 2.",
        8: "It has no id.",
        9: "It names no unit.",
    }
    assert list(plan.people) == ["1", "9"]


def test_whoever_reports_to_a_refused_row_is_taken_but_is_no_head_where_somebody_else_could_be() -> None:
    plan = personnel(
        "1,,Board,Chief,A,", "2,99,Legal,Lost,B,", "3,2,Legal,Astray,C,", "4,1,Works,W,D,", "5,4,Legal,L,E,"
    )
    assert plan.heads == {"board": "1", "legal": "5", "works": "4"}
    assert plan.members == {"3": "legal"}
    assert "1 people" in plan.notes[0] or "report, at the end" in plan.notes[0]


def test_impossible_and_double_addresses_are_refused_by_line_and_missing_ones_are_not() -> None:
    plan = personnel(
        "1,,Board,Chief,A,a@fernhill.example",
        "2,1,Board,Clerk,B,",
        "3,1,Board,Clerk,C,not an address",
        "4,1,Board,Clerk,D,A@Fernhill.example",
        "5,1,Board,Clerk,E,n/a",
    )
    assert list(plan.people) == ["1", "2", "5"]
    assert "“not an address”" in refusals(plan)[4]
    assert refusals(plan)[5] == "The e-mail address A@Fernhill.example is already in line 2."


def test_cells_that_hold_what_is_not_text_are_refused_by_line() -> None:
    plan = personnel("1,,Board,Chief,A\x07,", "2,,Board,Chief," + "x" * 201 + ",", "3,,Board,Chief,\u200b\u200b,")
    assert "holds a character that is not text" in refusals(plan)[2]
    assert "has 201 characters" in refusals(plan)[3]
    assert plan.people["3"].name == "Chief"


def test_in_a_tree_of_its_own_everything_begins_with_its_name() -> None:
    plan = personnel("1,,Board,Chief,A,", "2,1,Legal,Clerk,B,", root="Ministry  of Works")
    assert {unit.code: unit.parent_code for unit in plan.units.values()} == {
        "ministry of works": None,
        "ministry of works › board": "ministry of works",
        "ministry of works › legal": "ministry of works › board",
    }
    assert plan.people["ministry of works › 1"].external_id == "ministry of works › 1"


@given(posts=TREES, order=st.randoms(use_true_random=False))
def test_any_tree_of_posts_gives_a_forest_with_exactly_one_head_for_each_unit(
    posts: list[tuple[int, str]], order: object
) -> None:
    rows = ["0,,Board,Chief,Ann,"]
    for number, (up, unit) in enumerate(posts, start=1):
        rows.append(f"{number},{up % number},{unit},Clerk,Person {number},")
    order.shuffle(rows)  # type: ignore[attr-defined]
    plan = personnel(*rows)
    assert plan.refused == []
    assert plan.heads.keys() == plan.units.keys()
    assert len(set(plan.heads.values())) == len(plan.units)
    assert plan.heads.values() | plan.members.keys() == plan.people.keys()
    for code in plan.units:
        seen = set()
        above: str | None = code
        while above is not None:
            assert above not in seen
            seen.add(above)
            above = plan.units[above].parent_code


@given(
    rows=st.lists(
        st.tuples(*[st.sampled_from(["", "1", "2", "3", "Vacant", "ELIMINATED", "x@y.example"])] * 6), max_size=12
    )
)
def test_any_rows_whatever_give_a_plan_that_holds_together(rows: list[tuple[str, ...]]) -> None:
    plan = personnel("0,,Board,Chief,Ann,", *(",".join(row) for row in rows))
    named = set(plan.heads.values()) | plan.members.keys()
    assert named == plan.people.keys()
    assert plan.heads.keys() == plan.units.keys()
    assert all(unit.parent_code in plan.units or unit.parent_code is None for unit in plan.units.values())
    blank = sum(1 for row in rows if not any(row))
    brackets = sum(1 for row in rows if row[0] and not any(row[1:5]))
    assert len(plan.people) + len(plan.refused) >= 1 + len(rows) - blank - brackets
