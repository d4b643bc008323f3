"""What there is to talk about with people who make things."""

from __future__ import annotations

from crm.services.demo.wording import Skill, Theme, Wish, step, topic

TERMINALS = topic(
    "Line terminals",
    Skill.DEVICES,
    step(
        "The terminals on line two restart in the middle of a shift, {n} times last week. Each time the counter "
        "starts at zero and the shift lead writes on cardboard.",
        "it 10: Put a logger on two terminals of line two",
        "a 7: Keep the cardboard: time, terminal, what was running",
    ),
    step(
        "The logger shows dips in the power when the press starts. {a} had said so in spring. We had looked at the "
        "software.",
        "it 14: Put buffers on the terminals of line two",
        note="We lost two months by not believing {a}. I said so, and it did us good.",
    ),
    step(
        "No restart on line two for a month. Lines one and three get the same buffers before the summer stop.",
        "it 30: Fit buffers on lines one and three",
    ),
)
LABELS = topic(
    "Label printing",
    Skill.APPLICATIONS,
    step(
        "When the label server stops, the line stops nine minutes later. It stopped twice this month, both at shift "
        "change.",
        "it 14: Find what happens at shift change",
        "b 7: Say how many labels a line needs for an hour",
    ),
    step(
        "At shift change {m} terminals ask for the same file. {it} keeps a copy on each line, good for four hours "
        "without the server.",
        "it 21: Put the copy on the other lines",
    ),
    step(
        "{it} pulled the plug of the label server in front of {head}. The lines ran on. It was the best half hour of "
        "the quarter.",
    ),
)
NIGHT = topic(
    "Help at night",
    Skill.HELP_DESK,
    step(
        "The night shift calls a number that rings in an empty office. {head} asks for a person, not a form.",
        "rep 14: Bring a price for a stand-by at night",
        "head 14: Say which troubles cannot wait until six",
    ),
    step(
        "Stand-by at night starts as a trial, five nights a week, one number. The list of what may wake someone is "
        "half a page.",
        "it 10: Put the number on every terminal",
    ),
    step(
        "{n} calls in the trial, all but one worth the waking. {head} wants to keep it; we share the cost by halves.",
        "head 14: Sign the sharing of costs",
    ),
)
PLANNING = topic(
    "Production plan on screens",
    Skill.APPLICATIONS,
    step(
        "The plan is printed at six and wrong by nine. {b} crosses out by hand. Screens at the lines would show what "
        "holds.",
        "it 21: Show the plan on one screen at line one",
        "b 14: Say how soon a change must be seen",
    ),
    step(
        "One screen at line one for three weeks. The crew looks at it, moves it, and asks for larger letters.",
        "it 10: Larger letters, fewer columns",
    ),
    step(
        "Screens on all lines. Print-outs are down to one a day, for the wall of the canteen, which {head} insists on.",
    ),
)
SPARE_PARTS = topic(
    "Spare parts",
    Skill.DATA,
    step(
        "The store says four bearings, the shelf says none. {a} counted {m} parts, a third of them wrong, and all in "
        "one direction.",
        "it 21: Compare bookings and withdrawals for three months",
    ),
    step(
        "Withdrawals at night are booked in the morning, or not. A scanner at the shelf would do it at once.",
        "it 14: Lend a scanner to the night shift",
        "a 14: Count the same parts again in a month",
    ),
    step("Counted again: {n} wrong of a hundred. For the first time {a} believes the screen."),
)
NETWORK = topic(
    "Radio network in the hall",
    Skill.NETWORK,
    step(
        "Forklift terminals lose the network behind the new press. Drivers turn round to read their order, which the "
        "safety officer has noticed.",
        "it 10: Measure the radio network behind the press",
    ),
    step(
        "Two antennas were added, and one moved away from the crane. {it} drove along for a shift to be sure.",
        "b 10: Ask the drivers after two weeks",
    ),
    step(
        "The drivers say it holds. One asked whether the radio could play music as well, which we noted and declined."
    ),
)
FINALE = topic(
    "Support at the lines",
    Skill.HELP_DESK,
    step(
        "{head} laid it open: the lines stood for eleven hours last quarter because of us, and each time someone had "
        "to explain the plant on the phone. We proposed to move support to the hall for a trial.",
        "rep 14: Find a desk in the hall and two people who want it",
        "head 10: Tell the shift leads that we come",
        note="This was the low point. {head} was one sentence away from hiring people of the plant's own.",
    ),
    step(
        "First four weeks on site: standstill because of IT fell from eleven hours to three. {a} says that the "
        "difference is not speed, it is that nobody has to explain where line four is.",
        "it 21: Write down what stopped the lines, and why",
    ),
    step(
        "Two and a half hours of standstill in the month, all from one old label printer. It is replaced on "
        "Saturday. {head} wants the trial to become the rule.",
        "rep 21: Bring the cost of support on site for a year",
        "it 10: Replace the label printer on line four",
    ),
    step(
        "Under one hour of standstill. Support on site is agreed for the year. {head} asked us into the morning "
        "round at the lines, where suppliers never were before.",
        "rep 7: Join the morning round on Tuesdays",
    ),
    step(
        "No standstill because of us this month. Olu stayed until the line ran again when a supplier's scale failed, "
        "and {head} said thank you in front of the shift.",
        "it 21: Try the new scale on line two before it is needed",
        "b 14: Say on which night the label server may rest",
        note="Pass the thanks on to Olu's team lead in writing.",
    ),
)

THEME = Theme(
    topics=(TERMINALS, LABELS, NIGHT, PLANNING, SPARE_PARTS, NETWORK),
    wishes=(
        Wish(
            "Help desk at night",
            "The night shift waits until six with a line that stands.",
            yes="A stand-by for five nights, costs shared by halves.",
        ),
        Wish(
            "Support in the hall",
            "Every call begins with explaining where line four is.",
            yes="Two people, one desk beside line three.",
            offered=True,
        ),
        Wish(
            "Plan on screens at the lines",
            "The printed plan is wrong by nine.",
            yes="One line first, then all; screens from stock.",
        ),
        Wish(
            "Labels without the server",
            "A stopped label server stops the line nine minutes later.",
            yes="A copy on each line, good for four hours.",
            offered=True,
        ),
        Wish(
            "Phones for all shift leads",
            "Shift leads share one phone and miss calls.",
            yes="Sturdy ones, nine pieces.",
        ),
        Wish(
            "Administrator rights for the plant technicians",
            "A driver for a scale waits for us two days.",
            no="Rights on the whole terminal would open the line network.",
            instead="A list of twenty approved drivers the technicians can install by themselves.",
        ),
        Wish(
            "Scanner at the spare parts shelf",
            "A third of the stock figures are wrong.",
            yes="Lent first, bought after the second count.",
        ),
    ),
    comments={
        5: ("Somebody stands beside the line now. That changed everything.", "No standstill because of IT this month."),
        4: ("Support on site is what we needed.", "The labels run even when your server does not."),
        3: ("Better, since somebody listens to the shift.", "Days are fine, nights are not."),
        2: (
            "The line stood for two hours and I explained the plant on the phone.",
            "You fix it, and then it breaks again.",
        ),
        1: ("Eleven hours of standstill in a quarter.",),
    },
    job_titles=("Shift lead", "Production planning", "Plant technician", "Line four"),
    functions=(
        "Assembly",
        "Production Planning",
        "Plant Maintenance",
        "Tooling",
        "Surface Treatment",
        "Shift Operations",
        "Process Engineering",
        "Packaging",
        "Machining",
        "Plant Safety",
    ),
)
