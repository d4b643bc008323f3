"""Fernhill: the people and the twelve units that the demonstration is about, at every scale."""

from __future__ import annotations

from dataclasses import dataclass, field

from crm.services.demo.themes import (
    care,
    facilities,
    finance,
    legal,
    logistics,
    manufacturing,
    marketing,
    people,
    purchasing,
    quality,
    research,
    sales,
)
from crm.services.demo.wording import Skill, Theme

NAME = "Fernhill IT"
TIME_ZONE = "Europe/Lisbon"
COUNTRY = "PT"
#: ISO 3166 codes of a country, and of a part of it; None: as the organisation says.
Country = tuple[str | None, str | None]
COUNTRIES: dict[str, Country] = {
    TIME_ZONE: (None, None),
    "Europe/Warsaw": ("PL", None),
    "Europe/London": ("GB", "ENG"),
    "Europe/Berlin": ("DE", "BE"),
    "America/Recife": ("BR", "PE"),
}
#: Marketing's last rep left so many days ago.
LEO_LEFT = 52

CIO = ("Margit Lindqvist", "Chief information officer")
ADMINISTRATOR = ("Pia Holm", "Administrator")
INES, TOM, YUKI, EWAN, LEO = "Ines Carvalho", "Tom Okafor", "Yuki Tanabe", "Ewan Fraser", "Leo Winter"
REPS = (INES, TOM, YUKI, EWAN, LEO)
REP_TITLE = "Account rep"
SPECIALISTS = {
    Skill.HELP_DESK: ("Olu Adeyemi", "Help desk"),
    Skill.APPLICATIONS: ("Priya Raman", "Business applications"),
    Skill.NETWORK: ("Stefan Wolf", "Networks"),
    Skill.SECURITY: ("Lucia Ferrara", "Security"),
    Skill.DEVICES: ("Ben Achterberg", "Devices"),
    Skill.DATA: ("Hanna Virtanen", "Data and reporting"),
}


@dataclass(frozen=True)
class CastUnit:
    """One of the twelve."""

    code: str
    name: str
    theme: Theme
    head: str
    #: Name and job title; the first two speak in the minutes.
    users: tuple[tuple[str, str], ...]
    #: Lead reps, first to last: name, and how many days before today the term began (None: always).
    leads: tuple[tuple[str, int | None], ...]
    #: Names in ``cadences.RULES``; a rhythm before held until so many quarters ago.
    rule: str
    rule_before: tuple[str, int] | None = None
    parent: str | None = None
    deputy: str | None = None
    time_zone: str = TIME_ZONE
    #: Who headed it before, and how many days ago that ended.
    head_before: tuple[str, int] | None = None
    #: The usual score, 1 to 5.
    usual: int = 4
    #: Meetings between reviews, per year.
    talks: int = 3
    #: Share of promises due lately that were not kept.
    slips: float = 0.0
    #: Key users without a mail address.
    without_mail: frozenset[str] = field(default_factory=frozenset)


UNITS = (
    CastUnit(
        "FIN",
        "Finance",
        finance.THEME,
        "Amara Diallo",
        (
            ("Mara Klein", "Month-end"),
            ("Jo Lindt", "Treasury"),
            ("Pedro Salas", "Controlling"),
            ("Marek Nowak", "Ledger"),
        ),
        leads=((EWAN, None), (INES, 610)),
        rule="second Thursday",
        deputy=TOM,
        talks=4,
    ),
    CastUnit(
        "HR",
        "Human Resources",
        people.THEME,
        "Samuel Costa",
        (("Ingrid Moen", "Onboarding"), ("Luis Pinheiro", "Payroll"), ("Anja Sommer", "Recruiting")),
        leads=((INES, None),),
        rule="first Tuesday of the second month",
    ),
    CastUnit(
        "MFG",
        "Manufacturing",
        manufacturing.THEME,
        "Katarzyna Wrona",
        (("Rui Teles", "Shift lead"), ("Birgit Aalto", "Production planning"), ("Dmitri Volkov", "Plant technician")),
        leads=((TOM, None),),
        rule="third Wednesday",
        rule_before=("second Tuesday of the first month", 5),
        deputy=YUKI,
        time_zone="Europe/Warsaw",
        talks=5,
        without_mail=frozenset({"Dmitri Volkov"}),
    ),
    CastUnit(
        "SAL",
        "Field Sales",
        sales.THEME,
        "Jonas Berg",
        (("Catarina Melo", "Regional sales"), ("Victor Hale", "Sales planning"), ("Ivo Petkov", "Key accounts")),
        leads=((LEO, None), (INES, 420)),
        rule="first Monday",
        time_zone="Europe/London",
        slips=0.5,
    ),
    CastUnit(
        "RES",
        "Research",
        research.THEME,
        "Noor Haddad",
        (("Elias Thorne", "Simulation"), ("Wen Zhao", "Materials lab"), ("Sigrid Dahlen", "Instruments")),
        leads=((YUKI, None),),
        rule="last Thursday of the third month",
        time_zone="Europe/Berlin",
    ),
    CastUnit(
        "LEG",
        "Legal",
        legal.THEME,
        "Helena Brandt",
        (("Miguel Torres", "Contracts"), ("Chiara Fontana", "Data protection"), ("Owen Price", "Corporate counsel")),
        parent="FIN",
        leads=((EWAN, None), (INES, 610)),
        rule="third Wednesday at nine",
        usual=5,
    ),
    CastUnit(
        "FAC",
        "Facilities",
        facilities.THEME,
        "Gerard Vos",
        (("Teresa Lobo", "Building services"), ("Niall Byrne", "Space planning")),
        parent="FIN",
        leads=((INES, None),),
        rule="last working day of May and November",
    ),
    CastUnit(
        "PUR",
        "Purchasing",
        purchasing.THEME,
        "Adebayo Cole",
        (("Lena Hoffmann", "Category buyer"), ("Paulo Mota", "Supplier data"), ("Rosalind Quinn", "Tenders")),
        parent="FIN",
        leads=((TOM, None), (INES, -18)),
        rule="third working day of every other month",
    ),
    CastUnit(
        "LOG",
        "Logistics",
        logistics.THEME,
        "Fatima Zahra",
        (("Bruno Saraiva", "Warehouse"), ("Kirsten Holm", "Transport planning")),
        parent="MFG",
        leads=((TOM, None),),
        rule="the 15th of the second month",
        time_zone="Europe/Warsaw",
        head_before=("Henrik Stolt", 400),
    ),
    CastUnit(
        "QUA",
        "Quality",
        quality.THEME,
        "Dorothea Lang",
        (("Tomasz Zielinski", "Test lab"), ("Aoife Daly", "Complaints")),
        parent="MFG",
        leads=((EWAN, None), (YUKI, 300)),
        rule="tenth working day of March",
        time_zone="Europe/Warsaw",
    ),
    CastUnit(
        "MKT",
        "Marketing",
        marketing.THEME,
        "Beatrice Lowe",
        (("Sunil Mehta", "Web and content"), ("Clara Nygaard", "Brand"), ("Gustavo Prado", "Campaigns")),
        parent="SAL",
        leads=((LEO, None),),
        rule="last Tuesday of the second month",
        usual=3,
    ),
    CastUnit(
        "CARE",
        "Customer Care",
        care.THEME,
        "Rosa Figueira",
        (("Dennis Vogt", "First line"), ("Maeve Collins", "Knowledge and training"), ("Joao Serra", "Second line")),
        parent="SAL",
        leads=((EWAN, None),),
        rule="last Monday",
        time_zone="America/Recife",
        deputy=YUKI,
    ),
)
