"""Mail by a mail server, against a real one on this machine."""

from __future__ import annotations

import email
import email.policy
import logging
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from urllib.parse import quote

import pytest

from chalicelib.platform import mail, smtp
from chalicelib.platform.config import config
from chalicelib.platform.mail import Mail, NotSent
from chalicelib.platform.smtp import NoServer, server_of
from tests.support.mail_server import CERTIFICATE, MailServer

GREETING = Mail(
    to="ben@people.example",
    subject="Réinitialiser \u2013 your password",
    text="Hello\n.\nHé\n",
    html="<p>Hé</p>",
)
ACCOUNT = ("post@foyer.example", "p:a/s@s w#rd")


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The environment, where mail comes from us and the test's certificate is trusted."""
    monkeypatch.setenv("FOYER_MAIL_FROM", "Foyer & co <hi@foyer.example>")
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    yield monkeypatch
    monkeypatch.undo()
    config.cache_clear()


def send_by(settings: pytest.MonkeyPatch, url: str, sent: Mail = GREETING) -> None:
    settings.setenv("FOYER_SMTP_URL", url)
    config.cache_clear()
    mail.send(sent)


def url_of(server: MailServer, *, scheme: str = "smtp", host: str = "localhost") -> str:
    account = ":".join(quote(part, safe="") for part in server.account or ())
    return f"{scheme}://{account}{'@' if account else ''}{host}:{server.port}"


def read(data: str) -> EmailMessage:
    message = email.message_from_string(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.parametrize(("scheme", "tls"), [("smtp", "start"), ("smtps", "always")])
def test_a_mail_arrives_whole_signed_in_and_in_tls(
    settings: pytest.MonkeyPatch, scheme: str, tls: str
) -> None:
    with MailServer(tls=tls, account=ACCOUNT) as server:
        send_by(settings, url_of(server, scheme=scheme))
    (taken,) = server.taken
    assert (taken.sender, taken.recipients) == ("hi@foyer.example", ["ben@people.example"])
    assert (taken.in_tls, taken.user) == (True, ACCOUNT[0])
    message = read(taken.data)
    assert message["From"] == "Foyer & co <hi@foyer.example>"
    assert message["To"] == "ben@people.example"
    assert message["Subject"] == GREETING.subject
    assert message["Message-ID"].endswith("@foyer.example>")
    assert message["Date"]
    plain, html = message.get_body(["plain"]), message.get_body(["html"])
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == GREETING.text
    assert html.get_content().strip() == GREETING.html


def test_a_relay_on_this_machine_may_do_without_tls(settings: pytest.MonkeyPatch) -> None:
    with MailServer(tls="off") as server:
        send_by(settings, f"smtp://127.0.0.1:{server.port}?tls=off")
    assert [taken.in_tls for taken in server.taken] == [False]


def test_a_server_that_offers_no_tls_gets_neither_mail_nor_password(
    settings: pytest.MonkeyPatch,
) -> None:
    with (
        MailServer(tls="off", account=ACCOUNT) as server,
        pytest.raises(NotSent, match="NotSupported"),
    ):
        send_by(settings, url_of(server))
    assert (server.taken, "AUTH" in server.said) == ([], False)


@pytest.mark.parametrize(("scheme", "tls"), [("smtp", "start"), ("smtps", "always")])
def test_a_server_that_is_not_who_it_should_be_gets_nothing(
    settings: pytest.MonkeyPatch, scheme: str, tls: str
) -> None:
    """Its certificate names another host, or its authority is unknown."""
    with MailServer(tls=tls, account=ACCOUNT) as server:
        with pytest.raises(NotSent, match="SSLCertVerificationError"):
            send_by(settings, url_of(server, scheme=scheme, host="127.0.0.1"))
        settings.delenv("SSL_CERT_FILE")
        with pytest.raises(NotSent, match="SSLCertVerificationError"):
            send_by(settings, url_of(server, scheme=scheme))
    assert (server.taken, "AUTH" in server.said) == ([], False)


@pytest.mark.parametrize(
    ("verb", "answer", "told"),
    [
        ("MAIL", "451 later", "451"),
        ("RCPT", "550 nobody here", "550"),
        ("DATA", "554 looks like spam", "554"),
        ("EHLO", "421 closing", "421"),
        ("STARTTLS", "454 no TLS now", "454"),
    ],
)
def test_a_refusal_is_raised_so_that_it_is_tried_again(
    settings: pytest.MonkeyPatch, verb: str, answer: str, told: str
) -> None:
    answers = {verb: answer, **({"HELO": answer} if verb == "EHLO" else {})}
    with MailServer(answers=answers) as server, pytest.raises(NotSent, match=told):
        send_by(settings, url_of(server))
    assert server.taken == []


def test_a_wrong_password_is_raised_and_told_to_nobody(
    settings: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even where the server repeats it, as this one does."""
    caplog.set_level(logging.DEBUG)
    with MailServer(account=ACCOUNT) as server:
        wrong = url_of(server).replace(quote(ACCOUNT[1], safe=""), "hunter2")
        with pytest.raises(NotSent) as raised:
            send_by(settings, wrong)
    logging.getLogger("foyer").error("it failed", exc_info=raised.value)
    seen = [caplog.text, str(raised.value), repr(raised.value), repr(server_of(wrong))]
    assert [text for text in seen if "hunter2" in text] == []
    assert "535" in str(raised.value)


def test_nobody_there_and_nobody_answering_are_raised_in_time(
    settings: pytest.MonkeyPatch,
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(NotSent, match="ConnectionRefused"):
            send_by(settings, f"smtp://127.0.0.1:{closed.getsockname()[1]}?tls=off")
    settings.setattr(smtp, "TIMEOUT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        with pytest.raises(NotSent, match="ServerDisconnected"):
            send_by(settings, f"smtp://127.0.0.1:{silent.getsockname()[1]}?tls=off")
        assert time.monotonic() - began < 5


INJECTED = "\r\nBcc: everybody@people.example"


@pytest.mark.parametrize(
    "bad",
    [
        Mail(to=f"ben@people.example{INJECTED}", subject="s", text="t", html="h"),
        Mail(to="ben@people.example, eve@people.example", subject="s", text="t", html="h"),
        Mail(to="ben@people.example>\r\nRCPT TO:<eve@people.example", subject="", text="", html=""),
        Mail(to="ben@people.example", subject=f"s{INJECTED}", text="t", html="h"),
        Mail(to="ben@people.example", subject="s\nBcc: eve@people.example", text="t", html="h"),
        Mail(to="ben", subject="s", text="t", html="h"),
        Mail(to="", subject="s", text="t", html="h"),
    ],
)
def test_no_header_and_no_recipient_can_be_smuggled_in(
    settings: pytest.MonkeyPatch, bad: Mail
) -> None:
    with MailServer() as server, pytest.raises(ValueError, match=r".+"):
        send_by(settings, url_of(server), bad)
    assert (server.taken, server.said) == ([], [])


def test_a_body_cannot_end_the_mail_and_begin_another(settings: pytest.MonkeyPatch) -> None:
    smuggled = "Hi\r\n.\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<eve@people.example>\r\n"
    lone = smuggled.replace("\r\n", "\n") + "\n.\r" + smuggled.replace("\r\n", "\r")
    for text in (smuggled, lone):
        with MailServer() as server:
            send_by(settings, url_of(server), Mail("ben@people.example", "s", text, "<p>h</p>"))
        assert [taken.recipients for taken in server.taken] == [["ben@people.example"]]
        assert server.said.count("MAIL") == 1


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.com",
        "http://mail.example.com",
        "smtp://",
        "smtp://user@mail.example.com",
        "smtp://mail.example.com/inbox",
        "smtp://mail.example.com?tls=off",
        "smtp://mail.example.com?starttls=no",
        "smtp://127.0.0.1?tls=off&tls=off",
        "smtps://127.0.0.1?tls=off",
        "smtp://mail.example.com:port",
        "smtp://u:secret@mail.example.com:99999",
    ],
)
def test_a_url_that_is_none_or_would_send_in_clear_is_refused(url: str) -> None:
    with pytest.raises(NoServer) as raised:
        server_of(url)
    assert "secret" not in str(raised.value)


def test_ports_are_those_of_the_scheme() -> None:
    assert [server_of(url).port for url in ("smtp://a.example", "smtps://a.example")] == [587, 465]


def test_a_start_that_sends_no_mail_loads_nothing_for_it() -> None:
    code = "import sys, app; sys.exit(any(n in sys.modules for n in ('smtplib', NAME)))"
    code = code.replace("NAME", repr("chalicelib.platform.smtp"))
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
