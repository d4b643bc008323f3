"""Loading an organisation from a file: a list of units, or a personnel list from which the units are derived."""
