"""Messages to webhooks as they leave: one POST to a checked address, no redirects, no proxies, little time."""

from __future__ import annotations

import hashlib
import hmac
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from threading import Event, Timer

from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, InvalidHeader
from urllib3.util import Retry

from crm.errors import Invalid
from crm.services import clock, languages, webhook_payloads
from crm.services.sending import Hook, Letter, NotNow, Refused, Unclear
from crm.services.webhook_addresses import Address, Addresses, Unresolved
from crm.services.webhook_payloads import News, shortened
from models.webhook import WebhookKind

#: Seconds to connect, and seconds until the whole answer is there.
PATIENCE = 10
#: So many bytes of an answer are read, and so many letters of it are kept when it is a refusal.
ANSWER_READ = 4096
ANSWER_KEPT = 200
#: A longer pause than this is not granted.
LONGEST_PAUSE = timedelta(hours=1)
#: Refusals that are meant for now, not for good.
PASSING = frozenset({408, 425, 429})


class HookPost:
    """Hands letters to webhooks, each over a connection of its own."""

    def __init__(
        self,
        *,
        base_url: str,
        addresses: Addresses | None = None,
        context: ssl.SSLContext | None = None,
        now: Callable[[], datetime] = clock.now,
        patience: float = PATIENCE,
    ) -> None:
        self._base_url, self._addresses = base_url, addresses or Addresses()
        self._context = context or ssl.create_default_context()
        self._now, self._patience = now, patience

    def send(self, letter: Letter) -> None:
        """Raises Refused, NotNow or Unclear."""
        hook = letter.hook
        if hook is None or hook.has_ended:
            raise Refused("This webhook has been ended.")
        address = self._checked(hook)
        delivery = letter.message_id.strip("<>")
        link = self._base_url + letter.path
        say = languages.of(None, letter.language)
        body = webhook_payloads.body(hook.kind, _news(letter), say=say, delivery=delivery, link=link)
        with self._connected(address) as connection:
            self._post(connection, address, body, self._headers(hook, address, body, delivery))

    def _checked(self, hook: Hook) -> Address:
        """The name is looked up anew each time: it may lead elsewhere than on the day it was written down."""
        try:
            return self._addresses.check(hook.url)
        except Unresolved as error:
            raise NotNow(str(error)) from error
        except Invalid as error:
            raise Refused(str(error)) from error

    @contextmanager
    def _connected(self, address: Address) -> Iterator[HTTPConnection]:
        connection = self._connect(address)
        try:
            yield connection
        finally:
            connection.close()

    def _connect(self, address: Address) -> HTTPConnection:
        """To the first of the checked addresses that answers. Nothing has been told yet: NotNow."""
        trouble: Exception | None = None
        for ip in address.ips:
            connection = self._connection(address, ip)
            try:
                connection.connect()
                return connection
            except (HTTPError, OSError) as error:
                connection.close()
                trouble = error
        raise NotNow(f"{address.host} cannot be reached ({trouble}).") from trouble

    def _connection(self, address: Address, ip: str) -> HTTPConnection:
        timeout = self._patience / len(address.ips)
        if not address.is_secure:
            return HTTPConnection(ip, address.port, timeout=timeout)
        return HTTPSConnection(
            ip, address.port, timeout=timeout, ssl_context=self._context, server_hostname=address.host
        )

    def _headers(self, hook: Hook, address: Address, body: bytes, delivery: str) -> dict[str, str]:
        headers = {
            "Host": _host_header(address),
            "Content-Type": "application/json",
            "User-Agent": "Rapport",
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        if hook.kind is WebhookKind.JSON:
            timestamp = str(int(self._now().timestamp()))
            headers["Rapport-Delivery"] = delivery
            headers["Rapport-Timestamp"] = timestamp
            headers["Rapport-Signature"] = signature(hook.secret, timestamp, body)
        return headers

    def _post(self, connection: HTTPConnection, address: Address, body: bytes, headers: dict[str, str]) -> None:
        """From here on it may have arrived: what breaks is Unclear."""
        # A timeout of the socket begins anew with each byte; this one does not.
        is_over = Event()
        alarm = Timer(self._patience, _cut_off, [connection.sock, is_over])
        alarm.start()
        try:
            connection.request("POST", address.target, body=body, headers=headers, preload_content=False)
            with closing(connection.getresponse()) as answer:
                said = answer.read(ANSWER_READ, decode_content=False)
        except (HTTPError, OSError) as error:
            raise Unclear(f"{address.host} was gone before it answered ({error}).") from error
        finally:
            alarm.cancel()
        if is_over.is_set():  # what was read is cut short, and looks like an answer
            raise Unclear(f"{address.host} did not answer within {self._patience:g} seconds.")
        judge(address.host, answer, said)


def _news(letter: Letter) -> News:
    try:
        return News.read(letter.body)
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("What was to be told cannot be read any more.") from error


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """ "v1=" and the HMAC-SHA-256 of "timestamp.body", in hex."""
    signed = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={signed.hexdigest()}"


def judge(host: str, answer: HTTPResponse, said: bytes) -> None:
    """What an answer means. Raises Refused for what will not change, NotNow for what may."""
    status = answer.status
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        raise Refused(
            f"{host} leads elsewhere ({status}), and redirects are not followed. Give the address it has now."
        )
    reason = f"{host} said: {status} {_readable(said)}".strip()
    if status == 504:  # whoever stands before it did not hear whether it was taken
        raise Unclear(reason)
    if status in PASSING or status >= 500:
        raise NotNow(reason, pause=_pause(answer.headers.get("Retry-After", "")))
    raise Refused(reason)


def _pause(retry_after: str) -> timedelta:
    """Seconds or a date; what is neither is no pause."""
    try:
        seconds = Retry(retry_after_max=int(LONGEST_PAUSE.total_seconds())).parse_retry_after(retry_after)
    except InvalidHeader:
        return timedelta(0)
    return timedelta(seconds=seconds)


def _readable(said: bytes) -> str:
    text = said.decode("utf-8", "replace")
    return shortened(" ".join("".join(letter if letter.isprintable() else " " for letter in text).split()), ANSWER_KEPT)


def _host_header(address: Address) -> str:
    host = f"[{address.host}]" if ":" in address.host else address.host
    return host if address.port == (443 if address.is_secure else 80) else f"{host}:{address.port}"


def _cut_off(sock: socket.socket, is_over: Event) -> None:
    """Wake whoever waits for this socket. That of TLS would first forget its keys, which the waiting thread uses."""
    is_over.set()
    try:
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        return
