"""What any unit may have to talk about with its IT."""

from __future__ import annotations

from crm.services.demo.wording import Skill, step, topic

TOPICS = (
    topic(
        "New laptops",
        Skill.DEVICES,
        step(
            "{m} laptops in {unit} reach their fourth year. We showed two models; {a} prefers the lighter one, {b} "
            "the larger screen. Both are possible.",
            "b 14: Say who takes which model",
            "it 30: Exchange in groups of six, never on a Monday",
        ),
        step(
            "Two thirds are exchanged. What takes longest is not data but habits: printers, shortcuts, the one old "
            "macro.",
            "it 21: Sit with {a} over the old macro",
        ),
        step("The exchange is finished. {n} old machines stay as spares; the others were wiped and given to a school."),
    ),
    topic(
        "Second factor at sign-in",
        Skill.SECURITY,
        step(
            "The second factor comes to {unit} next month. {head} fears for people without a company phone; there "
            "are {n} of them.",
            "it 14: Bring keys for people without a phone",
            "a 10: Name the {n} people",
        ),
        step(
            "Everyone in {unit} signs in with a second factor. The help desk had five calls, all in the first two days."
        ),
    ),
    topic(
        "Shared drive",
        Skill.DATA,
        step(
            "The shared drive of {unit} is almost full, and nobody knows whose it is. {b} offered to look at the ten "
            "largest folders.",
            "b 21: Look at the ten largest folders",
            "it 7: List folders not opened for three years",
        ),
        step(
            "Half of it was not opened for three years and moved to cheaper disks. Nothing was missed so far; we asked."
        ),
    ),
    topic(
        "Help desk answers",
        Skill.HELP_DESK,
        step(
            "{a} brought five tickets that were closed without being solved. In all five somebody had waited for an "
            "answer from us and did not get it.",
            "it 7: Call the five, and say what comes next",
            "rep 14: No closing without asking, for {unit} as a trial",
            note="Two of the five were closed on the last day of the month. We should look at what we measure.",
        ),
        step(
            "Since closing means asking first, {unit} reopened one ticket in six weeks. The trial goes on for everyone."
        ),
    ),
    topic(
        "Suspicious mails",
        Skill.SECURITY,
        step(
            "{n} people in {unit} typed their password into the test mail. {head} wants no list of names, and is "
            "right. We show everyone the mail instead.",
            "it 14: Fifteen minutes in the team meeting, with the real mail",
        ),
        step("In the second test two people typed it, and {m} reported it. One of them called us while reading."),
    ),
    topic(
        "Video meetings",
        Skill.NETWORK,
        step(
            "In the large room the far side hears an echo, and {b} repeats everything. The microphone hangs above "
            "the fan.",
            "it 10: Move the microphone, and try it with {b} on the far side",
        ),
        step(
            "The echo is gone. A sheet of four lines lies on the table, since nobody reads the manual of twelve pages."
        ),
    ),
    topic(
        "Rights after a change of post",
        Skill.SECURITY,
        step(
            "People who move keep their old rights. {a} still sees figures from the last post, and said so, which we "
            "value.",
            "it 14: List rights of people who moved within the year",
            "head 21: Look through the list, half an hour",
        ),
        step(
            "{head} took back {m} rights in half an hour. From now on the list comes each quarter, with what changed "
            "on top."
        ),
    ),
    topic(
        "Slow mornings",
        Skill.NETWORK,
        step(
            "Between eight and nine everything is slow in {unit}. {it} measured: the virus check reads every disk at "
            "half past eight.",
            "it 10: Move the check to the lunch break",
        ),
        step(
            "Mornings are quick. At lunch nobody noticed anything; {b} asked whether it was really switched on, and "
            "it is."
        ),
    ),
    topic(
        "Printing",
        Skill.HELP_DESK,
        step(
            "The printer on the corridor jams daily and is then called broken for a week. It is {n} years old.",
            "it 14: Exchange it for one of the two in the archive",
        ),
        step("The exchanged printer holds. {unit} prints a third less than a year ago, without anyone having asked."),
    ),
    topic(
        "What IT costs",
        Skill.HELP_DESK,
        step(
            "{head} asked what {unit} pays for. We went through the bill line by line; two lines nobody could "
            "explain, on either side.",
            "rep 21: Explain the two lines, or take them off",
        ),
        step("One line was a service ended last year and is paid back. The other is the backup, and {head} keeps it."),
    ),
    topic(
        "Outage of the office network",
        Skill.NETWORK,
        step(
            "The network in the building was down from 9:20 to 11:05. {head} learned of it from the corridor. We owe "
            "a cause, and a message within ten minutes next time.",
            "it 5: Write down the cause in words anyone can read",
            "rep 7: Put {head} and {a} on the list for text messages",
            note="The cause was ours: a change without a second pair of eyes.",
        ),
        step(
            "The cause was a change made by one person alone. Such changes now need two. {a} got the test message in "
            "four minutes."
        ),
        urgent=True,
    ),
    topic(
        "Holiday cover",
        Skill.HELP_DESK,
        step(
            "In summer {unit} met three different people in two weeks and explained the same thing three times.",
            "rep 14: Name one stand-in for holidays, and introduce them",
        ),
        step("The stand-in sat with {unit} for a morning before the holidays. {b} says it was noticeable."),
    ),
    topic(
        "Service list",
        Skill.HELP_DESK,
        step(
            "We went through our list of services with {unit}. {n} of them they did not know; one they use every day "
            "is not on it.",
            "rep 21: Put the missing service on the list, with an owner",
        ),
        step("The list fits. {head} marked the three that matter most; we will report on those and leave the rest."),
    ),
    topic(
        "Training",
        Skill.HELP_DESK,
        step(
            "{a} asked for short lessons rather than a day of training. We tried one: fifteen minutes, one question, "
            "before lunch.",
            "it 21: Four lessons on what {unit} asks the desk most",
        ),
        step("Four lessons, {m} people. Calls on filters and versions stopped. {b} will give the fifth lesson."),
    ),
    topic(
        "Mailbox of the team",
        Skill.APPLICATIONS,
        step(
            "Mails in the team's box are answered twice or not at all. {b} colours them, which helps on one screen "
            "only.",
            "it 14: Show the box with owners and states",
        ),
        step(
            "Each mail has an owner. {n} were waiting for longer than a week, now none is. {a} likes the view “mine, "
            "oldest first”."
        ),
    ),
)
