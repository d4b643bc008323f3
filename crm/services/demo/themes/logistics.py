"""What there is to talk about with people who move goods."""

from __future__ import annotations

from crm.services.demo.wording import Skill, Theme, Wish, step, topic

SCANNERS = topic(
    "Hand scanners",
    Skill.DEVICES,
    step(
        "The hand scanners lose their pairing in the cold store. Pickers walk out to the warm aisle, pair, and walk "
        "in again; {a} counts {n} times a shift.",
        "it 14: Try scanners with a different radio in the cold store",
        "a 7: Choose two pickers for the trial",
    ),
    step(
        "The other scanners hold at minus eighteen, but their display is hard to read with gloves fogged up. A "
        "larger font is possible.",
        "it 14: Set the larger font",
        "b 14: Ask the early shift whether it helps",
    ),
    step(
        "{m} new scanners are in use. Picks per hour in the cold store rose by an eighth. The old ones serve in the "
        "warm aisles."
    ),
)
SLOTS = topic(
    "Time slots at the gates",
    Skill.APPLICATIONS,
    step(
        "Lorries queue on Monday and are absent on Wednesday. {head} wants carriers to book a slot, and we have a "
        "tool that nobody switched on.",
        "it 21: Show the slot tool with our gates",
        "b 21: Ask three carriers whether they would use it",
    ),
    step(
        "Three carriers book their slots since the first of the month. Waiting fell from ninety minutes to forty, "
        "for those three.",
        "b 30: Win the next five carriers",
    ),
    step(
        "Eight carriers book, which is seven lorries in ten. The yard was empty at noon on a Monday and {a} took a "
        "picture."
    ),
)
TRACKING = topic(
    "Where is my shipment",
    Skill.DATA,
    step(
        "Customer Care calls {m} times a day to ask where a shipment is. The answer is on a carrier's page they "
        "could open as well.",
        "it 21: Put the carrier's link into the order",
    ),
    step(
        "The link is in the order for four carriers of six. Calls from Customer Care are down to a dozen a day.",
        "b 30: Ask the last two carriers for links",
        note="Customer Care does not know that this was Logistics' idea. I will say so in their review.",
    ),
)
STOCKTAKE = topic(
    "Stocktake",
    Skill.APPLICATIONS,
    step(
        "The stocktake locks the system from Friday noon. {head} would like to count by zone and keep the other "
        "zones open.",
        "it 30: Test counting by zone on the copy of the system",
        "a 14: Draw the zones so that no article lies in two",
    ),
    step(
        "Counting by zone works on the copy. One article in two zones broke it, as {a} foretold; there are {n} of "
        "those.",
        "a 14: Move the articles that lie in two zones",
    ),
    step("Stocktake by zone took two weekends and no standstill. The difference was a third of last year's."),
)
CUSTOMS = topic(
    "Customs papers",
    Skill.APPLICATIONS,
    step(
        "Customs papers are typed from the order into the authority's page. One wrong digit cost a lorry two days at "
        "the border.",
        "it 30: Find out whether the authority takes files",
        "b 14: Collect three typical shipments",
    ),
    step(
        "The authority takes files after a registration of six weeks, for which {head} signed today.",
        "rep 45: Follow the registration",
    ),
    step("First {m} declarations by file, none sent back. {b} checks one in ten and would like to stop in spring."),
)

THEME = Theme(
    topics=(SCANNERS, SLOTS, TRACKING, STOCKTAKE, CUSTOMS),
    wishes=(
        Wish(
            "Scanners that work in the cold store",
            "Pickers walk out and in again to pair them.",
            yes="A different radio; tried by two pickers for a fortnight.",
        ),
        Wish(
            "Slots for lorries",
            "The yard is full on Monday and empty on Wednesday.",
            yes="The tool was paid for three years ago.",
            offered=True,
        ),
        Wish(
            "Carrier links in the order",
            "People call the warehouse to ask what the carrier knows.",
            yes="Four carriers give links for nothing.",
        ),
        Wish(
            "Cameras on the loading ramps",
            "Damage is disputed, and nobody can say when it happened.",
            no="Cameras on people at work need an agreement that the works council will not sign this year.",
            instead="Photos of each pallet at hand-over, taken with the scanner.",
        ),
        Wish(
            "Count stock by zone",
            "The whole warehouse stands still from Friday noon.",
            yes="It works on the copy; {a} draws the zones.",
        ),
        Wish(
            "Driver messages in five languages",
            "Drivers who read no English miss their gate.",
            yes="Nine sentences, translated once, shown at the gate.",
            offered=True,
        ),
    ),
    comments={
        5: ("The scanners hold in the cold. My people noticed before I did.",),
        4: ("The slots work. Now the last carriers.", "Fast help in the yard, slow in the office."),
        3: ("All right, if one asks twice.", "The stocktake worked, and the weekend was gone."),
        2: ("Forty lorries waited, and the answer was a ticket number.",),
        1: ("We stood still for half a day.",),
    },
    job_titles=("Warehouse", "Transport planning", "Customs", "Cold store"),
    functions=(
        "Warehouse",
        "Transport Planning",
        "Customs Desk",
        "Returns",
        "Fleet Operations",
        "Cold Chain",
        "Cross-Dock",
        "Export Handling",
        "Stock Control",
        "Yard Operations",
    ),
)
