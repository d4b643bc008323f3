"""What waits, in a board pack: danger, who looks after whom, reviews, replies, complaints, and who was heard."""

from __future__ import annotations

from collections.abc import Iterator

from crm.documents.content import Cell, Item, Items, Section, Table, Text, Tone
from crm.services import words
from crm.services.outlook.told import Gap, Outlook, RepLine, Row, Sign


def sections(found: Outlook) -> Iterator[Section]:
    yield _danger(found)
    yield _cover(found)
    yield _reviews(found)
    yield _waiting(found)


def _danger(found: Outlook) -> Section:
    danger = found.danger
    said = f"{danger.units} of {danger.of} units show a sign of danger." if danger.signs else ""
    items = Items(tuple(_sign(sign) for sign in danger.rows), "No unit shows a sign of danger.")
    blocks = (Text(f"{words.counted(danger.signs, 'sign')} in all.", said), items) if said else (items,)
    evidence = tuple(f"{sign.row.unit_name}: what clears it: {sign.clears}" for sign in danger.rows if sign.clears)
    return Section("Danger zone", (*blocks, *_rest(danger.signs - len(danger.rows), "sign")), evidence=evidence)


def _sign(sign: Sign) -> Item:
    return Item(f"{sign.row.unit_name}: {sign.what}", sign.fact.says if sign.fact else "", tone=Tone.WORSE)


def _cover(found: Outlook) -> Section:
    cover = found.cover
    gone = tuple(Item(_without(row, found), tone=Tone.WORSE) for row in cover.without)
    gaps = tuple(Item(_gap(gap, found), tone=Tone.WORSE) for gap in cover.gaps)
    rest = _rest(cover.nobody - len(cover.without), "unit without a rep", "units without a rep")
    rows = tuple(_rep(rep, found) for rep in cover.reps)
    heads = ("Rep", "Units", "Hours in 30 days", "Hours asked for", "Overdue", "Away")
    table = Table("What each rep carries, the most overdue first.", heads, rows, "Nobody is a rep yet.")
    items = Items((*gone, *gaps), "Every unit has somebody.")
    evidence = ("Hours of the last thirty days, of those that the rhythm of each unit asks for; assignments of today.",)
    return Section("Cover and load", (items, *rest, table), evidence=evidence)


def _without(row: Row, found: Outlook) -> str:
    since = f" since {words.day(row.on, found.today)}" if row.on else ""
    return f"{row.unit_name} has no rep{since}"


def _gap(gap: Gap, found: Outlook) -> str:
    """Of an absence ``until`` is the day of the return; else the assignment ends on the row's own day."""
    if gap.absence_id is None:
        last = f" on {words.day(gap.row.on, found.today)}" if gap.row.on else " soon"
        return f"{gap.row.unit_name}: {gap.person} stops{last}, and nobody follows"
    back = f" until {words.day(gap.until, found.today)}" if gap.until else ""
    return f"{gap.row.unit_name}: {gap.person} is away{back}, and nobody covers"


def _rep(rep: RepLine, found: Outlook) -> tuple[Cell, ...]:
    return (
        Cell(rep.name),
        Cell(str(rep.units), value=rep.units),
        Cell(rep.hours, value=round(rep.minutes / 60, 1), tone=Tone.WORSE if rep.is_short else Tone.PLAIN),
        Cell(rep.hours_asked, value=round(rep.asked / 60, 1)),
        Cell(str(rep.overdue), value=rep.overdue, tone=Tone.WORSE if rep.overdue else Tone.PLAIN),
        Cell(_away(rep, found)),
    )


def _away(rep: RepLine, found: Outlook) -> str:
    """ "Until 30 November, Tom Okafor covers"."""
    if not rep.is_away:
        return ""
    until = f"until {words.day(rep.away_until, found.today)}" if rep.away_until else "away"
    return words.capital(f"{until}, {rep.covered_by} covers" if rep.covered_by else f"{until}, nobody covers")


def _reviews(found: Outlook) -> Section:
    reviews = found.reviews
    lead = f"{words.capital(reviews.now.said)} in this time."
    body = f"Before that, in as long a time: {reviews.before.said}."
    late = tuple(Item(f"{row.unit_name}: due {_on(row, found)}", row.who, tone=Tone.WORSE) for row in reviews.rows_late)
    none = tuple(Item(f"{row.unit_name}: none planned", tone=Tone.WORSE) for row in reviews.rows_unplanned)
    rest = _rest(reviews.late + reviews.unplanned - len(late) - len(none), "unit to look at", "units to look at")
    return Section("Reviews", (Text(body, lead), Items((*late, *none), "None is late, and each unit has one."), *rest))


def _on(row: Row, found: Outlook) -> str:
    return words.day(row.on, found.today) if row.on else "before"


def _waiting(found: Outlook) -> Section:
    """Low ratings, complaints, and who was not heard: counts, and no name of who rated."""
    replies, complaints, heard = found.replies, found.complaints, found.heard
    owed = f"{words.counted(replies.late, 'reply', 'replies')} late." if replies.owed else "Each has its reply."
    open_ones = [Item(f"{row.unit_name}: {row.title}", f"since {_on(row, found)}") for row, _ in complaints.rows]
    up = f"{complaints.late} late, {complaints.with_the_cio} with the CIO." if complaints.open else "None is open."
    silent = f"In {words.counted(heard.silent, 'unit')} nobody answered." if heard.silent else "Each unit was heard."
    owing = words.capital(words.counted(replies.owed, "low rating waits", "low ratings wait"))
    share = f"{heard.share.hits} of {heard.share.n} asked answered." if heard.share.n else "Nobody was asked."
    behind = f"{heard.behind}. {silent}" if heard.share.n else ""
    return Section(
        "Replies, complaints, and who was heard",
        (
            Text(owed, f"{owing} for a reply."),
            Text(up, f"{words.capital(words.counted(complaints.open, 'open complaint'))}."),
            *([Items(tuple(open_ones))] if open_ones else []),
            *_rest(complaints.open - len(open_ones), "complaint"),
            Text(behind, share),
        ),
    )


def _rest(count: int, one: str, many: str | None = None) -> tuple[Text, ...]:
    if count <= 0:
        return ()
    return (Text(f"And {words.counted(count, f'more {one}', f'more {many or one}' if many else None)}."),)
