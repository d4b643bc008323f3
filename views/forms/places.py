"""Country and region, for whose public holidays count."""

from __future__ import annotations

from wtforms import SelectField
from wtforms.validators import Optional

from crm.services import countries
from views.forms.base import Form

#: What a country's own holidays are called in the list of its regions.
WHOLE = "The whole country"


def _code(value: str | None) -> str | None:
    return value or None


class InCountryForm(Form):
    # What is no choice is the service's to refuse: the list of regions may be of the country chosen before.
    country = SelectField("Country", [Optional()], coerce=_code, validate_choice=False)
    region = SelectField("Region", [Optional()], coerce=_code, validate_choice=False)

    def offer(self, nothing: str, otherwise: str = "") -> None:
        """Fill both lists. ``nothing``: what no country means; ``otherwise``: whose regions are then offered."""
        self.country.choices = [("", nothing), *countries.countries()]
        self.region.choices = [("", WHOLE), *countries.regions(self.country.data or otherwise)]

    @property
    def has_regions(self) -> bool:
        return len(self.region.choices or ()) > 1
