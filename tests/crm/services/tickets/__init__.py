"""Tickets of a service desk: read, folded, loaded, shown, and requests that move with them."""
