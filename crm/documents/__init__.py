"""Packs as files: one content, told as PDF, slides, a workbook or a text document. Knows no database and no web."""
