"""What IT has under way for each kind of unit, and how people speak of it."""

from __future__ import annotations

from dataclasses import dataclass

from crm.services.demo.wording import Skill
from models.project import Stage


@dataclass(frozen=True)
class Work:
    name: str
    skill: Skill
    #: One after the other.
    milestones: tuple[str, ...]


def _work(name: str, skill: Skill, *milestones: str) -> Work:
    return Work(name, skill, milestones)


#: By the code of the unit at the top.
WORKS: dict[str, tuple[Work, ...]] = {
    "FIN": (
        _work("Ledger, phase 2", Skill.APPLICATIONS, "Assets tested", "Trial close", "Cut-over"),
        _work("Watching the month-end run", Skill.APPLICATIONS, "Alarm on a delay", "First close with the alarm"),
        _work("Invoice scanning", Skill.DATA, "First 500 invoices", "All suppliers"),
        _work("Weekly figures for cost centres", Skill.DATA, "Five figures agreed", "First Monday mail"),
    ),
    "HR": (
        _work("Accounts ready on day one", Skill.APPLICATIONS, "Contract data read nightly", "First ten people"),
        _work("New payroll interface", Skill.APPLICATIONS, "Parallel run", "Old interface off"),
        _work("Learning platform", Skill.DATA, "Content moved", "Open to everyone"),
    ),
    "MFG": (
        _work("Line terminals, second hall", Skill.DEVICES, "Terminals mounted", "First shift on them", "All lines"),
        _work("Radio network in the hall", Skill.NETWORK, "Measured", "New antennas up"),
        _work("Label printers", Skill.DEVICES, "Spare printer per line", "Line four"),
        _work("Production plan on screens", Skill.APPLICATIONS, "Screens hung", "Plan live"),
    ),
    "SAL": (
        _work("Stock in quotes", Skill.APPLICATIONS, "Order book readable", "First region"),
        _work("Tablets for visits", Skill.DEVICES, "Pilot with eight people", "Everyone has one"),
        _work("Commission statements", Skill.DATA, "Figures agreed", "First run without a sheet"),
    ),
    "RES": (
        _work("Electronic notebooks", Skill.APPLICATIONS, "Two labs", "All labs"),
        _work("More computing time", Skill.NETWORK, "Nodes delivered", "Queue under an hour"),
        _work("Instruments on their own network", Skill.SECURITY, "Twelve moved", "All moved"),
    ),
    "LEG": (
        _work("Signing without paper", Skill.SECURITY, "First contract signed", "All standard contracts"),
        _work("Notice dates by mail", Skill.DATA, "Dates read from 200 contracts", "Reminders on"),
        _work("Room for outside counsel", Skill.SECURITY, "Firm one", "All four firms"),
    ),
    "FAC": (
        _work("Badges and doors, north wing", Skill.SECURITY, "Readers mounted", "Old keys back"),
        _work("Work orders on the phone", Skill.APPLICATIONS, "Three technicians", "Whole team"),
        _work("Rooms that say they are free", Skill.DEVICES, "First floor", "All floors"),
    ),
    "PUR": (
        _work("One order catalogue", Skill.APPLICATIONS, "Top 20 suppliers", "Paper form off"),
        _work("Supplier data, cleaned", Skill.DATA, "Doubles merged", "Owner for each record"),
        _work("Tenders in one place", Skill.APPLICATIONS, "First tender", "Archive moved"),
    ),
    "LOG": (
        _work("New hand scanners", Skill.DEVICES, "Ten in use", "Old ones collected"),
        _work("Time slots at the gates", Skill.APPLICATIONS, "Two carriers", "All carriers"),
        _work("Customs papers from the system", Skill.DATA, "First country", "Five countries"),
    ),
    "QUA": (
        _work("Certificates by themselves", Skill.APPLICATIONS, "First product", "Whole test lab"),
        _work("Complaints in one list", Skill.DATA, "Form agreed", "Old sheet closed"),
        _work("Old computers behind a wall", Skill.SECURITY, "Listed", "Nine of them moved"),
    ),
    "MKT": (
        _work("Website changes without a ticket", Skill.APPLICATIONS, "Editors trained", "Tickets closed"),
        _work("Picture archive", Skill.DATA, "Rights recorded", "Search open to agencies"),
        _work("Campaign figures by Tuesday", Skill.DATA, "Sources agreed", "First Tuesday"),
    ),
    "CARE": (
        _work("New phone system", Skill.NETWORK, "Queue rebuilt", "Second line moved", "Old system off"),
        _work("Call back instead of waiting", Skill.APPLICATIONS, "Mornings", "All day"),
        _work("One screen per customer", Skill.DATA, "Orders shown", "Complaints shown"),
    ),
}

#: How it stands, by stage: what the unit reads.
SAID: dict[Stage, tuple[str, ...]] = {
    Stage.IDEA: (
        "An idea so far; the need is written down.",
        "{a} and {it} look at what others do.",
    ),
    Stage.PLANNED: (
        "Agreed. Begins when the people are free.",
        "Dates are set, {a} tests.",
        "Scope settled with {head}; nothing ordered yet.",
    ),
    Stage.UNDER_WAY: (
        "On its way, without surprises.",
        "Half done. {a} has seen it and marked three things.",
        "{it} works on it two days a week.",
        "The hard part is behind us.",
        "Going well; {b} tells the others.",
    ),
    Stage.PAUSED: (
        "Waits until the close is over.",
        "Waits for the supplier. {it} asks every week.",
    ),
    Stage.DELIVERED: (
        "Done, and in use.",
        "Delivered. {head} has signed it off.",
        "Done; {a} keeps the list of small wishes.",
    ),
    Stage.STOPPED: (
        "Stopped: the effort was not worth it, says {head}.",
        "Stopped with {head}. What we learned is written down.",
    ),
}
SLIPS = (
    "Late by three weeks: the test found more than we thought. {a} knows.",
    "Moved again. Two people are missing until the end of the month.",
    "Late: the delivery comes three weeks after the day that was promised.",
)
