"""Tickets of a service desk: read from its exports, kept beside the requests, and told where they belong to one."""
