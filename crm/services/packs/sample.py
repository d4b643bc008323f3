"""Slides to try a template with: one of everything that a pack may hold, about a unit that does not exist."""

from __future__ import annotations

from crm.documents.content import Bar, Bars, Cell, Figure, Item, Items, Line, Pack, Point, Section, Table, Text, Tone

SCORES = (4.0, 4.2, 3.9, 4.1, 4.0, 4.3, 4.1, 3.8, 4.1, 4.0, 3.5, 3.1)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LEVELS = (("One unit", 42, "weak"), ("Another", 58, "fair"), ("A third", 71, "good"), ("A fourth", 88, "strong"))


def _line() -> Line:
    tones = {MONTHS[-1]: Tone.WORSE}
    points = tuple(
        Point(month, score, tones.get(month, Tone.PLAIN)) for month, score in zip(MONTHS, SCORES, strict=True)
    )
    return Line("A real change, not noise: December is below its lower limit.", points, 1, 5, 4.0, 3.4, 4.6, "of 5")


def _table() -> Table:
    levels = (
        ("Example unit", 42, "weak"),
        ("Another unit", 58, "fair"),
        ("A third one", 71, "good"),
        ("A fourth", 88, "strong"),
    )
    rows = tuple(
        (Cell(name), Cell(str(value), value=value, level=level), Cell("2", value=2)) for name, value, level in levels
    )
    return Table("Four units by their health, the weakest first.", ("Unit", "Health", "Late"), rows)


def _bars() -> Bars:
    says = "3.1 from 5 of 7 people, 2.5–3.7", "4.2 from 6 of 7 people, 3.8–4.6"
    lowest = Bar("Executes", 3.1, 5, says[0], 2.5, 3.7, Tone.WORSE)
    return Bars("“Executes” is rated lowest.", (lowest, Bar("Communicates", 4.2, 5, says[1], 3.8, 4.6)))


def _items() -> Items:
    return Items((Item("Second approver set up", "12 October", is_done=True), Item("Monthly extract", is_done=False)))


SAMPLE = Pack(
    title="A sample of slides",
    subtitle="With one of everything",
    between="Made to see how a template looks",
    lead="This is how slides will look.",
    summary="Nothing in it is about anybody.",
    made="Made as a sample by Rapport.",
    sections=(
        Section("What was promised", (_items(),)),
        Section(
            "How things are going",
            (Figure("3.1", "of 5, from 5 of 7 people, 2.5–3.7", "Below its usual 3.4 to 4.6.", Tone.WORSE), _line()),
            evidence=("The pulse of December: five of seven answered.",),
        ),
        Section("By question", (_bars(),)),
        Section("Health by unit", (_table(),)),
    ),
    method=(Text("A change is real when it leaves the range in which scores normally stay.", "Real or noise."),),
)
