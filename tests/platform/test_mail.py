"""Sending mail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib.platform import mail, sdk
from chalicelib.platform.config import config
from chalicelib.platform.mail import Mail

GREETING = Mail(
    to="ben@people.example", subject="Hi \u2013 there", text="Hello\n", html="<p>Hé</p>"
)


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The environment, read again before and after."""
    yield monkeypatch
    monkeypatch.undo()
    config.cache_clear()


def test_where_a_folder_is_configured_mail_is_a_file_there(
    settings: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.setenv("FOYER_MAIL_DIR", str(tmp_path / "made" / "on demand"))
    settings.setenv("FOYER_MAIL_FROM", "Foyer <hi@foyer.example>")
    config.cache_clear()
    mail.send(GREETING)
    mail.send(GREETING)
    files = sorted((tmp_path / "made" / "on demand").iterdir())
    assert [file.suffix for file in files] == [".json", ".json"]
    kept = json.loads(files[0].read_bytes())
    assert kept == {
        "id": files[0].stem,
        "to": "ben@people.example",
        "from": "Foyer <hi@foyer.example>",
        "subject": "Hi \u2013 there",
        "text": "Hello\n",
        "html": "<p>Hé</p>",
        "at": kept["at"],
    }


@pytest.fixture
def ses(settings: pytest.MonkeyPatch) -> Iterator[Any]:
    """An account in which foyer.example may send; it keeps what was sent."""
    settings.delenv("FOYER_MAIL_DIR", raising=False)
    settings.setenv("FOYER_MAIL_FROM", "Foyer <hi@foyer.example>")
    config.cache_clear()
    settings.setattr(sdk, "_clients", {})  # one made before would ask the real SES
    with mock_aws():
        sdk.client("sesv2").create_email_identity(EmailIdentity="foyer.example")
        yield ses_backends[DEFAULT_ACCOUNT_ID][sdk.region()]


def test_elsewhere_mail_goes_through_ses(ses: Any) -> None:
    asked: list[Any] = []
    mail.ses().meta.events.register(
        "provide-client-params.sesv2.SendEmail", lambda params, **_: asked.append(params)
    )
    mail.send(GREETING)
    (sent,) = ses.sent_messages
    assert (sent.source, sent.destinations["ToAddresses"]) == (
        "Foyer <hi@foyer.example>",
        ["ben@people.example"],
    )
    assert (sent.subject, sent.body) == (GREETING.subject, GREETING.html)
    assert asked[0]["Content"]["Simple"]["Body"]["Text"] == {
        "Data": GREETING.text,
        "Charset": "UTF-8",
    }


def test_a_refusal_of_ses_is_raised_so_that_it_is_tried_again(
    ses: Any, settings: pytest.MonkeyPatch
) -> None:
    settings.setenv("FOYER_MAIL_FROM", "Foyer <hi@elsewhere.example>")
    config.cache_clear()
    with pytest.raises(ClientError, match="MessageRejected"):
        mail.send(GREETING)
    assert ses.sent_messages == []
