"""The web server: gunicorn with threads, and on one machine the scheduler inside."""

from __future__ import annotations

import gc
import socket
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from crm import scheduler
from crm.config import Settings


class PortInUse(Exception):
    """Somebody else listens there."""


def refuse_used_port(host: str, port: int) -> None:
    """Raises PortInUse, before anything is started, in a line that a person can act on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortInUse(
                f"Port {port} on {host} cannot be used ({error.strerror}). Try another: PORT={port + 1}"
            ) from error


class Server(BaseApplication):
    """gunicorn without its command line."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.app = app
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        return self.app


def _keep_what_was_built() -> None:
    """What was built at the start stays, so that Python need not look through it for what is no longer used; and a
    page makes some ten thousand small things that go with it. A tenth of what a page cost."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


def serve(app: Flask, settings: Settings, *, host: str, port: int, with_scheduler: bool) -> None:
    """Serve until stopped. The scheduler runs inside when there is one web process."""

    def begin_work(_: object) -> None:
        _keep_what_was_built()
        if with_scheduler and settings.workers == 1:
            scheduler.start_inside(app)

    Server(
        app,
        {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": settings.workers,
            "worker_class": "gthread",
            "threads": settings.threads,
            "loglevel": "warning",
            "timeout": 120,
            "graceful_timeout": 3,
            "post_worker_init": begin_work,
        },
    ).run()
