"""What a request is worth, costs and takes, by when it is wished for, and where work on it is followed."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

from crm.errors import Invalid
from models.request import Request

#: ISO 4217, and how each is written before a sum.
CURRENCIES = {
    "EUR": "€",
    "GBP": "£",
    "USD": "$",
    "CHF": "CHF",
    "AUD": "A$",
    "BRL": "R$",
    "CAD": "C$",
    "CNY": "CN¥",
    "CZK": "Kč",
    "DKK": "DKK",
    "HUF": "Ft",
    "INR": "₹",
    "JPY": "¥",
    "NOK": "NOK",
    "NZD": "NZ$",
    "PLN": "zł",
    "RON": "lei",
    "SEK": "SEK",
    "SGD": "S$",
    "TRY": "₺",
    "ZAR": "R",
}
#: What the columns hold.
MOST_MONEY = Decimal("999999999999")
MOST_HOURS = Decimal("999999")
LONGEST_VALUE = 500
LONGEST_LINK = 1_000
_RANGES = (("value", MOST_MONEY), ("cost", MOST_MONEY), ("hours", MOST_HOURS))


@dataclass(frozen=True)
class Facts:
    """Money in the organisation's currency (value: a year), work in hours; from and to, the same for one figure."""

    value_wanted: str = ""
    value_low: Decimal | None = None
    value_high: Decimal | None = None
    cost_low: Decimal | None = None
    cost_high: Decimal | None = None
    hours_low: Decimal | None = None
    hours_high: Decimal | None = None
    wished_for: date | None = None
    link: str = ""

    @classmethod
    def of(cls, request: Request) -> Facts:
        return cls(**{one.name: getattr(request, one.name) for one in fields(cls)})

    @property
    def has_money(self) -> bool:
        return self.value_low is not None or self.cost_low is not None


def checked(facts: Facts, *, today: date | None = None) -> Facts:
    """The facts with both ends of each range: "from" alone is one figure, "to" alone begins at nothing. With ``today``
    the wished day is not over yet.

    Raises Invalid(the field) for what cannot be.
    """
    ends: dict[str, Decimal | None] = {}
    for name, most in _RANGES:
        ends |= _ends(name, getattr(facts, f"{name}_low"), getattr(facts, f"{name}_high"), most)
    if len(facts.value_wanted) > LONGEST_VALUE:
        raise Invalid("value_wanted", f"Keep it under {LONGEST_VALUE} letters.")
    if today and facts.wished_for and facts.wished_for < today:
        raise Invalid("wished_for", "That day is over.")
    _check_link(facts.link)
    return Facts(value_wanted=facts.value_wanted, wished_for=facts.wished_for, link=facts.link, **ends)


def _ends(name: str, low: Decimal | None, high: Decimal | None, most: Decimal) -> dict[str, Decimal | None]:
    for field, figure in ((f"{name}_low", low), (f"{name}_high", high)):
        if figure is not None and not figure.is_finite():
            raise Invalid(field, "Write a figure like 20,000.")
        if figure is not None and not 0 <= figure <= most:
            raise Invalid(field, "Less than nothing it cannot be." if figure < 0 else f"Up to {most:,f}.")
    if low is not None and high is not None and low > high:
        raise Invalid(f"{name}_high", "This is less than where it begins.")
    if high is None:
        high = low
    elif low is None:
        low = Decimal(0)
    return {f"{name}_low": low, f"{name}_high": high}


def _check_link(link: str) -> None:
    if not link:
        return
    try:
        found = urlsplit(link)
        is_address = found.scheme in ("http", "https") and bool(found.hostname) and not found.username
    except ValueError:
        is_address = False
    if not is_address or len(link) > LONGEST_LINK or any(char.isspace() for char in link):
        raise Invalid("link", "Write an address like https://servicedesk.example/REQ-17.")


def of_a_unit(facts: Facts) -> Facts:
    """What a unit says of its own wish: what it is worth and by when. What it costs and takes is for IT to say."""
    return replace(facts, cost_low=None, cost_high=None, hours_low=None, hours_high=None, link="")


def put(request: Request, facts: Facts, currency: str) -> None:
    """Keep these facts, checked, with the request. The currency of sums that stand is not touched."""
    for one in fields(facts):
        setattr(request, one.name, getattr(facts, one.name))
    if facts.has_money:
        request.currency = request.currency or currency
    else:
        request.currency = ""


# ---- In words


def money(low: Decimal | None, high: Decimal | None, currency: str) -> str:
    """ "€ 20,000 to 35,000", "up to € 500", "€ 99.50"; "" for nothing."""
    if low is None or high is None:
        return ""
    sign = CURRENCIES.get(currency, currency)
    return _told(low, high, f"{sign}\N{NO-BREAK SPACE}" if sign else "", places=2)


def hours(low: Decimal | None, high: Decimal | None) -> str:
    """ "10 to 20 hours", "1 hour"; "" for nothing."""
    if low is None or high is None:
        return ""
    return f"{_told(low, high, '', places=1)} {'hour' if high == 1 else 'hours'}"


def _told(low: Decimal, high: Decimal, sign: str, places: int) -> str:
    # Round sums without places; as soon as one end has some, both have.
    shown = 0 if low == int(low) and high == int(high) else places
    one, other = f"{low:,.{shown}f}", f"{high:,.{shown}f}"
    if low == high:
        return f"{sign}{one}"
    return f"up to {sign}{other}" if low == 0 else f"{sign}{one} to {other}"


def worth(request: Request) -> str:
    """ "€ 20,000 to 35,000 a year"; "" for nothing."""
    sum_of_it = money(request.value_low, request.value_high, request.currency)
    return f"{sum_of_it} a year" if sum_of_it else ""


def cost(request: Request) -> str:
    """ "up to € 500"; "" for nothing."""
    return money(request.cost_low, request.cost_high, request.currency)


def told(request: Request) -> list[tuple[str, str]]:
    """Names and words of what is known of a request, in the order they are read; what is not known is left out."""
    found = [
        ("What is better then", request.value_wanted),
        ("Worth", worth(request)),
        ("Cost", cost(request)),
        ("Work", hours(request.hours_low, request.hours_high)),
    ]
    return [(name, words) for name, words in found if words]


def host(link: str) -> str:
    """Where a checked link leads, in short."""
    return urlsplit(link).hostname or link
