"""What there is to talk about with people who test and certify."""

from __future__ import annotations

from crm.services.demo.wording import Skill, Theme, Wish, step, topic

CERTIFICATES = topic(
    "Test certificates",
    Skill.APPLICATIONS,
    step(
        "A certificate is typed from the measuring machine's screen. One digit in a thousand is wrong, and {a} knows "
        "which customers noticed.",
        "it 21: Find out what the machines can export",
        "a 14: List the machines by age",
    ),
    step(
        "{n} of the machines export a file, the two oldest print only. We start with what exports.",
        "it 30: Fill the certificate from the file for one machine",
    ),
    step(
        "Certificates from four machines are filled without typing. {b} signs them in a third of the time and checks "
        "more than before."
    ),
)
COMPLAINTS = topic(
    "Customer complaints",
    Skill.DATA,
    step(
        "Complaints lie in mails, so the same fault is found three times. {head} wants one list with the batch number.",
        "it 21: Propose a form with five fields",
        "b 14: Try it on last month's complaints",
    ),
    step(
        "Five fields were one too many; four it is. {m} complaints are in, and two share a batch nobody had connected.",
        "it 14: Show batches with more than one complaint",
    ),
    step(
        "The list showed a faulty batch on its second complaint, weeks earlier than before. {head} stopped the "
        "delivery the same hour."
    ),
)
AUDITS = topic(
    "Certification audit",
    Skill.SECURITY,
    step(
        "The audit is in ten weeks. The auditors will ask who can change a released document, and today the answer "
        "is {m} people.",
        "it 14: List who can change released documents, and who did",
    ),
    step(
        "Six people can change released documents, each change is kept. {a} tried to get round it and could not.",
        "a 14: Write the one page for the auditors",
    ),
    step("The audit passed with one remark, not on us. The auditors asked for a copy of our page."),
)
MICROSCOPES = topic(
    "Pictures from the microscopes",
    Skill.DEVICES,
    step(
        "Pictures from the microscopes fill the shared drive every {n} weeks, and then nobody can save anything.",
        "it 14: Give the microscopes a place of their own",
        "b 14: Say how long a picture must be kept",
    ),
    step(
        "Pictures are kept for ten years on cheaper disks and found by sample number. The shared drive has been "
        "quiet since."
    ),
)
LAB_PCS = topic(
    "Old computers beside the machines",
    Skill.SECURITY,
    step(
        "Two measuring machines run on computers that get no more updates. Replacing them means a new certificate "
        "for the machine.",
        "it 21: Put both behind their own firewall",
        "rep 30: Ask the maker for a price and a date",
        note="If one of them dies, we have no image of the disk. Fix that first, quietly.",
    ),
    step(
        "Both computers are behind their own firewall, and there is an image of each disk. The maker offers an "
        "exchange for next year."
    ),
)

THEME = Theme(
    topics=(CERTIFICATES, COMPLAINTS, AUDITS, MICROSCOPES, LAB_PCS),
    wishes=(
        Wish(
            "Certificates without typing",
            "One wrong digit, and a customer sends the batch back.",
            yes="The machines export; we start with four.",
        ),
        Wish(
            "One list of complaints",
            "The same fault is found three times.",
            yes="Four fields, searchable by batch.",
        ),
        Wish(
            "Statistics package for the lab",
            "Capability is reckoned in a spreadsheet nobody dares to change.",
            yes="Six seats, the package the university uses.",
        ),
        Wish(
            "Wireless in the clean room",
            "Readings are written down and typed outside.",
            no="Antennas in the clean room would need a new qualification.",
            instead="A wired terminal at the hatch, which can be wiped.",
        ),
        Wish(
            "Alarm when a series drifts",
            "A drift is seen at the end of the month.",
            yes="The figures are in the warehouse each hour.",
            offered=True,
        ),
    ),
    comments={
        5: ("They asked why before they asked what.",),
        4: ("Certificates fill themselves. Two machines to go.", "Careful people, which suits us."),
        3: ("We meet too rarely to say more.", "Mostly tickets, seldom faces."),
        2: ("The drive was full again.",),
        1: ("An audit finding that was yours.",),
    },
    job_titles=("Test lab", "Complaints", "Certification", "Metrology"),
    functions=(
        "Test Lab",
        "Incoming Inspection",
        "Certification",
        "Complaints",
        "Metrology",
        "Process Audits",
        "Product Safety",
        "Documentation",
        "Supplier Audits",
        "Reliability",
    ),
)
