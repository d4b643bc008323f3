"""A personnel list, as every HR system exports it: one row per post. The units are derived from who reports to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from crm.services.organisation_import import hierarchy
from crm.services.organisation_import.cells import ELIMINATED, NOT_SAID, VACANT, Cells, RowRefused, folded
from crm.services.organisation_import.columns import Columns
from crm.services.organisation_import.hierarchy import Fault, Place
from crm.services.organisation_import.tables import Row, Table
from crm.services.organisation_import.wanted import Progress, Tree, Wanted, WantedPerson, WantedUnit, silent, watched
from models.person import email_key


@dataclass(frozen=True, slots=True)
class Post:
    """One row. ``superior`` is None at the top.

    ``refusal``: why nobody is taken from it, although others may report to it.
    """

    line: int
    id: str
    superior: str | None
    unit: str
    name: str
    job_title: str
    email: str | None
    is_vacant: bool = False
    #: A row that only stands for "above everybody".
    is_bracket: bool = False
    refusal: str | None = None


def wanted(table: Table, columns: Columns, tree: Tree, progress: Progress = silent) -> Wanted:
    """Units, people and heads. The head of a unit is its post nearest the top; the unit's parent is that of the post
    the head reports to. Among posts equally near: one with somebody in it, then the one with most posts below, then
    the first in the file.
    """
    plan = Wanted(tree, rows=table.size, refused=list(table.refused), places_people=True)
    posts = _posts(watched(table, progress), columns, plan)
    superiors = {post.id: post.superior for post in posts.values()}
    faulty = hierarchy.faults(superiors)
    for post in posts.values():
        reason = _fault_reason(post, faulty.get(post.id), posts) or post.refusal
        if reason:
            plan.refuse(post.line, reason)
    taken = {post.id: post for post in posts.values() if not (post.refusal or post.is_bracket or post.id in faulty)}
    places = hierarchy.places(superiors, faulty, taken)
    _add_people(plan, taken)
    _add_units(plan, taken, places)
    _add_notes(plan, posts, places)
    plan.refused.sort(key=lambda refusal: refusal.line)
    return plan


def _posts(rows: Iterable[Row], columns: Columns, plan: Wanted) -> dict[str, Post]:
    """The rows by id, in the order of the file. A row whose id cannot be trusted is refused at once."""
    posts: dict[str, Post] = {}
    addresses: dict[str, int] = {}
    for row in rows:
        try:
            post = _post(row, columns, addresses)
            if post.id in posts:
                raise RowRefused(f"The id {post.id} is already in line {posts[post.id].line}.")
        except RowRefused as refused:
            plan.refuse(row.line, str(refused))
        else:
            posts[post.id] = post
            if post.email and not post.refusal:
                addresses[email_key(post.email) or ""] = post.line
    return posts


def _post(row: Row, columns: Columns, addresses: dict[str, int]) -> Post:
    cells = Cells(row, columns)
    own_id, superior = cells.text("id"), cells.text("superior") or None
    if not own_id:
        raise RowRefused("It has no id.")
    unit, said, title = cells.text("unit"), cells.text("name"), cells.text("job_title")
    if folded(title) in NOT_SAID:
        title = ""
    if not (unit or said or title or superior):
        return Post(row.line, own_id, None, "", "", "", None, is_bracket=True)
    name, vacant = _name(said, title)
    refusal, email = None, None
    try:
        email = cells.email("email")
        _refuse(unit, said, name, email, addresses)
    except RowRefused as refused:
        refusal = str(refused)
    return Post(row.line, own_id, superior, unit, name, title, email, vacant, refusal=refusal)


def _name(said: str, title: str) -> tuple[str, bool]:
    """What to call who holds the post, and whether nobody does. A name that is not told gives way to the job title."""
    if folded(said) in VACANT:
        return (f"{title} (vacant)" if title else ""), True
    return (title if folded(said) in NOT_SAID else said), False


def _refuse(unit: str, said: str, name: str, email: str | None, addresses: dict[str, int]) -> None:
    if folded(said) in ELIMINATED:
        raise RowRefused(
            "The post is marked as eliminated. Whoever reports to it is taken to report to the post above."
        )
    if not unit:
        raise RowRefused("It names no unit.")
    if not name:
        raise RowRefused("It has neither a name nor a job title.")
    clash = addresses.get(email_key(email) or "")
    if clash:
        raise RowRefused(f"The e-mail address {email} is already in line {clash}.")


def _fault_reason(post: Post, fault: Fault | None, posts: dict[str, Post]) -> str | None:
    if fault is Fault.ITSELF:
        return f"{post.id} reports to itself. Leave the cell empty if nobody is above."
    if fault is Fault.UNKNOWN:
        return f"It reports to {post.superior}, and no row that can be read has that id."
    if fault is Fault.CYCLE and post.superior:
        line = posts[post.superior].line
        return f"{post.id} and {post.superior} in line {line} stand above each other, so neither has a top."
    return None


def _add_people(plan: Wanted, taken: dict[str, Post]) -> None:
    for post in taken.values():
        own = plan.tree.own(post.id)
        plan.people[own] = WantedPerson(post.line, own, post.name, post.job_title, post.email, external_id=own)


def _add_units(plan: Wanted, taken: dict[str, Post], places: dict[str, Place]) -> None:
    staff: dict[str, list[Post]] = defaultdict(list)
    for post in taken.values():
        staff[folded(post.unit)].append(post)
    root = plan.tree.root_unit()
    if root and staff:
        plan.units[root.code] = root
    for unit, posts in staff.items():
        head = min(posts, key=lambda post: _nearness(post, places[post.id]))
        above = places[head.id].superior
        parent = plan.tree.own(folded(taken[above].unit)) if above else plan.tree.code
        code = plan.tree.own(unit)
        plan.units[code] = WantedUnit(posts[0].line, code, posts[0].unit, parent, is_derived=True)
        plan.heads[code] = plan.tree.own(head.id)
        plan.members |= {plan.tree.own(post.id): code for post in posts if post is not head}


def _nearness(post: Post, place: Place) -> tuple[bool, int, bool, int, int]:
    """Sorts the head of a unit first."""
    return (not place.reaches_top, place.depth, post.is_vacant, -place.below, post.line)


def _add_notes(plan: Wanted, posts: dict[str, Post], places: dict[str, Place]) -> None:
    brackets = [post for post in posts.values() if post.is_bracket]
    if brackets:
        lines = ", ".join(str(post.line) for post in brackets[:3])
        plan.notes.append(f"Line {lines} stands for the top of the tree only: no unit, nobody in it.")
    astray = sum(not place.reaches_top for place in places.values())
    if astray:
        plan.notes.append(
            f"{astray:,} people report, at the end, to a refused row. They are taken, and become head of a unit only "
            "where nobody else could."
        )
