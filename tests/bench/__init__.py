"""``make bench``: what a request costs, beside the least that Flask and SQLAlchemy can do on the same database."""
