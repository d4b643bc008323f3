"""Packs as the forms get them: a small one, a large one, and one of everything that breaks documents."""

from __future__ import annotations

from crm.documents.content import (
    Bar,
    Bars,
    Cell,
    Figure,
    Item,
    Items,
    Line,
    Pack,
    Point,
    Section,
    Table,
    Text,
    Tone,
)

#: A name in many scripts, with letters that run to the left, that combine, and that lie beyond 16 bits.
SCRIPTS = "Ελλάδα Финансы 財務部 재무 مالية כספים वित्त การเงิน ფინანსები Ämtchen n̈ 🧾👩🏽‍💻 𝔉"
LONG_NAME = "Abteilungsübergreifendesfinanzbuchhaltungskontrollwesen " * 4
UNBROKEN = "x" * 200
FORMULAS = ('=HYPERLINK("http://evil","x")', "+1+1", "-2", "@SUM(A1)", "\tcmd", "＝1", "https://evil.example/")
CONTROLS = "a\x00b\x0bc\ud800d\uffffe"
MADE = "Made on 12 November 2026 at 09:12 by Margit Lindqvist, from Fernhill IT’s record in Rapport."


def line(count: int = 12, *, label: str = "W{}") -> Line:
    """The third from the end missing, the last but one better and the last worse."""
    tones = {count - 1: Tone.WORSE, count - 2: Tone.BETTER}
    points = tuple(
        Point(label.format(at + 1), None if at == count - 3 else 3.0 + at % 3 / 4, tones.get(at, Tone.PLAIN))
        for at in range(count)
    )
    return Line("October is a real step down.", points, 1, 5, mean=3.3, lower=2.4, upper=4.2, unit="of 5")


def bars(count: int = 3, label: str = "Executes") -> Bars:
    says = "4.2 from 5 of 7 people, 3.6–4.8"
    told = [Bar(f"{label} {at}", 1 + at % 4, 5, says, low=0.8 + at % 4, high=1.4 + at % 4) for at in range(count)]
    return Bars("Executes is the lowest.", tuple(told))


def table(rows: int = 3, text: str = "Second approver") -> Table:
    told = [
        (Cell(f"{text} {at}", note="Suppliers call"), Cell("40", value=40, level="weak"), Cell("3", value=3))
        for at in range(rows)
    ]
    return Table("Three units, weakest first.", ("Unit", "Health", "Late"), tuple(told), empty="Nothing yet.")


def pack(*sections: Section, title: str = "Board pack, autumn 2026") -> Pack:
    return Pack(
        title=title,
        subtitle="4 August to 12 November 2026",
        between="Fernhill IT",
        lead="Two of twelve relationships need you.",
        summary="Finance is slipping, and that is not noise.",
        made=MADE,
        sections=sections,
        language="en-GB",
        method=(Text("The weighted sum of the parts. What is not known is left out.", "Health."),),
    )


def small() -> Pack:
    done = Items((Item("Payments stop", "Only Amara closes this", is_done=True), Item("Tell me", is_done=False)))
    figure = Figure("3.2", "of 5, from 5 of 7 people, 2.6–3.8", "Below its usual 3.5 to 4.6.", Tone.WORSE)
    evidence = ("Round of October: 5 of 7 answered.", "Request 7, refused on 3 August.")
    return pack(
        Section("You said, we did", (done,)),
        Section("How things are going", (figure, line()), aside="10 min, Amara", evidence=evidence),
        Section("By question", (bars(),)),
        Section("Heat map", (table(),)),
        Section("Nothing here", (Items((), "No request was refused."), Table("None.", ("A",), (), "Nothing waits."))),
    )


def large(rows: int = 500) -> Pack:
    told = "a longer sentence of what was asked and what came of it"
    items = Items(tuple(Item(f"Request {at}: {told}", "kept") for at in range(rows)))
    return pack(Section("Requests", (table(rows), items, bars(30), line(52))), Section("Long", (Text("word " * 4000),)))


def hostile() -> Pack:
    names = (SCRIPTS, LONG_NAME, UNBROKEN, CONTROLS, *FORMULAS)
    rows = tuple((Cell(name, note=name), Cell(name), Cell("1", value=float("nan"))) for name in names)
    wide = Table("Wide", names, (tuple(Cell(name) for name in names),))
    line = Line(LONG_NAME, tuple(Point(name, 2.0) for name in names), 0, 5, unit=LONG_NAME)
    return pack(
        *(_told_in(name) for name in names),
        Section("Table", (Table(SCRIPTS, names[:3], rows),)),
        Section("Charts", (line, Bars(SCRIPTS, tuple(Bar(name, 2, 5, name) for name in names)))),
        Section("Wide", (wide,)),
        Section("Endless", (Table("One", ("A",), ((Cell("lang " * 3000),),)),)),
        title=LONG_NAME,
    )


def _told_in(name: str) -> Section:
    return Section(name, (Text(name, name), Items((Item(name, name, tone=Tone.WORSE),)), Figure(name, name, name)))
