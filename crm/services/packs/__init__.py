"""Packs: made in the background from one content, kept in several forms, and listed."""
