"""What there is to talk about with people who try things out."""

from __future__ import annotations

from crm.services.demo.wording import Skill, Theme, Wish, step, topic

COMPUTING = topic(
    "Computing time",
    Skill.DATA,
    step(
        "A simulation takes {n} days on the machine under {a}'s desk. If somebody kicks the plug, it starts again.",
        "it 21: Try one simulation on rented machines",
        "a 14: Prepare a case that may leave the house",
    ),
    step(
        "The same case took five hours on rented machines, for the price of a dinner. {head} worries about the price "
        "of a careless weekend.",
        "it 14: Set a limit per person and month",
    ),
    step("{m} simulations within the limit. {b} found a shape nobody had tried, since trying has become cheap."),
)
LAB_SYSTEM = topic(
    "Lab system",
    Skill.APPLICATIONS,
    step(
        "The lab system is Research's own and updates itself on Thursday at ten. {head} likes that; our change "
        "calendar does not know it.",
        "rep 21: Propose a light rule: tell us, not ask us",
    ),
    step(
        "The lab tells us of changes two days ahead, in one line. In return nobody asks for a form. It held in all "
        "{n} changes since.",
        note="Strictly this bends our own process. It works, and it needs an owner on our side.",
    ),
    step(
        "The supplier of the lab system was bought. {head} asks us for a second pair of eyes on the contract, which "
        "is the first time.",
        "rep 14: Read the contract with Legal",
    ),
)
NOTEBOOKS = topic(
    "Electronic notebooks",
    Skill.SECURITY,
    step(
        "Patents ask who wrote what, and when. Paper notebooks answer that, badly copied. {b} tried an electronic "
        "one at the university.",
        "it 21: Set up a trial for five people",
        "b 14: Choose five, one of them a sceptic",
    ),
    step(
        "The sceptic stays with it because of the search. Signatures with time stamps satisfy the patent attorney.",
        "it 30: Offer it to everyone, force it on nobody",
    ),
    step("Two thirds write electronically. The first patent file was put together in an afternoon."),
)
INSTRUMENTS = topic(
    "Instruments on the network",
    Skill.NETWORK,
    step(
        "Data travel from instruments on sticks, and last month one stick carried more than data. {m} instruments, "
        "half of them without support.",
        "it 21: Build a network for instruments only",
        "a 14: List instruments with their sockets",
    ),
    step(
        "The first twenty instruments deliver by themselves each night. Sticks are collected in a jar at the door.",
        "it 30: Connect the next twenty",
    ),
)
PARTNERS = topic(
    "Working with universities",
    Skill.SECURITY,
    step(
        "Partners from two universities need access for a project of eighteen months. {head} does not want to "
        "reapply every ninety days.",
        "it 14: Give access for the length of the project, with a named host",
    ),
    step("Access runs with the project and ends with it. {a} is host for {n} partners and gets a list each month."),
)

THEME = Theme(
    topics=(COMPUTING, LAB_SYSTEM, NOTEBOOKS, INSTRUMENTS, PARTNERS),
    wishes=(
        Wish(
            "Rented computing time",
            "Simulations block a desk for days and die with a plug.",
            yes="With a limit per person, for a year.",
        ),
        Wish(
            "Electronic notebooks",
            "Patents ask for dates that paper cannot give.",
            yes="Offered to all, forced on nobody.",
        ),
        Wish(
            "Own domain for a public data set",
            "Papers must point to data for ten years.",
            yes="A name, a small machine, and a promise to keep both.",
        ),
        Wish(
            "Language model for reading papers",
            "Four hundred papers a month, and two people to read them.",
            yes="Runs inside our house; nothing leaves it.",
            offered=True,
        ),
        Wish(
            "Unfiltered network for the lab",
            "Some instruments speak protocols we block.",
            no="An unfiltered line from the lab would end in the middle of our network.",
            instead="A network for instruments, with rules of its own.",
        ),
        Wish(
            "Nightly copies of instrument data",
            "Three weeks of measurements were lost with one disk.",
            yes="There is room, and it runs while nobody measures.",
            offered=True,
        ),
    ),
    comments={
        5: ("They let us try things. That is rare.", "We asked for a rule and got a sensible one."),
        4: ("Good partner. The instruments will take years.", "Understands that we break things on purpose."),
        3: ("Helpful people, slow firewall.", "One has to know the right name."),
        2: ("A measurement of three weeks died of an update.",),
        1: ("We lost data.",),
    },
    job_titles=("Simulation", "Materials lab", "Instruments", "Patents"),
    functions=(
        "Materials Lab",
        "Simulation",
        "Prototyping",
        "Applied Research",
        "Instrumentation",
        "Test Engineering",
        "Innovation Scouting",
        "Product Development",
        "Chemistry Lab",
        "Standards",
    ),
)
