"""Sending mail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

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


def test_elsewhere_mail_goes_through_ses(settings: pytest.MonkeyPatch) -> None:
    settings.delenv("FOYER_MAIL_DIR", raising=False)
    settings.setenv("FOYER_MAIL_FROM", "Foyer <hi@foyer.example>")
    config.cache_clear()
    expected = {
        "FromEmailAddress": "Foyer <hi@foyer.example>",
        "Destination": {"ToAddresses": ["ben@people.example"]},
        "Content": {
            "Simple": {
                "Subject": {"Data": GREETING.subject, "Charset": "UTF-8"},
                "Body": {
                    "Text": {"Data": GREETING.text, "Charset": "UTF-8"},
                    "Html": {"Data": GREETING.html, "Charset": "UTF-8"},
                },
            }
        },
    }
    with Stubber(sdk.client("sesv2")) as ses:
        ses.add_response("send_email", {"MessageId": "m1"}, expected)
        mail.send(GREETING)
        ses.assert_no_pending_responses()


def test_a_refusal_of_ses_is_raised_so_that_it_is_tried_again(
    settings: pytest.MonkeyPatch,
) -> None:
    settings.delenv("FOYER_MAIL_DIR", raising=False)
    config.cache_clear()
    with Stubber(sdk.client("sesv2")) as ses:
        ses.add_client_error("send_email", "MessageRejected", "not verified", 400)
        with pytest.raises(ClientError):
            mail.send(GREETING)
