"""What there is to talk about with people who sell."""

from __future__ import annotations

from crm.services.demo.wording import Skill, Theme, Wish, step, topic

TABLETS = topic(
    "Tablets for visits",
    Skill.DEVICES,
    step(
        "The tablets are {n} years old and last until lunch. Reps write on paper and type in the evening, or do not "
        "type at all.",
        "it 14: Lend {a} two candidates for a week of visits",
        "rep 21: Compare prices, with and without a contract for the card",
    ),
    step(
        "{a} took both tablets on eleven visits. The smaller one wins: it fits between the seats and lives until six. "
        "The pen was not used once.",
        "head 14: Decide how many, and who gets them first",
        note="{head} will ask for all {m} at once. The budget carries two thirds this year.",
    ),
    step(
        "{m} tablets are out. The first week brought {n} calls, all about the same mail setting, which is now part "
        "of the set-up.",
        "it 14: Collect the old tablets and wipe them",
    ),
)
VISITS = topic(
    "Visit notes",
    Skill.APPLICATIONS,
    step(
        "Visit notes take twelve clicks. {b} showed us: six of them choose things the system could know, such as "
        "today's "
        "date and the customer at whose door one stands.",
        "it 21: Fill in date, customer and last contact person",
        "b 10: Say which fields nobody has used this year",
    ),
    step(
        "Five clicks. {m} percent more notes than the month before. {head} reads them on Friday and now finds them "
        "too short.",
        note="A good problem. Let it rest for a quarter before anyone adds a required field.",
    ),
    step(
        "{head} and {b} settled on one question after each visit: what would the customer buy next. It is a single "
        "line, and optional.",
        "it 14: Add the one line, optional",
    ),
)
STOCK = topic(
    "Stock in quotes",
    Skill.APPLICATIONS,
    step(
        "Quotes promise stock that is already sold. About two customers a week are let down, and it is the rep who "
        "drives out to explain.",
        "it 21: Find out how old the stock figure in the quote tool is",
        "a 14: Keep a list of quotes that went wrong",
    ),
    step(
        "The figure in the quote tool is from the night before. Every hour would be possible without touching the "
        "order "
        "system; every minute would not.",
        "head 14: Say whether an hour is good enough",
    ),
    step(
        "An hour is good enough for nine quotes in ten, says {head}. For the tenth the reps would like to look into "
        "the order book themselves.",
        "it 21: Refresh stock in quotes every hour",
        note="The order book shows other regions' prices. That is the real obstacle, not the licence.",
    ),
    step(
        "Hourly stock is live. {a} counts {n} wrong quotes since, all for articles with fewer than five pieces.",
        "b 14: Propose a warning for articles with few pieces",
    ),
)
COMMISSION = topic(
    "Commission statements",
    Skill.DATA,
    step(
        "Commission statements arrive three weeks after the month, and everyone keeps a spreadsheet to check them. {b} "
        "estimates two working days a month across the team.",
        "it 21: Show where the three weeks go",
    ),
    step(
        "Two of the three weeks are waiting for returns to be booked. {head} agrees to a preliminary statement on the "
        "fifth working day, marked as such.",
        "b 14: Write the sentence that explains what preliminary means",
        "it 30: Produce the preliminary statement for one region",
    ),
    step(
        "The preliminary statement differed from the final one by less than one percent. The spreadsheets are gone "
        "from "
        "{b}'s desk, if not from everyone's.",
    ),
)
CAMPUS = topic(
    "Working from the car",
    Skill.NETWORK,
    step(
        "Between two visits the connection drops when the tablet moves from one cell to the next, and the sign-in "
        "starts anew. {a} filmed it.",
        "it 14: Try the newer connection client on three tablets",
    ),
    step(
        "With the new client the session survives a tunnel. Three testers, two weeks, one complaint, about the "
        "colour of the icon.",
        "it 21: Roll the client out to everyone by region",
        "a 14: Choose the order of regions",
    ),
    step(
        "All regions have the new client. Sign-ins per rep fell from eleven a day to two. {head} said thank you in "
        "the regional call.",
    ),
)
PRICES = topic(
    "Price lists",
    Skill.APPLICATIONS,
    step(
        "The new price list was in the shop on the first, in the quote tool on the third. For two days reps quoted "
        "old prices and had to stand by them.",
        "it 10: Say which step loads prices where, and when",
        "rep 14: Agree one moment for both with the shop team",
        note="Nobody owns the hand-over between shop and quote tool. I take it until we find someone.",
    ),
    step(
        "Shop and quote tool now load from the same file at the same minute. {a} checks twenty prices on the day, as "
        "long as trust is young.",
        "a 30: Check twenty prices on the first of the month",
    ),
    step(
        "Third price list without a difference. {a} stops checking by hand, and the file is signed off by one person."
    ),
)
FAIR = topic(
    "Trade fair",
    Skill.DEVICES,
    step(
        "The spring fair needs {n} screens, two printers and a connection that does not depend on the hall. {b} has "
        "the plan of the stand.",
        "it 21: Order the mobile router and try it in the cellar",
        "b 14: Send the plan of the stand with power sockets",
    ),
    step(
        "The fair went well: no outage in four days, {m} leads scanned straight into the system. The badge scanner "
        "was the favourite.",
        "it 14: Keep the set in one box, labelled, for the autumn fair",
    ),
)

THEME = Theme(
    topics=(TABLETS, VISITS, STOCK, PRICES, CAMPUS, COMMISSION, FAIR),
    wishes=(
        Wish(
            "New tablets for visits",
            "Batteries die at lunch and notes are written twice.",
            yes="Chosen by those who carry them; two thirds this year, the rest in January.",
        ),
        Wish(
            "Hourly stock in the quote tool",
            "Customers are promised what is already sold.",
            yes="An hour is possible without touching the order system.",
        ),
        Wish(
            "Text messages to customers before a visit",
            "One visit in ten meets a closed door.",
            yes="The gateway of the help desk can send them; costs are small.",
        ),
        Wish(
            "Own customer app",
            "Customers ask for delivery dates by phone, and a competitor has an app.",
            no="An app for {m} customers would cost more than the calls it saves in five years.",
            instead="A link in each order confirmation that shows the delivery date.",
        ),
        Wish(
            "Preliminary commission statements",
            "Everybody keeps a spreadsheet to check the real one.",
            yes="The figures are there on the fifth working day.",
            offered=True,
        ),
        Wish(
            "Route planning for visit days",
            "Reps drive past customers they could have seen.",
            yes="Tried in one region: eleven visits more in a month.",
            offered=True,
        ),
        Wish(
            "Read private calendars for planning",
            "Visits are planned across appointments nobody sees.",
            no="Private entries stay private; the works council would refuse, and we agree with it.",
            instead="Busy times without titles, shared with the planner.",
        ),
    ),
    comments={
        5: ("The tablets survive the day, and so do I.", "Somebody rode along for a day and then fixed what was seen."),
        4: (
            "Quick help on the road. The quote tool still thinks too long.",
            "Good people, and they come to us rather than write.",
        ),
        3: ("Better than last year, slower than our customers.", "I wait for the order book since spring."),
        2: ("We sell what is not there because your figures are from yesterday.",),
        1: ("Two days of wrong prices, and the customer heard it from me.",),
    },
    job_titles=("Regional sales", "Sales planning", "Key accounts", "Inside sales"),
    functions=(
        "Regional Sales",
        "Key Accounts",
        "Sales Planning",
        "Partner Sales",
        "Tender Desk",
        "Sales Training",
        "Inside Sales",
        "Pricing",
        "Export Sales",
        "Dealer Support",
    ),
)
