"""What there is to talk about with people who answer customers."""

from __future__ import annotations

from crm.services.demo.wording import Skill, Theme, Wish, step, topic

PHONES = topic(
    "Phone system",
    Skill.NETWORK,
    step(
        "Calls drop at the hand-over from the first to the second line, about {n} a day. Customers call again and "
        "tell everything anew.",
        "it 10: Trace ten dropped calls",
        "a 7: Note time and extension of dropped calls",
    ),
    step(
        "All traced calls dropped at one gateway after exactly thirty seconds. The supplier knows the fault and has "
        "a new version.",
        "it 14: New version on the gateway, on a Sunday",
    ),
    step("No dropped call in three weeks. {a} has got used to finishing sentences again."),
)
KNOWLEDGE = topic(
    "Answers everyone can find",
    Skill.APPLICATIONS,
    step(
        "Each agent keeps answers in a private file. {head} counted {m} versions of the return policy, six of them "
        "wrong.",
        "it 21: Open one place for answers, with a date on each",
        "b 21: Bring the twenty most asked",
    ),
    step(
        "Twenty answers, read four hundred times in a week. {b} wants a button to say “this is out of date”.",
        "it 14: Add that button, with a note to {b}",
    ),
    step(
        "Eighty answers, each with an owner and a date. New agents answer alone after nine days; it used to be fifteen."
    ),
)
CALLBACK = topic(
    "Call back instead of waiting",
    Skill.APPLICATIONS,
    step(
        "At ten in the morning customers wait eleven minutes. {head} would rather call them back; the phone system "
        "can, the rota cannot.",
        "b 21: Plan two people for calling back",
        "it 14: Switch it on for one number",
    ),
    step(
        "One caller in four chooses the call back. Waiting at ten fell to four minutes.",
        "it 21: Switch it on for all numbers",
    ),
    step("Call back on all numbers. Complaints about waiting went from {m} a month to three."),
)
HISTORY = topic(
    "The customer's history on one screen",
    Skill.DATA,
    step(
        "An agent opens five windows to see one customer. {a} timed it: seventy seconds before the first useful word.",
        "it 21: Show orders, deliveries and complaints together for one team",
        "a 14: Rank what must be on it",
    ),
    step(
        "The team with one screen is at twenty-five seconds. The others ask when. Deliveries still come from "
        "yesterday.",
        "it 30: Refresh deliveries each hour",
    ),
    step(
        "All teams have the screen. Deliveries are fresh to the hour. {head} asked for one thing less on it, and got "
        "it.",
    ),
)
PEAK = topic(
    "Christmas peak",
    Skill.NETWORK,
    step(
        "For the peak {m} helpers join for six weeks. Last year their accounts came in week two.",
        "b 14: Names of the helpers by the first of the month",
        "it 21: Accounts and headsets ready the Friday before",
    ),
    step("All helpers could answer on their first morning. Two headsets were missing, found in the box of last year."),
    step(
        "After the peak: longest wait nine minutes, no outage, and accounts of the helpers closed on the last evening."
    ),
)
CHAT = topic(
    "Chat on the website",
    Skill.APPLICATIONS,
    step(
        "{head} wants a chat where a person answers. A machine may greet, ask for the order number, and step aside.",
        "it 30: Show the chat of our phone supplier",
        "a 14: Who answers, and until when",
    ),
    step(
        "Trial on two pages, nine to five. {m} chats a day, each agent holds three at once. Fewer mails, says {b}, "
        "and friendlier.",
        "it 21: Put the order number in front of the agent",
    ),
    step(
        "Chat on all pages since Monday. When nobody is there, it says so and offers a call back, which customers "
        "seem to respect."
    ),
)
RECORDINGS = topic(
    "Recordings for training",
    Skill.SECURITY,
    step(
        "Some calls are recorded for training, with consent, and nobody deletes them. The oldest is {n} years old.",
        "it 14: Delete after ninety days, by itself",
        "head 10: Say which calls may be kept longer, and why",
    ),
    step(
        "Recordings end after ninety days. Twelve are kept as examples, with consent in writing. The data protection "
        "officer is content."
    ),
)

THEME = Theme(
    topics=(PHONES, KNOWLEDGE, CALLBACK, HISTORY, PEAK, CHAT, RECORDINGS),
    wishes=(
        Wish(
            "Call back instead of waiting",
            "Customers wait eleven minutes at ten and give up at eight.",
            yes="The system can; one number first.",
        ),
        Wish(
            "One screen per customer",
            "Seventy seconds pass before the first useful word.",
            yes="One team first, then all.",
        ),
        Wish(
            "Headsets without wires",
            "Agents cannot stand up, and some have bad backs.",
            yes="From the next order on, for everyone who asks.",
        ),
        Wish(
            "Show the mood of a caller",
            "New agents would like to be warned.",
            no="Judging voices by machine is against our own rules on people's data.",
            instead="A mark on customers with an open complaint, seen before the call is taken.",
        ),
        Wish(
            "Chat on the website",
            "Young customers do not call.",
            yes="A trial on two pages, with people who answer.",
        ),
        Wish(
            "Answers with an owner and a date",
            "Forty versions of the return policy, six of them wrong.",
            yes="The tool is in the house; {b} brings the answers.",
            offered=True,
        ),
        Wish(
            "Translate letters from customers",
            "Letters in Polish wait for the one colleague who reads it.",
            yes="Runs inside our house, and says that it is a translation.",
            offered=True,
        ),
        Wish(
            "Work from home for the night team",
            "Two good agents will leave otherwise.",
            no="Calls over a private line dropped too often in the trial.",
            instead="A small desk in the Porto office, ten minutes from both.",
        ),
    ),
    comments={
        5: ("One screen, and seventy seconds given back to each customer.",),
        4: ("The phones are stable. Deliveries could be fresher.", "They sat with us and listened to calls."),
        3: ("Some weeks good, some weeks we wait.", "Eleven asked, and I doubt many answer."),
        2: ("Calls dropped for a month before anyone traced one.",),
        1: ("We could not answer customers for a morning.",),
    },
    job_titles=("First line", "Knowledge and training", "Second line", "Rota planning"),
    functions=(
        "Claims Desk",
        "Phone Support",
        "Chat Support",
        "Complaints Desk",
        "Warranty Desk",
        "Order Desk",
        "Technical Support",
        "Customer Training",
        "Field Service",
        "Loyalty Desk",
    ),
)
