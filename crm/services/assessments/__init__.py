"""What both sides say of a relationship: the four questions of each cycle, and how far it has come."""
