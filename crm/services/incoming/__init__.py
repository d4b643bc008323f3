"""Mail that comes in: read once, and taken as an answer, a bounce or a note, or kept aside with its reason."""
