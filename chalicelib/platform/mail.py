"""Sending mail: by SES, by a mail server, or as files in a folder (one machine, tests)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from chalicelib.kit import instants
from chalicelib.kit.ids import new_id
from chalicelib.platform import sdk
from chalicelib.platform.config import config


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one person, in both forms. `subject` is a single line."""

    to: str
    subject: str
    text: str
    html: str


class NotSent(Exception):
    """The mail server doesn't take a mail: now, or ever; a later try may tell."""


def stays() -> bool:
    """Whether mails are kept as files of this machine, and nobody gets them."""
    return not config().smtp_url and config().mail_folder is not None


def send(mail: Mail) -> None:
    """Hand a mail over for delivery.

    Raises:
        ClientError: SES refuses (the sender isn't verified, the account is in its sandbox, …).
        BotoCoreError: SES didn't answer; `retry.outcome` tells whether it may have taken it.
        NotSent: The mail server doesn't take it.
        InDoubt: It was given the mail and didn't say what became of it.
    """
    folder = config().mail_folder
    if config().smtp_url:
        sdk.smtp().send(mail)
    elif folder is None:
        _send_by_ses(mail)
    else:
        _to_folder(mail, folder)


def ses() -> Any:
    """The client that sends, once: asked again after a lost answer, SES would send a mail twice."""
    return sdk.client("sesv2", retries={"mode": "standard", "total_max_attempts": 1})


def _send_by_ses(mail: Mail) -> None:
    def utf8(data: str) -> dict[str, str]:
        return {"Data": data, "Charset": "UTF-8"}

    ses().send_email(
        FromEmailAddress=config().mail_from,
        Destination={"ToAddresses": [mail.to]},
        Content={
            "Simple": {
                "Subject": utf8(mail.subject),
                "Body": {"Text": utf8(mail.text), "Html": utf8(mail.html)},
            }
        },
    )


def _to_folder(mail: Mail, folder: Path) -> None:
    """`<ulid>.json`, which appears with its whole content or not at all."""
    name = new_id("mail").partition("_")[2]
    record = {
        "id": name,
        "to": mail.to,
        "from": config().mail_from,
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "at": instants.to_text(instants.now()),
    }
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{name}.part"
    unfinished.write_bytes(msgspec.json.encode(record))
    unfinished.replace(folder / f"{name}.json")
