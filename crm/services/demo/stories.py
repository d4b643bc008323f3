"""What the demonstration shows on purpose: five relationships that are not ordinary."""

from __future__ import annotations

from dataclasses import dataclass

from crm.services.demo.themes import legal, manufacturing, marketing, people
from crm.services.demo.wording import Skill, Step, Wish, step
from models.request import RequestState


@dataclass(frozen=True)
class Fate:
    """A request whose end is part of the story. Days before today."""

    wish: Wish
    logged: int
    state: RequestState = RequestState.LOGGED
    decided: int | None = None
    delivered: int | None = None
    confirmed: int | None = None
    #: When it came to where it stands, if it is neither of the three.
    moved: int | None = None
    #: By place among the key users; None: the head.
    asked_by: int | None = 0


@dataclass(frozen=True)
class Story:
    """How a unit differs from the ordinary."""

    #: What head and key users answered in the last rounds, oldest round and head first; None: nothing.
    scores: tuple[tuple[int | None, ...], ...] = ()
    #: What the head wrote beside it.
    comments: tuple[str, ...] = ()
    #: What the last reviews held were about, oldest first.
    finale: tuple[Step, ...] = ()
    finale_title: str = ""
    finale_skill: Skill = Skill.HELP_DESK
    fates: tuple[Fate, ...] = ()
    #: What the first key user says is wrong in the newest minutes.
    objection: str = ""
    #: The agenda of the next review is kept already, and that of the last one was.
    prepared: bool = False
    #: Every review was held.
    reliable: bool = False
    #: So many past periods, the last ones, went by without a review or an answer to a rating.
    silent: int = 0
    #: Our promises of the last weeks were not kept.
    lets_slip: bool = False
    #: Every promise was kept.
    keeps_promises: bool = False
    #: A round opened so many days ago still waits for its answers.
    asked_days_ago: int | None = None
    #: Days between rounds.
    asks_every: int = 91


#: What is to be seen, by unit code: the tests hold the data to it.
STORIES = {
    "FIN": "Finance is slipping: rated 4, 4, 4, 3, then 2, two refusals with nothing offered instead, promises "
    "overdue.",
    "MFG": "Manufacturing is recovering: rated 2, 2, 3, 4, 4, then 5, since support moved to the lines.",
    "HR": "Human Resources is silent: no review in the last two periods, two rounds of ratings without an answer.",
    "MKT": "Marketing has no account rep since Leo Winter left.",
    "LEG": "Legal is thriving: every review held, rated 5, and half of what IT did for it was IT's own idea.",
}

DASHBOARD = Wish(
    "Spend dashboard for cost-centre owners",
    "Owners see overspend a month too late to act on it.",
    no="There is no licence budget for {m} more readers this year.",
)
SUPPLIER_PORTAL = Wish(
    "Supplier portal sign-in",
    "Suppliers call treasury to ask about payment, about forty times a week.",
    no="Sign-in for people outside is not planned before the new directory.",
)
SECOND_APPROVER = Wish(
    "Second approver for urgent payments",
    "So that nothing waits when {head} travels.",
    yes="The limits allow it, and security agrees.",
)
CHECKS = Wish(
    "Checks before the month-end run, not after",
    "A failed job should cost minutes, not a night.",
    yes="The cause of two failures would have been found the afternoon before.",
    offered=True,
)

FINANCE = Story(
    scores=((4, 4, 5), (4, 4, 4), (4, 4, 3), (3, 4, 3), (2, 3, 2)),
    comments=(
        "Phone approvals work. Thank you.",
        "",
        "Good on the ledger. Reports still late.",
        "Reports late for the third time, and nobody told us before.",
        "The month-end job failed again, and I heard it from my own team.",
    ),
    finale_title="Month-end runs",
    finale_skill=Skill.APPLICATIONS,
    finale=(
        step(
            "The run stopped at two in the night and {a} saw it at seven. {head} asked how we watch it. In truth we "
            "watch "
            "whether it has ended, not whether it is well.",
            "it 14: Watch the run while it runs, not only its end",
            "a 10: Say from which hour on a delay costs the day",
        ),
        step(
            "{head} asked what cost-centre owners get in place of the dashboard. We had nothing to offer and said "
            "that we "
            "would look. The run was late again, by an hour.",
            "rep 14: Look for something smaller than the dashboard",
            "it 14: Find the cause of the late runs",
            note="A refusal without anything beside it. I should not have come with empty hands.",
        ),
        step(
            "The run failed on the 30th, the third time in a row. Amara heard it from Mara, not from us; that is the "
            "real issue. The supplier portal was refused as well, again with nothing offered.",
            "it 10: Cause report on the failed runs, in words Finance can read",
            "rep 7: Text Amara when a run fails, before her team does",
            "head 21: Name a Finance tester for the ledger",
            note="Amara asked what it would cost to have the close run by the auditors' service firm. She was not "
            "joking.",
        ),
    ),
    fates=(
        Fate(DASHBOARD, logged=104, state=RequestState.DECLINED, decided=75, asked_by=2),
        Fate(SUPPLIER_PORTAL, logged=66, state=RequestState.DECLINED, decided=45, asked_by=1),
        Fate(CHECKS, logged=40, state=RequestState.ACCEPTED, decided=33, asked_by=None),
        Fate(SECOND_APPROVER, logged=4, asked_by=1),
    ),
    objection="The run failed on the 29th. On the 30th it was the second try that failed.",
    prepared=True,
    reliable=True,
    lets_slip=True,
    asked_days_ago=2,
    asks_every=61,
)

MANUFACTURING = Story(
    scores=((2, 2, None), (2, 3, 2), (3, 3, 3), (4, 3, 4), (4, 4, 4), (5, 5, 5)),
    comments=(
        "Eleven hours of standstill in a quarter.",
        "You fix it, and then it breaks again.",
        "Better, since somebody listens to the shift.",
        "Support on site is what we needed.",
        "Line four still waits for its printer. Everything else runs.",
        "Olu from the help desk stayed until the line ran again.",
    ),
    finale_title=manufacturing.FINALE.title,
    finale_skill=manufacturing.FINALE.skill,
    finale=manufacturing.FINALE.steps,
    prepared=True,
    reliable=True,
    keeps_promises=True,
    asks_every=61,
)

HUMAN_RESOURCES = Story(
    finale_title=people.FINALE.title,
    finale=people.FINALE.steps,
    fates=(
        Fate(
            Wish(
                "Onboarding accounts ready on day one",
                "New people wait three days to be useful.",
                yes="The contract data hold all we need.",
                offered=True,
            ),
            logged=2,
            asked_by=None,
        ),
    ),
    silent=2,
    asked_days_ago=5,
)

MARKETING = Story(
    finale_title=marketing.FINALE.title,
    finale_skill=marketing.FINALE.skill,
    finale=marketing.FINALE.steps,
    fates=(
        Fate(
            Wish(
                "One calendar for campaigns and releases",
                "A campaign sent people to a page that was being replaced that morning.",
                yes="Both calendars can be read by machine.",
            ),
            logged=24,
        ),
        Fate(
            Wish(
                "Pictures that may be used, and until when",
                "A photographer was paid twice because nobody saw that the licence had ended.",
            ),
            logged=11,
            state=RequestState.LOOKING,
            moved=6,
            asked_by=1,
        ),
    ),
)

LEGAL = Story(
    scores=((5, 4, 5), (5, 5, 4), (5, 5, None), (5, 5, 4), (5, 5, 5)),
    comments=(
        "They come with ideas, and the ideas work.",
        "",
        "Search found in seconds what took us days.",
        "I would choose this team if I were free to go elsewhere.",
        "A draft is read in half the time. That was your idea, not ours.",
    ),
    fates=(
        Fate(
            Wish(
                "Changed clauses side by side",
                "Whoever signs wants to see what is new, not read forty pages again.",
                yes="The tool for drafts can do it; nobody had switched it on.",
                offered=True,
            ),
            logged=45,
            state=RequestState.CONFIRMED,
            decided=41,
            delivered=27,
            confirmed=22,
        ),
    ),
    finale_title=legal.FINALE.title,
    finale_skill=legal.FINALE.skill,
    finale=legal.FINALE.steps,
    reliable=True,
    keeps_promises=True,
)

FIELD_SALES = Story(
    fates=(
        Fate(
            Wish(
                "Read-only access to the order book",
                "Quotes promise stock that is already sold. About two customers a week are let down.",
            ),
            logged=9,
            asked_by=None,
        ),
    ),
)

ORDINARY = Story()
UNUSUAL: dict[str, Story] = {
    "FIN": FINANCE,
    "MFG": MANUFACTURING,
    "HR": HUMAN_RESOURCES,
    "MKT": MARKETING,
    "LEG": LEGAL,
    "SAL": FIELD_SALES,
}
