"""Past surveys from a file: figures by unit, question and period. Reads only; nothing is kept here."""
