"""A real IMAP server: Debian's dovecot, with a folder, ports and a certificate of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from imapclient import IMAPClient

from crm.config import MailboxServer

PROGRAM = "/usr/sbin/dovecot"
HOW_TO_INSTALL = "apt-get install dovecot-imapd"
PASSWORD = "not-to-be-told"

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
mail_location = maildir:{folder}/mail/%u
auth_mechanisms = plain
disable_plaintext_auth = no
auth_failure_delay = 0
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
first_valid_uid = 1
first_valid_gid = 1
{users}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
"""
#: Without root everything runs as whoever runs the tests, and nothing is locked away.
ALL_AS_ME = """
default_internal_user = {me}
default_internal_group = {group}
default_login_user = {me}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server. Every user name is a mailbox of its own."""

    folder: Path
    port: int
    tls_port: int

    @property
    def certificate(self) -> Path:
        return self.folder / "cert.pem"

    def account(self, security: str = "plain", folder: str = "INBOX") -> MailboxServer:
        """A new, empty mailbox, as the settings name it."""
        port = self.tls_port if security == "tls" else self.port
        return MailboxServer("127.0.0.1", port, security, f"it-{uuid4().hex[:12]}", PASSWORD, folder)

    @contextmanager
    def looking_into(self, account: MailboxServer) -> Iterator[Any]:
        """The mailbox, as a person's mail program sees it."""
        with IMAPClient("127.0.0.1", self.port, ssl=False, timeout=10) as imap:
            imap.login(account.user, PASSWORD)
            imap.select_folder("INBOX")
            yield imap

    def deliver(self, account: MailboxServer, *mails: bytes) -> None:
        with self.looking_into(account) as imap:
            for mail in mails:
                imap.append("INBOX", mail)


@contextmanager
def running() -> Iterator[Dovecot]:
    """Start it, and stop it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))  # short: sockets lie in it
    server = Dovecot(folder, _free_port(), _free_port())
    _prepare(server)
    process = subprocess.Popen([PROGRAM, "-F", "-c", str(folder / "dovecot.conf")], stderr=subprocess.PIPE)
    try:
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        process.communicate(timeout=10)
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(server: Dovecot) -> None:
    is_root = os.geteuid() == 0
    mail = server.folder / "mail"
    mail.mkdir()
    if is_root:
        server.folder.chmod(0o755)
        shutil.chown(mail, "nobody", "nogroup")
    owner = mail.stat()
    _make_certificate(server.folder)
    users = "" if is_root else ALL_AS_ME.format(me=mail.owner(), group=mail.group())
    facts = {"uid": owner.st_uid, "gid": owner.st_gid, "port": server.port, "tls_port": server.tls_port}
    text = CONFIGURATION.format(folder=server.folder, users=users, password=PASSWORD, **facts)
    (server.folder / "dovecot.conf").write_text(text)


def _make_certificate(folder: Path) -> None:
    what = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2", "-nodes"]
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-keyout", str(folder / "key.pem")]
    command = ["openssl", "req", "-x509", *key, "-out", str(folder / "cert.pem"), *what]
    subprocess.run(command, check=True, capture_output=True)


def _wait(server: Dovecot, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", server.port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    log = server.folder / "log"
    raise RuntimeError(f"dovecot does not start: {log.read_text() if log.exists() else process.returncode}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
