"""Mail by a mail server of the owner's (RFC 5321), where FOYER_SMTP_URL names one.

    smtp://user:password@mail.example.com:587     STARTTLS, or nothing is sent
    smtps://user:password@mail.example.com:465    TLS from the start
    smtp://127.0.0.1:25?tls=off                   in clear: a relay on this machine alone

Reached by `sdk.smtp()`, for smtplib and email cost a cold start what most starts never need.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid, parseaddr
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from chalicelib.platform.config import config
from chalicelib.platform.mail import Mail, NotSent
from chalicelib.platform.tables.done import InDoubt

TIMEOUT = 10.0
"""Seconds for something of an answer to come; a reaction that fails is tried again later."""
ALL_WITHIN = 20.0
"""Seconds for all that the server says about one mail, however it is divided."""
REST = 30.0
"""Seconds in which a server isn't asked again that didn't answer: whatever follows from the events
of a workspace waits for each of its mails."""
_MOST_SAID = 64 * 1024
"""Bytes of all answers about one mail: RFC 5321 needs some hundred."""
_POLICY = SMTP.clone(cte_type="7bit")  # not every server takes eight
_PORTS = {"smtp": 587, "smtps": 465}


class NoServer(ValueError):
    """The URL names no mail server that mail may be given to; the message never holds it."""


_silent: dict[tuple[str, int], float] = {}
"""When a server didn't answer, by the monotonic clock."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where and how. `tls` is `start` (STARTTLS), `always` or `off`."""

    host: str
    port: int
    tls: str
    user: str | None
    password: str | None = field(repr=False)


def server_of(url: str) -> MailServer:
    """What the URL says.

    Raises:
        NoServer: It is no such URL, or would send mail in clear over a network.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
        options = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    except ValueError:
        raise NoServer("FOYER_SMTP_URL is no URL.") from None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/"):
        raise NoServer("FOYER_SMTP_URL is not like smtp://user:password@mail.example.com:587.")
    if options not in ({}, {"tls": ["off"]}) or (options and parts.scheme == "smtps"):
        raise NoServer("FOYER_SMTP_URL has an option that there isn't: smtp://…?tls=off is all.")
    if options and not _is_here(parts.hostname):
        raise NoServer("FOYER_SMTP_URL says tls=off, which only a server of this machine may.")
    if (parts.username is None) != (parts.password is None):
        raise NoServer("FOYER_SMTP_URL has a user without a password, or the reverse.")
    tls = "off" if options else {"smtp": "start", "smtps": "always"}[parts.scheme]
    user, password = parts.username, parts.password
    return MailServer(
        parts.hostname,
        port,
        tls,
        None if user is None else unquote(user),
        None if password is None else unquote(password),
    )


def send(mail: Mail) -> None:
    """Give one mail to the server that FOYER_SMTP_URL names.

    Raises:
        NotSent: It can't be reached, isn't who it should be, or refuses; never with credentials.
        InDoubt: It had all of the mail, and broke off or fell silent.
        ValueError: An address or the subject holds a line break, or is no address.
    """
    server = server_of(config().smtp_url)
    message = message_of(mail)
    place = (server.host, server.port)
    if time.monotonic() < _silent.get(place, -REST) + REST:
        raise NotSent(f"{server.host}:{server.port}: it didn't answer a moment ago")
    began = time.monotonic()
    peer: _Peer | _SecurePeer | None = None
    is_taken = False
    try:
        with _connect(server) as peer:
            if server.user is not None and server.password is not None:
                peer.login(server.user, server.password)
            peer.send_message(message)
            is_taken = True
    except (OSError, smtplib.SMTPException) as problem:
        if is_taken:  # how it says goodbye is nothing to a mail that it has
            return
        if time.monotonic() - began >= TIMEOUT:
            _silent[place] = time.monotonic()
        kind = InDoubt if peer is not None and peer.awaits_verdict else NotSent
        raise kind(f"{server.host}:{server.port}: {_describe(problem)}") from None


def message_of(mail: Mail) -> EmailMessage:
    """Both forms in one message.

    Raises:
        ValueError: See `send`.
    """
    message = EmailMessage(policy=_POLICY)
    sender = parseaddr(config().mail_from)
    message["From"] = _address(sender[1], sender[0])
    message["To"] = _address(mail.to)
    message["Subject"] = mail.subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender[1].rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _address(spec: str, name: str = "") -> Address:
    try:
        return Address(name, addr_spec=spec)
    except (IndexError, MessageError) as problem:
        raise ValueError(f"{spec!r} is no mail address") from problem


class _Answers:
    """What a server says, as smtplib reads it: all of it by one instant, and no more than it may.

    smtplib waits anew for each byte, and keeps as many lines as come.
    """

    def __init__(self, sock: socket.socket, ends: float, received: int) -> None:
        self.received = received
        self._sock = sock
        self._ends = ends
        self._buffer = b""

    def readline(self, limit: int) -> bytes:
        """A line, or so many bytes of one; what there is when the server has hung up.

        Raises:
            OSError: It takes too long, or says too much.
        """
        while b"\n" not in self._buffer and len(self._buffer) < limit:
            self._sock.settimeout(max(0.001, min(TIMEOUT, self._ends - time.monotonic())))
            part = self._sock.recv(4096)
            self.received += len(part)
            if self.received > _MOST_SAID:
                raise OSError("it says too much")
            if not part:
                limit = len(self._buffer)
            self._buffer += part
        end = self._buffer.find(b"\n") + 1 or limit
        line, self._buffer = self._buffer[: min(end, limit)], self._buffer[min(end, limit) :]
        return line

    def close(self) -> None:
        """The socket is smtplib's to close."""


class _Patience:
    """Gives a connection of smtplib's an end, in time and in size."""

    sock: socket.socket
    file: _Answers | None = None
    awaits_verdict = False
    """Whether it has been sent a whole mail and hasn't said whether it takes it."""
    _ends = 0.0
    _received = 0

    def send(self, s: Any) -> None:
        super().send(s)  # type: ignore[misc]  # smtplib's
        self.awaits_verdict = s[-5:] == b"\r\n.\r\n"

    def getreply(self) -> tuple[int, bytes]:
        self._ends = self._ends or time.monotonic() + ALL_WITHIN
        if self.file is None:  # also anew once it is TLS, so that nothing said in clear is left
            self.file = _Answers(self.sock, self._ends, self._received)
        try:
            answer: tuple[int, bytes] = super().getreply()  # type: ignore[misc]  # smtplib's
            self.awaits_verdict = False
            return answer
        finally:
            self._received = self.file.received if self.file else self._received


class _Peer(_Patience, smtplib.SMTP):  # type: ignore[misc]  # `file` is a private of smtplib's
    pass


class _SecurePeer(_Patience, smtplib.SMTP_SSL):  # type: ignore[misc]  # likewise
    pass


def _connect(server: MailServer) -> _Peer | _SecurePeer:
    # Its own name would be looked up in the DNS, which may take long and tells nothing.
    host_name = urlsplit(config().public_url).hostname or "localhost"
    if server.tls == "always":
        context = ssl.create_default_context()
        return _SecurePeer(server.host, server.port, host_name, timeout=TIMEOUT, context=context)
    peer = _Peer(server.host, server.port, host_name, timeout=TIMEOUT)
    if server.tls == "start":
        try:
            peer.starttls(context=ssl.create_default_context())
        except BaseException:
            with suppress(OSError, smtplib.SMTPException):
                peer.close()
            raise
    return peer


def _describe(problem: Exception) -> str:
    """What the server said, without what we said: its words may repeat that."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _ in problem.recipients.values()})
        return f"the recipient is refused ({', '.join(map(str, codes))})"
    if isinstance(problem, smtplib.SMTPResponseException):
        return f"{type(problem).__name__} ({problem.smtp_code})"
    if isinstance(problem, smtplib.SMTPException):
        return f"{type(problem).__name__}"
    return f"{type(problem).__name__}: {problem}"


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
