"""What there is to talk about with people who make the firm known."""

from __future__ import annotations

from crm.services.demo.wording import Skill, Theme, Wish, step, topic

WEBSITE = topic(
    "Website changes",
    Skill.APPLICATIONS,
    step(
        "A change of one sentence on the website takes {n} days, since it waits for the fortnightly release. {head} "
        "wants texts to be free of releases.",
        "it 21: Separate texts from code in two areas",
        "a 14: Say which pages change most",
    ),
    step(
        "News and product pages can be changed without us. {a} changed forty in the first week and broke one, which "
        "the preview would have shown.",
        "it 14: Show the preview before publishing, always",
    ),
    step(
        "Texts go live within the hour. The release calendar is only for code now, and {head} no longer knows it by "
        "heart."
    ),
)
PICTURES = topic(
    "Picture archive",
    Skill.DATA,
    step(
        "Pictures live on eleven drives. {b} buys some twice because nobody finds the first purchase, and the rights "
        "are in mails.",
        "it 21: Show two archives that know about rights",
        "b 14: Count what was bought twice last year",
    ),
    step(
        "The smaller archive is chosen. {m} thousand pictures are in, with the end of their rights where we know it.",
        "b 30: Settle the pictures without known rights",
        note="About one picture in five has no paper behind it. {b} knows, {head} does not want to hear it yet.",
    ),
    step("The archive warns before rights end. Nothing was bought twice this quarter, {b} says with some pride."),
)
CAMPAIGNS = topic(
    "Campaign mails",
    Skill.APPLICATIONS,
    step(
        "The spring mail reached half the addresses; the rest went to junk. Our sender name was not signed for the "
        "new tool.",
        "it 7: Sign the sender name for the campaign tool",
        "a 14: Take out addresses that bounced twice",
    ),
    step(
        "Delivered: 97 in a hundred. {a} would like to see who opened; we agreed to count openings, not people.",
        "it 21: Count openings per mail, without names",
    ),
    step(
        "Counts per mail are on one page. {head} dropped two newsletters nobody read: the cheapest success of the year."
    ),
)
LAUNCH = topic(
    "Product launch",
    Skill.NETWORK,
    step(
        "The launch in autumn will bring a few thousand visitors within an hour. The last one brought the shop down. "
        "{head} has not forgotten.",
        "it 21: Try the shop with ten times its usual visitors",
    ),
    step(
        "With ten times the visitors the search fails first. {it} gives it its own machine for the week of the launch.",
        "it 14: Move the search before the launch",
        "rep 14: Agree who sits beside {a} on the day",
    ),
    step(
        "Launch day: {m} hundred visitors at the peak, nothing stopped. {it} sat with the team and was asked to stay "
        "for the toast.",
    ),
)
FIGURES = topic(
    "Figures on campaigns",
    Skill.DATA,
    step(
        "Each campaign is reported from four tools. {b} spends the last Friday of the month copying.",
        "it 21: Bring two of the four tools into the warehouse",
    ),
    step(
        "Two tools are in, the other two charge for access to our own figures. {head} will take it up when the "
        "contracts renew.",
        "head -: Ask for free export when the contracts renew",
    ),
)
FINALE = topic(
    "Hand-over",
    Skill.APPLICATIONS,
    step(
        "I told {head} that I leave Fernhill. Asked who comes next, I could not say. What is open is written down in "
        "one list.",
        "rep 14: Hand over the list of what is open",
        note="Nobody is named for Marketing after me. I said it to Margit twice.",
    ),
)

THEME = Theme(
    topics=(WEBSITE, CAMPAIGNS, PICTURES, LAUNCH, FIGURES),
    wishes=(
        Wish(
            "Change texts on the website without us",
            "A wrong price stood on the page for nine days.",
            yes="Two areas first; the preview makes it safe.",
        ),
        Wish(
            "A picture archive that knows rights",
            "Pictures are bought twice, and used when they may not be.",
            yes="The smaller of two tools, for thirty people.",
        ),
        Wish(
            "Know who opened a mail",
            "The team wants to write again to those who were interested.",
            no="Following single people without their consent is not for us.",
            instead="Openings counted per mail, and a button to say “tell me more”.",
        ),
        Wish(
            "Video studio in the old archive",
            "Each short film costs a day of travel.",
            yes="Light and sound from stock; facilities paints the wall.",
        ),
        Wish(
            "Load test before each launch",
            "The shop stood still for forty minutes at the last launch.",
            yes="A morning of work, and a quiet evening.",
            offered=True,
        ),
        Wish(
            "Tool to plan social posts",
            "Posts are kept in a spreadsheet, and two went out twice.",
            yes="Three seats, ended within a month if it does not help.",
        ),
    ),
    comments={
        5: ("Launch day was boring. Thank you for that.",),
        4: ("Texts go live when we want. Figures are still copied by hand.", "Good help, when we know whom to ask."),
        3: ("Things take longer than they did.", "Decent, but nobody tells us what comes next."),
        2: ("I do not know whom to call.",),
        1: ("The shop was down on launch day.",),
    },
    job_titles=("Web and content", "Brand", "Campaigns", "Events"),
    functions=(
        "Brand",
        "Campaigns",
        "Market Research",
        "Web and Content",
        "Events",
        "Press Office",
        "Product Marketing",
        "Customer Insight",
        "Sponsoring",
        "Trade Marketing",
    ),
)
