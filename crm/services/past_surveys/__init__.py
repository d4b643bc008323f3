"""Past surveys: loaded from files, taken out again, and read as series that can be trusted."""
