"""Where everything in a chart goes: numbers in, positions and words out. Templates and packs only draw them."""
