"""What there is to talk about with people who buy."""

from __future__ import annotations

from crm.services.demo.wording import Skill, Theme, Wish, step, topic

CATALOGUE = topic(
    "Order catalogue",
    Skill.APPLICATIONS,
    step(
        "Four orders in ten are free text, since the catalogue does not find what people call things. {a} showed us: "
        "“screws” finds nothing, “fastener” does.",
        "it 21: Let the search know the fifty words people use",
        "a 14: Collect the fifty words",
    ),
    step(
        "With the words people use, free text fell to one order in four. {b} would like pictures, too.",
        "b 30: Ask the ten largest suppliers for pictures",
    ),
    step(
        "Pictures for {m} hundred articles. Free text is at one order in eight, and the wrong screws were returned "
        "only twice."
    ),
)
SUPPLIERS = topic(
    "Supplier master data",
    Skill.DATA,
    step(
        "The same supplier exists up to {n} times. Discounts are reckoned per entry, so we never reach them.",
        "it 21: Propose pairs that look alike",
        "b 14: Say who may merge suppliers",
    ),
    step(
        "{m} pairs proposed, all but nine were right. {b} merges ten a day over coffee.",
        "it 21: Stop new duplicates at entry",
    ),
    step(
        "No duplicate since the check at entry. Two suppliers paid back a discount for last year, which {head} let "
        "us know in figures."
    ),
)
APPROVALS = topic(
    "Approval of orders",
    Skill.APPLICATIONS,
    step(
        "An order over five thousand passes four desks. {head} says two would do; the other two look only at the "
        "cost centre.",
        "head 21: Settle the two desks with Finance",
        "it 21: Check the cost centre by itself",
    ),
    step(
        "Two desks since the first. Median from order to approval: one day instead of four.",
        "a 30: Watch whether anything slips through",
    ),
)
TENDERS = topic(
    "Tenders",
    Skill.SECURITY,
    step(
        "Offers come by mail and lie open to five people before the deadline. An honest team, but an unhappy auditor.",
        "it 30: Show two tools that keep offers closed until the date",
    ),
    step(
        "Both tools tried with one real tender. {b} prefers the second, suppliers the first. {head} sides with the "
        "suppliers.",
        "head 14: Decide with the auditor",
        note="Keep out of this one; it is between {head} and {b}.",
    ),
    step(
        "First tender with closed offers: {n} bids, opened on the day in front of two people. The auditor closed the "
        "finding."
    ),
)
CONTRACTS = topic(
    "Contracts and reminders",
    Skill.APPLICATIONS,
    step(
        "Purchasing asked for what Legal has: a list of notice dates. Both lists should be one, or they will differ "
        "by spring.",
        "rep 14: Bring {head} and Helena Brandt to one table",
    ),
    step(
        "Legal and Purchasing share the list. {m} contracts got a second reader, and {a} found one that was ended "
        "years ago and still paid.",
        "a 14: Ask for the money back",
    ),
)

THEME = Theme(
    topics=(CATALOGUE, SUPPLIERS, APPROVALS, TENDERS, CONTRACTS),
    wishes=(
        Wish(
            "Catalogue that knows our words",
            "People order free text because the search finds nothing.",
            yes="Fifty words, collected by {a}.",
        ),
        Wish(
            "See stock before ordering",
            "We buy what lies in the other warehouse.",
            yes="A read-only view, the same that Field Sales asked for.",
        ),
        Wish(
            "Closed offers until the deadline",
            "The auditor asks who could read an offer early.",
            yes="A small tool, chosen with suppliers.",
        ),
        Wish(
            "Own risk rating of suppliers",
            "Two suppliers failed within a year and nobody saw it coming.",
            no="The rating service costs more than both failures together.",
            instead="Late deliveries per supplier, from our own data, each month.",
        ),
        Wish(
            "Warn of duplicate suppliers",
            "Discounts are missed since the same supplier is there three times.",
            yes="A check at entry, and pairs to merge.",
            offered=True,
        ),
        Wish(
            "Orders by voice",
            "Workshop people have oil on their hands.",
            no="In the noise of the workshop every third word was wrong.",
            instead="A board of codes to scan beside the tool store.",
        ),
    ),
    comments={
        5: ("Discounts came back that we had given up. Thank you.",),
        4: ("The catalogue finds things now.", "They understand what we buy, and why."),
        3: ("Neither here nor there: quick in small things, slow in large.", "It works, we still type too much."),
        2: ("We were promised the approval fix for spring.",),
        1: ("A tender had to be repeated.",),
    },
    job_titles=("Category buyer", "Supplier data", "Operational buying", "Tenders"),
    functions=(
        "Category Buying",
        "Supplier Management",
        "Tenders",
        "Indirect Buying",
        "Raw Materials",
        "Travel Buying",
        "Contract Buying",
        "Energy Buying",
        "Spare Parts Buying",
        "Supplier Quality",
    ),
)
