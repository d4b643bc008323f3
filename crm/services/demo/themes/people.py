"""What there is to talk about with people who look after people."""

from __future__ import annotations

from crm.services.demo.wording import Skill, Theme, Wish, step, topic

FIRST_DAYS = topic(
    "First days of new people",
    Skill.HELP_DESK,
    step(
        "New people wait {n} days on average until every account works. The contract is signed weeks before; the order "
        "reaches us the Friday before the first Monday.",
        "a 14: Send the list of starters for the next two months",
        "it 21: Show each step between contract and first sign-in, with its waiting time",
    ),
    step(
        "Most of the waiting is one approval that nobody feels asked for: the floor plan. {head} drops it. That alone "
        "brings the wait below two days.",
        "it 14: Take the floor plan out of the order form",
        note="Nobody in facilities missed it. We should look for more approvals like that.",
    ),
    step(
        "Of {m} people who started since we last met, all but two could work on day one. Both had changed their name "
        "between contract and start.",
        "b 14: Tell the help desk about a changed name when the contract changes",
    ),
)
PAYROLL = topic(
    "Payroll hand-over",
    Skill.APPLICATIONS,
    step(
        "The payroll file goes to the provider by mail, with a password in a second mail. {b} knows it should not. We "
        "want a line that needs no password.",
        "it 21: Ask the provider which transfer they offer",
        note="If the auditors see the password mails, it is our finding as much as theirs.",
    ),
    step(
        "The provider offers a signed transfer; set-up takes a day on each side. {head} wants it done outside a "
        "payroll week.",
        "it 21: Set up the transfer in test",
        "b 14: Name two people who may start it",
    ),
    step(
        "The transfer ran twice in parallel with the mail and both files were the same to the cent. From next month "
        "the mail stops.",
        "b 30: Delete the mailbox with the old files",
    ),
)
TIME = topic(
    "Time recording",
    Skill.APPLICATIONS,
    step(
        "The terminals at the south gate lose the connection when it rains, and people correct their times by hand "
        "afterwards. {m} corrections last month.",
        "it 10: Have the cable at the south gate looked at",
        "a 7: Count corrections per terminal",
    ),
    step(
        "A new cable, and {n} corrections where there were dozens. {a} would now like the phone app for people who "
        "work "
        "outside.",
        "rep 21: Ask the works council and security about the phone app",
    ),
    step(
        "The works council agrees to the phone app as long as it does not store where people are. The supplier "
        "confirms "
        "that this can be switched off, and we saw it off.",
        "it 21: Start with one team of fifteen",
    ),
)
RECRUITING = topic(
    "Recruiting portal",
    Skill.APPLICATIONS,
    step(
        "Applicants leave the form at the upload of papers: it takes only small files and says so after the upload. "
        "{b} "
        "loses a third of them there.",
        "it 14: Raise the limit and say it before the upload",
    ),
    step(
        "Since the limit was raised, one applicant in {n} more reaches the end. {b} asks whether the portal could "
        "speak Portuguese and Polish.",
        "rep 21: Get a price for two more languages",
        "b 14: Find out which jobs need them",
    ),
    step(
        "The two languages are in. First applications from Katowice arrived the same week, and {head} showed them to "
        "the board.",
    ),
)
LEARNING = topic(
    "Learning platform",
    Skill.APPLICATIONS,
    step(
        "Managers cannot see who has finished the yearly safety course, so {a} sends lists. The platform knows; the "
        "reporting right is missing.",
        "it 7: Give team leads the reporting right for their own people",
    ),
    step(
        "Team leads see their own people. {a} sends no more lists and got an afternoon a week back. Two leads found "
        "people "
        "who had left long ago.",
        "it 14: Take leavers out of the platform each night",
        note="Leavers: the same gap exists in three other systems. Candidate for one job that does them all.",
    ),
)
FINALE = topic(
    "Where we stand",
    Skill.HELP_DESK,
    step(
        "Short meeting, {head} had half an hour. Accounts for new people are slower again since the desk lost two "
        "people. "
        "We said we would come back with a plan.",
        "rep 30: Bring a plan for accounts on day one",
        note="We promised a plan and have none yet. This must not slide.",
    ),
)

THEME = Theme(
    topics=(FIRST_DAYS, TIME, PAYROLL, RECRUITING, LEARNING),
    wishes=(
        Wish(
            "Phone app for time recording",
            "People who work outside write their hours on paper, and somebody types them on Friday.",
            yes="The works council agrees, and the app stores no places.",
        ),
        Wish(
            "Recruiting portal in two more languages",
            "Good applicants from Katowice and Porto give up on the English form.",
            yes="The supplier has both; we only pay for the texts.",
        ),
        Wish(
            "Chat assistant for questions about leave",
            "The same ten questions take an hour a day.",
            no="The assistant gave wrong answers about parental leave in every test.",
            instead="A page with the ten questions, linked from the leave form; {it} counts how many still call.",
        ),
        Wish(
            "Names change in one place",
            "Someone who marries has to write to five teams.",
            yes="The directory can pass it on to four of the five now, the fifth in spring.",
            offered=True,
        ),
        Wish(
            "Leavers lose access the same evening",
            "Managers hand over keys but not accounts, and nobody is sure what is still open.",
            yes="The last day is in the contract data; the job reads it each evening.",
            offered=True,
        ),
        Wish(
            "Private printers for three desks",
            "Personal papers lie on the shared printer until someone fetches them.",
            no="Each private printer costs five times the pages and is never patched.",
            instead="The shared printer now waits for the badge before it prints.",
        ),
    ),
    comments={
        5: ("New people could work at nine on their first day. That is all I ever asked for.",),
        4: (
            "Friendly and reliable. The portal is still slow in the morning.",
            "We are asked before something changes, which was not always so.",
        ),
        3: ("Fine when I call, silent when I do not.", "Onboarding is better; leaving is not."),
        2: ("I stopped asking, since the answers come after the deadline.",),
        1: ("A new colleague sat without a computer for a week.",),
    },
    job_titles=("Onboarding", "Payroll", "Recruiting", "Learning"),
    functions=(
        "Recruiting",
        "Payroll Services",
        "Learning and Development",
        "Workforce Planning",
        "Employee Relations",
        "Compensation and Benefits",
        "People Analytics",
        "Occupational Health",
        "Early Careers",
        "People Partners",
    ),
)
