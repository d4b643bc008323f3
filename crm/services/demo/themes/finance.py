"""What there is to talk about with people who close the books."""

from __future__ import annotations

from crm.services.demo.wording import Skill, Theme, Wish, step, topic

MONTH_END = topic(
    "Month-end run",
    Skill.APPLICATIONS,
    step(
        "The month-end run ended at 04:10, two hours later than planned. {a} had to wait with the accruals. Nobody had "
        "told us or {a} that the order of jobs was changed.",
        "it 10: Send the log of the {last} run to {a}",
        "rep 14: Agree with operations who announces a change in the order of jobs",
        note="Operations moved the jobs on a Friday without a ticket. I heard it from {a} too.",
    ),
    step(
        "Cause of the late run: the currency revaluation reads every open item since 2019. {it} archives what is "
        "closed "
        "and expects the run to end before two.",
        "it 21: Archive closed items up to last year",
        "a 14: Confirm which items must stay readable for the auditors",
    ),
    step(
        "The run ended at 01:35, the shortest since we measure it. {a} has the first figures at eight and "
        "would like to keep it that way when volumes grow in December.",
        "it 30: Write down the length of each run where {a} can see it",
    ),
)
PAYMENTS = topic(
    "Payment approvals",
    Skill.APPLICATIONS,
    step(
        "Urgent payments wait whenever {head} travels, since the second signature needs the office network. Last "
        "week a "
        "supplier stopped deliveries over one invoice.",
        "it 14: Check whether the approval works over the mobile gateway",
        "b 10: List who may sign for whom, with limits",
    ),
    step(
        "Approval from a phone works in the test system. Security wants a second factor, which {head} accepts as "
        "long as "
        "it takes one tap.",
        "it 21: Switch on the second factor for the {n} approvers",
        note="Security asked for a hardware key first. One tap on the phone was the compromise; do not reopen it.",
    ),
    step(
        "All {n} approvers sign from their phones. {b} counted: the median wait for a second signature fell from a day "
        "to two hours. The same is wished for travel advances.",
        "rep 14: Ask the travel team whether advances can use the same approval",
    ),
)
COST_CENTRES = topic(
    "Cost centre reports",
    Skill.DATA,
    step(
        "Cost centre owners get their report on the twelfth working day and find overspend a month late. {head} wants "
        "them to see it while they can still act.",
        "b 14: Choose the five figures an owner needs each week",
        "it 21: Show what the warehouse already holds per cost centre",
    ),
    step(
        "{it} showed a weekly extract for three cost centres. The figures are right; the names of the accounts are not "
        "what owners call them.",
        "a 14: Give {it} the list of account names as owners use them",
    ),
    step(
        "The weekly extract goes to {m} owners every Monday. Two of them already moved spending to the next quarter. A "
        "proper dashboard is still wished for.",
        note="The extract is a stopgap run from {it}'s own account. It needs a home before somebody relies on it.",
    ),
)
LEDGER = topic(
    "Ledger, phase 2",
    Skill.APPLICATIONS,
    step(
        "Phase 2 of the ledger moves fixed assets and leases. {head} asked for no cut-over in a quarter end; we agreed "
        "on the second week of a quiet month.",
        "rep 14: Draft the cut-over plan with two fallback dates",
        "head 21: Name a tester for leases",
    ),
    step(
        "First test load of fixed assets: {m} of some 4,000 assets differ by a rounding cent. {a} says that cents are "
        "what auditors look at, so we do not wave it through.",
        "it 14: Find where the rounding differs",
        "a 14: Choose twenty assets to follow from old to new",
    ),
    step(
        "The rounding came from the old system, which cut off the third decimal. The auditors accept a one-off "
        "posting. "
        "The test close is planned with {a} and {b} at one table.",
        "it 10: Prepare the one-off posting for {head} to sign",
    ),
    step(
        "Test close done in two and a half days. What held us up was access rights, not figures: three people could "
        "not "
        "post to the new periods.",
        "it 7: Copy posting rights to the new periods, and show {b} the list",
        note="Rights were tested with an administrator account. We agreed never to do that again.",
    ),
)
INVOICES = topic(
    "Invoice scanning",
    Skill.APPLICATIONS,
    step(
        "About one scanned invoice in {n} is read wrongly, mostly from two suppliers with grey paper. The team types "
        "them again and no longer tells us.",
        "b 7: Keep a week of misread invoices in one folder",
        "it 21: Train the reader on the two suppliers",
    ),
    step(
        "After the training, one invoice in {m} needs a hand. {b} asked the two suppliers for PDF files, and one of "
        "them "
        "said yes at once.",
        "b 30: Ask the other ten large suppliers for PDF files",
    ),
    step(
        "{m} percent of invoices now arrive as files. The scanner on the second floor stands still most days; {head} "
        "would give it back.",
        "rep 14: End the lease of the second scanner",
    ),
)
YEAR_END = topic(
    "Year-end",
    Skill.APPLICATIONS,
    step(
        "We put the change freeze for year-end side by side with the closing calendar. They overlap by four days in "
        "which a fix would be refused. {head} wants a named person who may decide within an hour.",
        "rep 14: Name who may lift the freeze, with a deputy",
    ),
    step(
        "Year-end went through with one incident, the printing of dunning letters. {it} was on site at seven and "
        "nobody "
        "had to stay late. {a} brought cake, which we note for the record.",
        note="Worth repeating: one specialist in their room for the first two days costs us little and is remembered.",
    ),
    step(
        "Looking back at year-end: the list of open questions lived in three mail threads. Next time it is one page "
        "that "
        "both sides can change.",
        "rep 30: Set up the page for next year-end and link it from the closing calendar",
    ),
)
EXPENSES = topic(
    "Expense app",
    Skill.HELP_DESK,
    step(
        "Travellers photograph receipts and then send the paper as well, since nobody said that the photo counts. {b} "
        "still files both.",
        "head 14: Say in writing that the photo is enough",
        "it 14: Put that sentence into the app, beside the button",
    ),
    step(
        "Paper receipts fell by more than half in six weeks. The help desk gets {n} calls a week about foreign "
        "currencies; the app offers the rate of the day of upload, not of the receipt.",
        "it 21: Take the rate of the receipt's date",
    ),
    step(
        "The rate now follows the receipt. {b} closed the last box of paper and asked what to do with the shelf.",
        "nobody -: Decide what happens to the paper archive before the lease of the shelf room ends",
    ),
)

THEME = Theme(
    topics=(MONTH_END, PAYMENTS, COST_CENTRES, YEAR_END, LEDGER, INVOICES, EXPENSES),
    wishes=(
        Wish(
            "Approve payments from a phone",
            "Suppliers are paid late whenever both approvers travel, and two have asked for deposits since.",
            yes="The mobile gateway is there already; one second factor makes it safe.",
        ),
        Wish(
            "Keep ten years of invoices searchable",
            "The tax office asks for single invoices, and each takes half a day in the archive room.",
            yes="The archive has the room. We load three years at a time, newest first.",
        ),
        Wish(
            "A second bank connection",
            "When the one bank's line is down, nothing can be paid that day.",
            no="The second bank charges more per month than we pay for the whole line today.",
            instead="Files can be uploaded in the bank's own portal; {it} shows two people how.",
        ),
        Wish(
            "Length of the month-end run on one page",
            "The team plans its evening by when the run ends, and finds out by waiting.",
            yes="We measure it anyway; now you see it too.",
            offered=True,
        ),
        Wish(
            "Spreadsheet add-in for treasury forecasts",
            "The forecast is copied by hand from four reports every Thursday.",
            yes="Tried by {b} for a month without trouble; the licence is small.",
        ),
        Wish(
            "Own reporting database",
            "The team wants to answer a question of the board within the hour, without asking us.",
            no="A copy of the ledger outside its access rules would not pass the audit.",
            instead="A read-only view of twelve tables in the warehouse, refreshed each night.",
        ),
        Wish(
            "Dual screens for the closing team",
            "Two lists have to be compared line by line, three days a month.",
            yes="From stock, eight screens, the same week.",
        ),
        Wish(
            "Bank statements before eight",
            "Cash is planned at nine, and the statements come at half past ten.",
            yes="The bank delivers at six; our job only fetched them later.",
            offered=True,
        ),
    ),
    comments={
        5: (
            "The run is on time and nobody had to call anybody.",
            "Year-end was the calmest I remember.",
        ),
        4: (
            "Good work on the approvals. The reports could come a week earlier.",
            "I get answers the same day. Sometimes the answer is that it takes a month.",
        ),
        3: (
            "Closing works, but we find out about changes from each other.",
            "Some things quick, some things forgotten.",
        ),
        2: (
            "We plan our evenings around your jobs and learn of delays by waiting.",
            "Two questions from the last meeting are still unanswered.",
        ),
        1: ("We closed late and had to explain it to the board by ourselves.",),
    },
    job_titles=("Month-end", "Treasury", "Controlling", "Accounts payable"),
    functions=(
        "Accounts Payable",
        "Accounts Receivable",
        "Tax Operations",
        "Treasury",
        "Controlling",
        "Credit Control",
        "Group Reporting",
        "Internal Audit",
        "Asset Accounting",
        "Financial Planning",
    ),
)
