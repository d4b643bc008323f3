"""More that any unit may have to talk about: how people work, and how we work with them."""

from __future__ import annotations

from crm.services.demo.wording import Skill, step, topic

TOPICS = (
    topic(
        "Phones for people on the move",
        Skill.DEVICES,
        step(
            "{n} phones in {unit} get no updates from next month. {b} would skip a model and wait for the next; the "
            "updates will not wait.",
            "it 14: Bring three models to the next team meeting",
        ),
        step("All {n} phones are exchanged. {b} chose the small one, against everyone's advice, and is content."),
    ),
    topic(
        "Who to call",
        Skill.HELP_DESK,
        step(
            "{unit} has four numbers for us and calls the one that answers. {head} wants one number and one name.",
            "rep 7: One card with one number and one name",
            "a 14: Take the old lists off the walls",
        ),
        step("The card hangs where the old lists were. {it} gets the calls and says that it is less, not more."),
    ),
    topic(
        "Sending large files",
        Skill.SECURITY,
        step(
            "{a} sends large files with a free service, since ours wants an account from the receiver. That is our "
            "fault rather than {a}'s.",
            "it 21: Links that open without an account and end after a week",
        ),
        step(
            "Links without an account work. {m} were sent last month, and the free service is no longer seen in the "
            "logs."
        ),
    ),
    topic(
        "Old macros",
        Skill.APPLICATIONS,
        step(
            "A macro from 2011 prepares the weekly figures. The author has left, {b} presses the button and hopes.",
            "b 14: Show {it} what it does, step by step",
            "it 30: Say whether to keep, rewrite or drop it",
        ),
        step(
            "Of the macro's nine steps, six were no longer needed. The other three are a report now, and {b} stopped "
            "hoping."
        ),
    ),
    topic(
        "Announcing changes",
        Skill.HELP_DESK,
        step(
            "{head} gets {n} mails a week on changes, one of which matters. Which one, nobody can tell from the "
            "subject.",
            "rep 14: One mail on Thursday, with what matters to {unit} on top",
        ),
        step(
            "The Thursday mail is read by most of {unit}. {a} asked for a line on what went wrong, too; we put it in."
        ),
    ),
    topic(
        "Backup test",
        Skill.DATA,
        step(
            "We asked {a} to name a file from last spring, and brought it back. It took forty minutes, half of it "
            "for finding whom to ask.",
            "it 14: Put the way to ask on the card",
        ),
        step("Second test, {n} minutes. {head} slept well before as well, but says it is good to know."),
    ),
    topic(
        "Guests at their desks",
        Skill.NETWORK,
        step(
            "Auditors, trainees and partners sit with {unit} for weeks and use somebody's sign-in. {b} does not like "
            "it either.",
            "it 14: Guest accounts that end by themselves",
            "b 10: Say who may order one",
        ),
        step("{m} guest accounts since, all ended on the day. Nobody lends a sign-in any more, as far as we can see."),
    ),
    topic(
        "Move to the new office suite",
        Skill.APPLICATIONS,
        step(
            "{unit} moves to the new office suite in group {n}. {a} tested templates: the letter head slips, "
            "everything else is fine.",
            "it 14: Mend the letter head",
            "a 14: Test again with three old letters",
        ),
        step(
            "The move took a weekend. On Monday {it} sat in the corridor with a sign; eleven people came by, mostly "
            "to complain about the icons.",
        ),
        step("A month after the move, {unit} calls no more often than before. The sign hangs in {it}'s office now."),
    ),
    topic(
        "Time for small things",
        Skill.HELP_DESK,
        step(
            "{head}'s people collect small things until they are large. We offered an hour a month in which {it} "
            "sits there and mends whatever comes.",
            "it 14: First hour, with coffee",
        ),
        step(
            "{n} small things in the first hour, among them a clock that had been wrong since the move. The hour stays."
        ),
    ),
    topic(
        "Planning for next year",
        Skill.DATA,
        step(
            "{head} plans the year of {unit}. Three plans need us; of one we would have heard too late.",
            "head 21: Send the three plans, half a page each",
            "rep 30: Say what each asks of us, in days",
        ),
        step(
            "All three plans have days and a name on our side. One was moved by a quarter, by agreement, which was "
            "the point of talking early."
        ),
    ),
    topic(
        "Screens and chairs",
        Skill.DEVICES,
        step(
            "The company doctor asked for better screens at {n} desks in {unit}. We have some in store, older but "
            "large.",
            "it 7: Bring them, and take the small ones along",
        ),
    ),
    topic(
        "Working from elsewhere",
        Skill.NETWORK,
        step(
            "{a} works from home two days and loses the connection at every video meeting. Others in the same street "
            "do not.",
            "it 10: Look at {a}'s line together, by phone",
        ),
        step("The cause was the microwave oven, of all things. {a} moved the box, and we gained a story."),
    ),
)
