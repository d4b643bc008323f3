"""What there is to talk about with people who read contracts."""

from __future__ import annotations

from crm.services.demo.wording import Skill, Theme, Wish, step, topic

SEARCH = topic(
    "Contract search",
    Skill.DATA,
    step(
        "Contracts are found by whoever filed them. When {a} was on leave, a notice date passed. {head} wants to "
        "search inside the text, scans included.",
        "it 21: Index one folder of two hundred contracts, scans too",
        "a 14: Write down ten questions a search must answer",
    ),
    step(
        "Nine of the ten questions are answered in seconds. The tenth, liability caps in scans from the nineties, "
        "needs better recognition.",
        "it 21: Try the second recogniser on the old scans",
        note="{head} told the board about the search before we did. A friend worth having.",
    ),
    step(
        "All {m} thousand pages are searchable. {b} found two contracts with the same supplier and different terms, "
        "and saved their cost in one letter.",
        "b 14: Tell purchasing what was found",
    ),
)
DEADLINES = topic(
    "Notice dates",
    Skill.APPLICATIONS,
    step(
        "Notice dates live in three calendars. We offered one list with a reminder ninety days ahead, and a named "
        "person for each contract.",
        "b 21: Collect the dates of the hundred largest contracts",
    ),
    step(
        "The list has {m} dates that fall this year. The first reminders went out; one contract would have renewed "
        "itself next week.",
        "it 14: Send the reminder to a deputy as well",
    ),
    step("No notice date was missed since the list began. {head} shows it to new colleagues on their first day."),
)
SIGNING = topic(
    "Signing without paper",
    Skill.SECURITY,
    step(
        "A contract travels {n} days for two signatures. {head} accepts electronic signing for everything that the "
        "law does not want on paper.",
        "head 14: List what must stay on paper",
        "it 21: Set up signing for ten people",
    ),
    step(
        "Ten people sign electronically; the median fell from six days to five hours. {a} asks for the same with "
        "outside counsel.",
        "it 21: Invite outside counsel as guests",
    ),
    step(
        "Outside counsel signs too. {m} contracts so far, none contested. The courier contract was ended.",
    ),
)
DATA_ROOM = topic(
    "Data room",
    Skill.SECURITY,
    step(
        "For the sale of the old site {head} needs a room in which the other side can read but not take. Four weeks, "
        "some thirty readers.",
        "it 10: Open a data room with watermarks",
        "a 7: Send the list of readers, with their firms",
    ),
    step(
        "The data room held. {m} readers, no file left it, and the log answered the one question that came up at the "
        "notary's.",
        "it 14: Keep the log, close the room",
        note="The notary asked who had set it up. Worth telling {it}'s team lead.",
    ),
)
PRIVACY = topic(
    "Requests about personal data",
    Skill.DATA,
    step(
        "People ask what we hold about them, {n} a month and rising. Each takes {b} two days of writing to system "
        "owners.",
        "it 21: List the systems that hold names, with owner",
        "b 14: Draft the one question to owners",
    ),
    step(
        "One form now asks all owners at once and counts the days. The last three requests took four hours each.",
        "it 21: Remind owners after three days",
    ),
    step(
        "All requests answered within the month since spring. The authority asked for our way of doing it, and "
        "{head} gave it with our names on it."
    ),
)
FILES = topic(
    "Sharing files with outside counsel",
    Skill.SECURITY,
    step(
        "Counsel wanted its own file-sharing service, which we refused. Guest rooms in the shared drive were offered "
        "instead and {a} tries one for a case.",
        "it 14: Open a guest room for the Harbour case",
    ),
    step(
        "{a} gives the guest room five of five: counsel found everything, and access ended by itself when the case "
        "did.",
        "it 21: Let {a} open guest rooms without asking us",
    ),
)
FINALE = topic(
    "What comes next",
    Skill.APPLICATIONS,
    step(
        "Nothing is overdue on either side. We used the time for an idea of ours: clauses that differ from the "
        "standard are marked when a draft comes in. {head} would like to see it on real drafts.",
        "it 21: Show the marking on ten real drafts",
    ),
    step(
        "The marking found {n} unusual clauses in ten drafts; {b} would have found four. False alarms are few. "
        "{head} wants it for all supplier contracts.",
        "it 30: Mark clauses in all supplier drafts",
        note="This began as an idea of {it}. Say so when the board hears of it.",
    ),
    step(
        "Marking of clauses runs for all supplier drafts. {head} counted: a draft is read in half the time. There is "
        "an offer to speak about it at our team day.",
        "rep 14: Plan ten minutes for {head} at the team day",
    ),
)

THEME = Theme(
    topics=(SEARCH, SIGNING, DEADLINES, DATA_ROOM, PRIVACY, FILES),
    wishes=(
        Wish(
            "Search inside contracts",
            "A notice date passed because the contract could not be found.",
            yes="The index is there; scans cost a little more, and are worth it.",
        ),
        Wish(
            "Own file-sharing service",
            "Outside counsel cannot open our links and asks for a service of its own.",
            no="A second service would hold our contracts outside our backups.",
            instead="Guest rooms in the shared drive, which {a} can open without asking us.",
        ),
        Wish(
            "One list of notice dates",
            "Three calendars, and nobody sure of any.",
            yes="A list with reminders costs us two days.",
            offered=True,
        ),
        Wish(
            "Signing without paper",
            "A contract travels six days for two signatures.",
            yes="Where the law allows it, from this month.",
        ),
        Wish(
            "One form for requests about personal data",
            "Each request means letters to twenty owners.",
            yes="We ask the owners, and count the days.",
            offered=True,
        ),
        Wish(
            "Mark unusual clauses in drafts",
            "Drafts are read twice, to be sure that nothing strange is in them.",
            yes="Shown on ten drafts; it found more than a tired reader.",
            offered=True,
        ),
        Wish(
            "Compare two versions side by side",
            "Changes without marks are found by reading aloud.",
            yes="The tool is in our licence already; it was only never installed.",
            offered=True,
        ),
        Wish(
            "Record calls with opponents",
            "Notes of calls are disputed later.",
            no="Recording without consent is forbidden in three of our countries.",
            instead="A joint protocol, shared on the screen during the call.",
        ),
    ),
    comments={
        5: (
            "They come with ideas, and the ideas work.",
            "I would choose this team if I were free to go elsewhere.",
            "Search found in seconds what took us days.",
        ),
        4: ("Very good, and honest about what takes longer.", "Signing is quick now. Guests could be easier."),
        3: ("Solid, but we had to ask three times for the guest rooms.",),
        2: ("A deadline was close and nobody picked up.",),
        1: ("We learned of the outage from the court.",),
    },
    job_titles=("Contracts", "Data protection", "Corporate counsel", "Claims"),
    functions=(
        "Contract Management",
        "Data Protection",
        "Corporate Counsel",
        "Litigation",
        "Trade Compliance",
        "Claims Handling",
        "Patents and Trademarks",
        "Regulatory Affairs",
        "Insurance",
        "Ethics and Conduct",
    ),
)
