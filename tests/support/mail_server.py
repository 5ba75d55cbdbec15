"""A mail server for tests: enough of SMTP (RFC 5321) for a client, with TLS and sign-in."""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from chalicelib.platform.config import config

CERTIFICATE = Path(__file__).parents[1] / "platform" / "localhost.pem"
"""Key and certificate of `localhost`, its own authority."""


@dataclass
class Taken:
    """A mail as it came: the envelope, the message, and under which circumstances."""

    sender: str
    recipients: list[str]
    data: str
    in_tls: bool
    user: str | None


@dataclass
class MailServer:
    """Listens on a port of 127.0.0.1 while it is entered.

    `tls`: `start` offers STARTTLS, `always` speaks nothing else, `off` has none. `account` must
    sign in before it sends. `answers` replaces the answer to a command, as in `{"RCPT": "550 no"}`,
    and to the `END` of a mail, where "" hangs up;
    `said` is every command that came, first words only.
    """

    tls: str = "start"
    account: tuple[str, str] | None = None
    answers: dict[str, str] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        session = type("Session", (_Session,), {"mail": self})
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), session)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


@contextmanager
def mails_by_server(**answers: str) -> Iterator[MailServer]:
    """Mails go by a server, which answers so."""
    with MailServer(tls="off", answers=answers) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOYER_SMTP_URL", f"smtp://127.0.0.1:{server.port}?tls=off")
        patch.setenv("FOYER_MAIL_FROM", "hi@foyer.example")
        config.cache_clear()
        try:
            yield server
        finally:
            patch.undo()
            config.cache_clear()


class _Session(socketserver.StreamRequestHandler):
    mail: MailServer
    user: str | None
    timeout = 10

    def handle(self) -> None:
        self.in_tls, self.user = False, None
        self.sender, self.recipients = "", list[str]()
        try:
            if self.mail.tls == "always":
                self._secure()
            self._converse()
        except OSError:  # the client went
            return
        finally:
            self.request.close()

    def _converse(self) -> None:
        self._say("220 mail.example ready")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            verb = line.split()[0].upper()
            self.mail.said.append(verb)
            if verb in self.mail.answers:
                self._say(self.mail.answers[verb])
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._obey(verb, line)

    def _obey(self, verb: str, line: str) -> None:
        if verb == "EHLO":
            offers = ["mail.example", "SMTPUTF8", "AUTH PLAIN"]
            offers += ["STARTTLS"] if self.mail.tls == "start" and not self.in_tls else []
            lines = [f"250-{each}" for each in offers[:-1]] + [f"250 {offers[-1]}"]
            self._say("\r\n".join(lines))
        elif verb == "STARTTLS" and self.mail.tls == "start":
            self._say("220 go ahead")
            self._secure()
        elif verb == "AUTH":
            _, user, password = b64decode(line.split()[2]).decode().split("\0")
            known = (user, password) == self.mail.account
            self.user = user if known else None
            self._say("235 welcome" if known else f"535 not known: {user} {password}")
        elif verb == "MAIL" and self.mail.account and self.user is None:
            self._say("530 sign in first")
        elif verb == "MAIL":
            self.sender = line.split("<")[1].split(">")[0]
            self._say("250 ok")
        elif verb == "RCPT":
            self.recipients.append(line.split("<")[1].split(">")[0])
            self._say("250 ok")
        elif verb == "DATA":
            self._say("354 go on")
            self._take()
        else:
            self._say("250 ok" if verb in ("RSET", "NOOP") else "502 what?")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
            lines.append(line.removeprefix(".") if line.startswith("..") else line)
        message = "".join(lines)
        taken = Taken(self.sender, self.recipients, message, self.in_tls, self.user)
        self.mail.taken.append(taken)
        if answer := self.mail.answers.get("END", "250 taken"):
            self._say(answer)
        else:
            self.request.shutdown(socket.SHUT_RDWR)

    def _secure(self) -> None:
        self.request = _context().wrap_socket(self.request, server_side=True)
        self.rfile, self.in_tls = self.request.makefile("rb"), True

    def _say(self, text: str) -> None:
        self.request.sendall(text.encode() + b"\r\n")
